"""Queries: reminders planned once for ever, and the messages that carry them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import (
    Activity,
    Duty,
    Notice,
    OutboxMessage,
    OutboxNotice,
    PersonRow,
    PostRow,
    QueueState,
    Step,
    Topic,
)
from store.people import is_officer_at
from store.types import (
    AT_REST,
    ActivityId,
    AgencyId,
    DutyId,
    NoticeKind,
    OutboxId,
    PersonId,
    PlanId,
)

SENT = "sent"
MOVED = "moved"
"""Outcome of a notice whose date or duty is no longer in force; planned anew if it comes back."""


@dataclass(frozen=True, slots=True)
class CarriedNotice:
    """A notice on a message: the duty, the deadline it was planned for, what became of it."""

    notice_id: int
    duty_id: DutyId
    agency_id: AgencyId
    kind: NoticeKind
    days: int
    last_on: date
    outcome: str


def plan_notices(
    session: Session,
    activity: ActivityId,
    *,
    kind: NoticeKind,
    days: int,
    last_on: date,
    today: date,
) -> int:
    """Spread one offset of an activity over every duty not at rest; return how many were new.

    A notice planned before, on any day, is not planned again, but for one that was closed as
    `MOVED`: its deadline moved away and has come back.
    """
    revived = session.scalars(
        update(Notice)
        .where(
            Notice.duty_id.in_(
                select(Duty.id)
                .join(Step)
                .where(Step.activity_id == activity, Duty.state.not_in(AT_REST))
            ),
            Notice.kind == kind,
            Notice.days == days,
            Notice.last_on == last_on,
            Notice.outcome == MOVED,
        )
        .values(outcome="", planned_on=today)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(delete(OutboxNotice).where(OutboxNotice.notice_id.in_(revived)))
    open_duties = (
        select(
            Duty.id,
            literal(kind.value),
            literal(days),
            literal(last_on),
            literal(today),
            literal(""),
        )
        .join(Step, Duty.step_id == Step.id)
        .where(
            Step.activity_id == activity,
            Duty.is_in_force.is_(True),
            Duty.state.not_in(AT_REST),
        )
    )
    added = session.execute(
        insert_new(session, Notice)
        .from_select(["duty_id", "kind", "days", "last_on", "planned_on", "outcome"], open_duties)
        .on_conflict_do_nothing()
        .returning(Notice.id)
    )
    return len(added.all()) + len(revived)


def close_without_contact(session: Session, outcome: str, *, at: datetime) -> int:
    """Close the notices of agencies of which nobody can be written to; return how many."""
    closed = session.execute(
        update(Notice)
        .where(Notice.outcome == "", ~_has_carrier(), ~_has_reader(at))
        .values(outcome=outcome)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


def readers_waiting(session: Session, *, at: datetime) -> list[tuple[PersonId, str]]:
    """Return who has notices that no message carries yet, with their LINE user ids."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.line_user_id)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .join(Duty, Duty.agency_id == PostRow.agency_id)
        .join(Notice, Notice.duty_id == Duty.id)
        .where(
            Notice.outcome == "",
            ~_has_carrier(),
            PersonRow.is_reachable.is_(True),
            is_officer_at(at),
        )
        .order_by(PersonRow.id)
        .distinct()
    )
    return [(PersonId(each), line_id) for each, line_id in rows]


def carry(session: Session, *, at: datetime) -> None:
    """Put every notice that waits on the open reminder of each person it concerns.

    One statement, so that a notice which two officers share goes to both.  A reminder that a
    sender has in hand is passed over: it would count as sent what it did not say.
    """
    open_reminders = (
        select(OutboxMessage.id, OutboxMessage.person_id)
        .where(
            OutboxMessage.topic == Topic.REMINDER,
            OutboxMessage.state == QueueState.WAITING,
            OutboxMessage.may_have_arrived.is_(False),
        )
        .with_for_update(skip_locked=True)
        .cte("open_reminders")
    )
    pairs = (
        select(open_reminders.c.id, Notice.id)
        .join(PostRow, PostRow.person_id == open_reminders.c.person_id)
        .join(Duty, Duty.agency_id == PostRow.agency_id)
        .join(Notice, Notice.duty_id == Duty.id)
        .where(
            Notice.outcome == "",
            ~_has_carrier(),
            is_officer_at(at),
        )
        .distinct()
    )
    session.execute(
        insert_new(session, OutboxNotice)
        .from_select(["outbox_id", "notice_id"], pairs)
        .on_conflict_do_nothing()
    )


