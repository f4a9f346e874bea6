"""Changes to a draft: one row edited, doubts answered, a whole year moved along.  Pure.

A person's answer is never bent: what cannot be read is refused with its reason, and what is odd
about it becomes a doubt like that of any row.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.plan_files.doubts import party_doubts, window_doubts
from handlers.rules.plan_matching import match
from messages_th.dates import Unreadable, read_window
from messages_th.parties import read_parties
from messages_th.plan_drafts import EditProblem
from messages_th.plan_sheets import read_steps
from messages_th.plan_steps import split_steps
from messages_th.plan_words import row_number
from messages_th.spelling import one_line
from store.types import (
    ActivityDraft,
    ActivityId,
    Actor,
    Doubt,
    DoubtCode,
    FiscalYear,
    PlanDraft,
    StepDraft,
)


class Field(StrEnum):
    """What of a row is edited."""

    WINDOW = "window"
    RESPONSIBLE = "responsible"
    TITLE = "title"
    NUMBER = "number"
    STEPS = "steps"
    """A line for each step, as `plan_sheets.steps_cell` writes them"""
    DROP = "drop"
    """The row is no activity."""


class EditError(ValueError):
    """An edit that cannot be made; nothing has changed."""

    def __init__(self, problem: EditProblem, text: str, doubt: Doubt | None = None) -> None:
        """`text` is what was said; `doubt` says more of a window that cannot be read."""
        super().__init__(f"{problem}: {text}")
        self.problem, self.text, self.doubt = problem, text, doubt


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to the row of that number; `text` as a person wrote it, "" for `DROP`."""

    number: str
    field: Field
    text: str = ""


GRAVE = frozenset(
    {
        DoubtCode.NO_WINDOW,
        DoubtCode.WINDOW_UNREADABLE,
        DoubtCode.WINDOW_ENDS_BEFORE_START,
        DoubtCode.WINDOW_IMPOSSIBLE_DATE,
        DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR,
        DoubtCode.WINDOW_WITHOUT_YEAR,
        DoubtCode.NUMBER_TWICE,
        DoubtCode.NO_TITLE,
        DoubtCode.COPIES_DIFFER,
        DoubtCode.NO_RESPONSIBLE,
        DoubtCode.RESPONSIBLE_UNKNOWN,
        DoubtCode.RESPONSIBLE_UNNAMED,
        DoubtCode.READ_FROM_PDF,
    }
)
"""Doubts that are answered one by one: accepted as read they leave a row without date or owner."""
OF_WINDOW = frozenset(
    {
        DoubtCode.NO_WINDOW,
        DoubtCode.WINDOW_UNREADABLE,
        DoubtCode.WINDOW_ENDS_BEFORE_START,
        DoubtCode.WINDOW_IMPOSSIBLE_DATE,
        DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR,
        DoubtCode.WINDOW_BEFORE_FISCAL_YEAR,
        DoubtCode.WINDOW_AFTER_FISCAL_YEAR,
        DoubtCode.WINDOW_WITHOUT_YEAR,
        DoubtCode.YEAR_NOT_PRINTED,
        DoubtCode.ENDS_ON_FIRST_OF_MONTH,
        DoubtCode.OPEN_START,
        DoubtCode.OPEN_END,
        DoubtCode.DATE_SHIFTED,
    }
)
_OF_RESPONSIBLE = frozenset(
    {
        DoubtCode.NO_RESPONSIBLE,
        DoubtCode.RESPONSIBLE_FROM_NOTE,
        DoubtCode.RESPONSIBLE_UNKNOWN,
        DoubtCode.RESPONSIBLE_UNNAMED,
        DoubtCode.RESPONSIBLE_MISSPELT,
    }
)
_OF_NUMBER = frozenset(
    {DoubtCode.NUMBER_OUT_OF_ORDER, DoubtCode.NUMBER_MISSING, DoubtCode.NUMBER_TWICE}
)


def questions(draft: PlanDraft) -> list[Doubt]:
    """Return every doubt that nobody has answered: those of the whole plan, then row by row."""
    return [*draft.doubts, *(doubt for row in draft.activities for doubt in row.doubts)]


def accepted(draft: PlanDraft, doubts: Collection[Doubt]) -> PlanDraft:
    """Return the draft with those doubts answered: it stays as it was read."""
    activities = tuple(
        replace(row, doubts=tuple(each for each in row.doubts if each not in doubts))
        for row in draft.activities
    )
    left = tuple(each for each in draft.doubts if each not in doubts)
    return replace(draft, activities=activities, doubts=left)


