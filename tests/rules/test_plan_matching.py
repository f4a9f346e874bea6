"""Which row of a new plan is which activity of the old one."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.plan_matching import match
from store.types import ActivityDraft, ActivityId
from tests.factories import make_draft

REGISTER = make_draft("1", "ลงทะเบียนเข้าสู่ระบบ ITAS")
ENTER = make_draft("2", "นำเข้าข้อมูลและอนุมัติข้อมูลจำนวนผู้มีส่วนได้ส่วนเสียภายใน (IIT) เข้าสู่ระบบ ITAS")
PUBLISH = make_draft("3", "เผยแพร่ประชาสัมพันธ์ช่องทางการตอบแบบวัด IIT และ แบบวัด EIT ส่วนที่ ๑")
PLAN = (REGISTER, ENTER, PUBLISH)
MEETING = make_draft("9", "ประชุมคณะทำงาน เพื่อกำกับ ติดตาม และเร่งรัดการดำเนินการตามแผน")

titles = st.text("กขคงจฉช ", min_size=1, max_size=12)
plans = st.lists(st.builds(make_draft, st.integers(1, 9).map(str), titles), max_size=6)


def known(*drafts: ActivityDraft) -> dict[ActivityId, ActivityDraft]:
    return {ActivityId(place): draft for place, draft in enumerate(drafts, start=1)}


def numbered(number: str, draft: ActivityDraft) -> ActivityDraft:
    return replace(draft, number=number)


@pytest.mark.parametrize(
    ("drafted", "matched"),
    [
        pytest.param(PLAN, ["1", "2", "3"], id="the same plan"),
        pytest.param(PLAN[::-1], ["1", "2", "3"], id="pages swapped"),
        pytest.param(
            (numbered("1", MEETING), *(numbered(str(n), d) for n, d in enumerate(PLAN, 2))),
            ["2", "3", "4"],
            id="a row before all",
        ),
        pytest.param(
            (numbered("2", REGISTER), numbered("1", ENTER), PUBLISH),
            ["2", "1", "3"],
            id="renumbered",
        ),
        pytest.param((REGISTER, PUBLISH), ["1", None, "3"], id="a row dropped"),
        pytest.param(
            (REGISTER, replace(ENTER, title=ENTER.title.replace("และอนุมัติข้อมูล", "")), PUBLISH),
            ["1", "2", "3"],
            id="reworded",
        ),
        pytest.param((REGISTER, numbered("2", MEETING), PUBLISH), ["1", None, "3"], id="replaced"),
        pytest.param(
            (REGISTER, ENTER, replace(PUBLISH, title=PUBLISH.title.replace(" ", ""))),
            ["1", "2", "3"],
            id="other line breaks",
        ),
    ],
)
def test_an_activity_is_known_again(
    drafted: tuple[ActivityDraft, ...], matched: list[str | None]
) -> None:
    found = match(known(*PLAN), drafted)

    rows = [found.get(ActivityId(place)) for place in (1, 2, 3)]
    assert [None if row is None else row.number for row in rows] == matched


@given(plans)
def test_a_plan_is_matched_with_itself_whole(drafted: list[ActivityDraft]) -> None:
    found = match(known(*drafted), drafted)

    assert len(found) == len(drafted)
    assert all(known(*drafted)[each].title == row.title for each, row in found.items())


@given(plans, plans)
def test_no_row_is_two_activities(before: list[ActivityDraft], after: list[ActivityDraft]) -> None:
    found = match(known(*before), after)

    rows = [id(row) for row in found.values()]
    assert len(rows) == len(set(rows))


def test_a_long_plan_whose_rows_are_all_alike_and_renumbered_is_matched_in_time() -> None:
    rows = [make_draft(str(n), f"จัดทำรายงานผลการดำเนินงาน ครั้งที่ {n}") for n in range(1, 2_001)]
    reworded = [make_draft(str(n + 1), f"{row.title} และส่ง") for n, row in enumerate(rows, 1)]
    begun = time.process_time()

    same = match(known(*rows), [numbered(str(n + 1), row) for n, row in enumerate(rows, 1)])
    alike = match(known(*rows), reworded)

    assert [row.number for row in same.values()] == [str(n + 1) for n in range(1, 2_001)]
    assert len(alike) > 1_900
    assert (
        time.process_time() - begun < 10
    )  # seconds; 1,000 rows took 5 when every pair was weighed
