"""Word plans: merged, nested and several tables, counted lists, tracked changes."""

import copy
import io
import zipfile

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table as WordTable

from handlers.plan_files.grids import PlanFileError
from handlers.plan_files.readers import read_tables
from handlers.plan_files.table import read_plan
from messages_th.plan_problems import FileProblem
from store.types import DoubtCode, PartyKind, PlanDraft

HEADER = ("ลำดับ", "กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ")
FIRST = ("๑", "ประชุม", "มกราคม ๒๕๖๘", "สนจ.ตาก")
SECOND = ("๒", "ลงทะเบียน", "มีนาคม ๒๕๖๘", "อปท. ทุกแห่ง")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def add_table(document: DocumentType, *rows: tuple[str, ...]) -> WordTable:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def saved(document: DocumentType) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def read(document: DocumentType) -> PlanDraft:
    return read_plan("plan.docx", saved(document))


def titles(plan: PlanDraft) -> list[tuple[str, str]]:
    return [(activity.number, activity.title) for activity in plan.activities]


def codes(plan: PlanDraft, number: str = "") -> set[DoubtCode]:
    by_row = {activity.number: activity.doubts for activity in plan.activities}
    return {doubt.code for doubt in {**by_row, "": plan.doubts}[number]}


def number_cell(table: WordTable, row: int, column: int, list_id: int) -> None:
    """Let Word count the paragraph of a cell in a list."""
    paragraph = table.cell(row, column).paragraphs[0]
    properties = paragraph._p.get_or_add_pPr()
    numbering = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>'
    properties.append(parse_xml(numbering))


def add_list(document: DocumentType, list_id: int, form: str, text: str) -> None:
    part = document.part.numbering_part.element
    shape = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{list_id}"><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        "</w:abstractNum>"
    )
    number = (
        f'<w:num {nsdecls("w")} w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/></w:num>'
    )
    part.append(parse_xml(shape))
    part.append(parse_xml(number))


def test_a_table_of_a_letter_is_read_with_its_heading_and_notes() -> None:
    document = Document()
    document.add_paragraph("ที่ ตก ๐๐๑๗/ว ๑")
    document.add_paragraph("")
    document.add_paragraph("แผนการขับเคลื่อน ITA")
    document.add_paragraph("ประจำปีงบประมาณ พ.ศ. ๒๕๖๘")
    add_table(document, HEADER, FIRST, (*SECOND[:3], ""))
    document.add_paragraph("หมายเหตุ ข้อ ๒ เป็นส่วนคณะที่ปรึกษา")

    plan = read(document)

    assert plan.title == "แผนการขับเคลื่อน ITA ประจำปีงบประมาณ พ.ศ. ๒๕๖๘"
    assert titles(plan) == [("1", "ประชุม"), ("2", "ลงทะเบียน")]
    assert plan.activities[1].responsible_text == "คณะที่ปรึกษา"


def test_a_cell_merged_over_columns_is_read_once() -> None:
    document = Document()
    table = add_table(document, HEADER, ("", "", "", ""), FIRST)
    table.cell(1, 0).merge(table.cell(1, 3)).text = "ระยะที่ ๑ เตรียมการ"

    (read_table,) = read_tables("plan.docx", saved(document))

    assert read_table.rows[1] == ("ระยะที่ ๑ เตรียมการ", "", "", "")
    assert titles(read(document)) == [("1", "ประชุม")]


def test_a_window_and_owner_merged_over_rows_count_for_each_of_them() -> None:
    document = Document()
    table = add_table(document, HEADER, FIRST, ("๒", "ลงทะเบียน", "", ""), ("๓", "รายงาน", "", ""))
    table.cell(1, 2).merge(table.cell(2, 2))
    table.cell(1, 3).merge(table.cell(3, 3))

    plan = read(document)

    assert [row.window_text for row in plan.activities] == ["มกราคม ๒๕๖๘", "มกราคม ๒๕๖๘", ""]
    assert [row.responsible_text for row in plan.activities] == ["สนจ.ตาก"] * 3
    assert codes(plan, "2") == {DoubtCode.MERGED_CELL}
    assert codes(plan, "3") == {DoubtCode.MERGED_CELL, DoubtCode.NO_WINDOW}


def test_rows_under_one_merged_number_and_window_are_one_activity() -> None:
    document = Document()
    table = add_table(document, HEADER, FIRST, ("", "ชี้แจง", "", ""), SECOND)
    for column in (0, 2, 3):
        table.cell(1, column).merge(table.cell(2, column))

    plan = read(document)

    assert titles(plan) == [("1", "ประชุม ชี้แจง"), ("2", "ลงทะเบียน")]
    assert codes(plan, "1") == {DoubtCode.ROW_CONTINUED}


def test_a_cell_merged_over_very_many_rows_is_no_trouble() -> None:
    document = Document()
    table = add_table(document, HEADER, FIRST, ("๒", "ลงทะเบียน", "", "สนจ.ตาก"))
    table.cell(1, 2).merge(table.cell(2, 2))
    rows = table._tbl
    rows.extend(copy.deepcopy(rows.tr_lst[-1]) for _ in range(2_000))

    (read_table,) = read_tables("plan.docx", saved(document))

    assert len(read_table.rows) == 2_003
    assert read_table.covered[2_002, 2] == "มกราคม ๒๕๖๘"


def test_two_tables_are_one_plan_and_asked_about() -> None:
    document = Document()
    add_table(document, HEADER, FIRST)
    document.add_paragraph("")
    add_table(document, HEADER, SECOND)

    plan = read(document)

    assert titles(plan) == [("1", "ประชุม"), ("2", "ลงทะเบียน")]
    assert codes(plan) == {DoubtCode.TABLES_JOINED}


