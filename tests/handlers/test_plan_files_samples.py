"""The four printed plans of four provinces, read to the last number, window, step and party."""

from itertools import permutations
from pathlib import Path

import pytest

from handlers.plan_files import table
from handlers.plan_files.table import read_plan
from store.types import ActivityDraft, Actor, DoubtCode, PartyKind, PlanDraft

SAMPLES = Path(table.__file__).parent / "samples"

AGENCY = Actor.AGENCY
ADMIN = Actor.ADMIN
EXECUTIVE = Actor.EXECUTIVE
BOTH = Actor.ADMIN_AND_EXECUTIVE
NACC = Actor.OUTSIDE

LOCAL = PartyKind.EVERY_LOCAL
REGIONAL = PartyKind.EVERY_REGIONAL
OFFICE = PartyKind.PROVINCIAL_OFFICE
LOCAL_OFFICE = PartyKind.LOCAL_ADMINISTRATION_OFFICE
GROUP = PartyKind.WORKING_GROUP
OUTSIDE = PartyKind.OUTSIDE
UNNAMED = PartyKind.UNNAMED

Expected = tuple[str, str, str, list[Actor], list[PartyKind]]

CHIANGMAI: list[Expected] = [
    ("1", "๑", "2023-09-01..2023-09-30", [AGENCY], [OFFICE]),
    ("2", "๒", "2023-12-08..2023-12-08", [AGENCY], [OFFICE]),
    ("3", "๓", "2024-01-01..2024-01-31", [AGENCY], [OFFICE, LOCAL]),
    ("4", "๔", "2024-01-01..2024-01-31", [AGENCY], [OFFICE]),
    ("5", "๕", "2024-01-01..2024-01-31", [AGENCY], [OFFICE, LOCAL]),
    ("6", "๖", "2024-02-05..2024-02-06", [AGENCY], [LOCAL_OFFICE, OFFICE]),
    ("7", "๗", "2024-02-01..2024-02-29", [AGENCY], [OFFICE]),
    ("8", "๘", "2024-02-01..2024-02-29", [AGENCY], [OFFICE]),
    ("9", "๙", "2024-02-27..2024-02-27", [AGENCY], [GROUP, OFFICE]),
    ("10", "๑๐", "2024-02-27..2024-02-27", [AGENCY], [OFFICE, REGIONAL, LOCAL]),
    ("11", "๑๑", "2024-01-01..2024-03-31", [AGENCY], [REGIONAL, LOCAL]),
    ("12", "๑๒", "2024-02-01..2024-06-01", [AGENCY], [REGIONAL, LOCAL]),
    ("13", "๑๓", "2024-04-01..2024-06-01", [AGENCY], [REGIONAL, LOCAL]),
    ("14", "๑๔", "2024-02-01..2024-04-24", [AGENCY], [GROUP]),
    ("15", "๑๕", "2024-04-01..2024-04-30", [AGENCY], [OFFICE, LOCAL]),
    ("16", "๑๖", "2024-06-01..2024-06-30", [AGENCY], [GROUP]),
    ("17", "๑๗", "2024-06-06..2024-06-18", [AGENCY], [OFFICE, LOCAL]),
    ("18", "๑๘", "2024-08-01..2024-08-31", [NACC], [OUTSIDE]),
]
ANGTHONG: list[Expected] = [
    ("1", "1", "..2021-02-28", [AGENCY], [LOCAL]),
    ("2", "2", "2021-02-01..2021-03-15", [BOTH, ADMIN, EXECUTIVE], [LOCAL]),
    ("3", "3", "2021-03-01..2021-04-15", [ADMIN, EXECUTIVE], [LOCAL]),
    ("4", "4", "2021-04-01..2021-05-15", [ADMIN, ADMIN], [LOCAL]),
    ("5", "5", "2021-04-01..2021-05-15", [ADMIN, NACC], [LOCAL]),
    ("6", "6", "2021-05-01..2021-05-31", [NACC], [OUTSIDE]),
    ("7", "7", "2021-06-01..2021-06-15", [ADMIN], [LOCAL]),
]
KRABI: list[Expected] = [
    ("1", "๑", "2024-11-01..2024-11-30", [AGENCY], [OFFICE]),
    ("2", "๒", "2024-11-01..2024-11-30", [AGENCY], [OFFICE]),
    ("3", "๓", "2024-12-01..2024-12-31", [AGENCY], [OFFICE, OUTSIDE]),
    ("4", "๔", "2024-12-01..2024-12-31", [AGENCY], [OFFICE, LOCAL_OFFICE]),
    ("5", "๕", "2025-01-01..2025-01-31", [AGENCY], [OFFICE, LOCAL_OFFICE]),
    ("6", "๖", "2025-01-01..2025-01-31", [AGENCY], [OFFICE]),
    ("7", "๗", "2025-02-01..2025-02-28", [AGENCY], [OFFICE]),
    ("8", "๑๘", "2025-01-01..2025-01-31", [BOTH, ADMIN, EXECUTIVE], [OFFICE, LOCAL]),
    ("9", "๙", "2025-01-01..2025-01-31", [AGENCY], [OFFICE, LOCAL_OFFICE]),
    ("10", "๑๐", "2025-01-01..2025-01-31", [AGENCY], [OUTSIDE, OFFICE, LOCAL_OFFICE]),
    ("11", "๑๑", "2025-01-01..2025-01-31", [AGENCY], [OFFICE, LOCAL_OFFICE]),
    ("12", "๑๒", "2025-02-01..2025-02-28", [AGENCY], [OFFICE, LOCAL_OFFICE]),
    ("13", "๑๓", "2025-03-01..2025-03-31", [AGENCY], [OFFICE]),
    ("14", "๑๔", "2025-02-01..2025-05-31", [AGENCY], [REGIONAL, LOCAL]),
    ("15", "๑๕", "2025-02-01..2025-05-31", [AGENCY], [REGIONAL, LOCAL]),
    ("16", "๑๖", "2025-01-01..2025-04-30", [AGENCY], [REGIONAL, OFFICE, LOCAL]),
]
LAMPHUN: list[Expected] = [
    ("1", "๑", "..2024-10-31", [AGENCY], [OFFICE]),
    ("2", "๒", "..2024-12-31", [AGENCY], [OFFICE]),
    ("3", "๓", "..2025-01-31", [AGENCY], [OFFICE, OUTSIDE, REGIONAL, LOCAL]),
    ("4", "๔", "..2025-02-28", [AGENCY], [OFFICE, OUTSIDE, UNNAMED]),
    ("5", "๕", "..2025-02-28", [AGENCY], [OFFICE]),
    ("6", "๖", "..2025-02-28", [AGENCY], [OFFICE, OUTSIDE, LOCAL_OFFICE]),
    ("7.1", "", "2025-01-01..2025-01-31", [AGENCY, AGENCY, AGENCY], [OFFICE]),
    ("7.2", "", "2025-01-01..2025-06-30", [AGENCY, AGENCY, NACC], [OFFICE, UNNAMED]),
    ("7.3", "", "2025-01-01..2025-04-30", [AGENCY], [OFFICE, UNNAMED]),
    ("7.4", "", "..2025-04-30", [AGENCY], [OFFICE, OUTSIDE, UNNAMED]),
    ("7.5", "", "2025-06-06..2025-06-16", [AGENCY], [OFFICE, OUTSIDE, UNNAMED]),
    ("8", "๘", "..2025-09-30", [AGENCY], [OFFICE, OUTSIDE, REGIONAL, LOCAL]),
]


