"""The product on one screen: which handler answers which event, command and button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers import (
    approval,
    downloads,
    erasure,
    figures,
    history,
    joined,
    joining,
    leaving,
    needs,
    oversight,
    province_settings,
    questions,
    quiet,
    registration,
    reminder_reasons,
    reminder_settings,
    reporting,
    review,
    stuck,
)
from handlers.evidence import arriving, giving, requiring, showing, unsending
from handlers.invitations import chat as invitations
from handlers.invitations import lists
from handlers.plan_import import chat, incoming, taps
from handlers.postback import (
    ActButton,
    ApprovalButton,
    EvidenceButton,
    JoinButton,
    PlanButton,
    decode,
)
from handlers.refusals import note
from handlers.rules.access import visible_area
from handlers.turn import (
    Answer,
    BotJoined,
    BotLeft,
    Brought,
    CodesMade,
    CodesWanted,
    Event,
    Files,
    FileSent,
    Followed,
    KeptFile,
    MembersJoined,
    MembersLeft,
    OtherEvent,
    PhotoSent,
    Pressed,
    TextSaid,
    Turn,
    Unfollowed,
    Unsent,
    Wanted,
)
from messages_th import answers, problems
from messages_th.erasure import ERASED, NOTHING_KEPT
from messages_th.evidence import HOW
from messages_th.parts import Text
from messages_th.words import LONGEST, Command, Understood, understand
from store import people
from store.database import Session
from store.types import ActTap, Fetch, PersonId


def _status(turn: Turn, asked: Understood) -> Answer:
    sees_others = visible_area(turn.posts) is not None
    return (oversight.area_status if asked.agency and sees_others else questions.my_status)(
        turn, asked
    )


COMMANDS: dict[Command, Callable[[Turn, Understood], Answer]] = {
    Command.DUE: questions.due,
    Command.OVERDUE: questions.late,
    Command.MY_STATUS: _status,
    Command.ACTIVITY: questions.activity,
    Command.CONTACT: questions.contact,
    Command.HELP: questions.show_help,
    Command.HISTORY: history.history,
    Command.AREA_STATUS: oversight.area_status,
    Command.WHO_IS_LATE: oversight.who_is_late,
    Command.REPORT: reporting.typed,
    Command.UNDO: reporting.undo,
    Command.APPROVE: approval.typed,
    Command.RETURN: approval.typed,
    Command.REGISTER: registration.register,
    Command.MOVE_ACTIVITY: chat.edit,
    Command.EDIT_ACTIVITY: chat.edit,
    Command.UNDO_PLAN: chat.undo,
    Command.COPY_PLAN: chat.copy,
    Command.PLAN_DRAFT: taps.show,
    Command.PLAN_DOUBTS: taps.doubts,
    Command.CONFIRM_PLAN: taps.confirm,
    Command.CANCEL_PLAN: taps.cancel,
    Command.CORRECT_FIGURE: figures.correct,
    Command.REVIEW: review.review,
    Command.REVIEWS_DUE: review.due,
    Command.REOPEN: review.reopen,
    Command.ANSWER_STUCK: stuck.answer,
    Command.WHO_IS_STUCK: stuck.who,
    Command.SETTINGS: province_settings.settings,
    Command.GIVE_EVIDENCE: giving.typed,
    Command.SHOW_EVIDENCE: showing.show,
    Command.REQUIRE_EVIDENCE: requiring.require,
    Command.REQUIRE_NO_EVIDENCE: requiring.require,
    Command.INVITE: invitations.typed,
    Command.INVITE_ALL: lists.typed,
    Command.JOIN: joining.typed,
    Command.MY_NAME: joining.take_name,
    Command.JOIN_REQUESTS: joining.show_waiting,
    Command.HAND_OVER: leaving.hand_over,
    Command.LEAVE_POST: leaving.leave,
    Command.RELIEVE: leaving.relieve,
    Command.ERASE_ME: erasure.erase_me,
    Command.WHO_HAS_JOINED: joined.who_has_joined,
    Command.REMINDER_SETTINGS: reminder_settings.settings,
    Command.HOLIDAYS: reminder_settings.holidays,
    Command.PROMISE: quiet.promise,
    Command.QUIET: quiet.put_off,
    Command.RESUME: quiet.resume,
    Command.WHY_REMINDED: reminder_reasons.why,
    Command.WHY_NOT_REMINDED: reminder_reasons.why_not,
}

NO_COMMAND: tuple[Answer, ...] = (
    [],
    [answers.NOT_UNDERSTOOD],
    [problems.TEXT_TOO_LONG],
    [HOW],
)
"""Answers to what is no command, so that nothing of it is kept."""
SAID_BY_ANYBODY = TextSaid | FileSent | PhotoSent | Unsent | OtherEvent
OF_GROUPS = BotJoined | BotLeft | MembersJoined | MembersLeft


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event: the reply, and whether what was said must be forgotten at once.

    With `forgets_sender` the reply itself may keep nothing of whom it goes to.
    """

    answer: Answer
    is_forgotten: bool
    forgets_sender: bool = False


def wanted_file(
    session: Session, event: Event, *, now: datetime, today: date, files: Files, bot_id: str
) -> Wanted | None:
    """Return what has to be fetched and read before the event is answered, or None.

    What is for a duty is no plan.
    """
    if arriving.may_bring(event):
        turn = _turn(session, event, now, today, files, bot_id)
        if (evidence := arriving.wanted(turn)) or arriving.concerns(turn):
            return evidence
    file = chat.wanted_file(session, event)
    return None if file is None else Wanted(file, file.message_id, is_evidence=False)


