"""What a reader of one row's window, responsible parties and text would ask about."""

from collections.abc import Sequence
from datetime import date

from handlers.plan_files.rows import PrintedRow
from messages_th.dates import (
    Unreadable,
    fiscal_year_of,
    has_no_printed_end,
    printed_days,
    read_window,
)
from messages_th.parties import has_space_in_name, is_known_form, is_misspelt
from messages_th.plan_words import is_conditional
from store.types import Doubt, DoubtCode, FiscalYear, PartyDraft, PartyKind, Window

_FAR_YEARS = 2
"""A window more years than this away from the plan's is most likely a misprint."""


def window_doubts(
    number: str, printed: str, window: Window | Unreadable, plan_year: FiscalYear | None
) -> list[Doubt]:
    """Return the questions about a window; `plan_year` is the fiscal year of the whole plan."""
    if isinstance(window, Unreadable):
        return [Doubt(window.code, number, printed)]
    codes: list[DoubtCode] = []
    if isinstance(read_window(printed), Unreadable):
        codes.append(DoubtCode.YEAR_NOT_PRINTED)
    if window.first is None:
        codes.append(DoubtCode.OPEN_START)
    elif has_no_printed_end(printed):
        codes.append(DoubtCode.OPEN_END)
    if _ends_on_first(window.first, window.last):
        codes.append(DoubtCode.ENDS_ON_FIRST_OF_MONTH)
    if plan_year is not None and (code := _outside(window, plan_year)):
        codes.append(code)
    return [Doubt(code, number, printed) for code in codes]


def party_doubts(number: str, parties: Sequence[PartyDraft], *, is_from_note: bool) -> list[Doubt]:
    """Return the questions about the responsible parties of a row."""
    if not parties:
        return [Doubt(DoubtCode.NO_RESPONSIBLE, number, "")]
    doubts: list[Doubt] = []
    for party in parties:
        codes: list[DoubtCode] = []
        if is_from_note:
            codes.append(DoubtCode.RESPONSIBLE_FROM_NOTE)
        if party.kind is PartyKind.UNNAMED:
            is_known = is_known_form(party)
            codes.append(
                DoubtCode.RESPONSIBLE_UNNAMED if is_known else DoubtCode.RESPONSIBLE_UNKNOWN
            )
        if is_misspelt(party):
            codes.append(DoubtCode.RESPONSIBLE_MISSPELT)
        doubts += [Doubt(code, number, party.text) for code in codes]
    return doubts


def torn_name_doubts(parties: Sequence[PartyDraft]) -> list[Doubt]:
    """Return one question about all names of a plan that a line break left a space in."""
    torn = dict.fromkeys(party.text for party in parties if has_space_in_name(party))
    return [Doubt(DoubtCode.SPACE_IN_NAME, "", ", ".join(torn))] if torn else []


def text_doubts(number: str, row: PrintedRow) -> list[Doubt]:
    """Return the questions about a row's title and detail and how they were printed."""
    text = f"{row.title} {row.detail}".strip()
    doubts = [Doubt(DoubtCode.READ_FROM_PDF, number, _printed(row))] if row.is_from_pdf else []
    doubts += [Doubt(DoubtCode.ROW_CONTINUED, number, more) for more in row.continued]
    doubts += [Doubt(DoubtCode.MERGED_CELL, number, text) for text in row.merged]
    doubts += [Doubt(DoubtCode.DATE_IN_TITLE, number, day) for day in printed_days(text)]
    if not text:
        doubts.append(Doubt(DoubtCode.NO_TITLE, number, ""))
    if is_conditional(text):
        doubts.append(Doubt(DoubtCode.CONDITIONAL, number, text))
    if row.markup:
        doubts.append(Doubt(DoubtCode.MARKUP_REMOVED, number, " ".join(row.markup)))
    if row.unclosed:
        doubts.append(Doubt(DoubtCode.MARKUP_UNCLOSED, number, " ".join(row.unclosed)))
    return doubts


def _printed(row: PrintedRow) -> str:
    """Return the cells of a row, what matters most first."""
    texts = (row.number, row.window, row.responsible, row.title, row.detail)
    return " | ".join(filter(None, texts))


def _ends_on_first(first: date | None, last: date) -> bool:
    """Whether a window over months ends on the first of one, perhaps for the last of another."""
    return (
        first is not None and last.day == 1 and (first.year, first.month) < (last.year, last.month)
    )


def _outside(window: Window, plan_year: FiscalYear) -> DoubtCode | None:
    year_of_first = fiscal_year_of(window.first or window.last)
    year_of_last = fiscal_year_of(window.last)
    if max(plan_year - year_of_first, year_of_last - plan_year) > _FAR_YEARS:
        return DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR
    if year_of_first < plan_year:
        return DoubtCode.WINDOW_BEFORE_FISCAL_YEAR
    if year_of_last > plan_year:
        return DoubtCode.WINDOW_AFTER_FISCAL_YEAR
    return None
