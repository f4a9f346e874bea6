"""Judges whether LINE is reached, takes the token, has messages left, and what time it is there."""

from datetime import timedelta
from urllib.parse import urlsplit

from bot.doctor.facts import Check, Facts, Silence, Verdict
from bot.doctor.wording import MANAGER, MESSAGING_API, not_told

CLOCK_FAILS, CLOCK_WARNS = timedelta(seconds=60), timedelta(seconds=5)
QUOTA_WARNS = 0.2
"""Share of the month's messages that is left."""


def line_reached(facts: Facts) -> Check:
    """Whether LINE answers this machine at all."""
    name = "line_reached"
    host = urlsplit(facts.line_host).hostname or ""
    silent = {each.silence for each in facts.account.answers if each.silence}
    if silent == {Silence.NOT_ASKED}:
        return Check(name, Verdict.WARN, "not asked: token or address is missing", "See settings.")
    if any(each.status for each in facts.account.answers):
        late = sum(not each.status for each in facts.account.answers)
        if late:
            return Check(
                name,
                Verdict.WARN,
                f"{host} left {late} of {len(facts.account.answers)} questions without an answer",
                "Run doctor again; if it stays so, ask who looks after the network.",
            )
        return Check(name, Verdict.OK, f"{host} answers")
    why = "no connection" if Silence.NO_CONNECTION in silent else "connected, but no answer in time"
    return Check(
        name,
        Verdict.FAIL,
        f"{host} is not reached: {why}",
        "Let this machine out to api.line.me and api-data.line.me, port 443 (firewall, name"
        " service, a proxy that opens TLS). The bot speaks to LINE directly, through no proxy.",
    )


def access_token(facts: Facts) -> Check:
    """Whether LINE takes the access token."""
    name, heard = "access_token", facts.account.bot
    if heard.status == 200:
        # Enough to tell two accounts apart; whole ids stay out of what may be passed on.
        account = str(heard.body.get("basicId", ""))[:4]
        return Check(name, Verdict.OK, f"LINE takes it; the account is {account}...")
    if heard.status == 401:
        return Check(
            name,
            Verdict.FAIL,
            "LINE refuses it (401)",
            f"{MESSAGING_API}, Channel access token: Issue. Put it into LINE_CHANNEL_ACCESS_TOKEN,"
            " start the worker anew.",
        )
    return not_told(name, heard)


def clock(facts: Facts) -> Check:
    """Whether this machine's clock agrees with LINE's."""
    ahead = next((each.our_lead for each in facts.account.answers if each.line_clock), None)
    if ahead is None:
        do = "Look by yourself: timedatectl status."
        return Check("clock", Verdict.WARN, "not known: LINE gave no date", do)
    seconds = round(abs(ahead).total_seconds())
    found = f"{seconds} s {'ahead of' if ahead > timedelta(0) else 'behind'} LINE's"
    do = "Set it by the net: timedatectl set-ntp true, or chrony (chronyc tracking)."
    if abs(ahead) > CLOCK_FAILS:
        return Check("clock", Verdict.FAIL, found, do)
    if abs(ahead) > CLOCK_WARNS:
        return Check("clock", Verdict.WARN, found, do)
    return Check("clock", Verdict.OK, found)


def quota(facts: Facts) -> Check:
    """How many messages of the month are left."""
    name, limit, used = "quota", facts.account.quota, facts.account.consumption
    if limit.status != 200:
        return not_told(name, limit)
    if limit.body.get("type") == "none":
        return Check(name, Verdict.OK, "no limit")
    if used.status != 200:
        return not_told(name, used)
    most, gone = limit.body.get("value"), used.body.get("totalUsage")
    if not isinstance(most, int) or not isinstance(gone, int):
        return Check(name, Verdict.WARN, "LINE tells no numbers", f"Look in the {MANAGER}.")
    left = max(0, most - gone)
    found = f"{gone} of {most} messages of this month used, {left} left"
    do = f"Buy messages in the {MANAGER}, or tell the coordinators that reminders will rest."
    if left == 0:
        return Check(name, Verdict.FAIL, found, do)
    if left < QUOTA_WARNS * most:
        return Check(name, Verdict.WARN, found, do)
    return Check(name, Verdict.OK, found)
