"""What a draft asks about next: province and year, then one by one, then page by page.  Pure."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.plan_import import edits
from store.types import Doubt, DoubtCode, PlanDraft

PAGE = 8
"""Doubts, or rows of a table, that are shown together."""
OF_YEAR = frozenset({DoubtCode.HEADING_YEAR_DIFFERS, DoubtCode.WINDOW_WITHOUT_YEAR})
"""Answered all together by naming the plan's fiscal year."""


class Kind(StrEnum):
    """How a question is put."""

    PROVINCE = "province"
    YEAR = "year"
    ONE = "one"
    """A grave doubt, by itself"""
    ROWS = "rows"
    """Rows out of a PDF, shown whole"""
    PAGE = "page"
    """Doubts that may be accepted together"""


@dataclass(frozen=True, slots=True)
class Question:
    """The doubts asked about now, and how many there are in all."""

    kind: Kind
    doubts: tuple[Doubt, ...]
    left: int


def next_question(draft: PlanDraft) -> Question | None:
    """Return what to ask now, None when everything is answered."""
    doubts = edits.questions(draft)
    by_kind: dict[Kind, list[Doubt]] = {}
    for doubt in doubts:
        by_kind.setdefault(_kind(doubt.code), []).append(doubt)
    for kind in Kind:
        if found := by_kind.get(kind):
            most = 1 if kind is Kind.ONE else PAGE
            return Question(kind, tuple(found[:most]), len(doubts))
    return None


def _kind(code: DoubtCode) -> Kind:
    if code is DoubtCode.PROVINCE_UNSURE:
        return Kind.PROVINCE
    if code in OF_YEAR:
        return Kind.YEAR
    if code is DoubtCode.READ_FROM_PDF:
        return Kind.ROWS
    return Kind.ONE if code in edits.GRAVE else Kind.PAGE
