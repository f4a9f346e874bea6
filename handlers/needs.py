"""What each command asks of who says it: a right that some post of theirs must give.

It is asked before the command reaches its handler, which then asks for whom and where.  Nothing
by default: a command that is not here is nobody's.
"""

from handlers.refusals import note
from handlers.rules.access import Action, may_do
from handlers.turn import Answer, Turn
from messages_th import approval as say_approval
from messages_th import problems
from messages_th import quiet as say_quiet
from messages_th import review as say_review
from messages_th.parts import Text
from messages_th.words import Command

FOR_ANYBODY = {Command.REGISTER, Command.HELP, Command.JOIN, Command.ERASE_ME}
"""Commands that need no post; all others are for registered people of this chat's province."""

_LOOKS = (Action.SEE_OWN, Action.SEE_AREA)
NEEDS: dict[Command, tuple[Action, ...]] = {
    Command.DUE: _LOOKS,
    Command.OVERDUE: _LOOKS,
    Command.MY_STATUS: _LOOKS,
    Command.ACTIVITY: _LOOKS,
    Command.CONTACT: _LOOKS,
    Command.HISTORY: _LOOKS,
    Command.AREA_STATUS: (Action.SEE_AREA,),
    Command.WHO_IS_LATE: (Action.SEE_AREA,),
    Command.REPORT: (Action.REPORT,),
    Command.UNDO: (Action.UNDO, Action.REOPEN),
    # Without numbers it only asks what waits.
    Command.APPROVE: (Action.APPROVE, Action.SEE_AREA),
    Command.RETURN: (Action.APPROVE,),
    Command.MOVE_ACTIVITY: (Action.CHANGE_PLAN,),
    Command.EDIT_ACTIVITY: (Action.CHANGE_PLAN,),
    Command.UNDO_PLAN: (Action.CHANGE_PLAN,),
    Command.COPY_PLAN: (Action.CHANGE_PLAN,),
    Command.PLAN_DRAFT: (Action.CHANGE_PLAN,),
    Command.PLAN_DOUBTS: (Action.CHANGE_PLAN,),
    Command.CONFIRM_PLAN: (Action.CHANGE_PLAN,),
    Command.CANCEL_PLAN: (Action.CHANGE_PLAN,),
    Command.CORRECT_FIGURE: (Action.UNDO, Action.REOPEN),
    Command.REVIEW: (Action.REVIEW,),
    Command.REVIEWS_DUE: (Action.REVIEW,),
    Command.REOPEN: (Action.REOPEN,),
    Command.ANSWER_STUCK: (Action.ANSWER,),
    Command.WHO_IS_STUCK: (Action.SEE_STUCK,),
    Command.SETTINGS: (Action.CHANGE_SETTINGS,),
    Command.GIVE_EVIDENCE: (Action.GIVE_EVIDENCE,),
    Command.SHOW_EVIDENCE: (Action.SEE_EVIDENCE,),
    Command.REQUIRE_EVIDENCE: (Action.REQUIRE_EVIDENCE,),
    Command.REQUIRE_NO_EVIDENCE: (Action.REQUIRE_EVIDENCE,),
    Command.INVITE: (Action.INVITE,),
    Command.INVITE_ALL: (Action.INVITE,),
    Command.MY_NAME: _LOOKS,
    Command.JOIN_REQUESTS: (Action.ADMIT,),
    Command.HAND_OVER: (Action.LEAVE, Action.HAND_OVER_FOR),
    Command.LEAVE_POST: (Action.LEAVE,),
    Command.RELIEVE: (Action.RELIEVE,),
    Command.WHO_HAS_JOINED: (Action.SEE_JOINED,),
    Command.REMINDER_SETTINGS: (Action.SET_REMINDERS,),
    Command.HOLIDAYS: (Action.SET_REMINDERS,),
    Command.PROMISE: (Action.PROMISE,),
    Command.QUIET: (Action.QUIET,),
    Command.RESUME: (Action.QUIET,),
    Command.WHY_REMINDED: _LOOKS,
    Command.WHY_NOT_REMINDED: _LOOKS,
}
"""Of the rights named one is enough."""
_REFUSED: dict[Action, Text] = {
    Action.REPORT: problems.ONLY_OFFICERS_REPORT,
    Action.GIVE_EVIDENCE: problems.ONLY_OFFICERS_REPORT,
    Action.UNDO: problems.ONLY_OFFICERS_REPORT,
    Action.APPROVE: say_approval.ONLY_EXECUTIVES,
    Action.SEE_AREA: problems.ONLY_AREA,
    Action.CHANGE_PLAN: problems.ONLY_COORDINATOR_PLAN,
    Action.REVIEW: say_review.ONLY_REVIEWERS,
    Action.SEE_STUCK: problems.ONLY_AREA,
    Action.SEE_JOINED: problems.ONLY_AREA,
    Action.PROMISE: say_quiet.ONLY_OFFICERS,
}
"""What is said to who has none of them; where nothing stands here, it is the coordinator's."""


def refusal(turn: Turn, command: Command) -> Answer:
    """Return why the sender's posts here do not give them that command; empty when they do."""
    needs = NEEDS.get(command, ())
    if any(may_do(post.role, action) for post in turn.posts for action in needs):
        return []
    note("not_your_role")
    return [next((_REFUSED[each] for each in needs if each in _REFUSED), problems.ONLY_COORDINATOR)]
