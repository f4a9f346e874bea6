"""How far the cells of a workbook reach and what they lack, looked at before it is opened.

An opened sheet holds every place from its first cell to its last one, so that a file of some
bytes may take gigabytes.
"""

import zipfile
from abc import ABC, abstractmethod
from xml.parsers import expat

from handlers.plan_files.grids import PlanFileError
from handlers.plan_files.old_workbooks import sheet_reaches
from messages_th.plan_problems import FileProblem

MOST_SHEET_ROWS = 50_000
"""Most rows of a sheet, empty ones counted: what lies further down is no plan."""
_MOST_PLACES = 2_000_000
"""Most places of all sheets, empty ones counted, and most cells that one writes out."""
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "


def check_xlsx(archive: zipfile.ZipFile) -> None:
    """Look at every sheet of an XLSX, wherever it is kept.

    Raises:
        PlanFileError: when a sheet reaches too far, or a formula was never computed.
    """
    places = 0
    for path in archive.namelist():
        xml = archive.read(path)
        if b"sheetData" in xml:
            sheet = _XlsxSheet(places)
            sheet.read(xml)
            places = sheet.places


def check_ods(archive: zipfile.ZipFile) -> None:
    """Look at every sheet of an ODS, where one cell may be written for very many.

    Raises:
        PlanFileError: when a sheet reaches too far.
    """
    _OdsSheets().read(archive.read("content.xml"))


def check_xls(content: bytes) -> None:
    """Look at every sheet of an XLS.

    Raises:
        PlanFileError: when a sheet reaches too far.
    """
    places = 0
    for rows, columns in sheet_reaches(content):
        places += rows * columns
        _check(rows, places)


def _check(rows: int, places: int) -> None:
    if rows > MOST_SHEET_ROWS or places > _MOST_PLACES:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)


class _Sheets(ABC):
    """Goes through the XML of sheets once, holding none of it."""

    def __init__(self, places: int = 0) -> None:
        self._before = places
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.open
        self.parser.EndElementHandler = self.close
        self.row = self.column = self._rows = self._columns = self._cells = 0

    def read(self, xml: bytes) -> None:
        """Read all of it; raises PlanFileError."""
        try:
            self.parser.Parse(xml, True)  # noqa: FBT003 - taken by place only
        except expat.ExpatError as broken:
            raise PlanFileError(FileProblem.BROKEN) from broken

    @property
    def places(self) -> int:
        """How many places the sheets have so far."""
        return self._before + self._rows * self._columns

    def begin(self) -> None:
        """Begin another sheet."""
        self._before = self.places
        self.row = self._rows = self._columns = 0

    @abstractmethod
    def open(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    @abstractmethod
    def close(self, name: str) -> None:
        """Take the end of an element."""

    def count_cell(self) -> None:
        """Count a cell that is written out, with a value or without."""
        self._cells += 1
        if self._cells > _MOST_PLACES:
            raise PlanFileError(FileProblem.TOO_MANY_ROWS)

    def reach(self, column: int) -> None:
        """Note that the current row holds a value in this column, both counted from 1."""
        if self.row < self._rows:  # what opens the file counts from the first row to the last
            raise PlanFileError(FileProblem.BROKEN)
        self._columns = max(self._columns, column)
        self._rows = self.row
        _check(self.row, self.places)


class _XlsxSheet(_Sheets):
    """Rows and cells may say where they stand, else they stand behind the ones before."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self._has_formula = self._has_value = False

    def open(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "row":
            self.row = _number(attributes.get("r", ""), self.row + 1)
            self.column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self.column = _column_number(letters) if letters else self.column + 1
            # An empty text is the result of many a formula.
            self._has_value = attributes.get("t") == "str"
            self._has_formula = False
            self.count_cell()
        elif name == "f":
            self._has_formula = True
        elif name in ("v", "is"):
            self.reach(self.column)
            if name == "v":
                self.parser.CharacterDataHandler = self._take_value

    def close(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        if name == "v":
            self.parser.CharacterDataHandler = None
        elif name == "c" and self._has_formula and not self._has_value:
            raise PlanFileError(FileProblem.FORMULA_NOT_COMPUTED)

    def _take_value(self, text: str) -> None:
        self._has_value = self._has_value or bool(text.strip())


class _OdsSheets(_Sheets):
    """Rows and cells may be repeated."""

    def __init__(self) -> None:
        super().__init__()
        self._repeat = self._filled = 0

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            self.begin()
        elif name == f"{_TABLE}table-row":
            self._repeat = _number(attributes.get(f"{_TABLE}number-rows-repeated", ""), 1)
            self.column = self._filled = 0
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self.count_cell()
            self.column += _number(attributes.get(f"{_TABLE}number-columns-repeated", ""), 1)
            if f"{_OFFICE}value-type" in attributes:
                self._filled = self.column

    def close(self, name: str) -> None:
        if name == f"{_TABLE}table-row":
            self.row += self._repeat
            if self._filled:
                self.reach(self._filled)


def _number(text: str, usual: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else usual


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
