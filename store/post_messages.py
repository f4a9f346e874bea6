"""Queries: what is on its way to who held a post, and what they were told for it.

What is made into words at the moment of sending asks the posts then.  Here is what cannot: the
notices that a reminder carries, words that are made already, and what was told before.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, aliased

from store.database import insert_new
from store.models import (
    Download,
    Duty,
    EvidenceWait,
    Notice,
    OutboxMessage,
    OutboxNotice,
    PlanDraftRow,
    QueueState,
    Told,
    Topic,
)
from store.outbox import UNDER_WAY, add_message
from store.people import line_user_id
from store.types import AgencyId, DraftState, PersonId, ProvinceId

FOLLOW = (Topic.STUCK_ANSWER, Topic.JOIN)
"""Topics of one row each, made into words when they are sent for whoever holds the post then."""
ENDED = "post_ended"
"""Outcome of a message that was dropped because a post of its reader ended."""


def drop_answers(session: Session, person: PersonId, *, outcome: str, at: datetime) -> None:
    """Drop the answers in 1:1 that are still on their way to a person: they have their words."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.chat_key == line_user_id(session, person),
            OutboxMessage.topic == Topic.ANSWER,
            OutboxMessage.state.in_(UNDER_WAY),
        )
        .values(state=QueueState.DROPPED, outcome=outcome, finished_at=at, parts=None)
        .execution_options(synchronize_session=False)
    )


def unload_agency(session: Session, person: PersonId, agency: AgencyId) -> list[int]:
    """Take an agency's notices off the reminders on their way to a person; return the open ones.

    A reminder that was tried keeps its words: it is dropped when it is looked at again.
    """
    messages = session.scalars(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.person_id == person,
            OutboxMessage.topic == Topic.REMINDER,
            OutboxMessage.state.in_(UNDER_WAY),
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
    ).all()
    of_agency = select(Notice.id).join(Duty).where(Duty.agency_id == agency)
    unloaded = session.scalars(
        delete(OutboxNotice)
        .where(OutboxNotice.outbox_id.in_(messages), OutboxNotice.notice_id.in_(of_agency))
        .returning(OutboxNotice.notice_id)
        .execution_options(synchronize_session=False)
    ).all()
    return list(
        session.scalars(select(Notice.id).where(Notice.id.in_(unloaded), Notice.outcome == ""))
    )


def load(
    session: Session, person: PersonId, notices: Sequence[int], *, key: str, at: datetime
) -> None:
    """Put notices on the reminder that waits for a person, or on a new one of that key."""
    if not notices:
        return
    message = session.scalar(_open_reminder(person))
    if message is None:
        add_message(
            session,
            key=key,
            topic=Topic.REMINDER,
            line_to=line_user_id(session, person),
            person_id=person,
            parts=None,
            at=at,
        )
        message = session.execute(_open_reminder(person)).scalar_one()
    session.execute(
        insert_new(session, OutboxNotice).on_conflict_do_nothing(),
        [{"outbox_id": message, "notice_id": each} for each in notices],
    )


def queue_again(
    session: Session, leaver: PersonId, successor: PersonId, *, suffix: str, at: datetime
) -> None:
    """Queue for the successor what is on its way to the leaver; each then gets what is theirs.

    A copy's key is the first one's with the suffix behind it.
    """
    rows = session.execute(
        select(
            OutboxMessage.key,
            OutboxMessage.topic,
            OutboxMessage.province_id,
            OutboxMessage.about_id,
            OutboxMessage.next_at,
        )
        .where(
            OutboxMessage.person_id == leaver,
            OutboxMessage.topic.in_(FOLLOW),
            OutboxMessage.state.in_(UNDER_WAY),
        )
        .order_by(OutboxMessage.id)
    ).all()
    to = line_user_id(session, successor)
    for key, topic, province, about, next_at in rows:
        add_message(
            session,
            key=f"{key}:{suffix}",
            topic=Topic(topic),
            line_to=to,
            person_id=successor,
            province_id=None if province is None else ProvinceId(province),
            about_id=about,
            parts=None,
            at=at,
            next_at=next_at,
        )


def queue_digest_again(
    session: Session,
    province: ProvinceId,
    leaver: PersonId,
    successor: PersonId,
    *,
    at: datetime,
) -> None:
    """Queue for the successor the province's digest that is on its way to the leaver."""
    mine, theirs = f"digest:{province}:{leaver}:", f"digest:{province}:{successor}:"
    waiting = session.execute(
        select(OutboxMessage.key, OutboxMessage.next_at).where(
            OutboxMessage.key.startswith(mine), OutboxMessage.state.in_(UNDER_WAY)
        )
    ).all()
    for key, next_at in waiting:
        add_message(
            session,
            key=theirs + key.removeprefix(mine),
            topic=Topic.DIGEST,
            line_to=line_user_id(session, successor),
            person_id=successor,
            province_id=province,
            parts=None,
            at=at,
            next_at=next_at,
        )


def move_told(session: Session, leaver: PersonId, successor: PersonId, agency: AgencyId) -> None:
    """Let what the leaver was told for an agency count as told to the successor.

    What the successor was told already stays as it is.
    """
    known = aliased(Told)
    is_known = (
        select(known.id)
        .where(
            known.person_id == successor,
            known.agency_id == agency,
            known.activity_id == Told.activity_id,
        )
        .exists()
    )
    session.execute(
        update(Told)
        .where(Told.person_id == leaver, Told.agency_id == agency, ~is_known)
        .values(person_id=successor)
        .execution_options(synchronize_session=False)
    )
    forget_told(session, leaver, agency)


def forget_told(session: Session, person: PersonId, agency: AgencyId) -> None:
    """Forget which dates a person was told for an agency: nobody has to correct them any more."""
    session.execute(delete(Told).where(Told.person_id == person, Told.agency_id == agency))


def stop_waiting_for_evidence(session: Session, person: PersonId, agency: AgencyId) -> None:
    """Let the next file of a person be for no duty of the agency any more."""
    of_agency = select(Duty.id).where(Duty.agency_id == agency)
    session.execute(
        delete(EvidenceWait).where(
            EvidenceWait.person_id == person, EvidenceWait.duty_id.in_(of_agency)
        )
    )


def stop_downloads(session: Session, person: PersonId, *, at: datetime) -> None:
    """Let the files that were made for a person be fetched no more."""
    session.execute(
        update(Download)
        .where(Download.person_id == person, Download.expires_at > at)
        .values(expires_at=at)
    )


def cancel_drafts(
    session: Session, person: PersonId, province: ProvinceId | None, *, at: datetime
) -> None:
    """Cancel the drafts of plans that a person has open, in one province or in all."""
    session.execute(
        update(PlanDraftRow)
        .where(
            PlanDraftRow.person_id == person,
            PlanDraftRow.state == DraftState.OPEN,
            *([] if province is None else [PlanDraftRow.province_id == province]),
        )
        .values(state=DraftState.CANCELLED, closed_at=at)
    )


def _open_reminder(person: PersonId) -> Select[int]:
    # One that a sender has in hand is passed over: it would count as sent what it does not say.
    return (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.person_id == person,
            OutboxMessage.topic == Topic.REMINDER,
            OutboxMessage.state == QueueState.WAITING,
            OutboxMessage.may_have_arrived.is_(False),
        )
        .order_by(OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