def carried(session: Session, message: OutboxId) -> list[CarriedNotice]:
    """Return the notices on a message; some may have gone to a colleague already."""
    rows = session.execute(
        select(
            Notice.id,
            Notice.duty_id,
            Duty.agency_id,
            Notice.kind,
            Notice.days,
            Notice.last_on,
            Notice.outcome,
        )
        .join(OutboxNotice, OutboxNotice.notice_id == Notice.id)
        .join(Duty, Duty.id == Notice.duty_id)
        .where(OutboxNotice.outbox_id == message)
        .order_by(Notice.id)
    )
    return [
        CarriedNotice(
            each, DutyId(duty), AgencyId(agency), NoticeKind(kind), days, last_on, outcome
        )
        for each, duty, agency, kind, days, last_on, outcome in rows
    ]


def close_open(session: Session, notices: Sequence[int], outcome: str) -> None:
    """Say what became of notices that are still on their way; a first outcome stays."""
    session.execute(
        update(Notice).where(Notice.id.in_(notices), Notice.outcome == "").values(outcome=outcome)
    )


def close_abandoned(session: Session, message: OutboxId, outcome: str) -> None:
    """Close the notices of a message that cannot go, save those on their way to a colleague."""
    another = (
        exists()
        .where(OutboxNotice.notice_id == Notice.id, OutboxNotice.outbox_id != message)
        .where(
            OutboxMessage.id == OutboxNotice.outbox_id,
            OutboxMessage.state.in_((QueueState.WAITING, QueueState.SENDING)),
        )
    )
    own = select(OutboxNotice.notice_id).where(OutboxNotice.outbox_id == message)
    session.execute(
        update(Notice)
        .where(Notice.id.in_(own), Notice.outcome == "", ~another)
        .values(outcome=outcome)
        .execution_options(synchronize_session=False)
    )


def close_unsent(session: Session, notices: Sequence[int], outcome: str) -> None:
    """Say what became of notices that reached nobody, whatever was said of them before."""
    session.execute(
        update(Notice).where(Notice.id.in_(notices), Notice.outcome != SENT).values(outcome=outcome)
    )


def mark_sent(session: Session, notices: Sequence[int], closed_otherwise: Sequence[str]) -> None:
    """Say that notices were sent; of those closed before, only what a colleague's message said."""
    session.execute(
        update(Notice)
        .where(Notice.id.in_(notices), Notice.outcome.in_(["", *closed_otherwise]))
        .values(outcome=SENT)
    )


def waiting_of_activity(
    session: Session, activity: ActivityId, kinds: Collection[NoticeKind]
) -> int:
    """Return how many notices of an activity, of those kinds, are planned and not sent."""
    return len(
        session.scalars(
            select(Notice.id)
            .join(Duty, Notice.duty_id == Duty.id)
            .join(Step, Duty.step_id == Step.id)
            .where(Step.activity_id == activity, Notice.outcome == "", Notice.kind.in_(kinds))
        ).all()
    )


def close_stale(session: Session, plan: PlanId, opening_moved: Collection[ActivityId]) -> int:
    """Close a plan's waiting notices whose date or duty is no longer in force; return how many.

    Those of an opening in `opening_moved` are among them.  One that a try is on its way with, or
    may have arrived with, is left to that try: what LINE accepts counts as told.
    """
    stale = (
        select(Notice.id)
        .join(Duty, Notice.duty_id == Duty.id)
        .join(Step, Duty.step_id == Step.id)
        .join(Activity, Step.activity_id == Activity.id)
        .where(
            Activity.plan_id == plan,
            Notice.outcome == "",
            or_(
                Activity.removed_at.is_not(None),
                Activity.last_on.is_distinct_from(Notice.last_on),
                Duty.is_in_force.is_(False),
                and_(Activity.id.in_(opening_moved), Notice.kind == NoticeKind.OPENS),
            ),
        )
    )
    under_way = (
        exists()
        .where(OutboxNotice.notice_id == Notice.id, OutboxMessage.id == OutboxNotice.outbox_id)
        .where(
            or_(
                OutboxMessage.state == QueueState.SENDING,
                and_(
                    OutboxMessage.state == QueueState.WAITING,
                    OutboxMessage.may_have_arrived.is_(True),
                ),
            )
        )
    )
    closed = session.execute(
        update(Notice)
        .where(Notice.id.in_(stale), ~under_way)
        .values(outcome=MOVED)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


def unload(session: Session, message: OutboxId, notices: Sequence[int]) -> None:
    """Take notices off a message that does not speak of them."""
    session.execute(
        delete(OutboxNotice).where(
            OutboxNotice.outbox_id == message, OutboxNotice.notice_id.in_(notices)
        )
    )


def _has_carrier() -> ColumnElement[bool]:
    return exists().where(OutboxNotice.notice_id == Notice.id)


def _has_reader(at: datetime) -> ColumnElement[bool]:
    return (
        exists()
        .where(Duty.id == Notice.duty_id, PostRow.agency_id == Duty.agency_id)
        .where(PersonRow.id == PostRow.person_id, PersonRow.is_reachable.is_(True))
        .where(is_officer_at(at))
    )
