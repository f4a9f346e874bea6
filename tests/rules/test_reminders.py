from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.reminders import (
    Offset,
    days_left,
    decisions,
    due_today,
    schedule,
    urgency,
)
from handlers.rules.workdays import Calendar
from store.types import NoticeKind, Reason, ReminderPolicy, Window

OPENS = NoticeKind.OPENS
BEFORE = NoticeKind.BEFORE
LAST_DAY = NoticeKind.LAST_DAY
HALFWAY = NoticeKind.HALFWAY
OVERDUE = NoticeKind.OVERDUE

POLICY = ReminderPolicy(
    before_days=(7, 3, 1),
    overdue_days=(1, 3, 7),
    overdue_weekly_more=4,
    halfway_from_days=0,
    catch_up_days=14,
)
FISCAL_2567 = Calendar(
    frozenset(
        {
            date(2024, 1, 1),
            date(2024, 2, 26),
            date(2024, 4, 8),
            date(2024, 4, 12),
            date(2024, 4, 15),
            date(2024, 4, 16),
            date(2024, 5, 6),
            date(2024, 5, 10),
            date(2024, 5, 22),
        }
    )
)

JANUARY = Window(date(2024, 1, 1), date(2024, 1, 31))
OVER_SONGKRAN = Window(date(2024, 2, 1), date(2024, 4, 24))

windows = st.builds(
    lambda first, length, prints_start: Window(
        first if prints_start else None, first + timedelta(days=length)
    ),
    st.dates(date(2024, 1, 1), date(2024, 6, 30)),
    st.one_of(st.integers(0, 15), st.integers(0, 150)),
    st.booleans(),
)
calendars = st.builds(
    Calendar,
    st.frozensets(st.dates(date(2023, 12, 20), date(2025, 1, 31)), max_size=60),
)
policies = st.builds(
    ReminderPolicy,
    before_days=st.lists(st.integers(1, 30), max_size=4).map(tuple),
    overdue_days=st.lists(st.integers(1, 30), max_size=4).map(tuple),
    overdue_weekly_more=st.integers(0, 4),
    halfway_from_days=st.one_of(st.just(0), st.integers(2, 60)),
    catch_up_days=st.integers(0, 20),
)
YEAR = [date(2023, 11, 1) + timedelta(days=n) for n in range(500)]
"""Every day on which a drawn window could have something to say, and more."""


Key = tuple[NoticeKind, int, date]
"""What keeps a notice of one duty to one for ever: the columns of its unique key."""


def sent(
    window: Window,
    asked_on: Iterable[date],
    policy: ReminderPolicy = POLICY,
    calendar: Calendar = FISCAL_2567,
) -> dict[Key, tuple[date, Offset]]:
    """What goes out when asked on these days, under its key, with the day it went."""
    gone: dict[Key, tuple[date, Offset]] = {}
    for today in asked_on:
        offset = due_today(window, today, policy=policy, calendar=calendar)
        if offset is not None:
            gone.setdefault((offset.kind, offset.days, window.last), (today, offset))
    return gone


