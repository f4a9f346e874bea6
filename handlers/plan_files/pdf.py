"""Bytes of a PDF to the cells of its ruled tables, where its text can be believed.

A PDF whose text is not what is seen on the page (a scan, lost vowels, letters of a private
font) is refused: nothing is read that a person would have to read again letter by letter.
"""

import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

from handlers.plan_files.grids import Grid, PlanFileError, heading_in
from handlers.plan_files.pdf_letters import letters_of
from handlers.plan_files.pdf_lines import MOST_RULES, pictured, rules_of
from handlers.plan_files.ruled import Letter, NotRectangularError, Rule, page_grids
from messages_th.plan_problems import FileProblem
from messages_th.text_layers import is_sound, without_bullets

_MOST_PAGES = 40
_MOST_LETTERS = 20_000
"""Most letters of a page: a close-printed one has a third of them."""
_MOST_STREAMS = 20_000
# Most bytes that the streams of a file may unpack to, each kind by itself.  Browsers write some
# 35 kB of text and lines a page, and PDFium takes 200 times the size of text alone.
_MOST_DRAWN_BYTES = 3 * 1024 * 1024
_MOST_FONT_BYTES = 16 * 1024 * 1024
_MOST_PICTURE_BYTES = 512 * 1024 * 1024
_PIECE = 1024 * 1024
_DESCRIPTION = 1000
"""Bytes before a stream in which it is described."""
_FEW_LETTERS = 20
"""A picture over a page with fewer letters than this is what was to be read: a scan."""
_COVERS = 0.4
"""Share of a page that such a picture covers."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FONT = re.compile(rb"/Length1|/CIDFontType0C|/Type1C|/OpenType")
_PDFIUM = threading.Lock()
"""PDFium may be asked by one thread at a time."""


@dataclass(frozen=True, slots=True)
class _Page:
    letters: list[Letter]
    rules: list[Rule]
    is_scan: bool


def pdf_grids(content: bytes) -> list[Grid]:
    """Return a grid for every ruled table, page by page.

    Raises:
        PlanFileError: when it is locked, broken, too long, a scan, has no ruled table, or
            its text is not the Thai that is seen.
    """
    _check_size(content)
    pages = _pages(content)
    if any(page.is_scan for page in pages) or not any(page.letters for page in pages):
        raise PlanFileError(FileProblem.PDF_SCAN)
    grids: list[Grid] = []
    text: list[str] = []
    for page in pages:
        try:
            found, lines = page_grids(page.letters, page.rules)
        except NotRectangularError as odd:
            raise PlanFileError(FileProblem.PDF_NO_TABLE) from odd
        text += lines
        grids += found
    for grid in grids:
        text += [*grid.above, *(cell for row in grid.rows for cell in row), *grid.below]
    if not is_sound("\n".join(text)):
        raise PlanFileError(FileProblem.PDF_UNSOUND)
    if not grids:
        raise PlanFileError(FileProblem.PDF_NO_TABLE)
    return [_readable(grid) for grid in grids]


def _readable(grid: Grid) -> Grid:
    rows = [[without_bullets(cell) for cell in row] for row in grid.rows]
    covered = {place: without_bullets(text) for place, text in grid.covered.items()}
    return replace(grid, rows=rows, covered=covered, above=heading_in(grid.above))


def _check_size(content: bytes) -> None:
    """Refuse a file that would unpack to more than a plan can be."""
    left = [_MOST_DRAWN_BYTES, _MOST_FONT_BYTES, _MOST_PICTURE_BYTES]
    for count, stream in enumerate(_STREAM.finditer(content)):
        described = content[max(0, stream.start() - _DESCRIPTION) : stream.start()]
        described = described.rpartition(b" obj")[2]
        kind = 2 if b"/Image" in described else 1 if _FONT.search(described) else 0
        for size in _unpacked(memoryview(content), stream.end()):
            left[kind] -= size
            if left[kind] < 0:
                raise PlanFileError(FileProblem.TOO_LARGE)
        if count > _MOST_STREAMS:
            raise PlanFileError(FileProblem.TOO_LARGE)


def _unpacked(content: memoryview, start: int) -> Iterator[int]:
    """Yield the sizes that a packed stream has piece by piece, nothing for an unpacked one."""
    inflater = zlib.decompressobj()
    packed: bytes | memoryview = content[start : start + _PIECE]
    while packed and not inflater.eof:
        try:
            yield len(inflater.decompress(packed, _PIECE))
        except zlib.error:
            return
        start += 0 if inflater.unconsumed_tail else len(packed)
        packed = inflater.unconsumed_tail or content[start : start + _PIECE]


def _pages(content: bytes) -> list[_Page]:
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as refused:
            is_locked = refused.err_code == raw.FPDF_ERR_PASSWORD
            code = FileProblem.PASSWORD if is_locked else FileProblem.BROKEN
            raise PlanFileError(code) from refused
        try:
            if len(document) > _MOST_PAGES:
                raise PlanFileError(FileProblem.TOO_MANY_PAGES)
            return [_page(document[index]) for index in range(len(document))]
        except pypdfium2.PdfiumError as broken:
            raise PlanFileError(FileProblem.BROKEN) from broken
        finally:
            document.close()


def _page(page: pypdfium2.PdfPage) -> _Page:
    text = page.get_textpage()
    if text.count_chars() > _MOST_LETTERS:
        raise PlanFileError(FileProblem.TOO_LARGE)
    turn = page.get_rotation() // 90
    rules = rules_of(page, turn)
    if len(rules) > MOST_RULES:
        raise PlanFileError(FileProblem.PDF_NO_TABLE)
    letters = letters_of(text, turn)
    is_scan = len(letters) < _FEW_LETTERS and pictured(page) > _COVERS
    return _Page(letters, rules, is_scan)
