"""The only reader of the time; UTC instants and Bangkok dates, and the bridge between."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from handlers.rules.workdays import BANGKOK as BANGKOK

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def bangkok_date(instant: datetime) -> date:
    """Return the Bangkok calendar date of an aware instant."""
    return instant.astimezone(BANGKOK).date()


def month_start(instant: datetime, *, months: int = 0) -> datetime:
    """Return the first instant of an aware instant's Bangkok month, or of so many months later."""
    local = instant.astimezone(BANGKOK)
    years, month = divmod(local.month - 1 + months, 12)
    return datetime(local.year + years, month + 1, 1, tzinfo=BANGKOK)


def read_instant(text: str) -> datetime:
    """Read an ISO instant and return it in UTC; without an offset it is Bangkok time.

    Raises:
        ValueError: when it is no ISO date and time.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=BANGKOK)
    return instant.astimezone(UTC)
