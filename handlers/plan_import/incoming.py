"""What comes in as a plan in a chat, a file or pasted text: read into a draft, or why not.  Pure.

What the chat does not say, the fiscal year and the province, is taken from the plan itself where
that is sure, and is a doubt like any other where it is not.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import PurePath

from handlers.plan_files.columns import has_window, read_header
from handlers.plan_files.doubts import window_doubts
from handlers.plan_files.grids import PlanFileError
from handlers.plan_files.readers import MOST_BYTES
from handlers.plan_files.table import read_plan
from handlers.plan_import import edits
from handlers.turn import FileSent
from messages_th.dates import Unreadable, fiscal_year_of, format_window, read_window
from messages_th.plan_problems import FileProblem
from messages_th.plan_words import Column, heading_year
from messages_th.provinces import provinces_named
from store.types import (
    ActivityDraft,
    Doubt,
    DoubtCode,
    FiscalYear,
    PlanDraft,
    ProvinceId,
)

_TEXTS = ("", ".txt", ".tsv", ".tab", ".text", ".csv")
READABLE = frozenset((*_TEXTS, ".xlsx", ".xls", ".ods", ".docx", ".doc", ".rtf", ".pdf"))
"""Ends of names that may hold a plan; what is inside decides.  Others are not even fetched."""
PICTURES = frozenset((".jpg", ".jpeg", ".png", ".heic", ".gif", ".webp"))
PASTED = "pasted.txt"
_LEAST_CELLS = 3


def is_worth_fetching(file: FileSent) -> bool:
    """Whether a file may hold a plan, by what is known before its bytes are."""
    return refusal_unread(file) is None


def refusal_unread(file: FileSent) -> FileProblem | None:
    """Return why a file is refused unread, or None."""
    suffix = PurePath(file.name).suffix.lower()
    if suffix not in READABLE:
        return FileProblem.PICTURE if suffix in PICTURES else FileProblem.UNKNOWN_TYPE
    if file.size > MOST_BYTES:
        return FileProblem.TOO_LARGE
    return None if file.message_id else FileProblem.GONE


def read_file(file: FileSent, content: bytes) -> FileSent:
    """Return the file with what it holds, or why it cannot be read as a plan."""
    try:
        return replace(file, read=_read(file.name, content))
    except PlanFileError as error:
        return replace(file, read=error.code)


def is_pasted_plan(text: str) -> bool:
    """Whether a text message is a plan's table, beyond doubt: a header of cells, and rows below."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    wide = [row for row in rows if len(row) >= _LEAST_CELLS]
    header = next(filter(None, map(read_header, wide)), {})
    return len(wide) > 1 and Column.TITLE in header and has_window(header)


def read_pasted(text: str) -> PlanDraft | FileProblem:
    """Return the plan that a pasted table holds, or why it cannot be read as one."""
    try:
        return _read(PASTED, text.encode())
    except PlanFileError as error:
        return error.code


def sure_year(draft: PlanDraft) -> FiscalYear | None:
    """Return the fiscal year that heading and windows agree on, None where it must be asked.

    Where only one of them names a year, that is sure enough.
    """
    codes = {doubt.code for doubt in edits.questions(draft)}
    if codes & {DoubtCode.HEADING_YEAR_DIFFERS, DoubtCode.WINDOW_WITHOUT_YEAR}:
        return None
    return likely_years(draft)[0] if likely_years(draft) else None


def likely_years(draft: PlanDraft) -> list[FiscalYear]:
    """Return the fiscal years that a plan names, that of most windows first, then its heading's."""
    years = [fiscal_year_of(row.window.last) for row in draft.activities if row.window]
    by_count = sorted(dict.fromkeys(years), key=lambda year: (-years.count(year), year))
    named = heading_year(draft.title)
    return list(dict.fromkeys([*by_count[:1], *([named[0]] if named else [])]))


def of_year(draft: PlanDraft, year: FiscalYear) -> PlanDraft:
    """Return the draft with its windows read as that fiscal year's, and its year undoubted.

    A window that somebody has corrected stays as it was said.
    """
    return replace(
        draft,
        activities=tuple(_row_of_year(row, year) for row in draft.activities),
        doubts=tuple(
            each for each in draft.doubts if each.code is not DoubtCode.HEADING_YEAR_DIFFERS
        ),
    )


def province_of(
    draft: PlanDraft, provinces: Mapping[ProvinceId, str]
) -> tuple[ProvinceId, PlanDraft]:
    """Return which of a coordinator's provinces a plan is for, doubted where it is not sure.

    `provinces` are their names by id, the likeliest first; there is one at least.
    """
    named = provinces_named(draft.title)
    own = [each for each, name in provinces.items() if name in named]
    chosen = own[0] if own else next(iter(provinces))
    is_sure = len(own) == 1 if own else not named and len(provinces) == 1
    if is_sure:
        return chosen, draft
    doubt = Doubt(DoubtCode.PROVINCE_UNSURE, "", ", ".join(named))
    return chosen, replace(draft, doubts=(doubt, *draft.doubts))


def _read(name: str, content: bytes) -> PlanDraft:
    draft = read_plan(name, content)
    known = likely_years(draft)
    codes = {doubt.code for doubt in edits.questions(draft)}
    if known and DoubtCode.HEADING_YEAR_DIFFERS not in codes:
        # Windows without a year, where other windows or the heading name it.
        return of_year(draft, known[0])
    return draft


def _row_of_year(row: ActivityDraft, year: FiscalYear) -> ActivityDraft:
    asked = [each for each in row.doubts if each.code in edits.OF_WINDOW]
    said = asked[0].printed if asked else row.window_text
    window = read_window(said, fiscal_year=year)
    if not asked and row.window is not None and window != row.window:
        # Somebody has said it beside the print, beyond doubt.
        said, window = format_window(row.window), row.window
    others = _without(row.doubts, edits.OF_WINDOW)
    return replace(
        row,
        window=None if isinstance(window, Unreadable) else window,
        doubts=(*others, *window_doubts(row.number, said, window, year)),
    )


def _without(doubts: Collection[Doubt], codes: Collection[DoubtCode]) -> tuple[Doubt, ...]:
    return tuple(each for each in doubts if each.code not in codes)
