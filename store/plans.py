"""Queries: plans in force, their activities, parties and steps, and the duties they make."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import (
    Activity,
    ActivityParty,
    AgencyRow,
    Duty,
    Plan,
    PlanVersion,
    Step,
)
from store.types import (
    LOCAL_KINDS,
    MUNICIPALITIES,
    ActivityDraft,
    ActivityFacts,
    ActivityId,
    Actor,
    AgencyId,
    AgencyKind,
    DutyState,
    FiscalYear,
    PartyDraft,
    PartyKind,
    PlanId,
    ProvinceId,
    StepDraft,
    StepId,
    Window,
)

AGENCIES_OF_PARTY: dict[PartyKind, frozenset[AgencyKind]] = {
    PartyKind.EVERY_LOCAL: LOCAL_KINDS,
    PartyKind.EVERY_MUNICIPALITY: MUNICIPALITIES,
    PartyKind.EVERY_SAO: frozenset({AgencyKind.SAO}),
    PartyKind.EVERY_REGIONAL: frozenset({AgencyKind.REGIONAL_OFFICE}),
    PartyKind.PROVINCIAL_OFFICE: frozenset({AgencyKind.PROVINCIAL_OFFICE}),
    PartyKind.LOCAL_ADMINISTRATION_OFFICE: frozenset({AgencyKind.LOCAL_ADMINISTRATION_OFFICE}),
    PartyKind.WORKING_GROUP: frozenset({AgencyKind.WORKING_GROUP}),
}
"""Which agencies of the province a party stands for; the other kinds make no duties."""


def plan_in_force(
    session: Session, province: ProvinceId, fiscal_year: FiscalYear
) -> tuple[PlanId, int] | None:
    """Return the plan of that fiscal year (BE) and its version, or None."""
    row = session.execute(
        select(Plan.id, Plan.version).where(
            Plan.province_id == province, Plan.fiscal_year == fiscal_year, Plan.version > 0
        )
    ).one_or_none()
    return None if row is None else (PlanId(row[0]), row[1])


def lock_plan(
    session: Session, province: ProvinceId, fiscal_year: FiscalYear
) -> tuple[PlanId, int]:
    """Keep others from changing a plan until the transaction ends; return its version in force.

    A plan that is new has version 0: it is in force from `keep_version` on.
    """
    session.execute(
        insert_new(session, Plan)
        .values(province_id=province, fiscal_year=fiscal_year, title="", version=0)
        .on_conflict_do_nothing()
    )
    row = session.execute(
        select(Plan.id, Plan.version)
        .where(Plan.province_id == province, Plan.fiscal_year == fiscal_year)
        .with_for_update()
    ).one()
    return PlanId(row[0]), row[1]


def lock_activities(session: Session, plan: PlanId) -> None:
    """Keep others from telling of a plan's activities, gone ones too, until the transaction ends.

    In the order of their ids, as `told.lock_activities` does: two who wait for each other in
    different orders wait for ever.
    """
    session.execute(
        select(Activity.id)
        .where(Activity.plan_id == plan)
        .order_by(Activity.id)
        .with_for_update(key_share=True)
    ).all()


def keep_version(
    session: Session, plan: PlanId, version: int, title: str, content: dict[str, Any], at: datetime
) -> None:
    """Put that version of a locked plan in force, and keep what it said, as it was read."""
    session.execute(update(Plan).where(Plan.id == plan).values(title=title, version=version))
    session.add(PlanVersion(plan_id=plan, version=version, content=content, in_force_at=at))
    session.flush()


def version_content(session: Session, plan: PlanId, version: int) -> dict[str, Any] | None:
    """Return what that version of the plan said, as it was kept, or None."""
    return session.scalar(
        select(PlanVersion.content).where(
            PlanVersion.plan_id == plan, PlanVersion.version == version
        )
    )


def versions(session: Session, plan: PlanId) -> list[tuple[int, datetime, dict[str, Any]]]:
    """Return every version of the plan, the first one first: since when, and what it said."""
    rows = session.execute(
        select(PlanVersion.version, PlanVersion.in_force_at, PlanVersion.content)
        .where(PlanVersion.plan_id == plan)
        .order_by(PlanVersion.version)
    )
    return [(version, in_force_at, content) for version, in_force_at, content in rows]


def plan_title(session: Session, plan: PlanId) -> str:
    """Return the heading of the plan in force."""
    return session.execute(select(Plan.title).where(Plan.id == plan)).scalar_one()


def drafts_in_force(session: Session, plan: PlanId) -> dict[ActivityId, ActivityDraft]:
    """Return what is in force in printed order, in the shape in which a plan is read."""
    return _drafts(session, plan, Activity.removed_at.is_(None))


def drafts_removed(session: Session, plan: PlanId) -> dict[ActivityId, ActivityDraft]:
    """Return what was in force in that plan and is no longer, in the same shape."""
    return _drafts(session, plan, Activity.removed_at.is_not(None))


def _drafts(
    session: Session, plan: PlanId, wanted: ColumnElement[bool]
) -> dict[ActivityId, ActivityDraft]:
    activities = session.scalars(
        select(Activity)
        .where(Activity.plan_id == plan, wanted)
        .order_by(Activity.position, Activity.id)
        .execution_options(populate_existing=True)
    ).all()
    ids = [activity.id for activity in activities]
    steps: dict[int, list[StepDraft]] = {}
    for step in session.scalars(
        select(Step)
        .where(Step.activity_id.in_(ids), Step.is_printed.is_(True))
        .order_by(Step.position)
    ):
        steps.setdefault(step.activity_id, []).append(StepDraft(step.title, Actor(step.actor)))
    parties: dict[int, list[PartyDraft]] = {}
    for party in session.scalars(
        select(ActivityParty)
        .where(ActivityParty.activity_id.in_(ids))
        .order_by(ActivityParty.position)
    ):
        parties.setdefault(party.activity_id, []).append(
            PartyDraft(PartyKind(party.kind), party.printed)
        )
    return {
        ActivityId(row.id): ActivityDraft(
            number=row.number,
            printed_number=row.printed_number,
            title=row.title,
            steps=tuple(steps.get(row.id, ())),
            window=_window(row),
            window_text=row.window_text,
            parties=tuple(parties.get(row.id, ())),
            responsible_text=row.responsible_text,
            activity_id=ActivityId(row.id),
        )
        for row in activities
    }


def add_activity(
    session: Session,
    plan: PlanId,
    draft: ActivityDraft,
    *,
    position: int,
    version: int,
) -> None:
    """Put a new activity in force; `name_agencies` then finds its parties printed by name."""
    row = Activity(plan_id=plan, **_columns(draft, position, version))
    session.add(row)
    session.flush()
    _keep_parties(session, row.id, draft)
    _keep_steps(session, row.id, draft)


def change_activity(
    session: Session,
    activity: ActivityId,
    draft: ActivityDraft,
    *,
    position: int,
    version: int,
) -> None:
    """Rewrite an activity in force, to be followed as a new one; its duties keep their reports."""
    session.execute(
        update(Activity).where(Activity.id == activity).values(**_columns(draft, position, version))
    )
    session.execute(delete(ActivityParty).where(ActivityParty.activity_id == activity))
    _keep_parties(session, activity, draft)
    _keep_steps(session, activity, draft)


def place_activities(session: Session, plan: PlanId, positions: Mapping[str, int]) -> None:
    """Put the activities in force in printed order; a moved line alone makes no new revision."""
    for number, position in positions.items():
        session.execute(
            update(Activity)
            .where(
                Activity.plan_id == plan,
                Activity.number == number,
                Activity.removed_at.is_(None),
                Activity.position != position,
            )
            .values(position=position)
        )


def remove_activity(session: Session, activity: ActivityId, at: datetime) -> None:
    """Take an activity out of force; it is asked for and reminded of no more."""
    session.execute(update(Activity).where(Activity.id == activity).values(removed_at=at))


def printed_names(session: Session, province: ProvinceId) -> list[str]:
    """Return each name that a party in force is printed by, in all the province's plans."""
    named = select(ActivityParty.printed).where(ActivityParty.id.in_(_named_parties(province)))
    # Sorted here, as each database sorts Thai by rules of its own.
    return sorted(session.scalars(named.distinct()))


