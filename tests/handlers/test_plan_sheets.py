"""A draft as a sheet: nothing is lost on the way, and what a person did to it is told."""

import base64
import csv
import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.plan_files.table import read_plan
from handlers.plan_import import sheet_files
from handlers.plan_import.content import draft_json
from handlers.plan_import.edits import Edit, Field, accepted, questions
from handlers.plan_import.sheets import Sheet, SheetError, read_sheet, write_sheet
from messages_th.plan_sheets import WHOLE_PLAN, SheetColumn, SheetProblem, sheet_problem
from store.types import (
    ActivityDraft,
    Actor,
    Doubt,
    DoubtCode,
    DraftOrigin,
    FiscalYear,
    PartyDraft,
    PartyKind,
    PlanDraft,
    StepDraft,
    Window,
)
from tests.factories import SAMPLES, YEAR, make_draft, make_plan
from tests.handlers.test_plan_files_readers import xlsx, xlsx_rows

PLANS = ("chiangmai-2567", "angthong-2564", "krabi-2568", "lamphun-2568")
SAME_DAYS_OTHERWISE = "1-31/1/2567"
Row = dict[str, str]


def sample(name: str) -> tuple[PlanDraft, FiscalYear]:
    year = FiscalYear(int(name[-4:]))
    content = (SAMPLES / f"{name}.txt").read_bytes()
    return read_plan(f"{name}.txt", content, fiscal_year=year), year


def written(draft: PlanDraft, year: FiscalYear = YEAR) -> bytes:
    return write_sheet(draft, province="เชียงใหม่", fiscal_year=year, origin=DraftOrigin.FILE)


def back(content: bytes, name: str = "draft.csv") -> Sheet:
    sheet = read_sheet(name, content)
    assert sheet is not None
    return sheet


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(rows: list[list[str]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Return the rows as a spreadsheet program saves them: it quotes only where it must."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def changed(draft: PlanDraft, number: str, **to: str) -> Sheet:
    """Return what is read of the draft's sheet after a person changed cells of one row."""
    return reworked(draft, lambda rows: row_of(rows, number).update(to))


def reworked(draft: PlanDraft, work: Callable[[list[Row]], object]) -> Sheet:
    """Return what is read of the draft's sheet after a person worked on its rows."""
    head, *below = cells(written(draft))
    rows = [dict(zip((each.name for each in SheetColumn), row, strict=True)) for row in below]
    work(rows)
    return back(saved([head, *([row[each.name] for each in SheetColumn] for row in rows)]))


def row_of(rows: list[Row], number: str) -> Row:
    return next(row for row in rows if row["NUMBER"] == number)


@pytest.mark.parametrize("name", PLANS)
def test_what_was_written_is_read_back_whole(name: str) -> None:
    draft, year = sample(name)

    sheet = back(written(draft, year))

    assert sheet == Sheet("เชียงใหม่", year, DraftOrigin.FILE, draft, (), frozenset(), ())


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("cp874", ","), ("cp874", ";"), ("utf-8", ";"), ("utf-16", "\t")],
)
def test_a_sheet_that_excel_saved_again_says_the_same(
    name: str, encoding: str, delimiter: str
) -> None:
    draft, _ = sample(name)

    sheet = back(saved(cells(written(draft)), encoding=encoding, delimiter=delimiter))

    assert (sheet.draft, sheet.edits, sheet.dropped) == (draft, (), ())


@pytest.mark.parametrize("name", PLANS)
def test_a_sheet_that_was_saved_as_a_workbook_says_the_same(name: str) -> None:
    draft, _ = sample(name)

    sheet = back(xlsx(xlsx_rows(cells(written(draft)))), "draft.xlsx")

    assert (sheet.draft, sheet.edits) == (draft, ())


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("tick", ["ใช่", "ถูกต้อง", "x", "X", " ✓ "])
def test_ticking_every_row_answers_every_doubt(name: str, tick: str) -> None:
    draft, _ = sample(name)

    sheet = reworked(draft, lambda rows: [row.update(CHECKED=tick) for row in rows])

    assert sheet.draft == draft
    assert sheet.checked == {"", *(row.number for row in draft.activities)}


