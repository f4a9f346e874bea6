"""Reports: a duty brought to another state by a button or a typed line, once (รายงานผล)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.naming import named_in
from handlers.postback import DutyButton, button_data
from handlers.record import enter_report
from handlers.rules.access import Action, acts_as, may_at, may_do, may_reopen, own_agencies
from handlers.rules.progress import NOTHING_REPORTED, Refusal, judge_report, judge_undo, of_number
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import reporting as say
from messages_th.cards import ASK_STATUS, ASK_WEEK
from messages_th.parts import Text
from messages_th.plan_steps import needs_executive
from messages_th.plan_words import is_optional
from messages_th.words import Understood
from store import duties, outbox, people, plans
from store.models import Topic
from store.types import AT_REST, AgencyId, DutyFacts, DutyState, KeptReport, Role


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was done, and the line that says so; the record is still to be told."""

    duty: DutyFacts
    report: KeptReport
    line: str


Line = str | Recorded
"""A refusal, or what was done: both go into one text."""


def pressed(turn: Turn, button: DutyButton) -> Answer:
    """Record what a button of a card or a quick reply reports, for the duty it was made for."""
    duty = duties.duty(turn.session, button.duty_id)
    if duty is None or not turn.counts_here(duty.activity.province_id):
        return [problems.BUTTON_STALE if turn.person else problems.NOT_REGISTERED]
    if not turn.event.source.user_id:
        if button.revision != duty.activity.revision:
            return [problems.changed_since(duty, turn.today)]
        return [say.confirm_by_message(duty, button.state)]

    duties.take_turns(turn.session, [duty.step_id])
    said = _record(turn, duty, button.state, reason="", revision=button.revision)
    return [said] if isinstance(said, Text) else _one_text(turn, [said])


def typed(turn: Turn, asked: Understood) -> Answer:
    """Record what a typed line reports ("เสร็จ ๓,๕"), for the sender's own agencies.

    A district officer names the agency on whose behalf it is ("เสร็จ ๑๑ อบต.แม่แรม").
    """
    if not asked.activities or asked.state is None:
        return [problems.NUMBER_MISSING]
    agency_ids = _agencies_meant(turn, asked, Action.REPORT)
    if isinstance(agency_ids, Text):
        return [agency_ids]
    return _each_number(turn, asked, agency_ids, _typed_number)


def undo(turn: Turn, asked: Understood) -> Answer:
    """Take back a report: the agency its own within a day, a coordinator any agency's."""
    if not asked.activities:
        return [problems.NUMBER_MISSING]
    agency_ids = _agencies_meant(turn, asked, Action.UNDO)
    if isinstance(agency_ids, Text):
        return [agency_ids]
    return _each_number(turn, asked, agency_ids, _undo_number)


def _agencies_meant(turn: Turn, asked: Understood, action: Action) -> list[AgencyId] | Text:
    """Return the sender's own agencies, or the one named, if that may be acted for."""
    if asked.agency:
        meant = named_in(turn, asked.agency, {post.province_id for post in turn.posts}).agency
        if meant is None or not (
            may_at(turn.posts, action, meant)
            or (action is Action.UNDO and may_reopen(turn.posts, meant.province_id))
        ):
            return problems.agency_not_yours(asked.agency)
        return [meant.agency_id]
    own = own_agencies(turn.posts, action)
    if own:
        return own
    # Who may act for others has to say for which one.
    for_others = any(may_do(post.role, action) for post in turn.posts)
    return problems.AGENCY_MISSING if for_others else problems.ONLY_OFFICERS_REPORT


def _each_number(
    turn: Turn,
    asked: Understood,
    agency_ids: Sequence[AgencyId],
    work: Callable[[Turn, Understood, str, Sequence[DutyFacts]], Line | Text],
) -> Answer:
    """Work every number that was typed, then ask back about the first that is not clear.

    One question at a time: LINE shows the quick replies of the last message alone.
    """
    own = duties.duties_of_agencies(turn.session, agency_ids)
    meant = {
        number: [
            duty
            for duty in of_number(own, number, today=turn.today)
            if asked.step in (None, duty.step_number)
        ]
        for number in dict.fromkeys(asked.activities)
    }
    duties.take_turns(turn.session, {duty.step_id for found in meant.values() for duty in found})
    lines: list[Line] = []
    questions: dict[str, Text] = {}
    for number, found in meant.items():
        said = work(turn, asked, number, found)
        if isinstance(said, Text):
            questions[number] = said
        else:
            lines.append(said)
    first, *others = questions or [""]
    if others:
        lines.append(say.not_yet(others))
    return [*_one_text(turn, lines), *([questions[first]] if questions else [])]


def _typed_number(
    turn: Turn, asked: Understood, number: str, found: Sequence[DutyFacts]
) -> Line | Text:
    left = [duty for duty in found if duty.state not in AT_REST] or found[:1]
    if not left or asked.state is None:
        return _not_found(turn, number)
    if len(left) > 1:
        return say.ask_which(left, asked.state, asked.reason, button_data)
    return _record(turn, left[0], asked.state, reason=asked.reason, revision=None)


