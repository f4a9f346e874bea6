"""Whether a report may be reviewed, and what was reviewed opened again.  Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from handlers.rules.access import Action, may_at, may_reopen
from store.types import AT_REST, FINISHED, DutyFacts, PersonId, Post


class ReviewRefusal(StrEnum):
    """Why nothing is reviewed or opened again."""

    NOT_A_REVIEWER = "not_a_reviewer"
    NOT_A_COORDINATOR = "not_a_coordinator"
    NOT_FINISHED = "not_finished"
    CHANGED_SINCE = "changed_since"
    ALREADY_REVIEWED = "already_reviewed"
    OWN_REPORT = "own_report"
    REASON_NEEDED = "reason_needed"


def judge_review(
    duty: DutyFacts,
    posts: Sequence[Post],
    *,
    person: PersonId,
    makers: Collection[PersonId],
    report: int | None,
) -> ReviewRefusal | None:
    """Return why this person may not review what stands on the duty, or None.

    `makers` are those who reported, approved or corrected it: a review is somebody else's.
    `report` is what a button was made for, None for a typed line, which means the present.
    """
    if not may_at(posts, Action.REVIEW, duty.agency):
        return ReviewRefusal.NOT_A_REVIEWER
    if duty.state not in FINISHED or duty.report_id is None:
        return ReviewRefusal.NOT_FINISHED
    if report not in (None, duty.report_id):
        return ReviewRefusal.CHANGED_SINCE
    if duty.is_reviewed:
        return ReviewRefusal.ALREADY_REVIEWED
    return ReviewRefusal.OWN_REPORT if person in makers else None


def judge_reopening(duty: DutyFacts, posts: Sequence[Post], *, reason: str) -> ReviewRefusal | None:
    """Return why these posts may not open the duty again, or None."""
    if not may_reopen(posts, duty.agency.province_id):
        return ReviewRefusal.NOT_A_COORDINATOR
    if duty.state not in AT_REST:
        return ReviewRefusal.NOT_FINISHED
    return None if reason else ReviewRefusal.REASON_NEEDED
