"""Queries: who has read the privacy notice, and who asks to join until a coordinator decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from store import agencies
from store.code_tries import digest_of
from store.database import insert_new
from store.models import JoinRequest, PersonRow, PrivacyNotice
from store.types import (
    Agency,
    AgencyId,
    JoinAsked,
    JoinOutcome,
    JoinRequestId,
    PersonId,
    ProvinceId,
    Role,
)


def keep_notice(session: Session, line_user_id: str, *, at: datetime) -> None:
    """Keep, by a digest alone, that the privacy notice was shown to somebody then."""
    shown = insert_new(session, PrivacyNotice).values(who=digest_of(line_user_id), shown_at=at)
    session.execute(shown.on_conflict_do_update(index_elements=["who"], set_={"shown_at": at}))


def has_notice(session: Session, line_user_id: str) -> bool:
    """Return whether the notice was shown to somebody, as far as it is remembered."""
    found = select(PrivacyNotice.id).where(PrivacyNotice.who == digest_of(line_user_id))
    return session.scalar(found) is not None


def forget_notice(session: Session, line_user_id: str) -> None:
    """Forget that the notice was shown: who joined, and leaves one day, reads it anew."""
    session.execute(delete(PrivacyNotice).where(PrivacyNotice.who == digest_of(line_user_id)))


def forget_notices(session: Session, *, before: datetime) -> None:
    """Forget to whom the notice was shown before that instant."""
    session.execute(delete(PrivacyNotice).where(PrivacyNotice.shown_at < before))


def add_request(
    session: Session, person: PersonId, agency: Agency, role: Role, *, at: datetime
) -> JoinRequestId:
    """Keep that somebody asks to join an agency in that role, and return the request's id."""
    row = JoinRequest(
        person_id=person,
        province_id=agency.province_id,
        agency_id=agency.agency_id,
        role=role,
        asked_at=at,
        decided_at=None,
        decided_by_id=None,
    )
    session.add(row)
    session.flush()
    return JoinRequestId(row.id)


def give_name(session: Session, person: PersonId, name: str) -> None:
    """Keep the name and position that somebody gave."""
    session.execute(update(PersonRow).where(PersonRow.id == person).values(display_name=name))


def name_of(session: Session, person: PersonId) -> str:
    """Return the name and position that somebody gave, "" where none was asked for."""
    found = select(PersonRow.display_name).where(PersonRow.id == person)
    return session.execute(found).scalar_one()


def request(session: Session, request_id: JoinRequestId) -> JoinAsked | None:
    """Return a request, or None when there is none or its asker had their data deleted."""
    return next(iter(_requests(session, JoinRequest.id == request_id)), None)


def waiting_of_person(session: Session, person: PersonId) -> list[JoinAsked]:
    """Return what of somebody's requests waits, the oldest first."""
    return _requests(session, JoinRequest.person_id == person, _waits())


def waiting_in(session: Session, province: ProvinceId) -> list[JoinAsked]:
    """Return the requests with a name that wait in a province, the oldest first."""
    named = PersonRow.display_name != ""
    return _requests(session, JoinRequest.province_id == province, named, _waits())


def count_waiting(session: Session, agency: AgencyId) -> int:
    """Return how many requests of an agency wait, those still without a name included."""
    found = select(func.count(JoinRequest.id)).where(JoinRequest.agency_id == agency, _waits())
    return session.execute(found).scalar_one()


def decide(
    session: Session,
    request_id: JoinRequestId,
    outcome: JoinOutcome,
    *,
    by: PersonId,
    at: datetime,
) -> bool:
    """Decide a request, once for ever: False when it was decided before."""
    decided = session.scalar(
        update(JoinRequest)
        .where(JoinRequest.id == request_id, _waits())
        .values(decided_at=at, decided_by_id=by, outcome=outcome)
        .returning(JoinRequest.id)
    )
    return decided is not None


def withdraw(session: Session, requests: Sequence[JoinRequestId], *, at: datetime) -> None:
    """Withdraw requests that still wait."""
    session.execute(
        update(JoinRequest)
        .where(JoinRequest.id.in_(requests), _waits())
        .values(decided_at=at, outcome=JoinOutcome.WITHDRAWN)
    )


def withdraw_unnamed(session: Session, *, before: datetime, at: datetime) -> None:
    """Withdraw what was asked before that instant and never got a name: nobody can decide it."""
    nameless = exists().where(PersonRow.id == JoinRequest.person_id, PersonRow.display_name == "")
    session.execute(
        update(JoinRequest)
        .where(JoinRequest.asked_at < before, _waits(), nameless)
        .values(decided_at=at, outcome=JoinOutcome.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _waits() -> ColumnElement[bool]:
    return JoinRequest.decided_at.is_(None)


def _requests(session: Session, *wanted: ColumnElement[bool]) -> list[JoinAsked]:
    rows = session.execute(
        select(
            JoinRequest.id,
            JoinRequest.person_id,
            PersonRow.display_name,
            JoinRequest.role,
            JoinRequest.agency_id,
            JoinRequest.outcome,
        )
        .join(PersonRow, PersonRow.id == JoinRequest.person_id)
        .where(PersonRow.erased_at.is_(None), *wanted)
        .order_by(JoinRequest.id)
    )
    return [
        JoinAsked(
            JoinRequestId(request_id),
            PersonId(person),
            name,
            Role(role),
            agencies.agency(session, AgencyId(agency)),
            JoinOutcome(outcome) if outcome else None,
        )
        for request_id, person, name, role, agency, outcome in rows
    ]