def test_what_is_no_tick_answers_nothing() -> None:
    draft, _ = sample("lamphun-2568")

    sheet = reworked(draft, lambda rows: [row.update(CHECKED="ไม่ใช่") for row in rows])

    assert sheet.checked == frozenset()


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30).map(
    lambda text: text.replace("\0", "")
)
windows = st.none() | st.dates(date(2023, 10, 1), date(2024, 9, 30)).map(
    lambda day: Window(None, day)
)
rows = st.builds(
    ActivityDraft,
    number=st.just("1"),
    printed_number=words,
    title=words,
    steps=st.lists(st.builds(StepDraft, words, st.sampled_from(Actor)), max_size=3).map(tuple),
    window=windows,
    window_text=words,
    parties=st.lists(st.builds(PartyDraft, st.sampled_from(PartyKind), words), max_size=3).map(
        tuple
    ),
    responsible_text=words,
    doubts=st.lists(
        st.builds(Doubt, st.sampled_from(DoubtCode), st.just("1"), words), max_size=3
    ).map(tuple),
)


@given(title=words, row=rows)
@settings(max_examples=200, deadline=None)
def test_whatever_a_plan_prints_comes_back(title: str, row: ActivityDraft) -> None:
    draft = PlanDraft(title, (row,))

    sheet = back(written(draft))

    assert (sheet.draft, sheet.edits, sheet.dropped) == (draft, (), ())


@given(
    st.sampled_from(["=", "+", "-", "@", "\t=", " =", "'=", "\uff1d"]), st.sampled_from(SheetColumn)
)
def test_no_cell_is_a_formula(sign: str, column: SheetColumn) -> None:
    text = f'{sign}HYPERLINK("http://203.0.113.1/","x")'
    row = replace(
        make_draft("3", text, steps=(text, text), party=PartyKind.NAMED, party_text=text),
        window_text=text,
        doubts=(Doubt(DoubtCode.DATE_IN_TITLE, "", text),),
    )

    content = cells(written(PlanDraft(text, (row,), row.doubts)))

    shown = [each[list(SheetColumn).index(column)] for each in content]
    assert [cell for cell in shown if cell.lstrip()[:1] in tuple("=+-@\uff1d")] == []


@pytest.mark.parametrize(
    ("to", "edit"),
    [
        pytest.param(
            {"WINDOW": "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗"},
            Edit("3", Field.WINDOW, "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗"),
            id="the window",
        ),
        pytest.param(
            {"LAST": "20/2/2567"},
            Edit("3", Field.WINDOW, "๑ มกราคม ๒๕๖๗ – ๒๐ กุมภาพันธ์ ๒๕๖๗"),
            id="its last day, as a spreadsheet program writes it",
        ),
        pytest.param(
            {"FIRST": ""}, Edit("3", Field.WINDOW, "ภายในวันที่ ๓๑ มกราคม ๒๕๖๗"), id="no first day"
        ),
        pytest.param(
            {"WINDOW": "๑ - ๒๐ มกราคม ๒๕๖๗", "LAST": "2024-01-20"},
            Edit("3", Field.WINDOW, "๑ - ๒๐ มกราคม ๒๕๖๗"),
            id="both, to the same days",
        ),
        pytest.param({"WINDOW": ""}, Edit("3", Field.WINDOW, ""), id="no window any more"),
        pytest.param(
            {"RESPONSIBLE": "สถจ."}, Edit("3", Field.RESPONSIBLE, "สถจ."), id="who is responsible"
        ),
        pytest.param({"TITLE": "อบรม"}, Edit("3", Field.TITLE, "อบรม"), id="the title"),
        pytest.param(
            {"STEPS": "๑) ตรวจ [ผู้บริหาร]"},
            Edit("3", Field.STEPS, "๑) ตรวจ [ผู้บริหาร]"),
            id="a step and who acts",
        ),
    ],
)
def test_a_changed_cell_is_an_edit(to: Row, edit: Edit) -> None:
    sheet = changed(make_plan(make_draft("3")), "ข้อ ๓", **to)

    assert sheet.edits == (edit,)


