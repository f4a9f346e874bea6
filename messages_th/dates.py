"""Thai dates, read and written: printed windows to calendar dates and back.  Pure.

Dates are Bangkok calendar dates, CE; years are printed in the Buddhist era.  Nothing is
guessed: a text that is not surely a window comes back `Unreadable`.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from messages_th.date_parts import (
    BUDDHIST_OFFSET,
    Part,
    RefusedError,
    first_day,
    fiscal_year_of,
    last_day,
    read_part,
)
from messages_th.date_words import (
    MONTHS,
    PRINTED_DAY,
    SHORT_MONTHS,
    WEEKDAYS,
    Piece,
    Word,
    condense,
    cut,
    month_of,
)
from messages_th.digits import to_arabic_digits, to_thai_digits
from messages_th.spelling import normalise
from store.types import DoubtCode, FiscalYear, Window

__all__ = [
    "Unreadable",
    "fiscal_year_of",
    "format_day",
    "format_short_day",
    "format_weekday_day",
    "format_window",
    "has_no_printed_end",
    "month_number",
    "printed_days",
    "read_window",
    "to_arabic_digits",
    "to_thai_digits",
]


_LONGEST = 300
"""Longer texts are no window."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a printed window could not be read, and the text as printed."""

    code: DoubtCode
    printed: str


def read_window(text: str, *, fiscal_year: FiscalYear | None = None) -> Window | Unreadable:
    """Return the window a printed text means, both ends inclusive, or why it is unreadable.

    A year that is not printed is taken from `fiscal_year` (BE; October to December lie in the
    year before), and refused without one.  "ตั้งแต่ ... เป็นต้นไป" ends with the fiscal year.
    """
    if len(text) > _LONGEST:
        return Unreadable(DoubtCode.WINDOW_UNREADABLE, text)
    condensed = condense(text)
    if not condensed:
        return Unreadable(DoubtCode.NO_WINDOW, text)
    try:
        return _read_explained(condensed, fiscal_year)
    except RefusedError as refused:
        return Unreadable(refused.code, text)


def has_no_printed_end(text: str) -> bool:
    """Whether a readable window says only when it starts ("เป็นต้นไป")."""
    words = _words(condense(text)) if len(text) <= _LONGEST else []
    opens = {piece.word for piece in (*words[:1], *words[-1:])}
    return bool(opens & {Word.FROM, Word.ONWARD}) and len(_split(words)) == 1


def printed_days(text: str) -> list[str]:
    """Return every whole date (day, month, year of four digits) printed in running text."""
    return PRINTED_DAY.findall(normalise(text))


def month_number(text: str) -> int | None:
    """Return 1-12 for a month's full, short or spoken name, with or without เดือน before it."""
    return month_of(text)


def format_day(day: date) -> str:
    """Return "๓๑ มกราคม ๒๕๖๗"."""
    return to_thai_digits(f"{_day_and_month(day)} {_year(day)}")


def format_weekday_day(day: date) -> str:
    """Return "วันพุธที่ ๓๑ มกราคม ๒๕๖๗"."""
    return f"{WEEKDAYS[day.weekday()]}ที่ {format_day(day)}"


def format_short_day(day: date, *, with_year: bool = True) -> str:
    """Return "๓๑ ม.ค. ๖๗", or "๓๑ ม.ค." without the year."""
    year = f" {_year(day) % 100:02}" if with_year else ""
    return to_thai_digits(f"{day.day} {SHORT_MONTHS[day.month]}{year}")


def format_moment(moment: datetime) -> str:
    """Return "๓ ม.ค. ๖๗ ๐๙.๐๐ น." for a time in Bangkok."""
    return f"{format_short_day(moment.date())} {to_thai_digits(f'{moment:%H.%M}')} น."


def format_window(window: Window) -> str:
    """Return the shortest of the forms that plans print; `read_window` reads it back."""
    return to_thai_digits(_window(window))


def _window(window: Window) -> str:
    first, last = window.first, window.last
    ends_month = last.day == monthrange(last.year, last.month)[1]
    if first is None:
        if ends_month:
            return f"ภายในเดือน{_month_and_year(last)}"
        return f"ภายในวันที่ {_day_and_month(last)} {_year(last)}"
    if first == last:
        return f"{_day_and_month(last)} {_year(last)}"
    if first.day == 1 and ends_month:
        return _whole_months(first, last)
    if first.year != last.year:
        return f"{_day_and_month(first)} {_year(first)} – {_day_and_month(last)} {_year(last)}"
    if first.month != last.month:
        return f"{_day_and_month(first)} – {_day_and_month(last)} {_year(last)}"
    return f"{first.day} – {_day_and_month(last)} {_year(last)}"


