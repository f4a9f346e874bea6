"""Queries: messages on their way to LINE, and the stops that hold them."""

import json
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from store.database import insert_new
from store.models import OutboxMessage, QueueState, Stop, Topic
from store.types import OutboxId, PersonId, ProvinceId

MESSAGE = (
    OutboxMessage.id,
    OutboxMessage.topic,
    OutboxMessage.line_to,
    OutboxMessage.reply_token,
    OutboxMessage.person_id,
    OutboxMessage.province_id,
    OutboxMessage.about_id,
    # As text, so that one row which is no JSON spoils no others.
    cast(OutboxMessage.parts, Text).label("parts"),
    OutboxMessage.retry_key,
    OutboxMessage.attempts,
    OutboxMessage.may_have_arrived,
    OutboxMessage.created_at,
    OutboxMessage.first_try_at,
)
"""The columns that `DueRow.read` needs."""
RETRY_KEYS = uuid.UUID("b4d6f0a2-9c1e-4e3f-8a57-2f6d1c0e9b73")
"""Namespace of retry keys: one message key gives one retry key, made before the first try."""
WAITING: ColumnElement[str] = literal_column("'waiting'")
SENDING: ColumnElement[str] = literal_column("'sending'")
UNDER_WAY = (WAITING, SENDING)
"""Constants in the statement, for the partial index (`store.models.IS_UNDER_WAY`)."""


