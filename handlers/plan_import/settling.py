"""A draft answered all at once, as from the terminal: edits, then what is right as it was read."""

from collections.abc import Iterable
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
"""Stands for the doubts about the whole plan among the numbers of rows."""


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
    _check_numbers(held.draft, answers.accepted)
    right = {
        doubt for doubt in held.questions if answers.accepts_all or doubt.row in answers.accepted
    }
    return drafts.accept(session, held, right, now=now) if right else held


def unanswered(draft: PlanDraft, *, is_word_given: bool) -> list[Doubt]:
    """Return the doubts that still keep a draft from coming into force.

    The rest is accepted together by whoever saw it, or, where the operator's word is given
    beforehand (`--yes`), all but what has to be looked at row by row.
    """
    codes = BY_ROW if is_word_given else BY_ROW | GRAVE
    return [doubt for doubt in questions(draft) if doubt.code in codes]


def _check_numbers(draft: PlanDraft, numbers: Iterable[str]) -> None:
    known = {WHOLE_PLAN, *(row.number for row in draft.activities)}
    for number in numbers:
        if number not in known:
            raise EditError(EditProblem.NO_SUCH_NUMBER, number)
