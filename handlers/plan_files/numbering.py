"""The number of every row: misread ones mended, sub-rows named after their heading."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.plan_files.rows import PrintedRow
from messages_th.plan_words import row_number
from store.types import Doubt, DoubtCode


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row with the number it goes by, in Arabic digits, unique in its plan."""

    number: str
    row: PrintedRow
    doubts: tuple[Doubt, ...] = ()
    is_heading: bool = False
    """A heading over sub-rows, no activity of its own."""


def numbered(rows: Sequence[PrintedRow]) -> list[NumberedRow]:
    """Return the rows with their numbers, each change from what is printed as a doubt.

    A number that breaks the order is mended only where its neighbours leave one place for
    it; a number printed twice gets a stroke and a count ("5/2").
    """
    counter = _Counter(rows)
    return [counter.take(index) for index in range(len(rows))]


class _Counter:
    """Goes down the rows, with the last main number and the sub-rows under it so far."""

    def __init__(self, rows: Sequence[PrintedRow]) -> None:
        self._rows = rows
        self._printed = [row_number(row.number) for row in rows]
        self._following = self._next_mains()
        self._has_numbers = any(self._printed)
        self._last = 0
        self._sub_rows = 0
        self._is_under_heading = False
        self._taken: set[str] = set()

    def take(self, index: int) -> NumberedRow:
        row, printed = self._rows[index], self._printed[index]
        if printed is None:
            number, code = self._unnumbered(index)
        elif "." in printed:
            number, code = printed, None
        else:
            number, code = self._main(index, int(printed))
        unique = self._unique(number)
        if unique != number:
            code = DoubtCode.NUMBER_TWICE
        doubts = (Doubt(code, unique, row.number or row.title),) if code else ()
        return NumberedRow(unique, row, doubts, is_heading=self._is_heading(index))

    def _main(self, index: int, printed: int) -> tuple[str, DoubtCode | None]:
        expected = self._last + 1
        code = None
        if printed != expected:
            code = DoubtCode.NUMBER_OUT_OF_ORDER
            if self._following[index] == expected + 1:
                printed = expected
        self._last = printed
        self._sub_rows = 0
        self._is_under_heading = self._is_heading(index)
        return str(printed), code

    def _unnumbered(self, index: int) -> tuple[str, DoubtCode | None]:
        """Number a row after its heading, into a gap of the numbers, or after the row above."""
        if not self._has_numbers:
            self._last += 1
            return str(self._last), None
        is_gap = self._following[index] == self._last + 2
        if not self._is_under_heading and is_gap and not self._has_more_unnumbered(index):
            self._last += 1
            self._sub_rows = 0
            return str(self._last), DoubtCode.NUMBER_MISSING
        self._sub_rows += 1
        number = f"{self._last}.{self._sub_rows}"
        if self._rows[index].number:
            return number, DoubtCode.NUMBER_OUT_OF_ORDER
        return number, None if self._is_under_heading else DoubtCode.NUMBER_MISSING

    def _has_more_unnumbered(self, index: int) -> bool:
        return index + 1 < len(self._rows) and self._printed[index + 1] is None

    def _is_heading(self, index: int) -> bool:
        """Whether a main row has no window and sub-rows right below it."""
        printed = self._printed[index]
        if printed is None or "." in printed or self._rows[index].window:
            return False
        if index + 1 == len(self._rows):
            return False
        below = self._printed[index + 1]
        return below is None or below.startswith(f"{printed}.")

    def _next_mains(self) -> list[int | None]:
        """Return for each row the next main number printed below it."""
        following: list[int | None] = []
        upcoming: int | None = None
        for printed in reversed(self._printed):
            following.append(upcoming)
            if printed is not None and "." not in printed:
                upcoming = int(printed)
        return following[::-1]

    def _unique(self, number: str) -> str:
        unique, copies = number, 1
        while unique in self._taken:
            copies += 1
            unique = f"{number}/{copies}"
        self._taken.add(unique)
        return unique