def _due(
    is_kind: Callable[[InstrumentedAttribute[str | None]], ColumnElement[bool]],
) -> Select[*tuple[Any, ...]]:
    """Return the statement of `next_due` for messages of one kind.

    It is made once, as that costs more than running it.
    """
    earlier = aliased(OutboxMessage)
    follows_another = exists().where(
        OutboxMessage.chat_key != "",
        earlier.chat_key == OutboxMessage.chat_key,
        earlier.id < OutboxMessage.id,
        # Of the same kind, said so that only the chat's index fits: without statistics PostgreSQL
        # takes the index of the kind for as good, and reads all of it for each message.
        earlier.reply_token.is_(None) == OutboxMessage.reply_token.is_(None),
        earlier.state.in_(UNDER_WAY),
        or_(earlier.state == SENDING, earlier.next_at <= bindparam("at")),
    )
    return (
        select(*MESSAGE)
        .where(
            OutboxMessage.state.in_(UNDER_WAY),
            OutboxMessage.next_at <= bindparam("at"),
            is_kind(OutboxMessage.reply_token),
            ~follows_another,
        )
        .order_by(OutboxMessage.next_at, OutboxMessage.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


DUE_REPLIES = _due(lambda token: token.is_not(None))
DUE_PUSHES = _due(lambda token: token.is_(None))


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
    about_id: int | None
    parts: list[Any] | None
    retry_key: str
    attempts: int
    may_have_arrived: bool
    created_at: datetime
    first_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueRow:
    """A locked row of a message that is due, not yet understood."""

    outbox_id: OutboxId
    row: Any

    def is_of(self, topic: Topic) -> bool:
        """Whether the message is of that topic."""
        return bool(self.row.topic == topic)

    def read(self) -> Message:
        """Return the message as it stands.

        Raises:
            ValueError: when the row is not of this program's making.
        """
        row = self.row
        return Message(
            outbox_id=self.outbox_id,
            topic=Topic(row.topic),
            line_to=row.line_to,
            reply_token=row.reply_token,
            person_id=None if row.person_id is None else PersonId(row.person_id),
            province_id=None if row.province_id is None else ProvinceId(row.province_id),
            about_id=row.about_id,
            parts=None if row.parts is None else json.loads(row.parts),
            retry_key=row.retry_key,
            attempts=row.attempts,
            may_have_arrived=row.may_have_arrived,
            created_at=row.created_at,
            first_try_at=row.first_try_at,
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """What LINE took: the try, how it ended, LINE's request id and the ids of the messages."""

    this_try: Try
    outcome: str
    line_request_id: str
    sent_message_ids: Sequence[str]


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
    about_id: int | None = None,
    chat_key: str = "",
    next_at: datetime | None = None,
) -> bool:
    """Queue a message once for ever by its key; False when that key was queued before.

    `next_at` is the first instant at which it may be sent (default: at once).  `chat_key` names the
    chat in which it keeps its place among others ("": none).
    """
    row = _new_row(
        key=key,
        topic=topic,
        line_to=line_to,
        reply_token=reply_token,
        person_id=person_id,
        province_id=province_id,
        about_id=about_id,
        chat_key=chat_key or line_to,
        parts=parts,
        created_at=at,
        next_at=next_at or at,
    )
    added = insert_new(session, OutboxMessage).values(row).on_conflict_do_nothing()
    return session.scalar(added.returning(OutboxMessage.id)) is not None


def add_messages(
    session: Session,
    to: Sequence[tuple[PersonId, str]],
    *,
    key: str,
    topic: Topic,
    at: datetime,
    about: int | None = None,
) -> int:
    """Queue for many people, with their LINE user ids, a message that is worded when it is sent.

    `about` is the id of the row that it is about, where its topic needs one.  Each is queued once
    for ever by the key with the person's id behind it; return how many were.  For thousands this
    takes a second, one by one it took twenty.
    """
    keyed = [(f"{key}:{person}", person, line_user_id) for person, line_user_id in to]
    return len(_add_worded_later(session, keyed, topic=topic, about=about, at=at, next_at=at))


def add_reminders(
    session: Session,
    to: Sequence[tuple[PersonId, str]],
    *,
    day: date,
    at: datetime,
    next_at: datetime | None = None,
) -> list[tuple[PersonId, str]]:
    """Queue the reminder of a day for people; return who had theirs queued before, once a day."""
    keyed = [(f"reminder:{person}:{day.isoformat()}", person, to_line) for person, to_line in to]
    added = _add_worded_later(
        session, keyed, topic=Topic.REMINDER, about=None, at=at, next_at=next_at or at
    )
    return [each for each in to if each[0] not in added]


def _add_worded_later(
    session: Session,
    keyed: Sequence[tuple[str, PersonId, str]],
    *,
    topic: Topic,
    about: int | None,
    at: datetime,
    next_at: datetime,
) -> set[PersonId]:
    rows = [
        _new_row(
            key=key,
            topic=topic,
            line_to=line_user_id,
            person_id=person,
            chat_key=line_user_id,
            about_id=about,
            parts=None,
            created_at=at,
            next_at=next_at,
        )
        for key, person, line_user_id in keyed
    ]
    if not rows:
        return set()
    statement = insert_new(session, OutboxMessage).on_conflict_do_nothing()
    added = session.connection().execute(statement.returning(OutboxMessage.person_id), rows)
    return {PersonId(each) for each in added.scalars() if each is not None}


def _new_row(*, key: str, **values: Any) -> dict[str, Any]:
    return values | {
        "key": key,
        "retry_key": str(uuid.uuid5(RETRY_KEYS, key)),
        "state": QueueState.WAITING,
        "attempts": 0,
        "may_have_arrived": False,
        "outcome": "",
        "line_request_id": "",
        "sent_message_ids": [],
    }


def forget_recipients(session: Session, *, before: datetime) -> None:
    """Forget to whom answers went that were made before that instant and are closed.

    Of who never joined nothing else is kept.
    """
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.topic == Topic.ANSWER,
            OutboxMessage.created_at < before,
            OutboxMessage.chat_key != "",
            OutboxMessage.state.not_in(UNDER_WAY),
        )
        .values(line_to="", chat_key="")
        .execution_options(synchronize_session=False)
    )


def next_due(
    session: Session,
    *,
    at: datetime,
    replies: int,
    pushes: int,
    but: Collection[OutboxId] = (),
) -> list[DueRow]:
    """Lock the messages that may be sent at that instant, at most so many of each kind.

    Replies come first, as their tokens die, and the older first.  A try whose lease has run out is
    among them: nobody knows whether it arrived.  Of the replies, and of the pushes, of one chat
    only the oldest that is on its way or due is handed out, so that a chat reads them in order;
    one that was put off after a failure holds up nobody.
    """
    found: list[DueRow] = []
    for statement, most in ((DUE_REPLIES, replies), (DUE_PUSHES, pushes)):
        if most > 0:
            # `but` is hardly ever filled; without it the text stays the same, and its plan.
            asked = statement.where(OutboxMessage.id.not_in(but)) if but else statement
            rows = session.execute(asked, {"at": at, "most": most})
            found += (DueRow(OutboxId(row.id), row) for row in rows)
    return found


