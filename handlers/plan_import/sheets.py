"""A draft as a CSV that a coordinator checks in a spreadsheet program, and back.  Pure.

The last column keeps each row as it was read, so nothing is lost that the other cells have no
room for, and what a person changed is told from what was written.  A cell that changed is an
edit by the same rules as any; a tick answers the doubts of its row.
"""

import base64
import csv
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from handlers.plan_files.doubts import party_doubts, window_doubts
from handlers.plan_files.grids import MOST_ROWS, PlanFileError
from handlers.plan_files.readers import MOST_BYTES, read_tables
from handlers.plan_files.texts import decoded
from handlers.plan_import.content import draft_from_json, draft_json
from handlers.plan_import.edits import Edit, Field, renumbered
from messages_th import plan_problems
from messages_th.dates import read_window
from messages_th.parties import read_parties
from messages_th.plan_problems import FileProblem
from messages_th.plan_sheets import (
    WHOLE_PLAN,
    SheetColumn,
    SheetProblem,
    is_checked,
    missing_columns,
    number_in,
    read_steps,
    row_cells,
    window_of_days,
)
from messages_th.plan_steps import split_steps
from messages_th.spelling import one_line
from store.types import (
    ActivityDraft,
    Actor,
    Doubt,
    DraftOrigin,
    FiscalYear,
    PlanDraft,
    StepDraft,
    Window,
)

_WORKBOOKS = frozenset({".xlsx", ".xls", ".ods"})
_STARTS_A_FORMULA = "=+-@\t\r'\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet program takes for a formula, or for the sign that marks text."""
_MARKS_TEXT = "'"
_DELIMITERS = ",;\t"
_KEPT = "v1:"
_MOST_KEPT_BYTES = 1024 * 1024
_MOST_LINES_ABOVE = 20

Cells = Mapping[SheetColumn, str]


