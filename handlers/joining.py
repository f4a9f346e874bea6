"""Asking to join by the name of an agency; a coordinator decides with one tap (ขอเข้าร่วม)."""

import logging
from datetime import datetime, timedelta

from handlers.decisions import Decision, DoNotSend, Reader, SendNow, reader
from handlers.naming import named_in
from handlers.postback import JoinButton, join_data
from handlers.record import enter_post
from handlers.rules.access import Action, may_at, provinces_of
from handlers.rules.workdays import Calendar
from handlers.turn import Answer, Turn
from messages_th import joining as say
from messages_th import problems
from messages_th.commands import is_agency
from messages_th.invitations import IN_PRIVATE
from messages_th.names import Match
from messages_th.parts import Text
from messages_th.spelling import one_line
from messages_th.words import Understood, understand
from store import agencies, code_tries, joining, outbox, people
from store.database import Session
from store.models import Topic
from store.types import (
    Agency,
    JoinAsked,
    JoinOutcome,
    JoinRequestId,
    Person,
    PersonId,
    Post,
    Role,
)

log = logging.getLogger(__name__)

MOST_OF_AGENCY = 5
"""Requests of one agency that may wait at a time."""
MOST_OF_PERSON = 3
MOST_LOOKED_UP = 20
"""Names that a stranger may have looked up in a clock hour: each is compared with all agencies."""
NAME_WITHIN = timedelta(days=1)
"""How long a request waits for its asker's name."""
LIKELY = 80
"""Score from which on an agency is worth offering to a stranger."""


def newcomer(turn: Turn, text: str) -> Answer:
    """Answer what is no command in 1:1 of who has no post, or owes a name; [] where it is none.

    A name owed comes first; else it may be the name of an agency.
    """
    owed = _owed(turn)
    if owed is None and (turn.posts or not turn.event.source.user_id):
        return []
    if understand(text, in_group=False, guesses=False) is not None:
        return []
    if owed is not None and not is_agency(one_line(text)):
        return _named(turn, owed, text)
    found = _looked_up(turn, text)
    if found is None:
        return []
    return _answer_name(turn, text, Role.OFFICER, found, is_asked=False)


def typed(turn: Turn, asked: Understood) -> Answer:
    """Ask to join the agency that is named; who has not read what is kept reads it first."""
    if turn.in_group:
        return [IN_PRIVATE]
    if not turn.event.source.user_id:
        return [problems.SENDER_UNKNOWN]
    if not asked.agency or asked.role is None:
        return [say.HOW]
    if _looks_up_too_often(turn):
        return [_refused("looked_up_too_often", say.TOO_OFTEN)]
    found = _resolved(turn, asked.agency)
    return _answer_name(turn, asked.agency, asked.role, found, is_asked=True)


def show_waiting(turn: Turn, _: Understood) -> Answer:
    """Show a coordinator who waits to be let in, with both answers beside each."""
    if turn.in_group:
        return [IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.ADMIT)
    if not provinces:
        return [problems.ONLY_COORDINATOR]
    waiting = [each for found in provinces for each in joining.waiting_in(turn.session, found)]
    return [say.waiting_card(waiting, _data)] if waiting else [say.NOBODY_WAITS]


def pressed(turn: Turn, button: JoinButton) -> Answer:
    """Let in who asked, or refuse: one tap of one coordinator decides, once for ever."""
    if turn.in_group:
        return [IN_PRIVATE]
    asked = joining.request(turn.session, button.request_id)
    if turn.person is None:
        return [problems.NOT_REGISTERED]
    if asked is None:
        return [_refused("gone", say.GONE)]
    if not may_at(turn.posts, Action.ADMIT, asked.agency):
        return [_refused("not_a_coordinator", problems.ONLY_COORDINATOR)]
    return [_decided(turn, turn.person.person_id, asked, admits=button.admits)]


