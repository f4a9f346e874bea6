"""Files to tables: encodings, workbooks, and every kind of file that is refused."""

import io
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.plan_files import readers
from handlers.plan_files.readers import PlanFileError, Table, read_tables
from handlers.plan_files.table import read_plan
from messages_th.plan_problems import FileProblem
from store.types import DoubtCode
from tests.handlers.workbook_maker import ods, xls, xlsx, xlsx_rows, zipped

ROWS = (("ลำดับ", "กิจกรรม", "ระยะเวลา"), ("๑", "ประชุม", "มกราคม ๒๕๖๘"))
TEXT = "\n".join("\t".join(row) for row in ROWS)
PLACED = {(row, at): text for row, texts in enumerate(ROWS) for at, text in enumerate(texts)}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("plan.txt", TEXT.encode(), id="UTF-8"),
        pytest.param("plan.txt", TEXT.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param("plan.txt", TEXT.encode("utf-16"), id="UTF-16"),
        pytest.param("plan.txt", TEXT.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param("plan.txt", TEXT.encode("utf-16-be"), id="UTF-16 the other way round"),
        pytest.param("plan.txt", TEXT.encode("tis-620"), id="TIS-620"),
        pytest.param("plan.txt", TEXT.encode("cp874"), id="Windows-874"),
        pytest.param("plan.txt", TEXT.replace("\n", "\r\n").encode(), id="lines of Windows"),
        pytest.param("", TEXT.encode(), id="pasted"),
        pytest.param("plan.csv", TEXT.replace("\t", ",").encode("cp874"), id="CSV"),
        pytest.param("plan.csv", TEXT.replace("\t", ";").encode(), id="CSV with semicolons"),
        pytest.param(
            "plan.csv", ("sep=;\n" + TEXT.replace("\t", ";")).encode(), id="CSV for Excel"
        ),
        pytest.param("plan.xls", TEXT.encode(), id="text called XLS"),
        pytest.param("plan.docx", TEXT.replace("\t", ",").encode(), id="CSV called Word"),
        pytest.param("", TEXT.replace("\t", ", ").encode(), id="pasted with commas"),
        pytest.param("", TEXT.replace("\t", "   ").encode(), id="pasted with spaces"),
        pytest.param("plan.xlsx", xlsx(xlsx_rows(ROWS)), id="XLSX"),
        pytest.param("plan.csv", xlsx(xlsx_rows(ROWS)), id="XLSX with a wrong name"),
        pytest.param("plan.xls", xls(PLACED), id="XLS"),
        pytest.param("plan.ods", ods(ROWS), id="ODS"),
    ],
)
def test_every_format_gives_the_same_cells(name: str, content: bytes) -> None:
    assert read_tables(name, content) == [Table(ROWS)]


def test_lines_around_the_rows_are_set_apart() -> None:
    text = f"แผนปี ๒๕๖๘\nจังหวัดตาก\n\n{TEXT}\n\nหมายเหตุ ข้อ ๑ อปท."

    (table,) = read_tables("plan.txt", text.encode())

    assert table == Table(ROWS, above=("แผนปี ๒๕๖๘", "จังหวัดตาก"), below=("หมายเหตุ ข้อ ๑ อปท.",))


def test_dates_and_numbers_of_a_workbook_are_read_as_printed() -> None:
    rows = xlsx_rows(ROWS[:1]) + (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>ประชุม</t></is></c>'
        '<c r="C2" s="1"><v>45349</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="inlineStr"><is><t>ลงทะเบียน</t></is></c>'
        '<c r="C3" s="1"><v>243676</v></c></row>'
    )

    plan = read_plan("plan.xlsx", xlsx(rows))

    assert [(a.number, a.window_text) for a in plan.activities] == [
        ("1", "2024-02-27"),
        ("2", "2567-02-27"),
    ]
    assert {str(a.window and a.window.last) for a in plan.activities} == {"2024-02-27"}


def test_sheets_that_reach_far_together_are_refused() -> None:
    sheet = zipfile.ZipFile(
        io.BytesIO(xlsx(xlsx_rows(ROWS) + '<row r="40000"><c r="AA1"><v>1</v></c></row>'))
    )
    files = {name: sheet.read(name).decode() for name in sheet.namelist()}
    copies = {f"xl/worksheets/more{n}.xml": files["xl/worksheets/sheet1.xml"] for n in range(2)}

    assert read_tables("plan.xlsx", zipped(files))
    with pytest.raises(PlanFileError) as refused:
        read_tables("plan.xlsx", zipped({**files, **copies}))

    assert refused.value.code is FileProblem.TOO_MANY_ROWS


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_damage_to_an_old_workbook_gives_its_cells_or_a_reason(data: st.DataObject) -> None:
    content = bytearray(xls(PLACED))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, 2_100))] = data.draw(st.integers(0, 255))

    with suppress(PlanFileError):
        assert read_tables("plan.xls", bytes(content))


