"""Queries: who is not reminded until which day, and of what (ขอเลื่อนเตือน, งดเตือน, พักการเตือน)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from store.models import Quiet
from store.types import (
    AgencyId,
    DutyFacts,
    DutyId,
    PersonId,
    ProvinceId,
    QuietId,
    QuietKind,
    Reason,
)

SALT_BYTES = 16
"""Of a reason's salt: as many as make guessing hopeless."""
REASONS = (
    (QuietKind.PAUSE, Reason.PAUSED),
    (QuietKind.MUTE, Reason.MUTED),
    (QuietKind.PROMISE, Reason.PROMISED),
)
"""What each kind makes of a notice, what reaches furthest first."""


@dataclass(frozen=True, slots=True)
class KeptQuiet:
    """A row: what is quiet until which day (inclusive), why, and the digest for the record."""

    quiet_id: QuietId
    kind: QuietKind
    agency_id: AgencyId | None
    duty_id: DutyId | None
    until_on: date
    reason: str
    reason_digest: str


def keep(
    session: Session,
    province: ProvinceId,
    kind: QuietKind,
    *,
    until_on: date,
    person: PersonId,
    at: datetime,
    agency: AgencyId | None = None,
    duty: DutyId | None = None,
    reason: str = "",
) -> KeptQuiet:
    """Keep that somebody is not reminded until a day; what was kept of the same before is over."""
    end(session, province, kind, agency=agency, duty=duty, at=at)
    row = Quiet(
        province_id=province,
        kind=kind,
        agency_id=agency,
        duty_id=duty,
        until_on=until_on,
        reason=reason,
        salt=token_hex(SALT_BYTES),
        person_id=person,
        made_at=at,
    )
    session.add(row)
    session.flush()
    return _kept(row)


def end(
    session: Session,
    province: ProvinceId,
    kind: QuietKind,
    *,
    at: datetime,
    agency: AgencyId | None = None,
    duty: DutyId | None = None,
) -> int:
    """Let what is quiet be so no more; return how many rows that were."""
    ended = session.scalars(
        update(Quiet)
        .where(
            Quiet.province_id == province,
            Quiet.kind == kind,
            Quiet.agency_id.is_not_distinct_from(agency),
            Quiet.duty_id.is_not_distinct_from(duty),
            Quiet.ended_at.is_(None),
        )
        .values(ended_at=at)
        .returning(Quiet.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def active(session: Session, province: ProvinceId, today: date) -> list[KeptQuiet]:
    """Return the pause and the mutes of a province that are in force, the first to end first."""
    rows = session.scalars(
        select(Quiet)
        .where(
            Quiet.province_id == province,
            Quiet.kind != QuietKind.PROMISE,
            *active_at(today),
        )
        .order_by(Quiet.until_on, Quiet.id)
    )
    return [_kept(row) for row in rows]


def paused(session: Session, today: date) -> set[ProvinceId]:
    """Return the provinces in which nobody is reminded."""
    rows = session.scalars(
        select(Quiet.province_id).where(Quiet.kind == QuietKind.PAUSE, *active_at(today))
    )
    return {ProvinceId(each) for each in rows}


def of_duties(
    session: Session, duties: Sequence[DutyFacts], today: date
) -> dict[DutyId, KeptQuiet]:
    """Return why duties are not reminded of today, by duty; the others are left out."""
    if not duties:
        return {}
    rows = session.scalars(
        select(Quiet)
        .where(
            *active_at(today),
            or_(
                and_(
                    Quiet.kind == QuietKind.PAUSE,
                    Quiet.province_id.in_({each.agency.province_id for each in duties}),
                ),
                Quiet.agency_id.in_({each.agency.agency_id for each in duties}),
                Quiet.duty_id.in_({each.duty_id for each in duties}),
            ),
        )
        .order_by(Quiet.id)
    ).all()
    found: dict[DutyId, KeptQuiet] = {}
    for kind, _ in REASONS[::-1]:
        for row in rows:
            if row.kind == kind:
                found |= {each.duty_id: _kept(row) for each in duties if _is_of(row, each)}
    return found


def reason_of(kept: KeptQuiet) -> Reason:
    """Return what becomes of a notice that is held back by this."""
    return dict(REASONS)[kept.kind]


def active_at(today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a row that is in force on a day."""
    return Quiet.ended_at.is_(None), Quiet.until_on >= today


def _is_of(row: Quiet, duty: DutyFacts) -> bool:
    return (
        row.province_id,
        row.agency_id or duty.agency.agency_id,
        row.duty_id or duty.duty_id,
    ) == (
        duty.agency.province_id,
        duty.agency.agency_id,
        duty.duty_id,
    )


def _kept(row: Quiet) -> KeptQuiet:
    return KeptQuiet(
        QuietId(row.id),
        QuietKind(row.kind),
        None if row.agency_id is None else AgencyId(row.agency_id),
        None if row.duty_id is None else DutyId(row.duty_id),
        row.until_on,
        row.reason,
        sha256(f"{row.salt}{row.reason}".encode()).hexdigest(),
    )