def read_sample(name: str) -> PlanDraft:
    return read_plan(f"{name}.txt", (SAMPLES / f"{name}.txt").read_bytes())


def summary(activity: ActivityDraft) -> Expected:
    window = activity.window
    return (
        activity.number,
        activity.printed_number,
        f"{window.first or ''}..{window.last}" if window else "",
        [step.actor for step in activity.steps],
        [party.kind for party in activity.parties],
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chiangmai-2567", CHIANGMAI),
        ("angthong-2564", ANGTHONG),
        ("krabi-2568", KRABI),
        ("lamphun-2568", LAMPHUN),
    ],
)
def test_a_printed_plan_is_read_as_a_careful_reader_would(
    name: str, expected: list[Expected]
) -> None:
    plan = read_sample(name)

    assert [summary(activity) for activity in plan.activities] == expected


@pytest.mark.parametrize(
    ("name", "row", "codes"),
    [
        ("chiangmai-2567", "", {DoubtCode.HEADER_REPEATED, DoubtCode.ROWS_NOT_IN_DATE_ORDER}),
        ("chiangmai-2567", "1", {DoubtCode.WINDOW_BEFORE_FISCAL_YEAR}),
        ("chiangmai-2567", "7", set()),
        ("chiangmai-2567", "12", {DoubtCode.ENDS_ON_FIRST_OF_MONTH}),
        ("chiangmai-2567", "13", {DoubtCode.ENDS_ON_FIRST_OF_MONTH}),
        ("chiangmai-2567", "17", {DoubtCode.CONDITIONAL}),
        ("angthong-2564", "", {DoubtCode.HEADER_REPEATED}),
        ("angthong-2564", "1", {DoubtCode.OPEN_START, DoubtCode.RESPONSIBLE_FROM_NOTE}),
        ("angthong-2564", "6", {DoubtCode.RESPONSIBLE_FROM_NOTE}),
        ("angthong-2564", "7", {DoubtCode.CONDITIONAL, DoubtCode.RESPONSIBLE_FROM_NOTE}),
        (
            "krabi-2568",
            "",
            {
                DoubtCode.HEADING_YEAR_DIFFERS,
                DoubtCode.HEADER_REPEATED,
                DoubtCode.ROWS_NOT_IN_DATE_ORDER,
                DoubtCode.SPACE_IN_NAME,
            },
        ),
        ("krabi-2568", "4", {DoubtCode.RESPONSIBLE_MISSPELT}),
        ("krabi-2568", "6", {DoubtCode.DATE_IN_TITLE}),
        ("krabi-2568", "8", {DoubtCode.NUMBER_OUT_OF_ORDER, DoubtCode.MARKUP_REMOVED}),
        ("krabi-2568", "9", {DoubtCode.RESPONSIBLE_MISSPELT, DoubtCode.MARKUP_REMOVED}),
        ("krabi-2568", "13", {DoubtCode.ROW_CONTINUED, DoubtCode.MARKUP_REMOVED}),
        ("krabi-2568", "14", set()),
        (
            "lamphun-2568",
            "",
            {
                DoubtCode.HEADER_REPEATED,
                DoubtCode.ROW_PRINTED_TWICE,
                DoubtCode.PAGES_OUT_OF_ORDER,
                DoubtCode.ROWS_NOT_IN_DATE_ORDER,
                DoubtCode.GROUP_HEADING,
                DoubtCode.SPACE_IN_NAME,
            },
        ),
        ("lamphun-2568", "1", {DoubtCode.OPEN_START}),
        (
            "lamphun-2568",
            "4",
            {DoubtCode.OPEN_START, DoubtCode.COPIES_DIFFER, DoubtCode.RESPONSIBLE_UNNAMED},
        ),
        ("lamphun-2568", "5", {DoubtCode.OPEN_START, DoubtCode.COPIES_DIFFER}),
        (
            "lamphun-2568",
            "7.2",
            {
                DoubtCode.MARKUP_REMOVED,
                DoubtCode.MARKUP_UNCLOSED,
                DoubtCode.RESPONSIBLE_UNNAMED,
            },
        ),
        ("lamphun-2568", "7.5", {DoubtCode.CONDITIONAL, DoubtCode.RESPONSIBLE_UNNAMED}),
    ],
)
def test_each_oddity_is_named_among_the_doubts(name: str, row: str, codes: set[DoubtCode]) -> None:
    plan = read_sample(name)

    doubts = {activity.number: activity.doubts for activity in plan.activities} | {"": plan.doubts}

    assert {doubt.code for doubt in doubts[row]} == codes


