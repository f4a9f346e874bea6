"""A simulated fiscal year in one worker process, every working day a round; tells its memory.

DATABASE_URL=... LINE_API_HOST=... python -m tests.bench.year --days 5
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.settings import from_environment
from bot.wiring import build, line_client
from bot.worker import tick
from handlers.holiday_calendar import working_calendar
from tests.bench.processes import resident_mb

FIRST, LAST = date(2023, 10, 1), date(2024, 9, 30)
"""Fiscal year 2567, both ends included."""
HALF_PAST_EIGHT = timedelta(hours=1, minutes=30)
"""08:30 in Bangkok, as UTC."""


def mornings() -> Iterator[datetime]:
    """Return 08:30 (Bangkok) of every working day of the year, in UTC."""
    day = FIRST
    while day <= LAST:
        if working_calendar(day).is_working_day(day):
            yield datetime(day.year, day.month, day.day, tzinfo=UTC) + HALF_PAST_EIGHT
        day += timedelta(days=1)


def main() -> None:
    """Work the days and print what it took."""
    parser = ArgumentParser(prog="python -m tests.bench.year")
    parser.add_argument("--days", type=int, default=366, help="working days at most")
    days = list(mornings())[: parser.parse_args().days]
    settings = from_environment()
    engine, line = build(settings).engine, line_client(settings)
    memory = []
    for at in days:
        tick(engine, line, at=at)
        memory.append(resident_mb(os.getpid()) or 0.0)
    peak = resident_mb(os.getpid(), "VmHWM")
    told = {"days": len(days), "final_mb": memory[-1], "peak_mb": peak, "first_mb": memory[0]}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