def renew_leases(session: Session, tries: Sequence[Try], *, until: datetime) -> None:
    """Let tries that are still the present ones be their process's until that instant."""
    session.connection().execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == bindparam("of_id"),
            OutboxMessage.state == QueueState.SENDING,
            OutboxMessage.attempts == bindparam("of_number"),
        )
        .values(next_at=until),
        [{"of_id": each.outbox_id, "of_number": each.number} for each in tries],
    )


def begin_tries(
    session: Session,
    begun: Sequence[tuple[Message, Sequence[Any]]],
    *,
    at: datetime,
    leased_until: datetime,
) -> list[Try]:
    """Mark, before anything leaves the house, that tries begin and may reach LINE.

    Each message comes with the parts it says.  They are the caller's until the lease ends
    (exclusive).  Tries that certainly did not arrive are forgotten: the retry key is unused, its
    time runs anew.
    """
    tries = [Try(message.outbox_id, message.attempts + 1) for message, _ in begun]
    if begun:
        session.connection().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == bindparam("of_id"))
            .values(
                state=QueueState.SENDING,
                parts=bindparam("parts"),
                attempts=bindparam("attempts"),
                may_have_arrived=True,
                first_try_at=bindparam("first_try_at"),
                next_at=leased_until,
            ),
            [
                {
                    "of_id": message.outbox_id,
                    "parts": list(parts),
                    "attempts": this_try.number,
                    "first_try_at": message.first_try_at if message.may_have_arrived else at,
                }
                for (message, parts), this_try in zip(begun, tries, strict=True)
            ],
        )
    return tries


def close(
    session: Session, outbox_id: OutboxId, state: QueueState, outcome: str, *, at: datetime
) -> None:
    """Close a message of which no try is on its way, with its final reason.

    Only a parked one keeps what it was to say.
    """
    values = _closed(state, outcome, at)
    session.execute(update(OutboxMessage).where(OutboxMessage.id == outbox_id).values(values))


def finish_accepted(session: Session, accepted: Sequence[Accepted], *, at: datetime) -> set[Try]:
    """Close messages that LINE took; return the tries that were still theirs to close.

    The others were taken over by somebody else when their lease had run out.
    """
    present = session.execute(
        select(OutboxMessage.id, OutboxMessage.attempts)
        .where(
            OutboxMessage.id.in_([each.this_try.outbox_id for each in accepted]),
            OutboxMessage.state == QueueState.SENDING,
        )
        .with_for_update()
    )
    theirs = {Try(OutboxId(outbox_id), number) for outbox_id, number in present}
    closed = [each for each in accepted if each.this_try in theirs]
    if closed:
        session.connection().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == bindparam("of_id"))
            .values(
                _closed(QueueState.DONE, "", at)
                | {
                    "outcome": bindparam("outcome"),
                    "line_request_id": bindparam("line_request_id"),
                    "sent_message_ids": bindparam("sent_message_ids"),
                }
            ),
            [
                {
                    "of_id": each.this_try.outbox_id,
                    "outcome": each.outcome,
                    "line_request_id": each.line_request_id,
                    "sent_message_ids": list(each.sent_message_ids),
                }
                for each in closed
            ],
        )
    return {each.this_try for each in closed}


def park(session: Session, ended: Try, outcome: str, *, at: datetime) -> bool:
    """Give a message up with the outcome of a try; False when somebody else has taken it over."""
    return _end_try(session, ended, _closed(QueueState.PARKED, outcome, at))


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


def has_uncertain(session: Session, person: PersonId, topic: Topic) -> bool:
    """Return whether a message of that topic may have reached the person, and nobody knows yet."""
    found = select(OutboxMessage.id).where(
        OutboxMessage.person_id == person,
        OutboxMessage.topic == topic,
        OutboxMessage.state.in_((QueueState.WAITING, QueueState.SENDING)),
        OutboxMessage.may_have_arrived.is_(True),
    )
    return session.scalar(found.limit(1)) is not None


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
