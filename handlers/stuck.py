"""Who is stuck: told to the coordinators, answered by one of them, read by the officers."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from handlers.decisions import Decision, DoNotSend, Reader, SendNow, reader
from handlers.meant import duty_pressed
from handlers.naming import named_in
from handlers.postback import ActButton, act_data, button_data
from handlers.record import enter_answer
from handlers.recording import Recorded, one_text
from handlers.refusals import note
from handlers.rules.access import Action, may, may_at, own_agencies, provinces_of, visible_area
from handlers.rules.progress import current_duties, of_number
from handlers.rules.workdays import BANGKOK, Calendar
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import stuck as say
from messages_th.parts import Text
from messages_th.words import Understood
from store import duties, outbox, people, stuck
from store.database import Session
from store.models import Topic
from store.types import AT_REST, DutyFacts, DutyState, PersonId, Role


def who(turn: Turn, _: Understood) -> Answer:
    """List who is stuck in the asker's district or province, with what, and who was answered."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    area = visible_area(turn.posts, Action.SEE_STUCK)
    if area is None:
        return [problems.ONLY_AREA]
    province, district = area
    found = [
        duty
        for duty in duties.stuck_in_province(turn.session, province)
        if district in (None, duty.agency.district_id)
    ]
    found = current_duties(found, today=turn.today)
    if not found:
        return [say.NOBODY]
    may_answer = may(turn.posts, Action.ANSWER, province=province)
    return [say.card(_with_answers(turn.session, found), act_data if may_answer else None)]


def pressed(turn: Turn, button: ActButton) -> Answer:
    """Ask for the answer to the report that a button was made for."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    found = duty_pressed(turn, button.duty_id)
    if isinstance(found, Text):
        return [found]
    _, duty = found
    if not may_at(turn.posts, Action.ANSWER, duty.agency):
        note("not_a_coordinator")
        return [problems.ONLY_COORDINATOR]
    if duty.state is not DutyState.STUCK or duty.report_id != button.report_id:
        note("changed_since")
        return [Text(say.no_longer_stuck(duty))]
    return [say.ask_answer(duty, act_data)]


def answer(turn: Turn, asked: Understood) -> Answer:
    """Keep what a coordinator answers to who is stuck ("ตอบ ๑๑ ทต.แม่แรม ..."), and pass it on."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.ANSWER)
    if not provinces or turn.person is None:
        note("not_a_coordinator")
        return [problems.ONLY_COORDINATOR]
    if len(asked.activities) != 1:
        return [say.ONE_AT_A_TIME]
    if len(asked.reason) > say.LONGEST_ANSWER:
        note("answer_too_long")
        return [say.TOO_LONG]
    number = asked.activities[0]
    all_stuck = [d for each in provinces for d in duties.stuck_in_province(turn.session, each)]
    found = of_number(all_stuck, number, today=turn.today)
    if asked.agency:
        meant = named_in(turn, asked.agency, provinces).agency
        found = [duty for duty in found if duty.agency == meant]
    found = [duty for duty in found if asked.step in (None, duty.step_number)]
    if not found:
        note("nobody_stuck")
        return [say.nobody_stuck(number, asked.agency or "")]
    if len(found) > 1:
        return [say.which(found, asked.reason, act_data)]
    if not asked.reason:
        return [say.ask_answer(found[0], act_data)]
    return _answered(turn, turn.person.person_id, found[0], asked.reason)


def _answered(turn: Turn, person: PersonId, duty: DutyFacts, text: str) -> Answer:
    session, at = turn.session, min(turn.event.at, turn.now)
    duties.take_turns(session, [duty.step_id])
    duty = duties.duty(session, duty.duty_id) or duty
    if duty.state is not DutyState.STUCK or duty.report_id is None:
        return [Text(say.no_longer_stuck(duty))]
    kept = stuck.add_answer(session, duty, duty.report_id, person, text, at=at)
    officers = people.reachable_of(session, duty.agency.agency_id, Role.OFFICER, at=turn.now)
    outbox.add_messages(
        session,
        officers,
        key=f"stuck_answer:{kept.answer_id}",
        topic=Topic.STUCK_ANSWER,
        at=turn.now,
        about=kept.answer_id,
    )
    line = say.answered(duty, len(officers))
    return one_text(
        turn,
        [Recorded(line, duty.agency.province_id, at, partial(enter_answer, session, duty, kept))],
        (),
    )


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Word a coordinator's card when it is sent: of what is still stuck and not answered."""
    held = reader(session, message, now=now, calendar=calendar)
    if not isinstance(held, Reader):
        return held
    province, first = message.province_id, message.about_id or 0
    if province is None or not may(held.posts, Action.ANSWER, province=province):
        return DoNotSend("no_contact")
    found = current_duties(
        [d for d in duties.stuck_in_province(session, province) if (d.report_id or 0) >= first],
        today=now.astimezone(BANGKOK).date(),
    )
    unanswered = [each for each in _with_answers(session, found) if each.answered_at is None]
    return SendNow([say.card(unanswered, act_data)]) if unanswered else DoNotSend("done")


def compose_answer(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Bring an answer to an officer when it is sent, unless the duty is done meanwhile."""
    held = reader(session, message, now=now, calendar=calendar)
    if not isinstance(held, Reader):
        return held
    kept = stuck.answer(session, message.about_id or 0)
    duty = None if kept is None else duties.duty(session, kept.duty_id)
    if kept is None or duty is None or duty.state in AT_REST:
        return DoNotSend("done")
    if duty.agency.agency_id not in own_agencies(held.posts, Action.REPORT):
        return DoNotSend("no_contact")
    return SendNow(say.answer(duty, kept.text, button_data))


def _with_answers(session: Session, found: Sequence[DutyFacts]) -> list[say.Stuck]:
    answered = stuck.answered(session, [each.report_id or 0 for each in found])
    return [
        say.Stuck(
            duty,
            None if duty.changed_at is None else duty.changed_at.astimezone(BANGKOK),
            None if at is None else at.astimezone(BANGKOK),
        )
        for duty in found
        for at in [answered.get(duty.report_id or 0)]
    ]
