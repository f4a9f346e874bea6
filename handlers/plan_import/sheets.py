"""A draft as a CSV that a coordinator checks in a spreadsheet program, and back.  Pure.

The last column keeps each row as it was read, so nothing is lost that the other cells have no
room for, and what a person changed is told from what was written.  A cell that changed is an
edit by the same rules as any; a tick answers the doubts of its row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from handlers.plan_files.doubts import party_doubts, window_doubts
from handlers.plan_import.content import draft_from_json, draft_json
from handlers.plan_import.edits import Edit, Field, renumbered
from handlers.plan_import.sheet_files import csv_of, is_same, packed, rows_of, unpacked
from messages_th import plan_problems
from messages_th.dates import read_window
from messages_th.parties import read_parties
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
        SheetColumn.KEPT: packed(about),
    }
    cells = [
        [row.get(column, "") for column in SheetColumn]
        for row in (plan, *map(_written, draft.activities))
    ]
    return csv_of([list(SheetColumn), *cells])


def read_sheet(name: str, content: bytes) -> Sheet | None:
    """Return what a sheet says that came back, or None where the file is none.

    Raises:
        PlanFileError: when the file cannot be opened.
        SheetError: when it is a sheet that cannot be read.
    """
    rows = rows_of(name, content)
    if not rows:
        return None
    headings = [one_line(cell) for cell in rows[0]]
    gone = missing_columns(headings)
    if gone:
        raise SheetError(SheetProblem.COLUMN_GONE, gone[0])
    places = {column: headings.index(column) for column in SheetColumn}
    return _sheet(
        [
            {column: row[at] if at < len(row) else "" for column, at in places.items()}
            for row in rows[1:]
        ]
    )


def _sheet(rows: Sequence[Cells]) -> Sheet:
    plan = next((row for row in rows if one_line(row[SheetColumn.NUMBER]) == WHOLE_PLAN), None)
    if plan is None:
        raise SheetError(SheetProblem.PLAN_ROW_GONE)
    about = _about(plan)
    below = [row for row in rows if row is not plan]
    kept = _kept_rows(below)
    known = {row.number for row in kept if row is not None}
    activities = [
        _typed(cells, about.fiscal_year) if was is None else renumbered(was, _number(cells))
        for cells, was in zip(below, kept, strict=True)
    ]
    _check_numbers(activities)
    numbers = [row.number for row in activities]
    edits = [
        _edits(cells, row, about.fiscal_year)
        for cells, was, row in zip(below, kept, activities, strict=True)
        if was is not None
    ]
    return replace(
        about,
        draft=replace(about.draft, activities=tuple(activities)),
        edits=tuple(chain.from_iterable(edits)),
        checked=frozenset(
            number
            for number, cells in (("", plan), *zip(numbers, below, strict=True))
            if is_checked(cells[SheetColumn.CHECKED])
        ),
        dropped=tuple(number for number in about.dropped if number not in known),
    )


def _about(plan: Cells) -> Sheet:
    """Return the sheet as far as the row of the whole plan tells: all of its rows are wanting."""
    draft, value = _draft_of(plan), _kept(plan)
    title = plan[SheetColumn.TITLE]
    try:
        return Sheet(
            province=str(value["province"]),
            fiscal_year=FiscalYear(int(value["fiscal_year"])),
            origin=DraftOrigin(value["origin"]),
            draft=draft if is_same(title, draft.title) else replace(draft, title=one_line(title)),
            edits=(),
            checked=frozenset(),
            dropped=tuple(map(str, value["numbers"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(plan) from error


def _written(row: ActivityDraft) -> Cells:
    return {
        **row_cells(row),
        SheetColumn.DOUBTS: _questions(row.doubts),
        SheetColumn.KEPT: packed(draft_json(PlanDraft("", (row,)))),
    }


def _questions(doubts: Iterable[Doubt]) -> str:
    return "\n".join(plan_problems.doubt(doubt) for doubt in doubts)


def _kept(cells: Cells) -> dict[str, Any]:
    value = unpacked(cells[SheetColumn.KEPT])
    if value is None:
        raise _damaged(cells)
    return value


def _draft_of(cells: Cells) -> PlanDraft:
    try:
        return draft_from_json(_kept(cells))
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(cells) from error


def _damaged(cells: Cells) -> SheetError:
    return SheetError(SheetProblem.KEPT_DAMAGED, one_line(cells[SheetColumn.NUMBER]))


def _kept_rows(rows: Sequence[Cells]) -> list[ActivityDraft | None]:
    """Return each row as it was written; None for one that a person added or copied."""
    kept: list[ActivityDraft | None] = []
    known: set[str] = set()
    for cells in rows:
        row = _kept_row(cells) if one_line(cells[SheetColumn.KEPT]) else None
        is_first = row is not None and row.number not in known
        kept.append(row if is_first else None)
        known |= {row.number} if row else set()
    return kept


def _kept_row(cells: Cells) -> ActivityDraft:
    rows = _draft_of(cells).activities
    if len(rows) != 1:
        raise _damaged(cells)
    return rows[0]


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
    return None if is_same(cells[column], written[column]) else cells[column].strip()


def _window_said(cells: Cells, written: Cells, row: ActivityDraft, year: FiscalYear) -> str | None:
    """Return the window that a person wrote, as text or into the cells of its two days."""
    text = _changed(cells, written, SheetColumn.WINDOW)
    first, last = SheetColumn.FIRST, SheetColumn.LAST
    are_written = is_same(cells[first], written[first]) and is_same(cells[last], written[last])
    days = None if are_written else window_of_days(cells[first], cells[last])
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
    number = _number(cells)
    title, steps = split_steps(cells[SheetColumn.TITLE])
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
