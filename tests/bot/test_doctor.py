"""The doctor's judgement: every verdict of every check, and that secrets stay where they are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.doctor.diagnosis import CHECKS, diagnose, failing
from bot.doctor.facts import (
    Account,
    Check,
    Database,
    DatabaseState,
    Disk,
    Facts,
    Heard,
    Silence,
    Verdict,
)
from store.checkup import Kept

NOW = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
OK, WARN, FAIL, BY_EYE = Verdict
GIB = 1024**3
WEBHOOK = "https://ita.example.go.th/callback"

LINE_DOWN = Heard(silence=Silence.NO_CONNECTION)
LATE = Heard(silence=Silence.NO_ANSWER)
REFUSED = Heard(401)

KEPT = Kept(
    events=12,
    last_event_at=NOW - timedelta(hours=3),
    redelivered=1,
    times_joined=1,
    groups_bound=1,
    parked_events=0,
    parked_messages=0,
    stops={},
    last_beat_at=NOW - timedelta(seconds=60),
    oldest_waiting_at=NOW - timedelta(minutes=2),
)


def heard(status: int = 200, ahead: float = 0, **body: Any) -> Heard:
    line_clock = NOW - timedelta(seconds=ahead)
    return Heard(status, body, line_clock=line_clock, our_clock=NOW)


WELL = Facts(
    now=NOW,
    settings_problems=(),
    secrets_look_right=(True,),
    line_host="https://api.line.me",
    public_url="https://ita.example.go.th",
    account=Account(
        bot=heard(basicId="@216ruabc", chatMode="bot"),
        webhook=heard(endpoint=WEBHOOK, active=True),
        webhook_test=heard(success=True, statusCode=200, reason="OK", detail="200"),
        quota=heard(type="limited", value=300),
        consumption=heard(totalUsage=100),
    ),
    database=Database(
        DatabaseState.OPEN, disk=Disk("/srv/bot.sqlite3", 9 * GIB, "ext4"), kept=KEPT
    ),
)


def with_line(**answers: Heard) -> Facts:
    return replace(WELL, account=replace(WELL.account, **answers))


def all_silent(silence: Silence) -> Facts:
    return replace(WELL, account=Account(*[Heard(silence=silence)] * 5))


def with_database(state: DatabaseState, why: str = "") -> Facts:
    return replace(WELL, database=Database(state, why=why, disk=WELL.database.disk))


def with_disk(free: int, file_system: str = "ext4") -> Facts:
    disk = Disk("/srv/bot.sqlite3", free, file_system)
    return replace(WELL, database=replace(WELL.database, disk=disk))


def with_kept(**changes: Any) -> Facts:
    return replace(WELL, database=replace(WELL.database, kept=replace(KEPT, **changes)))


def webhook_told(reason: str, status: int, *, success: bool = False) -> Facts:
    answer = heard(success=success, statusCode=status, reason=reason, detail="")
    return with_line(webhook_test=answer)


def webhook_at(endpoint: str, **changes: Any) -> Facts:
    return replace(with_line(webhook=heard(endpoint=endpoint, active=True)), **changes)


def used(limit: int, gone: int) -> Facts:
    return with_line(quota=heard(type="limited", value=limit), consumption=heard(totalUsage=gone))


def found(name: str, facts: Facts) -> Check:
    (check,) = (each for each in diagnose(facts) if each.name == name)
    return check


CLOSED = replace(WELL, database=Database(DatabaseState.FAILED))

CASES: Mapping[str, list[tuple[Facts, Verdict, str]]] = {
    "settings": [
        (WELL, OK, "all that is needed"),
        (replace(WELL, settings_problems=("A is missing", "B is wrong")), FAIL, "A is missing; B"),
    ],
    "channel_secret": [
        (WELL, OK, "1 set"),
        (replace(WELL, secrets_look_right=(True, False)), WARN, "1 of 2"),
        (replace(WELL, secrets_look_right=()), WARN, "none is set"),
    ],
    "line_reached": [
        (WELL, OK, "api.line.me answers"),
        (with_line(bot=REFUSED), OK, "answers"),
        (with_line(quota=LATE), WARN, "1 of 5 questions"),
        (all_silent(Silence.NOT_ASKED), WARN, "not asked"),
        (all_silent(Silence.NO_CONNECTION), FAIL, "no connection"),
        (all_silent(Silence.NO_ANSWER), FAIL, "no answer in time"),
    ],
    "access_token": [
        (WELL, OK, "@216..."),
        (with_line(bot=REFUSED), FAIL, "401"),
        (with_line(bot=LINE_DOWN), WARN, "did not answer"),
        (with_line(bot=Heard(500)), WARN, "LINE answered 500"),
        (all_silent(Silence.NOT_ASKED), WARN, "not asked"),
    ],
    "webhook_address": [
        (WELL, OK, f"{WEBHOOK}, as PUBLIC_URL says"),
        (webhook_at(WEBHOOK, public_url=""), BY_EYE, "PUBLIC_URL is not set"),
        (webhook_at("https://ita.example.go.th/", public_url=""), WARN, "end with /callback"),
        (webhook_at("https://other.example/callback"), FAIL, "not https://ita.example.go.th"),
        (webhook_at("http://ita.example.go.th/callback"), FAIL, "is not https"),
        (webhook_at("http://[::1/callback"), FAIL, "is not https"),
        (with_line(webhook=Heard(404)), FAIL, "no Webhook URL"),
        (with_line(webhook=REFUSED), WARN, "no valid token"),
        (with_line(webhook=LINE_DOWN), WARN, "did not answer"),
    ],
    "use_webhook": [
        (WELL, OK, "on"),
        (with_line(webhook=heard(endpoint=WEBHOOK, active=False)), FAIL, "off"),
        (with_line(webhook=Heard(404)), WARN, "no Webhook URL"),
        (with_line(webhook=LINE_DOWN), WARN, "did not answer"),
    ],
    "webhook_test": [
        (WELL, OK, "got 200"),
        (webhook_told("ERROR_STATUS_CODE", 404), FAIL, "404"),
        (webhook_told("ERROR_STATUS_CODE", 418), FAIL, "418"),
        (webhook_told("OK", 204, success=True), FAIL, "204, not 200"),
        (webhook_told("COULD_NOT_CONNECT", 0), FAIL, "could not connect"),
        (webhook_told("REQUEST_TIMEOUT", -1), FAIL, "2 seconds"),
        (webhook_told("UNCLASSIFIED", 0), FAIL, "no reason"),
        (webhook_told("SOMETHING_NEW", 0), FAIL, "no known reason"),
        (with_line(webhook_test=Heard(400)), FAIL, "400"),
        (with_line(webhook_test=Heard(404)), WARN, "no Webhook URL"),
        (with_line(webhook_test=Heard(429)), WARN, "60 tests an hour"),
        (with_line(webhook_test=LATE), WARN, "did not answer"),
    ],
    "redelivery": [
        (WELL, OK, "1 kept event(s)"),
        (with_kept(redelivered=0), BY_EYE, "no event kept of late"),
        (CLOSED, BY_EYE, "no call to read it"),
    ],
    "group_joining": [
        (WELL, OK, "1 group(s) bound"),
        (with_kept(groups_bound=0), OK, "1 invitation(s)"),
        (with_kept(groups_bound=0, times_joined=0), BY_EYE, "not invited"),
        (CLOSED, BY_EYE, "no call to read it"),
    ],
    "auto_reply": [(WELL, BY_EYE, "no call to read it")],
    "chat_mode": [
        (WELL, OK, "off"),
        (with_line(bot=heard(chatMode="chat")), WARN, "Chat is on"),
        (with_line(bot=heard(chatMode="new")), WARN, "no known chat mode"),
        (with_line(bot=LINE_DOWN), WARN, "did not answer"),
    ],
    "clock": [
        (WELL, OK, "0 s"),
        (with_line(bot=heard(ahead=5)), OK, "5 s ahead"),
        (with_line(bot=heard(ahead=-6)), WARN, "6 s behind"),
        (with_line(bot=heard(ahead=60)), WARN, "60 s ahead"),
        (with_line(bot=heard(ahead=-61)), FAIL, "61 s behind"),
        (with_line(bot=LATE), OK, "0 s"),
        (all_silent(Silence.NO_CONNECTION), WARN, "no date"),
    ],
    "quota": [
        (WELL, OK, "100 of 300 messages of this month used, 200 left"),
        (used(300, 240), OK, "60 left"),
        (used(300, 241), WARN, "59 left"),
        (used(300, 301), FAIL, "0 left"),
        (with_line(quota=heard(type="none"), consumption=LATE), OK, "no limit"),
        (with_line(quota=heard(type="limited")), WARN, "no numbers"),
        (with_line(quota=Heard(500)), WARN, "LINE answered 500"),
        (with_line(consumption=LATE), WARN, "did not answer"),
    ],
    "database": [
        (WELL, OK, "/srv/bot.sqlite3: open"),
        (with_database(DatabaseState.NO_ADDRESS), FAIL, "no address"),
        (with_database(DatabaseState.NO_FILE), FAIL, "no such file"),
        (with_database(DatabaseState.NOT_SQLITE), FAIL, "no SQLite database"),
        (with_database(DatabaseState.OLDER), FAIL, "not at this program's version"),
        (with_database(DatabaseState.NEWER), FAIL, "newer version"),
        (with_database(DatabaseState.READ_ONLY), FAIL, "takes no changes"),
        (with_database(DatabaseState.FAILED, "OperationalError"), FAIL, "(OperationalError)"),
        (with_database(DatabaseState.SILENT), FAIL, "no answer in time"),
    ],
    "disk": [
        (WELL, OK, "9216 MB"),
        (with_disk(GIB - 1), WARN, "1023 MB"),
        (with_disk(99 * 1024**2), FAIL, "99 MB"),
        (with_disk(9 * GIB, "nfs4"), FAIL, "network disk (nfs4)"),
        (CLOSED, OK, "no SQLite file"),
    ],
    "worker": [
        (WELL, OK, "runs"),
        (with_kept(oldest_waiting_at=None), OK, "runs"),
        (with_kept(last_beat_at=None), FAIL, "no worker runs"),
        (with_kept(last_beat_at=NOW - timedelta(seconds=61)), FAIL, "for 1 min"),
        (with_kept(oldest_waiting_at=NOW - timedelta(minutes=3)), FAIL, "waited for 3 min"),
        (CLOSED, WARN, "not known"),
    ],
    "sending": [
        (WELL, OK, "nothing holds it"),
        (with_kept(stops={"token": None, "month": None}), FAIL, "refused the token"),
        (with_kept(stops={"month": NOW.replace(day=31, hour=17)}), FAIL, "until 2027-02-01"),
        (with_kept(stops={"month": None}), FAIL, "until somebody lifts it"),
        (CLOSED, WARN, "not known"),
    ],
    "parked": [
        (WELL, OK, "nothing"),
        (with_kept(parked_events=2), WARN, "2 event(s) and 0 message(s)"),
        (with_kept(parked_messages=3), WARN, "0 event(s) and 3 message(s)"),
        (CLOSED, WARN, "not known"),
    ],
    "last_event": [
        (WELL, OK, "3 h ago, 12 kept"),
        (with_kept(last_event_at=NOW - timedelta(minutes=119)), OK, "119 min ago"),
        (with_kept(last_event_at=NOW + timedelta(seconds=3)), OK, "0 min ago"),
        (with_kept(last_event_at=NOW - timedelta(days=7)), OK, "7 days ago"),
        (with_kept(last_event_at=NOW - timedelta(days=8)), WARN, "8 days ago"),
        (with_kept(last_event_at=None), WARN, "nothing has come"),
        (CLOSED, WARN, "not known"),
    ],
}
TABLE = [
    pytest.param(name, facts, verdict, said, id=f"{name}: {said}")
    for name, cases in CASES.items()
    for facts, verdict, said in cases
]


@pytest.mark.parametrize(("name", "facts", "verdict", "said"), TABLE)
def test_each_finding_has_its_verdict(name: str, facts: Facts, verdict: Verdict, said: str) -> None:
    check = found(name, facts)

    assert (check.verdict, said in check.found) == (verdict, True), check
    assert bool(check.do) is (verdict is not OK)


def test_every_check_is_in_the_table_and_bears_its_own_name() -> None:
    assert [each.name for each in diagnose(WELL)] == [each.__name__ for each in CHECKS]
    assert set(CASES) == {each.__name__ for each in CHECKS}


def test_a_healthy_installation_leaves_only_what_no_call_can_read() -> None:
    others = [each.name for each in diagnose(WELL) if each.verdict is not OK]

    assert others == ["auto_reply"]
    assert failing(diagnose(WELL)) == ()


@pytest.mark.parametrize("silence", Silence)
def test_a_line_that_is_not_reached_is_one_failure_and_not_many(silence: Silence) -> None:
    expected = () if silence is Silence.NOT_ASKED else ("line_reached",)

    assert failing(diagnose(all_silent(silence))) == expected


def test_a_refused_token_is_one_failure_and_not_many() -> None:
    facts = replace(WELL, account=Account(*[REFUSED] * 5))

    assert failing(diagnose(facts)) == ("access_token",)


def test_a_missing_address_is_one_failure_and_not_many() -> None:
    facts = with_line(webhook=Heard(404), webhook_test=Heard(404))

    assert failing(diagnose(facts)) == ("webhook_address",)


@pytest.mark.parametrize(
    ("status", "named"),
    [(401, "LINE_CHANNEL_SECRET"), (404, "/callback"), (403, "filter no"), (502, "PORT")],
)
def test_a_webhook_that_answers_wrongly_is_told_where_to_look(status: int, named: str) -> None:
    assert named in found("webhook_test", webhook_told("ERROR_STATUS_CODE", status)).do


def test_an_unreached_line_names_the_hosts_that_the_firewall_must_let_through() -> None:
    do = found("line_reached", all_silent(Silence.NO_CONNECTION)).do

    assert "api.line.me" in do
    assert "api-data.line.me" in do


def test_the_stand_in_on_this_machine_may_have_a_webhook_without_https() -> None:
    address = "http://127.0.0.1:8000"
    facts = webhook_at(f"{address}/callback", public_url=address, line_host="http://127.0.0.1:8100")

    assert found("webhook_address", facts).verdict is OK


def test_what_may_be_secret_in_an_address_is_not_shown() -> None:
    facts = webhook_at("https://me:hush@ita.example.go.th/callback?key=hush")

    check = found("webhook_address", facts)

    assert "hush" not in check.found + check.do
    assert "https://ita.example.go.th/callback" in check.found