@pytest.mark.parametrize(
    "to",
    [
        pytest.param({"WINDOW": SAME_DAYS_OTHERWISE}, id="the same days written otherwise"),
        pytest.param({"FIRST": "1/1/2567", "LAST": "2024-01-31"}, id="days as a program shows"),
        pytest.param({"NUMBER": "3"}, id="the number in other digits"),
        pytest.param({"RESPONSIBLE": "อปท.  ทุกแห่ง "}, id="other spaces"),
        pytest.param({"DOUBTS": "", "PARTIES": "?"}, id="what is only shown"),
    ],
)
def test_what_a_spreadsheet_program_bends_is_no_edit(to: Row) -> None:
    draft = make_plan(make_draft("3"))

    sheet = changed(draft, "ข้อ ๓", **to)

    assert (sheet.draft, sheet.edits) == (draft, ())


def test_rows_may_swap_numbers_and_places() -> None:
    draft = make_plan(make_draft("3", "ประชุม"), make_draft("4", "อบรม"))

    def swap(rows: list[Row]) -> None:
        rows[1]["NUMBER"], rows[2]["NUMBER"] = rows[2]["NUMBER"], rows[1]["NUMBER"]
        rows.reverse()

    sheet = reworked(draft, swap)

    assert [(row.number, row.title) for row in sheet.draft.activities] == [
        ("3", "อบรม"),
        ("4", "ประชุม"),
    ]
    assert sheet.dropped == ()


def test_a_new_number_answers_what_was_asked_of_the_old_one() -> None:
    asked = Doubt(DoubtCode.NUMBER_TWICE, "5/2", "๕")
    other = Doubt(DoubtCode.OPEN_START, "5/2", "")
    draft = make_plan(replace(make_draft("5/2"), doubts=(asked, other)))

    sheet = changed(draft, "ข้อ ๕/๒", NUMBER="ข้อ ๖")

    assert questions(sheet.draft) == [replace(other, row="6")]


def test_a_deleted_row_is_named() -> None:
    draft = make_plan(make_draft("3"), make_draft("4", "อบรม"))

    sheet = reworked(draft, lambda rows: rows.remove(row_of(rows, "ข้อ ๓")))

    assert sheet.dropped == ("3",)
    assert [row.number for row in sheet.draft.activities] == ["4"]


def test_an_added_row_is_read_with_its_doubts() -> None:
    empty = dict.fromkeys((each.name for each in SheetColumn), "")
    added = {"NUMBER": "๔", "TITLE": "อบรม", "WINDOW": "ภายในเดือนมีนาคม ๒๕๖๗", "RESPONSIBLE": "สนจ."}

    sheet = reworked(make_plan(make_draft("3")), lambda rows: rows.append(empty | added))

    row = sheet.draft.activities[1]
    assert (row.number, row.title, row.steps) == ("4", "อบรม", (StepDraft("อบรม", Actor.AGENCY),))
    assert row.window == Window(None, date(2024, 3, 31))
    assert row.parties == (PartyDraft(PartyKind.PROVINCIAL_OFFICE, "สนจ."),)
    assert [doubt.code for doubt in row.doubts] == [DoubtCode.OPEN_START]


def test_a_copied_row_is_a_row_of_its_own() -> None:
    draft = make_plan(make_draft("3"))

    sheet = reworked(draft, lambda rows: rows.append(rows[1] | {"NUMBER": "ข้อ ๔"}))

    before, copied = sheet.draft.activities
    assert copied == replace(before, number="4", printed_number="ข้อ ๔")


def test_the_heading_of_the_plan_may_be_changed() -> None:
    sheet = changed(make_plan(make_draft("3")), WHOLE_PLAN, TITLE="แผนฉบับแก้ไข")

    assert sheet.draft.title == "แผนฉบับแก้ไข"


def test_an_answered_draft_asks_nothing_again() -> None:
    draft, _ = sample("lamphun-2568")
    answered = accepted(draft, questions(draft))

    sheet = back(written(answered))

    assert questions(sheet.draft) == []


def head_without(column: SheetColumn) -> bytes:
    place = list(SheetColumn).index(column)
    rows = cells(written(make_plan(make_draft("3"))))
    return saved([row[:place] + row[place + 1 :] for row in rows])


