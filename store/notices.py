"""Queries: reminders planned once for ever, and the messages that carry them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
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
    Quiet,
    Step,
    Topic,
)
from store.people import is_officer_at
from store.quiet import active_at
from store.types import (
    AT_REST,
    FINISHED,
    ActivityId,
    AgencyId,
    DutyId,
    NoticeKind,
    OutboxId,
    PersonId,
    PlanId,
    ProvinceId,
    QuietKind,
    Reason,
)

PASSING = (Reason.MOVED, Reason.DONE, Reason.APPROVAL, Reason.MUTED, Reason.PAUSED)
"""Why a notice was held back that goes out after all where this has passed."""


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


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """What was decided of one offset of a duty; no outcome where it is on its way."""

    duty_id: DutyId
    kind: NoticeKind
    days: int
    last_on: date
    planned_on: date
    outcome: Reason | None


@dataclass(frozen=True, slots=True)
class Spread:
    """One offset of one deadline of an activity, to be decided for each of its duties.

    `held` is why nobody is reminded of it whatever their duty, None where that is looked at.
    """

    activity: ActivityId
    kind: NoticeKind
    days: int
    last_on: date
    held: Reason | None = None


def plan_notices(session: Session, due: Sequence[Spread], *, today: date, at: datetime) -> int:
    """Decide offsets that are due for every duty of their activities; return how many were new.

    Each gets a row: on its way, or with the reason why nobody is reminded of it.  What was decided
    before, on any day, stays, but for what was held back by something that has passed: then it is
    on its way after all.  One statement does all: for a country, one an activity took seconds.
    """
    if not due:
        return 0
    rows = _rows(session, due)
    outcome = _decision(today, at, held=rows.c.held)
    passed = (
        _duties(rows)
        .with_only_columns(Notice.id)
        .join(Notice, and_(Notice.duty_id == Duty.id, *_is_of(rows)))
        .where(Notice.outcome.in_(PASSING), outcome == "")
    )
    revived = session.scalars(
        update(Notice)
        .where(Notice.id.in_(passed), ~_under_way())
        .values(outcome="", planned_on=today)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    if revived:
        session.execute(delete(OutboxNotice).where(OutboxNotice.notice_id.in_(revived)))
    return _spread(session, rows, _duties(rows), outcome, today) + len(revived)


def undecided(session: Session, offsets: Sequence[Spread]) -> list[Spread]:
    """Return those of the offsets that were not yet decided for any duty, in the order given."""
    if not offsets:
        return []
    rows = _rows(session, offsets)
    decided = (
        exists()
        .where(Step.activity_id == rows.c.activity_id, Duty.step_id == Step.id)
        .where(Notice.duty_id == Duty.id, *_is_of(rows))
    )
    found = session.scalars(select(rows.c.n).where(~decided).order_by(rows.c.n))
    return [offsets[each] for each in found]


def close_unplanned(session: Session, offsets: Sequence[Spread], *, today: date) -> None:
    """Keep of offsets, by what holds each, why they go to nobody."""
    if offsets:
        rows = _rows(session, offsets)
        _spread(session, rows, _duties(rows), rows.c.held, today)


def promises_over(session: Session, *, today: date) -> list[tuple[ProvinceId, date, Spread]]:
    """Return what is due as promises made for days before today passed: where, for which day."""
    over = (
        select(Quiet.province_id, Quiet.until_on, Activity.id, Activity.last_on)
        .join(Duty, Quiet.duty_id == Duty.id)
        .join(Step, Duty.step_id == Step.id)
        .join(Activity, Step.activity_id == Activity.id)
        .where(
            Quiet.kind == QuietKind.PROMISE,
            Quiet.ended_at.is_(None),
            Quiet.until_on < today,
            Activity.removed_at.is_(None),
        )
        .distinct()
    )
    return [
        (
            ProvinceId(province),
            until_on,
            Spread(ActivityId(each), NoticeKind.PROMISE, (until_on - last_on).days, last_on),
        )
        for province, until_on, each, last_on in session.execute(over)
        if last_on is not None
    ]


def plan_promised(
    session: Session, what: Spread, until_on: date, *, today: date, at: datetime
) -> int:
    """Decide the reminder of the duties of an activity that were promised for a day; how many."""
    promised = select(Quiet.duty_id).where(
        Quiet.kind == QuietKind.PROMISE, Quiet.ended_at.is_(None), Quiet.until_on == until_on
    )
    rows = _rows(session, [what])
    outcome = _decision(today, at, held=rows.c.held)
    return _spread(session, rows, _duties(rows).where(Duty.id.in_(promised)), outcome, today)


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
    """Return who has notices that no message carries, and no open message, with LINE user ids."""
    open_reminder = exists().where(
        OutboxMessage.person_id == PersonRow.id,
        OutboxMessage.topic == Topic.REMINDER,
        OutboxMessage.state == QueueState.WAITING,
        OutboxMessage.may_have_arrived.is_(False),
    )
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
            ~open_reminder,
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


def of_duties(session: Session, duties: Collection[DutyId]) -> list[KeptNotice]:
    """Return all that was decided of duties, the oldest decision first."""
    wanted = select(*_KEPT).where(Notice.duty_id.in_(duties)).order_by(Notice.id)
    return [_kept(*row) for row in session.execute(wanted)]


def last_sent(session: Session, person: PersonId) -> tuple[datetime, list[KeptNotice]] | None:
    """Return when a reminder was last sent to somebody (UTC), and of what; None for never."""
    last = session.execute(
        select(OutboxMessage.id, OutboxMessage.finished_at)
        .where(
            OutboxMessage.person_id == person,
            OutboxMessage.topic == Topic.REMINDER,
            OutboxMessage.state == QueueState.DONE,
        )
        .order_by(OutboxMessage.finished_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last[1] is None:
        return None
    of_message = (
        select(*_KEPT)
        .join(OutboxNotice, OutboxNotice.notice_id == Notice.id)
        .where(OutboxNotice.outbox_id == last[0], Notice.outcome == Reason.SENT)
        .order_by(Notice.id)
    )
    return last[1], [_kept(*row) for row in session.execute(of_message)]


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
        update(Notice)
        .where(Notice.id.in_(notices), Notice.outcome != Reason.SENT)
        .values(outcome=outcome)
    )


def mark_sent(session: Session, notices: Sequence[int], closed_otherwise: Sequence[str]) -> None:
    """Say that notices were sent; of those closed before, only what a colleague's message said."""
    session.execute(
        update(Notice)
        .where(Notice.id.in_(notices), Notice.outcome.in_(["", *closed_otherwise]))
        .values(outcome=Reason.SENT)
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
    closed = session.execute(
        update(Notice)
        .where(Notice.id.in_(stale), ~_under_way())
        .values(outcome=Reason.MOVED)
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


_KEPT = (
    Notice.duty_id,
    Notice.kind,
    Notice.days,
    Notice.last_on,
    Notice.planned_on,
    Notice.outcome,
)


def _kept(
    duty: int, kind: str, days: int, last_on: date, planned_on: date, outcome: str
) -> KeptNotice:
    reason = Reason(outcome) if outcome else None
    return KeptNotice(DutyId(duty), NoticeKind(kind), days, last_on, planned_on, reason)


def _rows(session: Session, offsets: Sequence[Spread]) -> FromClause:
    """Return the offsets as a table: one parameter carries all, as VALUES take longer to build."""
    data = [
        {
            "n": number,
            "activity_id": each.activity,
            "kind": each.kind,
            "days": each.days,
            "last_on": each.last_on.isoformat(),
            "held": each.held or "",
        }
        for number, each in enumerate(offsets)
    ]
    if session.get_bind().dialect.name == "sqlite":
        row = func.json_each(json.dumps(data)).table_valued("value").c.value
        taken = [
            type_coerce(func.json_extract(row, f"$.{each.name}"), each.type).label(each.name)
            for each in _COLUMNS
        ]
        return select(*taken).subquery("due")
    typed = [column(each.name, each.type) for each in _COLUMNS]
    made = func.jsonb_to_recordset(literal(data, JSONB)).table_valued(*typed)
    return made.render_derived(name="due", with_types=True)


_COLUMNS = (
    column("n", Integer),
    column("activity_id", Integer),
    column("kind", String),
    column("days", Integer),
    column("last_on", Date),
    column("held", String),
)


def _duties(rows: FromClause) -> Select[int]:
    return (
        select(Duty.id)
        .select_from(rows)
        .join(Step, Step.activity_id == rows.c.activity_id)
        .join(Duty, Duty.step_id == Step.id)
        .where(Duty.is_in_force.is_(True))
    )


def _is_of(rows: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (
        Notice.kind == rows.c.kind,
        Notice.days == rows.c.days,
        Notice.last_on == rows.c.last_on,
    )


def _decision(today: date, at: datetime, *, held: ColumnElement[str]) -> ColumnElement[str]:
    """Return what is decided of a duty that an offset is due for: "" where it is reminded of."""
    in_force = active_at(today)
    reached = (
        select(PostRow.agency_id)
        .join(PersonRow, PersonRow.id == PostRow.person_id)
        .where(PostRow.agency_id.is_not(None), PersonRow.is_reachable.is_(True), is_officer_at(at))
    )
    muted = select(Quiet.agency_id).where(Quiet.kind == QuietKind.MUTE, *in_force)
    promised = select(Quiet.duty_id).where(Quiet.kind == QuietKind.PROMISE, *in_force)
    return case(
        (Duty.state.in_(FINISHED), Reason.DONE.value),
        (Duty.state.in_(AT_REST), Reason.APPROVAL.value),
        (held != "", held),
        (Duty.agency_id.in_(muted), Reason.MUTED.value),
        (Duty.id.in_(promised), Reason.PROMISED.value),
        (Duty.agency_id.not_in(reached), Reason.NO_CONTACT.value),
        else_="",
    )


def _spread(
    session: Session,
    rows: FromClause,
    duties: Select[int],
    outcome: ColumnElement[str],
    today: date,
) -> int:
    """Write a row for each of the duties that has none of its offset: one statement."""
    decided = exists().where(Notice.duty_id == Duty.id, *_is_of(rows))
    wanted = duties.where(~decided).add_columns(
        rows.c.kind, rows.c.days, rows.c.last_on, literal(today), outcome
    )
    written = session.connection().execute(
        insert_new(session, Notice)
        .from_select(["duty_id", "kind", "days", "last_on", "planned_on", "outcome"], wanted)
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )
    return written.rowcount


def _under_way() -> ColumnElement[bool]:
    """Whether a message that may have reached LINE carries the notice, and nobody knows yet."""
    return (
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