def test_a_table_without_a_header_goes_on_with_the_columns_before_it() -> None:
    document = Document()
    add_table(document, ("ที่", "ระยะเวลา", "กิจกรรม", "ผู้ตรวจ"), ("๑", "มกราคม ๒๕๖๘", "ก", "มีนาคม"))
    document.add_paragraph("")
    add_table(document, ("๒", "มีนาคม ๒๕๖๘", "ข", "เมษายน"))

    plan = read(document)

    assert [(row.title, row.window_text) for row in plan.activities] == [
        ("ก", "มกราคม ๒๕๖๘"),
        ("ข", "มีนาคม ๒๕๖๘"),
    ]


def test_another_table_beside_the_plan_is_asked_about() -> None:
    document = Document()
    add_table(document, ("ลงชื่อ", "ตำแหน่ง"), ("........", "ประธาน"))
    document.add_paragraph("")
    add_table(document, HEADER, FIRST)

    plan = read(document)

    assert titles(plan) == [("1", "ประชุม")]
    assert codes(plan) == {DoubtCode.TABLE_IGNORED}


def test_a_plan_inside_a_frame_is_a_table_of_its_own() -> None:
    document = Document()
    frame = document.add_table(1, 1)
    inner = frame.cell(0, 0).add_table(2, 4)
    for row, texts in zip(inner.rows, (HEADER, FIRST), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text

    assert titles(read(document)) == [("1", "ประชุม")]


def test_a_small_table_inside_a_cell_is_text_of_that_cell() -> None:
    document = Document()
    table = add_table(document, HEADER, FIRST)
    inner = table.cell(1, 3).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "อปท.", "ทุกแห่ง"

    plan = read(document)

    assert [party.kind for party in plan.activities[0].parties] == [
        PartyKind.PROVINCIAL_OFFICE,
        PartyKind.EVERY_LOCAL,
    ]


def test_numbers_and_bullets_that_word_counts_are_read_as_printed() -> None:
    document = Document()
    table = add_table(document, HEADER, ("", *FIRST[1:]), ("", *SECOND[1:]))
    add_list(document, 91, "thaiNumbers", "%1.")
    add_list(document, 92, "bullet", "\uf0b7")
    for row in (1, 2):
        number_cell(table, row, 0, 91)
        number_cell(table, row, 3, 92)

    plan = read(document)

    assert [row.printed_number for row in plan.activities] == ["๑.", "๒."]
    assert [row.responsible_text for row in plan.activities] == ["- สนจ.ตาก", "- อปท. ทุกแห่ง"]
    assert codes(plan) == set()


def test_tracked_changes_are_read_as_if_accepted() -> None:
    document = Document()
    table = add_table(document, HEADER, (*FIRST[:2], "", FIRST[3]))
    run = '<w:{0} {1} w:id="1" w:author="A"><w:r><w:{2}>{3} ๒๕๖๘</w:{2}></w:r></w:{0}>'
    paragraph = table.cell(1, 2).paragraphs[0]._p
    paragraph.append(parse_xml(run.format("del", nsdecls("w"), "delText", "มกราคม")))
    paragraph.append(parse_xml(run.format("ins", nsdecls("w"), "t", "มีนาคม")))

    assert [row.window_text for row in read(document).activities] == ["มีนาคม ๒๕๖๘"]


def test_rows_in_a_content_control_are_read() -> None:
    document = Document()
    table = add_table(document, HEADER, FIRST, SECOND)
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row = table._tbl.tr_lst[2]
    row.addprevious(control)
    control[0].append(row)

    assert titles(read(document)) == [("1", "ประชุม"), ("2", "ลงทะเบียน")]


def test_a_header_over_two_rows_is_one() -> None:
    document = Document()
    add_table(
        document,
        ("ลำดับ", "กิจกรรม", "ระยะ", "หน่วยงาน"),
        ("ที่", "", "เวลา", "ที่รับผิดชอบ"),
        FIRST,
    )

    plan = read(document)

    assert titles(plan) == [("1", "ประชุม")]
    assert codes(plan) == codes(plan, "1") == set()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(saved(Document()), FileProblem.NO_TABLE, id="no table"),
        pytest.param(
            OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), FileProblem.PASSWORD, id="locked"
        ),
        pytest.param(
            OLD_OFFICE + "WordDocument".encode("utf-16-le"), FileProblem.OLD_WORD, id="old Word"
        ),
        pytest.param(saved(Document())[:-60], FileProblem.BROKEN, id="cut off"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_its_reason(
    content: bytes, code: FileProblem
) -> None:
    with pytest.raises(PlanFileError) as refused:
        read_plan("plan.docx", content)

    assert refused.value.code is code


def test_a_document_of_broken_xml_is_refused_as_broken() -> None:
    torn = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(Document()))) as whole,
        zipfile.ZipFile(torn, "w") as copied,
    ):
        for name in whole.namelist():
            copied.writestr(name, b"<w:p" if name == "word/document.xml" else whole.read(name))

    with pytest.raises(PlanFileError) as refused:
        read_plan("plan.docx", torn.getvalue())

    assert refused.value.code is FileProblem.BROKEN


def test_a_document_of_more_rows_than_a_plan_has_is_refused_before_they_are_read() -> None:
    document = Document()
    table = document.add_table(rows=1, cols=1)
    row = table.rows[0]._tr.xml
    rows = parse_xml(f"<w:tbl {nsdecls('w')}>{row * 5_001}</w:tbl>")
    table._tbl.getparent().replace(table._tbl, rows)

    with pytest.raises(PlanFileError) as refused:
        read_tables("plan.docx", saved(document))

    assert refused.value.code is FileProblem.TOO_MANY_ROWS