@pytest.mark.parametrize("column", SheetColumn)
def test_a_missing_column_is_named(column: SheetColumn) -> None:
    with pytest.raises(SheetError) as refused:
        read_sheet("draft.csv", head_without(column))

    assert (refused.value.code, refused.value.text) == (SheetProblem.COLUMN_GONE, column)


def another_row(rows: list[Row]) -> None:
    rows.append(rows[1] | {"KEPT": ""})


@pytest.mark.parametrize(
    ("work", "code"),
    [
        pytest.param(lambda rows: rows.pop(0), SheetProblem.PLAN_ROW_GONE, id="no plan row"),
        pytest.param(
            lambda rows: rows[1].update(KEPT="v1:AAAA"), SheetProblem.KEPT_DAMAGED, id="cut off"
        ),
        pytest.param(
            lambda rows: rows[1].update(KEPT="1.2E+9"), SheetProblem.KEPT_DAMAGED, id="bent"
        ),
        pytest.param(
            lambda rows: rows[1].update(KEPT=rows[0]["KEPT"]),
            SheetProblem.KEPT_DAMAGED,
            id="of another row",
        ),
        pytest.param(
            lambda rows: rows[0].update(KEPT=rows[1]["KEPT"]),
            SheetProblem.KEPT_DAMAGED,
            id="of a row in the plan's",
        ),
        pytest.param(
            lambda rows: rows[1].update(NUMBER="สาม"), SheetProblem.NUMBER_UNREADABLE, id="number"
        ),
        pytest.param(another_row, SheetProblem.NUMBER_TWICE, id="a number twice"),
        pytest.param(
            lambda rows: rows[1].update(WINDOW="๑ มีนาคม ๒๕๖๗", LAST="๒ มีนาคม ๒๕๖๗"),
            SheetProblem.DATES_DISAGREE,
            id="two windows",
        ),
        pytest.param(
            lambda rows: rows[1].update(KEPT="", STEPS="๑) ตรวจ [ใครก็ได้]"),
            SheetProblem.STEPS_UNREADABLE,
            id="an actor whom nobody knows",
        ),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_with_its_reason(
    work: Callable[[list[Row]], object], code: SheetProblem
) -> None:
    with pytest.raises(SheetError) as refused:
        reworked(make_plan(make_draft("3")), work)

    assert refused.value.code is code
    assert "{" not in sheet_problem(code, refused.value.text)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": 1}, id="a number for a title"),
        pytest.param({"title": "\ud800"}, id="half a letter"),
        pytest.param({"title": "ก\0"}, id="a letter that PostgreSQL cannot hold"),
        pytest.param({"window": {"text": 1, "first": None, "last": None}}, id="no window's text"),
        pytest.param({"activity_id": [1]}, id="no activity's id"),
        pytest.param({"doubts": [{"code": "no_window", "row": 1, "printed": ""}]}, id="no row"),
    ],
)
def test_a_kept_cell_that_says_what_no_draft_says_is_refused(change: dict[str, object]) -> None:
    kept = draft_json(make_plan(make_draft("3")))
    kept["activities"][0] |= change

    with pytest.raises(SheetError) as refused:
        reworked(
            make_plan(make_draft("3")), lambda rows: rows[1].update(KEPT=sheet_files.packed(kept))
        )

    assert refused.value.code is SheetProblem.KEPT_DAMAGED


def test_a_kept_cell_of_very_many_brackets_is_damaged() -> None:
    letters = base64.urlsafe_b64encode(zlib.compress(b"[" * 900_000)).decode()

    assert sheet_files.unpacked(f"v1:{letters}") is None


def test_a_plan_with_a_column_for_ticks_of_its_own_is_no_sheet() -> None:
    printed = "ลำดับ,กิจกรรม,ระยะเวลา,ตรวจแล้ว\n1,ประชุม,มกราคม 2567,ใช่\n"

    assert read_sheet("plan.csv", printed.encode()) is None


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_as_printed_is_no_sheet(name: str) -> None:
    assert read_sheet(f"{name}.txt", (SAMPLES / f"{name}.txt").read_bytes()) is None
