"""Instants and Bangkok dates."""

from datetime import UTC, date, datetime

import pytest

from bot.clock import bangkok_date, month_start, read_instant, system_clock

HALF_PAST_EIGHT = datetime(2024, 1, 31, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2024-01-31T08:30", HALF_PAST_EIGHT, id="no offset is Bangkok time"),
        pytest.param("2024-01-31 08:30:00", HALF_PAST_EIGHT, id="with a space"),
        pytest.param("2024-01-31T08:30+07:00", HALF_PAST_EIGHT, id="Bangkok's offset"),
        pytest.param("2024-01-31T01:30Z", HALF_PAST_EIGHT, id="UTC"),
        pytest.param("2024-01-30T20:30-05:00", HALF_PAST_EIGHT, id="another offset"),
        pytest.param("2024-01-31", datetime(2024, 1, 30, 17, tzinfo=UTC), id="a day begins"),
    ],
)
def test_an_instant_is_read_into_utc(text: str, expected: datetime) -> None:
    instant = read_instant(text)

    assert instant == expected
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "tomorrow", "31/01/2567", "2024-02-30T08:30", "๒๕๖๗-๐๑-๓๑"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_instant(text)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(datetime(2024, 1, 31, 16, 59, 59, tzinfo=UTC), date(2024, 1, 31), id="before"),
        pytest.param(datetime(2024, 1, 31, 17, tzinfo=UTC), date(2024, 2, 1), id="midnight"),
    ],
)
def test_a_bangkok_day_begins_at_17_utc(instant: datetime, expected: date) -> None:
    assert bangkok_date(instant) == expected


def test_the_system_clock_is_aware_and_goes_forward() -> None:
    first, second = system_clock(), system_clock()

    assert first.tzinfo is UTC
    assert first <= second


@pytest.mark.parametrize(
    ("instant", "this", "following"),
    [
        ("2024-02-01T00:00", "2024-02-01", "2024-03-01"),
        ("2024-02-01T06:59", "2024-02-01", "2024-03-01"),
        ("2024-12-31T23:59", "2024-12-01", "2025-01-01"),
    ],
)
def test_a_month_begins_at_midnight_in_bangkok(instant: str, this: str, following: str) -> None:
    now = read_instant(instant)

    assert month_start(now) == read_instant(this)
    assert month_start(now, months=1) == read_instant(following)
