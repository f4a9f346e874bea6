"""The smallest workbooks that can be read, made of text alone."""

import io
import zipfile
from collections.abc import Sequence
from html import escape


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
