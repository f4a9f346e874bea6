"""A plan moved to the next fiscal year: the same plan a year later, and each date doubted."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.plan_files.table import read_plan
from handlers.plan_import.next_year import shifted
from messages_th.dates import fiscal_year_of, read_window
from store.types import ActivityDraft, Doubt, DoubtCode, FiscalYear, PlanDraft, Window
from tests.factories import SAMPLES, make_draft, make_plan

PLANS = ("chiangmai-2567", "angthong-2564", "krabi-2568", "lamphun-2568")
NEXT = FiscalYear(2568)

days = st.dates(date(2017, 10, 1), date(2037, 9, 30))
months = st.builds(lambda day: day.replace(day=1), days)


def year_after(name: str) -> FiscalYear:
    return FiscalYear(int(name[-4:]) + 1)


def sample(name: str) -> PlanDraft:
    content = (SAMPLES / f"{name}.txt").read_bytes()
    return read_plan(f"{name}.txt", content, fiscal_year=FiscalYear(int(name[-4:])))


def a_year_later(window: Window | None) -> ActivityDraft:
    return shifted(make_plan(make_draft(window=window)), into=NEXT).activities[0]


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def window_of(row: ActivityDraft) -> Window:
    assert row.window is not None
    return row.window


@given(first=st.none() | days, length=st.integers(0, 400), last=days)
@example(first=date(2024, 2, 29), length=0, last=date(2024, 2, 29))
@example(first=date(2023, 2, 28), length=0, last=date(2023, 2, 28))
@example(first=None, length=0, last=date(2024, 2, 29))
@example(first=date(2024, 2, 29), length=1, last=date(2024, 3, 1))
@settings(max_examples=500, deadline=None)
def test_a_window_is_a_year_later_and_says_so(first: date | None, length: int, last: date) -> None:
    before = Window(None, last) if first is None else Window(first, first + timedelta(length))

    row = a_year_later(before)

    after = window_of(row)
    assert read_window(row.window_text) == after
    assert fiscal_year_of(after.last) == fiscal_year_of(before.last) + 1
    assert (after.last.month, after.last.year) == (before.last.month, before.last.year + 1)
    assert (after.first is None) == (before.first is None)
    if before.first is not None and after.first is not None:
        assert (after.first == after.last) == (before.first == before.last)
        assert abs((after.last - after.first) - (before.last - before.first)) <= timedelta(1)


@given(first=st.none() | months, last=months)
@settings(max_examples=200, deadline=None)
def test_whole_months_stay_whole_months(first: date | None, last: date) -> None:
    opening, closing = (None, last) if first is None else sorted((first, last))

    after = window_of(a_year_later(Window(opening, month_end(closing))))

    assert after.last == month_end(closing.replace(year=closing.year + 1))
    assert after.first == (opening and opening.replace(year=opening.year + 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            Window(date(2024, 2, 1), date(2024, 2, 29)),
            Window(date(2025, 2, 1), date(2025, 2, 28)),
            id="a leap year's February",
        ),
        pytest.param(
            Window(date(2023, 2, 1), date(2023, 2, 28)),
            Window(date(2024, 2, 1), date(2024, 2, 29)),
            id="the February before a leap year's",
        ),
        pytest.param(
            Window(date(2024, 2, 29), date(2024, 2, 29)),
            Window(date(2025, 2, 28), date(2025, 2, 28)),
            id="the leap day",
        ),
        pytest.param(
            Window(date(2023, 2, 28), date(2023, 2, 28)),
            Window(date(2024, 2, 28), date(2024, 2, 28)),
            id="one day stays one day",
        ),
        pytest.param(
            Window(date(2024, 2, 29), date(2024, 6, 15)),
            Window(date(2025, 2, 28), date(2025, 6, 15)),
            id="from the leap day on",
        ),
    ],
)
def test_february_is_taken_as_it_comes(before: Window, after: Window) -> None:
    assert a_year_later(before).window == after


@pytest.mark.parametrize("name", PLANS)
def test_nothing_of_a_real_plan_changes_but_its_dates(name: str) -> None:
    before = sample(name)

    after = shifted(before, into=year_after(name))

    dated = [row.window for row in before.activities]
    assert [
        replace(row, window=was.window, window_text=was.window_text, doubts=was.doubts)
        for row, was in zip(after.activities, before.activities, strict=True)
    ] == list(before.activities)
    assert None not in dated


@pytest.mark.parametrize("name", PLANS)
def test_every_date_of_a_real_plan_is_doubted_with_the_text_it_came_from(name: str) -> None:
    before = sample(name)

    after = shifted(before, into=year_after(name))

    assert [row.doubts for row in after.activities] == [
        (Doubt(DoubtCode.DATE_SHIFTED, row.number, row.window_text),) for row in before.activities
    ]


@pytest.mark.parametrize("name", PLANS)
def test_a_real_plan_read_a_year_later_says_the_same_dates(name: str) -> None:
    before = sample(name)

    after = shifted(before, into=year_after(name))

    for row, was in zip(after.activities, before.activities, strict=True):
        assert read_window(row.window_text) == row.window
        assert window_of(row).last.year == window_of(was).last.year + 1
        assert window_of(row).last.month == window_of(was).last.month


def test_a_row_without_a_date_is_asked_for_one() -> None:
    row = a_year_later(None)

    assert row.window is None
    assert row.doubts == (Doubt(DoubtCode.NO_WINDOW, "3", ""),)


@pytest.mark.parametrize(
    ("heading", "later"),
    [
        pytest.param("แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๗", "แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๘", id="Thai"),
        pytest.param("แผน ปีงบประมาณ 2569", "แผน ปีงบประมาณ 2570", id="Arabic"),
        pytest.param("แผน ปี ๒๕๙๙ (ปี 2599)", "แผน ปี ๒๖๐๐ (ปี 2600)", id="two of them"),
        pytest.param("แผน ปีงบประมาณ พ.ศ. ๒๕๖ ๗", "แผน ปีงบประมาณ พ.ศ. ๒๕๖๘", id="torn"),
        pytest.param("แผน ตามคำสั่งที่ ๒๕๗๐/๒๕๖๗", "แผน ตามคำสั่งที่ ๒๕๗๐/๒๕๖๗", id="no year"),
        pytest.param(
            "แผน ครั้งที่ ๑/๒๕๖๗ ปีงบประมาณ 2567 ฉบับที่ ๒",
            "แผน ครั้งที่ ๑/๒๕๖๗ ปีงบประมาณ 2568 ฉบับที่ ๒",
            id="both",
        ),
        pytest.param("", "", id="no heading"),
    ],
)
def test_the_fiscal_years_of_the_heading_are_counted_on(heading: str, later: str) -> None:
    after = shifted(PlanDraft(heading, (make_draft(),)), into=NEXT)

    assert after.title == later


@pytest.mark.parametrize("name", PLANS)
def test_a_heading_that_names_another_year_is_doubted(name: str) -> None:
    after = shifted(sample(name), into=year_after(name))

    # Krabi's is a year behind its dates already.
    stale = Doubt(DoubtCode.HEADING_YEAR_DIFFERS, "", "ปีงบประมาณ พ.ศ. ๒๕๖๘")
    assert after.doubts == ((stale,) if name == "krabi-2568" else ())


@pytest.mark.parametrize("name", PLANS)
def test_the_heading_of_a_real_plan_names_the_year_after(name: str) -> None:
    named = {"krabi-2568": "๒๕๖๘", "angthong-2564": "2565", "chiangmai-2567": "๒๕๖๘"}

    title = shifted(sample(name), into=year_after(name)).title

    assert named.get(name, "๒๕๖๙") in title
