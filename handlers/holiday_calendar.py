"""The holidays of Thai government offices, out of the `holidays` package.

A seed only: the cabinet adds days and moves lunar ones at short notice, so what an
administrator stores wins over it.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays
from holidays.constants import GOVERNMENT, HOLIDAY_NAME_DELIMITER, PUBLIC

from handlers.rules.workdays import Calendar
from messages_th.holiday_names import closes_offices


def government_holidays(years: Iterable[int]) -> dict[date, str]:
    """Return the office holidays (วันหยุดราชการ) of these calendar years (CE), by ascending day.

    The value is the Thai name, or several joined by "; ".  Weekend days that are holidays are
    in it, beside the day in lieu.  No regional days.
    """
    # PUBLIC alone misses วันพืชมงคล, which only offices keep.  Without a language the package
    # follows the locale of the machine and may name the days in English.
    listed = holidays.country_holidays(
        "TH", years=list(years), categories=(PUBLIC, GOVERNMENT), language="th"
    )
    kept = {day: _office_names(names) for day, names in sorted(listed.items())}
    return {day: names for day, names in kept.items() if names}


def _office_names(names: str) -> str:
    each = names.split(HOLIDAY_NAME_DELIMITER)
    return HOLIDAY_NAME_DELIMITER.join(name for name in each if closes_offices(name))


def working_calendar(day: date) -> Calendar:
    """Return the working days from the year before that day's to the year after it (CE)."""
    return _calendar(day.year)


@lru_cache(maxsize=4)
def _calendar(year: int) -> Calendar:
    return Calendar(frozenset(government_holidays(range(year - 1, year + 2))))
