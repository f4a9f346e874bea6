"""Bytes of a workbook (XLSX, XLS, ODS) to the cells of its visible sheets."""

from datetime import date, datetime
from io import BytesIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from handlers.plan_files.grids import MOST_COLUMNS, Grid, Place, PlanFileError
from handlers.plan_files.spread import MOST_SHEET_ROWS
from messages_th.plan_problems import FileProblem


def workbook_grids(content: bytes) -> list[Grid]:
    """Return a grid for every sheet that can be seen; formulas give the values last computed.

    Raises:
        PlanFileError: when the workbook is locked, broken or too long.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
        ]
        return [_grid(workbook.get_sheet_by_name(name)) for name in names]
    except PasswordError as locked:
        raise PlanFileError(FileProblem.PASSWORD) from locked
    except (CalamineError, OSError, ValueError) as broken:
        raise PlanFileError(FileProblem.BROKEN) from broken
    except BaseException as panicked:
        # A bug of the library met in a damaged file; the class cannot be imported.
        if type(panicked).__name__ != "PanicException":
            raise
        raise PlanFileError(FileProblem.BROKEN) from panicked


def _grid(sheet: CalamineSheet) -> Grid:
    if sheet.height > MOST_SHEET_ROWS:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    rows = [[_cell_text(value) for value in row[:MOST_COLUMNS]] for row in sheet.to_python()]
    return Grid(rows, _covered(sheet, rows))


def _covered(sheet: CalamineSheet, rows: list[list[str]]) -> dict[Place, str]:
    """Return the places below the first one of each merged cell, with its text."""
    first_row, first_column = sheet.start or (0, 0)
    covered: dict[Place, str] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        row, column = top - first_row, left - first_column
        if 0 <= row < len(rows) and 0 <= column < len(rows[row]) and rows[row][column]:
            below = range(row + 1, min(bottom - first_row + 1, len(rows)))
            covered.update(dict.fromkeys(((each, column) for each in below), rows[row][column]))
    return covered


def _cell_text(value: object) -> str:
    """Return a cell as text: a real date as ISO, whose year may be Buddhist all the same."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
