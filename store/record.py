"""Queries: the record of a province, append-only and chained (บันทึกการดำเนินการ).

The digest of an entry is SHA-256 over its columns as JSON, the digest before it among them.
Whoever can write the database could compute a whole chain anew, so the last digest (the seal) is
printed on what leaves the house: a record that was rewritten no longer fits a seal that others
hold.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, Text, cast, func, select, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import NullType

from store.duties import kept_report
from store.models import (
    Activity,
    AgencyRow,
    District,
    Duty,
    Plan,
    PlanVersion,
    Province,
    RecordEntry,
    Report,
    Step,
)
from store.types import (
    Act,
    Agency,
    AgencyId,
    AgencyKind,
    DistrictId,
    DutyId,
    DutyStanding,
    Entry,
    EntryTold,
    KeptReport,
    PersonId,
    PlanId,
    ProvinceId,
    Seal,
)

ROWS_AT_ONCE = 2000
"""How many rows are in memory at a time."""
NO_INSTANT = datetime.min.replace(tzinfo=UTC)
"""For a time that was overwritten with what is none: no entry has it, so its digest cannot fit."""


def append(
    session: Session,
    province: ProvinceId,
    act: Act,
    *,
    person: PersonId | None,
    duty: DutyId | None = None,
    details: Mapping[str, Any],
    at: datetime,
) -> int:
    """Enter what was done, in the transaction that does it; return the entry's number.

    One province's entries are made one after the other, so this comes last: who has the record
    to himself waits for no other row.
    """
    session.execute(
        select(Province.id).where(Province.id == province).with_for_update(key_share=True)
    )
    before = seal(session, province)
    entry = Entry(
        province,
        before.number + 1,
        at.astimezone(UTC),
        act,
        person,
        duty,
        as_text(details),
        before.digest,
        digest="",
    )
    session.add(
        RecordEntry(
            province_id=province,
            number=entry.number,
            at=entry.at,
            act=act,
            person_id=person,
            duty_id=duty,
            details=entry.details,
            previous=entry.previous,
            digest=digest_of(entry),
        )
    )
    session.flush()
    return entry.number


def as_text(value: object) -> str:
    """Return the one text that plain JSON has here, in ASCII and with its keys sorted."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest_of(entry: Entry) -> str:
    """Return the digest that an entry must have; its own `digest` is not looked at."""
    said = [
        entry.province_id,
        entry.number,
        entry.at.isoformat(timespec="microseconds"),
        entry.act,
        entry.person_id,
        entry.duty_id,
        entry.details,
        entry.previous,
    ]
    return sha256(as_text(said).encode()).hexdigest()


def content_digest(content: object) -> str:
    """Return what stands for the content of a version of a plan."""
    return sha256(as_text(content).encode()).hexdigest()


def seal(session: Session, province: ProvinceId) -> Seal:
    """Return the end of a province's record as it stands."""
    row = session.execute(
        select(RecordEntry.number, RecordEntry.digest)
        .where(RecordEntry.province_id == province)
        .order_by(RecordEntry.number.desc())
        .limit(1)
    ).one_or_none()
    return Seal(0, "") if row is None else Seal(row[0], row[1])


def entries(session: Session, province: ProvinceId) -> Iterator[Entry]:
    """Yield a province's record in the order of its numbers, read some rows at a time."""
    wanted = (
        select(*_columns())
        .where(RecordEntry.province_id == province)
        .order_by(RecordEntry.number, RecordEntry.id)
    )
    return map(_entry, _streamed(session, wanted))


def reports(session: Session, province: ProvinceId) -> Iterator[KeptReport]:
    """Yield every report on a duty of the province, whether or not the record has it."""
    wanted = (
        select(Report, Duty.agency_id)
        .join(Duty, Report.duty_id == Duty.id)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .where(AgencyRow.province_id == province)
        .order_by(Report.id)
    )
    for row, agency in _streamed(session, wanted):
        yield kept_report(row, AgencyId(agency))


def standings(session: Session, province: ProvinceId) -> Iterator[tuple[DutyId, DutyStanding]]:
    """Yield how every duty of the province stands, those included that are asked for no more."""
    wanted = (
        select(Duty.id, Duty.state, Duty.reason, Duty.changed_at)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .where(AgencyRow.province_id == province)
    )
    for duty, state, reason, changed_at in _streamed(session, wanted):
        yield DutyId(duty), DutyStanding(state, reason, changed_at)


