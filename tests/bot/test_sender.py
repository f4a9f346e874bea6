"""Many hands and one thread with the database: nobody waits for a call that hangs."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import outbox
from bot.clock import bangkok_date, read_instant
from bot.outbox import LEASE
from bot.sender import HANDS, MOST_PUSHES, MOST_RENEWALS, Sender
from bot.sending import SendError, Sent, Trouble
from handlers.holiday_calendar import working_calendar
from store.database import Engine
from store.models import QueueState
from tests.bot.queue_rows import execute, message, messages, queue
from tests.fakes import FakeLine

NOW = read_instant("2024-01-24T09:00")
CALENDAR = working_calendar(bangkok_date(NOW))
SECOND = timedelta(seconds=1)
PATIENCE = 5.0


@dataclass
class HangingLine(FakeLine):
    """Takes no push until it is let go; counts how many hang."""

    let_go: threading.Event = field(default_factory=threading.Event)
    hanging: list[str] = field(default_factory=list)

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        self.hanging.append(retry_key)
        self.let_go.wait(PATIENCE)
        return super().push(to, messages, retry_key)


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def sending(
    engine: Engine, line: FakeLine, *, stop_seconds: float = PATIENCE, clock: Clock | None = None
) -> Iterator[Sender]:
    bell = threading.Event()
    sender = Sender(engine, line, clock or Clock(NOW), bell.set, stop_seconds=stop_seconds)
    sender.start()
    yield sender
    sender.finish(bell)


def until(is_so: Any) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.01)
    return False


def test_answers_get_through_where_pushes_hang(engine: Engine) -> None:
    for number in range(2 * HANDS):
        queue(engine, f"p{number}", at=NOW)
    line = HangingLine()

    with sending(engine, line) as sender:
        sender.step()
        all_hang = until(lambda: len(line.hanging) == MOST_PUSHES)
        queue(engine, "r", at=NOW, reply_token="t")
        sender.step()
        answered = until(lambda: line.sent)
        sent_meanwhile = [how for how, _, _ in line.sent]
        line.let_go.set()

    assert (all_hang, answered) == (True, True)
    assert sent_meanwhile == ["reply"]
    assert len(line.hanging) == MOST_PUSHES


def test_as_many_calls_are_made_at_once_as_there_are_hands(engine: Engine) -> None:
    class Together(FakeLine):
        def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
            at_once.wait(PATIENCE)
            return super().reply(reply_token, messages)

    at_once = threading.Barrier(HANDS)
    for number in range(HANDS):
        queue(engine, f"r{number}", at=NOW, reply_token=f"t{number}")

    with sending(engine, Together()) as sender:
        sender.step()

    assert {each.state for each in messages(engine)} == {QueueState.DONE}


def test_who_is_asked_to_end_does_not_wait_for_a_call_that_hangs(engine: Engine) -> None:
    queue(engine, "m", at=NOW)
    line = HangingLine()

    with sending(engine, line, stop_seconds=0.1) as sender:
        sender.step()
        until(lambda: line.hanging)
        asked_at = time.monotonic()
    seconds = time.monotonic() - asked_at
    line.let_go.set()

    left = message(engine, "m")
    assert seconds < 2
    assert (left.state, left.next_at) == (QueueState.SENDING, NOW + LEASE)


def test_a_call_in_hand_is_recorded_before_the_end(engine: Engine) -> None:
    queue(engine, "m", at=NOW)
    line = HangingLine()

    with sending(engine, line) as sender:
        sender.step()
        until(lambda: line.hanging)
        threading.Timer(0.1, line.let_go.set).start()

    assert message(engine, "m").state == QueueState.DONE


@pytest.mark.parametrize("trouble", [Trouble.UNCERTAIN, Trouble.UNREACHED, Trouble.RATE_LIMIT])
def test_a_message_in_trouble_frees_its_hand(engine: Engine, trouble: Trouble) -> None:
    for number in range(HANDS):
        queue(engine, f"r{number}", at=NOW, reply_token=f"t{number}")
    queue(engine, "behind", at=NOW, reply_token="behind")
    line = FakeLine(troubles=[SendError(trouble, "as ordered")] * HANDS)

    with sending(engine, line) as sender:
        done = until(lambda: (sender.step() and False) or line.sent)

    assert done
    assert [token for _, token, _ in line.sent] == ["behind"]


def test_an_outcome_that_cannot_be_written_down_holds_up_no_other(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    class Poisoned(FakeLine):
        def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
            sent = super().push(to, messages, retry_key)
            # No database takes an id that is no text.
            return Sent(sent.request_id, (object(),)) if to == "bad" else sent  # type: ignore[arg-type]

    queue(engine, "a", at=NOW)
    queue(engine, "poison", at=NOW, line_to="bad")
    queue(engine, "b", at=NOW)

    with sending(engine, Poisoned()) as sender:
        sender.step()

    states = {each.key: each.state for each in messages(engine)}
    assert states == {
        "a": QueueState.DONE,
        "poison": QueueState.SENDING,
        "b": QueueState.DONE,
    }
    assert "outcome_not_recorded" in [each.__dict__.get("action") for each in caplog.records]


def test_a_message_that_was_left_goes_again_with_the_same_key(engine: Engine) -> None:
    queue(engine, "m", at=NOW)
    line = HangingLine()
    with sending(engine, line, stop_seconds=0.0) as sender:
        sender.step()
        until(lambda: line.hanging)
    line.let_go.set()
    execute(engine, "UPDATE outbox_message SET next_at = created_at")

    with sending(engine, line) as sender:
        sender.step()

    assert len(set(line.retry_keys)) == 1
    assert message(engine, "m").attempts == 2
    assert message(engine, "m").state == QueueState.DONE


def test_a_call_that_takes_long_keeps_its_lease_while_its_process_lives(engine: Engine) -> None:
    queue(engine, "m", at=NOW)
    line, clock = HangingLine(), Clock(NOW)

    with sending(engine, line, clock=clock) as sender:
        sender.step()
        until(lambda: line.hanging)
        for _ in range(3):
            clock.now += LEASE / 2 + SECOND
            sender.step()
        others = outbox.claim(engine, CALENDAR, now=clock.now, most=1)
        line.let_go.set()

    assert others.ready == []
    assert len(line.hanging) == 1
    assert (message(engine, "m").state, message(engine, "m").attempts) == (QueueState.DONE, 1)


def test_a_call_that_never_ends_is_given_to_others_after_a_while(engine: Engine) -> None:
    queue(engine, "m", at=NOW)
    line, clock = HangingLine(), Clock(NOW)

    with sending(engine, line, clock=clock, stop_seconds=0.0) as sender:
        sender.step()
        until(lambda: line.hanging)
        for _ in range(MOST_RENEWALS + 1):
            clock.now += LEASE / 2 + SECOND
            sender.step()
        clock.now += LEASE
        again_by_itself = sender.step()
        others = outbox.claim(engine, CALENDAR, now=clock.now, most=1)
    line.let_go.set()

    assert not again_by_itself
    assert [each.message.retry_key for each in others.ready] == line.hanging
