"""Until when somebody may be left without reminders.  Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from store.types import AT_REST, DutyFacts, ReminderPolicy

MOST_QUIET_DAYS = 90
"""How long an agency or a province is not reminded at most: what is longer is forgotten."""


class QuietRefusal(StrEnum):
    """Why reminders are not put off."""

    NOT_AHEAD = "not_ahead"
    """The day is today or past."""
    TOO_LATE = "too_late"
    OVER = "over"
    """No day is left that would do."""
    NO_WINDOW = "no_window"
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True)
class NotQuiet:
    """Why not, and the latest day (inclusive) that would do, if there is any."""

    why: QuietRefusal
    latest: date | None = None


def judge_promise(
    duty: DutyFacts, until: date, today: date, policy: ReminderPolicy
) -> NotQuiet | None:
    """Return why the reminders of a duty are not put off until a day (inclusive), or None."""
    if duty.state in AT_REST:
        return NotQuiet(QuietRefusal.NOTHING_TO_DO)
    if duty.activity.window is None:
        return NotQuiet(QuietRefusal.NO_WINDOW)
    latest = duty.activity.window.last + timedelta(days=policy.promise_days)
    if latest <= today:
        return NotQuiet(QuietRefusal.OVER)
    return _judge(until, today, latest)


def judge_quiet(until: date, today: date) -> NotQuiet | None:
    """Return why an agency or a province cannot be quiet until a day (inclusive), or None."""
    return _judge(until, today, today + timedelta(days=MOST_QUIET_DAYS))


def _judge(until: date, today: date, latest: date) -> NotQuiet | None:
    if until <= today:
        return NotQuiet(QuietRefusal.NOT_AHEAD, latest)
    return NotQuiet(QuietRefusal.TOO_LATE, latest) if until > latest else None