def every_day(first: date, last: date, *, asleep: tuple[date, date]) -> list[date]:
    """The days from `first` to `last` on which the service was awake."""
    all_days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in all_days if not asleep[0] <= day <= asleep[1]]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param(
            JANUARY,
            [
                (OPENS, 0, date(2023, 12, 29)),
                (BEFORE, 7, date(2024, 1, 24)),
                (BEFORE, 3, date(2024, 1, 26)),
                (BEFORE, 1, date(2024, 1, 30)),
                (LAST_DAY, 0, date(2024, 1, 31)),
                (OVERDUE, 1, date(2024, 2, 1)),
                (OVERDUE, 3, date(2024, 2, 5)),
                (OVERDUE, 7, date(2024, 2, 7)),
                (OVERDUE, 14, date(2024, 2, 14)),
                (OVERDUE, 21, date(2024, 2, 21)),
                (OVERDUE, 28, date(2024, 2, 28)),
                (OVERDUE, 35, date(2024, 3, 6)),
            ],
            id="๑ - ๓๑ มกราคม ๒๕๖๗, opening on new year's day",
        ),
        pytest.param(
            Window(date(2024, 2, 27), date(2024, 2, 27)),
            [
                (BEFORE, 7, date(2024, 2, 20)),
                (BEFORE, 1, date(2024, 2, 23)),
                (LAST_DAY, 0, date(2024, 2, 27)),
                (OVERDUE, 1, date(2024, 2, 28)),
                (OVERDUE, 3, date(2024, 3, 1)),
                (OVERDUE, 7, date(2024, 3, 5)),
                (OVERDUE, 14, date(2024, 3, 12)),
                (OVERDUE, 21, date(2024, 3, 19)),
                (OVERDUE, 28, date(2024, 3, 26)),
                (OVERDUE, 35, date(2024, 4, 2)),
            ],
            id="๒๗ กุมภาพันธ์ ๒๕๖๗, an event after a long weekend",
        ),
        pytest.param(
            OVER_SONGKRAN,
            [
                (OPENS, 0, date(2024, 2, 1)),
                (BEFORE, 7, date(2024, 4, 17)),
                (BEFORE, 3, date(2024, 4, 19)),
                (BEFORE, 1, date(2024, 4, 23)),
                (LAST_DAY, 0, date(2024, 4, 24)),
                (OVERDUE, 1, date(2024, 4, 25)),
                (OVERDUE, 3, date(2024, 4, 29)),
                (OVERDUE, 7, date(2024, 5, 1)),
                (OVERDUE, 14, date(2024, 5, 8)),
                (OVERDUE, 21, date(2024, 5, 15)),
                (OVERDUE, 28, date(2024, 5, 23)),
                (OVERDUE, 35, date(2024, 5, 29)),
            ],
            id="๑ กุมภาพันธ์ - ๒๔ เมษายน ๒๕๖๗",
        ),
    ],
)
def test_a_window_of_the_plan_has_these_reminders(
    window: Window, expected: list[tuple[NoticeKind, int, date]]
) -> None:
    offsets = schedule(window, policy=POLICY, calendar=FISCAL_2567)

    assert offsets == tuple(Offset(*each) for each in expected)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param(
            Window(None, date(2024, 2, 29)),
            [
                (BEFORE, 7, date(2024, 2, 22)),
                # Three days before is the day in lieu of วันมาฆบูชา, a Monday.
                (BEFORE, 3, date(2024, 2, 23)),
                (BEFORE, 1, date(2024, 2, 28)),
                (LAST_DAY, 0, date(2024, 2, 29)),
            ],
            id="ภายในเดือน กุมภาพันธ์ ๒๕๖๗ has no opening",
        ),
        pytest.param(
            Window(date(2024, 2, 5), date(2024, 2, 6)),
            [
                (BEFORE, 7, date(2024, 1, 30)),
                (BEFORE, 3, date(2024, 2, 2)),
                (OPENS, 0, date(2024, 2, 5)),
                (LAST_DAY, 0, date(2024, 2, 6)),
            ],
            id="an event of two days is awaited",
        ),
        pytest.param(
            Window(date(2024, 2, 5), date(2024, 2, 7)),
            [
                (OPENS, 0, date(2024, 2, 5)),
                (BEFORE, 1, date(2024, 2, 6)),
                (LAST_DAY, 0, date(2024, 2, 7)),
            ],
            id="three days are no event: no countdown before the opening",
        ),
        pytest.param(
            Window(date(2024, 1, 22), date(2024, 1, 29)),
            [
                (OPENS, 0, date(2024, 1, 22)),
                (BEFORE, 1, date(2024, 1, 26)),
                (LAST_DAY, 0, date(2024, 1, 29)),
            ],
            id="seven days before is the opening itself",
        ),
        pytest.param(
            Window(date(2024, 4, 13), date(2024, 4, 15)),
            [(LAST_DAY, 0, date(2024, 4, 11))],
            id="a window of days off alone leaves the most urgent",
        ),
    ],
)
def test_reminders_up_to_the_last_day_depend_on_the_kind_of_window(
    window: Window, expected: list[tuple[NoticeKind, int, date]]
) -> None:
    offsets = schedule(window, policy=POLICY, calendar=FISCAL_2567)

    until_the_end = [each for each in offsets if each.kind is not OVERDUE]
    assert until_the_end == [Offset(*each) for each in expected]