def edited(
    draft: PlanDraft, edit: Edit, *, fiscal_year: FiscalYear, keeps_print: bool
) -> PlanDraft:
    """Return the draft with one row changed, and its doubts about that answered.

    With `keeps_print` the printed text stays beside the answer, as for a misread or misprinted
    cell; without, the words of the edit are the plan's own from now on, as for a moved date.

    Raises:
        EditError: when the row is not there, or the text means nothing for that field.
    """
    place = next((at for at, row in enumerate(draft.activities) if row.number == edit.number), None)
    if place is None:
        raise EditError(EditProblem.NO_SUCH_NUMBER, edit.number)
    rows = list(draft.activities)
    if edit.field is Field.DROP:
        del rows[place]
    elif edit.field is Field.NUMBER:
        rows[place] = _renumbered(draft, rows[place], edit.text, keeps_print=keeps_print)
    elif edit.field is Field.TITLE:
        rows[place] = _retitled(rows[place], edit.text)
    elif edit.field is Field.STEPS:
        rows[place] = _stepped(rows[place], edit.text)
    elif edit.field is Field.RESPONSIBLE:
        rows[place] = _entrusted(rows[place], edit.text, keeps_print=keeps_print)
    else:
        rows[place] = _moved(rows[place], edit.text, fiscal_year, keeps_print=keeps_print)
    return replace(draft, activities=tuple(rows))


def renumbered(row: ActivityDraft, number: str) -> ActivityDraft:
    """Return the row under that number; another one than it had answers what was asked of it."""
    if number == row.number:
        return row
    left = tuple(replace(each, row=number) for each in _without(row, _OF_NUMBER))
    return replace(row, number=number, doubts=left)


def remembering(known: Mapping[ActivityId, ActivityDraft], draft: PlanDraft) -> PlanDraft:
    """Return the draft with what the same printed cells were answered before.

    A row that is in force with the very same print was asked about when it came into force, so
    its window and responsible parties are those of the answer, and not asked about again.
    """
    # By the row itself, as two may bear one number.
    before = {id(after): known[each] for each, after in match(known, draft.activities).items()}
    rows = tuple(
        _as_before(before[id(row)], row) if id(row) in before else row for row in draft.activities
    )
    return replace(draft, activities=rows)


def _as_before(before: ActivityDraft, row: ActivityDraft) -> ActivityDraft:
    if DoubtCode.READ_FROM_PDF in {each.code for each in row.doubts}:
        return row
    if row.window_text == before.window_text:
        row = replace(row, window=before.window, doubts=_without(row, OF_WINDOW))
    if row.responsible_text == before.responsible_text:
        row = replace(row, parties=before.parties, doubts=_without(row, _OF_RESPONSIBLE))
    return row


def _moved(
    row: ActivityDraft, text: str, fiscal_year: FiscalYear, *, keeps_print: bool
) -> ActivityDraft:
    said = one_line(text)
    window = read_window(said, fiscal_year=fiscal_year)
    if isinstance(window, Unreadable):
        raise EditError(EditProblem.WINDOW_REFUSED, said, Doubt(window.code, row.number, said))
    return replace(
        row,
        window=window,
        window_text=row.window_text if keeps_print else said,
        doubts=(
            *_without(row, OF_WINDOW),
            *window_doubts(row.number, said, window, fiscal_year),
        ),
    )


def _entrusted(row: ActivityDraft, text: str, *, keeps_print: bool) -> ActivityDraft:
    said = one_line(text)
    parties = tuple(read_parties(said))
    doubts = party_doubts(row.number, parties, is_from_note=False)
    if any(each.code in _OF_RESPONSIBLE & GRAVE for each in doubts):
        raise EditError(EditProblem.RESPONSIBLE_REFUSED, said)
    return replace(
        row,
        parties=parties,
        responsible_text=row.responsible_text if keeps_print else said,
        doubts=(*_without(row, _OF_RESPONSIBLE), *doubts),
    )


def _retitled(row: ActivityDraft, text: str) -> ActivityDraft:
    title, steps = split_steps(one_line(text))
    if not title:
        raise EditError(EditProblem.TITLE_EMPTY, text)
    # A row of one step is named after it; enumerated steps stay unless the new title has its own.
    own = row.steps if len(row.steps) > 1 else (StepDraft(title, _actor(row)),)
    return replace(row, title=title, steps=steps or own)


def _actor(row: ActivityDraft) -> Actor:
    return row.steps[0].actor if row.steps else Actor.AGENCY


def _renumbered(
    draft: PlanDraft, row: ActivityDraft, text: str, *, keeps_print: bool
) -> ActivityDraft:
    number = row_number(text)
    if number is None:
        raise EditError(EditProblem.NUMBER_UNREADABLE, text)
    if number != row.number and any(each.number == number for each in draft.activities):
        raise EditError(EditProblem.NUMBER_TAKEN, number)
    answered = replace(row, doubts=_without(row, _OF_NUMBER))
    if not keeps_print:
        answered = replace(answered, printed_number=one_line(text))
    return renumbered(answered, number)


def _stepped(row: ActivityDraft, text: str) -> ActivityDraft:
    if not text.strip():
        return replace(row, steps=(StepDraft(row.title, Actor.AGENCY),))
    steps = read_steps(text)
    if not steps:
        raise EditError(EditProblem.STEPS_REFUSED, one_line(text))
    return replace(row, steps=steps)


def _without(row: ActivityDraft, codes: Collection[DoubtCode]) -> tuple[Doubt, ...]:
    return tuple(each for each in row.doubts if each.code not in codes)
