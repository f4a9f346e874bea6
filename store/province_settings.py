"""Queries: what a province decides for itself."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.models import Province
from store.types import ProvinceId


def one_person_may_approve(session: Session, province: ProvinceId) -> bool:
    """Return whether who reported may approve it as well, where they are the executive, too."""
    found = select(Province.one_person_may_approve).where(Province.id == province)
    return session.execute(found).scalar_one()


def let_one_person_approve(session: Session, province: ProvinceId, *, may: bool) -> bool:
    """Decide that; False when it is so already."""
    changed = session.scalar(
        update(Province)
        .where(Province.id == province, Province.one_person_may_approve.is_not(may))
        .values(one_person_may_approve=may)
        .returning(Province.id)
    )
    return changed is not None
