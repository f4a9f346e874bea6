"""A directory's file is read by what its head says, and every odd row is told by its number."""

import io
import zipfile

import pytest

from handlers.agency_import import DirectoryRow, RowProblem, read_directory
from store.types import AgencyKind
from tests.handlers.test_plan_files_readers import ods, xlsx, xlsx_rows, zipped

SAO = AgencyKind.SAO
MUNICIPALITY = AgencyKind.SUBDISTRICT_MUNICIPALITY
HEAD = "name,type,district,province\n"
CELLS = (
    ("รายชื่อ อปท. จังหวัดเชียงใหม่", "", "", ""),
    ("ลำดับ", "ชื่อหน่วยงาน", "ประเภท", "อำเภอ"),
    ("1", "ทต.แม่แรม", "ทต.", "แม่ริม"),
    ("2", "อบต.สะลวง", "อบต.", "แม่ริม"),
)
READ = [
    DirectoryRow(3, "เทศบาลตำบลแม่แรม", MUNICIPALITY, "แม่ริม"),
    DirectoryRow(4, "องค์การบริหารส่วนตำบลสะลวง", SAO, "แม่ริม"),
]


def read(text: str) -> tuple[list[DirectoryRow], list[RowProblem]]:
    return read_directory("agencies.csv", text.encode(), province="เชียงใหม่")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", "\n".join(map(",".join, CELLS)).encode(), id="UTF-8"),
        pytest.param("a.csv", "\n".join(map(",".join, CELLS)).encode("utf-8-sig"), id="BOM"),
        pytest.param("a.csv", "\n".join(map(";".join, CELLS)).encode("cp874"), id="Windows-874"),
        pytest.param("a.csv", "\n".join(map(",".join, CELLS)).encode("utf-16"), id="UTF-16"),
        pytest.param("a.txt", "\n".join(map("\t".join, CELLS)).encode("tis-620"), id="TIS-620"),
        pytest.param("a.xlsx", xlsx(xlsx_rows(CELLS)), id="XLSX"),
        pytest.param("a.ods", ods(CELLS), id="ODS"),
    ],
)
def test_every_format_gives_the_same_rows(name: str, content: bytes) -> None:
    rows, problems = read_directory(name, content, province="เชียงใหม่")

    assert rows == READ
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("อำเภอ,ประเภท,ชื่อหน่วยงาน\nแม่ริม,ทต.,เทศบาลตำบลแม่แรม\n", id="other order"),
        pytest.param("ที่,ชื่อ อปท.,อำเภอ\n๑,เทศบาลตำบลแม่แรม,แม่ริม\n", id="no type"),
        pytest.param("ประเภท,ชื่อ,อำเภอ\nเทศบาลตำบล,แม่แรม,อ.แม่ริม\n", id="place alone"),
        pytest.param("ประเภท อปท.,อปท.,อำเภอ\nทต.,เทศบาลแม่แรม,อำเภอแม่ริม\n", id="half a kind"),
        pytest.param("ประเภท,รายชื่อ,อำเภอ\nเทศบาล,ท.ต. แม่แรม,แม่ริม\n", id="type says little"),
        pytest.param("ชื่อหน่วยงาน (เต็ม),ชื่ออำเภอ*\n1) ทต.แม่แรม,แม่ริม\n", id="signs in the head"),
        pytest.param("Name,Type,District,Province\nทต.แม่แรม,,แม่ริม,Chiang Mai\n", id="English"),
        pytest.param("ลำดับ,ชื่อ\n,อำเภอแม่ริม\n1,ทต.แม่แรม\n", id="district as a heading"),
        pytest.param("ชื่อ,อำเภอ\nอ.แม่ริม,\nทต.แม่แรม,\n", id="one cell in every row"),
    ],
)
def test_a_row_is_read_by_the_names_of_its_columns(text: str) -> None:
    rows, problems = read(text)

    assert [(row.name, row.kind, row.district) for row in rows] == [
        ("เทศบาลตำบลแม่แรม", MUNICIPALITY, "แม่ริม")
    ]
    assert problems == []


def test_the_head_of_the_next_page_is_no_row() -> None:
    rows, problems = read(HEAD + "ทต.แม่แรม,,แม่ริม,\n" + HEAD + "ทต.สันทราย,,ฝาง,\n")

    assert [row.row for row in rows] == [2, 4]
    assert problems == []


def test_a_merged_district_counts_for_all_its_rows() -> None:
    cells = (("ชื่อ", "อำเภอ"), ("ทต.แม่แรม", "แม่ริม"), ("อบต.สะลวง", ""), ("ทต.สันทราย", "ฝาง"))
    merged = "</sheetData><mergeCells><mergeCell ref='B2:B3'/></mergeCells><sheetData>"

    rows, _ = read_directory("a.xlsx", xlsx(xlsx_rows(cells) + merged), province="เชียงใหม่")

    assert [row.district for row in rows] == ["แม่ริม", "แม่ริม", "ฝาง"]


