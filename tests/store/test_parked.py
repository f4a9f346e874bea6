"""What was given up: listed with its reason, tried anew, or dropped."""

from datetime import timedelta

from sqlalchemy import select

from store import inbox, outbox, parked
from store.database import Engine, Session, transaction
from store.inbox import NewEvent
from store.models import InboxEvent, OutboxMessage, Topic
from store.types import ParkedRow, Queue
from tests.bot.queue_rows import keep_events
from tests.factories import NOON

LATER = NOON + timedelta(hours=1)


def park_event(session: Session, name: str = "e") -> None:
    keep_events(session, [NewEvent(name, "C1", "message", NOON, NOON, "{}")])
    event = inbox.take_next(session, at=NOON)
    assert event is not None
    inbox.put_off(session, event, until=None, outcome="ValueError")


def park_message(session: Session, key: str = "m", reply_token: str | None = None) -> None:
    outbox.add_message(
        session,
        key=key,
        topic=Topic.ANSWER,
        line_to="U1",
        parts=["words"],
        at=NOON,
        reply_token=reply_token,
    )
    (found,) = outbox.next_due(session, at=NOON, replies=1, pushes=1)
    (this_try,) = outbox.begin_tries(
        session, [(found.read(), ["words"])], at=NOON, leased_until=LATER
    )
    outbox.park(session, this_try, "refused: 400 {}", at=NOON)


def only(session: Session, queue: Queue) -> ParkedRow:
    (row,) = (each for each in parked.parked(session) if each.queue is queue)
    return row


def test_what_is_parked_is_listed_with_its_reason(engine: Engine) -> None:
    with transaction(engine) as session:
        nothing = parked.parked(session)
        park_event(session)
        park_message(session)

        event, message = parked.parked(session)

        assert nothing == []
        assert (event.what, event.attempts, event.why) == ("message", 1, "ValueError")
        assert (message.what, message.attempts, message.why) == ("answer", 1, "refused: 400 {}")
        assert (event.name, message.name) == (f"event-{event.row_id}", f"message-{message.row_id}")
        assert (event.since, event.has_content) == (NOON, True)


def test_a_message_that_is_tried_anew_goes_as_one_that_has_not_arrived(engine: Engine) -> None:
    with transaction(engine) as session:
        park_message(session, reply_token="t")
        key = session.scalar(select(OutboxMessage.retry_key))

        done = parked.retry(session, only(session, Queue.MESSAGE), at=LATER)

        session.expire_all()
        (found,) = outbox.next_due(session, at=LATER, replies=1, pushes=1)
        message = found.read()
        assert done
        assert (message.reply_token, message.may_have_arrived) == (None, False)
        assert (message.parts, message.retry_key) == (["words"], key)
        assert parked.parked(session) == []


def test_an_event_that_is_tried_anew_is_worked_in_its_turn(engine: Engine) -> None:
    with transaction(engine) as session:
        park_event(session)

        done = parked.retry(session, only(session, Queue.EVENT), at=LATER)

        event = inbox.take_next(session, at=NOON)
        assert done
        assert event is not None
        assert event.attempts == 0


def test_an_event_without_its_text_says_that_it_cannot_be_worked(engine: Engine) -> None:
    with transaction(engine) as session:
        park_event(session)

        inbox.purge_bodies(session, before=LATER)

        assert not only(session, Queue.EVENT).has_content


def test_what_is_dropped_keeps_its_reason_and_comes_back_no_more(engine: Engine) -> None:
    with transaction(engine) as session:
        park_event(session)
        park_message(session)
        rows = parked.parked(session)

        dropped = [parked.drop(session, each, at=LATER) for each in rows]
        too_late = [parked.retry(session, each, at=LATER) for each in rows]

        assert (dropped, too_late) == ([True, True], [False, False])
        assert parked.parked(session) == []
        assert session.execute(select(InboxEvent.state, InboxEvent.outcome)).one() == (
            "dropped",
            "ValueError",
        )
        assert session.execute(select(OutboxMessage.state, OutboxMessage.parts)).one() == (
            "dropped",
            None,
        )
