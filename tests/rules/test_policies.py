"""What a province may set of its reminders, and the nearest to nonsense that would do."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.policies import (
    LIMITS,
    DayRefusal,
    PolicyRefusal,
    Refused,
    judge_day,
    with_days,
    with_hours,
)
from handlers.rules.quiet import NotQuiet, QuietRefusal, judge_promise, judge_quiet
from handlers.rules.workdays import Calendar
from store.types import DutyState, ReminderPolicy, ReminderSetting
from tests.factories import make_activity, make_duty

S, R = ReminderSetting, PolicyRefusal
POLICY = ReminderPolicy()
TODAY = date(2024, 1, 24)


@pytest.mark.parametrize(
    ("setting", "days", "why", "nearest"),
    [
        pytest.param(S.BEFORE, (3, 14), None, (14, 3), id="in order"),
        pytest.param(S.BEFORE, (), None, (), id="none at all"),
        pytest.param(S.BEFORE, (-7, 3), R.OUT_OF_RANGE, (7, 3), id="negative"),
        pytest.param(S.BEFORE, (90, 3), R.OUT_OF_RANGE, (60, 3), id="three months before"),
        pytest.param(S.OVERDUE, (0, 3), R.OUT_OF_RANGE, (1, 3), id="the last day itself"),
        pytest.param(S.OVERDUE, tuple(range(1, 13)), R.TOO_MANY, tuple(range(1, 11)), id="a dozen"),
    ],
)
def test_lists_of_days(
    setting: ReminderSetting, days: tuple[int, ...], why: PolicyRefusal | None, nearest: object
) -> None:
    found = with_days(POLICY, setting, days)

    policy = found.nearest if isinstance(found, Refused) else found
    assert (found.why if isinstance(found, Refused) else None) is why
    assert (policy.before_days if setting is S.BEFORE else policy.overdue_days) == nearest


@pytest.mark.parametrize(
    ("opens", "closes", "why", "nearest"),
    [
        pytest.param(time(9), time(12), None, (time(9), time(12)), id="a morning"),
        pytest.param(
            time(16, 30), time(8, 30), R.NO_TIME, (time(8, 30), time(16, 30)), id="swapped"
        ),
        pytest.param(time(9), time(9), R.NO_TIME, (time(9), time(10)), id="no time at all"),
        pytest.param(time(9), time(9, 5), R.NO_TIME, (time(9), time(10)), id="five minutes"),
        pytest.param(time(4), time(22), R.AT_NIGHT, (time(6), time(20)), id="early and late"),
        pytest.param(time(23), time(23, 59), R.NO_TIME, (time(19), time(20)), id="at night"),
    ],
)
def test_hours(
    opens: time, closes: time, why: PolicyRefusal | None, nearest: tuple[time, time]
) -> None:
    found = with_hours(POLICY, opens, closes)

    policy = found.nearest if isinstance(found, Refused) else found
    assert (found.why if isinstance(found, Refused) else None) is why
    assert (policy.office_opens, policy.office_closes) == nearest


@given(
    setting=st.sampled_from(list(LIMITS)),
    days=st.lists(st.integers(-400, 400), max_size=15),
    hours=st.tuples(st.times(), st.times()),
)
def test_what_is_offered_instead_would_be_taken(
    setting: ReminderSetting, days: list[int], hours: tuple[time, time]
) -> None:
    for found in (with_days(POLICY, setting, days), with_hours(POLICY, *hours)):
        if isinstance(found, Refused):
            near = found.nearest
            again = with_hours(near, near.office_opens, near.office_closes)
            assert again == near
            assert with_days(near, S.BEFORE, near.before_days) == near
            assert with_days(near, S.OVERDUE, near.overdue_days) == near


@pytest.mark.parametrize(
    ("day", "is_day_off", "why"),
    [
        pytest.param(date(2024, 1, 25), True, None, id="a day off more"),
        pytest.param(date(2024, 2, 26), False, None, id="a day off less"),
        pytest.param(date(2024, 1, 23), True, DayRefusal.PAST, id="yesterday"),
        pytest.param(date(2026, 1, 1), True, DayRefusal.TOO_FAR, id="the year after next"),
        pytest.param(date(2024, 2, 26), True, DayRefusal.ALREADY_OFF, id="off already"),
        pytest.param(date(2024, 1, 25), False, DayRefusal.NOT_OFF, id="a working day"),
        pytest.param(date(2024, 1, 27), False, DayRefusal.WEEKEND, id="a Saturday"),
    ],
)
def test_days_off(day: date, *, is_day_off: bool, why: DayRefusal | None) -> None:
    calendar = Calendar(frozenset({date(2024, 2, 26)}))

    assert judge_day(day, TODAY, calendar, is_day_off=is_day_off) is why


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        pytest.param(date(2024, 2, 7), None, id="a week after the end"),
        pytest.param(
            date(2024, 2, 8), NotQuiet(QuietRefusal.TOO_LATE, date(2024, 2, 7)), id="a day more"
        ),
        pytest.param(TODAY, NotQuiet(QuietRefusal.NOT_AHEAD, date(2024, 2, 7)), id="today"),
    ],
)
def test_an_officer_may_put_reminders_off_until_some_days_after_the_end(
    until: date, refusal: NotQuiet | None
) -> None:
    assert judge_promise(make_duty(), until, TODAY, POLICY) == refusal


def test_what_is_done_or_undated_or_long_over_is_not_put_off() -> None:
    until = date(2024, 2, 20)
    done, undated = make_duty(state=DutyState.DONE), make_duty(activity=make_activity(window=None))

    refusals = [
        judge_promise(done, until, TODAY, POLICY),
        judge_promise(undated, until, TODAY, POLICY),
        judge_promise(make_duty(), until, date(2024, 2, 7), POLICY),
    ]

    assert [each and each.why for each in refusals] == [
        QuietRefusal.NOTHING_TO_DO,
        QuietRefusal.NO_WINDOW,
        QuietRefusal.OVER,
    ]


def test_nobody_is_left_without_reminders_for_more_than_ninety_days() -> None:
    assert judge_quiet(date(2024, 4, 23), TODAY) is None
    assert judge_quiet(date(2024, 4, 24), TODAY) == NotQuiet(
        QuietRefusal.TOO_LATE, date(2024, 4, 23)
    )
