"""Queries: what the command `doctor` reads of the database; nothing is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store import figures, workers
from store.database import Engine
from store.models import Chat, InboxEvent, OutboxMessage, QueueState, Stop

REDELIVERED = '"deliveryContext":{"isRedelivery":true'
"""In the body of a redelivered event; a text cannot hold it, as its quotes are escaped there."""

READ_ONLY = ("SQLITE_READONLY", "25006")
"""How the drivers' error codes begin: SQLite's name, SQL's read_only_sql_transaction."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the tables tell about how the bot fares.

    `redelivered` counts only events whose body is still kept (three days at most).  `stops` are
    those that hold sending now, with the instant (exclusive) at which each ends by itself.
    `last_beat_at` is when a worker was last heard of; None where none runs.
    """

    events: int
    last_event_at: datetime | None
    redelivered: int
    times_joined: int
    groups_bound: int
    parked_events: int
    parked_messages: int
    stops: Mapping[str, datetime | None]
    last_beat_at: datetime | None
    oldest_waiting_at: datetime | None


def kept(session: Session, *, at: datetime) -> Kept:
    """Return what the tables tell at that instant."""
    return Kept(
        events=_count(session, InboxEvent.id.is_not(None)),
        last_event_at=session.scalar(select(func.max(InboxEvent.received_at))),
        redelivered=_count(session, InboxEvent.body.contains(REDELIVERED)),
        times_joined=_count(session, InboxEvent.kind == "join"),
        groups_bound=_count(session, Chat.province_id.is_not(None) & Chat.is_bot_inside),
        parked_events=_count(session, InboxEvent.state == QueueState.PARKED),
        parked_messages=_count(session, OutboxMessage.state == QueueState.PARKED),
        stops={
            kind: until
            for kind, until in session.execute(select(Stop.kind, Stop.until_at))
            if until is None or until > at
        },
        last_beat_at=workers.last_beat(session),
        oldest_waiting_at=figures.oldest_waiting_event(session),
    )


def refuses_writes(session: Session) -> bool:
    """Return whether the database may only be read, found by an UPDATE that matches no row.

    Neither SQLite's write lock nor PostgreSQL's BEGIN is refused by a database that is read-only.
    """
    try:
        session.execute(update(Stop).where(false()).values(until_at=None))
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", "")
        if str(code).startswith(READ_ONLY):
            return True
        raise
    return False


def sqlite_file(engine: Engine) -> str | None:
    """Return the file of a SQLite database; None where it is named in no plain way."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or name in (None, "", ":memory:"):
        return None
    return None if str(name).startswith("file:") else name


def _count(session: Session, where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(where)) or 0
