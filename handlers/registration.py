"""People and groups: joining by one-time code, binding a group, following and leaving."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import posts
from handlers.codes import digest, invite
from handlers.postback import button_data
from handlers.record import enter_codes, enter_group, enter_post
from handlers.rules.access import Action, may_bind_group, own_agencies, provinces_of
from handlers.rules.progress import due_list
from handlers.turn import (
    Answer,
    BotJoined,
    Followed,
    MembersJoined,
    MembersLeft,
    Turn,
)
from messages_th import answers, leaving, problems
from messages_th.cards import duty_card
from messages_th.parts import Text
from messages_th.words import Understood
from store import agencies, code_tries, duties, joining, people
from store.database import Session
from store.types import Invited, PersonId, Post, ProvinceId, Role

log = logging.getLogger(__name__)

MOST_TRIES = 10
"""Codes that one person may try in a clock hour, right or wrong: slips, not guesses."""
MOST_TRIES_OF_ALL = 1000
"""By all on this installation: a province's 212 agencies may join in one training."""
NOTICE_REMEMBERED = timedelta(days=30)
"""How long it is remembered that somebody read what is kept who has not joined yet."""


def register(turn: Turn, asked: Understood) -> Answer:
    """Redeem a code: in 1:1 it registers the sender, in a group it binds the group.

    A code for a person that was typed in a group is void.  Beyond the limits a code is not even
    looked at, so a right one is not used up; nor is it before its sender has read what is kept.
    """
    if asked.code and not turn.in_group and not _has_read_notice(turn):
        # Nothing is compared, so it is no try, and the code stays good.
        return [answers.consent_to_code(asked.code)]
    if asked.code and _tries_too_often(turn):
        return _refused("too_often", problems.CODES_TRIED_TOO_OFTEN)
    code_digest = digest(asked.code) if asked.code else ""
    invited = people.invitation(turn.session, code_digest, at=turn.now)
    if turn.in_group and invited and invited.role is not None:
        # Whoever reads along could use it first, so it is void even where no sender is named.
        people.use_invitation(turn.session, code_digest, at=turn.now)
        return _refused("shown_in_group", problems.CODE_NOT_FOR_GROUP)
    if not turn.event.source.user_id:
        return [problems.SENDER_UNKNOWN]
    if not asked.code:
        return _code_wanted(turn)
    if invited is None:
        return _refused(people.why_void(turn.session, code_digest), problems.CODE_UNKNOWN)
    if turn.in_group:
        return _bind_group(turn, code_digest, invited)
    if invited.role is None:
        return _refused("for_group", problems.CODE_FOR_GROUP)
    if posts.is_own_handover(turn, invited):
        return _refused("own_handover", leaving.OWN_CODE)
    if not people.use_invitation(turn.session, code_digest, at=turn.now):
        return _refused("used", problems.CODE_UNKNOWN)
    return _registered(turn, invited, invited.role)


def forget(session: Session, *, now: datetime) -> None:
    """Forget who tried codes in hours that are over, and who read the notice and came no more."""
    code_tries.forget_tries(session, before=now - timedelta(hours=1))
    joining.forget_notices(session, before=now - NOTICE_REMEMBERED)


def followed(turn: Turn, _: Followed) -> Answer:
    """Greet who adds the bot with what is kept; somebody known is told that reminders come again.

    Of a stranger nothing is kept but that they read the notice.  What was to be sent to somebody
    known was dropped meanwhile: the card of what is open makes up for it.
    """
    if turn.person is None and turn.event.source.user_id:
        joining.keep_notice(turn.session, turn.event.source.user_id, at=turn.now)
    if turn.person is None or not turn.person.posts:
        return [answers.WELCOME]
    return _choices_last([answers.WELCOME_BACK, *_open_now(turn, turn.person.person_id)])


def unfollowed(turn: Turn, _: object) -> Answer:
    """Remember that the person cannot be written to any more."""
    if turn.person:
        people.set_reachable(
            turn.session, turn.person.person_id, is_reachable=False, at=turn.event.at
        )
    return []


def bot_joined(turn: Turn, _: BotJoined) -> Answer:
    """Remember the group and say how it is bound to its province."""
    group = turn.event.source.group_id
    people.set_bot_inside(turn.session, group, is_inside=True, at=turn.event.at)
    return [answers.GREETING_GROUP]


def bot_left(turn: Turn, _: object) -> Answer:
    """Remember that the bot is in the group no more; its binding ends."""
    group = turn.event.source.group_id
    people.set_bot_inside(turn.session, group, is_inside=False, at=turn.event.at)
    return []


def members_changed(turn: Turn, change: MembersJoined | MembersLeft) -> Answer:
    """Keep the roster of a group, by digests only; nobody is greeted or named."""
    people.set_members(
        turn.session,
        turn.event.source.group_id,
        change.user_ids,
        are_inside=isinstance(change, MembersJoined),
        at=turn.event.at,
    )
    return []


def _refused(reason: str, said: Text) -> Answer:
    log.info("code refused", extra={"action": "code_refused", "reason": reason})
    return [said]


def _has_read_notice(turn: Turn) -> bool:
    """Whether the sender is known or has read the notice; who has not is shown it by now."""
    user_id = turn.event.source.user_id
    if turn.person is not None or not user_id or joining.has_notice(turn.session, user_id):
        return True
    joining.keep_notice(turn.session, user_id, at=turn.now)
    return False


