from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.workdays import (
    Calendar,
    fiscal_year_of,
    is_office_time,
    month_of,
    next_office_instant,
    week_of,
)
from store.types import ReminderPolicy

POLICY = ReminderPolicy(office_opens=time(8, 30), office_closes=time(16, 30))
SONGKRAN_2567 = Calendar(
    frozenset({date(2024, 4, 12), date(2024, 4, 15), date(2024, 4, 16)}),
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
calendars = st.builds(
    Calendar,
    st.frozensets(st.dates(date(2024, 1, 1), date(2024, 3, 31)), max_size=40),
)


def bangkok(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The instant (UTC) of this wall-clock time in Bangkok, seven hours ahead."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - timedelta(
        hours=7
    )


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        pytest.param(date(2024, 4, 11), date(2024, 4, 11), date(2024, 4, 11), id="a Thursday"),
        pytest.param(date(2024, 4, 12), date(2024, 4, 11), date(2024, 4, 17), id="a day off"),
        pytest.param(date(2024, 4, 14), date(2024, 4, 11), date(2024, 4, 17), id="inside Songkran"),
        pytest.param(date(2024, 4, 20), date(2024, 4, 19), date(2024, 4, 22), id="a Saturday"),
        pytest.param(date(2024, 4, 21), date(2024, 4, 19), date(2024, 4, 22), id="a Sunday"),
    ],
)
def test_a_day_off_moves_to_the_nearest_working_day(day: date, before: date, after: date) -> None:
    moved_back = SONGKRAN_2567.last_working_day_on_or_before(day)
    moved_on = SONGKRAN_2567.next_working_day_on_or_after(day)

    assert (moved_back, moved_on) == (before, after)


@given(day=st.dates(date(2024, 1, 1), date(2024, 3, 31)), calendar=calendars)
def test_no_working_day_lies_between_a_day_off_and_where_it_moves(
    day: date, calendar: Calendar
) -> None:
    moved_back = calendar.last_working_day_on_or_before(day)
    moved_on = calendar.next_working_day_on_or_after(day)

    between = [moved_back + timedelta(days=n) for n in range((moved_on - moved_back).days + 1)]
    working = [each for each in between if calendar.is_working_day(each)]
    assert working == sorted({moved_back, moved_on})


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        pytest.param(bangkok(date(2024, 4, 11), 8, 29, 59), False, id="a second too early"),
        pytest.param(bangkok(date(2024, 4, 11), 8, 30), True, id="on opening"),
        pytest.param(bangkok(date(2024, 4, 11), 16, 29, 59), True, id="the last second"),
        pytest.param(bangkok(date(2024, 4, 11), 16, 30), False, id="on closing"),
        pytest.param(bangkok(date(2024, 4, 12), 10), False, id="a holiday at ten"),
        pytest.param(bangkok(date(2024, 4, 20), 10), False, id="a Saturday at ten"),
    ],
)
def test_office_time_is_the_hours_of_a_working_day_in_bangkok(
    *, now: datetime, is_open: bool
) -> None:
    assert is_office_time(now, SONGKRAN_2567, POLICY) is is_open


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param(
            bangkok(date(2024, 4, 11), 9, 17),
            bangkok(date(2024, 4, 11), 9, 17),
            id="open now",
        ),
        pytest.param(
            bangkok(date(2024, 4, 11), 5), bangkok(date(2024, 4, 11), 8, 30), id="later today"
        ),
        pytest.param(
            bangkok(date(2024, 4, 10), 16, 30), bangkok(date(2024, 4, 11), 8, 30), id="tomorrow"
        ),
        pytest.param(
            bangkok(date(2024, 4, 11), 20), bangkok(date(2024, 4, 17), 8, 30), id="after Songkran"
        ),
        pytest.param(
            # 23:30 UTC on Sunday is 06:30 on Monday in Bangkok.
            datetime(2024, 4, 21, 23, 30, tzinfo=UTC),
            bangkok(date(2024, 4, 22), 8, 30),
            id="still yesterday in UTC",
        ),
        pytest.param(
            datetime(2024, 4, 11, 11, 0, tzinfo=timezone(timedelta(hours=9))),
            bangkok(date(2024, 4, 11), 9),
            id="told in another zone",
        ),
    ],
)
def test_a_message_waits_until_the_office_opens(now: datetime, opens: datetime) -> None:
    instant = next_office_instant(now, SONGKRAN_2567, POLICY)

    assert instant == opens
    assert instant.tzinfo is UTC


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2024, 3, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    calendar=calendars,
)
def test_the_next_office_instant_is_office_time_and_never_in_the_past(
    now: datetime, calendar: Calendar
) -> None:
    instant = next_office_instant(now, calendar, POLICY)

    assert is_office_time(instant, calendar, POLICY)
    assert instant >= now
    assert next_office_instant(instant, calendar, POLICY) == instant


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2024, 4, 11, 9)  # noqa: DTZ001

    with pytest.raises(ValueError, match="needs a time zone"):
        next_office_instant(naive, SONGKRAN_2567, POLICY)


@pytest.mark.parametrize(
    ("day", "week", "month", "fiscal_year"),
    [
        pytest.param(
            date(2024, 1, 1),
            (date(2024, 1, 1), date(2024, 1, 7)),
            (date(2024, 1, 1), date(2024, 1, 31)),
            2567,
            id="new year, a Monday",
        ),
        pytest.param(
            date(2024, 2, 29),
            (date(2024, 2, 26), date(2024, 3, 3)),
            (date(2024, 2, 1), date(2024, 2, 29)),
            2567,
            id="the leap day, a week over two months",
        ),
        pytest.param(
            date(2024, 9, 30),
            (date(2024, 9, 30), date(2024, 10, 6)),
            (date(2024, 9, 1), date(2024, 9, 30)),
            2567,
            id="the last day of a fiscal year",
        ),
        pytest.param(
            date(2024, 10, 1),
            (date(2024, 9, 30), date(2024, 10, 6)),
            (date(2024, 10, 1), date(2024, 10, 31)),
            2568,
            id="the first day of a fiscal year",
        ),
        pytest.param(
            date(2023, 12, 31),
            (date(2023, 12, 25), date(2023, 12, 31)),
            (date(2023, 12, 1), date(2023, 12, 31)),
            2567,
            id="new year's eve, a Sunday",
        ),
    ],
)
def test_a_day_lies_in_its_week_month_and_fiscal_year(
    day: date, week: tuple[date, date], month: tuple[date, date], fiscal_year: int
) -> None:
    assert week_of(day) == week
    assert month_of(day) == month
    assert fiscal_year_of(day) == fiscal_year


@given(day=days)
def test_weeks_are_seven_days_and_months_follow_one_another(day: date) -> None:
    monday, sunday = week_of(day)
    first, last = month_of(day)

    assert monday <= day <= sunday
    assert (monday.weekday(), sunday - monday) == (0, timedelta(days=6))
    assert first <= day <= last
    assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
    assert {each.month for each in (first, last)} == {day.month}