def test_the_same_plans_have_no_other_open_starts_and_copies() -> None:
    doubts = [
        doubt for activity in read_sample("lamphun-2568").activities for doubt in activity.doubts
    ]

    assert sum(doubt.code is DoubtCode.OPEN_START for doubt in doubts) == 8
    assert sum(doubt.code is DoubtCode.COPIES_DIFFER for doubt in doubts) == 2


def test_the_heading_of_the_sub_rows_is_a_doubt_and_no_activity() -> None:
    plan = read_sample("lamphun-2568")

    heading = next(doubt for doubt in plan.doubts if doubt.code is DoubtCode.GROUP_HEADING)

    assert heading.row == "7"
    assert heading.printed.startswith("ดำเนินการตามปฏิทินการประเมิน")


def test_titles_and_steps_are_free_of_markup_and_numbers() -> None:
    row = read_sample("krabi-2568").activities[7]

    assert row.title == "การลงทะเบียนการประเมินและนำเข้าข้อมูลประกอบการประเมินฯ"
    assert [step.title for step in row.steps] == [
        "ผู้ดูแลระบบและผู้บริหารลงทะเบียนการประเมินในระบบ ITAS",
        "ผู้ดูแลระบบนำเข้าข้อมูลผู้มีส่วนได้ส่วนเสียภายในในระบบ ITAS",
        "ผู้บริหารตรวจสอบและอนุมัติข้อมูลผู้มีส่วนได้ส่วนเสียภายในในระบบ ITAS",
    ]