def read_file(wanted: Wanted, content: bytes, files: Files) -> Brought:
    """Return it with what its bytes hold; may take seconds, and needs no database.

    Raises:
        OSError: when evidence cannot be kept on disk.
    """
    if isinstance(wanted.brought, FileSent) and not wanted.is_evidence:
        return incoming.read_file(wanted.brought, content)
    return arriving.fetched(wanted.brought, content, files)


def wanted_codes(session: Session, event: Event) -> CodesWanted | None:
    """Return the list of codes that has to be made before the event is answered, or None."""
    return lists.wanted_codes(session, event)


def make_codes(wanted: CodesWanted, *, now: datetime, bot_id: str) -> CodesMade:
    """Return the codes that are asked for; takes seconds, and needs no database."""
    return lists.make_codes(wanted, now=now, bot_id=bot_id)


def kept_file(
    session: Session, what: Fetch, row_id: int, person: PersonId, *, now: datetime
) -> KeptFile | None:
    """Return the file that a link is for, if its reader may have it at that instant."""
    return KEPT_FILES[what](session, row_id, person, now=now)


def answer(
    session: Session, event: Event, *, now: datetime, today: date, files: Files, bot_id: str
) -> Outcome:
    """Let an event be answered; facts are written in the session, the reply is returned.

    `files` keeps what the event brings or has made, `bot_id` is our own basic id in LINE or "".
    """
    turn = _turn(session, event, now, today, files, bot_id)
    if turn.person and not turn.in_group and not isinstance(event.happening, Unfollowed):
        people.set_reachable(session, turn.person.person_id, is_reachable=True, at=event.at)
    # Of a group without an id there is nothing that could be kept.
    is_of_no_group = isinstance(event.happening, OF_GROUPS) and not turn.in_group
    parts = [] if is_of_no_group else EVENTS[type(event.happening)](turn, event.happening)
    is_no_command = parts in NO_COMMAND
    is_chatter = is_no_command and isinstance(event.happening, SAID_BY_ANYBODY)
    # Nothing of a stranger is kept before they have joined.
    is_strangers = turn.person is None and bool(event.source.user_id)
    return Outcome(
        parts,
        is_forgotten=is_chatter or is_strangers,
        forgets_sender=parts in ([ERASED], [NOTHING_KEPT]),
    )


def _turn(
    session: Session, event: Event, now: datetime, today: date, files: Files, bot_id: str
) -> Turn:
    user_id, group_id = event.source.user_id, event.source.group_id
    person = people.person(session, user_id, at=now) if user_id else None
    if group_id:
        province = people.chat_province(session, group_id)
    else:
        province = person.posts[-1].province_id if person and person.posts else None
    return Turn(session, event, now, today, person, province, files, bot_id)


def _text_said(turn: Turn, said: TextSaid) -> Answer:
    if not turn.in_group and incoming.is_pasted_plan(said.text):
        return chat.pasted(turn, said.text)
    if not turn.in_group and (said_by_newcomer := joining.newcomer(turn, said.text)):
        return said_by_newcomer
    chatter_is_silent = turn.in_group and not said.mentions_bot
    understood = understand(said.text, in_group=chatter_is_silent)
    if understood is None:
        return [] if chatter_is_silent else [_not_understood(said.text)]
    if understood.command not in needs.FOR_ANYBODY:
        if turn.in_group and turn.province_id is None:
            return [problems.GROUP_UNBOUND]
        if not turn.event.source.user_id:
            return [problems.SENDER_UNKNOWN]
        if not turn.posts:
            return [problems.NOT_REGISTERED_HERE if turn.in_group else problems.NOT_REGISTERED]
        if refused := needs.refusal(turn, understood.command):
            return refused
    return COMMANDS[understood.command](turn, understood)


def _not_understood(text: str) -> Text:
    if len(text) <= LONGEST:
        return answers.NOT_UNDERSTOOD
    note("text_too_long")
    return problems.TEXT_TOO_LONG


def _pressed(turn: Turn, press: Pressed) -> Answer:
    button = decode(press.data)
    if isinstance(button, PlanButton):
        return taps.pressed(turn, button)
    if isinstance(button, ApprovalButton):
        return approval.pressed(turn, button)
    if isinstance(button, ActButton):
        is_answer = button.tap is ActTap.ANSWER
        return stuck.pressed(turn, button) if is_answer else review.pressed(turn, button)
    if isinstance(button, EvidenceButton):
        return giving.pressed(turn, button, press)
    if isinstance(button, JoinButton):
        return joining.pressed(turn, button)
    if button is None:
        note("button_unknown")
        return [problems.BUTTON_STALE]
    return reporting.pressed(turn, button)


def _file_sent(turn: Turn, file: FileSent) -> Answer:
    said = giving.sent(turn, file)
    return chat.file_sent(turn, file) if said is None else said


def _photo_sent(turn: Turn, photo: PhotoSent) -> Answer:
    said = giving.sent(turn, photo)
    return chat.photo_sent(turn, photo) if said is None else said


def _ignored(_: Turn, __: OtherEvent) -> Answer:
    return []


EVENTS: dict[type, Callable[[Turn, Any], Answer]] = {
    TextSaid: _text_said,
    FileSent: _file_sent,
    PhotoSent: _photo_sent,
    Pressed: _pressed,
    Unsent: unsending.unsent,
    Followed: registration.followed,
    Unfollowed: registration.unfollowed,
    BotJoined: registration.bot_joined,
    BotLeft: registration.bot_left,
    MembersJoined: registration.members_changed,
    MembersLeft: registration.members_changed,
    OtherEvent: _ignored,
}
KEPT_FILES = {Fetch.DOWNLOAD: downloads.kept_file, Fetch.EVIDENCE: showing.kept_file}
"""By what a link fetches: who says whether its reader may have it."""
