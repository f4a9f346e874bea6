"""Judges the webhook as LINE has it: its address, whether it is used, and LINE's test of it."""

from urllib.parse import SplitResult, urlsplit

from bot.doctor.facts import Check, Facts, Verdict
from bot.doctor.wording import MESSAGING_API, not_told

CALLBACK = "/callback"

REASONS = {
    "COULD_NOT_CONNECT": (
        "LINE could not connect to the webhook",
        "Look whether the name leads to this machine, port 443 is open to the whole internet, the"
        " web server runs and its certificate is of a public authority, valid and complete with"
        " its chain (self-signed does not do; TLS 1.2 or 1.3).",
    ),
    "REQUEST_TIMEOUT": (
        "the webhook did not answer within LINE's 2 seconds",
        "Look whether `run` or `web` works behind the web server and its database is quick: see"
        " the log and /readyz.",
    ),
    "UNCLASSIFIED": (
        "LINE names no reason",
        "Run doctor again in a minute; then look into the web server's log.",
    ),
}
"""By LINE's reason of a failed webhook test: what it means and what to do."""

STATUSES = {
    401: "It is the bot that refuses the signature: LINE_CHANNEL_SECRET is not this channel's."
    " Copy it from the tab Basic settings, Channel secret, and start the webhook anew.",
    403: "The web server in front refuses LINE: let everybody reach /callback, and filter no"
    " addresses, as LINE's are not published.",
    404: "The address is not the bot's: the path is /callback, passed on to the bot untouched.",
    413: "The web server in front takes too small bodies: allow 2 MB.",
    502: "The web server in front does not reach the bot: start `run` or `web`, compare PORT.",
    503: "The web server in front, or the bot, is not ready: start `run` or `web`, see /readyz.",
}
"""By the status that the webhook answered: what to do."""


def webhook_address(facts: Facts) -> Check:
    """Whether LINE has the address of our webhook."""
    name, heard = "webhook_address", facts.account.webhook
    if heard.status == 404:
        return Check(name, Verdict.FAIL, "LINE has no Webhook URL", _set_address(facts))
    if heard.status != 200:
        return not_told(name, heard)
    url = str(heard.body.get("endpoint", ""))
    shown = _shown(url)
    if _parts(url).scheme != "https" and not _is_stand_in(facts):
        return Check(name, Verdict.FAIL, f"{shown} is not https", _set_address(facts))
    if facts.public_url:
        if url != facts.public_url + CALLBACK:
            found = f"LINE has {shown}, not {_shown(facts.public_url + CALLBACK)}"
            return Check(name, Verdict.FAIL, found, _set_address(facts))
        return Check(name, Verdict.OK, f"{shown}, as PUBLIC_URL says")
    if not _parts(url).path.endswith(CALLBACK):
        return Check(
            name, Verdict.WARN, f"{shown} does not end with /callback", _set_address(facts)
        )
    do = "Compare it with the bot's address, or set PUBLIC_URL and let doctor do it."
    return Check(name, Verdict.BY_EYE, f"LINE has {shown}; PUBLIC_URL is not set", do)


def use_webhook(facts: Facts) -> Check:
    """Whether LINE sends events at all."""
    name, heard = "use_webhook", facts.account.webhook
    if heard.status == 404:
        return Check(name, Verdict.WARN, "not known: no Webhook URL is set", "See webhook_address.")
    if heard.status != 200:
        return not_told(name, heard)
    if heard.body.get("active") is True:
        return Check(name, Verdict.OK, "on")
    return Check(
        name, Verdict.FAIL, "off: no event reaches the bot", f"{MESSAGING_API}: Use webhook on."
    )


def webhook_test(facts: Facts) -> Check:
    """Whether LINE's own test of the webhook succeeds."""
    name, heard = "webhook_test", facts.account.webhook_test
    if heard.status == 404:
        return Check(
            name, Verdict.WARN, "not tested: no Webhook URL is set", "See webhook_address."
        )
    if heard.status == 429:
        do = "Run doctor again in an hour."
        return Check(name, Verdict.WARN, "not tested: LINE allows 60 tests an hour", do)
    if heard.status == 400:
        found = "LINE does not take the Webhook URL for one (400)"
        return Check(name, Verdict.FAIL, found, _set_address(facts))
    if heard.status != 200:
        return not_told(name, heard)
    body = heard.body
    reason, status = str(body.get("reason", "")), body.get("statusCode")
    if body.get("success") is True and status == 200:
        return Check(name, Verdict.OK, "LINE called it and got 200")
    if isinstance(status, int) and status > 0:
        do = STATUSES.get(status, "Look into the log of the web server and of the bot.")
        return Check(name, Verdict.FAIL, f"the webhook answered LINE {status}, not 200", do)
    found, do = REASONS.get(reason, REASONS["UNCLASSIFIED"])
    known = reason if reason in REASONS else "no known reason"
    return Check(name, Verdict.FAIL, f"{found} ({known})", do)


def _set_address(facts: Facts) -> str:
    address = facts.public_url or "https://HOST"
    return f"{MESSAGING_API}, Webhook URL: {_shown(address + CALLBACK)}, then Verify."


def _shown(url: str) -> str:
    """Return an address without what may be secret in it: user, password, query."""
    parts = _parts(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_stand_in(facts: Facts) -> bool:
    """Whether LINE is the stand-in on this machine, which takes plain http."""
    return _parts(facts.line_host).hostname in ("127.0.0.1", "localhost", "::1")