def test_the_half_of_a_row_after_the_page_joins_its_first_half() -> None:
    row = read_sample("krabi-2568").activities[12]

    assert row.title.endswith(
        "ประจำปีงบประมาณ ๒๕๖๘ เพื่อกำหนดแผนการดำเนินงานและมอบหมายภารกิจให้ส่วนราชการประจำจังหวัดกระบี่รับผิดชอบ"
    )


def test_printed_texts_are_kept_beside_their_readings() -> None:
    chiangmai = read_sample("chiangmai-2567").activities[2]
    angthong = read_sample("angthong-2564").activities[5]

    assert chiangmai.window_text == "๑ - ๓๑ มกราคม ๒๕๖๗"
    assert chiangmai.responsible_text == "- สนจ.เชียงใหม่ - อปท. ทุกแห่ง"
    assert angthong.title == "ให้คะแนนแบบวัด OIT"
    assert angthong.responsible_text == "คณะที่ปรึกษา"


@pytest.mark.parametrize(
    ("name", "beginning", "end"),
    [
        ("chiangmai-2567", "แผนการขับเคลื่อน", "พ.ศ. ๒๕๖๗ จังหวัดเชียงใหม่"),
        ("angthong-2564", "แผนปฏิบัติการ", "พ.ศ. 2564"),
        ("krabi-2568", "แผนการขับเคลื่อน", "พ.ศ. ๒๕๖๗ จังหวัดกระบี่"),
        ("lamphun-2568", "แผนการขับเคลื่อน", "พ.ศ. ๒๕๖๘ จังหวัดลำพูน"),
    ],
)
def test_the_title_is_the_heading_that_names_a_plan(name: str, beginning: str, end: str) -> None:
    title = read_sample(name).title

    assert title.startswith(beginning)
    assert title.endswith(end)


@pytest.mark.parametrize("name", ["chiangmai-2567", "angthong-2564", "krabi-2568", "lamphun-2568"])
def test_a_plan_reads_the_same_with_its_columns_in_any_order(name: str) -> None:
    lines = (SAMPLES / f"{name}.txt").read_text("utf-8").split("\n")
    expected = [
        (summary(each), each.title, each.responsible_text) for each in read_sample(name).activities
    ]

    for order in permutations(range(4)):
        cells = [line.split("\t") for line in lines]
        moved = [[row[at] for at in order] if len(row) == 4 else row for row in cells]
        plan = read_plan("plan.txt", "\n".join("\t".join(row) for row in moved).encode())

        assert [(summary(e), e.title, e.responsible_text) for e in plan.activities] == expected, (
            order
        )