def _undo_number(turn: Turn, _: Understood, number: str, found: Sequence[DutyFacts]) -> Line | Text:
    reported = [duty for duty in found if duty.state not in NOTHING_REPORTED] or found[:1]
    if not reported:
        return _not_found(turn, number)
    if len(reported) > 1:
        return say.ask_which(reported, DutyState.OPEN, "", button_data)
    return _undo(turn, reported[0])


def _record(
    turn: Turn, duty: DutyFacts, to: DutyState, *, reason: str, revision: int | None
) -> Line | Text:
    if to is DutyState.DONE and _waits_for_executive(turn, duty):
        to = DutyState.REPORTED
    verdict = judge_report(
        duty,
        turn.posts,
        to,
        reason=reason,
        revision=revision,
        is_conditional=is_optional(duty),
    )
    if verdict is not None:
        return _refused(verdict, duty, turn, to)
    return _moved(turn, duty, to, reason) or problems.already_so(duty)


def _waits_for_executive(turn: Turn, duty: DutyFacts) -> bool:
    """Whether "done" has to be approved; where nobody could, it would wait for ever."""
    return needs_executive(duty) and people.has_post(
        turn.session, duty.agency.agency_id, Role.EXECUTIVE, at=turn.now
    )


def _undo(turn: Turn, duty: DutyFacts) -> Line:
    verdict = judge_undo(duty, turn.posts, now=turn.now)
    if verdict is Refusal.TOO_LATE_TO_UNDO:
        return problems.too_late_to_undo(duty)
    moved = _moved(turn, duty, DutyState.OPEN, "") if verdict is None else None
    return moved or problems.nothing_to_undo(duty)


def _moved(turn: Turn, duty: DutyFacts, to: DutyState, reason: str) -> Recorded | None:
    # What counts is when it was said: a late worker makes no report late.
    at = min(turn.event.at, turn.now)
    if turn.person is None or not duties.move_duty(turn.session, duty, to, reason=reason, at=at):
        return None
    report = duties.add_report(
        turn.session,
        duty,
        turn.person.person_id,
        to,
        reason=reason,
        at=at,
        webhook_event_id=turn.event.webhook_event_id,
    )
    count = duties.step_count(turn.session, duty.step_id)
    if to is DutyState.REPORTED:
        _ask_executives(turn, duty)
    on_behalf = acts_as(turn.posts, duty.agency) is Role.DISTRICT
    return Recorded(duty, report, say.recorded(duty, to, count, on_behalf=on_behalf))


def _ask_executives(turn: Turn, duty: DutyFacts) -> None:
    """Queue a card for each executive, one for all that this event reports of the agency."""
    agency = duty.agency.agency_id
    to = people.reachable_of(turn.session, agency, Role.EXECUTIVE, at=turn.now)
    key = f"approval:{turn.event.webhook_event_id}:{agency}"
    outbox.add_messages(turn.session, to, key=key, topic=Topic.APPROVAL, at=turn.now)


def _refused(verdict: Refusal, duty: DutyFacts, turn: Turn, to: DutyState) -> str | Text:
    if verdict is Refusal.NOT_REGISTERED:
        return problems.NOT_REGISTERED_HERE if turn.in_group else problems.NOT_REGISTERED
    if verdict is Refusal.NOT_YOUR_AGENCY:
        return problems.other_agency(duty.agency)
    if verdict is Refusal.CHANGED_SINCE:
        return problems.changed_since(duty, turn.today)
    if verdict is Refusal.REASON_NEEDED:
        return say.ask_reason(duty, to)
    if verdict is Refusal.NOT_CONDITIONAL:
        return problems.must_be_done(duty)
    return problems.already_so(duty)


def _not_found(turn: Turn, number: str) -> str:
    province = turn.province_id
    known = [] if province is None else plans.activities(turn.session, province)
    if any(activity.number == number for activity in known):
        return problems.not_your_number(number)
    return problems.no_such_number(number)


def _one_text(turn: Turn, lines: Sequence[Line]) -> Answer:
    if not lines:
        return []
    said = _with_receipt(turn, lines)
    # In the group an acknowledgement is a line and no more; in 1:1 the next tap is at hand.
    choices = () if turn.in_group else (ASK_WEEK, ASK_STATUS)
    return [Text("\n".join(said), choices)]


def _with_receipt(turn: Turn, lines: Sequence[Line]) -> list[str]:
    """Enter in the record what was done, and return the lines with the entries' numbers.

    It comes last, as one report after the other waits for the record of the province.
    """
    numbers = {
        each: enter_report(
            turn.session,
            each.duty,
            each.report,
            by=acts_as(turn.posts, each.duty.agency),
        )
        for each in lines
        if isinstance(each, Recorded)
    }
    if turn.in_group:
        return [
            say.numbered(each.line, numbers[each]) if isinstance(each, Recorded) else each
            for each in lines
        ]
    said = [each.line if isinstance(each, Recorded) else each for each in lines]
    if not numbers:
        return said
    at = next(iter(numbers)).report.at.astimezone(BANGKOK)
    return [*said, say.receipt(min(numbers.values()), max(numbers.values()), at)]
