"""The inbox: each event once, in the order of their timestamps; bodies are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import select

from store import inbox
from store.database import Engine, Session, transaction
from store.inbox import NewEvent
from store.models import InboxEvent
from tests.bot.queue_rows import keep_events
from tests.factories import NOON


def make_event(name: str, sent_at: datetime = NOON, chat: str = "C1") -> NewEvent:
    return NewEvent(name, chat, "message", sent_at, NOON, f'{{"id":"{name}"}}')


def states(session: Session) -> dict[str, tuple[str, str | None]]:
    rows = session.execute(select(InboxEvent.webhook_event_id, InboxEvent.state, InboxEvent.body))
    return {name: (state, body) for name, state, body in rows}


def taken(session: Session, at: datetime = NOON) -> str | None:
    event = inbox.take_next(session, at=at)
    return None if event is None else event.webhook_event_id


def test_an_event_is_kept_once(engine: Engine) -> None:
    with transaction(engine) as session:
        first = keep_events(session, [make_event("a"), make_event("b")])

        again = keep_events(session, [make_event("b"), make_event("c"), make_event("c")])

        assert (first, again) == (2, 1)


def test_events_are_worked_in_the_order_of_their_timestamps(engine: Engine) -> None:
    with transaction(engine) as session:
        late, early = make_event("late", NOON + timedelta(seconds=1)), make_event("early")
        keep_events(session, [late, early, make_event("as early")])

        order = []
        while (event := inbox.take_next(session, at=NOON)) is not None:
            order.append(event.webhook_event_id)
            inbox.finish(session, event.row_id, keep_body=True, at=NOON)

        assert order == ["early", "as early", "late"]


def test_a_failed_event_lets_the_others_pass_until_its_time(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("bad"), make_event("good", NOON + timedelta(1))])
        bad = inbox.take_next(session, at=NOON)
        assert bad is not None

        inbox.put_off(session, bad, until=NOON + timedelta(seconds=30))

        assert taken(session) == "good"
        assert taken(session, NOON + timedelta(seconds=30)) == "bad"


def test_an_event_is_given_up_for_good(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("bad")])
        bad = inbox.take_next(session, at=NOON)
        assert bad is not None

        inbox.put_off(session, bad, until=None)

        assert taken(session, NOON + timedelta(days=99)) is None
        assert states(session)["bad"][0] == "parked"


def test_attempts_are_counted(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("bad")])
        for attempts in range(3):
            event = inbox.take_next(session, at=NOON)
            assert event is not None
            assert event.attempts == attempts
            inbox.put_off(session, event, until=NOON)


def test_chatter_loses_its_body_at_once_and_commands_later(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("chatter"), make_event("command")])
        for keep_body in (False, True):
            event = inbox.take_next(session, at=NOON)
            assert event is not None
            inbox.finish(session, event.row_id, keep_body=keep_body, at=NOON)
        at_once = states(session)

        purged = inbox.purge_bodies(session, before=NOON + timedelta(microseconds=1))

        assert at_once == {"chatter": ("done", None), "command": ("done", '{"id":"command"}')}
        assert purged == 1
        assert states(session)["command"] == ("done", None)


def test_an_event_that_waits_keeps_its_body_however_old(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("old"), make_event("new", NOON + timedelta(1))])

        purged = inbox.purge_bodies(session, before=NOON + timedelta(hours=1))

        assert purged == 0
        assert states(session)["old"] == ("waiting", '{"id":"old"}')
        assert taken(session) == "old"


def test_an_event_that_was_given_up_loses_its_body_in_the_end(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("bad")])
        bad = inbox.take_next(session, at=NOON)
        assert bad is not None
        inbox.put_off(session, bad, until=None)

        inbox.purge_bodies(session, before=NOON + timedelta(hours=1))

        assert states(session)["bad"] == ("parked", None)


def test_when_an_event_was_worked_is_kept(engine: Engine) -> None:
    with transaction(engine) as session:
        keep_events(session, [make_event("a")])
        event = inbox.take_next(session, at=NOON)
        assert event is not None

        inbox.finish(session, event.row_id, keep_body=True, at=NOON + timedelta(seconds=1))

        assert session.scalar(select(InboxEvent.finished_at)) == NOON + timedelta(seconds=1)
