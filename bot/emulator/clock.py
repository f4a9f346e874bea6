"""What time it is for the stand-in: the real time, or a moment somebody set.

The only reader of the real time in this package, which may import nothing of the project's.
"""

from datetime import UTC, datetime, timedelta, timezone

LINE_ZONE = timezone(timedelta(hours=9))
"""LINE counts its days and months in Japan's time."""


class Clock:
    """A clock that can be stopped, moved and set running again.  Instants are UTC."""

    def __init__(self) -> None:
        self._stopped_at: datetime | None = None

    def instant(self) -> datetime:
        """Return the moment it is, in UTC, to the millisecond."""
        if self._stopped_at is not None:
            return self._stopped_at
        real = datetime.now(UTC)
        return real.replace(microsecond=real.microsecond // 1000 * 1000)

    def stop_at(self, at: datetime | None) -> None:
        """Stand still at this zone-aware moment; None lets the real time run again."""
        self._stopped_at = None if at is None else at.astimezone(UTC)

    def move(self, seconds: float) -> None:
        """Stand still this many seconds from the present moment; negative goes back."""
        self._stopped_at = self.instant() + timedelta(seconds=seconds)

    @property
    def is_stopped(self) -> bool:
        """Whether a moment was set, so that time does not pass by itself."""
        return self._stopped_at is not None


def milliseconds(at: datetime) -> int:
    """Return the milliseconds since 1970 of a zone-aware moment, as LINE's timestamps."""
    return round(at.timestamp() * 1000)


def line_day(at: datetime) -> str:
    """Return LINE's calendar day of a moment (UTC+9), as yyyyMMdd."""
    return at.astimezone(LINE_ZONE).strftime("%Y%m%d")


def line_month(at: datetime) -> str:
    """Return LINE's calendar month of a moment (UTC+9), as yyyyMM: what the quota counts by."""
    return line_day(at)[:6]
