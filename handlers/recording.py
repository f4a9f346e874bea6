"""What a report does once it is clear which duty is meant: moved once, kept, entered, told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from handlers.record import enter_report
from handlers.refusals import note
from handlers.rules.access import acts_as, may_reopen
from handlers.rules.evidence import WAITS
from handlers.rules.progress import Refusal, judge_report, judge_undo
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import reporting as say
from messages_th.cards import ASK_STATUS, ASK_WEEK
from messages_th.evidence import needed_first
from messages_th.parts import Button, Text
from messages_th.plan_steps import needs_executive
from messages_th.plan_words import is_optional
from store import duties, evidence, outbox, people, stuck
from store.models import Topic
from store.types import Awaited, DutyFacts, DutyState, ProvinceId, Role

IS_DONE = (DutyState.DONE, DutyState.REPORTED)
"""What a step that needs evidence becomes only with it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was done in a province at an instant (UTC), and the line that says so.

    It is still to be entered: `enter` does that, and returns the number of the entry.
    """

    line: str
    province_id: ProvinceId
    at: datetime
    enter: Callable[[], int]


Line = str | Recorded
"""A refusal, or what was done: both go into one text."""


def report(
    turn: Turn,
    duty: DutyFacts,
    to: DutyState,
    *,
    reason: str,
    revision: int | None,
    figure: str = "",
    link: str = "",
) -> Line | Text:
    """Bring a duty to a state, if the sender may; a text asks back, and nothing is recorded.

    `figure` and `link` go with it as they are kept.
    """
    if to is DutyState.DONE and waits_for_executive(turn, duty):
        to = DutyState.REPORTED
    verdict = judge_report(
        duty,
        turn.posts,
        to,
        reason=reason,
        revision=revision,
        is_conditional=is_optional(duty),
        says_more=figure not in ("", duty.figure) or link not in ("", duty.link),
    )
    if verdict is not None:
        return _refused(verdict, duty, turn, to)
    has_proof = bool(link) or bool(evidence.counts(turn.session, [duty.duty_id]))
    if to in IS_DONE and duty.needs_evidence and not has_proof:
        _await_evidence(turn, duty, then_done=True, figure=figure)
        return needed_first(duty, in_group=turn.in_group)
    moved = _moved(turn, duty, to, reason=reason, figure=figure, link=link)
    return moved or problems.already_so(duty)


def take_back(turn: Turn, duty: DutyFacts) -> Line:
    """Take back what was reported on a duty, if the sender may."""
    # Read anew: who waited for the step may have waited for a review.
    duty = duties.duty(turn.session, duty.duty_id) or duty
    verdict = judge_undo(duty, turn.posts, now=turn.now)
    if verdict is not None:
        note(verdict)
    if verdict is Refusal.LOCKED:
        return locked(turn, duty)
    if verdict is Refusal.TOO_LATE_TO_UNDO:
        return problems.too_late_to_undo(duty)
    moved = _moved(turn, duty, DutyState.OPEN, reason="") if verdict is None else None
    return moved or problems.nothing_to_undo(duty)


def locked(turn: Turn, duty: DutyFacts) -> str:
    """Say that what was reviewed stays, and what the sender can do about it."""
    return problems.locked(duty, may_reopen=may_reopen(turn.posts, duty.agency.province_id))


def one_text(
    turn: Turn, lines: Sequence[Line], choices: tuple[Button, ...] = (ASK_WEEK, ASK_STATUS)
) -> Answer:
    """Enter in the record what was done, and say all in one text; nothing where nothing was."""
    if not lines:
        return []
    said = _with_receipt(turn, lines)
    # In the group an acknowledgement is a line and no more; in 1:1 the next tap is at hand.
    return [Text("\n".join(said), () if turn.in_group else choices)]


def _await_evidence(turn: Turn, duty: DutyFacts, *, then_done: bool, figure: str = "") -> None:
    """Let the sender's next photo or file in 1:1 be for that duty."""
    if turn.person is not None:
        wait = Awaited(duty.duty_id, then_done=then_done, figure=figure)
        until = turn.event.at + WAITS
        evidence.wait_for(turn.session, turn.person.person_id, wait, until=until)


def waits_for_executive(turn: Turn, duty: DutyFacts) -> bool:
    """Whether "done" has to be approved; where nobody could, it would wait for ever."""
    return needs_executive(duty) and people.has_post(
        turn.session, duty.agency.agency_id, Role.EXECUTIVE, at=turn.now
    )


def _moved(
    turn: Turn, duty: DutyFacts, to: DutyState, *, reason: str, figure: str = "", link: str = ""
) -> Recorded | None:
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
        figure=figure,
        link=link,
    )
    count = duties.step_count(turn.session, duty.step_id)
    if to is DutyState.REPORTED:
        _ask_executives(turn, duty)
    if to is DutyState.STUCK:
        province = duty.agency.province_id
        stuck.tell_coordinators(turn.session, province, report.report_id, at=turn.now)
    if not turn.in_group and to is not DutyState.OPEN:
        _await_evidence(turn, duty, then_done=False)
    on_behalf = acts_as(turn.posts, duty.agency) is Role.DISTRICT
    line = say.recorded(duty, to, count, on_behalf=on_behalf, figure=figure, has_link=bool(link))
    by = acts_as(turn.posts, duty.agency)
    return Recorded(
        line,
        duty.agency.province_id,
        report.at,
        partial(enter_report, turn.session, duty, report, by=by),
    )


def _ask_executives(turn: Turn, duty: DutyFacts) -> None:
    """Queue a card for each executive, one for all that this event reports of the agency."""
    agency = duty.agency.agency_id
    to = people.reachable_of(turn.session, agency, Role.EXECUTIVE, at=turn.now)
    key = f"approval:{turn.event.webhook_event_id}:{agency}"
    outbox.add_messages(turn.session, to, key=key, topic=Topic.APPROVAL, at=turn.now)


def _refused(verdict: Refusal, duty: DutyFacts, turn: Turn, to: DutyState) -> str | Text:
    note(verdict)
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


def _with_receipt(turn: Turn, lines: Sequence[Line]) -> list[str]:
    """Enter in the record what was done, and return the lines with the entries' numbers.

    It comes last, as one report after the other waits for the record of the province.
    """
    numbers = {each: each.enter() for each in lines if isinstance(each, Recorded)}
    # Each province counts for itself, so two of them have no range of numbers together.
    if turn.in_group or len({each.province_id for each in numbers}) > 1:
        return [
            each if isinstance(each, str) else say.numbered(each.line, numbers[each])
            for each in lines
        ]
    said = [each if isinstance(each, str) else each.line for each in lines]
    if not numbers:
        return said
    at = next(iter(numbers)).at.astimezone(BANGKOK)
    return [*said, say.receipt(min(numbers.values()), max(numbers.values()), at)]
