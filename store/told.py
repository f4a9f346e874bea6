"""Queries: which last day of an activity each person was told last, and to whom another is owed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from store.agencies import agency
from store.database import insert_new
from store.models import (
    Activity,
    Duty,
    Notice,
    OutboxCorrection,
    OutboxMessage,
    OutboxNotice,
    PersonRow,
    Plan,
    PostRow,
    Step,
    Told,
)
from store.people import is_officer_at
from store.plans import activity_facts
from store.types import (
    FINISHED,
    ActivityId,
    AgencyId,
    Correction,
    OutboxId,
    PersonId,
    PlanId,
)


def lock_activities(session: Session, messages: Collection[OutboxId]) -> None:
    """Keep the dates that those messages speak of as they are until the transaction ends.

    Whoever moves one at the same time waits, or has moved it before this returns.
    """
    spoken_of = select(Step.activity_id).join(Duty).join(Notice).join(OutboxNotice)
    corrected = select(OutboxCorrection.activity_id)
    session.execute(
        select(Activity.id)
        .where(
            or_(
                Activity.id.in_(spoken_of.where(OutboxNotice.outbox_id.in_(messages))),
                Activity.id.in_(corrected.where(OutboxCorrection.outbox_id.in_(messages))),
            )
        )
        .order_by(Activity.id)
        .with_for_update(read=True)
    ).all()


def tell(session: Session, message: OutboxId) -> None:
    """Remember what a message told that LINE accepted; what was worded later stays."""
    by_notices = (
        select(
            OutboxMessage.person_id,
            Duty.agency_id,
            Step.activity_id,
            func.max(Notice.last_on),
            func.max(OutboxMessage.first_try_at),
        )
        .join(OutboxNotice, OutboxNotice.outbox_id == OutboxMessage.id)
        .join(Notice, Notice.id == OutboxNotice.notice_id)
        .join(Duty, Duty.id == Notice.duty_id)
        .join(Step, Step.id == Duty.step_id)
        .where(OutboxMessage.id == message, OutboxMessage.person_id.is_not(None))
        .group_by(OutboxMessage.person_id, Duty.agency_id, Step.activity_id)
    )
    by_correction = (
        select(
            OutboxMessage.person_id,
            OutboxCorrection.agency_id,
            OutboxCorrection.activity_id,
            OutboxCorrection.last_on,
            OutboxMessage.first_try_at,
        )
        .join(OutboxCorrection, OutboxCorrection.outbox_id == OutboxMessage.id)
        .where(OutboxMessage.id == message, OutboxMessage.person_id.is_not(None))
    )
    _tell(session, by_notices, says_that_it_moved=False)
    _tell(session, by_correction, says_that_it_moved=True)


def _tell(session: Session, said: Select[*tuple[Any, ...]], *, says_that_it_moved: bool) -> None:
    new = insert_new(session, Told).from_select(
        ["person_id", "agency_id", "activity_id", "last_on", "told_at"], said
    )
    excluded = new.excluded
    is_other = Told.last_on.is_distinct_from(excluded.last_on)
    unsaid = {
        "is_unsaid": or_(Told.is_unsaid, is_other),
        "before_on": case((Told.is_unsaid, Told.before_on), else_=Told.last_on),
    }
    session.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "agency_id", "activity_id"],
            set_={
                "last_on": excluded.last_on,
                "told_at": excluded.told_at,
                **({"is_unsaid": false(), "before_on": None} if says_that_it_moved else unsaid),
            },
            where=Told.told_at <= excluded.told_at,
        )
    )


def word_correction(session: Session, message: OutboxId, said: Collection[Correction]) -> None:
    """Keep what a correction says, for when LINE has accepted it."""
    session.execute(delete(OutboxCorrection).where(OutboxCorrection.outbox_id == message))
    session.execute(
        insert(OutboxCorrection),
        [
            {
                "outbox_id": message,
                "agency_id": each.agency.agency_id,
                "activity_id": each.activity.activity_id,
                "last_on": each.last_on,
            }
            for each in said
        ],
    )


def owed_to(session: Session, person: PersonId, *, at: datetime) -> list[Correction]:
    """Return what a person has to be told otherwise, for the agencies they answer for now."""
    rows = session.execute(
        select(Told, Activity, Plan)
        .join(Activity, Told.activity_id == Activity.id)
        .join(Plan, Activity.plan_id == Plan.id)
        .where(Told.person_id == person, _is_owed(), _answers_for(at))
        .order_by(Plan.fiscal_year, Activity.position, Told.agency_id)
    )
    return [_owed(session, row, activity, plan) for row, activity, plan in rows]


def people_owed(
    session: Session, *, at: datetime, plan: PlanId | None = None, message: OutboxId | None = None
) -> list[tuple[PersonId, str]]:
    """Return who has to be told otherwise, with their LINE user ids.

    Of everybody told of that plan, or the one whom that message told.
    """
    people = (
        select(PersonRow.id, PersonRow.line_user_id)
        .join(Told, Told.person_id == PersonRow.id)
        .join(Activity, Told.activity_id == Activity.id)
        .where(PersonRow.is_reachable.is_(True), _is_owed(), _answers_for(at))
    )
    if plan is not None:
        people = people.where(Activity.plan_id == plan)
    if message is not None:
        people = people.join(OutboxMessage, OutboxMessage.person_id == PersonRow.id).where(
            OutboxMessage.id == message
        )
    rows = session.execute(people.order_by(PersonRow.id).distinct())
    return [(PersonId(each), line_user_id) for each, line_user_id in rows]


def days_told(
    session: Session, activities: Collection[ActivityId]
) -> dict[AgencyId, list[tuple[ActivityId, date | None]]]:
    """Return which last days of these activities the people of each agency were told."""
    rows = session.execute(
        select(Told.agency_id, Told.activity_id, Told.last_on)
        .where(Told.activity_id.in_(activities))
        .distinct()
    )
    days: dict[AgencyId, list[tuple[ActivityId, date | None]]] = {}
    for agency_id, activity, last_on in rows:
        days.setdefault(AgencyId(agency_id), []).append((ActivityId(activity), last_on))
    return days


def _duties() -> Select[int]:
    return (
        select(Duty.id)
        .join(Step, Duty.step_id == Step.id)
        .where(
            Step.activity_id == Told.activity_id,
            Duty.agency_id == Told.agency_id,
            Duty.is_in_force.is_(True),
        )
        .correlate(Told)
    )


def _is_asked() -> ColumnElement[bool]:
    return and_(Activity.removed_at.is_(None), exists(_duties()))


def _is_owed() -> ColumnElement[bool]:
    true_now = case((_is_asked(), Activity.last_on), else_=null())
    return or_(
        Told.last_on.is_distinct_from(true_now),
        and_(Told.is_unsaid, Told.before_on.is_distinct_from(true_now)),
    )


def _answers_for(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        PostRow.person_id == Told.person_id, PostRow.agency_id == Told.agency_id, is_officer_at(at)
    )


def _owed(session: Session, row: Told, activity: Activity, plan: Plan) -> Correction:
    mine = session.scalars(
        select(Duty.state)
        .join(Step, Duty.step_id == Step.id)
        .where(
            Step.activity_id == row.activity_id,
            Duty.agency_id == row.agency_id,
            Duty.is_in_force.is_(True),
        )
    ).all()
    is_gone = activity.removed_at is not None or not mine
    return Correction(
        activity_facts(activity, plan),
        agency(session, AgencyId(row.agency_id)),
        row.before_on if row.is_unsaid else row.last_on,
        None if is_gone else activity.last_on,
        is_gone,
        is_done=bool(mine) and all(state in FINISHED for state in mine),
    )
