"""PDF plans: read with every row to be confirmed, or refused where the text is not what is seen.

`files/` holds the first rows of the public plan of Chiang Mai as three programs print it.
"""

from pathlib import Path

import pytest

from handlers.plan_files.grids import PlanFileError
from handlers.plan_files.readers import read_tables
from handlers.plan_files.table import read_plan
from messages_th.plan_problems import FileProblem, file_problem
from messages_th.spelling import one_line
from store.types import DoubtCode, PlanDraft
from tests.handlers.pdf_maker import Cell, page, pdf, table

FILES = Path(__file__).parent / "files"

HEADING = "แผนการดำเนินงาน ประจำปีงบประมาณ พ.ศ. ๒๕๖๗"
ROWS = (
    ("ลำดับ", "กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ"),
    (
        "๑",
        "ประชุมชี้แจงหน่วยงาน\nเพื่อย้ำการดำเนินงาน",
        "๑ - ๓๑ มกราคม ๒๕๖๗",
        "- สำนักงานจังหวัดตาก\n- อปท. ทุกแห่ง",
    ),
    ("๒", "ลงทะเบียนเข้าสู่ระบบ ITAS", "กุมภาพันธ์ ๒๕๖๗", "อปท. ทุกแห่ง"),
)
SOUND = page(table(ROWS), [HEADING])


def refusal(content: bytes) -> FileProblem:
    with pytest.raises(PlanFileError) as refused:
        read_plan("plan.pdf", content)
    return refused.value.code


def cells(content: bytes) -> list[list[str]]:
    tables = read_tables("plan.pdf", content, takes_pdf=True)
    return [[one_line(cell) for cell in row] for each in tables for row in each.rows]


def codes(plan: PlanDraft, number: str) -> set[DoubtCode]:
    return {
        doubt.code
        for activity in plan.activities
        if activity.number == number
        for doubt in activity.doubts
    }


def test_a_ruled_table_is_read_and_every_row_must_be_confirmed() -> None:
    plan = read_plan("plan.pdf", pdf(SOUND))

    assert plan.title == HEADING
    assert [(row.number, row.title, row.window_text) for row in plan.activities] == [
        ("1", "ประชุมชี้แจงหน่วยงาน เพื่อย้ำการดำเนินงาน", "๑ - ๓๑ มกราคม ๒๕๖๗"),
        ("2", "ลงทะเบียนเข้าสู่ระบบ ITAS", "กุมภาพันธ์ ๒๕๖๗"),
    ]
    assert codes(plan, "1") == codes(plan, "2") == {DoubtCode.READ_FROM_PDF}


@pytest.mark.parametrize("maker", ["chromium", "libreoffice"])
def test_what_common_programs_print_is_read_as_it_is_seen(maker: str) -> None:
    plan = read_plan("plan.pdf", (FILES / f"plan-{maker}.pdf").read_bytes())

    assert [
        (row.number, row.window_text, "".join(row.responsible_text.split()))
        for row in plan.activities
    ] == [
        ("1", "กันยายน ๒๕๖๖", "สนจ.เชียงใหม่"),
        ("2", "๘ ธันวาคม ๒๕๖๖", "สนจ.เชียงใหม่"),
        ("3", "๑ - ๓๑ มกราคม ๒๕๖๗", "-สนจ.เชียงใหม่-อปท.ทุกแห่ง"),
        ("4", "๑ - ๓๑ มกราคม ๒๕๖๗", "สนจ.เชียงใหม่"),
        ("5", "๑ - ๓๑ มกราคม ๒๕๖๗", "-สนจ.เชียงใหม่-อปท.ทุกแห่ง"),
        ("6", "๕ - ๖ กุมภาพันธ์ ๒๕๖๗", "-สถจ.เชียงใหม่-สนจ.เชียงใหม่"),
        ("7", "๑ - ๒๙ กุมภาพันธ์ ๒๕๖๗", "สนจ.เชียงใหม่"),
    ]
    assert "".join(plan.activities[6].title.split()) == (
        "แต่งตั้งคณะกรรมการขับเคลื่อนการประเมินคุณธรรมฯประจำปีงบประมาณพ.ศ.๒๕๖๗"
    )
    assert all(DoubtCode.READ_FROM_PDF in codes(plan, row.number) for row in plan.activities)


def test_a_print_that_lost_its_vowels_is_refused() -> None:
    content = (FILES / "plan-weasyprint.pdf").read_bytes()

    assert refusal(content) is FileProblem.PDF_UNSOUND


@pytest.mark.parametrize(
    "letters",
    [
        pytest.param({"\u0e48": "\uf70a"}, id="letters of a private font"),
        pytest.param({"\u0e33": "\u0e32"}, id="ำ without its ring"),
        pytest.param({"\u0e33": " \u0e32"}, id="a space for the ring of ำ"),
        pytest.param({"\u0e32": "\u0e49\u0e33"}, id="another vowel for า"),
        pytest.param({"\u0e34": " ", "\u0e35": " ", "\u0e31": " "}, id="lost vowels"),
        pytest.param({"\u0e01": "A", "\u0e19": "B", "\u0e23": "C"}, id="other letters"),
        pytest.param({"\u0e01": "\ufffd"}, id="unknown letters"),
        pytest.param({"\u0e19": "\u0e40", "\u0e40": "\u0e19"}, id="letters in wrong order"),
    ],
)
def test_text_that_is_not_what_is_seen_is_refused(letters: dict[str, str]) -> None:
    assert refusal(pdf(SOUND, letters=letters)) is FileProblem.PDF_UNSOUND