def test_a_formula_counts_as_its_last_value() -> None:
    rows = xlsx_rows(ROWS) + (
        '<row r="3"><c r="A3"><f>A2+1</f><v>2</v></c>'
        '<c r="B3" t="inlineStr"><is><t>ลงทะเบียน</t></is></c>'
        '<c r="C3" t="str"><f>C2</f><v>มีนาคม ๒๕๖๘</v></c></row>'
    )

    plan = read_plan("plan.xlsx", xlsx(rows))

    assert [(a.number, a.window_text) for a in plan.activities] == [
        ("1", "มกราคม ๒๕๖๘"),
        ("2", "มีนาคม ๒๕๖๘"),
    ]


def test_cells_parted_by_spaces_are_not_read_where_some_have_shifted() -> None:
    with pytest.raises(PlanFileError) as refused:
        read_tables("", f"{TEXT}\n๒\tลง  ทะเบียน\tมกราคม ๒๕๖๘".replace("\t", "  ").encode())

    assert refused.value.code is FileProblem.NO_TABLE


def test_an_empty_text_may_be_what_a_formula_computed() -> None:
    rows = xlsx_rows(ROWS) + '<row r="3"><c r="C3" t="str"><f>IF(A1,1,"")</f><v></v></c></row>'

    assert read_tables("plan.xlsx", xlsx(rows))