def test_two_overdue_reminders_that_move_to_one_monday_become_the_later() -> None:
    window = Window(date(2024, 2, 1), date(2024, 3, 1))

    offsets = schedule(window, policy=POLICY, calendar=FISCAL_2567)

    overdue = [each for each in offsets if each.kind is OVERDUE]
    assert overdue[:2] == [
        Offset(OVERDUE, 3, date(2024, 3, 4)),
        Offset(OVERDUE, 7, date(2024, 3, 8)),
    ]


@pytest.mark.parametrize(
    ("window", "halfway"),
    [
        pytest.param(Window(date(2024, 2, 1), date(2024, 3, 15)), [], id="44 days"),
        pytest.param(
            Window(date(2024, 2, 1), date(2024, 3, 16)),
            [Offset(HALFWAY, 0, date(2024, 2, 23))],
            id="45 days",
        ),
        pytest.param(
            Window(date(2024, 3, 1), date(2024, 5, 31)),
            # The middle is วันจักรี's Tuesday after its day in lieu: 16 April, still Songkran.
            [Offset(HALFWAY, 0, date(2024, 4, 11))],
            id="moved before Songkran",
        ),
        pytest.param(Window(None, date(2024, 5, 31)), [], id="no start is printed"),
    ],
)
def test_a_long_window_is_spoken_of_in_its_middle(window: Window, halfway: list[Offset]) -> None:
    offsets = schedule(window, policy=ReminderPolicy(), calendar=FISCAL_2567)

    assert [each for each in offsets if each.kind is HALFWAY] == halfway


@pytest.mark.parametrize(
    ("today", "reasons"),
    [
        pytest.param(
            date(2024, 4, 18),
            {
                (OPENS, 0): Reason.SENT,
                (BEFORE, 14): Reason.CAUGHT_UP,
                (BEFORE, 7): None,
                (BEFORE, 3): Reason.NOT_YET,
            },
            id="after 8 days asleep over Songkran",
        ),
        pytest.param(
            date(2024, 4, 21),
            {(BEFORE, 7): Reason.CAUGHT_UP, (BEFORE, 3): Reason.DAY_OFF_MOVED},
            id="a Sunday: what nobody planned on Friday waits for Monday",
        ),
        pytest.param(
            date(2024, 4, 27),
            {(LAST_DAY, 0): Reason.CAUGHT_UP, (OVERDUE, 3): Reason.DAY_OFF_MOVED},
            id="three days over is a Saturday",
        ),
        pytest.param(
            date(2024, 4, 30),
            {(OVERDUE, 1): Reason.CAUGHT_UP, (OVERDUE, 3): None, (OVERDUE, 35): Reason.NOT_YET},
            id="a day late",
        ),
        pytest.param(
            date(2024, 6, 30), {(OVERDUE, 35): Reason.OVERSLEPT}, id="nothing is left to say"
        ),
    ],
)
def test_every_offset_has_its_reason(
    today: date, reasons: dict[tuple[NoticeKind, int], Reason | None]
) -> None:
    stored = {(OPENS, 0): Reason.SENT}

    decided = decisions(
        OVER_SONGKRAN,
        today,
        policy=replace(POLICY, before_days=(14, 7, 3, 1)),
        calendar=FISCAL_2567,
        stored=stored,
    )

    told = {(each.offset.kind, each.offset.days): each.reason for each in decided}
    assert {key: told[key] for key in reasons} == reasons


