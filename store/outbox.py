"""Queries: messages on their way to LINE, and the stops that hold them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, literal_column, or_, select, update
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import OutboxMessage, QueueState, Stop, Topic
from store.types import OutboxId, PersonId, ProvinceId

RETRY_KEYS = uuid.UUID("b4d6f0a2-9c1e-4e3f-8a57-2f6d1c0e9b73")
"""Namespace of retry keys: one message key gives one retry key, made before the first try."""


UNDER_WAY: tuple[ColumnElement[str], ...] = (
    literal_column("'waiting'"),
    literal_column("'sending'"),
)
"""Constants in the statement, for the partial index (`store.models.IS_UNDER_WAY`)."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to send a message; its number tells a late outcome from that of a later try."""

    outbox_id: OutboxId
    number: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be sent, as it stands before a try.

    `parts` is None where the wording is made at the first try.  `may_have_arrived` tells whether
    an earlier try could have reached LINE without our knowing; then `first_try_at` is the first
    such try.
    """

    outbox_id: OutboxId
    topic: Topic
    line_to: str
    reply_token: str | None
    person_id: PersonId | None
    province_id: ProvinceId | None
    parts: list[Any] | None
    retry_key: str
    attempts: int
    may_have_arrived: bool
    created_at: datetime
    first_try_at: datetime | None


def add_message(
    session: Session,
    *,
    key: str,
    topic: Topic,
    line_to: str,
    at: datetime,
    parts: Sequence[Any] | None,
    reply_token: str | None = None,
    person_id: PersonId | None = None,
    province_id: ProvinceId | None = None,
    next_at: datetime | None = None,
) -> bool:
    """Queue a message once for ever by its key; False when that key was queued before.

    `next_at` is the first instant at which it may be sent (default: at once).
    """
    added = session.scalar(
        insert_new(session, OutboxMessage)
        .values(
            key=key,
            topic=topic,
            line_to=line_to,
            reply_token=reply_token,
            person_id=person_id,
            province_id=province_id,
            parts=parts,
            retry_key=str(uuid.uuid5(RETRY_KEYS, key)),
            state=QueueState.WAITING,
            attempts=0,
            may_have_arrived=False,
            created_at=at,
            next_at=next_at or at,
            outcome="",
            line_request_id="",
            sent_message_ids=[],
        )
        .on_conflict_do_nothing()
        .returning(OutboxMessage.id)
    )
    return added is not None


def next_due(session: Session, *, at: datetime, replies: int, pushes: int) -> list[OutboxId]:
    """Lock the messages that may be sent at that instant, at most so many of each kind.

    Replies come first, as their tokens die, and the older first.  A try whose lease has run out is
    among them: nobody knows whether it arrived.
    """
    found: list[OutboxId] = []
    for is_push, most in ((False, replies), (True, pushes)):
        if most <= 0:
            continue
        token = OutboxMessage.reply_token
        found += (
            OutboxId(each)
            for each in session.scalars(
                select(OutboxMessage.id)
                .where(
                    OutboxMessage.state.in_(UNDER_WAY),
                    OutboxMessage.next_at <= at,
                    token.is_(None) if is_push else token.is_not(None),
                )
                .order_by(OutboxMessage.next_at, OutboxMessage.id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
        )
    return found


def message(session: Session, outbox_id: OutboxId) -> Message:
    """Return a message as it stands.

    Raises:
        ValueError: when the row is not of this program's making.
    """
    row = session.get_one(OutboxMessage, outbox_id)
    return Message(
        OutboxId(row.id),
        Topic(row.topic),
        row.line_to,
        row.reply_token,
        None if row.person_id is None else PersonId(row.person_id),
        None if row.province_id is None else ProvinceId(row.province_id),
        row.parts,
        row.retry_key,
        row.attempts,
        row.may_have_arrived,
        row.created_at,
        row.first_try_at,
    )


def begin_try(
    session: Session,
    message: Message,
    parts: Sequence[Any],
    *,
    at: datetime,
    leased_until: datetime,
) -> Try:
    """Mark, before anything leaves the house, that a try begins and may reach LINE.

    It is the caller's until its lease ends (exclusive).  Tries that certainly did not arrive are
    forgotten: the retry key is unused, its time runs anew.
    """
    number = message.attempts + 1
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.outbox_id)
        .values(
            state=QueueState.SENDING,
            parts=parts,
            attempts=number,
            may_have_arrived=True,
            first_try_at=message.first_try_at if message.may_have_arrived else at,
            next_at=leased_until,
        )
    )
    return Try(message.outbox_id, number)


def close(
    session: Session, outbox_id: OutboxId, state: QueueState, outcome: str, *, at: datetime
) -> None:
    """Close a message of which no try is on its way, with its final reason.

    Only a parked one keeps what it was to say.
    """
    values = _closed(state, outcome, at)
    session.execute(update(OutboxMessage).where(OutboxMessage.id == outbox_id).values(values))


def finish(
    session: Session,
    ended: Try,
    state: QueueState,
    outcome: str,
    *,
    at: datetime,
    line_request_id: str = "",
    sent_message_ids: Sequence[str] = (),
) -> bool:
    """Close a message with the outcome of a try; False when somebody else has taken it over."""
    values = _closed(state, outcome, at)
    values |= {"line_request_id": line_request_id, "sent_message_ids": list(sent_message_ids)}
    return _end_try(session, ended, values)


def put_off(
    session: Session, ended: Try, outcome: str, *, until: datetime, may_have_arrived: bool
) -> bool:
    """Let a message wait until that instant, saying whether LINE may have it already.

    False when somebody else has taken it over.
    """
    values = {
        "state": QueueState.WAITING,
        "outcome": outcome,
        "next_at": until,
        "may_have_arrived": may_have_arrived,
    }
    return _end_try(session, ended, values)


def turn_into_push(session: Session, ended: Try, *, at: datetime) -> bool:
    """Go on as a push: the reply token was refused, so the reply has certainly not arrived.

    False when somebody else has taken it over.
    """
    values = {
        "state": QueueState.WAITING,
        "reply_token": None,
        "outcome": "token_dead",
        "next_at": at,
        "may_have_arrived": False,
    }
    return _end_try(session, ended, values)


def wait(session: Session, outbox_id: OutboxId, *, until: datetime) -> None:
    """Let a message wait for its hour; nothing was tried."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == outbox_id)
        .values(state=QueueState.WAITING, next_at=until)
    )


