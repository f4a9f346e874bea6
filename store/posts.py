"""Queries: who holds which post, and how posts end."""

from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, or_, select, update
from sqlalchemy.orm import Session

from store.models import Invitation, PersonRow, PostRow
from store.people import held_at, post_of
from store.types import (
    AgencyId,
    DistrictId,
    HeldPost,
    PersonId,
    PostId,
    ProvinceId,
    Role,
)


def held(session: Session, post: PostId, *, at: datetime) -> HeldPost | None:
    """Return a post with who holds it at that instant, None when nobody does any more."""
    return next(iter(_held(session, at, PostRow.id == post)), None)


def held_by(session: Session, person: PersonId, *, at: datetime) -> list[HeldPost]:
    """Return the posts that a person holds at that instant, the oldest first."""
    return _held(session, at, PostRow.person_id == person)


def held_for_agency(session: Session, agency: AgencyId, *, at: datetime) -> list[HeldPost]:
    """Return the posts of an agency with who holds them, the oldest first."""
    return _held(session, at, PostRow.agency_id == agency)


def held_for_district(session: Session, district: DistrictId, *, at: datetime) -> list[HeldPost]:
    """Return the posts of a district itself with who holds them, the oldest first."""
    return _held(session, at, PostRow.district_id == district, PostRow.agency_id.is_(None))


def held_for_province(session: Session, province: ProvinceId, *, at: datetime) -> list[HeldPost]:
    """Return the posts of a province itself with who holds them, the oldest first."""
    return _held(
        session,
        at,
        PostRow.province_id == province,
        PostRow.district_id.is_(None),
        PostRow.agency_id.is_(None),
    )


def is_last_coordinator(
    session: Session, province: ProvinceId, person: PersonId, *, at: datetime
) -> bool:
    """Return whether nobody else coordinates the province.

    Who asks at the same time waits until the transaction ends, so that of two who leave together
    one is the last.
    """
    holders = session.scalars(
        select(PostRow.person_id)
        .where(PostRow.province_id == province, PostRow.role == Role.COORDINATOR, held_at(at))
        .order_by(PostRow.id)
        .with_for_update()
    ).all()
    return set(holders) == {person}


def end(session: Session, post: PostId, *, at: datetime) -> bool:
    """Let a post be held no more from that instant on; False when it had ended.

    Codes that would hand it over are void with it.
    """
    ended = session.scalar(
        update(PostRow)
        .where(PostRow.id == post, or_(PostRow.until_at.is_(None), PostRow.until_at > at))
        .values(until_at=at)
        .returning(PostRow.id)
    )
    void_handovers(session, post, at=at)
    return ended is not None


def void_handovers(session: Session, post: PostId, *, at: datetime) -> None:
    """Let the codes that would hand a post over be good for nothing any more."""
    session.execute(
        update(Invitation)
        .where(Invitation.of_post_id == post, Invitation.used_at.is_(None))
        .values(used_at=at)
    )


def void_handovers_in(session: Session, province: ProvinceId, *, at: datetime) -> None:
    """Let every code that would hand over a post of a province be good for nothing any more."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.province_id == province,
            Invitation.of_post_id.is_not(None),
            Invitation.used_at.is_(None),
        )
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )


def has_ended_since(session: Session, person: PersonId, since: datetime, *, at: datetime) -> bool:
    """Return whether a post of the person has ended after the one instant, by the other."""
    found = select(PostRow.id).where(
        PostRow.person_id == person, PostRow.until_at > since, PostRow.until_at <= at
    )
    return session.scalar(found.limit(1)) is not None


def _held(session: Session, at: datetime, *wanted: ColumnElement[bool]) -> list[HeldPost]:
    rows = session.execute(_posts().where(held_at(at), *wanted).order_by(PostRow.id))
    return [_read(row) for row in rows]


def _posts() -> Select[PostRow, str]:
    return select(PostRow, PersonRow.display_name).join(
        PersonRow, PostRow.person_id == PersonRow.id
    )


def _read(row: Row[PostRow, str]) -> HeldPost:
    post, display_name = row
    return HeldPost(
        PostId(post.id), PersonId(post.person_id), post_of(post), post.from_at, display_name
    )
