"""What a report does to a duty, and which duties a question is about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.progress import (
    UNDO_WITHIN,
    Refusal,
    due_list,
    judge_report,
    judge_undo,
    newest,
    of_number,
    overdue,
)
from store.types import AT_REST, DutyFacts, DutyState, Post, Role, Window
from tests.factories import make_activity, make_agency, make_duty, make_post

OPEN, DOING, STUCK, DONE = DutyState.OPEN, DutyState.DOING, DutyState.STUCK, DutyState.DONE
OFFICER = [make_post(Role.OFFICER, agency=1)]
NOW = datetime(2024, 1, 3, 5, tzinfo=UTC)
TODAY = date(2024, 1, 15)
WEEK = (date(2024, 1, 15), date(2024, 1, 21))


@pytest.mark.parametrize(
    ("state", "to", "refusal"),
    [
        pytest.param(OPEN, DONE, None, id="open to done"),
        pytest.param(OPEN, DOING, None, id="open to doing"),
        pytest.param(OPEN, STUCK, None, id="open to stuck"),
        pytest.param(DOING, DONE, None, id="doing to done"),
        pytest.param(DOING, DOING, None, id="doing for another reason"),
        pytest.param(DOING, STUCK, None, id="doing to stuck"),
        pytest.param(STUCK, DONE, None, id="stuck to done"),
        pytest.param(STUCK, DOING, None, id="stuck to doing"),
        pytest.param(STUCK, STUCK, None, id="stuck for another reason"),
        pytest.param(DONE, DONE, Refusal.ALREADY_SO, id="done stays"),
        pytest.param(DONE, DOING, Refusal.ALREADY_SO, id="done does not go back to doing"),
        pytest.param(DONE, STUCK, Refusal.ALREADY_SO, id="done does not go back to stuck"),
    ],
)
def test_a_report_moves_a_duty_unless_it_is_done(
    state: DutyState, to: DutyState, refusal: Refusal | None
) -> None:
    duty = make_duty(state=state, reason="ไฟดับ")

    assert judge_report(duty, OFFICER, to, reason="รอข้อมูล", revision=None) is refusal


@pytest.mark.parametrize("state", [DOING, STUCK])
def test_the_same_again_is_so_already(state: DutyState) -> None:
    duty = make_duty(state=state, reason="ไฟดับ")

    refusal = judge_report(duty, OFFICER, state, reason="ไฟดับ", revision=None)

    assert refusal is Refusal.ALREADY_SO


@pytest.mark.parametrize(
    ("posts", "revision", "refusal"),
    [
        pytest.param([], 1, Refusal.NOT_REGISTERED, id="a stranger"),
        pytest.param([make_post(agency=2)], 1, Refusal.NOT_YOUR_AGENCY, id="another agency"),
        pytest.param([make_post(Role.COORDINATOR)], 1, Refusal.NOT_YOUR_AGENCY, id="coordinator"),
        pytest.param(OFFICER, 2, Refusal.CHANGED_SINCE, id="a button from before a change"),
        pytest.param(OFFICER, 3, None, id="a button of the present"),
        pytest.param(OFFICER, 4, Refusal.CHANGED_SINCE, id="a button from after a restore"),
        pytest.param(OFFICER, None, None, id="typed"),
    ],
)
def test_who_reports_with_what_button_is_checked(
    posts: list[Post], revision: int | None, refusal: Refusal | None
) -> None:
    duty = make_duty(activity=make_activity(revision=3))

    assert judge_report(duty, posts, DONE, reason="", revision=revision) is refusal


def test_a_problem_needs_a_reason() -> None:
    refusal = judge_report(make_duty(), OFFICER, STUCK, reason="", revision=None)

    assert refusal is Refusal.REASON_NEEDED


def test_who_taps_done_again_on_an_old_card_hears_that_it_is_done() -> None:
    duty = make_duty(activity=make_activity(revision=3), state=DONE)

    assert judge_report(duty, OFFICER, DONE, reason="", revision=1) is Refusal.ALREADY_SO


@pytest.mark.parametrize(
    ("posts", "state", "ago", "refusal"),
    [
        pytest.param(OFFICER, DONE, timedelta(0), None, id="at once"),
        pytest.param(OFFICER, DONE, UNDO_WITHIN, None, id="after a day"),
        pytest.param(
            OFFICER,
            DONE,
            UNDO_WITHIN + timedelta(microseconds=1),
            Refusal.TOO_LATE_TO_UNDO,
            id="later",
        ),
        pytest.param(OFFICER, STUCK, timedelta(0), None, id="a problem"),
        pytest.param(OFFICER, OPEN, timedelta(0), Refusal.NOTHING_TO_UNDO, id="nothing reported"),
        pytest.param([], DONE, timedelta(0), Refusal.NOT_REGISTERED, id="a stranger"),
        pytest.param(
            [make_post(agency=2)], DONE, timedelta(0), Refusal.NOT_YOUR_AGENCY, id="another agency"
        ),
    ],
)
def test_a_report_is_taken_back_within_a_day_by_the_agency(
    posts: list[Post], state: DutyState, ago: timedelta, refusal: Refusal | None
) -> None:
    duty = make_duty(state=state, changed_at=NOW - ago)

    assert judge_undo(duty, posts, now=NOW) is refusal


def duty_in(first: str | None, last: str, state: DutyState = OPEN) -> DutyFacts:
    start = None if first is None else date.fromisoformat(first)
    return make_duty(
        activity=make_activity(window=Window(start, date.fromisoformat(last))), state=state
    )


@pytest.mark.parametrize(
    ("duty", "part"),
    [
        pytest.param(duty_in("2024-01-01", "2024-01-14"), "overdue", id="ended yesterday"),
        pytest.param(duty_in("2024-01-01", "2024-01-15"), "ending", id="ends today"),
        pytest.param(duty_in("2024-01-01", "2024-01-21"), "ending", id="ends on sunday"),
        pytest.param(duty_in("2024-01-19", "2024-01-20"), "ending", id="lies within"),
        pytest.param(duty_in("2024-01-01", "2024-01-22"), "running", id="ends later"),
        pytest.param(duty_in("2024-01-21", "2024-02-22"), "running", id="opens on sunday"),
        pytest.param(duty_in(None, "2024-02-22"), "running", id="no start"),
        pytest.param(duty_in("2024-01-22", "2024-02-22"), "", id="opens later"),
        pytest.param(duty_in("2024-01-01", "2024-01-14", DONE), "", id="done"),
        pytest.param(duty_in("2024-01-01", "2024-01-14", STUCK), "overdue", id="stuck"),
        pytest.param(make_duty(activity=make_activity(window=None)), "", id="no window"),
    ],
)
def test_a_week_sorts_what_is_not_done_by_what_it_means(duty: DutyFacts, part: str) -> None:
    found = due_list([duty], today=TODAY, first=WEEK[0], last=WEEK[1])

    parts = {"overdue": found.overdue, "ending": found.ending, "running": found.running}
    assert [name for name, each in parts.items() if each] == ([part] if part else [])


def test_a_coming_week_has_nothing_overdue() -> None:
    late = duty_in("2024-01-01", "2024-01-14")

    found = due_list([late], today=TODAY, first=date(2024, 1, 22), last=date(2024, 1, 28))

    assert found.duties == ()


def test_a_month_that_is_over_lists_what_ended_in_it_and_is_not_done() -> None:
    november, december = duty_in("2023-11-01", "2023-11-30"), duty_in(None, "2023-12-08")

    found = due_list(
        [november, december], today=TODAY, first=date(2023, 12, 1), last=date(2023, 12, 31)
    )

    assert found.duties == (december,)


days = st.dates(date(2023, 12, 1), date(2024, 3, 1))
duties = st.builds(
    lambda first, length, state: make_duty(
        activity=make_activity(window=Window(first, first + timedelta(days=length))), state=state
    ),
    days,
    st.integers(0, 60),
    st.sampled_from(DutyState),
)


@given(found=st.lists(duties, max_size=6), today=days, first=days, length=st.integers(0, 40))
def test_a_duty_is_listed_once_at_most_and_never_when_it_is_done(
    found: list[DutyFacts], today: date, first: date, length: int
) -> None:
    last = first + timedelta(days=length)

    listed = due_list(found, today=today, first=first, last=last).duties

    assert len(listed) <= len(found)
    assert all(duty.state not in AT_REST for duty in listed)
    assert all(
        duty in listed
        for duty in found
        if duty.state not in AT_REST
        and duty.activity.window is not None
        and first <= duty.activity.window.last <= last
    )


@given(found=st.lists(duties, max_size=6), today=days)
def test_what_is_overdue_is_what_today_lists_as_overdue(
    found: list[DutyFacts], today: date
) -> None:
    listed = due_list(found, today=today, first=today, last=today)

    assert overdue(found, today=today) == list(listed.overdue)


def test_the_longest_overdue_comes_first() -> None:
    older, newer = duty_in(None, "2024-01-02"), duty_in(None, "2024-01-09")

    assert overdue([newer, older], today=TODAY) == [older, newer]


def test_a_number_means_this_fiscal_years_activity() -> None:
    this, last = make_activity("3", fiscal_year=2567), make_activity("3", fiscal_year=2566)
    coming = make_activity("3", fiscal_year=2568)

    assert newest([last, coming, this], "3", today=TODAY) == this


def test_without_a_plan_of_this_year_the_newest_is_meant() -> None:
    older, old = make_activity("3", fiscal_year=2564), make_activity("3", fiscal_year=2565)

    assert newest([older, old], "3", today=TODAY) == old
    assert newest([older, old], "4", today=TODAY) is None


def test_a_number_finds_every_duty_of_its_activity() -> None:
    activity = make_activity("3")
    mine = [
        make_duty(1, activity, make_agency(1)),
        make_duty(2, activity, make_agency(2), step=2, steps=2),
    ]
    last_year = make_duty(3, make_activity("3", fiscal_year=2566, activity_id=9))

    assert of_number([*mine, last_year], "3", today=TODAY) == mine
