"""Queries: webhook events, kept once and worked in the order of their timestamps."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, aliased

from store.database import HURRIED_SECONDS, DatabaseError, is_locked, open_hurried
from store.models import InboxEvent, QueueState
from store.types import EventRowId

WAITING: ColumnElement[str] = literal_column("'waiting'")
"""A constant in the statement, for the partial indexes (`store.models.IS_WAITING`)."""
MOST_ROWS = 1000
"""Of one batch."""
LOCKED_RESTS_SECONDS = 0.002
"""Between two tries for SQLite's write lock: its own handler would soon sleep 100 ms at a time,
and the worker beside would take the lock in every gap."""
NOTHING = "[]"
"""A batch without events: keeping it shows whether events can be kept."""

# One parameter carries all rows: building VALUES row by row through SQLAlchemy takes three to seven
# times as long, and a batch is a text that can lie on disk as it is.
INTO = (
    "INSERT INTO inbox_event (webhook_event_id, chat_key, kind, sent_at, received_at, body,"
    f" state, attempts) SELECT %s, '{QueueState.WAITING}', 0 FROM %s ON CONFLICT DO NOTHING"
)
INSERT = {
    "sqlite": INTO
    % (
        ", ".join(f"json_extract(value, '$[{column}]')" for column in range(6)),
        "json_each(?) WHERE true",  # without WHERE, SQLite would take ON for a join's
    ),
    "postgresql": INTO
    % (
        "e->>0, e->>1, e->>2, (e->>3)::timestamp AT TIME ZONE 'UTC',"
        " (e->>4)::timestamp AT TIME ZONE 'UTC', e->>5",
        "json_array_elements(%s::json) AS e",
    ),
}


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
    """An event taken for work; `attempts` are those before this one, unless `is_counted`."""

    row_id: EventRowId
    webhook_event_id: str
    body: str
    attempts: int
    is_counted: bool = False

    @property
    def attempts_with_this(self) -> int:
        """How often it was tried, this time included."""
        return self.attempts if self.is_counted else self.attempts + 1


def to_batches(events: Sequence[NewEvent]) -> list[str]:
    """Return the events as texts that `InboxDoor.keep` takes, in ASCII; none where there are none.

    Each is short enough to be kept within a second.
    """
    rows = [
        (
            event.webhook_event_id,
            event.chat_key,
            event.kind,
            _as_text(event.sent_at),
            _as_text(event.received_at),
            event.body,
        )
        for event in events
    ]
    return [json.dumps(rows[i : i + MOST_ROWS]) for i in range(0, len(rows), MOST_ROWS)]


class InboxDoor:
    """A connection held open for one thread that keeps batches, each a commit of its own."""

    def __init__(self, engine: Engine, *, patience_seconds: float = HURRIED_SECONDS) -> None:
        """`engine` is the house's; the door has a hurried one of its own on the same database."""
        self._engine = open_hurried(engine, patience_seconds)
        self._tries = max(
            1, round(patience_seconds / (2 * LOCKED_RESTS_SECONDS))
        )  # a try takes time too
        self._connection: Connection | None = None

    def keep(self, batch: str) -> int:
        """Keep each event of a batch once, by its `webhookEventId`; return how many were new.

        All of them or none.

        Raises:
            DatabaseError: after its patience (connecting: two seconds), unless the server is mute.
        """
        tries = self._tries
        while True:
            try:
                return self._try(batch)
            except DatabaseError as error:
                tries -= 1
                if not tries or not is_locked(error):
                    self.close()
                    raise
            time.sleep(LOCKED_RESTS_SECONDS)

    def close(self) -> None:
        """Close the connection; the next batch opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _try(self, batch: str) -> int:
        if self._connection is None:
            self._connection = self._engine.connect()
        insert = INSERT[self._connection.dialect.name]
        return self._connection.exec_driver_sql(insert, (batch,)).rowcount


def _next_event() -> Select[int, str, str, int]:
    """Return the statement of `take_next`, made once: making it costs a hundred times its run."""
    earlier = aliased(InboxEvent)
    at: BindParameter[datetime] = bindparam("at")
    is_next_of_its_chat = ~exists().where(
        earlier.chat_key == InboxEvent.chat_key,
        earlier.state == WAITING,
        or_(earlier.next_at.is_(None), earlier.next_at <= at),
        tuple_(earlier.sent_at, earlier.id) < tuple_(InboxEvent.sent_at, InboxEvent.id),
    )
    return (
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
    )


NEXT_EVENT = _next_event()


def take_next(session: Session, *, at: datetime) -> WaitingEvent | None:
    """Return the oldest event that may be worked at that instant, locked for this transaction.

    Of one chat only the oldest is handed out, so that many workers keep a chat's order: while
    one works it, for the others it still waits.  What a failure has put off holds up nobody.
    """
    row: Row[int, str, str, int] | None = session.execute(NEXT_EVENT, {"at": at}).one_or_none()
    return None if row is None else WaitingEvent(EventRowId(row[0]), row[1], row[2], row[3])


def finish(session: Session, row_id: EventRowId, *, keep_body: bool, at: datetime) -> None:
    """Close an event; chatter loses its body here and now."""
    values: dict[str, object] = {"state": QueueState.DONE, "next_at": None, "finished_at": at}
    if not keep_body:
        values["body"] = None
    session.execute(update(InboxEvent).where(InboxEvent.id == row_id).values(values))


def put_off(
    session: Session, event: WaitingEvent, *, until: datetime | None, outcome: str = ""
) -> bool:
    """Let a failed event step aside until that instant, or for good when there is none.

    False when somebody else has worked it meanwhile, or let it step aside.
    """
    moved = session.scalar(
        update(InboxEvent)
        .where(
            InboxEvent.id == event.row_id,
            InboxEvent.state == QueueState.WAITING,
            InboxEvent.attempts == event.attempts,
        )
        .values(
            attempts=event.attempts_with_this,
            next_at=until,
            outcome=outcome,
            state=QueueState.PARKED if until is None else QueueState.WAITING,
        )
        .returning(InboxEvent.id)
    )
    return moved is not None


def count_attempt(session: Session, event: WaitingEvent) -> WaitingEvent:
    """Count an attempt before what may end the process itself, so that it is not tried for ever."""
    counted = replace(event, attempts=event.attempts_with_this, is_counted=True)
    session.execute(
        update(InboxEvent).where(InboxEvent.id == event.row_id).values(attempts=counted.attempts)
    )
    return counted


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


def forget_chats(session: Session, *, before: datetime) -> None:
    """Forget in which chats events came that were sent before that instant and are worked."""
    session.execute(
        update(InboxEvent)
        .where(
            InboxEvent.sent_at < before,
            InboxEvent.chat_key != "",
            InboxEvent.state != QueueState.WAITING,
        )
        .values(chat_key="")
        .execution_options(synchronize_session=False)
    )


def _as_text(instant: datetime) -> str:
    # As SQLAlchemy stores instants in SQLite: UTC, its zone unsaid.
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
