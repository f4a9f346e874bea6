"""Whether an executive may judge a report (กฎสองขั้น).  Pure."""

from collections.abc import Sequence
from enum import StrEnum

from handlers.rules.access import Action, may_at
from store.types import DutyFacts, DutyState, PersonId, Post


class ApprovalRefusal(StrEnum):
    """Why a report is not approved or returned."""

    NOT_THE_EXECUTIVE = "not_the_executive"
    NO_LONGER_WAITING = "no_longer_waiting"
    OWN_REPORT = "own_report"
    REASON_NEEDED = "reason_needed"


def judge_approval(
    duty: DutyFacts,
    posts: Sequence[Post],
    *,
    person: PersonId,
    reporter: PersonId,
    is_newest: bool,
    needs_reason: bool,
    one_person_may: bool = False,
) -> ApprovalRefusal | None:
    """Return why this person may not judge what `reporter` reported, or None.

    `is_newest` says whether the button was made for the report that waits now.  Who reported is
    never who approves, as the rule asks for a second person, unless the province allows it
    (`one_person_may`).
    """
    if not may_at(posts, Action.APPROVE, duty.agency):
        return ApprovalRefusal.NOT_THE_EXECUTIVE
    if duty.state is not DutyState.REPORTED or not is_newest:
        return ApprovalRefusal.NO_LONGER_WAITING
    if person == reporter and not one_person_may:
        return ApprovalRefusal.OWN_REPORT
    return ApprovalRefusal.REASON_NEEDED if needs_reason else None
