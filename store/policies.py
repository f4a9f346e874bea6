"""Queries: by which numbers a province reminds, and which days it has off besides all others."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import Holiday, Province
from store.types import KeptDay, ProvinceId, ReminderPolicy

_NUMBERS = ("overdue_weekly_more", "halfway_from_days", "catch_up_days", "promise_days")
_DAYS = ("before_days", "overdue_days")
_TIMES = ("office_opens", "office_closes")
_READ: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(_NUMBERS, int),
    **dict.fromkeys(_DAYS, tuple),
    **dict.fromkeys(_TIMES, time.fromisoformat),
}
DEFAULTS = ReminderPolicy()


def policy_of(session: Session, province: ProvinceId, *, to_change: bool = False) -> ReminderPolicy:
    """Return by which numbers a province reminds; `to_change` lets nobody else change them now."""
    wanted = select(Province.policy).where(Province.id == province)
    if to_change:
        wanted = wanted.with_for_update(key_share=True)
    return _policy(session.execute(wanted).scalar_one())


def policies(session: Session) -> dict[ProvinceId, ReminderPolicy]:
    """Return the numbers of every province."""
    rows = session.execute(select(Province.id, Province.policy).order_by(Province.id))
    return {ProvinceId(each): _policy(kept) for each, kept in rows}


def keep_policy(session: Session, province: ProvinceId, policy: ReminderPolicy) -> None:
    """Keep what of a policy differs from the defaults, so that better defaults reach the rest."""
    session.execute(
        update(Province).where(Province.id == province).values(policy=differences(policy))
    )


def differences(policy: ReminderPolicy) -> dict[str, Any]:
    """Return what of a policy differs from the defaults, as plain JSON."""
    return {
        name: _written(getattr(policy, name))
        for name in _READ
        if getattr(policy, name) != getattr(DEFAULTS, name)
    }


def kept_days(session: Session, province: ProvinceId) -> list[KeptDay]:
    """Return the days that a province added or took away, by day."""
    return _kept_days(session, province).get(province, [])


def all_kept_days(session: Session) -> dict[ProvinceId, list[KeptDay]]:
    """Return the days that provinces added or took away; those with none are left out."""
    return _kept_days(session, None)


def keep_day(session: Session, province: ProvinceId, kept: KeptDay) -> None:
    """Keep that a province has a day off, or has not; what was kept of that day before is gone."""
    values = {"is_day_off": kept.is_day_off, "name": kept.name}
    session.execute(
        insert_new(session, Holiday)
        .values(province_id=province, day=kept.day, **values)
        .on_conflict_do_update(index_elements=["province_id", "day"], set_=values)
    )


def _kept_days(session: Session, province: ProvinceId | None) -> dict[ProvinceId, list[KeptDay]]:
    wanted = select(Holiday.province_id, Holiday.day, Holiday.is_day_off, Holiday.name)
    if province is not None:
        wanted = wanted.where(Holiday.province_id == province)
    found: dict[ProvinceId, list[KeptDay]] = {}
    for each, day, is_day_off, name in session.execute(wanted.order_by(Holiday.day)):
        found.setdefault(ProvinceId(each), []).append(KeptDay(day, is_day_off, name))
    return found


def _policy(kept: Mapping[str, Any] | None) -> ReminderPolicy:
    kept = kept or {}
    own: dict[str, Any] = {name: read(kept[name]) for name, read in _READ.items() if name in kept}
    return ReminderPolicy(**own)


def _written(value: object) -> object:
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return list(value) if isinstance(value, tuple) else value
