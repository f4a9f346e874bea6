"""What a report does to a duty, and which duties a question is about.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.rules.access import Action, may_at, may_reopen
from handlers.rules.workdays import fiscal_year_of
from store.types import AT_REST, ActivityFacts, DutyFacts, DutyState, Post, ProvinceId

UNDO_WITHIN = timedelta(hours=24)
"""How long a report can be taken back by the agency itself."""


NOTHING_REPORTED = (DutyState.OPEN, DutyState.RETURNED)
"""States in which there is no report to take back."""
NEEDS_REASON = (DutyState.STUCK, DutyState.NOT_NEEDED)


class Refusal(StrEnum):
    """Why a report changes nothing; worded by `messages_th.problems.refusal`."""

    NOT_REGISTERED = "not_registered"
    NOT_YOUR_AGENCY = "not_your_agency"
    CHANGED_SINCE = "changed_since"
    ALREADY_SO = "already_so"
    REASON_NEEDED = "reason_needed"
    NOT_CONDITIONAL = "not_conditional"
    """All have to do it, so nobody can say that it is not needed."""
    NOTHING_TO_UNDO = "nothing_to_undo"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    LOCKED = "locked"
    """It was reviewed: a coordinator opens it again, with a reason."""
    NOT_DONE = "not_done"
    """There is no number to correct, as nothing is done."""
    APPROVED_AS_IT_IS = "approved_as_it_is"
    """The executive approved that very number: it is taken back and reported anew."""


def judge_report(
    duty: DutyFacts,
    posts: Sequence[Post],
    to: DutyState,
    *,
    reason: str,
    revision: int | None,
    is_conditional: bool = False,
    says_more: bool = False,
) -> Refusal | None:
    """Return why these posts may not bring the duty to that state now, or None when they may.

    `revision` is what the button was made for; None for a typed command, which means the
    present.  What is done stays done whatever old button is tapped; it is taken back by name.
    Only an activity that need not be done by all (`is_conditional`) may be not needed.
    `says_more` tells that a number or a link comes with it which was not reported yet.
    """
    if not posts:
        return Refusal.NOT_REGISTERED
    if not may_at(posts, Action.REPORT, duty.agency):
        return Refusal.NOT_YOUR_AGENCY
    is_same = duty.state is to and duty.reason == reason and not says_more
    if duty.state in AT_REST or is_same:
        return Refusal.ALREADY_SO
    if revision is not None and revision != duty.activity.revision:
        return Refusal.CHANGED_SINCE
    if to is DutyState.NOT_NEEDED and not is_conditional:
        return Refusal.NOT_CONDITIONAL
    if to in NEEDS_REASON and not reason:
        return Refusal.REASON_NEEDED
    return None


def judge_undo(duty: DutyFacts, posts: Sequence[Post], *, now: datetime) -> Refusal | None:
    """Return why these posts may not take back what was reported on the duty, or None."""
    if not posts:
        return Refusal.NOT_REGISTERED
    may_always = may_reopen(posts, duty.agency.province_id)
    if not (may_always or may_at(posts, Action.UNDO, duty.agency)):
        return Refusal.NOT_YOUR_AGENCY
    if duty.state in NOTHING_REPORTED or duty.changed_at is None:
        return Refusal.NOTHING_TO_UNDO
    if duty.is_reviewed:
        return Refusal.LOCKED
    if not may_always and now - duty.changed_at > UNDO_WITHIN:
        return Refusal.TOO_LATE_TO_UNDO
    return None


def judge_correction(
    duty: DutyFacts, posts: Sequence[Post], *, now: datetime, is_approved: bool
) -> Refusal | None:
    """Return why these posts may not put the number of a report right, or None.

    As long as the agency could take the report back it may correct it as well, after that only a
    coordinator.  `is_approved` says that the executive has a say in what is done there.
    """
    may_always = may_reopen(posts, duty.agency.province_id)
    if not (may_always or may_at(posts, Action.UNDO, duty.agency)):
        return Refusal.NOT_YOUR_AGENCY
    if duty.state is not DutyState.DONE or duty.changed_at is None:
        return Refusal.NOT_DONE
    if duty.is_reviewed:
        return Refusal.LOCKED
    if not may_always and now - duty.changed_at > UNDO_WITHIN:
        return Refusal.TOO_LATE_TO_UNDO
    return Refusal.APPROVED_AS_IT_IS if is_approved and not may_always else None


@dataclass(frozen=True, slots=True)
class DueList:
    """What is to be done in a period, most urgent first in each part; those at rest are in none."""

    overdue: tuple[DutyFacts, ...]
    ending: tuple[DutyFacts, ...]
    running: tuple[DutyFacts, ...]
    """Open in the period, to be finished after it."""

    @property
    def duties(self) -> tuple[DutyFacts, ...]:
        """Return all, the most urgent first."""
        return (*self.overdue, *self.ending, *self.running)


def due_list(duties: Sequence[DutyFacts], *, today: date, first: date, last: date) -> DueList:
    """Sort the unfinished duties by what the period (both ends inclusive) means for them.

    Overdue ones belong to every period that holds today; a period that is over has those that
    ended in it.
    """
    dated = sorted(
        (
            (duty.activity.window, duty)
            for duty in duties
            if duty.state not in AT_REST and duty.activity.window is not None
        ),
        key=lambda each: each[0].last,
    )
    counts_overdue = first <= today <= last
    return DueList(
        overdue=tuple(d for w, d in dated if w.last < today and counts_overdue),
        ending=tuple(
            d
            for w, d in dated
            if first <= w.last <= last and not (w.last < today and counts_overdue)
        ),
        running=tuple(
            d for w, d in dated if w.last > last and (w.first is None or w.first <= last)
        ),
    )


def overdue(duties: Sequence[DutyFacts], *, today: date) -> list[DutyFacts]:
    """Return the unfinished duties whose window has ended, the longest first."""
    late = [
        (duty.activity.window.last, duty)
        for duty in duties
        if duty.state not in AT_REST
        and duty.activity.window is not None
        and duty.activity.window.last < today
    ]
    return [duty for _, duty in sorted(late, key=lambda each: each[0])]


def current_duties(duties: Sequence[DutyFacts], *, today: date) -> list[DutyFacts]:
    """Return the duties without those of plans that a newer one, now running, has replaced."""
    current = set(current_activities([duty.activity for duty in duties], today=today))
    return [duty for duty in duties if duty.activity in current]


def current_activities(activities: Sequence[ActivityFacts], *, today: date) -> list[ActivityFacts]:
    """Return the activities without those of plans before the newest whose year has begun.

    What is left undone of last year would else stand above this year's work for ever.
    """
    begun: dict[ProvinceId, int] = {}
    for each in activities:
        if each.fiscal_year <= fiscal_year_of(today):
            known = begun.get(each.province_id, each.fiscal_year)
            begun[each.province_id] = max(known, each.fiscal_year)
    return [each for each in activities if each.fiscal_year >= begun.get(each.province_id, 0)]


def of_number(duties: Sequence[DutyFacts], number: str, *, today: date) -> list[DutyFacts]:
    """Return the duties of the activity with that number, of the plan that it means today.

    Numbers start anew each year: this fiscal year's plan is meant, else the newest there is; of
    each province its own, as somebody may answer for agencies of two.
    """
    by_province: dict[ProvinceId, list[ActivityFacts]] = {}
    for duty in duties:
        by_province.setdefault(duty.activity.province_id, []).append(duty.activity)
    meant = [newest(activities, number, today=today) for activities in by_province.values()]
    return [duty for duty in duties if duty.activity in meant]


def newest(
    activities: Sequence[ActivityFacts], number: str, *, today: date
) -> ActivityFacts | None:
    """Return the activity of that number in this fiscal year's plan, else in the newest plan."""
    same = [each for each in activities if each.number == number]
    current = [each for each in same if each.fiscal_year == fiscal_year_of(today)]
    return max(current or same, key=lambda each: each.fiscal_year, default=None)
