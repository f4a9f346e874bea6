"""How far the cells of an old workbook (XLS) reach, looked at before it is opened.

Such a file is a small file system of its own (Compound File Binary), the sheets are records in
one of its streams (BIFF); both are described in Microsoft's [MS-CFB] and [MS-XLS].
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from struct import Struct, error, unpack_from

from handlers.plan_files.grids import PlanFileError
from messages_th.plan_problems import FileProblem

_LAST_SECTOR = 0xFFFFFFFA
"""Numbers above are no sectors: the end of a chain, a free one."""
_SMALL_STREAM = 4096
"""Shorter streams are kept in one of their own, in small sectors."""
_ROOT = 5
_STREAMS = ("Workbook", "Book")
_END = 0x000A
_SHEET = 0x0085
_DIMENSIONS = 0x0200
_MANY_NUMBERS = 0x00BD
# Records of cells with a value; each begins with its row and column, counted from 0.
_CELLS = {0x0006, _MANY_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
_RECORD = Struct("<HH")


def sheet_reaches(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield for each sheet how many rows and columns reach from its corner to the last value.

    Raises:
        PlanFileError: when the file has no workbook inside or is broken.
    """
    try:
        stream = _File(content).workbook()
        starts = [
            unpack_from("<I", record)[0] for kind, record in _records(stream, 0) if kind == _SHEET
        ]
    except (error, IndexError, ValueError) as broken:
        raise PlanFileError(FileProblem.BROKEN) from broken
    for start in starts:
        yield _reach(_records(stream, start))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of the stream, up to its end."""
    while at + _RECORD.size <= len(stream):
        kind, length = _RECORD.unpack_from(stream, at)
        if kind == _END:
            return
        at += _RECORD.size
        yield kind, stream[at : at + length]
        at += length


def _reach(records: Iterable[tuple[int, bytes]]) -> tuple[int, int]:
    rows = columns = last = 0
    for kind, record in records:
        if kind == _DIMENSIONS:
            told = _told_reach(record)
            rows, columns = max(rows, told[0]), max(columns, told[1])
        elif kind in _CELLS and len(record) >= 4:
            row, column = _RECORD.unpack_from(record)
            if kind == _MANY_NUMBERS:
                (column,) = unpack_from("<H", record, len(record) - 2)
            if row < last:  # what opens the file counts from the first row to the last one
                raise PlanFileError(FileProblem.BROKEN)
            last, rows, columns = row, max(rows, row + 1), max(columns, column + 1)
    return rows, columns


def _told_reach(record: bytes) -> tuple[int, int]:
    """Return rows and columns as a sheet tells them: what opens it makes room for as many."""
    form = "<IIHH" if len(record) >= 14 else "<HHHH"
    if len(record) < 8:
        raise PlanFileError(FileProblem.BROKEN)
    first_row, rows, first_column, columns = unpack_from(form, record)
    if first_row > rows or first_column > columns:
        raise PlanFileError(FileProblem.BROKEN)
    return rows, columns


class _File:
    """The streams of a compound file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift = unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise ValueError("no such sectors")
        self._size = 1 << shift
        self._most = len(content) // self._size + 1
        self._table = self._numbers(self._table_sectors())

    def workbook(self) -> bytes:
        """Return the stream of the sheets."""
        directory = self._read(unpack_from("<I", self._content, 48)[0])
        root = b""
        for at in range(0, len(directory) - 127, 128):
            name_length, kind = unpack_from("<HB", directory, at + 64)
            start, size = unpack_from("<II", directory, at + 116)
            if kind == _ROOT:
                root = self._read(start)
            name = directory[at : at + max(0, min(name_length, 64) - 2)].decode("utf-16-le")
            if name in _STREAMS:
                return self._small(root, start) if size < _SMALL_STREAM else self._read(start)
        raise ValueError("no workbook inside")

    def _table_sectors(self) -> list[int]:
        """Return where the table of sectors stands: the header names 109, a chain the others."""
        sectors = list(unpack_from("<109I", self._content, 76))
        following = unpack_from("<I", self._content, 68)[0]
        for _ in range(self._most):
            if following > _LAST_SECTOR:
                break
            *more, following = self._numbers([following])
            sectors += more
        known = dict.fromkeys(sector for sector in sectors if sector <= _LAST_SECTOR)
        return list(known)[: self._most]

    def _numbers(self, sectors: Sequence[int]) -> list[int]:
        content = b"".join(map(self._sector, sectors))
        return list(unpack_from(f"<{len(content) // 4}I", content))

    def _read(self, start: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, start, self._most)))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _small(self, root: bytes, start: int) -> bytes:
        table_start, small_size = unpack_from("<I", self._content, 60)[0], 64
        content = self._read(table_start)
        table = list(unpack_from(f"<{len(content) // 4}I", content))
        pieces = (
            root[number * small_size : (number + 1) * small_size]
            for number in _chain(table, start, len(root) // small_size + 1)
        )
        return b"".join(pieces)


def _chain(table: Sequence[int], start: int, most: int) -> Iterator[int]:
    """Yield the sectors of a stream; a chain that turns back to itself ends all the same."""
    return islice(_links(table, start), most)


def _links(table: Sequence[int], number: int) -> Iterator[int]:
    while number <= _LAST_SECTOR:
        yield number
        number = table[number]
