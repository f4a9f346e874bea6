"""A number that was reported is put right: by the agency for a day, then by a coordinator."""

from functools import partial

from handlers.meant import agencies_meant, duties_meant, not_found
from handlers.record import enter_report
from handlers.recording import Line, Recorded, locked, one_text, waits_for_executive
from handlers.refusals import note
from handlers.rules.access import Action, acts_as
from handlers.rules.progress import Refusal, judge_correction
from handlers.turn import Answer, Turn
from messages_th import figures as say
from messages_th import problems
from messages_th.parts import Text
from messages_th.words import Understood
from store import duties
from store.types import Act, DutyFacts, DutyState, PersonId, Role


def correct(turn: Turn, asked: Understood) -> Answer:
    """Put the number of a report right ("แก้ตัวเลข ๑๑ เป็น ๔๘")."""
    if not asked.activities:
        return [problems.NUMBER_MISSING]
    if not asked.figure:
        return [problems.FIGURE_UNREADABLE]
    if len(asked.activities) > 1:
        return [problems.ONE_AT_A_TIME]
    agency_ids = agencies_meant(turn, asked, Action.UNDO)
    if isinstance(agency_ids, Text) or turn.person is None:
        return [agency_ids] if isinstance(agency_ids, Text) else [problems.NOT_REGISTERED]
    number = asked.activities[0]
    found = duties_meant(turn, asked, agency_ids)[number]
    done = [duty for duty in found if duty.state is DutyState.DONE] or found[:1]
    if not done:
        return [Text(not_found(turn, number))]
    if len(done) > 1:
        return [say.ask_which(done, asked.figure)]
    return one_text(turn, [_correct(turn, turn.person.person_id, done[0], asked.figure)])


def _correct(turn: Turn, person: PersonId, duty: DutyFacts, figure: str) -> Line:
    duty = duties.duty(turn.session, duty.duty_id) or duty
    verdict = judge_correction(
        duty, turn.posts, now=turn.now, is_approved=waits_for_executive(turn, duty)
    )
    if verdict is not None:
        note(verdict)
    if verdict is Refusal.LOCKED:
        return locked(turn, duty)
    if verdict is not None:
        return say.refused(verdict, duty)
    new = say.with_unit(figure, duty.figure)
    if new == duty.figure:
        return problems.already_so(duty)
    report = duties.add_report(
        turn.session,
        duty,
        person,
        duty.state,
        reason=duty.reason,
        at=min(turn.event.at, turn.now),
        webhook_event_id=turn.event.webhook_event_id,
        figure=new,
        link=duty.link,
    )
    by = acts_as(turn.posts, duty.agency)
    enter = partial(enter_report, turn.session, duty, report, by=by, act=Act.CORRECTED)
    line = say.corrected(duty, new, on_behalf=by is Role.DISTRICT)
    return Recorded(line, duty.agency.province_id, report.at, enter)
