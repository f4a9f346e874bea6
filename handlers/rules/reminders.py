"""Which reminder of a window is due on a day, late ones made up for.  Pure.

Days are Bangkok calendar dates (CE).  A window is announced when it opens, some days before
its last day, on the last day, and some days after it; each of these is an offset.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.rules.workdays import Calendar
from store.types import NoticeKind, ReminderPolicy, Window

_DAYS_OF_AN_EVENT = 2
_DAYS_OF_A_WEEK = 7

_ORDER_ON_ONE_DAY = (
    NoticeKind.BEFORE,
    NoticeKind.OPENS,
    NoticeKind.LAST_DAY,
    NoticeKind.OVERDUE,
)
_MOST_URGENT_FIRST = (
    NoticeKind.OVERDUE,
    NoticeKind.LAST_DAY,
    NoticeKind.BEFORE,
    NoticeKind.OPENS,
)


DEFAULT_POLICY = ReminderPolicy()
"""By which every province reminds as long as it has no numbers of its own."""


@dataclass(frozen=True, slots=True)
class Offset:
    """One reminder of a window (จังหวะการแจ้งเตือน) and the working day it goes out.

    `days` is the policy's number: days before the last day for BEFORE, after it for OVERDUE,
    else 0.  It names the offset; what is left on the day of sending says `days_left`.
    """

    kind: NoticeKind
    days: int
    send_on: date


def schedule(window: Window, *, policy: ReminderPolicy, calendar: Calendar) -> tuple[Offset, ...]:
    """Return the reminders of a window, by ascending day of sending, one a day at most.

    A reminder for a day off goes out on the working day before it, an overdue one on the
    working day after it.  Where several land on one day only the latest of them is left.
    """
    nominal = sorted(
        _nominal_offsets(window, policy),
        key=lambda each: (each.send_on, _ORDER_ON_ONE_DAY.index(each.kind)),
    )
    by_day = {}
    for offset in nominal:
        send_on = _working_day(offset, calendar)
        by_day[send_on] = Offset(offset.kind, offset.days, send_on)
    return tuple(by_day.values())


def due_today(
    window: Window, today: date, *, policy: ReminderPolicy, calendar: Calendar
) -> Offset | None:
    """Return the one reminder of a window that may go out today, or None.

    It is the latest whose day has come: today's own, or one that was missed (the service
    slept, the plan came in late) within the last `policy.catch_up_days` days, inclusive.
    Once the last day has passed only overdue ones are made up for.  None on days off.
    The same one is returned until the next one's day: the key of the notice keeps it to one.
    """
    if not calendar.is_working_day(today):
        return None
    come = [
        each for each in schedule(window, policy=policy, calendar=calendar) if each.send_on <= today
    ]
    if not come:
        return None
    latest = come[-1]
    is_stale = today - latest.send_on > timedelta(days=policy.catch_up_days)
    is_pointless = today > window.last and latest.kind is not NoticeKind.OVERDUE
    return None if is_stale or is_pointless else latest


def days_left(window: Window, today: date) -> int:
    """Return the calendar days left: 0 on the last day, negative when overdue."""
    return (window.last - today).days


def urgency(offset: Offset, today: date, window: Window) -> tuple[int, int]:
    """Return a value by which the most urgent sorts first.

    Overdue, the longest first; then last days, then those before by the days left; openings
    at the end.
    """
    return _MOST_URGENT_FIRST.index(offset.kind), days_left(window, today)


def _nominal_offsets(window: Window, policy: ReminderPolicy) -> Iterator[Offset]:
    """Yield the offsets on the days that the policy counts, days off not yet looked at."""
    if window.first is not None:
        yield Offset(NoticeKind.OPENS, 0, window.first)
    for days in policy.before_days:
        day = window.last - timedelta(days=days)
        if _counts_down_on(day, window):
            yield Offset(NoticeKind.BEFORE, days, day)
    yield Offset(NoticeKind.LAST_DAY, 0, window.last)
    for days in _overdue_days(policy):
        yield Offset(NoticeKind.OVERDUE, days, window.last + timedelta(days=days))


def _counts_down_on(day: date, window: Window) -> bool:
    """Whether to count down on this day: an event is awaited, a longer window first opens."""
    if window.first is None or day >= window.first:
        return True
    return (window.last - window.first).days < _DAYS_OF_AN_EVENT


def _overdue_days(policy: ReminderPolicy) -> tuple[int, ...]:
    """Return the days after the last day, the weekly ones after the policy's last number."""
    if not policy.overdue_days:
        return ()
    longest = max(policy.overdue_days)
    weeks = range(1, policy.overdue_weekly_more + 1)
    return (*policy.overdue_days, *(longest + _DAYS_OF_A_WEEK * week for week in weeks))


def _working_day(offset: Offset, calendar: Calendar) -> date:
    if offset.kind is NoticeKind.OVERDUE:
        return calendar.next_working_day_on_or_after(offset.send_on)
    return calendar.last_working_day_on_or_before(offset.send_on)
