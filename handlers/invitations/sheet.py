"""The list of codes as a workbook to be printed: a row, a link and a QR picture per agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import segno
import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (16, 34, 14, 30, 14)
"""Of the columns, in letters."""
A4 = 9
ROW_POINTS = 76
QR_PIXELS = 92
"""Side of a picture as it is shown; a row is a little higher."""
ANY_MASK = 4
"""Fixed: choosing the best of eight takes three times as long, and every reader reads all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list; without a `link` it has no picture."""

    district: str
    agency: str
    code: str
    link: str


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around the rows."""

    name: str
    title: str
    note: str
    headers: Sequence[str]


def workbook(lines: Sequence[Line], words: Words) -> bytes:
    """Return the list as XLSX, laid out for A4; every cell is text, whatever it begins with."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet(words.name)
    wrapped = {"text_wrap": True, "valign": "vcenter"}
    header = book.add_format({**wrapped, "bold": True, "border": 1, "bg_color": "#D9EAD3"})
    cell = book.add_format({**wrapped, "border": 1})
    code = book.add_format(
        {**wrapped, "border": 1, "bold": True, "align": "center", "font_name": "Courier New"}
    )
    sheet.merge_range(
        0, 0, 0, len(WIDTHS) - 1, "", book.add_format({"bold": True, "font_size": 14})
    )
    sheet.write_string(0, 0, words.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, words.note)
    for column, (name, width) in enumerate(zip(words.headers, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, name, header)
    for row, line in enumerate(lines, start=3):
        sheet.set_row(row, ROW_POINTS)
        sheet.write_string(row, 0, line.district, cell)
        sheet.write_string(row, 1, line.agency, cell)
        sheet.write_string(row, 2, line.code, code)
        sheet.write_string(row, 3, line.link, cell)
        sheet.write_string(row, 4, "", cell)
        if line.link:
            _put_picture(sheet, row, line.link)
    _lay_out(sheet)
    book.close()
    return content.getvalue()


def picture(link: str) -> bytes:
    """Return a link as a QR picture (PNG)."""
    content = BytesIO()
    # Of the lesser corrections: a sheet of paper is not torn, and the modules stay large.
    code = segno.make(link, error="m", micro=False, boost_error=False, mask=ANY_MASK)
    code.save(content, kind="png", scale=4)
    return content.getvalue()


def _put_picture(sheet: xlsxwriter.worksheet.Worksheet, row: int, link: str) -> None:
    content = picture(link)
    # The size stands in bytes 16 to 24 of a PNG; segno draws squares.
    side = int.from_bytes(content[16:20])
    scale = QR_PIXELS / side
    sheet.insert_image(
        row,
        4,
        f"{row}.png",
        {
            "image_data": BytesIO(content),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": 5,
            "y_offset": 4,
            "object_position": 1,
            "decorative": True,
        },
    )


def _lay_out(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&P / &N")
