"""Values and rows with sensible defaults, so that a test names only what it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from handlers import agency_import, codes
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes
from store import agencies, duties, people, plans
from store.database import Session, transaction
from store.types import (
    ActivityDraft,
    ActivityFacts,
    ActivityId,
    Actor,
    Agency,
    AgencyId,
    AgencyKind,
    DistrictId,
    DutyFacts,
    DutyId,
    DutyState,
    FiscalYear,
    Invited,
    PartyDraft,
    PartyKind,
    PlanDraft,
    PlanId,
    Post,
    ProvinceId,
    Role,
    StepDraft,
    StepId,
    Window,
)
from tests.stage import Stage

JANUARY = Window(date(2024, 1, 1), date(2024, 1, 31))
NOON = datetime(2024, 1, 3, 5, tzinfo=UTC)
"""Wednesday 3 January 2567, noon in Bangkok."""
YEAR = FiscalYear(2567)
SAMPLES = Path("handlers/plan_files/samples")


def make_agency(
    agency_id: int = 1,
    name: str = "เทศบาลตำบลแม่แรม",
    kind: AgencyKind = AgencyKind.SUBDISTRICT_MUNICIPALITY,
    district: str = "แม่ริม",
    province: int = 1,
    district_id: int | None = None,
) -> Agency:
    return Agency(
        AgencyId(agency_id),
        ProvinceId(province),
        name,
        kind,
        district,
        None if district_id is None else DistrictId(district_id),
    )


def make_activity(
    number: str = "3",
    title: str = "ลงทะเบียนเข้าสู่ระบบ ITAS",
    window: Window | None = JANUARY,
    *,
    activity_id: int = 1,
    fiscal_year: int = 2567,
    revision: int = 1,
) -> ActivityFacts:
    return ActivityFacts(
        ActivityId(activity_id),
        PlanId(1),
        ProvinceId(1),
        FiscalYear(fiscal_year),
        number,
        title,
        window,
        revision,
    )


def make_duty(
    duty_id: int = 1,
    activity: ActivityFacts | None = None,
    agency: Agency | None = None,
    state: DutyState = DutyState.OPEN,
    *,
    reason: str = "",
    changed_at: datetime | None = None,
    step: int = 1,
    steps: int = 1,
    actor: Actor = Actor.AGENCY,
) -> DutyFacts:
    return DutyFacts(
        duty_id=DutyId(duty_id),
        activity=activity or make_activity(),
        step_id=StepId(step),
        step_number=step,
        step_count=steps,
        step_title=f"ขั้นตอนย่อยที่ {step}",
        actor=actor,
        agency=agency or make_agency(),
        state=state,
        reason=reason,
        changed_at=changed_at,
    )


def make_post(
    role: Role = Role.OFFICER,
    agency: int | None = None,
    district: int | None = None,
    province: int = 1,
) -> Post:
    return Post(
        role,
        ProvinceId(province),
        None if district is None else DistrictId(district),
        None if agency is None else AgencyId(agency),
    )


def make_draft(
    number: str = "3",
    title: str = "ลงทะเบียนเข้าสู่ระบบ ITAS",
    window: Window | None = JANUARY,
    *,
    steps: tuple[str, ...] = (),
    party: PartyKind = PartyKind.EVERY_LOCAL,
    party_text: str = "อปท. ทุกแห่ง",
) -> ActivityDraft:
    return ActivityDraft(
        number=number,
        printed_number=number,
        title=title,
        steps=tuple(StepDraft(each, Actor.AGENCY) for each in steps or (title,)),
        window=window,
        window_text="๑ - ๓๑ มกราคม ๒๕๖๗",
        parties=(PartyDraft(party, party_text),),
        responsible_text=party_text,
    )


def make_plan(*activities: ActivityDraft) -> PlanDraft:
    return PlanDraft("แผน", activities)


def put_province(
    session: Session,
    name: str = "เชียงใหม่",
    districts: Mapping[str, tuple[str, ...]] | None = None,
) -> ProvinceId:
    """Store a province whose districts hold subdistrict municipalities of those names."""
    province = agencies.keep_province(session, name)
    for district, places in (districts or {"แม่ริม": ("แม่แรม",), "ฝาง": ("เวียงฝาง",)}).items():
        district_id = agencies.keep_district(session, province, district)
        for place in places:
            agencies.add_agency(
                session,
                province,
                f"เทศบาลตำบล{place}",
                AgencyKind.SUBDISTRICT_MUNICIPALITY,
                district_id,
            )
    return province


def put_plan(
    session: Session, province: ProvinceId, *activities: ActivityDraft, year: FiscalYear = YEAR
) -> None:
    """Put a plan in force, with every agency's duties."""
    draft = make_plan(*activities or (make_draft(),))
    changes.confirm(session, province, year, draft, now=NOON)


def duty_of(session: Session, agency: str, number: str = "3") -> DutyFacts:
    """Return the duty of the agency of that full name, in whatever province."""
    return next(
        duty
        for province in agencies.provinces(session)
        for each in agencies.agencies(session, province)
        if each.name == agency
        for duty in duties.duties_of_agencies(session, [each.agency_id])
        if duty.activity.number == number
    )


def state_of(stage: Stage, agency: str, number: str = "3") -> DutyState:
    """Return how the duty of that agency stands."""
    with transaction(stage.engine) as session:
        return duty_of(session, agency, number).state


def add_lamphun(stage: Stage) -> None:
    """Let Lamphun come onto the same installation, with a plan of the very same numbers."""
    directory = (SAMPLES / "agencies-lamphun.csv").read_bytes()
    plan = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    rows, problems = agency_import.read_directory("a.csv", directory, province="ลำพูน")
    with transaction(stage.engine) as session:
        agency_import.import_agencies(session, "ลำพูน", rows, problems)
        province = agency_import.keep_province(session, "ลำพูน")
        draft = read_plan("plan.txt", plan, fiscal_year=YEAR)
        changes.confirm(session, province, YEAR, draft, now=NOON)


def code_in(stage: Stage, province_name: str, role: Role | None, agency: str = "") -> str:
    """Return a fresh one-time code of any province on the installation."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, province_name)
        assert province is not None
        by_name = {each.name: each.agency_id for each in agencies.agencies(session, province)}
        invited = Invited(role, province, None, by_name[agency] if agency else None)
        return codes.invite(session, invited, now=stage.now).code


def replan(stage: Stage, *activities: ActivityDraft, now: datetime | None = None) -> None:
    """Put another plan in force in Chiang Mai: the activities given, in place of all there were."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        draft = make_plan(*activities)
        changes.confirm(session, province, YEAR, draft, now=now or stage.now)


def drafts_of(stage: Stage) -> dict[str, ActivityDraft]:
    """Return Chiang Mai's plan as it is in force, by number, to be changed and put back."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        in_force = plans.plan_in_force(session, province, YEAR)
        assert in_force is not None
        drafts = plans.drafts_in_force(session, in_force[0])
        return {draft.number: draft for draft in drafts.values()}


def posts_of(stage: Stage, line_user_id: str) -> list[tuple[Role, str]]:
    """Return the posts of a person, each with its agency's full name or ""."""
    with transaction(stage.engine) as session:
        person = people.person(session, line_user_id, at=stage.now)
        return [
            (post.role, agencies.agency(session, post.agency_id).name if post.agency_id else "")
            for post in (person.posts if person else ())
        ]
