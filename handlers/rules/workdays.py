"""Working days and office hours, and the week, month and fiscal year a day lies in.  Pure.

Days are Bangkok calendar dates (CE); instants are timezone-aware UTC.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from store.types import FiscalYear, ReminderPolicy

BANGKOK = ZoneInfo("Asia/Bangkok")
ONE_DAY = timedelta(days=1)

_BUDDHIST_ERA = 543
_SATURDAY = 5
_OCTOBER = 10


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which the offices of a province are closed, besides Saturdays and Sundays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on this day (วันทำการ)."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def last_working_day_on_or_before(self, day: date) -> date:
        """Return the day itself if it is a working day, else the nearest one before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def next_working_day_on_or_after(self, day: date) -> date:
        """Return the day itself if it is a working day, else the nearest one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day


def is_office_time(now: datetime, calendar: Calendar, policy: ReminderPolicy) -> bool:
    """Whether this instant lies in the office hours of a working day in Bangkok.

    The opening minute belongs to the office hours, the closing one does not.

    Raises:
        ValueError: when `now` has no time zone.
    """
    local = _bangkok(now)
    in_hours = policy.office_opens <= local.time() < policy.office_closes
    return in_hours and calendar.is_working_day(local.date())


def next_office_instant(now: datetime, calendar: Calendar, policy: ReminderPolicy) -> datetime:
    """Return `now` (UTC) if offices are open then, else the instant (UTC) they next open.

    Raises:
        ValueError: when `now` has no time zone.
    """
    if is_office_time(now, calendar, policy):
        return now.astimezone(UTC)
    local = _bangkok(now)
    opens_later_today = local.time() < policy.office_opens
    earliest_day = local.date() if opens_later_today else local.date() + ONE_DAY
    day = calendar.next_working_day_on_or_after(earliest_day)
    return datetime.combine(day, policy.office_opens, tzinfo=BANGKOK).astimezone(UTC)


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week of this day, both inclusive."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of this day, both inclusive."""
    _, length = monthrange(day.year, day.month)
    return day.replace(day=1), day.replace(day=length)


def fiscal_year_of(day: date) -> FiscalYear:
    """Return the fiscal year (ปีงบประมาณ, BE) of this day: it begins on 1 October."""
    ends_next_year = day.month >= _OCTOBER
    return FiscalYear(day.year + _BUDDHIST_ERA + ends_next_year)


def _bangkok(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant}")
    return instant.astimezone(BANGKOK)
