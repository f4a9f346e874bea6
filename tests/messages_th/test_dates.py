"""Thai dates: every printed form, what must be refused, and the laws of reading back."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.dates import (
    Unreadable,
    fiscal_year_of,
    format_day,
    format_short_day,
    format_weekday_day,
    format_window,
    has_no_printed_end,
    month_number,
    printed_days,
    read_window,
    to_arabic_digits,
    to_thai_digits,
)
from store.types import DoubtCode, FiscalYear, Window

days = st.dates(date(2560 - 543, 1, 1), date(2580 - 543, 12, 31))


def window(text: str) -> Window:
    first, _, last = text.partition("..")
    return Window(date.fromisoformat(first) if first else None, date.fromisoformat(last or first))


PRINTED_IN_PLANS = [
    ("กันยายน ๒๕๖๖", "2023-09-01..2023-09-30"),
    ("พฤศจิกายน ๒๕๖๗", "2024-11-01..2024-11-30"),
    ("ธันวาคม ๒๕๖๗", "2024-12-01..2024-12-31"),
    ("มกราคม ๒๕๖๘", "2025-01-01..2025-01-31"),
    ("กุมภาพันธ์ ๒๕๖๘", "2025-02-01..2025-02-28"),
    ("มีนาคม ๒๕๖๘", "2025-03-01..2025-03-31"),
    ("กุมภาพันธ์ – พฤษภาคม ๒๕๖๘", "2025-02-01..2025-05-31"),
    ("มกราคม – เมษายน ๒๕๖๘", "2025-01-01..2025-04-30"),
    ("๘ ธันวาคม ๒๕๖๖", "2023-12-08"),
    ("๒๗ กุมภาพันธ์ ๒๕๖๗", "2024-02-27"),
    ("๑ - ๓๑ มกราคม ๒๕๖๗", "2024-01-01..2024-01-31"),
    ("๕ - ๖ กุมภาพันธ์ ๒๕๖๗", "2024-02-05..2024-02-06"),
    ("๑ - ๒๙ กุมภาพันธ์ ๒๕๖๗", "2024-02-01..2024-02-29"),
    ("๑ - ๓๐ เมษายน ๒๕๖๗", "2024-04-01..2024-04-30"),
    ("๑ - ๓๐ มิถุนายน ๒๕๖๗", "2024-06-01..2024-06-30"),
    ("๖ - ๑๘ มิถุนายน ๒๕๖๗", "2024-06-06..2024-06-18"),
    ("๑ - ๓๑ สิงหาคม ๒๕๖๗", "2024-08-01..2024-08-31"),
    ("๑ - ๓๑ มกราคม ๒๕๖๘", "2025-01-01..2025-01-31"),
    ("๖ – ๑๖ มิถุนายน ๒๕๖๘", "2025-06-06..2025-06-16"),
    ("๑ มกราคม - ๓๑ มีนาคม ๒๕๖๗", "2024-01-01..2024-03-31"),
    ("๑ กุมภาพันธ์ - ๑ มิถุนายน ๒๕๖๗", "2024-02-01..2024-06-01"),
    ("๑ เมษายน - ๑ มิถุนายน ๒๕๖๗", "2024-04-01..2024-06-01"),
    ("๑ กุมภาพันธ์ - ๒๔ เมษายน ๒๕๖๗", "2024-02-01..2024-04-24"),
    ("๑ มกราคม – ๓๐ มิถุนายน ๒๕๖๘", "2025-01-01..2025-06-30"),
    ("๑ มกราคม – ๓๐ เมษายน ๒๕๖๘", "2025-01-01..2025-04-30"),
    ("วันที่ 1 – 31 พฤษภาคม 2564", "2021-05-01..2021-05-31"),
    ("วันที่ 1 – 15 มิถุนายน 2564", "2021-06-01..2021-06-15"),
    ("วันที่ 1 กุมภาพันธ์ - 15 มีนาคม 2564", "2021-02-01..2021-03-15"),
    ("วันที่ 1 มีนาคม - 15 เมษายน 2564", "2021-03-01..2021-04-15"),
    ("วันที่ 1 เมษายน – 15 พฤษภาคม 2564", "2021-04-01..2021-05-15"),
    ("ตั้งแต่บัดนี้ - วันที่ 28 กุมภาพันธ์ 2564", "..2021-02-28"),
    ("ภายในเดือน ตุลาคม ๒๕๖๗", "..2024-10-31"),
    ("ภายในเดือน ธันวาคม ๒๕๖๗", "..2024-12-31"),
    ("ภายในเดือน มกราคม ๒๕๖๘", "..2025-01-31"),
    ("ภายในเดือน กุมภาพันธ์ ๒๕๖๘", "..2025-02-28"),
    ("ภายในเดือน เมษายน ๒๕๖๘", "..2025-04-30"),
    ("ภายในเดือน กันยายน ๒๕๖๘", "..2025-09-30"),
]

IN_RUNNING_TEXT = [
    ("ในวันที่ 19 กุมภาพันธ์ 2564", "2021-02-19"),
    ("เมื่อวันที่ ๘ ธันวาคม ๒๕๖๖", "2023-12-08"),
    ("ลงวันที่ ๓๑ ตุลาคม ๒๕๖๗", "2024-10-31"),
    ("ในเดือนมกราคม ๒๕๖๗", "2024-01-01..2024-01-31"),
    ("ในเดือนกุมภาพันธ์ - มีนาคม ๒๕๖๗", "2024-02-01..2024-03-31"),
    ("ในช่วงเดือนกุมภาพันธ์ ๒๕๖๘", "2025-02-01..2025-02-28"),
    ("วันที่ ๑ ตุลาคม ๒๕๖๗ ถึงวันที่ ๓๑ มีนาคม ๒๕๖๘", "2024-10-01..2025-03-31"),
    ("มีนาคม ๒๕๖ ๘", "2025-03-01..2025-03-31"),
]

IN_OTHER_PROVINCES = [
    ("๑ ต.ค. ๖๗ - ๓๑ มี.ค. ๖๘", "2024-10-01..2025-03-31"),
    ("1 ตค 67-31 มีค 68", "2024-10-01..2025-03-31"),
    ("15 ม.ค.68", "2025-01-15"),
    ("ม.ค. – มี.ค. 68", "2025-01-01..2025-03-31"),
    ("ธันวาคม 2566 — มกราคม 2567", "2023-12-01..2024-01-31"),
    ("เดือนมกราคม 2567 ถึง เดือนมีนาคม 2567", "2024-01-01..2024-03-31"),
    ("ถึงวันที่ ๑๕ มีนาคม ๒๕๖๘", "..2025-03-15"),
    ("ภายในวันที่ 15 มี.ค. 2568", "..2025-03-15"),
    ("ไม่เกินวันที่ ๓๐ ก.ย. ๖๘", "..2025-09-30"),
    ("ระหว่างวันที่ ๑ - ๓๑ มกราคม พ.ศ. ๒๕๖๗", "2024-01-01..2024-01-31"),
    ("ระหว่างวันที่ ๑ ม.ค. ๒๕๖๗ ถึง ๑๕ ก.พ. ๒๕๖๗", "2024-01-01..2024-02-15"),
    ("ตั้งแต่ ๑ มกราคม ถึง ๓๑ มีนาคม พ.ศ.๒๕๖๘", "2025-01-01..2025-03-31"),
    ("ตั้งแต่วันที่ ๑ ตุลาคม ๒๕๖๗ เป็นต้นไป", "2024-10-01..2025-09-30"),
    ("ตั้งแต่เดือนมีนาคม ๒๕๖๘ เป็นต้นไป", "2025-03-01..2025-09-30"),
    ("มีนาคม ๒๕๖๘ เป็นต้นไป", "2025-03-01..2025-09-30"),
    ("ตั้งแต่บัดนี้เป็นต้นไป จนถึงวันที่ ๑ มีนาคม ๒๕๖๘", "..2025-03-01"),
    ("บัดนี้ - ๑ มีนาคม ๒๕๖๘", "..2025-03-01"),
    ("สิ้นเดือนมีนาคม ๒๕๖๘", "..2025-03-31"),
    ("ภายในสิ้นเดือนกุมภาพันธ์ ๒๕๖๗", "..2024-02-29"),
    ("๑ มกราคม - สิ้นเดือนมีนาคม ๒๕๖๘", "2025-01-01..2025-03-31"),
    ("ไตรมาสที่ ๑ ปีงบประมาณ พ.ศ. ๒๕๖๘", "2024-10-01..2024-12-31"),
    ("ไตรมาส 2/2568", "2025-01-01..2025-03-31"),
    ("ไตรมาสที่ 3 - 4 ปีงบประมาณ 2568", "2025-04-01..2025-09-30"),
    ("ภายในไตรมาสที่ ๒ ปี ๒๕๖๘", "..2025-03-31"),
    ("ไตรมาส ๑ (ตุลาคม - ธันวาคม ๒๕๖๗)", "2024-10-01..2024-12-31"),
    ("ตลอดปีงบประมาณ พ.ศ. ๒๕๖๘", "2024-10-01..2025-09-30"),
    ("ตลอดทั้งปีงบประมาณ 2568", "2024-10-01..2025-09-30"),
    ("สิ้นปีงบประมาณ ๒๕๖๘", "..2025-09-30"),
    ("ตุลาคม - ธันวาคม ปีงบประมาณ ๒๕๖๘", "2024-10-01..2024-12-31"),
    ("27/2/2567", "2024-02-27"),
    ("๒๗/๐๒/๖๗", "2024-02-27"),
    ("27-2-2567", "2024-02-27"),
    ("27.2.2567", "2024-02-27"),
    ("1/1/2567 - 31/1/2567", "2024-01-01..2024-01-31"),
    ("27/2/2024", "2024-02-27"),
    ("31-01-67", "2024-01-31"),
    ("2024-02-27", "2024-02-27"),
    ("2567/02/29", "2024-02-29"),
    ("31-ม.ค.-67", "2024-01-31"),
    ("1-ม.ค.-67 - 31-ม.ค.-2567", "2024-01-01..2024-01-31"),
    ("ม.ค.-68", "2025-01-01..2025-01-31"),
    ("ต.ค.-67 - มี.ค.-68", "2024-10-01..2025-03-31"),
    ("2567-02-29", "2024-02-29"),
    ("2024-01-01 - 2024-01-31", "2024-01-01..2024-01-31"),
    ("31 มกราคม ค.ศ. 2024", "2024-01-31"),
    ("๑ - ๓ ๑ มกราคม ๒ ๕๖๗", "2024-01-01..2024-01-31"),
    ("มกรา คม\n๒๕๖๗", "2024-01-01..2024-01-31"),
    ("- มกราคม ๒๕๖๗", "2024-01-01..2024-01-31"),
    ("๑ มกราคม ๒๕๖๗ เวลา ๐๙.๓๐ - ๑๖.๓๐ น.", "2024-01-01"),
    ("วันพุธที่ ๓๑ มกราคม ๒๕๖๗", "2024-01-31"),
    ("กรกฏาคม ๒๕๖๗", "2024-07-01..2024-07-31"),
    ("๒๐ มิถุนา ๒๕๖๗", "2024-06-20"),
]


@pytest.mark.parametrize(
    ("printed", "expected"), PRINTED_IN_PLANS + IN_RUNNING_TEXT + IN_OTHER_PROVINCES
)
def test_a_printed_window_reads_as_its_dates(printed: str, expected: str) -> None:
    assert read_window(printed) == window(expected)


@pytest.mark.parametrize("dash", list("-–—‐‑‒―−~～"))  # noqa: RUF001
def test_every_dash_parts_two_days(dash: str) -> None:
    assert read_window(f"๑{dash}๓ มกราคม ๒๕๖๗") == window("2024-01-01..2024-01-03")


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        pytest.param("", DoubtCode.NO_WINDOW, id="empty"),
        pytest.param(" - ", DoubtCode.NO_WINDOW, id="a dash"),
        pytest.param("๓๐ กุมภาพันธ์ ๒๕๖๗", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="30 February"),
        pytest.param("๒๙ กุมภาพันธ์ ๒๕๖๖", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="no leap year"),
        pytest.param("๑ - ๓๑ เมษายน ๒๕๖๗", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="31 April"),
        pytest.param("31/13/2567", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="month 13"),
        pytest.param("1/31/2567", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="month first"),
        pytest.param("๓๒ มกราคม ๒๕๖๗", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="day 32"),
        pytest.param("วันจันทร์ที่ ๓๑ มกราคม ๒๕๖๗", DoubtCode.WINDOW_IMPOSSIBLE_DATE, id="a Wednesday"),
        pytest.param("๓๑ มีนาคม - ๑ มกราคม ๒๕๖๗", DoubtCode.WINDOW_ENDS_BEFORE_START, id="reversed"),
        pytest.param(
            "ตุลาคม - มีนาคม ๒๕๖๘", DoubtCode.WINDOW_ENDS_BEFORE_START, id="one year for two"
        ),
        pytest.param("๑๘ - ๖ มิถุนายน ๒๕๖๗", DoubtCode.WINDOW_ENDS_BEFORE_START, id="days"),
        pytest.param("มกราคม", DoubtCode.WINDOW_WITHOUT_YEAR, id="month alone"),
        pytest.param("๑ - ๑๕ ม.ค.", DoubtCode.WINDOW_WITHOUT_YEAR, id="days without year"),
        pytest.param("ไตรมาสที่ ๑", DoubtCode.WINDOW_WITHOUT_YEAR, id="quarter alone"),
        pytest.param("ตลอดปีงบประมาณ", DoubtCode.WINDOW_WITHOUT_YEAR, id="year alone"),
        pytest.param("ตามที่ ป.ป.ช. กำหนด", DoubtCode.WINDOW_UNREADABLE, id="words"),
        pytest.param("อย่างต่อเนื่อง", DoubtCode.WINDOW_UNREADABLE, id="continuously"),
        pytest.param("ทุกเดือน", DoubtCode.WINDOW_UNREADABLE, id="every month"),
        pytest.param("รอบ ๖ เดือน", DoubtCode.WINDOW_UNREADABLE, id="a span"),
        pytest.param("ภายใน ๗ วัน", DoubtCode.WINDOW_UNREADABLE, id="within days"),
        pytest.param("ครั้งที่ ๑/ ๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="meeting number"),
        pytest.param("ที่ ๒๕๗๐/๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="order number"),
        pytest.param("๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="year only"),
        pytest.param("ปี ๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="fiscal or calendar"),
        pytest.param("๓๑", DoubtCode.WINDOW_UNREADABLE, id="day only"),
        pytest.param("๑ ๓ มกราคม ๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="13 or 1 to 3"),
        pytest.param("1/2/24", DoubtCode.WINDOW_UNREADABLE, id="24 of which era"),
        pytest.param("๑ มกราคม ๒๔", DoubtCode.WINDOW_UNREADABLE, id="๒๔ of which era"),
        pytest.param("31 มกราคม 1967", DoubtCode.WINDOW_UNREADABLE, id="67 in a spreadsheet"),
        pytest.param("๑ มกราคม ๒๔๖๗", DoubtCode.WINDOW_UNREADABLE, id="a century ago"),
        pytest.param("ต้นเดือนมกราคม ๒๕๖๘", DoubtCode.WINDOW_UNREADABLE, id="early in a month"),
        pytest.param("กลางเดือนมกราคม ๒๕๖๘", DoubtCode.WINDOW_UNREADABLE, id="mid month"),
        pytest.param("ก่อนวันที่ ๓๑ มกราคม ๒๕๖๘", DoubtCode.WINDOW_UNREADABLE, id="before a day"),
        pytest.param("มกราคม พ.ศ. 2024", DoubtCode.WINDOW_UNREADABLE, id="CE called BE"),
        pytest.param("มกราคม ค.ศ. 2567", DoubtCode.WINDOW_UNREADABLE, id="BE called CE"),
        pytest.param("มกราคม ๓๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="misprinted year"),
        pytest.param("มกราคม ๒๕๖", DoubtCode.WINDOW_UNREADABLE, id="three digits"),
        pytest.param("๑ มกราคม ๒๕๖๗ และ ๕ มกราคม ๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="two days"),
        pytest.param("๑ - ๓ - ๕ มกราคม ๒๕๖๗", DoubtCode.WINDOW_UNREADABLE, id="three ends"),
        pytest.param("๑ มกราคม ๒๕๖๗ -", DoubtCode.WINDOW_UNREADABLE, id="lost end"),
        pytest.param("ตั้งแต่บัดนี้เป็นต้นไป", DoubtCode.WINDOW_UNREADABLE, id="from now on"),
        pytest.param("ไตรมาสที่ ๕ ปี ๒๕๖๘", DoubtCode.WINDOW_UNREADABLE, id="quarter 5"),
        pytest.param(
            "ไตรมาส ๑ (มกราคม - มีนาคม ๒๕๖๘)", DoubtCode.WINDOW_UNREADABLE, id="brackets disagree"
        ),
    ],
)
def test_what_is_no_sure_window_is_refused(printed: str, code: DoubtCode) -> None:
    assert read_window(printed) == Unreadable(code, printed)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("มกราคม", "2025-01-01..2025-01-31"),
        ("ธันวาคม", "2024-12-01..2024-12-31"),
        ("ตุลาคม - มีนาคม", "2024-10-01..2025-03-31"),
        ("๑ ต.ค. - ๑๕ ม.ค.", "2024-10-01..2025-01-15"),
        ("ภายในเดือนกันยายน", "..2025-09-30"),
        ("ไตรมาสที่ ๑", "2024-10-01..2024-12-31"),
        ("ตลอดปีงบประมาณ", "2024-10-01..2025-09-30"),
        ("ตลอดปี", "2024-10-01..2025-09-30"),
        ("๓๐ กันยายน ๒๕๖๖", "2023-09-30"),
    ],
)
def test_a_year_not_printed_comes_from_the_fiscal_year(printed: str, expected: str) -> None:
    assert read_window(printed, fiscal_year=FiscalYear(2568)) == window(expected)


@given(day=days)
def test_every_way_to_write_a_day_reads_back(day: date) -> None:
    expected = Window(day, day)

    assert read_window(format_day(day)) == expected
    assert read_window(format_short_day(day)) == expected
    assert read_window(format_weekday_day(day)) == expected
    assert read_window(day.isoformat()) == expected
    assert read_window(f"{day.day}/{day.month}/{day.year + 543}") == expected


@given(first=days, length=st.integers(0, 500))
def test_a_window_reads_back_as_it_was_written(first: date, length: int) -> None:
    for window in (
        Window(first, first + timedelta(length)),
        Window(None, first),
        Window(first.replace(day=1), _end_of_month(first + timedelta(length))),
    ):
        assert read_window(format_window(window)) == window


def test_every_day_of_2560_to_2580_reads_back_alone_and_in_a_range() -> None:
    first, last = date(2560 - 543, 1, 1), date(2580 - 543, 12, 31)
    windows = [
        each
        for day in (first + timedelta(n) for n in range((last - first).days + 1))
        for each in (
            Window(day, day),
            Window(None, day),
            Window(day, day + timedelta(day.day * 13)),
        )
    ]

    wrong = [each for each in windows if read_window(format_window(each)) != each]

    assert len(windows) == 3 * 7_670
    assert wrong == []


@pytest.mark.parametrize(
    "form", ["๑ มกราคม {}", "1/1/{}", "{}-01-01", "มกราคม พ.ศ. {}", "1 ม.ค. ค.ศ. {}"]
)
def test_no_year_is_ever_read_in_the_other_era(form: str) -> None:
    read = {number: read_window(form.format(number)) for number in range(10_000)}

    years = {number: each.last.year for number, each in read.items() if isinstance(each, Window)}

    assert years
    assert set(years.items()) <= {
        *((number, number) for number in range(2007, 2057)),
        *((number, number - 543) for number in range(2550, 2600)),
        *((number, number + 2500 - 543) for number in range(50, 100)),
    }


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


@given(text=st.text(alphabet="๑๒๕๖๗1256 -–/.()มกราคต.ถึงภายในวันที่ปีพศไตรมาส", max_size=30))
def test_any_text_is_read_within_a_century_or_refused(text: str) -> None:
    read = read_window(text)

    assert isinstance(read, Unreadable) or 1956 <= read.last.year <= 2057


@pytest.mark.parametrize(
    ("window_text", "expected"),
    [
        ("2023-12-08", "๘ ธันวาคม ๒๕๖๖"),
        ("2024-01-01..2024-01-31", "มกราคม ๒๕๖๗"),
        ("2024-02-05..2024-02-06", "๕ – ๖ กุมภาพันธ์ ๒๕๖๗"),
        ("2025-02-01..2025-05-31", "กุมภาพันธ์ – พฤษภาคม ๒๕๖๘"),
        ("2024-10-01..2025-03-31", "ตุลาคม ๒๕๖๗ – มีนาคม ๒๕๖๘"),
        ("2024-02-01..2024-06-01", "๑ กุมภาพันธ์ – ๑ มิถุนายน ๒๕๖๗"),
        ("2024-10-02..2025-03-31", "๒ ตุลาคม ๒๕๖๗ – ๓๑ มีนาคม ๒๕๖๘"),
        ("..2024-10-31", "ภายในเดือนตุลาคม ๒๕๖๗"),
        ("..2021-02-27", "ภายในวันที่ ๒๗ กุมภาพันธ์ ๒๕๖๔"),
    ],
)
def test_a_window_is_written_in_the_shortest_printed_form(window_text: str, expected: str) -> None:
    assert format_window(window(window_text)) == expected


def test_a_leap_day_is_written_with_its_buddhist_year() -> None:
    leap_day = date(2024, 2, 29)

    assert format_day(leap_day) == "๒๙ กุมภาพันธ์ ๒๕๖๗"
    assert format_weekday_day(leap_day) == "วันพฤหัสบดีที่ ๒๙ กุมภาพันธ์ ๒๕๖๗"
    assert format_short_day(leap_day) == "๒๙ ก.พ. ๖๗"
    assert format_short_day(leap_day, with_year=False) == "๒๙ ก.พ."


def test_digits_turn_either_way() -> None:
    assert to_thai_digits(12345) == "๑๒๓๔๕"
    assert to_arabic_digits("ข้อ ๑๘") == "ข้อ 18"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("มกราคม", 1), ("เดือนธันวาคม", 12), ("ก.พ.", 2), ("มิย", 6), ("เมษา", 4), ("แม่", None)],
)
def test_a_month_is_known_by_any_of_its_names(text: str, expected: int | None) -> None:
    assert month_number(text) == expected


def test_october_opens_the_next_fiscal_year() -> None:
    assert fiscal_year_of(date(2024, 9, 30)) == 2567
    assert fiscal_year_of(date(2024, 10, 1)) == 2568


def test_only_a_window_that_goes_on_has_no_printed_end() -> None:
    assert has_no_printed_end("ตั้งแต่วันที่ ๑ ตุลาคม ๒๕๖๗ เป็นต้นไป")
    assert has_no_printed_end("ตุลาคม ๒๕๖๗ เป็นต้นไป")
    assert not has_no_printed_end("ตั้งแต่ ๑ ตุลาคม ๒๕๖๗ - ๓๑ มีนาคม ๒๕๖๘")
    assert not has_no_printed_end("กันยายน ๒๕๖๖")


def test_whole_dates_are_found_in_running_text() -> None:
    text = "(ปฏิบัติงานก่อนวันที่ ๑ มกราคม ๒๕๖๗) ประจำปี พ.ศ. ๒๕๖๘ ครั้งที่ ๑/๒๕๖๗"

    assert printed_days(text) == ["๑ มกราคม ๒๕๖๗"]