def test_what_another_offset_says_and_what_comes_before_the_opening_is_not_due() -> None:
    window = Window(date(2024, 3, 1), date(2024, 3, 4))

    decided = decisions(window, date(2024, 3, 11), policy=POLICY, calendar=FISCAL_2567)

    told = {(each.offset.kind, each.offset.days): each.reason for each in decided}
    assert told[BEFORE, 7] is Reason.NOT_OPENED
    assert told[BEFORE, 3] is Reason.JOINED  # it opens on that very day
    assert told[LAST_DAY, 0] is Reason.CAUGHT_UP
    assert told[OVERDUE, 3] is Reason.CAUGHT_UP


@given(window=windows, policy=policies, calendar=calendars, today=st.sampled_from(YEAR))
def test_of_all_offsets_the_one_that_is_due_alone_has_no_reason_against_it(
    window: Window, policy: ReminderPolicy, calendar: Calendar, today: date
) -> None:
    due = due_today(window, today, policy=policy, calendar=calendar)

    decided = decisions(window, today, policy=policy, calendar=calendar)

    assert [each.offset for each in decided if each.reason is None] == ([due] if due else [])
    assert len({(each.offset.kind, each.offset.days) for each in decided}) == len(decided)


def test_a_province_that_wants_no_overdue_reminders_gets_no_weekly_ones() -> None:
    policy = ReminderPolicy(overdue_days=(), overdue_weekly_more=4)

    offsets = schedule(JANUARY, policy=policy, calendar=FISCAL_2567)

    assert offsets[-1].kind is LAST_DAY


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2023, 12, 28), None, id="before anything"),
        pytest.param(date(2023, 12, 29), (OPENS, 0), id="the working day before new year"),
        pytest.param(date(2024, 1, 1), None, id="a holiday"),
        pytest.param(date(2024, 1, 12), (OPENS, 0), id="two weeks late"),
        pytest.param(date(2024, 1, 15), None, id="too late to speak of the opening"),
        pytest.param(date(2024, 1, 25), (BEFORE, 7), id="a day late"),
        pytest.param(date(2024, 1, 28), None, id="a Sunday"),
        pytest.param(date(2024, 1, 29), (BEFORE, 3), id="moved to Friday and missed"),
        pytest.param(date(2024, 1, 31), (LAST_DAY, 0), id="the last day"),
        pytest.param(date(2024, 2, 1), (OVERDUE, 1), id="the day after"),
        pytest.param(date(2024, 3, 20), (OVERDUE, 35), id="the last one, two weeks late"),
        pytest.param(date(2024, 3, 21), None, id="long over"),
    ],
)
def test_one_reminder_is_due_or_made_up_for(
    today: date, expected: tuple[NoticeKind, int] | None
) -> None:
    offset = due_today(JANUARY, today, policy=POLICY, calendar=FISCAL_2567)

    assert (offset and (offset.kind, offset.days)) == expected


def test_a_missed_last_day_is_not_made_up_for() -> None:
    policy = ReminderPolicy(overdue_days=(3,))

    offset = due_today(JANUARY, date(2024, 2, 1), policy=policy, calendar=FISCAL_2567)

    assert offset is None


