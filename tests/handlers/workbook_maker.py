"""The smallest workbooks that can be read, made of text alone."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from struct import pack


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def xlsx(rows_xml: str) -> bytes:
    """Return the smallest workbook with one sheet of the given rows."""
    namespace = "http://schemas.openxmlformats.org"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{namespace}/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{namespace}/package/2006/relationships">'
            f'<Relationship Id="r0" Type="{namespace}/officeDocument/2006/relationships/'
            'officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{namespace}/spreadsheetml/2006/main" '
            f'xmlns:r="{namespace}/officeDocument/2006/relationships"><sheets>'
            '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": "<Relationships "
            f'xmlns="{namespace}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{namespace}/officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet xmlns="{namespace}/spreadsheetml/2006/main">'
            '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
            "xl/worksheets/sheet1.xml": "<worksheet "
            f'xmlns="{namespace}/spreadsheetml/2006/main"><sheetData>{rows_xml}</sheetData>'
            "</worksheet>",
        }
    )


def xlsx_rows(rows: Sequence[Sequence[str]]) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for column, text in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def ods(rows: Sequence[Sequence[str]], *, repeated: str = "") -> bytes:
    """Return the smallest OpenDocument sheet of the rows, each cell with this attribute."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string" {repeated}>'
            f"<text:p>{text}</text:p></table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest xmlns="{names}:manifest:1.0"/>',
            "content.xml": f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="A">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def xls(cells: Mapping[tuple[int, int], str]) -> bytes:
    """Return the smallest old workbook (BIFF8) with these texts by row and column from 0."""
    sheet = _record(0x0809, pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for (row, column), text in cells.items():
        label = pack("<HHHHB", row, column, 0, len(text), 1)
        sheet += _record(0x0204, label + text.encode("utf-16-le"))
    sheet += _record(0x000A, b"")
    book = _record(0x0809, pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    at = len(book) + 4 + 9 + 4
    book += _record(0x0085, pack("<IBBBB", at, 0, 0, 1, 0) + b"A") + _record(0x000A, b"")
    stream = book + sheet
    return _compound(stream + b"\0" * (-len(stream) % 512 or 512) + b"\0" * 4096)


def _record(kind: int, content: bytes) -> bytes:
    return pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """Return a compound file with one stream: header, table of sectors, directory, stream."""
    free, end, is_table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    count = len(stream) // 512
    table = [is_table, end, *range(3, count + 2), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += pack("<IIIIIIIII", 1, 1, 0, 4096, end, 0, end, 0, 0) + pack("<108I", *[free] * 108)
    return (
        header
        + pack("<128I", *table, *[free] * (128 - len(table)))
        + _entry("Root Entry", 5, end, 0)
        + _entry("Workbook", 2, 2, len(stream))
        + bytes(256)
        + stream
    )


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    none = 0xFFFFFFFF
    child = 1 if kind == 5 else none
    named = (name + "\0").encode("utf-16-le")
    head = named.ljust(64, b"\0") + pack("<HBBIII", len(named), kind, 1, none, none, child)
    return head + bytes(36) + pack("<IQ", start, size)
