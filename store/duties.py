"""Queries: duties, the reports that move them, and how many are done."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.orm import Session

from store.models import (
    Activity,
    AgencyRow,
    District,
    Duty,
    Plan,
    RecordEntry,
    Report,
    Review,
    Step,
)
from store.plans import activity_facts
from store.types import (
    FINISHED,
    OF_DUTIES,
    Act,
    ActivityId,
    Actor,
    Agency,
    AgencyId,
    AgencyKind,
    Count,
    DistrictId,
    DutyFacts,
    DutyId,
    DutyState,
    KeptReport,
    PersonId,
    ProvinceId,
    Role,
    StepId,
)

_NOT_APPROVED = [each for each in OF_DUTIES if each is not Act.APPROVED]
_AT_A_TIME = 1000
"""Duties that one statement asks about: no database takes any number of parameters."""
SALT_BYTES = 16
"""Of each report's salt: as many as make guessing hopeless."""


def duty(session: Session, duty_id: DutyId) -> DutyFacts | None:
    """Return a duty, or None when the plan no longer asks for it."""
    return next(iter(_duties(session, Duty.id == duty_id)), None)


def duties_of_agencies(session: Session, agencies: Sequence[AgencyId]) -> list[DutyFacts]:
    """Return every duty in force of those agencies, in the plan's printed order."""
    return _duties(session, Duty.agency_id.in_(agencies))


def move_duty(
    session: Session, duty: DutyFacts, to: DutyState, *, reason: str, at: datetime
) -> bool:
    """Bring a duty from the state it was read in to another; False when somebody was faster."""
    moved = session.scalar(
        update(Duty)
        .where(Duty.id == duty.duty_id, Duty.state == duty.state)
        .values(state=to, reason=reason, changed_at=at)
        .returning(Duty.id)
    )
    return moved is not None


def add_report(
    session: Session,
    duty: DutyFacts,
    person: PersonId,
    state: DutyState,
    *,
    reason: str,
    at: datetime,
    webhook_event_id: str,
    figure: str = "",
    link: str = "",
) -> KeptReport:
    """Keep for ever who moved the duty, by which event."""
    row = Report(
        duty_id=duty.duty_id,
        person_id=person,
        state=state,
        reason=reason,
        reported_at=at,
        webhook_event_id=webhook_event_id,
        salt=token_hex(SALT_BYTES),
        figure=figure,
        link=link,
    )
    session.add(row)
    session.flush()
    return kept_report(row, duty.agency.agency_id)


def last_report(session: Session, duty_id: DutyId) -> tuple[int, PersonId]:
    """Return the newest report on a duty that has one: its id, and who made it."""
    found = select(Report.id, Report.person_id).where(Report.duty_id == duty_id)
    report, person = session.execute(found.order_by(Report.id.desc()).limit(1)).one()
    return report, PersonId(person)


def kept_report(row: Report, agency: AgencyId) -> KeptReport:
    """Return what the row of a report says."""
    is_erased = not (row.salt or row.reason)
    return KeptReport(
        row.id,
        DutyId(row.duty_id),
        agency,
        PersonId(row.person_id),
        row.state,
        row.reason,
        None if is_erased else salted_digest(row.salt, row.reason),
        row.reported_at,
        row.webhook_event_id,
        row.figure,
        _link_digest(row),
    )


def salted_digest(salt: str, text: str) -> str:
    """Return what stands for a text in the record: nobody guesses it without the salt."""
    return sha256(f"{salt}{text}".encode()).hexdigest()


def _link_digest(row: Report) -> str | None:
    if not row.link:
        return ""
    return salted_digest(row.salt, row.link) if row.salt else None


def take_turns(session: Session, steps: Iterable[StepId]) -> None:
    """Have steps to oneself until the transaction ends.

    Reports on a step are then counted one after the other.  Whoever reports on several asks for
    all at once, and gets them in one order, so that no two wait for each other.
    """
    wanted = select(Step.id).where(Step.id.in_(list(steps))).order_by(Step.id)
    session.execute(wanted.with_for_update(key_share=True))


def step_count(session: Session, step: StepId) -> Count:
    """Return how many agencies are done with one step, of how many that have to."""
    row = session.execute(
        select(*_counted()).where(Duty.step_id == step, Duty.is_in_force.is_(True))
    ).one()
    done, total, not_needed = row
    return _count(done, total, not_needed)


def counts_by_activity(
    session: Session, province: ProvinceId, district: DistrictId | None = None
) -> dict[ActivityId, Count]:
    """Return per activity in force how many duties are done, of how many; one district or all."""
    rows = session.execute(
        select(Step.activity_id, *_counted())
        .select_from(Duty)
        .join(Step, Duty.step_id == Step.id)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .where(
            AgencyRow.province_id == province,
            *([] if district is None else [AgencyRow.district_id == district]),
            Duty.is_in_force.is_(True),
        )
        .group_by(Step.activity_id)
    )
    return {ActivityId(each): _count(*counted) for each, *counted in rows}


def unfinished_of_activities(
    session: Session, activities: Sequence[ActivityId], district: DistrictId | None = None
) -> list[DutyFacts]:
    """Return the duties of those activities that are not finished, by district and agency."""
    wanted = and_(
        Step.activity_id.in_(activities),
        Duty.state.not_in(FINISHED),
        *([] if district is None else [AgencyRow.district_id == district]),
    )
    return _duties(session, wanted)


