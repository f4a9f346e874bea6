"""Queries: webhook events, kept once and worked in the order of their timestamps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, exists, func, literal_column, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from store.database import insert_new
from store.models import InboxEvent, QueueState
from store.types import EventRowId

WAITING: ColumnElement[str] = literal_column("'waiting'")
"""A constant in the statement, for the partial indexes (`store.models.IS_WAITING`)."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it came in; `body` is LINE's JSON text in ASCII."""

    webhook_event_id: str
    chat_key: str
    kind: str
    sent_at: datetime
    received_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event taken for work."""

    row_id: EventRowId
    webhook_event_id: str
    body: str
    attempts: int


def keep_events(session: Session, events: Sequence[NewEvent]) -> int:
    """Keep each event once, by its `webhookEventId`; return how many were new."""
    kept = session.execute(
        insert_new(session, InboxEvent).on_conflict_do_nothing().returning(InboxEvent.id),
        # As parameters, not as one VALUES: the driver then splits what exceeds its limit.
        [
            {
                "webhook_event_id": event.webhook_event_id,
                "chat_key": event.chat_key,
                "kind": event.kind,
                "sent_at": event.sent_at,
                "received_at": event.received_at,
                "body": event.body,
                "state": QueueState.WAITING,
                "attempts": 0,
            }
            for event in events
        ],
    )
    return len(kept.all())


def take_next(session: Session, *, at: datetime) -> WaitingEvent | None:
    """Return the oldest event that may be worked at that instant, locked for this transaction.

    Of one chat only the oldest is handed out, so that many workers keep a chat's order: while
    one works it, for the others it still waits.  What a failure has put off holds up nobody.
    """
    earlier = aliased(InboxEvent)
    is_next_of_its_chat = ~exists().where(
        earlier.chat_key == InboxEvent.chat_key,
        earlier.state == WAITING,
        or_(earlier.next_at.is_(None), earlier.next_at <= at),
        tuple_(earlier.sent_at, earlier.id) < tuple_(InboxEvent.sent_at, InboxEvent.id),
    )
    row: Row[int, str, str, int] | None = session.execute(
        select(
            InboxEvent.id,
            InboxEvent.webhook_event_id,
            func.coalesce(InboxEvent.body, ""),
            InboxEvent.attempts,
        )
        .where(
            InboxEvent.state == WAITING,
            or_(InboxEvent.next_at.is_(None), InboxEvent.next_at <= at),
            is_next_of_its_chat,
        )
        .order_by(InboxEvent.sent_at, InboxEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=InboxEvent)
    ).one_or_none()
    return None if row is None else WaitingEvent(EventRowId(row[0]), row[1], row[2], row[3])


def finish(session: Session, row_id: EventRowId, *, keep_body: bool, at: datetime) -> None:
    """Close an event; chatter loses its body here and now."""
    values: dict[str, object] = {"state": QueueState.DONE, "next_at": None, "finished_at": at}
    if not keep_body:
        values["body"] = None
    session.execute(update(InboxEvent).where(InboxEvent.id == row_id).values(values))


def put_off(
    session: Session, row_id: EventRowId, *, until: datetime | None, outcome: str = ""
) -> None:
    """Let a failed event step aside until that instant, or for good when there is none."""
    session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == row_id)
        .values(
            attempts=InboxEvent.attempts + 1,
            next_at=until,
            outcome=outcome,
            state=QueueState.PARKED if until is None else QueueState.WAITING,
        )
    )


def purge_bodies(session: Session, *, before: datetime) -> int:
    """Forget what was said in events sent before that instant; return how many bodies went.

    An event that still waits keeps its body, as it cannot be worked without.
    """
    purged = session.execute(
        update(InboxEvent)
        .where(
            InboxEvent.sent_at < before,
            InboxEvent.body.is_not(None),
            InboxEvent.state != QueueState.WAITING,
        )
        .values(body=None)
        .returning(InboxEvent.id)
        .execution_options(synchronize_session=False)
    )
    return len(purged.all())