def release_tries(session: Session, *, at: datetime) -> int:
    """Give back at once what dead processes were sending; call only while no other one sends."""
    released = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == QueueState.SENDING)
        .values(state=QueueState.WAITING, next_at=at)
        .returning(OutboxMessage.id)
    )
    return len(released.all())


def stop_sending(session: Session, kind: str, *, until: datetime | None) -> None:
    """Hold sending for that reason until an instant (exclusive), or until `resume`."""
    session.execute(
        insert_new(session, Stop)
        .values(kind=kind, until_at=until)
        .on_conflict_do_update(index_elements=["kind"], set_={"until_at": until})
    )


def resume(session: Session, kind: str) -> None:
    """Lift a stop."""
    session.execute(delete(Stop).where(Stop.kind == kind))


def stops(session: Session, *, at: datetime) -> set[str]:
    """Return the reasons for which sending stands still at that instant."""
    return set(
        session.scalars(select(Stop.kind).where(or_(Stop.until_at.is_(None), Stop.until_at > at)))
    )


def has_open_reminder(session: Session, person: PersonId) -> bool:
    """Return whether a reminder of that person waits which LINE certainly does not have."""
    found = select(OutboxMessage.id).where(
        OutboxMessage.person_id == person,
        OutboxMessage.topic == Topic.REMINDER,
        OutboxMessage.state == QueueState.WAITING,
        OutboxMessage.may_have_arrived.is_(False),
    )
    return session.scalar(found) is not None


def _closed(state: QueueState, outcome: str, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state, "outcome": outcome, "finished_at": at}
    return values if state is QueueState.PARKED else values | {"parts": None}


def _end_try(session: Session, ended: Try, values: dict[str, Any]) -> bool:
    is_present: list[ColumnElement[bool]] = [
        OutboxMessage.id == ended.outbox_id,
        OutboxMessage.state == QueueState.SENDING,
        OutboxMessage.attempts == ended.number,
    ]
    changed = session.scalar(
        update(OutboxMessage).where(*is_present).values(values).returning(OutboxMessage.id)
    )
    return changed is not None