def unreviewed(session: Session, province: ProvinceId) -> list[DutyFacts]:
    """Return the finished duties of the province that nobody has reviewed as they stand."""
    wanted = and_(AgencyRow.province_id == province, Duty.state.in_(FINISHED))
    return [each for each in _duties(session, wanted) if not each.is_reviewed]


def waiting_for_approval(session: Session, province: ProvinceId | None = None) -> list[DutyFacts]:
    """Return every duty that waits for an executive, of one province or of all."""
    of_province = [] if province is None else [AgencyRow.province_id == province]
    return _duties(session, and_(Duty.state == DutyState.REPORTED, *of_province))


def stuck_in_province(session: Session, province: ProvinceId) -> list[DutyFacts]:
    """Return the duties that somebody reported a problem with and that still have it."""
    return _duties(session, and_(AgencyRow.province_id == province, Duty.state == DutyState.STUCK))


def _counted() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    return (
        func.sum(case((Duty.state == DutyState.DONE, 1), else_=0)),
        func.count(Duty.id),
        func.sum(case((Duty.state == DutyState.NOT_NEEDED, 1), else_=0)),
    )


def _count(done: int | None, total: int, not_needed: int | None) -> Count:
    return Count(int(done or 0), total, int(not_needed or 0))


def _duties(session: Session, wanted: ColumnElement[bool]) -> list[DutyFacts]:
    step_counts = (
        select(Step.activity_id, func.count(Step.id).label("count"))
        .where(Step.is_printed.is_(True))
        .group_by(Step.activity_id)
        .subquery()
    )
    rows = session.execute(
        select(Duty, Step, Activity, Plan, AgencyRow, District.name, step_counts.c.count)
        .join(Step, Duty.step_id == Step.id)
        .join(Activity, Step.activity_id == Activity.id)
        .join(step_counts, step_counts.c.activity_id == Activity.id)
        .join(Plan, Activity.plan_id == Plan.id)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .outerjoin(District, AgencyRow.district_id == District.id)
        .where(Duty.is_in_force.is_(True), wanted)
        .order_by(
            Plan.fiscal_year.desc(),
            Activity.position,
            Step.position,
            # An office of the whole province has no district: first, on both databases.
            District.id.nulls_first(),
            AgencyRow.id,
        )
        # Who waited for a turn reads what stands then, not what it read before.
        .execution_options(populate_existing=True)
    ).all()
    newest = _newest_reports(session, [row[0].id for row in rows])
    return [
        DutyFacts(
            duty_id=DutyId(duty.id),
            activity=activity_facts(activity, plan),
            step_id=StepId(step.id),
            step_number=step.position,
            step_count=count,
            step_title=step.title,
            actor=Actor(step.actor),
            agency=Agency(
                AgencyId(agency.id),
                ProvinceId(agency.province_id),
                agency.name,
                AgencyKind(agency.kind),
                district or "",
                None if agency.district_id is None else DistrictId(agency.district_id),
            ),
            state=DutyState(duty.state),
            reason=duty.reason,
            changed_at=duty.changed_at,
            figure=report.figure,
            link=report.link,
            is_on_behalf=report.by == Role.DISTRICT,
            report_id=report.report_id,
            is_reviewed=report.is_reviewed,
            needs_evidence=step.needs_evidence,
        )
        for duty, step, activity, plan, agency, district, count in rows
        for report in [newest.get(duty.id, _NO_REPORT)]
    ]


@dataclass(frozen=True, slots=True)
class _Newest:
    """What the newest report on a duty says; `by` is the role that made it the agency's."""

    report_id: int | None
    figure: str
    link: str
    is_reviewed: bool
    by: str


_NO_REPORT = _Newest(None, "", "", is_reviewed=False, by="")


def _newest_reports(session: Session, duties: Sequence[int]) -> dict[int, _Newest]:
    """Return what the newest report on each of the duties says; those without are not in it.

    Asked apart from the duties: joined to them, PostgreSQL reads all reports that there are.
    """
    found: dict[int, _Newest] = {}
    for start in range(0, len(duties), _AT_A_TIME):
        some = duties[start : start + _AT_A_TIME]
        by = _acted_as(session, some)
        newest = select(func.max(Report.id)).where(Report.duty_id.in_(some))
        rows = session.execute(
            select(Report.duty_id, Report.id, Report.figure, Report.link, Review.id)
            .outerjoin(Review, Review.report_id == Report.id)
            .where(Report.id.in_(newest.group_by(Report.duty_id)))
        )
        for duty, report, figure, link, review in rows:
            is_reviewed = review is not None
            found[duty] = _Newest(report, figure, link, is_reviewed, by.get(duty, ""))
    return found


def _acted_as(session: Session, duties: Sequence[int]) -> dict[int, str]:
    """Return by which role the newest entry of each duty was made that was the agency's act.

    An approval is left out, as it makes nobody's report the agency's own.
    """
    newest = select(func.max(RecordEntry.id)).where(
        RecordEntry.duty_id.in_(duties), RecordEntry.act.in_(_NOT_APPROVED)
    )
    rows = session.execute(
        select(RecordEntry.duty_id, RecordEntry.details).where(
            RecordEntry.id.in_(newest.group_by(RecordEntry.duty_id))
        )
    )
    return {duty: _by_of(details) for duty, details in rows if duty is not None}


def _by_of(details: str) -> str:
    """Return the role that an entry's details name, "" where they name none."""
    try:
        found = json.loads(details)
    except ValueError:  # none, or overwritten with what is no JSON
        return ""
    return str(found.get("by", "")) if isinstance(found, dict) else ""
