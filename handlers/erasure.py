"""“ลบข้อมูลของฉัน”: told what goes and what stays, then done once it is confirmed."""

import logging

from handlers import posts
from handlers.turn import Answer, Turn
from messages_th import erasure as say
from messages_th import problems
from messages_th.words import Understood
from store import agencies, erasure
from store import posts as kept
from store.types import Person, ProvinceId, Role

log = logging.getLogger(__name__)


def erase_me(turn: Turn, asked: Understood) -> Answer:
    """Ask whether the sender's data shall be deleted, or delete it where they confirm it.

    A confirmation names the person's number, so that an old button deletes nothing of who came
    back since.
    """
    if turn.in_group:
        return [say.IN_PRIVATE]
    if not turn.event.source.user_id:
        # Of nobody nothing is erased: "" stands in many columns for what has no reader.
        return [problems.SENDER_UNKNOWN]
    person = turn.person
    if person is None:
        _erase(turn, None)
        return [say.NOTHING_KEPT]
    if not (asked.confirms and asked.row == person.person_id):
        alone = [
            agencies.province_name(turn.session, each) for each in _coordinated_alone(turn, person)
        ]
        return [say.confirm(person.person_id, alone)]
    for province in _coordinated_alone(turn, person):
        log.error(
            "nobody coordinates", extra={"action": "alarm_no_coordinator", "province": province}
        )
    _erase(turn, person)
    log.info("person erased", extra={"action": "person_erased", "person": person.person_id})
    return [say.ERASED]


def _erase(turn: Turn, person: Person | None) -> None:
    session, at = turn.session, turn.now
    person_id = None if person is None else person.person_id
    if person_id is not None:
        erasure.wait_for_others(session, person_id)
    held = [] if person_id is None else kept.held_by(session, person_id, at=at)
    ended = posts.end_all(session, held, at=at)
    event = turn.event.webhook_event_id
    line_user_id = turn.event.source.user_id
    erasure.erase_line_user(session, line_user_id, person_id, event=event, at=at)
    if person_id is not None:
        erasure.erase_person(session, person_id, at=at)
    # The record comes last: who has it waits for nobody.
    posts.enter_own_ends(session, ended, at=at)


def _coordinated_alone(turn: Turn, person: Person) -> list[ProvinceId]:
    return [
        post.province_id
        for post in person.posts
        if post.role is Role.COORDINATOR
        and kept.is_last_coordinator(turn.session, post.province_id, person.person_id, at=turn.now)
    ]
