"""Buttons and typed words about a draft that waits: look, answer, confirm, cancel.

What a button says is looked up again: whose draft it is, whether it still waits, whether it has
changed since the button was made.
"""

from collections.abc import Callable
from dataclasses import replace

from handlers.plan_import import asking, chat, drafts, incoming, showing
from handlers.plan_import.asking import Kind
from handlers.plan_import.drafts import Waiting
from handlers.plan_import.edits import Edit, EditError, Field
from handlers.postback import PlanButton
from handlers.rules.access import plan_provinces
from handlers.turn import Answer, Turn
from messages_th import plan_chat, plan_summary, problems
from messages_th.parts import Text
from messages_th.plan_drafts import NotInForce, edit_refused, not_in_force
from messages_th.words import Understood
from store import duties, plan_drafts, plans
from store.types import (
    DoubtCode,
    DraftOrigin,
    DraftState,
    FiscalYear,
    PlanId,
    PlanTap,
    ProvinceId,
)


def pressed(turn: Turn, button: PlanButton) -> Answer:
    """Do what a button of a draft asks for, if it is still the sender's to ask."""
    if refused := chat.refusal(turn):
        return refused
    kept = plan_drafts.read_draft(turn.session, button.draft_id)
    is_own = kept is not None and turn.person and kept.person_id == turn.person.person_id
    if kept is None or not is_own or kept.province_id not in plan_provinces(turn.posts):
        return [problems.BUTTON_STALE]
    if kept.state is not DraftState.OPEN:
        return _closed(turn, kept.state)
    held = drafts.waiting(turn.session, button.draft_id)
    if held is None:
        return [problems.BUTTON_STALE]
    if button.tap in LOOKS:
        return LOOKS[button.tap](turn, held, button.number)
    if button.revision != kept.revision:
        return [problems.DRAFT_CHANGED, showing.next_step(turn, held)]
    return DEEDS[button.tap](turn, held, button.number)


def show(turn: Turn, _: Understood) -> Answer:
    """Show the draft that waits ("ร่างแผน")."""
    return _with_draft(turn, lambda held: showing.first_look(turn, held))


def doubts(turn: Turn, _: Understood) -> Answer:
    """Ask what the draft that waits still asks ("ข้อสงสัย")."""
    return _with_draft(turn, lambda held: [showing.next_step(turn, held)])


def confirm(turn: Turn, _: Understood) -> Answer:
    """Put the draft that waits in force ("ยืนยันแผน")."""
    return _with_draft(turn, lambda held: _confirm(turn, held, 0))


def cancel(turn: Turn, _: Understood) -> Answer:
    """Give the draft that waits up ("ยกเลิกร่าง")."""
    return _with_draft(turn, lambda held: _cancel(turn, held, 0))


def _with_draft(turn: Turn, do: Callable[[Waiting], Answer]) -> Answer:
    if refused := chat.refusal(turn):
        return refused
    held = chat.waiting_of(turn)
    return [problems.NO_DRAFT] if held is None else do(held)


def _closed(turn: Turn, state: DraftState) -> Answer:
    """Say what became of a draft, and show the one that waits now, if there is one."""
    said: Answer = [problems.DRAFT_CLOSED[state]]
    held = chat.waiting_of(turn)
    return [*said, showing.next_step(turn, held)] if held else said


def _as_read(turn: Turn, held: Waiting, _: int) -> Answer:
    question = asking.next_question(held.draft)
    if question is None or question.kind in (Kind.PROVINCE, Kind.YEAR):
        return [showing.next_step(turn, held)]
    held = drafts.accept(turn.session, held, question.doubts, now=turn.now)
    return [showing.next_step(turn, held)]


def _owner(turn: Turn, held: Waiting, place: int) -> Answer:
    question = asking.next_question(held.draft)
    if question is None or question.kind is not Kind.ONE or place >= len(plan_chat.OWNERS):
        return [showing.next_step(turn, held)]
    doubt = question.doubts[0]
    row = next((each for each in held.draft.activities if each.number == doubt.row), None)
    if row is None:
        return [showing.next_step(turn, held)]
    owners = plan_chat.with_owner(row, doubt.printed, plan_chat.OWNERS[place])
    said = Edit(doubt.row, Field.RESPONSIBLE, owners)
    try:
        held = drafts.edit(turn.session, held, said, now=turn.now)
    except EditError as error:
        return [Text(edit_refused(error.problem, error.text, error.doubt))]
    return [showing.next_step(turn, held)]


def _year(turn: Turn, held: Waiting, number: int) -> Answer:
    year = FiscalYear(number)
    if year not in showing.year_choices(turn, held):
        return [showing.next_step(turn, held)]
    if held.kept.origin is not DraftOrigin.FILE:
        answered = [each for each in held.questions if each.code in asking.OF_YEAR]
        held = drafts.accept(turn.session, held, answered, now=turn.now)
        return [showing.next_step(turn, held)]
    draft = incoming.of_year(held.draft, year)
    return showing.first_look(turn, chat.keep(turn, draft, held.kept.province_id, year))


def _province(turn: Turn, held: Waiting, number: int) -> Answer:
    province = ProvinceId(number)
    if province not in plan_provinces(turn.posts):
        return [showing.next_step(turn, held)]
    left = tuple(each for each in held.draft.doubts if each.code is not DoubtCode.PROVINCE_UNSURE)
    draft = replace(held.draft, doubts=left)
    return showing.first_look(turn, chat.keep(turn, draft, province, held.kept.fiscal_year))


def _confirm(turn: Turn, held: Waiting, _: int) -> Answer:
    done = drafts.put_in_force(turn.session, held, now=turn.now)
    if done is NotInForce.UNANSWERED:
        return [Text(not_in_force(done)), showing.next_step(turn, held)]
    if isinstance(done, NotInForce):
        return [Text(not_in_force(done))]
    facts = showing.facts(turn, held, done)
    plan, version = plans.lock_plan(turn.session, held.kept.province_id, held.kept.fiscal_year)
    if version == held.kept.base_version:
        return [plan_summary.same_as_in_force(facts, version)]
    return [plan_summary.in_force(facts, version, _duty_count(turn, held, plan))]


def _cancel(turn: Turn, held: Waiting, _: int) -> Answer:
    drafts.cancel(turn.session, held, now=turn.now)
    return [problems.DRAFT_CLOSED[DraftState.CANCELLED]]


def _duty_count(turn: Turn, held: Waiting, plan: PlanId) -> int:
    own = plans.drafts_in_force(turn.session, plan)
    counts = duties.counts_by_activity(turn.session, held.kept.province_id)
    return sum(count.total for activity, count in counts.items() if activity in own)


Do = Callable[[Turn, Waiting, int], Answer]
LOOKS: dict[PlanTap, Do] = {
    PlanTap.SUMMARY: lambda turn, held, _: [showing.summary(turn, held)],
    PlanTap.TABLE: lambda _, held, page: [showing.table(held, page)],
    PlanTap.ASK: lambda turn, held, _: [showing.next_step(turn, held)],
    PlanTap.WRITE: lambda _, __, ___: [plan_chat.HOW_TO_CORRECT],
}
"""Taps that change nothing: they may be of an older revision."""
DEEDS: dict[PlanTap, Do] = {
    PlanTap.AS_READ: _as_read,
    PlanTap.PAGE_AS_READ: _as_read,
    PlanTap.OWNER: _owner,
    PlanTap.YEAR: _year,
    PlanTap.PROVINCE: _province,
    PlanTap.CONFIRM: _confirm,
    PlanTap.CANCEL: _cancel,
}