def test_all_sheets_with_a_head_are_read() -> None:
    first, second = (
        zipfile.ZipFile(io.BytesIO(ods(rows))).read("content.xml").decode()
        for rows in (CELLS, [("name", "type"), ("ทต.สันทราย", "")])
    )
    sheet = second[second.index("<table:table ") : second.index("</office:spreadsheet>")]
    sheet = sheet.replace('table:name="A"', 'table:name="B"')
    sheets = first.replace("</office:spreadsheet>", f"{sheet}</office:spreadsheet>")
    files = {"content.xml": sheets, "META-INF/manifest.xml": "<manifest/>"}
    content = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"} | files)

    rows, _ = read_directory("a.ods", content, province="เชียงใหม่")

    assert rows == [*READ, DirectoryRow(2, "เทศบาลตำบลสันทราย", MUNICIPALITY, "")]


def test_the_capital_district_and_offices_of_the_province_are_known_by_their_words() -> None:
    rows, problems = read(
        "name,type,district\nทน.เชียงใหม่,,เมือง\nสำนักงานจังหวัดเชียงใหม่,ราชการส่วนภูมิภาค,-\n"
    )

    assert [(row.kind, row.district) for row in rows] == [
        (AgencyKind.CITY_MUNICIPALITY, "เมืองเชียงใหม่"),
        (AgencyKind.PROVINCIAL_OFFICE, ""),
    ]
    assert problems == []


def test_a_former_name_is_read_where_a_column_gives_it() -> None:
    rows, _ = read("ชื่อ,ชื่อเดิม,อำเภอ\nทม.ดอนแก้ว,อบต. ดอนแก้ว,แม่ริม\nทต.แม่แรม,-,แม่ริม\n")

    assert [row.former for row in rows] == ["องค์การบริหารส่วนตำบลดอนแก้ว", ""]


def test_problems_are_told_by_row() -> None:
    rows, problems = read(
        HEAD
        + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
        + ",เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
        + "เทศบาลตำบลเหมืองแก้ว,เทศบาลอะไร,แม่ริม,เชียงใหม่\n"
        + "เทศบาลเมืองลำพูน,เทศบาลเมือง,เมืองลำพูน,ลำพูน\n"
        + ",,,\n"
        + "ทต.แม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
        + "ทต.แม่แรม,เทศบาลตำบล,ฝาง,เชียงใหม่\n"
        + "ทต.สันทราย,อบต.,ฝาง,เชียงใหม่\n"
        + "สันทราย,อปท.,ฝาง,เชียงใหม่\n"
        + "อบต.สันทราย,เทศบาล,ฝาง,เชียงใหม่\n"
    )

    assert [row.name for row in rows] == ["เทศบาลตำบลแม่แรม"]
    assert problems == [
        RowProblem(3, "", "ไม่มีชื่อหน่วยงาน กรุณาเติมชื่อแล้วนำเข้าใหม่"),
        RowProblem(
            4,
            "เทศบาลตำบลเหมืองแก้ว",
            "ไม่รู้จักประเภท “เทศบาลอะไร” ใช้ชื่อเต็มหรือย่อ เช่น เทศบาลตำบล ทต. องค์การบริหารส่วนตำบล อบต.",
        ),
        RowProblem(5, "เทศบาลเมืองลำพูน", "แถวนี้เป็นของจังหวัด “ลำพูน” จึงไม่ได้นำเข้า"),
        RowProblem(7, "เทศบาลตำบลแม่แรม", "“เทศบาลตำบลแม่แรม” ซ้ำกับแถวก่อนหน้า จึงไม่ได้นำเข้าอีก"),
        RowProblem(
            8,
            "เทศบาลตำบลแม่แรม",
            "“เทศบาลตำบลแม่แรม” มีแล้วในอำเภอแม่ริม จึงไม่ได้นำเข้าอีก"
            " ถ้าเป็นคนละแห่ง กรุณาเติมชื่ออำเภอท้ายชื่อ แล้วนำเข้าใหม่",
        ),
        RowProblem(
            9,
            "เทศบาลตำบลสันทราย",
            "ชื่อกับประเภท “อบต.” ไม่ตรงกัน จึงไม่ได้นำเข้า กรุณาแก้ช่องที่ผิดแล้วนำเข้าใหม่",
        ),
        RowProblem(
            10, "สันทราย", "ไม่ทราบประเภท กรุณาเติมช่องประเภท เช่น เทศบาลตำบล หรือ อบต. แล้วนำเข้าใหม่"
        ),
        RowProblem(
            11,
            "องค์การบริหารส่วนตำบลสันทราย",
            "ไม่ทราบประเภท กรุณาเติมช่องประเภท เช่น เทศบาลตำบล หรือ อบต. แล้วนำเข้าใหม่",
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ลำดับ,ชื่อ\n1,แม่แรม\n", id="no kind anywhere"),
        pytest.param("เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม\n", id="no head"),
        pytest.param("ที่,กิจกรรม,ระยะเวลา,หน่วยงาน\n1,ประชุม,มกราคม 2567,อปท. ทุกแห่ง\n", id="a plan"),
    ],
)
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^ไม่พบหัวตาราง name, type, district ในไฟล์ กรุณาส่งไฟล์ CSV หรือ XLSX"
    ):
        read(text)
