"""Short phrases: labels, deadlines and cut titles, as officers read them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.phrases import (
    activity_line,
    agency_label,
    deadline,
    duty_label,
    duty_line,
    number_label,
    out_of,
    period_label,
    shorten,
)
from store.types import AgencyKind, Count, Window
from tests.factories import make_activity, make_agency, make_duty

TODAY = date(2024, 1, 15)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        pytest.param("01-01", "01-14", "เกินกำหนด ๑ วัน (ครบกำหนด ๑๔ ม.ค. ๖๗)", id="over"),
        pytest.param("01-01", "01-15", "วันนี้วันสุดท้าย (๑๕ ม.ค. ๖๗)", id="last day"),
        pytest.param("01-01", "01-16", "พรุ่งนี้วันสุดท้าย (๑๖ ม.ค. ๖๗)", id="a day left"),
        pytest.param("01-01", "01-25", "เหลือ ๑๐ วัน (ถึง ๒๕ ม.ค. ๖๗)", id="running"),
        pytest.param(None, "01-25", "เหลือ ๑๐ วัน (ถึง ๒๕ ม.ค. ๖๗)", id="no start"),
        pytest.param("01-16", "02-01", "เริ่ม ๑๖ ม.ค. ๖๗ ถึง ๑ ก.พ. ๖๗", id="to come"),
        pytest.param("02-27", "02-27", "วันที่ ๒๗ ก.พ. ๖๗ (อีก ๔๓ วัน)", id="an event to come"),
        pytest.param("01-15", "01-15", "วันนี้วันสุดท้าย (๑๕ ม.ค. ๖๗)", id="an event today"),
    ],
)
def test_a_deadline_says_what_is_left(first: str | None, last: str, said: str) -> None:
    start = None if first is None else date.fromisoformat(f"2024-{first}")

    assert deadline(Window(start, date.fromisoformat(f"2024-{last}")), TODAY) == said


def test_without_a_window_there_is_no_deadline() -> None:
    assert deadline(None, TODAY) == "ไม่ได้กำหนดเวลา"


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("today", "วันนี้"),
        ("tomorrow", "พรุ่งนี้"),
        ("week", "สัปดาห์นี้"),
        ("next_week", "สัปดาห์หน้า"),
        ("month", "เดือนนี้"),
        ("next_month", "เดือนหน้า"),
        ("1", "เดือนมกราคม"),
        ("12", "เดือนธันวาคม"),
    ],
)
def test_a_period_is_named(period: str, said: str) -> None:
    assert period_label(period) == said


def test_labels_carry_thai_digits() -> None:
    assert number_label("7.1") == "ข้อ ๗.๑"
    assert out_of(Count(45, 211)) == "๔๕/๒๑๑"


def test_an_agency_is_named_as_officers_write_it() -> None:
    office = make_agency(1, "สำนักงานจังหวัดเชียงใหม่", AgencyKind.PROVINCIAL_OFFICE, "")

    assert agency_label(make_agency()) == "ทต.แม่แรม"
    assert agency_label(office) == "สนจ.เชียงใหม่"


def test_a_step_is_named_only_where_there_are_several() -> None:
    assert duty_label(make_duty()) == "ข้อ ๓"
    assert duty_label(make_duty(step=2, steps=3)) == "ข้อ ๓ ขั้นที่ ๒"
    assert duty_line(make_duty()) == "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS"
    assert duty_line(make_duty(step=2, steps=3)) == "ข้อ ๓ ขั้นที่ ๒ ขั้นตอนย่อยที่ 2"


def test_a_long_title_is_cut_where_a_line_ends() -> None:
    line = activity_line(make_activity(title="ก" * 200))

    assert line == f"ข้อ ๓ {'ก' * 59}…"


@given(text=st.text(max_size=120), longest=st.integers(1, 100))
def test_a_cut_text_is_never_longer_than_asked(text: str, longest: int) -> None:
    cut = shorten(text, longest)

    assert len(cut) <= longest
    assert cut == text or cut.endswith("…")