def test_a_split_am_is_one_letter_all_the_same() -> None:
    content = pdf(SOUND, letters={"\u0e33": "\u0e4d\u0e32"})

    assert cells(content) == cells(pdf(SOUND))


def test_a_bullet_of_a_private_font_is_a_dash() -> None:
    rows = [*ROWS[:2], ("๒", "ลงทะเบียน", "กุมภาพันธ์ ๒๕๖๗", "\uf0b7 อปท. ทุกแห่ง")]

    assert cells(pdf(page(table(rows))))[2][3] == "- อปท. ทุกแห่ง"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(pdf(b"", has_picture=True), FileProblem.PDF_SCAN, id="a scan"),
        pytest.param(
            pdf(page(table(ROWS), mode=3), has_picture=True),
            FileProblem.PDF_SCAN,
            id="a scan with hidden text",
        ),
        pytest.param(
            pdf(page([], [" ".join(row).replace("\n", " ") for row in ROWS])),
            FileProblem.PDF_NO_TABLE,
            id="no ruled lines",
        ),
        pytest.param(pdf(*[SOUND] * 41), FileProblem.TOO_MANY_PAGES, id="many pages"),
        pytest.param(b"%PDF-1.7 torn", FileProblem.BROKEN, id="cut off"),
        pytest.param(pdf(b" " * (4 * 2**20)), FileProblem.TOO_LARGE, id="unpacks too large"),
        pytest.param(pdf(page(table([("x" * 99,) * 4] * 12))), FileProblem.PDF_UNSOUND, id="other"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, code: FileProblem) -> None:
    assert refusal(content) is code


def test_an_empty_page_behind_a_plan_is_no_scan() -> None:
    assert cells(pdf(SOUND, b"")) == cells(pdf(SOUND))


def test_a_locked_pdf_is_refused_as_locked() -> None:
    locked = pdf(SOUND).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
        b" /O <" + b"00" * 32 + b"> /U <" + b"00" * 32 + b"> >>",
    )

    assert refusal(locked) is FileProblem.PASSWORD


def test_a_missing_line_inside_a_table_mixes_no_cells() -> None:
    third, fourth = ("๓", "ก", "มีนาคม ๒๕๖๗", "สนจ."), ("๔", "ข", "เมษายน ๒๕๖๗", "สนจ.")
    grid = table([*ROWS, third, fourth])
    missing = {(60, 600), (20, 540), (60, 540)}

    content = pdf(page([cell for cell in grid if (cell.left, cell.top) not in missing]))

    assert refusal(content) is FileProblem.PDF_NO_TABLE


def test_a_page_on_its_side_is_read_upright() -> None:
    assert cells(pdf(SOUND, is_turned=True)) == cells(pdf(SOUND))


def test_a_merged_window_counts_for_the_rows_that_it_reaches() -> None:
    grid = table([*ROWS, ("๓", "รายงานผลการประเมิน", "", "อปท. ทุกแห่ง")])
    merged = [Cell(290, 660, 130, 120, "กุมภาพันธ์ ๒๕๖๗")]
    others = [cell for cell in grid if cell.left != 290 or cell.top > 660]

    plan = read_plan("plan.pdf", pdf(page([*others, *merged])))

    assert [row.window_text for row in plan.activities[1:]] == ["กุมภาพันธ์ ๒๕๖๗"] * 2
    assert codes(plan, "3") == {DoubtCode.READ_FROM_PDF, DoubtCode.MERGED_CELL}


def test_a_row_torn_by_the_end_of_a_page_is_joined() -> None:
    first = page(table([*ROWS, ("๓", "เผยแพร่ผลการประเมิน", "๑ - ๓๑", "สำนักงาน")]))
    rest = page(table([("", "ของจังหวัด", "สิงหาคม ๒๕๖๗", "จังหวัดตาก")]))

    plan = read_plan("plan.pdf", pdf(first, rest))

    assert len(plan.activities) == 3
    assert plan.activities[2].window_text == "๑ - ๓๑ สิงหาคม ๒๕๖๗"
    assert plan.activities[2].responsible_text == "สำนักงาน จังหวัดตาก"
    assert DoubtCode.ROW_CONTINUED in codes(plan, "3")


def test_only_who_asks_for_each_row_gets_the_rows_of_a_pdf() -> None:
    with pytest.raises(PlanFileError) as refused:
        read_tables("agencies.pdf", pdf(SOUND))

    assert refused.value.code is FileProblem.UNKNOWN_TYPE


@pytest.mark.parametrize(
    "code", [FileProblem.PDF_SCAN, FileProblem.PDF_UNSOUND, FileProblem.PDF_NO_TABLE]
)
def test_a_refused_pdf_is_told_what_to_send_instead(code: FileProblem) -> None:
    assert ".docx" in file_problem(code)
    assert ".xlsx" in file_problem(code)
