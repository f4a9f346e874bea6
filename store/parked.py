"""Queries: rows of both queues that were given up, for an operator to look at."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.models import InboxEvent, OutboxMessage, QueueState
from store.types import ParkedRow, Queue


def parked(session: Session) -> list[ParkedRow]:
    """Return all that is parked, events first, the oldest first."""
    events = session.execute(
        select(
            InboxEvent.id,
            InboxEvent.kind,
            InboxEvent.received_at,
            InboxEvent.attempts,
            InboxEvent.outcome,
            InboxEvent.body.is_not(None),
        )
        .where(InboxEvent.state == QueueState.PARKED)
        .order_by(InboxEvent.id)
    )
    messages = session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.topic,
            OutboxMessage.created_at,
            OutboxMessage.attempts,
            OutboxMessage.outcome,
        )
        .where(OutboxMessage.state == QueueState.PARKED)
        .order_by(OutboxMessage.id)
    )
    return [
        *(ParkedRow(Queue.EVENT, *row) for row in events),
        *(ParkedRow(Queue.MESSAGE, *row, has_content=True) for row in messages),
    ]


def retry(session: Session, row: ParkedRow, *, at: datetime) -> bool:
    """Let a parked row be worked anew from that instant on; False when it is parked no more.

    A message goes as one that has not arrived, a reply as a push.  Its retry key is the same: what
    LINE took in the last 24 hours it does not deliver twice.
    """
    if row.queue is Queue.EVENT:
        return _move_event(session, row.row_id, {"state": QueueState.WAITING, "attempts": 0})
    return _move_message(
        session,
        row.row_id,
        {
            "state": QueueState.WAITING,
            "reply_token": None,
            "next_at": at,
            "may_have_arrived": False,
            "finished_at": None,
        },
    )


def drop(session: Session, row: ParkedRow, *, at: datetime) -> bool:
    """Close a parked row for good, its reason kept; False when it is parked no more."""
    values = {"state": QueueState.DROPPED, "finished_at": at}
    if row.queue is Queue.EVENT:
        return _move_event(session, row.row_id, values)
    return _move_message(session, row.row_id, values | {"parts": None})


def _move_event(session: Session, row_id: int, values: dict[str, object]) -> bool:
    moved = session.scalar(
        update(InboxEvent)
        .where(InboxEvent.id == row_id, InboxEvent.state == QueueState.PARKED)
        .values(**values, next_at=None)
        .returning(InboxEvent.id)
    )
    return moved is not None


def _move_message(session: Session, row_id: int, values: dict[str, object]) -> bool:
    moved = session.scalar(
        update(OutboxMessage)
        .where(OutboxMessage.id == row_id, OutboxMessage.state == QueueState.PARKED)
        .values(values)
        .returning(OutboxMessage.id)
    )
    return moved is not None
