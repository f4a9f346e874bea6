"""Plans of other provinces: other columns, broken rows, odd numbers, and any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.plan_files.readers import PlanFileError, Table
from handlers.plan_files.rows import read_rows
from handlers.plan_files.table import read_plan
from messages_th.plan_problems import FileProblem
from store.types import DoubtCode, FiscalYear, PartyKind, PlanDraft

HEADER = "ลำดับ\tกิจกรรม\tระยะเวลา\tผู้รับผิดชอบ"


def read(*lines: str, fiscal_year: FiscalYear | None = None) -> PlanDraft:
    return read_plan("plan.txt", "\n".join(lines).encode(), fiscal_year=fiscal_year)


def titles(plan: PlanDraft) -> list[tuple[str, str]]:
    return [(activity.number, activity.title) for activity in plan.activities]


def doubts_of(plan: PlanDraft, number: str = "") -> set[DoubtCode]:
    by_row = {activity.number: activity.doubts for activity in plan.activities}
    return {doubt.code for doubt in ({**by_row, "": plan.doubts})[number]}


def test_columns_may_stand_in_any_order_and_include_others() -> None:
    plan = read(
        "หน่วยงานรับผิดชอบ\tกำหนดเวลา\tงบประมาณ\tโครงการ/กิจกรรม\tที่",
        "สนจ.ตาก\tมกราคม ๒๕๖๘\t๕,๕๐๐\tประชุม\t๑",
    )

    (activity,) = plan.activities
    assert (activity.number, activity.title) == ("1", "ประชุม")
    assert activity.window_text == "มกราคม ๒๕๖๘"
    assert [party.kind for party in activity.parties] == [PartyKind.PROVINCIAL_OFFICE]


def test_start_and_end_may_have_a_column_each() -> None:
    plan = read(
        "ที่\tกิจกรรม\tระยะเวลา\t\tผู้รับผิดชอบ",
        "\t\tเริ่มต้น\tสิ้นสุด\t",
        "1\tประชุม\t1 ม.ค. 68\t15 ก.พ. 68\tสนจ.ตาก",
    )

    assert plan.activities[0].window_text == "1 ม.ค. 68 - 15 ก.พ. 68"
    assert str(plan.activities[0].window and plan.activities[0].window.last) == "2025-02-15"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("วันที่เริ่ม", "กำหนดแล้วเสร็จ"),
        ("เริ่มดำเนินการ", "ดำเนินการแล้วเสร็จ"),
        ("จาก", "ถึง"),
        ("เริ่ม", "คืนงาน"),
    ],
)
def test_start_and_end_may_be_called_otherwise(start: str, end: str) -> None:
    plan = read(f"ที่\tกิจกรรม\t{start}\t{end}", "๑\tประชุม\t1 ม.ค. 68\t15 ก.พ. 68")

    assert plan.activities[0].window_text == "1 ม.ค. 68 - 15 ก.พ. 68"


def test_an_end_or_a_start_alone_is_no_single_day() -> None:
    plan = read(
        "ที่\tกิจกรรม\tเริ่ม\tสิ้นสุด\tผู้รับผิดชอบ",
        "๑\tประชุม\t-\t28/2/68\tสนจ.",
        "๒\tอบรม\t1 มี.ค. 68\t\tสนจ.",
        "๓\tสรุป\t\tภายใน 31 มี.ค. 68\tสนจ.",
    )

    windows = [activity.window for activity in plan.activities]
    assert [window and (str(window.first), str(window.last)) for window in windows] == [
        ("None", "2025-02-28"),
        ("2025-03-01", "2025-09-30"),
        ("None", "2025-03-31"),
    ]
    assert doubts_of(plan, "1") == {DoubtCode.OPEN_START}
    assert doubts_of(plan, "2") == {DoubtCode.OPEN_END}


def test_a_column_of_ends_alone_holds_deadlines() -> None:
    plan = read("ที่\tกิจกรรม\tกำหนดส่ง\tผู้รับผิดชอบ", "๑\tประชุม\t31 ม.ค. 68\tสนจ.")

    assert plan.activities[0].window_text == "ถึง 31 ม.ค. 68"
    assert doubts_of(plan, "1") == {DoubtCode.OPEN_START}


def test_a_second_column_of_owners_counts_and_is_asked_about() -> None:
    plan = read(
        "ที่\tกิจกรรม\tระยะเวลา\tหน่วยงานหลัก\tหน่วยงานสนับสนุน", "๑\tประชุม\tม.ค. ๖๘\tสนจ.\tอปท. ทุกแห่ง"
    )

    assert [party.kind for party in plan.activities[0].parties] == [
        PartyKind.PROVINCIAL_OFFICE,
        PartyKind.EVERY_LOCAL,
    ]
    assert doubts_of(plan) == {DoubtCode.SECOND_OWNER_COLUMN}


def test_numbers_may_stand_before_the_titles() -> None:
    plan = read("กิจกรรม\tระยะเวลา", "๑. ประชุม\tมกราคม ๒๕๖๘", "๒) ลงทะเบียน\tมีนาคม ๒๕๖๘")

    assert titles(plan) == [("1", "ประชุม"), ("2", "ลงทะเบียน")]
    assert [activity.printed_number for activity in plan.activities] == ["๑.", "๒)"]
    assert doubts_of(plan) == set()


def test_signatures_below_the_rows_are_no_activity() -> None:
    plan = read(HEADER, "๑\tก\tมกราคม ๒๕๖๘\tสนจ.", "ลงชื่อ\t..........\t\t", "\t\t\t\tผู้รับรอง\tสำเนา")

    assert titles(plan) == [("1", "ก")]
    assert DoubtCode.LINE_IGNORED in doubts_of(plan)


def test_a_row_of_words_that_headers_use_is_a_row() -> None:
    plan = read(HEADER, "๑\tก\tมกราคม ๒๕๖๘\tสนจ.", "\tจัดกิจกรรมย่อย\tตามกำหนดการ\tสนจ.")

    assert titles(plan) == [("1", "ก"), ("1.1", "จัดกิจกรรมย่อย")]


def test_a_row_without_a_title_is_asked_about() -> None:
    plan = read(HEADER, "๑\t\tมกราคม ๒๕๖๘\tสนจ.")

    assert doubts_of(plan, "1") == {DoubtCode.NO_TITLE}


def test_months_beside_a_column_of_windows_are_no_row() -> None:
    plan = read(
        "ที่\tกิจกรรม\tระยะเวลา\tแผน\t\t", "\t\t\tต.ค.\tพ.ย.\tธ.ค.", "๑\tประชุม\tตุลาคม ๒๕๖๗\t/\t\t"
    )

    assert titles(plan) == [("1", "ประชุม")]


def test_a_plan_that_is_printed_with_two_headings_is_one() -> None:
    heading = "แผนการขับเคลื่อน ITA ปีงบประมาณ พ.ศ. ๒๕๖๘"

    plan = read(
        heading, "", HEADER, "๑\tก\tมกราคม ๒๕๖๘\tสนจ.",
        "", f"{heading} (ต่อ)", "", HEADER, "๒\tข\tมกราคม ๒๕๖๘\tสนจ.",
    )  # fmt: skip

    assert titles(plan) == [("1", "ก"), ("2", "ข")]


def test_a_table_without_a_header_is_told_by_the_shape_of_its_cells() -> None:
    plan = read(
        "๑\tประชุมคณะทำงาน\tมกราคม ๒๕๖๘\tสนจ.ตาก",
        "๒\tลงทะเบียนระบบ ITAS\t๑ - ๕ มีนาคม ๒๕๖๘\tอปท. ทุกแห่ง",
    )

    assert titles(plan) == [("1", "ประชุมคณะทำงาน"), ("2", "ลงทะเบียนระบบ ITAS")]
    assert DoubtCode.COLUMNS_GUESSED in doubts_of(plan)


def test_a_table_without_numbers_is_numbered_and_asked_about() -> None:
    plan = read("กิจกรรม\tระยะเวลา", "ประชุม\tมกราคม ๒๕๖๘", "ลงทะเบียน\tมีนาคม ๒๕๖๘")

    assert titles(plan) == [("1", "ประชุม"), ("2", "ลงทะเบียน")]
    assert doubts_of(plan) == {DoubtCode.NUMBER_MISSING}


def test_a_line_broken_inside_a_cell_is_joined() -> None:
    plan = read(
        HEADER,
        "๑\tประชุมชี้แจง",
        "แผนของจังหวัด\tมกราคม ๒๕๖๘\t- สนจ.ตาก",
        "- อปท. ทุกแห่ง",
        "๒\tลงทะเบียน\tมีนาคม ๒๕๖๘\tสนจ.ตาก",
    )

    assert titles(plan) == [("1", "ประชุมชี้แจง แผนของจังหวัด"), ("2", "ลงทะเบียน")]
    assert [party.kind for party in plan.activities[0].parties] == [
        PartyKind.PROVINCIAL_OFFICE,
        PartyKind.EVERY_LOCAL,
    ]


def test_quoted_cells_of_a_spreadsheet_keep_their_lines() -> None:
    plan = read(HEADER, '๑\t"ประชุม\nชี้แจง"\tมกราคม ๒๕๖๘\t"สนจ.ตาก\nสถจ.ตาก"')

    assert titles(plan) == [("1", "ประชุม ชี้แจง")]
    assert len(plan.activities[0].parties) == 2


def test_a_stray_quote_swallows_no_rows() -> None:
    plan = read(HEADER, '๑\t"ประชุม\tมกราคม ๒๕๖๘\tสนจ.ตาก', "๒\tลงทะเบียน\tมีนาคม ๒๕๖๘\tสนจ.ตาก")

    assert [number for number, _ in titles(plan)] == ["1", "2"]


def test_a_misread_number_is_mended_only_where_one_place_is_left() -> None:
    plan = read(
        HEADER,
        "๑\tก\tมกราคม ๒๕๖๘\tสนจ.",
        "๗\tข\tมกราคม ๒๕๖๘\tสนจ.",
        "๓\tค\tมกราคม ๒๕๖๘\tสนจ.",
        "๙\tง\tมกราคม ๒๕๖๘\tสนจ.",
    )

    assert [number for number, _ in titles(plan)] == ["1", "2", "3", "9"]
    assert doubts_of(plan, "2") == {DoubtCode.NUMBER_OUT_OF_ORDER}
    assert doubts_of(plan, "9") == {DoubtCode.NUMBER_OUT_OF_ORDER}


def test_a_lost_number_is_filled_where_the_order_leaves_a_gap() -> None:
    plan = read(
        HEADER,
        "๑\tก\tมกราคม ๒๕๖๘\tสนจ.",
        "\tข\tมกราคม ๒๕๖๘\tสนจ.",
        "๓\tค\tมกราคม ๒๕๖๘\tสนจ.",
        "\tง\tมกราคม ๒๕๖๘\tสนจ.",
    )

    assert [number for number, _ in titles(plan)] == ["1", "2", "3", "3.1"]
    assert doubts_of(plan, "2") == {DoubtCode.NUMBER_MISSING}
    assert doubts_of(plan, "3.1") == {DoubtCode.NUMBER_MISSING}


def test_rows_that_share_a_number_are_all_kept() -> None:
    plan = read(
        HEADER,
        "๑\tเก็บข้อมูล IIT\tมกราคม ๒๕๖๘\tสนจ.",
        "๑\tเก็บข้อมูล EIT\tมกราคม ๒๕๖๘\tสนจ.",
    )

    assert titles(plan) == [("1", "เก็บข้อมูล IIT"), ("1/2", "เก็บข้อมูล EIT")]
    assert doubts_of(plan, "1/2") == {DoubtCode.NUMBER_TWICE}


def test_sub_rows_may_print_their_own_numbers() -> None:
    plan = read(
        HEADER,
        "๗\tตามปฏิทิน\t\t",
        "๗.๑\tลงทะเบียน\tมกราคม ๒๕๖๘\tสนจ.",
        "๗.๒\tเก็บข้อมูล\tมีนาคม ๒๕๖๘\tสนจ.",
    )

    assert [number for number, _ in titles(plan)] == ["7.1", "7.2"]
    assert DoubtCode.GROUP_HEADING in doubts_of(plan)


def test_the_heading_of_a_part_is_no_row_and_no_end_of_a_row() -> None:
    plan = read(
        HEADER,
        "๑\tก\tมกราคม ๒๕๖๘\tสนจ.",
        "\tระยะที่ ๒ ดำเนินการ\t\t",
        "๒\tข\tมีนาคม ๒๕๖๘\tสนจ.",
    )

    assert titles(plan) == [("1", "ก"), ("2", "ข")]
    assert DoubtCode.GROUP_HEADING in doubts_of(plan)


def test_a_line_amid_the_table_is_asked_about() -> None:
    plan = read(HEADER, "๑\tก\tมกราคม ๒๕๖๘\tสนจ.", "", "ข้อความลอย", "", "๒\tข\tมีนาคม ๒๕๖๘\tสนจ.")

    assert DoubtCode.LINE_IGNORED in doubts_of(plan)


def test_a_heading_between_two_pages_is_no_part_of_a_row() -> None:
    header = "ระยะเวลา\tกิจกรรม\tที่"
    heading = "แผนการขับเคลื่อน ITA"

    plan = read(header, "มกราคม ๒๕๖๘\tก\t๑", "", heading, "", header, "มีนาคม ๒๕๖๘\tข\t๒")

    assert [each.window_text for each in plan.activities] == ["มกราคม ๒๕๖๘", "มีนาคม ๒๕๖๘"]
    assert plan.title == heading


def test_a_row_printed_again_after_a_page_counts_once() -> None:
    row = "๑\tก\tมกราคม ๒๕๖๘\tสนจ."

    plan = read(HEADER, row, HEADER, row, "๒\tข\tมีนาคม ๒๕๖๘\tสนจ.")

    assert titles(plan) == [("1", "ก"), ("2", "ข")]
    assert DoubtCode.ROW_PRINTED_TWICE in doubts_of(plan)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("", DoubtCode.NO_WINDOW),
        ("ตามที่กำหนด", DoubtCode.WINDOW_UNREADABLE),
        ("๓๐ กุมภาพันธ์ ๒๕๖๘", DoubtCode.WINDOW_IMPOSSIBLE_DATE),
        ("๕ - ๑ มกราคม ๒๕๖๘", DoubtCode.WINDOW_ENDS_BEFORE_START),
    ],
)
def test_a_window_that_cannot_be_read_is_none_with_a_doubt(printed: str, code: DoubtCode) -> None:
    plan = read(HEADER, f"๑\tก\t{printed}\tสนจ.", "๒\tข\tมกราคม ๒๕๖๘\tสนจ.")

    assert plan.activities[0].window is None
    assert plan.activities[0].window_text == printed
    assert doubts_of(plan, "1") == {code}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("มกราคม", DoubtCode.YEAR_NOT_PRINTED),
        ("กันยายน ๒๕๖๗", DoubtCode.WINDOW_BEFORE_FISCAL_YEAR),
        ("ตุลาคม ๒๕๖๘", DoubtCode.WINDOW_AFTER_FISCAL_YEAR),
        ("มกราคม ๒๕๗๘", DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR),
        ("ตั้งแต่ ๕ มกราคม ๒๕๖๘ เป็นต้นไป", DoubtCode.OPEN_END),
    ],
)
def test_a_window_that_fits_the_year_badly_is_read_and_asked_about(
    printed: str, code: DoubtCode
) -> None:
    plan = read(HEADER, f"๑\tก\t{printed}\tสนจ.", fiscal_year=FiscalYear(2568))

    assert plan.activities[0].window is not None
    assert doubts_of(plan, "1") == {code}


def test_a_year_not_printed_comes_from_the_heading() -> None:
    plan = read("แผนประจำปีงบประมาณ พ.ศ. ๒๕๖๘", "", HEADER, "๑\tก\tธันวาคม\tสนจ.")

    assert str(plan.activities[0].window and plan.activities[0].window.last) == "2024-12-31"
    assert doubts_of(plan, "1") == {DoubtCode.YEAR_NOT_PRINTED}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("", DoubtCode.NO_RESPONSIBLE),
        ("หน่วยงานที่เกี่ยวข้อง", DoubtCode.RESPONSIBLE_UNNAMED),
        ("กลุ่มงานยุทธศาสตร์", DoubtCode.RESPONSIBLE_UNKNOWN),
    ],
)
def test_a_party_that_names_nobody_is_asked_about(printed: str, code: DoubtCode) -> None:
    plan = read(HEADER, f"๑\tก\tมกราคม ๒๕๖๘\t{printed}")

    assert doubts_of(plan, "1") == {code}


def test_a_sheet_without_windows_beside_a_plan_is_asked_about() -> None:
    agencies = Table((("ลำดับ", "ชื่อหน่วยงาน", "โครงการ"), ("๑", "อบต.แม่แรม", "ก")))
    plan = Table((("ลำดับ", "กิจกรรม", "ระยะเวลา"), ("๑", "ประชุม", "มกราคม ๒๕๖๘")))

    printed = read_rows([agencies, plan])

    assert [row.title for row in printed.rows] == ["ประชุม"]
    assert [doubt.code for doubt in printed.doubts] == [DoubtCode.TABLE_IGNORED]


def test_a_quoted_csv_is_a_plan() -> None:
    content = '"ลำดับ","กิจกรรม","ระยะเวลา"\n"1","ประชุม, ชี้แจง","มกราคม 2568"\n'

    plan = read_plan("plan.csv", content.encode())

    assert titles(plan) == [("1", "ประชุม, ชี้แจง")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("สวัสดี", FileProblem.NO_TABLE, id="no table"),
        pytest.param("ก\tข\nค\tง", FileProblem.NO_TABLE, id="another table"),
        pytest.param("ลำดับ\tกิจกรรม\n๑\tก", FileProblem.NO_WINDOW_COLUMN, id="no windows"),
        pytest.param(
            "ที่\tกิจกรรม\tต.ค.\tพ.ย.\tธ.ค.\n๑\tก\t/\t\t", FileProblem.MONTH_COLUMNS, id="a chart"
        ),
        pytest.param(
            "ที่\tกิจกรรม\tระยะเวลา\t\t\n\t\tต.ค. ๖๗\tพ.ย. ๖๗\tธ.ค. ๖๗\n๑\tก\t/\t\t",
            FileProblem.MONTH_COLUMNS,
            id="a chart under a window",
        ),
        pytest.param(
            "ที่\tกิจกรรม\tไตรมาส 1\tไตรมาสที่ ๒\tไตรมาส 3\n๑\tก\t/\t\t",
            FileProblem.MONTH_COLUMNS,
            id="a chart of quarters",
        ),
        pytest.param(
            f"แผนปี ๒๕๖๗\n\n{HEADER}\n๑\tก\tมกราคม ๒๕๖๗\tสนจ.\n\n"
            f"แผนปี ๒๕๖๘\n\n{HEADER}\n๑\tข\tมกราคม ๒๕๖๘\tสนจ.",
            FileProblem.SEVERAL_PLANS,
            id="two plans",
        ),
        pytest.param(HEADER, FileProblem.NO_ROWS, id="header alone"),
    ],
)
def test_a_file_without_a_plan_is_refused(text: str, code: FileProblem) -> None:
    with pytest.raises(PlanFileError) as refused:
        read(text)

    assert refused.value.code is code


HEADERS = ["ลำดับ", "กิจกรรม", "ระยะเวลา", "เริ่ม", "สิ้นสุด", "ผู้รับผิดชอบ"]
ODD_CELLS = ["", "๑", "๒", "7.1", "- ก - ข", "1) ก 2) ข", "มกราคม ๒๕๖๘", "สนจ.", '"', "<ul>"]
LINES = ["ระยะที่ ๑", "หมายเหตุ ข้อ 1 - 3 อปท."]
cells = st.one_of(st.sampled_from([*HEADERS, *ODD_CELLS, *LINES]), st.text(max_size=8))
grids = st.lists(st.lists(cells, min_size=1, max_size=5), max_size=10)


def read_or_refused(name: str, content: bytes) -> PlanDraft | FileProblem:
    try:
        return read_plan(name, content)
    except PlanFileError as refused:
        return refused.code


@settings(max_examples=200, deadline=None)
@given(grid=grids, header=st.sampled_from([HEADER, ""]), name=st.sampled_from(["a.txt", "a.csv"]))
def test_any_cells_give_a_plan_with_unique_numbers_or_a_reason(
    grid: list[list[str]], header: str, name: str
) -> None:
    text = "\n".join([header, *("\t".join(row) for row in grid)])

    plan = read_or_refused(name, text.encode("utf-8", "replace"))

    if isinstance(plan, PlanDraft):
        numbers = [activity.number for activity in plan.activities]
        assert len(set(numbers)) == len(numbers)
        assert all(activity.steps for activity in plan.activities)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200), head=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe"]))
def test_any_bytes_give_a_plan_or_a_reason(content: bytes, head: bytes) -> None:
    assert read_or_refused("plan.txt", head + content)
