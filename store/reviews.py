"""Queries: who reviewed which report (สอบทาน)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import AgencyRow, Duty, Report, Review
from store.types import DutyId, DutyState, KeptReview, PersonId, ProvinceId


def makers(session: Session, duty_id: DutyId) -> set[PersonId]:
    """Return who made a finished duty what it is: who reported it, approved it, corrected it."""
    rows = session.execute(
        select(Report.state, Report.person_id)
        .where(Report.duty_id == duty_id)
        .order_by(Report.id.desc())
    )
    found: set[PersonId] = set()
    for state, person in rows:
        if state not in (DutyState.DONE, DutyState.REPORTED, DutyState.NOT_NEEDED):
            break
        found.add(PersonId(person))
    return found


def add_review(
    session: Session, duty_id: DutyId, report_id: int, person: PersonId, *, at: datetime
) -> KeptReview:
    """Keep for ever who checked a report; the duty must be the caller's alone by then."""
    row = Review(report_id=report_id, person_id=person, reviewed_at=at)
    session.add(row)
    session.flush()
    return _kept(row, duty_id)


def reviews(session: Session, province: ProvinceId) -> Iterator[KeptReview]:
    """Yield every review of a report on a duty of the province."""
    rows = session.execute(
        select(Review, Report.duty_id)
        .join(Report, Review.report_id == Report.id)
        .join(Duty, Report.duty_id == Duty.id)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .where(AgencyRow.province_id == province)
        .order_by(Review.id)
    )
    for row, duty in rows:
        yield _kept(row, DutyId(duty))


def _kept(row: Review, duty: DutyId) -> KeptReview:
    return KeptReview(row.id, row.report_id, duty, PersonId(row.person_id), row.reviewed_at)
