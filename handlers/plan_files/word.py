"""Bytes of a Word document (DOCX) to the cells of its tables, as they would be printed."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from handlers.plan_files.columns import read_header
from handlers.plan_files.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Place,
    PlanFileError,
    heading_in,
)
from handlers.plan_files.word_lists import ListNumbers
from messages_th.plan_problems import FileProblem

_MOST_DEPTH = 60
"""Elements that may stand inside one another where tables are looked for."""

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT = qn("w:t")
_SKIPPED = f"{qn('w:trPr')}/{qn('w:gridBefore')}"
_SPAN = f"{qn('w:tcPr')}/{qn('w:gridSpan')}"
_MERGE = f"{qn('w:tcPr')}/{qn('w:vMerge')}"
_SPACES = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# Word writes a picture's text twice: the old form again as a fallback.
_LEFT_OUT = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def word_grids(content: bytes) -> list[Grid]:
    """Return a grid for every table, the lines of text around it beside.

    What was deleted while changes were tracked is left out; what was inserted is read.

    Raises:
        PlanFileError: when the document is broken, or has more rows than a plan.
    """
    try:
        document = Document(BytesIO(content))
    except (OpcError, SyntaxError, zipfile.BadZipFile, KeyError, ValueError) as broken:
        raise PlanFileError(FileProblem.BROKEN) from broken
    body = document.element.body
    if sum(1 for _ in islice(body.iter(_ROW), MOST_ROWS + 1)) > MOST_ROWS:
        # Counted before they are read: a small archive can hold more than a worker has time for.
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    reader = _Reader(ListNumbers(document))
    reader.read_body(body)
    return reader.grids()


@dataclass(slots=True)
class _Printed:
    """A table and the paragraphs below it, until the next one."""

    rows: list[list[str]]
    covered: dict[Place, str]
    below: list[str] = field(default_factory=list)


class _Reader:
    """Goes down a document once, so that the numbers of its lists count on."""

    def __init__(self, numbers: ListNumbers) -> None:
        self._numbers = numbers
        self._opening: list[str] = []
        self._tables: list[_Printed] = []

    def read_body(self, body: Element) -> None:
        """Take the paragraphs and tables in their order."""
        for element in _blocks(body):
            if element.tag == _TABLE:
                self._read_table(element)
            else:
                self._lines().append(self._paragraph(element))

    def grids(self) -> list[Grid]:
        """Return the tables read so far."""
        above = [self._opening, *(table.below for table in self._tables)]
        return [
            Grid(
                table.rows,
                table.covered,
                above=heading_in(lines),
                below=tuple(filter(None, table.below)),
                is_ruled=True,
            )
            for table, lines in zip(self._tables, above, strict=False)
        ]

    def _lines(self) -> list[str]:
        return self._tables[-1].below if self._tables else self._opening

    def _read_table(self, table: Element) -> None:
        printed = _Printed([], {})
        inner: list[_Printed] = []
        open_cells: dict[int, str] = {}
        for row in _children(table, _ROW):
            cells: list[str] = []
            for cell, span, merge in _placed_cells(row, cells):
                column = len(cells)
                text = self._cell(cell, inner)
                if merge == "continue" and column in open_cells:
                    if open_cells[column]:
                        printed.covered[len(printed.rows), column] = open_cells[column]
                    text = ""
                else:
                    open_cells.pop(column, None)
                if merge == "restart":
                    open_cells[column] = text
                cells += [text, *[""] * (span - 1)]
            printed.rows.append(cells[:MOST_COLUMNS])
        self._tables += [printed, *inner]

    def _cell(self, cell: Element, inner: list[_Printed]) -> str:
        """Return the lines of a cell; a plan that stands in it as a table goes to `inner`."""
        lines: list[str] = []
        for element in _blocks(cell):
            if element.tag == _PARAGRAPH:
                lines.append(self._paragraph(element))
                continue
            before = len(self._tables)
            self._read_table(element)
            found = self._tables[before:]
            del self._tables[before:]
            if any(read_header(row) for table in found for row in table.rows):
                inner += found
            else:
                lines += [" ".join(filter(None, row)) for table in found for row in table.rows]
        return "\n".join(filter(None, lines))

    def _paragraph(self, paragraph: Element) -> str:
        text = "".join(_texts(paragraph)).strip()
        number = self._numbers.next_for(paragraph)
        return f"{number} {text}".strip() if text or number.strip("-") else ""


def _blocks(parent: Element, depth: int = 0) -> Iterator[Element]:
    """Yield paragraphs and tables, also out of content controls and tracked insertions."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag != _CELL and child.tag not in _LEFT_OUT and depth < _MOST_DEPTH:
            yield from _blocks(child, depth + 1)


def _children(parent: Element, tag: str, depth: int = 0) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also out of content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in (_TABLE, _PARAGRAPH, *_LEFT_OUT) and depth < _MOST_DEPTH:
            yield from _children(child, tag, depth + 1)


def _placed_cells(row: Element, cells: list[str]) -> Iterator[tuple[Element, int, str]]:
    """Yield each cell, the columns it spans, and whether it opens or goes on with a merged one.

    `cells` gets an empty text for each column that the row leaves out at its beginning.
    """
    cells += [""] * min(_number(row, _SKIPPED, 0), MOST_COLUMNS)
    for cell in _children(row, _CELL):
        span = max(1, min(_number(cell, _SPAN, 1), MOST_COLUMNS))
        merge = cell.find(_MERGE)
        kind = "" if merge is None else merge.get(qn("w:val"), "continue")
        yield cell, span, kind


def _number(element: Element, path: str, usual: int) -> int:
    found = element.find(path)
    value = "" if found is None else found.get(qn("w:val"), "")
    return int(value) if value.isdecimal() else usual


def _texts(element: Element) -> Iterable[str]:
    """Yield what is printed of a paragraph, in order."""
    pieces: list[str] = []
    waiting: list[Element] = [element]
    while waiting:
        each = waiting.pop()
        if each.tag == _TEXT:
            pieces.append(each.text or "")
        elif each.tag in _SPACES:
            pieces.append(_SPACES[each.tag])
        elif each.tag not in _LEFT_OUT:
            waiting += reversed(list(each))
        if each.tag == _PARAGRAPH and each is not element:
            pieces.append("\n")
    return pieces