def plan_digests(session: Session, province: ProvinceId) -> dict[tuple[PlanId, int], str]:
    """Return the digest of what is kept of every version of the province's plans."""
    wanted = (
        select(PlanVersion.plan_id, PlanVersion.version, cast(PlanVersion.content, Text))
        .join(Plan, PlanVersion.plan_id == Plan.id)
        .where(Plan.province_id == province)
    )
    found = {}
    for plan, version, text in session.execute(wanted):
        try:
            found[PlanId(plan), version] = content_digest(json.loads(text))
        except ValueError:  # overwritten with what is no JSON
            found[PlanId(plan), version] = ""
    return found


def newest(
    session: Session,
    province: ProvinceId,
    *,
    agencies: Sequence[AgencyId] | None,
    number: str | None,
    acts: Sequence[Act],
    most: int,
) -> list[EntryTold]:
    """Return a province's newest entries of those acts, the newest first.

    With `agencies` only what is about their duties, with `number` about that activity.
    """
    wanted = _with_duties(province).where(
        RecordEntry.act.in_(acts),
        *([] if agencies is None else [Duty.agency_id.in_(agencies)]),
        *([] if number is None else [Activity.number == number]),
    )
    rows = session.execute(wanted.order_by(RecordEntry.number.desc()).limit(most))
    return [_told(row) for row in rows]


def facts_of(session: Session, act: Act, duty: DutyId, **told: object) -> Mapping[str, Any]:
    """Return what the newest entry of that act on a duty says that tells just that, {} of none."""
    wanted = select(*_columns()).where(RecordEntry.act == act, RecordEntry.duty_id == duty)
    for row in session.execute(wanted.order_by(RecordEntry.number.desc())):
        facts = _entry(row).facts
        if all(facts.get(name) == each for name, each in told.items()):
            return facts
    return {}


def told(session: Session, province: ProvinceId) -> Iterator[EntryTold]:
    """Yield a province's record in the order of its numbers, with what each is about."""
    wanted = _with_duties(province).order_by(RecordEntry.number, RecordEntry.id)
    return map(_told, _streamed(session, wanted))


def _with_duties(province: ProvinceId) -> Select[*tuple[Any, ...]]:
    printed = aliased(Step)
    count = (
        select(func.count(printed.id))
        .where(printed.activity_id == Activity.id, printed.is_printed.is_(True))
        .correlate(Activity)
        .scalar_subquery()
    )
    return (
        select(*_columns(), AgencyRow, District.name, Activity.number, Step.position, count)
        .outerjoin(Duty, RecordEntry.duty_id == Duty.id)
        .outerjoin(Step, Duty.step_id == Step.id)
        .outerjoin(Activity, Step.activity_id == Activity.id)
        .outerjoin(AgencyRow, Duty.agency_id == AgencyRow.id)
        .outerjoin(District, AgencyRow.district_id == District.id)
        .where(RecordEntry.province_id == province)
    )


def _told(row: Any) -> EntryTold:
    agency, district, number, step, count = row[-5:]
    if agency is None:
        return EntryTold(_entry(row), None, "", 0, 0)
    owner = Agency(
        AgencyId(agency.id),
        ProvinceId(agency.province_id),
        agency.name,
        AgencyKind(agency.kind),
        district or "",
        None if agency.district_id is None else DistrictId(agency.district_id),
    )
    return EntryTold(_entry(row), owner, number, step, count)


def _columns() -> list[ColumnElement[Any]]:
    # The instant as the driver gives it: SQLite keeps whatever text was put there.
    return [
        RecordEntry.province_id.label("province_id"),
        RecordEntry.number.label("entry_number"),
        type_coerce(RecordEntry.at, NullType()).label("at"),
        RecordEntry.act.label("act"),
        RecordEntry.person_id.label("person_id"),
        RecordEntry.duty_id.label("duty_id"),
        RecordEntry.details.label("details"),
        RecordEntry.previous.label("previous"),
        RecordEntry.digest.label("digest"),
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        province_id=ProvinceId(row.province_id),
        number=row.entry_number if isinstance(row.entry_number, int) else 0,
        at=_instant(row.at),
        act=row.act,
        person_id=None if row.person_id is None else PersonId(row.person_id),
        duty_id=None if row.duty_id is None else DutyId(row.duty_id),
        details=row.details,
        previous=row.previous,
        digest=row.digest,
    )


def _instant(kept: object) -> datetime:
    if isinstance(kept, datetime):
        return kept.astimezone(UTC)
    try:
        return datetime.fromisoformat(str(kept)).replace(tzinfo=UTC)
    except ValueError:
        return NO_INSTANT


def _streamed(session: Session, wanted: Executable) -> Iterator[Any]:
    # A session keeps no row that nobody has in hand, so there may be any number of them.
    yield from session.execute(wanted, execution_options={"yield_per": ROWS_AT_ONCE})
