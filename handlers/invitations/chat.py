"""Codes that a coordinator asks for in the chat, one at a time (ออกรหัส)."""

from handlers.codes import invite
from handlers.naming import named_in
from handlers.record import enter_codes
from handlers.rules.access import Action, may, provinces_of
from handlers.turn import Answer, Turn
from messages_th import answers, problems
from messages_th import invitations as say
from messages_th.parts import Text
from messages_th.phrases import agency_label
from messages_th.words import Understood
from store import agencies
from store.types import Invited, ProvinceId, Role


def typed(turn: Turn, asked: Understood) -> Answer:
    """Issue a code for the agency or district that a coordinator names, in 1:1 alone."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.INVITE)
    if not provinces:
        return [problems.ONLY_COORDINATOR]
    found = _invited(turn, asked, provinces)
    return [found if isinstance(found, Text) else _issued(turn, *found)]


def _invited(
    turn: Turn, asked: Understood, provinces: list[ProvinceId]
) -> tuple[Invited, str] | Text:
    """Return what the code is to be good for, and the place in words; else what is asked back."""
    if asked.role is Role.DISTRICT:
        return _for_district(turn, asked.district or "", provinces)
    if not asked.agency or asked.role is None:
        return say.HOW
    match = named_in(turn, asked.agency, provinces)
    if match.agency is None:
        return say.which_agency(asked.agency, asked.role, [c.agency for c in match.candidates])
    agency = match.agency
    invited = Invited(asked.role, agency.province_id, None, agency.agency_id)
    return invited, agency_label(agency)


def _for_district(turn: Turn, name: str, provinces: list[ProvinceId]) -> tuple[Invited, str] | Text:
    if not name:
        return say.HOW
    found = [
        (province, district)
        for province in provinces
        if (district := agencies.districts(turn.session, province).get(name)) is not None
    ]
    if len(found) != 1:
        return problems.district_unknown(name)
    [(province, district)] = found
    return Invited(Role.DISTRICT, province, district), answers.district_label(name)


def _issued(turn: Turn, invited: Invited, place: str) -> Text:
    is_allowed = may(
        turn.posts,
        Action.INVITE,
        province=invited.province_id,
        district=invited.district_id,
        agency=invited.agency_id,
    )
    if not is_allowed or turn.person is None or invited.role is None:
        return problems.ONLY_COORDINATOR
    issued = invite(turn.session, invited, now=turn.now)
    enter_codes(turn.session, invited, 1, person=turn.person.person_id, at=turn.now)
    link = say.chat_link(turn.bot_id, issued.code)
    return say.issued(
        invited.role, place, issued.code, issued.last_day, link, voided=issued.voided > 0
    )
