"""A draft answered all at once, as from the terminal: edits, then what is right as it was read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.plan_import import drafts
from handlers.plan_import.drafts import Waiting
from handlers.plan_import.edits import GRAVE, Edit, EditError, questions
from handlers.plan_import.sheets import Sheet
from messages_th.plan_drafts import EditProblem
from store.database import Session
from store.types import Doubt, DoubtCode, PlanDraft

BY_ROW = frozenset({DoubtCode.READ_FROM_PDF, DoubtCode.DATE_SHIFTED})
"""Doubts of which somebody has to say that they looked at each row: one word for all is no look."""
WHOLE_PLAN = ""
"""Stands among the numbers of rows for all that is asked beside the rows."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said to a draft: edits, then the rows whose doubts are right as read, or all."""

    edits: tuple[Edit, ...] = ()
    accepted: tuple[str, ...] = ()
    accepts_all: bool = False

    @classmethod
    def of_sheet(cls, sheet: Sheet) -> "Answers":
        """Return what a coordinator changed and ticked in a sheet."""
        return cls(sheet.edits, tuple(sheet.checked))


def answered(session: Session, held: Waiting, answers: Answers, *, now: datetime) -> Waiting:
    """Give the answers to a draft that waits.

    Raises:
        EditError: when one of them cannot be; the transaction is to be undone.
    """
    for edit in answers.edits:
        held = drafts.edit(session, held, edit, now=now)
    if answers.accepts_all:
        right = frozenset(held.questions)
    else:
        right = frozenset(_right(held.draft, answers.accepted))
    return drafts.accept(session, held, right, now=now) if right else held


def unanswered(draft: PlanDraft, *, is_word_given: bool) -> list[Doubt]:
    """Return the doubts that still keep a draft from coming into force.

    The rest is accepted together by whoever saw it, or, where the operator's word is given
    beforehand (`--yes`), all but what has to be looked at row by row.
    """
    codes = BY_ROW if is_word_given else BY_ROW | GRAVE
    return [doubt for doubt in questions(draft) if doubt.code in codes]


def _right(draft: PlanDraft, numbers: Collection[str]) -> Iterator[Doubt]:
    """Yield the doubts of those rows; a heading that is no row of its own counts as one."""
    known = {WHOLE_PLAN, *(row.number for row in draft.activities)}
    known |= {doubt.row for doubt in draft.doubts}
    for number in numbers:
        if number not in known:
            raise EditError(EditProblem.NO_SUCH_NUMBER, number)
    if WHOLE_PLAN in numbers:
        yield from draft.doubts
    yield from (doubt for doubt in questions(draft) if doubt.row in numbers)