def _whole_months(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{_month_and_year(first)} – {_month_and_year(last)}"
    if first.month != last.month:
        return f"{MONTHS[first.month]} – {_month_and_year(last)}"
    return _month_and_year(last)


def _day_and_month(day: date) -> str:
    return f"{day.day} {MONTHS[day.month]}"


def _month_and_year(day: date) -> str:
    return f"{MONTHS[day.month]} {_year(day)}"


def _year(day: date) -> int:
    # Adding to a date's own year would fail on 29 February: 2567 is no leap year.
    return day.year + BUDDHIST_OFFSET


@lru_cache(maxsize=1024)
def _read_explained(condensed: str, fiscal_year: FiscalYear | None) -> Window:
    """Read a window, which may be said again in brackets: both must say the same."""
    match = re.fullmatch(r"([^()]+)\(([^()]+)\)", condensed)
    if match is None:
        return _read(condensed, fiscal_year)
    in_brackets = _read(match[2], fiscal_year)
    before = _read(match[1], fiscal_year or fiscal_year_of(in_brackets.last))
    if before != in_brackets:
        raise RefusedError
    return before


def _read(condensed: str, fiscal_year: FiscalYear | None) -> Window:
    words = _words(condensed)
    if not words:
        raise RefusedError
    opening = words[0].word
    if opening in (Word.WITHIN, Word.UNTIL):
        return _within(words[1:], fiscal_year)
    if opening is Word.FROM:
        return _from(words[1:], fiscal_year)
    if opening is Word.NOW or words[-1].word is Word.ONWARD:
        return _from(words, fiscal_year)
    ends = _split(words)
    if len(ends) == 2:
        return _between(ends[0], ends[1], fiscal_year)
    part = _only(ends, fiscal_year)
    last = last_day(part, fiscal_year=fiscal_year)
    return Window(None if part.is_end else first_day(part, fiscal_year=fiscal_year), last)


def _words(condensed: str) -> list[Piece]:
    """Return the words, เป็นต้นไป left out where an end is printed after it."""
    words = cut(condensed) or ()
    return [
        piece
        for index, piece in enumerate(words)
        if piece.word is not Word.ONWARD or index == len(words) - 1
    ]


def _split(words: Sequence[Piece]) -> list[list[Piece]]:
    """Return the words between the dashes and ถึง, which may stand together ("- ถึง")."""
    ends: list[list[Piece]] = [[]]
    previous: Word | None = None
    for piece in words:
        if piece.word not in (Word.DASH, Word.UNTIL):
            ends[-1].append(piece)
        elif previous not in (Word.DASH, Word.UNTIL):
            ends.append([])
        previous = piece.word
    return ends


def _within(words: Sequence[Piece], fiscal_year: FiscalYear | None) -> Window:
    """Read what follows ภายใน: a deadline, or a range that prints its start after all."""
    ends = _split(words)
    if len(ends) == 2:
        return _between(ends[0], ends[1], fiscal_year)
    return Window(None, last_day(_only(ends, fiscal_year), fiscal_year=fiscal_year))


def _from(words: Sequence[Piece], fiscal_year: FiscalYear | None) -> Window:
    """Read what follows ตั้งแต่: a range, from now to a day, or from a day onward."""
    if words and words[0].word is Word.NOW:
        if len(words) < 2 or words[1].word not in (Word.DASH, Word.UNTIL, Word.WITHIN):
            raise RefusedError
        rest = _split(words[1:])
        ends = [end for end in rest if end]
        return Window(
            None,
            last_day(
                _only([_no_within(end) for end in ends], fiscal_year), fiscal_year=fiscal_year
            ),
        )
    ends = _split(words)
    if len(ends) == 2:
        return _between(ends[0], ends[1], fiscal_year)
    if ends[0] and ends[0][-1].word is Word.ONWARD:
        ends[0].pop()
    first = first_day(_only(ends, fiscal_year), fiscal_year=fiscal_year)
    year = max(fiscal_year or fiscal_year_of(first), fiscal_year_of(first))
    return Window(first, date(year - BUDDHIST_OFFSET, 9, 30))


def _no_within(words: list[Piece]) -> list[Piece]:
    return words[1:] if words[0].word is Word.WITHIN else words


def _only(ends: Sequence[Sequence[Piece]], fiscal_year: FiscalYear | None) -> Part:
    if len(ends) != 1:
        raise RefusedError
    part = read_part(ends[0], fiscal_year=fiscal_year)
    if part.is_day_only:
        raise RefusedError
    return part


def _between(
    opening: Sequence[Piece], closing: Sequence[Piece], fiscal_year: FiscalYear | None
) -> Window:
    """Read two ends, the first one completed by what only the second one prints."""
    if not opening or not closing:
        raise RefusedError
    start = read_part(opening, fiscal_year=fiscal_year)
    closing = _no_within(list(closing))
    if start.quarter is not None and closing[:1] and closing[0].word is Word.NUMBER:
        closing = [Piece(Word.QUARTER, ""), *closing]
    end = read_part(closing, fiscal_year=fiscal_year)
    if end.is_day_only or (start.is_day_only and end.day is None):
        raise RefusedError
    if start.is_day_only:
        start = replace(start, month=end.month)
    if start.year is None:
        start = replace(start, year=end.year, is_fiscal=end.is_fiscal)
    first = first_day(start, fiscal_year=fiscal_year)
    last = last_day(end, fiscal_year=fiscal_year)
    if last < first:
        raise RefusedError(DoubtCode.WINDOW_ENDS_BEFORE_START)
    return Window(first, last)
