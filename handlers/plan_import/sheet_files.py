"""The file of a draft's sheet: cells that no spreadsheet program computes or bends.  Pure."""

import base64
import csv
import io
import json
import unicodedata
import zlib
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from handlers.plan_files.grids import MOST_ROWS, PlanFileError
from handlers.plan_files.readers import MOST_BYTES, read_tables
from handlers.plan_files.texts import decoded
from messages_th.plan_problems import FileProblem
from messages_th.plan_sheets import SheetColumn
from messages_th.spelling import one_line

_WORKBOOKS = frozenset({".xlsx", ".xls", ".ods"})
_STARTS_A_FORMULA = "=+-@\t\r'\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet program takes for a formula, or for the sign that marks text."""
_MARKS_TEXT = "'"
_DELIMITERS = ",;\t"
_KEPT = "v1:"
_MOST_KEPT_BYTES = 1024 * 1024
_MOST_LINES_ABOVE = 20
_OWN_HEADINGS = (
    SheetColumn.PARTIES,
    SheetColumn.DOUBTS,
    SheetColumn.CHECKED,
    SheetColumn.KEPT,
)
"""Two of these are enough to know a sheet by, so that one whose columns were deleted is told."""


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as a CSV in UTF-8, with the mark by which Excel tells that it is."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def rows_of(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a sheet, its headings first; none where the file is no sheet.

    A CSV may have come back in another encoding and with other delimiters, or as a workbook.

    Raises:
        PlanFileError: when the file cannot be opened.
    """
    rows = [[_unguarded(cell) for cell in row] for row in _rows(name, content)]
    head = next((at for at, row in enumerate(rows[:_MOST_LINES_ABOVE]) if _is_head(row)), None)
    return [] if head is None else [row for row in rows[head:] if any(map(str.strip, row))]


def packed(value: Mapping[str, Any]) -> str:
    """Return a value as the text of a cell."""
    # In letters that survive whatever encoding the file is saved in again.
    letters = zlib.compress(json.dumps(value).encode())
    return _KEPT + base64.urlsafe_b64encode(letters).decode()


def unpacked(cell: str) -> dict[str, Any] | None:
    """Return the value of which `packed` made that cell; None where it is damaged."""
    kept = one_line(cell)
    if not kept.startswith(_KEPT):
        return None
    try:
        unpacking = zlib.decompressobj()
        letters = base64.urlsafe_b64decode(kept.removeprefix(_KEPT))
        text = unpacking.decompress(letters, _MOST_KEPT_BYTES)
        value = json.loads(text) if unpacking.eof else None
    except (ValueError, zlib.error, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_same(cell: str, written: str) -> bool:
    """Whether a cell still says what was written, whatever a program made of rare characters."""
    return _key(cell) == _key(written)


def _key(text: str) -> bytes:
    # Windows-874 has no letter for some dashes and bullets and puts a question mark there.
    solid = "".join(one_line(_printable(text)).split())
    return solid.encode("cp874", "replace").replace(b"?", b"")


def _printable(text: str) -> str:
    # A file with control characters is no text to whoever opens it.
    return "".join(
        letter for letter in text if letter in "\t\n\r" or unicodedata.category(letter) != "Cc"
    )


def _guarded(text: str) -> str:
    """Return a cell that no spreadsheet program computes, and that `_unguarded` gives back."""
    shown = _printable(text)
    return _MARKS_TEXT + shown if shown.lstrip(" ")[:1] in tuple(_STARTS_A_FORMULA) else shown


def _unguarded(cell: str) -> str:
    return cell.removeprefix(_MARKS_TEXT)


def _is_head(row: Sequence[str]) -> bool:
    return _has_two(frozenset(map(one_line, row)))


def _has_two(headings: Container[str]) -> bool:
    return sum(heading in headings for heading in _OWN_HEADINGS) > 1


def _rows(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of a workbook or of a CSV in whatever encoding and with any delimiter."""
    if PurePath(name).suffix.lower() in _WORKBOOKS:
        return [list(row) for table in read_tables(name, content) for row in table.rows]
    if len(content) > MOST_BYTES:
        raise PlanFileError(FileProblem.TOO_LARGE)
    text = decoded(content) or ""
    head = next(filter(_has_two, text.splitlines()), "")
    if not head:
        return []
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise PlanFileError(FileProblem.BROKEN) from error
    if len(rows) > MOST_ROWS + _MOST_LINES_ABOVE:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    return rows
