"""Whether a number of a province's reminders makes sense, and the nearest that does.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from handlers.rules.workdays import Calendar
from store.types import ReminderPolicy, ReminderSetting

LIMITS = {
    ReminderSetting.BEFORE: (1, 60),
    ReminderSetting.OVERDUE: (1, 60),
    ReminderSetting.WEEKLY: (0, 26),
    ReminderSetting.HALFWAY: (10, 365),
    ReminderSetting.PROMISE: (0, 60),
    ReminderSetting.CATCH_UP: (1, 60),
}
"""The least and the most of each number, both inclusive."""
MOST_NUMBERS = 10
"""Reminders of one kind: more is nagging."""
EARLIEST, LATEST = time(6), time(20)
"""Between these, both inclusive, officers may be written to."""
SHORTEST = timedelta(hours=1)
"""Of the hours: reminders are planned every five minutes, and thousands take a while to send."""
_FIELDS = {
    ReminderSetting.BEFORE: "before_days",
    ReminderSetting.OVERDUE: "overdue_days",
    ReminderSetting.WEEKLY: "overdue_weekly_more",
    ReminderSetting.HALFWAY: "halfway_from_days",
    ReminderSetting.PROMISE: "promise_days",
    ReminderSetting.CATCH_UP: "catch_up_days",
}
_LISTS = (ReminderSetting.BEFORE, ReminderSetting.OVERDUE)
_MAY_BE_NONE = (ReminderSetting.WEEKLY, ReminderSetting.HALFWAY, ReminderSetting.PROMISE)


class PolicyRefusal(StrEnum):
    """Why a number is not taken."""

    OUT_OF_RANGE = "out_of_range"
    TOO_MANY = "too_many"
    ONE_NUMBER = "one_number"
    AT_NIGHT = "at_night"
    NO_TIME = "no_time"
    """The hours leave no time to send."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why, and the policy nearest to what was asked for that would do."""

    why: PolicyRefusal
    nearest: ReminderPolicy


class DayRefusal(StrEnum):
    """Why a day does not become a day off, or a working day."""

    PAST = "past"
    TOO_FAR = "too_far"
    ALREADY_OFF = "already_off"
    NOT_OFF = "not_off"
    WEEKEND = "weekend"


def with_days(
    policy: ReminderPolicy, setting: ReminderSetting, days: Sequence[int]
) -> ReminderPolicy | Refused:
    """Return the policy with another number or numbers of days; no number means none at all."""
    least, most = LIMITS[setting]
    near = sorted({min(max(abs(each), least), most) for each in days})
    if setting is ReminderSetting.BEFORE:
        near.reverse()
    if setting in _LISTS:
        asked = _with(policy, setting, tuple(near[:MOST_NUMBERS]))
        if set(days) != set(near):
            return Refused(PolicyRefusal.OUT_OF_RANGE, asked)
        return asked if len(near) <= MOST_NUMBERS else Refused(PolicyRefusal.TOO_MANY, asked)
    wants_none = tuple(days) in ((), (0,))
    if wants_none and setting in _MAY_BE_NONE:
        return _with(policy, setting, 0)
    asked = _with(policy, setting, near[0] if near else least)
    if len(days) != 1:
        return Refused(PolicyRefusal.ONE_NUMBER, asked)
    return asked if near[0] == days[0] else Refused(PolicyRefusal.OUT_OF_RANGE, asked)


def with_hours(policy: ReminderPolicy, opens: time, closes: time) -> ReminderPolicy | Refused:
    """Return the policy with other office hours (Bangkok time)."""
    asked = replace(policy, office_opens=opens, office_closes=closes)
    first, last = sorted((opens, closes))
    first = min(max(first, EARLIEST), _later(LATEST, -SHORTEST))
    last = max(min(last, LATEST), _later(first, SHORTEST))
    nearest = replace(policy, office_opens=first, office_closes=last)
    if asked == nearest:
        return asked
    is_short = closes < opens or _later(opens, SHORTEST) > closes or _later(opens, SHORTEST) < opens
    return Refused(PolicyRefusal.NO_TIME if is_short else PolicyRefusal.AT_NIGHT, nearest)


def judge_day(day: date, today: date, calendar: Calendar, *, is_day_off: bool) -> DayRefusal | None:
    """Return why a day cannot become a day off, or a working day; None where it can."""
    if day < today:
        return DayRefusal.PAST
    if day > last_day_to_set(today):
        return DayRefusal.TOO_FAR
    is_working_day = calendar.is_working_day(day)
    if is_day_off:
        return None if is_working_day else DayRefusal.ALREADY_OFF
    if is_working_day:
        return DayRefusal.NOT_OFF
    return None if day in calendar.holidays and day.weekday() < 5 else DayRefusal.WEEKEND


def last_day_to_set(today: date) -> date:
    """Return the last day (inclusive) of which it can be said that it is a day off."""
    return date(today.year + 1, 12, 31)


def _with(policy: ReminderPolicy, setting: ReminderSetting, value: object) -> ReminderPolicy:
    change: dict[str, Any] = {_FIELDS[setting]: value}
    return replace(policy, **change)


def _later(clock: time, by: timedelta) -> time:
    return (datetime.combine(date(2000, 1, 2), clock) + by).time()
