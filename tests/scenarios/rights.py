"""Who may do what where, told anew from what was asked for, so that the bot's own table is judged.

Nothing of `handlers.rules` is imported.  Written from the design: an agency's officer reports its
own duties, its executive approves them, a district reports for its agencies, a coordinator has the
province; a reviewer checks what is done, a viewer only looks; nobody acts in another province.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.types import Act, DutyState, Role


class Deed(StrEnum):
    """What somebody does that leaves a trace."""

    REPORT = "report"
    TAKE_BACK = "take back"
    JUDGE = "judge"
    """To approve or return."""
    CHANGE_PLAN = "change the plan"
    BIND_GROUP = "bind a group"
    INVITE = "invite"
    ADMIT = "let somebody in who asks"
    CORRECT = "correct a number"
    REVIEW = "review"
    REOPEN = "open again"
    ANSWER = "answer who is stuck"
    SET = "decide for the province"
    ENTER = "enter"
    """To get a post by a code, which anybody may who has one."""
    END_POST = "end a post"
    """Another's, or hand it over for them; the own one anybody may."""


class Reach(StrEnum):
    """How far from a post."""

    AGENCY = "agency"
    DISTRICT = "district"
    PROVINCE = "province"


REACHES: dict[tuple[Role, Deed], Reach] = {
    (Role.OFFICER, Deed.REPORT): Reach.AGENCY,
    (Role.OFFICER, Deed.TAKE_BACK): Reach.AGENCY,
    (Role.EXECUTIVE, Deed.JUDGE): Reach.AGENCY,
    (Role.DISTRICT, Deed.REPORT): Reach.DISTRICT,
    (Role.DISTRICT, Deed.TAKE_BACK): Reach.DISTRICT,
    (Role.COORDINATOR, Deed.TAKE_BACK): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.CHANGE_PLAN): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.BIND_GROUP): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.INVITE): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.ADMIT): Reach.PROVINCE,
    (Role.OFFICER, Deed.CORRECT): Reach.AGENCY,
    (Role.DISTRICT, Deed.CORRECT): Reach.DISTRICT,
    (Role.COORDINATOR, Deed.CORRECT): Reach.PROVINCE,
    (Role.REVIEWER, Deed.REVIEW): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.REVIEW): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.REOPEN): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.ANSWER): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.SET): Reach.PROVINCE,
    (Role.COORDINATOR, Deed.END_POST): Reach.PROVINCE,
}
FOR_ANYBODY = {Deed.ENTER}
IN_PRIVATE = {
    Deed.JUDGE,
    Deed.INVITE,
    Deed.ADMIT,
    Deed.ENTER,
    Deed.REVIEW,
    Deed.REOPEN,
    Deed.ANSWER,
    Deed.SET,
    Deed.END_POST,
}
"""What is never done where others read along."""

DEEDS: dict[Act, Deed] = {
    Act.REPORTED: Deed.REPORT,
    Act.TAKEN_BACK: Deed.TAKE_BACK,
    Act.APPROVED: Deed.JUDGE,
    Act.RETURNED: Deed.JUDGE,
    Act.PLAN_IN_FORCE: Deed.CHANGE_PLAN,
    Act.POST_GIVEN: Deed.ENTER,
    Act.GROUP_BOUND: Deed.BIND_GROUP,
    # Whoever may report for an agency shows for it, and the plan's owner says where that is needed.
    Act.EVIDENCE_GIVEN: Deed.REPORT,
    Act.EVIDENCE_WITHDRAWN: Deed.REPORT,
    Act.EVIDENCE_RULE: Deed.CHANGE_PLAN,
    Act.CORRECTED: Deed.CORRECT,
    Act.REVIEWED: Deed.REVIEW,
    Act.REOPENED: Deed.REOPEN,
    Act.ANSWERED: Deed.ANSWER,
    Act.SETTING_CHANGED: Deed.SET,
    Act.INVITED: Deed.INVITE,
    # Of quiet only what a coordinator decides is among the acts.
    Act.POLICY_CHANGED: Deed.SET,
    Act.QUIETED: Deed.SET,
    Act.RESUMED: Deed.SET,
    # Of whose post that may be is a law of the code itself.
    Act.POST_OFFERED: Deed.ENTER,
    Act.POST_MOVED: Deed.ENTER,
    Act.POST_ENDED: Deed.END_POST,
}
"""What each entry of the record says that somebody did."""

_NOT_AT_REST = {DutyState.OPEN, DutyState.DOING, DutyState.STUCK, DutyState.RETURNED}
_AT_REST = {DutyState.DONE, DutyState.NOT_NEEDED, DutyState.REPORTED}
_REPORTED = set(DutyState) - {DutyState.OPEN, DutyState.RETURNED}
MOVES: dict[Act, tuple[set[DutyState], set[DutyState]]] = {
    Act.REPORTED: (_NOT_AT_REST, _REPORTED),
    Act.TAKEN_BACK: (_REPORTED, {DutyState.OPEN}),
    Act.APPROVED: ({DutyState.REPORTED}, {DutyState.DONE}),
    Act.RETURNED: ({DutyState.REPORTED}, {DutyState.RETURNED}),
    Act.REOPENED: (_AT_REST, {DutyState.OPEN}),
    Act.CORRECTED: ({DutyState.DONE}, {DutyState.DONE}),
}
"""From which states to which an act brings a duty."""


@dataclass(frozen=True, slots=True)
class Held:
    """A post: the role and where."""

    role: Role
    province: int
    district: int | None
    agency: int | None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is done: an agency with its district, or a whole province."""

    province: int
    district: int | None = None
    agency: int | None = None


def may(posts: Sequence[Held], deed: Deed, spot: Spot) -> bool:
    """Whether one of the posts reaches that spot with that deed."""
    return deed in FOR_ANYBODY or any(_reaches(post, deed, spot) for post in posts)


def _reaches(post: Held, deed: Deed, spot: Spot) -> bool:
    if post.province != spot.province or (post.role, deed) not in REACHES:
        return False
    match REACHES[post.role, deed]:
        case Reach.AGENCY:
            return spot.agency is not None and post.agency == spot.agency
        case Reach.DISTRICT:
            return spot.district is not None and post.district == spot.district
        case Reach.PROVINCE:
            return True
