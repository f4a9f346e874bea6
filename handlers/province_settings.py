"""What a province decides for itself: whether one person may report and approve (กฎสองขั้น)."""

from datetime import datetime

from handlers.record import enter_setting
from handlers.rules.access import Action, provinces_of
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import province_settings as say
from messages_th.act_commands import MAY
from messages_th.words import Understood
from store import agencies, province_settings
from store.database import Session
from store.types import PersonId, ProvinceId

ONE_PERSON = "one_person_may_approve"
"""How the record calls the setting."""


def settings(turn: Turn, asked: Understood) -> Answer:
    """Show the settings of the sender's province, or change one ("ตั้งค่า อนุมัติคนเดียวได้")."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.CHANGE_SETTINGS)
    if not provinces or turn.person is None:
        return [problems.ONLY_COORDINATOR]
    province, at = provinces[-1], min(turn.event.at, turn.now)
    number = None
    if asked.text:
        may = asked.text == MAY
        number = let_one_person_approve(
            turn.session, province, turn.person.person_id, may=may, at=at
        )
    name = agencies.province_name(turn.session, province)
    may = province_settings.one_person_may_approve(turn.session, province)
    return [say.shown(name, one_person=may, number=number, changes=bool(asked.text))]


def let_one_person_approve(
    session: Session, province: ProvinceId, person: PersonId | None, *, may: bool, at: datetime
) -> int | None:
    """Decide it and enter it; return the entry's number, None when it is so already.

    `person` is None where an operator decides in the terminal.
    """
    if not province_settings.let_one_person_approve(session, province, may=may):
        return None
    return enter_setting(session, province, person, ONE_PERSON, value=may, at=at)