def test_a_merged_window_of_a_workbook_counts_for_the_rows_that_it_reaches() -> None:
    rows = xlsx_rows([*ROWS, ("๒", "ลงทะเบียน"), ("๓", "รายงาน")])
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells><sheetData>'
    content = xlsx(rows + merged)

    plan = read_plan("plan.xlsx", content)

    assert [a.window_text for a in plan.activities] == ["มกราคม ๒๕๖๘", "มกราคม ๒๕๖๘", ""]
    assert DoubtCode.MERGED_CELL in {doubt.code for doubt in plan.activities[1].doubts}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("plan.txt", b"", FileProblem.EMPTY, id="empty"),
        pytest.param("plan.txt", b" \n ", FileProblem.EMPTY, id="blank"),
        pytest.param("plan.pdf", b"%PDF-1.7 ...", FileProblem.UNKNOWN_TYPE, id="PDF"),
        pytest.param(
            "plan.docx", zipped({"word/document.xml": ""}), FileProblem.UNKNOWN_TYPE, id="Word"
        ),
        pytest.param("plan.jpg", b"\xff\xd8\xff", FileProblem.PICTURE, id="photo"),
        pytest.param("plan.txt", b"\x89PNG\r\n", FileProblem.PICTURE, id="photo called text"),
        pytest.param("p.heic", b"\0\0\0\x18ftypheic", FileProblem.PICTURE, id="phone's photo"),
        pytest.param("plan.rtf", b"{\\rtf1 x}", FileProblem.RICH_TEXT, id="Rich Text"),
        pytest.param("plan.xls", b"<html><table>", FileProblem.WEB_PAGE, id="page called XLS"),
        pytest.param("plan.doc", b"MIME-Version: 1", FileProblem.WEB_PAGE, id="archived page"),
        pytest.param("plan.exe", b"MZ plain", FileProblem.UNKNOWN_TYPE, id="a program"),
        pytest.param("plan.txt", b"\xff\xfd\xfc\xfb", FileProblem.UNDECODABLE, id="no text"),
        pytest.param("plan.txt", b"\x0e" * 9, FileProblem.UNDECODABLE, id="half of UTF-16"),
        pytest.param("a.ods", zipped({"encrypted-package": ""}), FileProblem.PASSWORD, id="ODF"),
        pytest.param(
            "a.xlsb", zipped({"xl/workbook.bin": ""}), FileProblem.UNKNOWN_TYPE, id="binary XLSX"
        ),
        pytest.param(
            "plan.xlsx",
            xlsx(xlsx_rows(ROWS) + '<row r="3"><c r="C3"><f>C2</f><v/></c></row>'),
            FileProblem.FORMULA_NOT_COMPUTED,
            id="formula never computed",
        ),
        pytest.param(
            "plan.xlsx",
            xlsx('<row r="40000"><c r="ZZ40000"><v>1</v></c></row>'),
            FileProblem.TOO_MANY_ROWS,
            id="one cell far away on both sides",
        ),
        pytest.param(
            "plan.xlsx",
            xlsx(f'<row r="40000">{"<c><v>1</v></c>" * 60}</row>'),
            FileProblem.TOO_MANY_ROWS,
            id="cells that do not say where they are",
        ),
        pytest.param(
            "plan.xls", xls({(5, 0): "1", (1, 0): "2"}), FileProblem.BROKEN, id="XLS upside down"
        ),
        pytest.param(
            "plan.xlsx",
            xlsx('<row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'),
            FileProblem.BROKEN,
            id="XLSX upside down",
        ),
        pytest.param(
            "plan.xls",
            xls(PLACED).replace(b"\x85\0\x09\0", b"\x85\0\x09\0\xff\xff"),
            FileProblem.BROKEN,
            id="XLS whose sheet is elsewhere",
        ),
        pytest.param(
            "plan.xls",
            xls({**PLACED, (49_999, 255): "1"}),
            FileProblem.TOO_MANY_ROWS,
            id="one cell far away in an XLS",
        ),
        pytest.param(
            "plan.xls",
            xls(PLACED).replace(b"W\0o\0r\0k", b"w\0o\0r\0k"),
            FileProblem.BROKEN,
            id="XLS without a workbook",
        ),
        pytest.param(
            "plan.ods",
            ods(ROWS, repeated='table:number-columns-repeated="900000"'),
            FileProblem.TOO_MANY_ROWS,
            id="a cell for very many",
        ),
        pytest.param(
            "plan.txt",
            f"{TEXT}\n๒\t{'ก' * 20_001}\tมกราคม ๒๕๖๘".encode(),
            FileProblem.TOO_MUCH_TEXT,
            id="a book in a cell",
        ),
        pytest.param("plan.txt", b"\t" * 9_000_000 + b"1", FileProblem.NO_TABLE, id="tabs"),
        pytest.param("plan.txt", b"\x00\x01\x02\x03", FileProblem.UNDECODABLE, id="no letters"),
        pytest.param(
            "plan.xlsx",
            OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"),
            FileProblem.PASSWORD,
            id="locked",
        ),
        pytest.param("plan.xls", OLD_OFFICE + b"\0" * 600, FileProblem.BROKEN, id="broken XLS"),
        pytest.param("plan.xlsx", b"PK\x03\x04 torn", FileProblem.BROKEN, id="broken ZIP"),
        pytest.param("plan.xlsx", xlsx("<row")[:-40], FileProblem.BROKEN, id="cut off"),
        pytest.param(
            "plan.xlsx", zipped({"xl/styles.xml": ""}), FileProblem.BROKEN, id="no workbook inside"
        ),
        pytest.param("plan.xlsx", xlsx(""), FileProblem.NO_TABLE, id="empty sheet"),
        pytest.param(
            "plan.xlsx",
            xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            FileProblem.TOO_MANY_ROWS,
            id="one cell far away",
        ),
        pytest.param("plan.txt", b"1\t2\n" * 5_001, FileProblem.TOO_MANY_ROWS, id="long"),
        pytest.param("plan.txt", "ก\n".encode() * 100_001, FileProblem.TOO_MANY_ROWS, id="lines"),
        pytest.param("plan.txt", b"1" * (10 * 2**20 + 1), FileProblem.TOO_LARGE, id="large"),
        pytest.param("plan.txt", "สวัสดี".encode(), FileProblem.NO_TABLE, id="no table"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    name: str, content: bytes, code: FileProblem
) -> None:
    with pytest.raises(PlanFileError) as refused:
        read_tables(name, content)

    assert refused.value.code is code


def test_an_archive_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_MOST_UNPACKED_BYTES", 100)

    with pytest.raises(PlanFileError) as refused:
        read_tables("plan.xlsx", xlsx(xlsx_rows(ROWS)))

    assert refused.value.code is FileProblem.TOO_LARGE


def test_a_cell_that_goes_on_for_many_lines_is_refused_in_time() -> None:
    line, begun = "ขคงจฉชซฌญฎ" * 6, time.process_time()

    with pytest.raises(PlanFileError) as refused:
        read_tables("plan.txt", ("1\tก\tข\n" + f"{line}\n" * 50_000).encode())

    assert refused.value.code is FileProblem.TOO_MUCH_TEXT
    assert time.process_time() - begun < 10  # seconds
