"""Plain text to rows of cells: encodings, tabs, broken lines, CSV."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

from messages_th.plan_words import is_note, is_page_number, row_number

_DELIMITERS = ",;\t|"
_MOST_LINES_IN_A_CELL = 30


def decoded(content: bytes) -> str | None:
    """Return the text of bytes in UTF-8, UTF-16 or Thai Windows-874 (TIS-620), else None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def csv_rows(text: str) -> list[list[str]]:
    """Return the rows of a CSV, whose delimiter is the one its lines hold most often."""
    delimiter = max(_DELIMITERS, key=text.count)
    return _parsed(text, delimiter) or [line.split(delimiter) for line in text.splitlines()]


def text_rows(text: str) -> list[list[str]]:
    """Return a row per line, cells parted by tabs; lines broken inside a cell are joined.

    A line without tabs right below a row goes on with that row's last cell.  After an empty
    line it stands alone, as do a note and a page's number.
    """
    if re.search(r'(?:^|\t)"', text, re.MULTILINE) and (parsed := _parsed(text, "\t")):
        return parsed
    rows: list[list[str]] = []
    width = 0
    is_open = False
    for line in re.split(r"\r\n|\r|\n", text):
        cells = line.split("\t")
        width = width or (len(cells) if len(cells) > 2 else 0)
        if not line.strip():
            is_open = False
        elif is_open and _goes_on(rows[-1], cells, width):
            rows[-1][-1] += f" {cells[0]}"
            rows[-1] += cells[1:]
        else:
            rows.append(cells)
            is_open = len(cells) > 1
    return rows


def _goes_on(row: Sequence[str], cells: Sequence[str], width: int) -> bool:
    """Whether the cells of a line are the rest of the row above it."""
    opening = cells[0].strip()
    if not opening or is_note(opening) or is_page_number(opening):
        return False
    if len(cells) == 1:
        return True
    return len(row) + len(cells) - 1 <= width and row_number(opening) is None


def _parsed(text: str, delimiter: str) -> list[list[str]] | None:
    """Return the rows of quoted text, or None where a stray quote would swallow lines."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    cells = (cell for row in rows for cell in row)
    return None if any(cell.count("\n") > _MOST_LINES_IN_A_CELL for cell in cells) else rows