def name_agencies(session: Session, province: ProvinceId, named: Mapping[str, AgencyId]) -> None:
    """Let each party in force that is printed by a name stand for the agency that bears it now.

    A name that is not in `named` stands for nobody.  `spread_duties` has to follow.
    """
    for printed in printed_names(session, province):
        session.execute(
            update(ActivityParty)
            .where(ActivityParty.id.in_(_named_parties(province)), ActivityParty.printed == printed)
            .values(agency_id=named.get(printed))
            .execution_options(synchronize_session=False)
        )


def spread_duties(session: Session, province: ProvinceId) -> None:
    """Give every agency of the province its share of each step in force, and only of those.

    Two statements for all: 8,300 agencies times 18 activities take a second, not minutes.
    """
    stands_for = or_(
        *(
            and_(ActivityParty.kind == kind, AgencyRow.kind.in_(kinds))
            for kind, kinds in AGENCIES_OF_PARTY.items()
        ),
        ActivityParty.agency_id == AgencyRow.id,
    )
    shares = (
        select(Step.id, AgencyRow.id)
        .join(Activity, Step.activity_id == Activity.id)
        .join(Plan, Activity.plan_id == Plan.id)
        .join(ActivityParty, ActivityParty.activity_id == Activity.id)
        .join(AgencyRow, and_(AgencyRow.province_id == Plan.province_id, stands_for))
        .where(
            Plan.province_id == province,
            Activity.removed_at.is_(None),
            AgencyRow.closed_at.is_(None),
            Step.is_printed.is_(True),
            Step.actor != Actor.OUTSIDE,
        )
        .distinct()
    )
    agencies = select(AgencyRow.id).where(AgencyRow.province_id == province)
    is_share = tuple_(Duty.step_id, Duty.agency_id).in_(shares)
    # Only what changes is written: PostgreSQL would make every row anew.
    session.execute(
        update(Duty)
        .where(Duty.agency_id.in_(agencies), Duty.is_in_force != is_share)
        .values(is_in_force=~Duty.is_in_force)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert_new(session, Duty)
        .from_select(
            ["step_id", "agency_id", "state", "reason", "is_in_force"],
            shares.add_columns(literal(DutyState.OPEN.value), literal(""), true()),
        )
        .on_conflict_do_nothing()
    )


