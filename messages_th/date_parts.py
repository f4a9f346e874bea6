"""One end of a printed window: the words of a day, month, quarter or year made into dates.  Pure.

A year printed with four digits is Buddhist from 2550 to 2599 and of the common era from 2007
to 2056; with two digits it is Buddhist from 50 (2550) to 99.  Any other number is refused, so
that no reading is ever 543 years off, nor 57 as where a spreadsheet took "๖๗" for 1967.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages_th.date_words import Piece, Word, month_of, weekday_of
from store.types import DoubtCode, FiscalYear

BUDDHIST_OFFSET = 543
"""A year of the Buddhist era less this is the year of the common era."""


class RefusedError(Exception):
    """A printed window cannot be read; `code` says why.  Caught by `dates.read_window`."""

    def __init__(self, code: DoubtCode = DoubtCode.WINDOW_UNREADABLE) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Part:
    """What is printed of one end of a window; years are CE, None where not printed.

    `year` counts from October of the year before where `is_fiscal`.  Neither a month nor a
    quarter means the whole fiscal year, unless only a `day` is printed ("๑ - ๓๑ มกราคม").
    """

    day: int | None = None
    month: int | None = None
    quarter: int | None = None
    year: int | None = None
    is_fiscal: bool = False
    is_end: bool = False
    weekday: int | None = None

    @property
    def is_day_only(self) -> bool:
        """Whether month and year have to come from the other end."""
        return self.day is not None and self.month is None


def read_part(words: Sequence[Piece], *, fiscal_year: FiscalYear | None) -> Part:
    """Return what the words of one end say.

    Raises:
        RefusedError: when they are not the words of one day, month, quarter or year.
    """
    reader = _Words(words)
    weekday = reader.take(Word.WEEKDAY)
    is_end = reader.take(Word.END_OF) is not None
    if reader.sees(Word.FULL_DATE):
        part = _full_date(reader)
    elif reader.sees(Word.QUARTER):
        part = _quarter(reader)
    elif reader.sees(Word.FISCAL_YEAR) or reader.sees(Word.ALL_YEAR) or reader.sees(Word.YEAR):
        part = _whole_year(reader, fiscal_year)
    else:
        part = _day_or_month(reader)
    if not reader.is_done or (is_end and part.day is not None):
        raise RefusedError
    return Part(
        part.day,
        part.month,
        part.quarter,
        part.year,
        part.is_fiscal,
        is_end,
        weekday_of(weekday) if weekday else None,
    )


def first_day(part: Part, *, fiscal_year: FiscalYear | None) -> date:
    """Return the first day of a part that names its month, quarter or year.

    Raises:
        RefusedError: when the year is wanting, or there is no such day.
    """
    if part.is_end:
        return last_day(part, fiscal_year=fiscal_year)
    year, month = _first_month(part, fiscal_year)
    return _checked(year, month, part.day or 1, part.weekday)


def last_day(part: Part, *, fiscal_year: FiscalYear | None) -> date:
    """Return the last day of a part that names its month, quarter or year.

    Raises:
        RefusedError: when the year is wanting, or there is no such day.
    """
    year, month = _first_month(part, fiscal_year)
    if part.quarter is not None:
        month += 2
    elif part.month is None:
        year, month = year + 1, 9
    return _checked(year, month, part.day or monthrange(year, month)[1], part.weekday)


def fiscal_year_of(day: date) -> FiscalYear:
    """Return the fiscal year (BE) a day belongs to: October opens the next one."""
    return FiscalYear(day.year + BUDDHIST_OFFSET + (day.month >= 10))


class _Words:
    """The words of one end, taken one after another."""

    def __init__(self, words: Sequence[Piece]) -> None:
        self._words = words
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at == len(self._words)

    def sees(self, word: Word) -> bool:
        return not self.is_done and self._words[self._at].word is word

    def take(self, word: Word) -> str | None:
        if not self.sees(word):
            return None
        self._at += 1
        return self._words[self._at - 1].text

    def take_year(self) -> int | None:
        """Return the CE year that stands next, era and the word ปี before it; None if none."""
        has_word = self.take(Word.YEAR) is not None
        era = Word.ERA_BE if self.take(Word.ERA_BE) else None
        era = era or (Word.ERA_CE if self.take(Word.ERA_CE) else None)
        digits = self.take(Word.NUMBER)
        if digits is None:
            if era or has_word:
                raise RefusedError
            return None
        return _year(digits, era)


def _year(digits: str, era: Word | None) -> int:
    number = int(digits)
    if len(digits) == 2 and era is not Word.ERA_CE and number >= 50:
        return 2500 + number - BUDDHIST_OFFSET
    if len(digits) == 4 and era is not Word.ERA_CE and 2550 <= number <= 2599:
        return number - BUDDHIST_OFFSET
    if len(digits) == 4 and era is not Word.ERA_BE and 2007 <= number <= 2056:
        return number
    raise RefusedError


def _full_date(reader: _Words) -> Part:
    day, month, year = re.split(r"[-/.]", reader.take(Word.FULL_DATE) or "")
    if len(day) == 4:
        day, year = year, day
    if not 1 <= int(month) <= 12:
        raise RefusedError(DoubtCode.WINDOW_IMPOSSIBLE_DATE)
    return Part(day=_day(day), month=int(month), year=_year(year, None))


def _quarter(reader: _Words) -> Part:
    reader.take(Word.QUARTER)
    number = reader.take(Word.NUMBER) or ""
    if number not in {"1", "2", "3", "4"}:
        raise RefusedError
    if not reader.take(Word.SLASH):
        reader.take(Word.FISCAL_YEAR)
    return Part(quarter=int(number), year=reader.take_year(), is_fiscal=True)


def _whole_year(reader: _Words, fiscal_year: FiscalYear | None) -> Part:
    """Read a whole year; a year not called fiscal must be the plan's, as it may be January's."""
    is_named = reader.take(Word.FISCAL_YEAR) is not None
    reader.take(Word.ALL_YEAR)
    year = reader.take_year()
    if not is_named and (
        fiscal_year is None or year not in {None, int(fiscal_year) - BUDDHIST_OFFSET}
    ):
        raise RefusedError
    return Part(year=year, is_fiscal=True)


def _day_or_month(reader: _Words) -> Part:
    number = reader.take(Word.NUMBER)
    day = None if number is None else _day(number)
    name = reader.take(Word.MONTH)
    if name is None:
        if day is None:
            raise RefusedError
        return Part(day=day)
    is_fiscal = reader.take(Word.FISCAL_YEAR) is not None
    return Part(day=day, month=month_of(name), year=reader.take_year(), is_fiscal=is_fiscal)


def _day(digits: str) -> int:
    if len(digits) > 2:
        raise RefusedError
    if not 1 <= int(digits) <= 31:
        raise RefusedError(DoubtCode.WINDOW_IMPOSSIBLE_DATE)
    return int(digits)


def _first_month(part: Part, fiscal_year: FiscalYear | None) -> tuple[int, int]:
    """Return CE year and month in which the part begins."""
    year, is_fiscal = part.year, part.is_fiscal
    if year is None:
        if fiscal_year is None:
            raise RefusedError(DoubtCode.WINDOW_WITHOUT_YEAR)
        year, is_fiscal = int(fiscal_year) - BUDDHIST_OFFSET, True
    if part.month is not None:
        month = part.month
    elif part.quarter is not None:
        month = (10, 1, 4, 7)[part.quarter - 1]
    else:
        month = 10
    return year - (is_fiscal and month >= 10), month


def _checked(year: int, month: int, day: int, weekday: int | None) -> date:
    """Return the day, unless there is none or it is another day of the week than printed."""
    if day > monthrange(year, month)[1]:
        raise RefusedError(DoubtCode.WINDOW_IMPOSSIBLE_DATE)
    checked = date(year, month, day)
    if weekday is not None and checked.weekday() != weekday:
        raise RefusedError(DoubtCode.WINDOW_IMPOSSIBLE_DATE)
    return checked