def forget(session: Session, *, now: datetime) -> None:
    """Withdraw requests whose askers gave no name."""
    joining.withdraw_unnamed(session, before=now - NAME_WITHIN, at=now)


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Word at the moment of sending who asks, for a coordinator; or the outcome, for who asked."""
    read_by = reader(session, message, now=now, calendar=calendar)
    if not isinstance(read_by, Reader):
        return read_by
    asked = joining.request(session, JoinRequestId(message.about_id or 0))
    if asked is None:
        return DoNotSend("done")
    if asked.person_id == read_by.person:
        province = agencies.province_name(session, asked.agency.province_id)
        told = asked.outcome in (JoinOutcome.ADMITTED, JoinOutcome.REFUSED)
        return SendNow([say.outcome(asked, province)]) if told else DoNotSend("done")
    if asked.outcome is not None or not may_at(read_by.posts, Action.ADMIT, asked.agency):
        return DoNotSend("done")
    return SendNow([say.waiting_card([asked], _data)])


def _owed(turn: Turn) -> JoinAsked | None:
    """Return the request of the sender that waits for their name, if one does."""
    if turn.person is None:
        return None
    waiting = joining.waiting_of_person(turn.session, turn.person.person_id)
    return next((each for each in waiting if not each.name), None)


def _looked_up(turn: Turn, text: str) -> Match | None:
    """Return what a text means as the name of an agency, None where it can be none at all."""
    if len(text) > say.LONGEST_NAME or _looks_up_too_often(turn):
        return None
    found = _resolved(turn, text)
    return found if found.agency or _likely(found) else None


def _looks_up_too_often(turn: Turn) -> bool:
    if turn.posts:
        return False
    # Apart from tries of codes, by the same kind of digest.
    who = f"agency:{turn.event.source.user_id}"
    return code_tries.count_try(turn.session, who, at=turn.now) > MOST_LOOKED_UP


def _resolved(turn: Turn, text: str) -> Match:
    """Return what a name means: among the own provinces of who has posts, else among all."""
    own = {post.province_id for post in turn.posts}
    everywhere = own or set(agencies.provinces(turn.session))
    rest, name = say.without_province(text)
    said = None if name is None else agencies.province_id(turn.session, name)
    if said in everywhere:
        found = named_in(turn, rest, [said])
        if found.agency is not None:
            return found
    return named_in(turn, text, sorted(everywhere))


def _likely(found: Match) -> list[Agency]:
    return [each.agency for each in found.candidates if each.score >= LIKELY]


def _answer_name(turn: Turn, text: str, role: Role, found: Match, *, is_asked: bool) -> Answer:
    """Ask, or ask back, by a name; `is_asked` where its sender said that they want to join."""
    agency = found.agency
    if agency is None:
        likely = [(each, _province_of(turn, each)) for each in _likely(found)]
        if not likely:
            return [_refused("agency_unknown", say.agency_unknown(text))]
        return [say.which_agency(text, role, likely)]
    has_read = turn.person is not None or joining.has_notice(
        turn.session, turn.event.source.user_id
    )
    if not has_read:
        joining.keep_notice(turn.session, turn.event.source.user_id, at=turn.now)
    if not has_read or not is_asked:
        province = _province_of(turn, agency)
        return [say.consent(agency, role, province, shows_notice=not has_read)]
    return [_ask(turn, agency, role)]


def _province_of(turn: Turn, agency: Agency) -> str:
    return agencies.province_name(turn.session, agency.province_id)


def _ask(turn: Turn, agency: Agency, role: Role) -> Text:
    """Keep that the sender asks to join, unless that is needless or too much."""
    session = turn.session
    if Post(role, agency.province_id, None, agency.agency_id) in turn.posts:
        return say.has_post(agency, role)
    waiting = [] if turn.person is None else _waiting_with_name(turn, turn.person)
    if any((each.agency.agency_id, each.role) == (agency.agency_id, role) for each in waiting):
        return say.waits_already(agency)
    if len(waiting) >= MOST_OF_PERSON:
        return _refused("too_many_of_person", say.TOO_MANY_OF_PERSON)
    # Two who ask for one agency at a time would not see each other's requests.
    agencies.take_turn(session, agency.agency_id)
    if joining.count_waiting(session, agency.agency_id) >= MOST_OF_AGENCY:
        return _refused("too_many_of_agency", say.too_many_of_agency(agency))
    person = people.keep_person(session, turn.event.source.user_id, at=turn.event.at)
    joining.forget_notice(session, turn.event.source.user_id)
    request = joining.add_request(session, person, agency, role, at=turn.now)
    name = joining.name_of(session, person)
    return _told_coordinators(turn, request, name) if name else say.ask_name(agency, role)


def _waiting_with_name(turn: Turn, person: Person) -> list[JoinAsked]:
    """Return what of the sender's waits; one that still owes a name gives way to the next."""
    waiting = joining.waiting_of_person(turn.session, person.person_id)
    nameless = [each.request_id for each in waiting if not each.name]
    joining.withdraw(turn.session, nameless, at=turn.now)
    return [each for each in waiting if each.name]


