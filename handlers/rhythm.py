"""When a province reminds: its policy, and the working days of its offices."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.rules.workdays import Calendar, is_office_time, next_office_instant
from store import people, policies
from store.database import Session
from store.types import KeptDay, PersonId, ProvinceId, ReminderPolicy


@dataclass(frozen=True, slots=True)
class Rhythm:
    """By which numbers a province reminds, and on which days."""

    policy: ReminderPolicy
    calendar: Calendar

    def is_office_time(self, now: datetime) -> bool:
        """Whether the province's offices are open at that instant."""
        return is_office_time(now, self.calendar, self.policy)

    def next_office_instant(self, now: datetime) -> datetime:
        """Return `now` (UTC) if its offices are open then, else the instant they next open."""
        return next_office_instant(now, self.calendar, self.policy)


def rhythm_of(session: Session, province: ProvinceId, usual: Calendar) -> Rhythm:
    """Return when a province reminds, `usual` being the days off that all provinces have."""
    days = policies.kept_days(session, province)
    return Rhythm(policies.policy_of(session, province), _calendar(usual, days))


def rhythms(session: Session, usual: Calendar) -> dict[ProvinceId, Rhythm]:
    """Return when each province reminds."""
    days = policies.all_kept_days(session)
    return {
        province: Rhythm(policy, _calendar(usual, days.get(province, ())))
        for province, policy in policies.policies(session).items()
    }


def rhythm_of_person(
    session: Session, person: PersonId, usual: Calendar, *, at: datetime
) -> Rhythm:
    """Return when somebody may be written to: as the province of their newest post has it."""
    posts = people.posts(session, person, at=at)
    if not posts:
        return Rhythm(policies.DEFAULTS, usual)
    return rhythm_of(session, posts[-1].province_id, usual)


def _calendar(usual: Calendar, kept: Iterable[KeptDay]) -> Calendar:
    days = tuple(kept)
    added = {each.day for each in days if each.is_day_off}
    dropped = {each.day for each in days if not each.is_day_off}
    return replace(usual, holidays=(usual.holidays | added) - dropped)