class SheetError(ValueError):
    """A draft's sheet cannot be read; show `plan_sheets.sheet_problem(error.code, error.text)`."""

    def __init__(self, code: SheetProblem, text: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came back: the draft as it was written, and what a person did to it since.

    Rows stand in the order of the file and under the numbers that it gives them.  `edits` are
    the other cells that were changed, `checked` the numbers of the rows that were ticked, ""
    for the whole plan, `dropped` the numbers whose rows were deleted.
    """

    province: str
    fiscal_year: FiscalYear
    origin: DraftOrigin
    draft: PlanDraft
    edits: tuple[Edit, ...]
    checked: frozenset[str]
    dropped: tuple[str, ...]


def write_sheet(
    draft: PlanDraft, *, province: str, fiscal_year: FiscalYear, origin: DraftOrigin
) -> bytes:
    """Return the draft as a CSV in UTF-8, marked so that spreadsheet programs see that it is."""
    about = {
        **draft_json(replace(draft, activities=())),
        "province": province,
        "fiscal_year": fiscal_year,
        "origin": origin,
        "numbers": [row.number for row in draft.activities],
    }
    plan = {
        SheetColumn.NUMBER: WHOLE_PLAN,
        SheetColumn.TITLE: draft.title,
        SheetColumn.DOUBTS: _questions(draft.doubts),
        SheetColumn.KEPT: _packed(about),
    }
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(SheetColumn)
    for cells in (plan, *map(_written, draft.activities)):
        writer.writerow([_guarded(cells.get(column, "")) for column in SheetColumn])
    return text.getvalue().encode("utf-8-sig")


def read_sheet(name: str, content: bytes) -> Sheet | None:
    """Return what a sheet says that came back, or None where the file is none.

    Raises:
        PlanFileError: when the file cannot be opened.
        SheetError: when it is a sheet that cannot be read.
    """
    rows = _rows(name, content)
    head = next((at for at, row in enumerate(rows[:_MOST_LINES_ABOVE]) if _is_head(row)), None)
    if head is None:
        return None
    headings = [one_line(cell) for cell in rows[head]]
    gone = missing_columns(headings)
    if gone:
        raise SheetError(SheetProblem.COLUMN_GONE, gone[0])
    places = {column: headings.index(column) for column in SheetColumn}
    below = [
        {column: _unguarded(row[at]) if at < len(row) else "" for column, at in places.items()}
        for row in rows[head + 1 :]
        if any(cell.strip() for cell in row)
    ]
    return _sheet(below)


def _sheet(rows: Sequence[Cells]) -> Sheet:
    plan = next((row for row in rows if one_line(row[SheetColumn.NUMBER]) == WHOLE_PLAN), None)
    if plan is None:
        raise SheetError(SheetProblem.PLAN_ROW_GONE)
    about = _unpacked(plan)
    draft = _draft_of(about)
    year = FiscalYear(about["fiscal_year"])
    below = [row for row in rows if row is not plan]
    kept = _kept_rows(below)
    activities = [
        _typed(cells, year) if was is None else renumbered(was, _number(cells))
        for cells, was in zip(below, kept, strict=True)
    ]
    _check_numbers(activities)
    checked = {
        row.number for cells, row in zip(below, activities, strict=True) if _is_checked(cells)
    }
    title = one_line(plan[SheetColumn.TITLE])
    is_same_title = _is_same(title, draft.title)
    return Sheet(
        province=about["province"],
        fiscal_year=year,
        origin=DraftOrigin(about["origin"]),
        draft=PlanDraft(draft.title if is_same_title else title, tuple(activities), draft.doubts),
        edits=tuple(
            edit
            for cells, was, row in zip(below, kept, activities, strict=True)
            if was is not None
            for edit in _edits(cells, row, year)
        ),
        checked=frozenset(checked | ({""} if _is_checked(plan) else set())),
        dropped=tuple(
            number
            for number in about["numbers"]
            if number not in {was.number for was in kept if was is not None}
        ),
    )


def _written(row: ActivityDraft) -> Cells:
    return {
        **row_cells(row),
        SheetColumn.DOUBTS: _questions(row.doubts),
        SheetColumn.KEPT: _packed(draft_json(PlanDraft("", (row,)))),
    }


def _questions(doubts: Iterable[Doubt]) -> str:
    return "\n".join(plan_problems.doubt(doubt) for doubt in doubts)


def _guarded(text: str) -> str:
    """Return a cell that no spreadsheet program computes, and that `_unguarded` gives back."""
    return _MARKS_TEXT + text if text.lstrip(" ")[:1] in tuple(_STARTS_A_FORMULA) else text


def _unguarded(cell: str) -> str:
    return cell.removeprefix(_MARKS_TEXT)


def _packed(value: Mapping[str, Any]) -> str:
    # In letters that survive whatever encoding the file is saved in again.
    packed = zlib.compress(json.dumps(value).encode())
    return _KEPT + base64.urlsafe_b64encode(packed).decode()


def _unpacked(cells: Cells) -> dict[str, Any]:
    damaged = SheetError(SheetProblem.KEPT_DAMAGED, one_line(cells[SheetColumn.NUMBER]))
    kept = one_line(cells[SheetColumn.KEPT])
    if not kept.startswith(_KEPT):
        raise damaged
    try:
        unpacking = zlib.decompressobj()
        packed = base64.urlsafe_b64decode(kept.removeprefix(_KEPT))
        text = unpacking.decompress(packed, _MOST_KEPT_BYTES)
        value = json.loads(text) if unpacking.eof else None
    except (ValueError, zlib.error) as error:
        raise damaged from error
    if not isinstance(value, dict):
        raise damaged
    return value


def _draft_of(value: Mapping[str, Any]) -> PlanDraft:
    try:
        return draft_from_json(value)
    except (KeyError, TypeError, ValueError) as error:
        raise SheetError(SheetProblem.KEPT_DAMAGED, WHOLE_PLAN) from error


def _kept_rows(rows: Sequence[Cells]) -> list[ActivityDraft | None]:
    """Return each row as it was written; None for one that a person added or copied."""
    kept: list[ActivityDraft | None] = []
    known: set[str] = set()
    for cells in rows:
        row = None
        if one_line(cells[SheetColumn.KEPT]):
            row = _draft_of(_unpacked(cells)).activities[0]
        is_copy = row is not None and row.number in known
        kept.append(None if is_copy else row)
        known |= set() if row is None else {row.number}
    return kept


def _number(cells: Cells) -> str:
    number = number_in(cells[SheetColumn.NUMBER])
    if number is None:
        raise SheetError(SheetProblem.NUMBER_UNREADABLE, one_line(cells[SheetColumn.NUMBER]))
    return number


def _check_numbers(rows: Iterable[ActivityDraft]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.number in seen:
            raise SheetError(SheetProblem.NUMBER_TWICE, row.number)
        seen.add(row.number)


def _edits(cells: Cells, row: ActivityDraft, year: FiscalYear) -> list[Edit]:
    """Return what a person changed in the cells of a row."""
    written = row_cells(row)
    said = {
        Field.TITLE: _changed(cells, written, SheetColumn.TITLE),
        Field.WINDOW: _window_said(cells, written, row, year),
        Field.RESPONSIBLE: _changed(cells, written, SheetColumn.RESPONSIBLE),
        Field.STEPS: _changed(cells, written, SheetColumn.STEPS),
    }
    return [Edit(row.number, field, text) for field, text in said.items() if text is not None]


def _changed(cells: Cells, written: Cells, column: SheetColumn) -> str | None:
    return None if _is_same(cells[column], written[column]) else cells[column].strip()


def _window_said(cells: Cells, written: Cells, row: ActivityDraft, year: FiscalYear) -> str | None:
    """Return the window that a person wrote, as text or into the cells of its two days."""
    text = _changed(cells, written, SheetColumn.WINDOW)
    days = None
    if any(
        _changed(cells, written, each) is not None for each in (SheetColumn.FIRST, SheetColumn.LAST)
    ):
        days = window_of_days(cells[SheetColumn.FIRST], cells[SheetColumn.LAST])
    meant = [
        (said, read_window(said, fiscal_year=year)) for said in (text, days) if said is not None
    ]
    # A spreadsheet program may write the same days another way: that is no edit.
    meant = [(said, window) for said, window in meant if window != row.window]
    if len(meant) == 2 and meant[0][1] != meant[1][1]:
        raise SheetError(SheetProblem.DATES_DISAGREE, row.number)
    return meant[0][0] if meant else None


def _typed(cells: Cells, year: FiscalYear) -> ActivityDraft:
    """Return a row that a person added, with the doubts of any row."""
    number, title = _number(cells), one_line(cells[SheetColumn.TITLE])
    title, steps = split_steps(title)
    printed = one_line(cells[SheetColumn.WINDOW])
    if not printed:
        printed = window_of_days(cells[SheetColumn.FIRST], cells[SheetColumn.LAST])
    window = read_window(printed, fiscal_year=year)
    responsible = one_line(cells[SheetColumn.RESPONSIBLE])
    parties = tuple(read_parties(responsible))
    if cells[SheetColumn.STEPS].strip():
        steps = read_steps(cells[SheetColumn.STEPS]) or ()
        if not steps:
            raise SheetError(SheetProblem.STEPS_UNREADABLE, number)
    return ActivityDraft(
        number=number,
        printed_number=one_line(cells[SheetColumn.NUMBER]),
        title=title,
        steps=steps or (StepDraft(title, Actor.AGENCY),),
        window=window if isinstance(window, Window) else None,
        window_text=printed,
        parties=parties,
        responsible_text=responsible,
        doubts=(
            *window_doubts(number, printed, window, year),
            *party_doubts(number, parties, is_from_note=False),
        ),
    )


def _is_checked(cells: Cells) -> bool:
    return is_checked(cells[SheetColumn.CHECKED])


def _is_same(cell: str, written: str) -> bool:
    """Whether a cell still says what was written, whatever a program made of rare characters."""
    return _key(cell) == _key(written)


def _key(text: str) -> bytes:
    # Windows-874 has no letter for some dashes and bullets and puts a question mark there.
    return "".join(one_line(text).split()).encode("cp874", "replace").replace(b"?", b"")


def _is_head(row: Sequence[str]) -> bool:
    return {SheetColumn.CHECKED, SheetColumn.NUMBER} <= {one_line(cell) for cell in row}


def _rows(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of a workbook or of a CSV in whatever encoding and with any delimiter."""
    if PurePath(name).suffix.lower() in _WORKBOOKS:
        return [list(row) for table in read_tables(name, content) for row in table.rows]
    if len(content) > MOST_BYTES:
        raise PlanFileError(FileProblem.TOO_LARGE)
    text = decoded(content) or ""
    head = next((line for line in text.splitlines() if SheetColumn.CHECKED in line), "")
    if not head:
        return []
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise PlanFileError(FileProblem.BROKEN) from error
    if len(rows) > MOST_ROWS:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    return rows
