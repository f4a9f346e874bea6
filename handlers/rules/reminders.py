"""Which reminder of a window is due on a day, late ones made up for, and why no other.  Pure.

Days are Bangkok calendar dates (CE).  A window is announced when it opens, in its middle, some
days before its last day, on the last day, and some days after it; each of these is an offset.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.rules.workdays import Calendar
from store.types import NoticeKind, Reason, ReminderPolicy, Window

_DAYS_OF_AN_EVENT = 2
_DAYS_OF_A_WEEK = 7

_ORDER_ON_ONE_DAY = (
    NoticeKind.HALFWAY,
    NoticeKind.BEFORE,
    NoticeKind.OPENS,
    NoticeKind.LAST_DAY,
    NoticeKind.OVERDUE,
)
_MOST_URGENT_FIRST = (
    NoticeKind.OVERDUE,
    NoticeKind.LAST_DAY,
    NoticeKind.PROMISE,
    NoticeKind.BEFORE,
    NoticeKind.HALFWAY,
    NoticeKind.OPENS,
)


@dataclass(frozen=True, slots=True)
class Offset:
    """One reminder of a window (จังหวะการแจ้งเตือน) and the working day it goes out.

    `days` is the policy's number: days before the last day for BEFORE, after it for OVERDUE,
    else 0.  It names the offset; what is left on the day of sending says `days_left`.
    """

    kind: NoticeKind
    days: int
    send_on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What the calendar says of an offset on a day: None where it may go out, else why not."""

    offset: Offset
    reason: Reason | None


Stored = Mapping[tuple[NoticeKind, int], Reason]
"""What became of a duty's offsets so far, by kind and number of days."""


def schedule(window: Window, *, policy: ReminderPolicy, calendar: Calendar) -> tuple[Offset, ...]:
    """Return the reminders of a window, by ascending day of sending, one a day at most.

    A reminder for a day off goes out on the working day before it, an overdue one on the
    working day after it.  Where several land on one day only the latest of them is left.
    """
    by_day = {}
    for nominal in _in_order(window, policy):
        if not _is_before_opening(nominal, window):
            offset = _on_working_day(nominal, calendar)
            by_day[offset.send_on] = offset
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
    offsets = schedule(window, policy=policy, calendar=calendar)
    come = [each for each in offsets if each.send_on <= today]
    if not come or _is_too_late(come[-1], window, today, policy):
        return None
    return come[-1]


def decisions(
    window: Window,
    today: date,
    *,
    policy: ReminderPolicy,
    calendar: Calendar,
    stored: Stored | None = None,
) -> tuple[Decided, ...]:
    """Return what is decided of every offset of a window as of today, by ascending day.

    What is stored of an offset is final.  Of the others exactly the one of `due_today` has no
    reason against it.
    """
    due = due_today(window, today, policy=policy, calendar=calendar)
    offsets = schedule(window, policy=policy, calendar=calendar)
    come = [each for each in offsets if each.send_on <= today]
    decided = []
    for nominal in _in_order(window, policy):
        offset = _on_working_day(nominal, calendar)
        kept = (stored or {}).get((offset.kind, offset.days))
        if kept is None and offset != due:
            kept = _why_not(nominal, offset, come, window, today, policy)
        decided.append(Decided(offset, kept))
    return tuple(decided)


def days_left(window: Window, today: date) -> int:
    """Return the calendar days left: 0 on the last day, negative when overdue."""
    return (window.last - today).days


def urgency(offset: Offset, today: date, window: Window) -> tuple[int, int]:
    """Return a value by which the most urgent sorts first.

    Overdue, the longest first; then last days, then what was promised, then those before by the
    days left; openings at the end.
    """
    return _MOST_URGENT_FIRST.index(offset.kind), days_left(window, today)


def _why_not(
    nominal: Offset,
    offset: Offset,
    come: Sequence[Offset],
    window: Window,
    today: date,
    policy: ReminderPolicy,
) -> Reason:
    """Return why an offset does not go out today; `come` are those whose day has come."""
    if _is_before_opening(nominal, window):
        return Reason.NOT_OPENED
    if offset.send_on > today:
        return Reason.DAY_OFF_MOVED if nominal.send_on <= today else Reason.NOT_YET
    if offset not in come:
        return Reason.JOINED
    if offset != come[-1]:
        return Reason.CAUGHT_UP
    is_over = _is_too_late(offset, window, today, policy)
    return Reason.OVERSLEPT if is_over else Reason.DAY_OFF_MOVED


def _is_too_late(latest: Offset, window: Window, today: date, policy: ReminderPolicy) -> bool:
    is_stale = today - latest.send_on > timedelta(days=policy.catch_up_days)
    is_pointless = today > window.last and latest.kind is not NoticeKind.OVERDUE
    return is_stale or is_pointless


def _in_order(window: Window, policy: ReminderPolicy) -> list[Offset]:
    """Return the offsets on the days that the policy counts, days off not yet looked at."""
    offsets = [
        *(
            Offset(NoticeKind.BEFORE, each, _days_after(window, -each))
            for each in policy.before_days
        ),
        Offset(NoticeKind.LAST_DAY, 0, window.last),
        *(
            Offset(NoticeKind.OVERDUE, each, _days_after(window, each))
            for each in _overdue_days(policy)
        ),
    ]
    if window.first is not None:
        offsets.append(Offset(NoticeKind.OPENS, 0, window.first))
        length = (window.last - window.first).days + 1
        if 0 < policy.halfway_from_days <= length:
            middle = window.first + timedelta(days=length // 2)
            offsets.append(Offset(NoticeKind.HALFWAY, 0, middle))
    by_day = sorted(offsets, key=lambda each: (each.send_on, _ORDER_ON_ONE_DAY.index(each.kind)))
    return list(dict.fromkeys(by_day))


def _days_after(window: Window, days: int) -> date:
    return window.last + timedelta(days=days)


def _is_before_opening(nominal: Offset, window: Window) -> bool:
    """Whether a countdown is too early: an event is awaited, a longer window first opens."""
    if nominal.kind is not NoticeKind.BEFORE or window.first is None:
        return False
    is_event = (window.last - window.first).days < _DAYS_OF_AN_EVENT
    return nominal.send_on < window.first and not is_event


def _overdue_days(policy: ReminderPolicy) -> tuple[int, ...]:
    """Return the days after the last day, the weekly ones after the policy's last number."""
    if not policy.overdue_days:
        return ()
    longest = max(policy.overdue_days)
    weeks = range(1, policy.overdue_weekly_more + 1)
    return (*policy.overdue_days, *(longest + _DAYS_OF_A_WEEK * week for week in weeks))


def _on_working_day(nominal: Offset, calendar: Calendar) -> Offset:
    if nominal.kind is NoticeKind.OVERDUE:
        day = calendar.next_working_day_on_or_after(nominal.send_on)
    else:
        day = calendar.last_working_day_on_or_before(nominal.send_on)
    return Offset(nominal.kind, nominal.days, day)
