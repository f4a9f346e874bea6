"""What the commands about plans say of a difference and of doubts."""

from typing import Any

import pytest

from messages_th import cli_plans
from messages_th.plan_problems import doubt as question
from store.types import Doubt, DoubtCode

JANUARY = {"text": "", "first": "2024-01-01", "last": "2024-01-31"}
OPEN = {"text": "", "first": None, "last": "2024-02-29"}
NO_DATE = {"text": "", "first": None, "last": None}
NOTHING: dict[str, Any] = {
    "added": [],
    "revived": [],
    "moved": [],
    "changed": [],
    "removed": [],
    "unchanged": [],
    "notices": {"cancelled": 0, "rescheduled": 0, "corrections": 0},
    "told": [],
    "unresolved": [],
}


def row(number: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "title": "ประชุม", **more}


def test_a_difference_says_every_change_and_all_that_follows() -> None:
    diff = {
        "added": [row("1", window=JANUARY), row("2", window=NO_DATE)],
        "revived": ["2"],
        "moved": [
            row("3", **{"from": JANUARY, "to": OPEN}),
            row("4", **{"from": OPEN, "to": NO_DATE}),
        ],
        "changed": [row("5"), row("6")],
        "removed": [row("7")],
        "unchanged": ["8", "9"],
        "notices": {"cancelled": 5, "rescheduled": 4, "corrections": 1},
        "told": ["เทศบาลตำบลแม่แรม"],
        "unresolved": ["อบต.ดอนแก้ว"],
    }

    assert cli_plans.plan_diff("แผน", diff).splitlines() == [
        "แผน",
        "เพิ่ม 2 ข้อ:",
        "  ข้อ 1 ประชุม: มกราคม ๒๕๖๗",
        "  ข้อ 2 ประชุม: ไม่ได้กำหนดเวลา",
        "ในนั้นเคยอยู่ในแผนและกลับมาพร้อมรายงานเดิม 1 ข้อ: 2",
        "เลื่อน 2 ข้อ:",
        "  ข้อ 3 ประชุม: มกราคม ๒๕๖๗ → ภายในเดือนกุมภาพันธ์ ๒๕๖๗",
        "  ข้อ 4 ประชุม: ภายในเดือนกุมภาพันธ์ ๒๕๖๗ → ไม่ได้กำหนดเวลา",
        "แก้ไข 2 ข้อ: 5, 6",
        "ตัดออก 1 ข้อ: 7",
        "คงเดิม 2 ข้อ",
        "ยกเลิกการเตือนที่รอส่ง 5 รายการ ในนั้นจะเตือนใหม่ตามวันใหม่ 4 รายการ",
        "จะแจ้งแก้วันแก่ 1 หน่วยงานที่เคยได้รับแจ้งวันเดิม: เทศบาลตำบลแม่แรม",
        "ไม่พบหน่วยงานตามชื่อเหล่านี้ จึงยังไม่มีผู้รับงาน ตรวจชื่อหรือนำเข้าหน่วยงาน (import-agencies): อบต.ดอนแก้ว",
    ]


def test_nothing_that_follows_is_not_mentioned() -> None:
    assert cli_plans.plan_diff("แผน", NOTHING) == "แผน\nคงเดิม 0 ข้อ"


def test_of_many_agencies_ten_are_named_and_the_rest_counted() -> None:
    told = [f"เทศบาลตำบลที่{place}" for place in range(12)]

    last = cli_plans.plan_diff("แผน", NOTHING | {"told": told}).splitlines()[-1]

    assert "จะแจ้งแก้วันแก่ 12 หน่วยงาน" in last
    assert last.endswith("เทศบาลตำบลที่9 และอีก 2 หน่วยงาน")


def test_doubts_that_stop_a_plan_are_marked() -> None:
    grave, light = (
        Doubt(DoubtCode.NO_WINDOW, "3", ""),
        Doubt(DoubtCode.OPEN_START, "4", "ภายในมีนาคม"),
    )

    lines = cli_plans.doubts_listed([grave, light], [grave]).splitlines()

    assert [line[:8] for line in lines] == ["! ข้อ ๓:", "? ข้อ ๔:"]


def test_a_refusal_names_the_rows_once_and_not_too_many() -> None:
    doubts = [Doubt(DoubtCode.NO_WINDOW, str(place // 2), "") for place in range(40)]

    said = cli_plans.must_be_answered(doubts)

    assert "ข้อ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 และอีก 8 ข้อ " in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("doubt", "asked"),
    [
        (Doubt(DoubtCode.ROW_PRINTED_TWICE, "", "1, 7.1"), "พบแถวซ้ำ (ข้อ ๑, ๗.๑) "),
        (Doubt(DoubtCode.PAGES_OUT_OF_ORDER, "", "1 - 8"), "ตามลำดับข้อ ๑ - ๘ "),
        (Doubt(DoubtCode.ROWS_NOT_IN_DATE_ORDER, "", "8: มกราคม ๒๕๖๘"), "(เช่น ข้อ ๘: มกราคม ๒๕๖๘)"),
        (Doubt(DoubtCode.WINDOW_UNREADABLE, "8", "มกรา 68"), "ข้อ ๘: อ่านระยะเวลา “มกรา 68” "),
    ],
)
def test_a_question_numbers_rows_in_thai_and_quotes_what_is_printed(
    doubt: Doubt, asked: str
) -> None:
    assert asked in question(doubt)