def _tries_too_often(turn: Turn) -> bool:
    """Count a try of a code, and say whether it is one too many, of this person or of all."""
    source = turn.event.source
    own = code_tries.count_try(turn.session, source.user_id or source.group_id, at=turn.now)
    if own > MOST_TRIES:
        return True  # not counted for all: one person cannot shut out the others
    of_all = code_tries.count_try(turn.session, code_tries.EVERYBODY, at=turn.now)
    if of_all == MOST_TRIES_OF_ALL + 1:
        log.error("codes are guessed", extra={"action": "alarm_code_guessing", "count": of_all})
    return of_all > MOST_TRIES_OF_ALL


def _code_wanted(turn: Turn) -> Answer:
    coordinated = next(iter(provinces_of(turn.posts, Action.INVITE)), None)
    if turn.in_group or coordinated is None:
        return [problems.CODE_MISSING]
    person = turn.person.person_id if turn.person else None
    return [_new_group_code(turn, coordinated, person)]


def _new_group_code(turn: Turn, province: ProvinceId, by: PersonId | None) -> Text:
    invited = Invited(None, province)
    issued = invite(turn.session, invited, now=turn.now)
    enter_codes(turn.session, invited, 1, person=by, at=turn.now)
    return answers.group_code(issued.code, issued.last_day)


def _bind_group(turn: Turn, code_digest: str, invited: Invited) -> Answer:
    # The turn's posts are those of this chat's province, and it has none yet.
    held = turn.person.posts if turn.person else ()
    if not may_bind_group(held, invited.province_id):
        return _refused("not_a_coordinator", problems.ONLY_COORDINATOR)
    if turn.province_id not in (None, invited.province_id):
        return _refused("bound_elsewhere", problems.GROUP_OF_ANOTHER)
    if not people.use_invitation(turn.session, code_digest, at=turn.now):
        return [problems.CODE_UNKNOWN]
    group = turn.event.source.group_id
    if not people.bind_chat(turn.session, group, invited.province_id, at=turn.event.at):
        return [problems.GROUP_LEFT_SINCE]
    if turn.person is not None:
        chat = people.chat_number(turn.session, group)
        at = min(turn.event.at, turn.now)
        enter_group(turn.session, invited.province_id, turn.person.person_id, chat, at=at)
    return [answers.group_bound(agencies.province_name(turn.session, invited.province_id))]


def _registered(turn: Turn, invited: Invited, role: Role) -> Answer:
    session, province = turn.session, invited.province_id
    person = people.keep_person(session, turn.event.source.user_id, at=turn.event.at)
    joining.forget_notice(session, turn.event.source.user_id)
    if invited.of_post_id is not None:
        return _taken_over(turn, invited, role, person)
    wanted = _posts(session, invited, role)
    given = [post for post in wanted if people.give_post(session, person, post, at=turn.now)]
    for post in given:
        enter_post(session, person, post, at=turn.now)
    asks_name = not joining.name_of(session, person)
    place = posts.place(session, invited)
    said: Answer = [answers.registered(role, place, asks_name=asks_name)]
    if role is Role.COORDINATOR:
        said.append(_new_group_code(turn, province, person))
    return _choices_last([*said, *_open_now(turn, person)])


def _taken_over(turn: Turn, invited: Invited, role: Role, person: PersonId) -> Answer:
    """Let the successor have a post that was handed over, and read what is open."""
    if invited.of_post_id is None or not posts.move(
        turn.session, invited.of_post_id, person, at=turn.now
    ):
        return _refused("post_ended", problems.CODE_UNKNOWN)
    asks_name = not joining.name_of(turn.session, person)
    place = posts.place(turn.session, invited)
    said: Answer = [leaving.taken_over(role, place, asks_name=asks_name)]
    return _choices_last([*said, *_open_now(turn, person)])


def _posts(session: Session, invited: Invited, role: Role) -> list[Post]:
    """Return the posts that a code gives; a coordinator's agency is one to answer for beside."""
    province = invited.province_id
    if role is not Role.COORDINATOR:
        return [Post(role, province, invited.district_id, invited.agency_id)]
    own = [] if invited.agency_id is None else [invited.agency_id]
    secretariat = agencies.agencies_of_kinds(session, province, posts.SECRETARIAT)
    answers_for = dict.fromkeys([*own, *(agency.agency_id for agency in secretariat)])
    return [
        Post(Role.COORDINATOR, province, None, None),
        *(Post(Role.OFFICER, province, None, agency) for agency in answers_for),
    ]


def _choices_last(parts: Answer) -> Answer:
    """Leave the choices on the last part only: LINE shows no others."""
    return [*(replace(part, choices=()) for part in parts[:-1]), *parts[-1:]]


def _open_now(turn: Turn, person: PersonId) -> Answer:
    """Return the card of what is open: who joins late missed the reminders that told of it."""
    held = people.posts(turn.session, person, at=turn.now)
    own = duties.duties_of_agencies(turn.session, own_agencies(held, Action.REPORT))
    found = due_list(own, today=turn.today, first=turn.today, last=turn.today).duties
    if not found:
        return []
    title = answers.open_title(len(found))
    return [duty_card(title, title, found, turn.today, button_data)]
