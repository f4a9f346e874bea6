"""Plain text to rows of cells: encodings, tabs, broken lines, CSV."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

from handlers.plan_files.columns import read_header
from handlers.plan_files.grids import MOST_COLUMNS, MOST_LETTERS_OF_A_CELL
from messages_th.plan_problems import FileProblem
from messages_th.plan_words import is_note, is_page_number, is_thai, row_number

_DELIMITERS = ",;\t|"
_MOST_LINES_IN_A_CELL = 30
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
_PICTURE_BOXES = re.compile(rb".{4}ftyp(?:heic|heix|mif1|avif)|RIFF.{4}WEBP", re.DOTALL)
_WEB_PAGE = re.compile(
    rb"\s*(?:<!doctype html|<(?:html|head|meta|style|table|\?xml)\b|mime-version:)"
)
_OPENS_WITHIN = 300
"""Bytes in which a file says of what kind it is."""
_SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n")
"""A line for Excel alone."""
_RULE_OF_DASHES = re.compile(r"[\s|:+=-]*")


def problem_of(content: bytes) -> FileProblem | None:
    """Return why bytes are no plain text: a picture, a web page, Rich Text; None if they may be."""
    opening = content[:_OPENS_WITHIN]
    if opening.startswith(_PICTURES) or _PICTURE_BOXES.match(opening):
        return FileProblem.PICTURE
    if opening.startswith(b"{\\rtf"):
        return FileProblem.RICH_TEXT
    plain = opening.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip(b"\xff\xfe")
    return FileProblem.WEB_PAGE if _WEB_PAGE.match(plain.lower()) else None


def decoded(content: bytes) -> str | None:
    """Return the text of bytes in UTF-8, UTF-16 or Thai Windows-874 (TIS-620), else None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\x0e" in content[:_OPENS_WITHIN]:  # half of a Thai letter, of no use in other text
        firsts, seconds = (content[at:_OPENS_WITHIN:2].count(b"\x0e") for at in (0, 1))
        encodings = ["utf-16-be" if firsts > seconds else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and "\x0e" not in text and (encoding[:5] != "utf-16" or is_thai(text)):
            return text
    return None


def pasted_rows(text: str) -> list[list[str]]:
    """Return the rows of a text: parted by tabs, else by whatever makes a header of a line."""
    if "\t" in text:
        return text_rows(text)
    lines = [line for line in text.splitlines() if not _RULE_OF_DASHES.fullmatch(line)]
    spaced = [re.split(r" {2,}", line.strip())[:MOST_COLUMNS] for line in lines]
    for rows in (csv_rows("\n".join(lines)), spaced):
        header = next((row for row in rows if read_header(row)), None)
        # Cells parted by nothing but spaces may have shifted where their number varies.
        if header and (rows is not spaced or {len(row) for row in rows} <= {1, len(header)}):
            return rows
    return text_rows(text)


def csv_rows(text: str) -> list[list[str]]:
    """Return the rows of a CSV, whose delimiter is the one its lines hold most often."""
    text = _SEPARATOR_LINE.sub("", text)
    delimiter = max(_DELIMITERS, key=text.count)
    rows = _parsed(text, delimiter) or [line.split(delimiter) for line in text.splitlines()]
    return [row[:MOST_COLUMNS] for row in rows]


def text_rows(text: str) -> list[list[str]]:
    """Return a row per line, cells parted by tabs; lines broken inside a cell are joined.

    A line without tabs right below a row goes on with that row's last cell.  After an empty
    line it stands alone, as do a note and a page's number.
    """
    if re.search(r'(?:^|\t)"', text, re.MULTILINE) and (parsed := _parsed(text, "\t")):
        return [row[:MOST_COLUMNS] for row in parsed]
    rows: list[list[str]] = []
    width = 0
    is_open = False
    for line in re.split(r"\r\n|\r|\n", text):
        cells = line.split("\t", MOST_COLUMNS)[:MOST_COLUMNS]
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
    if len(row[-1]) > MOST_LETTERS_OF_A_CELL:  # to be refused, and slow to add to
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
