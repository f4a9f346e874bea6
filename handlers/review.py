"""Review: who advises the province checks what is done, which locks it; opened again by reason."""

from collections.abc import Sequence
from functools import partial

from handlers.meant import duties_meant, duty_pressed
from handlers.naming import named_in
from handlers.postback import ActButton, act_data
from handlers.record import enter_report, enter_review
from handlers.recording import Line, Recorded, one_text
from handlers.refusals import note
from handlers.rules.access import Action, provinces_of
from handlers.rules.progress import current_duties, of_number
from handlers.rules.review import ReviewRefusal, judge_reopening, judge_review
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import review as say
from messages_th.parts import Text
from messages_th.words import Understood
from store import duties, outbox, people, reviews
from store.models import Topic
from store.types import (
    AT_REST,
    FINISHED,
    Act,
    ActTap,
    AgencyId,
    DutyFacts,
    DutyState,
    PersonId,
    Role,
)


def pressed(turn: Turn, button: ActButton) -> Answer:
    """Review what a button was made for, or ask for the reason of opening it again."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    found = duty_pressed(turn, button.duty_id)
    if isinstance(found, Text):
        return [found]
    person, duty = found
    if button.tap is ActTap.REOPEN:
        return _reopened(turn, person, duty, reason="")
    duties.take_turns(turn.session, [duty.step_id])
    line = _reviewed(turn, person, duty, report=button.report_id)
    return one_text(turn, [line], choices=())


def review(turn: Turn, asked: Understood) -> Answer:
    """Review what an agency reported ("สอบทาน ๑๑ อบต.แม่แรม"); without one, show what waits."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    if not asked.agency:
        return due(turn, asked)
    agency = _agency(turn, asked.agency, Action.REVIEW)
    if isinstance(agency, Text) or turn.person is None:
        return [agency] if isinstance(agency, Text) else [problems.NOT_REGISTERED]
    lines: list[Line] = []
    for number, found in duties_meant(turn, asked, [agency]).items():
        finished = [duty for duty in found if duty.state in FINISHED]
        # All steps of the activity that are finished, or that one is not.
        lines += [
            _reviewed(turn, turn.person.person_id, duty, report=None)
            for duty in finished or found[:1]
        ] or [say.not_in_plan(number, asked.agency)]
    return one_text(turn, lines, choices=())


def due(turn: Turn, asked: Understood) -> Answer:
    """Show what of an activity is done and not reviewed, or how much there is of each."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.REVIEW)
    if not provinces:
        return [say.ONLY_REVIEWERS]
    waiting = current_duties(
        [duty for each in provinces for duty in duties.unreviewed(turn.session, each)],
        today=turn.today,
    )
    if not asked.activities:
        return [say.counts(waiting)]
    number = asked.activities[0]
    found = of_number(waiting, number, today=turn.today)
    return [say.card(found, act_data) if found else say.nothing_waits(number)]


def reopen(turn: Turn, asked: Understood) -> Answer:
    """Take back what is done, reviewed or not ("เปิดใหม่ ๑๑ อบต.แม่แรม" and the reason)."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    if not provinces_of(turn.posts, Action.REOPEN):
        return [problems.ONLY_COORDINATOR]
    if not asked.agency or len(asked.activities) != 1:
        return [say.REOPEN_WHAT]
    agency = _agency(turn, asked.agency, Action.REOPEN)
    if isinstance(agency, Text) or turn.person is None:
        return [agency] if isinstance(agency, Text) else [problems.NOT_REGISTERED]
    number = asked.activities[0]
    found = duties_meant(turn, asked, [agency])[number]
    closed = [duty for duty in found if duty.state in AT_REST] or found[:1]
    if not closed:
        return [Text(say.not_in_plan(number, asked.agency))]
    if len(closed) > 1:
        return [say.which_step(closed, asked.reason, act_data)]
    return _reopened(turn, turn.person.person_id, closed[0], reason=asked.reason)


def _agency(turn: Turn, text: str, action: Action) -> AgencyId | Text:
    provinces = provinces_of(turn.posts, action)
    if not provinces:
        return say.ONLY_REVIEWERS
    meant = named_in(turn, text, provinces).agency
    return say.agency_unknown(text) if meant is None else meant.agency_id


def _reviewed(turn: Turn, person: PersonId, duty: DutyFacts, *, report: int | None) -> Line:
    duty = duties.duty(turn.session, duty.duty_id) or duty
    verdict = judge_review(
        duty,
        turn.posts,
        person=person,
        makers=reviews.makers(turn.session, duty.duty_id),
        report=report,
    )
    if verdict is not None or duty.report_id is None:
        why = verdict or ReviewRefusal.NOT_FINISHED
        note(why)
        return say.not_reviewed(why, duty)
    at = min(turn.event.at, turn.now)
    kept = reviews.add_review(turn.session, duty.duty_id, duty.report_id, person, at=at)
    role = _role(turn, duty)
    return Recorded(
        say.reviewed(duty),
        duty.agency.province_id,
        at,
        partial(enter_review, turn.session, duty, kept, by=role),
    )


def _role(turn: Turn, duty: DutyFacts) -> Role:
    """Return as what the sender reviews: as reviewer, where that is one of the posts."""
    held = {post.role for post in turn.posts if post.province_id == duty.agency.province_id}
    return Role.REVIEWER if Role.REVIEWER in held else Role.COORDINATOR


def _reopened(turn: Turn, person: PersonId, duty: DutyFacts, *, reason: str) -> Answer:
    session, at = turn.session, min(turn.event.at, turn.now)
    duties.take_turns(session, [duty.step_id])
    duty = duties.duty(session, duty.duty_id) or duty
    verdict = judge_reopening(duty, turn.posts, reason=reason)
    if verdict is ReviewRefusal.REASON_NEEDED:
        return [say.ask_reason(duty, act_data)]
    if verdict is not None:
        note(verdict)
        return [Text(say.not_reopened(verdict, duty))]
    if not duties.move_duty(session, duty, DutyState.OPEN, reason=reason, at=at):
        return [Text(say.not_reopened(ReviewRefusal.CHANGED_SINCE, duty))]
    report = duties.add_report(
        session,
        duty,
        person,
        DutyState.OPEN,
        reason=reason,
        at=at,
        webhook_event_id=turn.event.webhook_event_id,
    )
    _tell_officers(turn, duty, report.report_id)
    enter = partial(enter_report, session, duty, report, by=Role.COORDINATOR, act=Act.REOPENED)
    line = say.reopened(duty, duties.step_count(session, duty.step_id))
    return one_text(turn, [Recorded(line, duty.agency.province_id, at, enter)], choices=())


def _tell_officers(turn: Turn, duty: DutyFacts, report: int) -> None:
    officers: Sequence[tuple[PersonId, str]] = people.reachable_of(
        turn.session, duty.agency.agency_id, Role.OFFICER, at=turn.now
    )
    key = f"returned:{report}"
    outbox.add_messages(turn.session, officers, key=key, topic=Topic.RETURNED, at=turn.now)