def take_name(turn: Turn, asked: Understood) -> Answer:
    """Keep the name and position that somebody gives who came in by a code ("ชื่อของฉัน ...")."""
    if turn.in_group:
        return [say.NAME_IN_PRIVATE]
    name = say.clean_name(asked.text)
    if isinstance(name, say.NameProblem) or turn.person is None:
        return [_refused("name", say.NAME_UNREADABLE)]
    joining.give_name(turn.session, turn.person.person_id, name)
    return [say.name_kept(name)]


def _named(turn: Turn, owed: JoinAsked, text: str) -> Answer:
    """Take the name and position that was asked for, and bring the request before coordinators."""
    name = say.clean_name(text)
    if isinstance(name, say.NameProblem):
        return [_refused(name.value, say.name_refused(name))]
    joining.give_name(turn.session, owed.person_id, name)
    return [_told_coordinators(turn, owed.request_id, name)]


def _told_coordinators(turn: Turn, request: JoinRequestId, name: str) -> Text:
    asked = joining.request(turn.session, request)
    if asked is None:
        return say.GONE
    found = people.coordinators_now(turn.session, asked.agency.province_id, at=turn.now)
    to = [each for each in found if each[0] != asked.person_id]
    outbox.add_messages(
        turn.session, to, key=f"join:{request}", topic=Topic.JOIN, at=turn.now, about=request
    )
    return say.sent(asked, name, coordinators=len(to))


def _decided(turn: Turn, by: PersonId, asked: JoinAsked, *, admits: bool) -> Text:
    session = turn.session
    outcome = JoinOutcome.ADMITTED if admits else JoinOutcome.REFUSED
    if not joining.decide(session, asked.request_id, outcome, by=by, at=turn.now):
        return _refused("decided_before", say.DECIDED)
    line_user_id = people.line_user_id(session, asked.person_id)
    outbox.add_messages(
        session,
        [(asked.person_id, line_user_id)],
        key=f"joined:{asked.request_id}",
        topic=Topic.JOIN,
        at=turn.now,
        about=asked.request_id,
    )
    post = Post(asked.role, asked.agency.province_id, None, asked.agency.agency_id)
    if admits and people.give_post(session, asked.person_id, post, at=turn.now):
        enter_post(session, asked.person_id, post, at=turn.now, admitted_by=by)
    log.info("join decided", extra={"action": "join_decided", "outcome": outcome})
    return say.decided(asked, outcome)


def _refused(reason: str, said: Text) -> Text:
    log.info("join refused", extra={"action": "join_refused", "reason": reason})
    return said


def _data(asked: JoinAsked, admits: bool) -> str:  # noqa: FBT001 - of a button
    return join_data(asked.request_id)(admits)