def activities(session: Session, province: ProvinceId) -> list[ActivityFacts]:
    """Return every activity of the province that is in force, in printed order."""
    return _facts(session, Plan.province_id == province)


def steps(session: Session, activity: ActivityId) -> dict[int, StepId]:
    """Return the steps of an activity that the plan prints, by their places from 1 on."""
    rows = session.execute(
        select(Step.position, Step.id)
        .where(Step.activity_id == activity, Step.is_printed.is_(True))
        .order_by(Step.position)
    )
    return {position: StepId(each) for position, each in rows}


def activities_with_window(session: Session) -> list[ActivityFacts]:
    """Return every activity in force on this installation that has a window."""
    return _facts(session, Activity.last_on.is_not(None))


def activity_printed(session: Session, activity: ActivityId) -> tuple[str, str]:
    """Return the window and the responsible parties of an activity as printed."""
    row = session.execute(
        select(Activity.window_text, Activity.responsible_text).where(Activity.id == activity)
    ).one()
    return row[0], row[1]


def _named_parties(province: ProvinceId) -> Select[int]:
    return (
        select(ActivityParty.id)
        .join(Activity, ActivityParty.activity_id == Activity.id)
        .join(Plan, Activity.plan_id == Plan.id)
        .where(
            Plan.province_id == province,
            Activity.removed_at.is_(None),
            ActivityParty.kind == PartyKind.NAMED,
        )
    )


def _facts(session: Session, wanted: ColumnElement[bool]) -> list[ActivityFacts]:
    rows = session.execute(
        select(Activity, Plan)
        .join(Plan, Activity.plan_id == Plan.id)
        .where(Activity.removed_at.is_(None), wanted)
        .order_by(Plan.fiscal_year.desc(), Activity.position)
    )
    return [activity_facts(row, plan) for row, plan in rows]


def activity_facts(row: Activity, plan: Plan) -> ActivityFacts:
    """Make the frozen value of an activity's row."""
    return ActivityFacts(
        ActivityId(row.id),
        PlanId(plan.id),
        ProvinceId(plan.province_id),
        FiscalYear(plan.fiscal_year),
        row.number,
        row.title,
        _window(row),
        row.revision,
    )


def _window(row: Activity) -> Window | None:
    return None if row.last_on is None else Window(row.first_on, row.last_on)


def _columns(draft: ActivityDraft, position: int, version: int) -> dict[str, Any]:
    return {
        "position": position,
        "number": draft.number,
        "printed_number": draft.printed_number,
        "title": draft.title,
        "window_text": draft.window_text,
        "first_on": draft.window.first if draft.window else None,
        "last_on": draft.window.last if draft.window else None,
        "responsible_text": draft.responsible_text,
        "revision": version,
        "removed_at": None,
    }


def _keep_parties(session: Session, activity: int, draft: ActivityDraft) -> None:
    for position, party in enumerate(draft.parties, start=1):
        session.add(
            ActivityParty(
                activity_id=activity,
                position=position,
                kind=party.kind,
                printed=party.text,
                agency_id=None,
            )
        )
    session.flush()


def _keep_steps(session: Session, activity: int, draft: ActivityDraft) -> None:
    session.execute(update(Step).where(Step.activity_id == activity).values(is_printed=False))
    for position, step in enumerate(draft.steps, start=1):
        printed = {"title": step.title, "actor": step.actor, "is_printed": True}
        insert = insert_new(session, Step).values(
            activity_id=activity, position=position, **printed
        )
        session.execute(
            insert.on_conflict_do_update(index_elements=["activity_id", "position"], set_=printed)
        )
