"""Queries: how much there is of everything, and how old it is, for those who watch the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.inbox import WAITING
from store.models import InboxEvent, Notice, OutboxMessage, QueueState, Topic
from store.outbox import UNDER_WAY

RECENT = 1000
"""How many rows latencies are told of: the newest."""


@dataclass(frozen=True, slots=True)
class MessageCount:
    """How many messages of a topic stand in a state, by what became of them."""

    topic: str
    state: str
    outcome: str
    count: int


def events_by_state(session: Session) -> dict[str, int]:
    """Return how many webhook events stand in each state."""
    rows = session.execute(
        select(InboxEvent.state, func.count(InboxEvent.id)).group_by(InboxEvent.state)
    )
    return {str(state): int(count) for state, count in rows}


def messages_by_outcome(session: Session) -> list[MessageCount]:
    """Return how many messages there are by topic, state and outcome.

    Of a parked one only the kind of trouble counts, not the words of LINE that follow it.
    """
    rows = session.execute(
        select(
            OutboxMessage.topic,
            OutboxMessage.state,
            OutboxMessage.outcome,
            func.count(OutboxMessage.id),
        ).group_by(OutboxMessage.topic, OutboxMessage.state, OutboxMessage.outcome)
    )
    counts: dict[tuple[str, str, str], int] = {}
    for topic, state, outcome, count in rows:
        key = (topic, state, outcome.partition(":")[0])
        counts[key] = counts.get(key, 0) + count
    return [MessageCount(*key, count) for key, count in sorted(counts.items())]


def billed_messages(session: Session, *, since: datetime | None = None) -> int:
    """Return how many messages LINE has billed: accepted pushes, each to one person."""
    found = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.state == QueueState.DONE,
        OutboxMessage.reply_token.is_(None),
        *([] if since is None else [OutboxMessage.finished_at >= since]),
    )
    return session.execute(found).scalar_one()


def oldest_waiting_event(session: Session) -> datetime | None:
    """Return when the oldest event that waits to be worked came in, None when none waits."""
    return session.scalar(
        select(func.min(InboxEvent.received_at)).where(InboxEvent.state == WAITING)
    )


def oldest_due_message(session: Session, *, at: datetime) -> datetime | None:
    """Return since when the longest-due message could have been sent, None when none is due."""
    return session.scalar(
        select(func.min(OutboxMessage.next_at)).where(
            OutboxMessage.state.in_(UNDER_WAY), OutboxMessage.next_at <= at
        )
    )


def notices_left(session: Session, *, before: date) -> int:
    """Return how many reminders were planned for an earlier day and have no outcome yet."""
    found = select(func.count(Notice.id)).where(Notice.outcome == "", Notice.planned_on < before)
    return session.execute(found).scalar_one()


def event_waits(session: Session) -> list[float]:
    """Return how long the newest worked events had waited since they came in, in seconds."""
    rows = session.execute(
        select(InboxEvent.received_at, InboxEvent.finished_at)
        .where(InboxEvent.finished_at.is_not(None))
        .order_by(InboxEvent.id.desc())
        .limit(RECENT)
    ).all()
    return _seconds([(start, end) for start, end in rows])


def answer_waits(session: Session) -> list[float]:
    """Return how long the newest answers took from being written to LINE's yes, in seconds."""
    rows = session.execute(
        select(OutboxMessage.created_at, OutboxMessage.finished_at)
        .where(OutboxMessage.topic == Topic.ANSWER, OutboxMessage.state == QueueState.DONE)
        .order_by(OutboxMessage.id.desc())
        .limit(RECENT)
    ).all()
    return _seconds([(start, end) for start, end in rows])


def _seconds(spans: Sequence[tuple[datetime, datetime | None]]) -> list[float]:
    return [max(0.0, (end - start).total_seconds()) for start, end in spans if end is not None]
