"""Words of a plan's shape: headers, row numbers, notes, years; and the wording of doubts."""

import pytest

from messages_th.plan_problems import FileProblem, doubt, file_problem
from messages_th.plan_words import Column, column_of, heading_year, owners_in_notes, row_number
from store.types import Doubt, DoubtCode


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("ที่", Column.NUMBER),
        ("ลำดับ ที่", Column.NUMBER),
        ("กิจกรรม/การดำเนินงาน", Column.TITLE),
        ("โครงการ", Column.TITLE),
        ("การดำเนินงาน", Column.DETAIL),
        ("ช่วงระยะเวลา", Column.WINDOW),
        ("ระยะเวลาดำเนินการ", Column.WINDOW),
        ("วัน/เดือน/ปี", Column.WINDOW),
        ("วันเริ่มต้น", Column.START),
        ("สิ้นสุด", Column.END),
        ("หน่วยงาน ผู้รับผิดชอบ", Column.RESPONSIBLE),
        ("งบประมาณ", None),
        ("", None),
    ],
)
def test_a_header_announces_its_column(header: str, column: Column | None) -> None:
    assert column_of(header) is column


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("๑", "1"),
        ("๑.", "1"),
        ("(๑๒)", "12"),
        ("ข้อ ๓", "3"),
        ("๗.๑", "7.1"),
        ("ก.", None),
        ("", None),
        pytest.param("1." * 5_000 + "1", None, id="longer than a button may be"),
    ],
)
def test_a_row_number_is_read_in_any_dress(cell: str, number: str | None) -> None:
    assert row_number(cell) == number


def test_owners_in_notes_are_spread_over_the_numbers_they_name() -> None:
    notes = ["ประกาศข้อ 9 กระบี่", "หมายเหตุ ข้อ ๑ - ๓ และ ๕ อปท. ดำเนินการ", "สำหรับข้อ 4 เป็นส่วนคณะที่ปรึกษา"]

    owners = owners_in_notes(notes)

    assert owners == {"1": "อปท.", "2": "อปท.", "3": "อปท.", "5": "อปท.", "4": "คณะที่ปรึกษา"}


def test_a_heading_names_its_fiscal_year() -> None:
    assert heading_year("แผน ITA ประจำปีงบประมาณ พ.ศ. ๒๕๖ ๘ จังหวัดลำพูน") == (
        2568,
        "ปีงบประมาณ พ.ศ. ๒๕๖ ๘",
    )
    assert heading_year("แผนงานจังหวัด") is None


@pytest.mark.parametrize("code", list(DoubtCode))
def test_every_doubt_is_a_question_that_can_be_asked(code: DoubtCode) -> None:
    question = doubt(Doubt(code, "7.1", "กันยายน"))

    assert question.startswith("ข้อ ๗.๑: ")
    assert "{}" not in question


def test_a_doubt_of_the_whole_plan_names_no_row_and_quotes_shortly() -> None:
    question = doubt(Doubt(DoubtCode.GROUP_HEADING, "", "ก" * 500))

    assert question.startswith("“ก")
    assert len(question) < 160


@pytest.mark.parametrize("code", list(FileProblem))
def test_every_refused_file_is_told_what_to_do(code: FileProblem) -> None:
    assert "กรุณา" in file_problem(code)