@pytest.mark.parametrize(
    ("window", "asleep", "wakes", "catches_up"),
    [
        pytest.param(
            JANUARY,
            (date(2024, 1, 24), date(2024, 1, 24)),
            date(2024, 1, 25),
            (BEFORE, 7),
            id="one day",
        ),
        pytest.param(
            JANUARY,
            (date(2024, 1, 30), date(2024, 1, 31)),
            date(2024, 2, 1),
            (OVERDUE, 1),
            id="26 hours over the last day",
        ),
        pytest.param(
            OVER_SONGKRAN,
            (date(2024, 4, 10), date(2024, 4, 17)),
            date(2024, 4, 18),
            (BEFORE, 7),
            id="8 days over Songkran",
        ),
        pytest.param(
            Window(date(2024, 3, 1), date(2024, 4, 17)),
            (date(2024, 4, 10), date(2024, 4, 17)),
            date(2024, 4, 18),
            (OVERDUE, 1),
            id="8 days over Songkran and the end",
        ),
    ],
)
def test_a_service_that_slept_catches_up_with_one_reminder(
    window: Window,
    asleep: tuple[date, date],
    wakes: date,
    catches_up: tuple[NoticeKind, int],
) -> None:
    awake = every_day(date(2023, 12, 1), wakes, asleep=asleep)

    gone = sent(window, awake)

    late = [offset for day, offset in gone.values() if day > asleep[0]]
    assert [(each.kind, each.days) for each in late] == [catches_up]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        pytest.param(date(2024, 1, 24), 7, id="a week before"),
        pytest.param(date(2024, 1, 31), 0, id="the last day"),
        pytest.param(date(2024, 2, 3), -3, id="overdue"),
    ],
)
def test_days_left_are_counted_to_the_last_day(today: date, left: int) -> None:
    assert days_left(JANUARY, today) == left


def test_the_most_urgent_comes_first() -> None:
    today = date(2024, 1, 31)
    in_order = [
        (Offset(OVERDUE, 7, today), Window(None, date(2024, 1, 24))),
        (Offset(OVERDUE, 1, today), Window(None, date(2024, 1, 30))),
        (Offset(LAST_DAY, 0, today), JANUARY),
        (Offset(BEFORE, 1, today), Window(None, date(2024, 2, 1))),
        (Offset(BEFORE, 3, today), Window(None, date(2024, 2, 3))),
        (Offset(OPENS, 0, today), Window(today, date(2024, 2, 2))),
    ]
    backwards = in_order[::-1]

    ordered = sorted(backwards, key=lambda each: urgency(each[0], today, each[1]))

    assert ordered == in_order


@given(window=windows, policy=policies, calendar=calendars)
def test_reminders_fall_on_working_days_one_a_day_and_none_too_late(
    window: Window, policy: ReminderPolicy, calendar: Calendar
) -> None:
    offsets = schedule(window, policy=policy, calendar=calendar)

    send_days = [each.send_on for each in offsets]
    assert send_days == sorted(set(send_days))
    assert all(calendar.is_working_day(day) for day in send_days)
    assert all((each.send_on > window.last) is (each.kind is OVERDUE) for each in offsets)
    assert LAST_DAY in {each.kind for each in offsets}


@given(window=windows, policy=policies, calendar=calendars)
@settings(max_examples=25, deadline=None)
def test_asked_every_day_each_reminder_goes_once_and_on_its_day(
    window: Window, policy: ReminderPolicy, calendar: Calendar
) -> None:
    offsets = schedule(window, policy=policy, calendar=calendar)

    gone = sent(window, YEAR, policy, calendar)

    assert list(gone.values()) == [(each.send_on, each) for each in offsets]
    most = 3 + len(policy.before_days) + len(policy.overdue_days) + policy.overdue_weekly_more
    assert len(gone) <= most


@given(
    window=windows,
    policy=policies,
    calendar=calendars,
    asked_on=st.sets(st.sampled_from(YEAR), max_size=60).map(sorted),
)
def test_asked_now_and_then_nothing_new_comes_and_nothing_pointless(
    window: Window, policy: ReminderPolicy, calendar: Calendar, asked_on: list[date]
) -> None:
    offsets = schedule(window, policy=policy, calendar=calendar)

    gone = sent(window, asked_on, policy, calendar)

    went_on = [day for day, _ in gone.values()]
    assert len(went_on) == len(set(went_on))
    for day, offset in gone.values():
        assert offset in offsets
        assert calendar.is_working_day(day)
        assert timedelta(0) <= day - offset.send_on <= timedelta(days=policy.catch_up_days)
        assert (day > window.last) is (offset.kind is OVERDUE)
