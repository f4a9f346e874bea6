"""Reading what people set: a day to come, numbers of days, office hours.  Pure."""

import re
from datetime import date, time, timedelta

from messages_th.dates import fiscal_year_of, read_window
from messages_th.digits import to_arabic_digits
from store.types import FiscalYear, Window

LONGEST_DAY = 6
"""Words that a date has at most ("วันที่ ๒๐ มกราคม พ.ศ. ๒๕๖๗")."""
HALF_A_YEAR = timedelta(days=183)
_NONE = re.compile(r"ไม่(?:ใช้|เตือน|มี|ต้อง\S*)|ปิด")
_NUMBER = re.compile(r"-?\s?\d+")
_HOURS = re.compile(
    r"(?P<h1>\d{1,2})(?:[:.](?P<m1>\d{2}))?\s*(?:น\.?)?\s*(?:-|–|ถึง)\s*"
    r"(?P<h2>\d{1,2})(?:[:.](?P<m2>\d{2}))?\s*(?:น\.?)?"
)


def read_day(text: str, today: date) -> tuple[date, str] | None:
    """Return the day that a text begins with, and what stands behind it; None where none does.

    A day without a year lies in the fiscal year of today; where that day is past and the next one
    is less than half a year off, that is meant.
    """
    words = text.split()
    for count in range(min(len(words), LONGEST_DAY), 0, -1):
        day = _day(" ".join(words[:count]), today)
        if day is not None:
            return day, " ".join(words[count:])
    return None


def read_numbers_of_days(text: str) -> tuple[int, ...] | None:
    """Return the whole numbers that a text is made of, none for "ไม่ใช้"; None for other texts."""
    plain = to_arabic_digits(text).strip()
    if _NONE.fullmatch(plain):
        return ()
    numbers = [int(each.replace(" ", "")) for each in _NUMBER.findall(plain)]
    left = re.sub(r"วัน|ครั้ง|ขึ้นไป|และ|กับ|[,\s]", "", _NUMBER.sub("", plain))
    return tuple(numbers) if numbers and not left else None


def read_hours(text: str) -> tuple[time, time] | None:
    """Return the first and the last time of "08:30-16:30", as typed; None for other texts."""
    found = _HOURS.fullmatch(to_arabic_digits(text).strip())
    if found is None:
        return None
    try:
        return (
            time(int(found["h1"]), int(found["m1"] or 0)),
            time(int(found["h2"]), int(found["m2"] or 0)),
        )
    except ValueError:
        return None


def _day(text: str, today: date) -> date | None:
    printed = _single(read_window(text))
    if printed is not None:
        return printed
    year = fiscal_year_of(today)
    day = _single(read_window(text, fiscal_year=year))
    if day is not None and day < today:
        following = _single(read_window(text, fiscal_year=FiscalYear(year + 1)))
        if following is not None and following - today < HALF_A_YEAR:
            return following
    return day


def _single(window: object) -> date | None:
    if isinstance(window, Window) and window.first == window.last:
        return window.last
    return None
