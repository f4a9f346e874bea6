"""The outbox loop: what each outcome leads to, one key and one body per message."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import outbox as loop
from bot.clock import bangkok_date, read_instant
from bot.line_out import TIMEOUT_SECONDS
from bot.sending import SendError, Sent, Trouble
from bot.worker import tick
from handlers.holiday_calendar import working_calendar
from messages_th.parts import Text
from store import outbox
from store.database import Engine, transaction
from store.models import QueueState, Topic
from tests.bot.queue_rows import USER, execute, message, messages, queue, stops
from tests.conftest import EMPTY
from tests.databases import SqliteFiles
from tests.fakes import FakeLine
from tests.stage import Stage, plain

NOW = read_instant("2024-01-30T09:00")
CALENDAR = working_calendar(bangkok_date(NOW))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WAITING, DONE, DROPPED, PARKED = (
    QueueState.WAITING,
    QueueState.DONE,
    QueueState.DROPPED,
    QueueState.PARKED,
)


@dataclass
class StubbornLine(FakeLine):
    """A LINE in the same trouble at every call; keeps what each try brought."""

    trouble: BaseException = field(default_factory=lambda: refusal(Trouble.UNCERTAIN))
    tries: list[tuple[str, Any]] = field(default_factory=list)

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        self.tries.append((reply_token, list(messages)))
        raise self.trouble

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        del to
        self.tries.append((retry_key, list(messages)))
        raise self.trouble


def refusal(trouble: Trouble) -> SendError:
    return SendError(trouble, "as ordered")


def line_in(*troubles: Trouble | None) -> FakeLine:
    return FakeLine(troubles=[None if each is None else refusal(each) for each in troubles])


def send(engine: Engine, line: FakeLine, at: datetime = NOW) -> str | None:
    outcome = loop.send_next(engine, line, CALENDAR, now=at)
    assert line.problems == []
    return outcome


def send_all(engine: Engine, line: FakeLine, at: datetime = NOW) -> list[str]:
    outcomes = []
    while (outcome := send(engine, line, at)) is not None:
        outcomes.append(outcome)
    return outcomes


def queue_one(engine: Engine, how: str, key: str = "m", line_to: str = USER) -> None:
    queue(engine, key, at=NOW, line_to=line_to, reply_token="t" if how == "reply" else None)


@pytest.mark.parametrize(
    ("how", "trouble", "state", "may_have_arrived", "stopped"),
    [
        pytest.param("push", None, DONE, True, set(), id="push: 200 or 409"),
        pytest.param("push", "unreached", WAITING, False, set(), id="push: no connection"),
        pytest.param("push", "uncertain", WAITING, True, set(), id="push: 5xx, time-out, dropped"),
        pytest.param("push", "rate_limit", WAITING, False, set(), id="push: 429 rate"),
        pytest.param("push", "monthly_limit", WAITING, False, {"month"}, id="push: 429 monthly"),
        pytest.param("push", "unauthorized", WAITING, False, {"token"}, id="push: 401"),
        pytest.param("push", "refused", PARKED, True, set(), id="push: 400, 403, 404, 410, 413"),
        pytest.param("reply", None, DONE, True, set(), id="reply: 200"),
        pytest.param("reply", "unreached", WAITING, False, set(), id="reply: no connection"),
        pytest.param("reply", "uncertain", WAITING, True, set(), id="reply: 5xx, time-out"),
        pytest.param("reply", "rate_limit", WAITING, False, set(), id="reply: 429 rate"),
        pytest.param("reply", "unauthorized", WAITING, False, {"token"}, id="reply: 401"),
        pytest.param("reply", "refused", PARKED, True, set(), id="reply: 400 with details"),
        pytest.param("reply", "token_dead", WAITING, False, set(), id="reply: 400 dead token"),
    ],
)
def test_what_an_outcome_leads_to(
    engine: Engine,
    how: str,
    trouble: str | None,
    state: QueueState,
    *,
    may_have_arrived: bool,
    stopped: set[str],
) -> None:
    queue_one(engine, how)

    outcome = send(engine, line_in(Trouble(trouble) if trouble else None))

    found = message(engine, "m")
    assert outcome == (trouble or "sent")
    assert found.state == state
    assert found.may_have_arrived is may_have_arrived
    assert found.attempts == 1
    assert stops(engine) == stopped
    if state == WAITING and trouble != "token_dead":
        assert SECOND <= found.next_at - NOW <= 2 * SECOND


@pytest.mark.parametrize("how", ["push", "reply"])
def test_what_line_accepted_is_remembered(engine: Engine, how: str) -> None:
    queue_one(engine, how)

    send(engine, FakeLine())

    found = message(engine, "m")
    assert (found.outcome, found.finished_at) == ("sent", NOW)
    assert (found.line_request_id, found.sent_message_ids) == ("request-1", ["1-0"])


def test_what_line_said_stands_on_a_parked_message(engine: Engine) -> None:
    queue_one(engine, "push")

    send(engine, FakeLine(troubles=[SendError(Trouble.REFUSED, "400 " + "x" * 9_000)]))

    found = message(engine, "m")
    assert found.outcome.startswith("refused: 400 xxx")
    assert len(found.outcome) == 500


@pytest.mark.parametrize(
    ("trouble", "action"),
    [
        (Trouble.UNAUTHORIZED, "alarm_bad_token"),
        (Trouble.MONTHLY_LIMIT, "alarm_month_used_up"),
        (Trouble.REFUSED, "alarm_message_parked"),
    ],
)
def test_what_needs_a_person_is_an_alarm(
    engine: Engine, caplog: pytest.LogCaptureFixture, trouble: Trouble, action: str
) -> None:
    queue_one(engine, "push")

    send(engine, line_in(trouble))

    alarms = [each for each in caplog.records if each.levelname == "ERROR"]
    assert [each.__dict__["action"] for each in alarms] == [action]


def test_replies_go_before_pushes_and_the_older_first(engine: Engine) -> None:
    for key, token in (("p1", None), ("r1", "t1"), ("p2", None), ("r2", "t2")):
        queue(engine, key, at=NOW, reply_token=token, parts=[Text(key)])
    line = FakeLine()

    send_all(engine, line)

    assert [each[2][0]["text"] for each in line.sent] == ["r1", "r2", "p1", "p2"]


def test_nothing_is_sent_before_its_time(engine: Engine) -> None:
    queue(engine, "m", at=NOW + MINUTE)

    assert send(engine, FakeLine(), NOW + 59 * SECOND) is None
    assert send(engine, FakeLine(), NOW + MINUTE) == "sent"


def test_a_reply_that_was_certainly_not_shown_becomes_a_push_in_1_to_1(engine: Engine) -> None:
    queue_one(engine, "reply")
    line = line_in(Trouble.TOKEN_DEAD)

    outcomes = send_all(engine, line)

    assert outcomes == ["token_dead", "sent"]
    assert [(how, to) for how, to, _ in line.sent] == [("push", USER)]
    assert message(engine, "m").outcome == "sent"


def test_in_a_group_it_is_dropped_as_a_push_would_cost_every_member(engine: Engine) -> None:
    queue_one(engine, "reply", line_to="")
    line = line_in(Trouble.TOKEN_DEAD)

    outcomes = send_all(engine, line)

    assert outcomes == ["token_dead", "token_dead"]
    assert line.sent == []
    assert (message(engine, "m").state, message(engine, "m").outcome) == (DROPPED, "token_dead")


@pytest.mark.parametrize("line_to", [USER, ""])
def test_a_used_token_after_an_unanswered_try_counts_as_probably_sent(
    engine: Engine, line_to: str
) -> None:
    queue_one(engine, "reply", line_to=line_to)
    line = line_in(Trouble.UNCERTAIN, Trouble.TOKEN_DEAD)

    send(engine, line)
    again = send(engine, line, NOW + 2 * SECOND)

    assert again == "probably_sent"
    assert message(engine, "m").state == DONE
    assert send(engine, line, NOW + HOUR) is None


@pytest.mark.parametrize("certain", [Trouble.RATE_LIMIT, Trouble.UNREACHED])
def test_a_dead_token_after_a_try_that_certainly_failed_becomes_a_push(
    engine: Engine, certain: Trouble
) -> None:
    queue_one(engine, "reply")
    line = line_in(certain, Trouble.TOKEN_DEAD)

    send(engine, line)
    outcomes = send_all(engine, line, NOW + 2 * MINUTE)

    assert outcomes == ["token_dead", "sent"]
    assert [how for how, _, _ in line.sent] == ["push"]


def test_doubt_about_an_earlier_try_outlives_a_certain_failure(engine: Engine) -> None:
    queue_one(engine, "reply")
    line = line_in(Trouble.UNCERTAIN, Trouble.RATE_LIMIT, Trouble.TOKEN_DEAD)

    outcomes = [send(engine, line, NOW + each * MINUTE) for each in range(3)]

    assert outcomes == ["uncertain", "rate_limit", "probably_sent"]


def test_an_answer_that_became_a_push_is_not_sent_half_a_day_later(engine: Engine) -> None:
    queue_one(engine, "reply")
    send(engine, line_in(Trouble.TOKEN_DEAD))

    outcome = send(engine, FakeLine(), NOW + 12 * HOUR + SECOND)

    assert outcome == "too_late"
    assert message(engine, "m").state == DROPPED


def test_a_reply_is_not_tried_for_longer_than_a_token_can_live(engine: Engine) -> None:
    queue_one(engine, "reply")
    now = NOW

    while message(engine, "m").state == WAITING and now < NOW + 3 * HOUR:
        now = message(engine, "m").next_at
        send(engine, StubbornLine(), now)

    assert message(engine, "m").state == PARKED
    assert timedelta(minutes=20) < now - NOW < timedelta(minutes=40)


def test_every_try_of_a_push_brings_the_same_key_and_body_for_less_than_a_day(
    engine: Engine,
) -> None:
    queue(engine, "m", at=NOW, topic=Topic.DIGEST)
    line, times = StubbornLine(), [NOW]

    while message(engine, "m").state == WAITING and times[-1] < NOW + 30 * HOUR:
        send(engine, line, times[-1])
        times.append(message(engine, "m").next_at)

    keys = {key for key, _ in line.tries}
    assert len(keys) == 1
    assert str(uuid.UUID(keys.pop())) == line.tries[0][0]
    assert all(body == line.tries[0][1] for _, body in line.tries)
    # The day's office hours end, and by the next morning the key may count as new.
    assert timedelta(hours=7) < times[len(line.tries) - 1] - NOW <= timedelta(hours=20)
    assert message(engine, "m").outcome == "retry_key_old"


def test_pauses_grow_to_a_quarter_of_an_hour(engine: Engine) -> None:
    queue_one(engine, "push")
    now, pauses = NOW, []

    for _ in range(14):
        send(engine, StubbornLine(), now)
        pauses.append(message(engine, "m").next_at - now)
        now = message(engine, "m").next_at

    for number, pause in enumerate(pauses):
        longest = min(2 * SECOND * 2**number, 15 * MINUTE)
        assert longest / 2 <= pause <= longest


def test_messages_that_failed_together_do_not_come_back_together(engine: Engine) -> None:
    for number in range(20):
        queue_one(engine, "push", key=f"m{number}")

    send_all(engine, StubbornLine())

    assert len({each.next_at for each in messages(engine)}) == 20


@pytest.mark.parametrize("hours", [21, 25, 24 * 30])
def test_a_try_that_may_have_arrived_is_not_repeated_after_a_long_sleep(
    engine: Engine, caplog: pytest.LogCaptureFixture, hours: int
) -> None:
    queue_one(engine, "push")
    send(engine, line_in(Trouble.UNCERTAIN))
    line = FakeLine()

    outcomes = send_all(engine, line, NOW + hours * HOUR)

    assert outcomes == ["retry_key_old"]
    assert line.sent == []
    assert message(engine, "m").state == PARKED
    assert "alarm_message_parked" in [each.__dict__["action"] for each in caplog.records]


def test_a_try_that_certainly_failed_is_repeated_however_late(engine: Engine) -> None:
    queue(engine, "m", at=NOW, topic=Topic.DIGEST)
    line = line_in(Trouble.UNREACHED, Trouble.UNCERTAIN)
    later = NOW + 30 * HOUR

    outcomes = [send(engine, line, at) for at in (NOW, later, later + MINUTE)]

    assert outcomes == ["unreached", "uncertain", "sent"]


def test_a_bad_token_stops_everything_until_the_worker_starts_anew(engine: Engine) -> None:
    queue_one(engine, "push")
    queue_one(engine, "reply", key="r")
    line = line_in(Trouble.UNAUTHORIZED)

    stopped = send_all(engine, line) + send_all(engine, line, NOW + 9 * MINUTE)
    loop.start_anew(engine)
    anew = send_all(engine, line, NOW + 9 * MINUTE)

    assert stopped == ["unauthorized"]
    assert anew == ["sent", "sent"]
    assert [how for how, _, _ in line.sent] == ["reply", "push"]


def test_a_used_up_month_stops_pushes_until_the_next_month_in_bangkok(engine: Engine) -> None:
    queue(engine, "p", at=NOW, topic=Topic.DIGEST)
    line = line_in(Trouble.MONTHLY_LIMIT)
    send(engine, line)
    queue_one(engine, "reply", key="r")

    this_month = send_all(engine, line, read_instant("2024-01-31T23:59:59"))
    next_month = send_all(engine, line, read_instant("2024-02-01T08:30"))

    assert this_month == ["sent"]
    assert next_month == ["sent"]
    assert [how for how, _, _ in line.sent] == ["reply", "push"]


def test_a_new_worker_does_not_lift_the_months_stop(engine: Engine) -> None:
    queue_one(engine, "push")
    send(engine, line_in(Trouble.MONTHLY_LIMIT))

    loop.start_anew(engine)

    assert stops(engine) == {"month"}
    assert send(engine, FakeLine(), NOW + HOUR) is None


def test_a_december_used_up_resumes_in_january(engine: Engine) -> None:
    friday = read_instant("2024-12-27T12:00")
    queue(engine, "p", at=friday, topic=Topic.DIGEST)

    send(engine, line_in(Trouble.MONTHLY_LIMIT), friday)

    with transaction(engine) as session:
        last_minute = outbox.stops(session, at=read_instant("2024-12-31T23:59"))
        new_year = outbox.stops(session, at=read_instant("2025-01-01T00:00"))
    assert (last_minute, new_year) == ({"month"}, set())


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param("""parts = '[{"part": "text"}]'""", id="a row of an older version"),
        pytest.param("""parts = '[{"part": "hologram"}]'""", id="of an unknown kind"),
        pytest.param("""parts = '"text"'""", id="no list"),
        pytest.param("topic = 'escalation'", id="a row of a newer version"),
    ],
)
def test_a_message_that_cannot_be_made_is_parked_and_blocks_nobody(
    engine: Engine, caplog: pytest.LogCaptureFixture, poison: str
) -> None:
    queue_one(engine, "push", key="poison")
    queue_one(engine, "push", key="good")
    execute(engine, f"UPDATE outbox_message SET {poison} WHERE key = 'poison'")
    line = FakeLine()

    outcomes = send_all(engine, line)

    assert outcomes == ["failed", "sent"]
    assert len(line.sent) == 1
    execute(engine, "UPDATE outbox_message SET parts = '[]', topic = 'answer'")
    assert message(engine, "poison").state == PARKED
    assert "alarm_message_parked" in [each.__dict__["action"] for each in caplog.records]


def test_json_broken_by_hand_is_parked_and_blocks_nobody(sqlite: SqliteFiles) -> None:
    """PostgreSQL would not take it."""
    engine = sqlite.fresh(EMPTY)
    queue_one(engine, "push", key="poison")
    queue_one(engine, "push", key="good")
    execute(engine, "UPDATE outbox_message SET parts = 'no JSON' WHERE key = 'poison'")

    outcomes = send_all(engine, FakeLine())

    assert outcomes == ["failed", "sent"]
    execute(engine, "UPDATE outbox_message SET parts = '[]' WHERE key = 'poison'")
    assert message(engine, "poison").state == PARKED


def test_a_bug_on_the_way_out_is_tried_again_with_a_pause(engine: Engine) -> None:
    queue_one(engine, "push", key="bad")
    line = StubbornLine(trouble=ZeroDivisionError())

    outcomes = send_all(engine, line)

    assert outcomes == ["uncertain"]
    assert message(engine, "bad").state == WAITING


@pytest.mark.parametrize("how", ["push", "reply"])
def test_what_a_dying_process_was_sending_is_tried_again(engine: Engine, how: str) -> None:
    queue_one(engine, how)
    dying = StubbornLine(trouble=SystemExit())
    with pytest.raises(SystemExit):
        send(engine, dying)
    line = StubbornLine()

    before = send(engine, line, NOW + loop.LEASE - SECOND)
    after = send(engine, line, NOW + loop.LEASE)

    assert (before, after) == (None, "uncertain")
    assert dying.tries == line.tries
    assert message(engine, "m").may_have_arrived is True


def test_who_works_alone_need_not_wait_for_the_end_of_a_lease(engine: Engine) -> None:
    queue_one(engine, "push")
    with pytest.raises(SystemExit):
        send(engine, StubbornLine(trouble=SystemExit()))

    loop.release_tries(engine, now=NOW)

    assert send(engine, FakeLine()) == "sent"


def test_a_lease_outlasts_most_calls_and_a_reply_token_outlasts_the_lease() -> None:
    longest_silence = timedelta(seconds=sum(TIMEOUT_SECONDS))

    assert longest_silence < loop.LEASE < MINUTE / 2


@pytest.mark.parametrize("said", [Sent("r", ()), refusal(Trouble.REFUSED)], ids=["sent", "refused"])
def test_an_outcome_after_the_lease_leaves_the_message_to_who_has_it_now(
    engine: Engine, caplog: pytest.LogCaptureFixture, said: Sent | SendError
) -> None:
    caplog.set_level("INFO")
    queue_one(engine, "push")
    frozen = loop.claim(engine, CALENDAR, now=NOW, most=1).ready[0]
    taken_over = loop.claim(engine, CALENDAR, now=NOW + loop.LEASE, most=1).ready[0]

    loop.record(engine, [(frozen, said)], now=NOW + loop.LEASE)

    assert message(engine, "m").state == QueueState.SENDING
    assert (frozen.messages, frozen.message.retry_key) == (
        taken_over.messages,
        taken_over.message.retry_key,
    )
    assert "outcome_came_late" in [each.__dict__.get("action") for each in caplog.records]


def test_one_poison_message_of_a_claim_leaves_the_others_ready(engine: Engine) -> None:
    for key in ("a", "poison", "b"):
        queue_one(engine, "push", key=key)
    execute(engine, "UPDATE outbox_message SET topic = 'escalation' WHERE key = 'poison'")

    claimed = loop.claim(engine, CALENDAR, now=NOW, most=9)

    assert len(claimed.ready) == 2
    assert claimed.decided == ["failed"]


def test_a_reminder_that_may_have_arrived_keeps_its_words(stage: Stage) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.at("2024-01-24T09:00")
    first = StubbornLine()
    tick(stage.engine, first, at=stage.now)
    stage.say("a", "เสร็จ 3")

    stage.later(seconds=5)
    stage.work()

    assert ("push", first.tries[0][1]) == (stage.line.sent[-1][0], stage.line.sent[-1][2])


def test_a_reminder_that_certainly_failed_says_what_is_true_when_it_goes(stage: Stage) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.at("2024-01-30T16:29")
    first = StubbornLine(trouble=refusal(Trouble.UNREACHED))
    tick(stage.engine, first, at=stage.now)

    stage.at("2024-01-31T09:00")
    stage.work()

    assert "ใกล้ครบกำหนด" in plain(first.tries[0][1][0])
    assert "วันนี้วันสุดท้าย" in plain(stage.line.sent[-1][2][0])


def test_a_message_is_marked_before_it_leaves(engine: Engine) -> None:
    queue_one(engine, "push")

    with pytest.raises(SystemExit):
        send(engine, StubbornLine(trouble=SystemExit()))

    found = message(engine, "m")
    assert found.state == QueueState.SENDING
    assert (found.attempts, found.first_try_at) == (1, NOW)


def test_no_transaction_is_open_while_line_is_waited_for(engine: Engine) -> None:
    class Watching(FakeLine):
        def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
            states.append(message(engine, "m").state)
            return super().push(to, messages, retry_key)

    states: list[str] = []
    queue_one(engine, "push")

    send(engine, Watching())

    assert states == [QueueState.SENDING]


def test_a_key_is_queued_once_for_ever(engine: Engine) -> None:
    queue_one(engine, "push")
    send_all(engine, FakeLine())

    queue_one(engine, "push")

    assert send(engine, FakeLine(), NOW + HOUR) is None
