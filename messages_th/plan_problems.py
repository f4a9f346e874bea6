"""Wording of what a reader of plans doubts or refuses, for the coordinator.  Pure."""

from enum import StrEnum

from messages_th.digits import to_thai_digits
from messages_th.spelling import one_line
from store.types import Doubt, DoubtCode

_QUOTE_LENGTH = 80


class FileProblem(StrEnum):
    """Why a file cannot be read as a plan."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    UNKNOWN_TYPE = "unknown_type"
    UNDECODABLE = "undecodable"
    PASSWORD = "password"
    BROKEN = "broken"
    FORMULA_NOT_COMPUTED = "formula_not_computed"
    TOO_MUCH_TEXT = "too_much_text"
    WEB_PAGE = "web_page"
    RICH_TEXT = "rich_text"
    PICTURE = "picture"
    MONTH_COLUMNS = "month_columns"
    SEVERAL_PLANS = "several_plans"
    OLD_WORD = "old_word"
    TOO_MANY_PAGES = "too_many_pages"
    PDF_SCAN = "pdf_scan"
    PDF_UNSOUND = "pdf_unsound"
    PDF_NO_TABLE = "pdf_no_table"
    NO_TABLE = "no_table"
    NO_WINDOW_COLUMN = "no_window_column"
    NO_ROWS = "no_rows"
    GONE = "gone"
    """LINE does not have it any more."""
    NOT_FETCHED = "not_fetched"
    """LINE was not reached, or took too long."""


_FILE_PROBLEMS: dict[FileProblem, str] = {
    FileProblem.EMPTY: "ไฟล์นี้ว่างเปล่า กรุณาส่งไฟล์แผนที่มีข้อมูล",
    FileProblem.TOO_LARGE: "ไฟล์นี้ใหญ่เกิน ๑๐ MB กรุณาส่งเฉพาะตารางแผน",
    FileProblem.TOO_MANY_ROWS: "ไฟล์นี้มีเกินห้าพันแถว กรุณาส่งเฉพาะตารางแผน",
    FileProblem.UNKNOWN_TYPE: (
        "ยังอ่านไฟล์ชนิดนี้ไม่ได้ กรุณาส่งเป็น Word (.docx), Excel (.xlsx, .xls, .ods), .csv"
        " หรือคัดลอกตารางมาวางเป็นข้อความ"
    ),
    FileProblem.UNDECODABLE: (
        "อ่านตัวอักษรในไฟล์นี้ไม่ออก กรุณาบันทึกใหม่เป็น UTF-8 หรือส่งเป็นไฟล์ Excel (.xlsx)"
    ),
    FileProblem.PASSWORD: "ไฟล์นี้ตั้งรหัสผ่านไว้ กรุณาบันทึกใหม่โดยไม่ใส่รหัสผ่านแล้วส่งอีกครั้ง",
    FileProblem.BROKEN: (
        "ไฟล์นี้เสียหายหรือเปิดไม่ได้ กรุณาเปิดแล้วบันทึกใหม่ หรือส่งไฟล์ต้นฉบับ Word (.docx) หรือ Excel (.xlsx)"
    ),
    FileProblem.FORMULA_NOT_COMPUTED: (
        "พบสูตรที่ยังไม่มีผลลัพธ์ในไฟล์นี้ กรุณาเปิดด้วย Excel แล้วบันทึกใหม่ หรือวางเป็นค่าแทนสูตร แล้วส่งอีกครั้ง"
    ),
    FileProblem.TOO_MUCH_TEXT: "ไฟล์นี้มีข้อความยาวเกินกว่าจะเป็นตารางแผน กรุณาส่งเฉพาะตารางแผน",
    FileProblem.WEB_PAGE: (
        "ไฟล์นี้เป็นหน้าเว็บ (HTML) แม้ชื่อเป็นชนิดอื่น กรุณาเปิดด้วย Excel แล้วบันทึกเป็น .xlsx แล้วส่งอีกครั้ง"
    ),
    FileProblem.RICH_TEXT: (
        "ไฟล์นี้เป็น Rich Text (.rtf) ซึ่งยังอ่านไม่ได้ กรุณาเปิดใน Word แล้วบันทึกเป็น .docx แล้วส่งอีกครั้ง"
    ),
    FileProblem.PICTURE: (
        "ไฟล์นี้เป็นรูปภาพ จึงไม่มีตัวอักษรให้อ่าน กรุณาส่งไฟล์ต้นฉบับ Word (.docx) หรือ Excel (.xlsx)"
        " หรือคัดลอกตารางมาวางเป็นข้อความ"
    ),
    FileProblem.MONTH_COLUMNS: (
        "พบตารางที่ทำเครื่องหมายไว้ใต้ชื่อเดือนหรือไตรมาส ซึ่งยังอ่านเป็นวันที่ไม่ได้"
        " กรุณาเพิ่มคอลัมน์ที่มีหัวว่า ระยะเวลา แล้วส่งอีกครั้ง"
    ),
    FileProblem.SEVERAL_PLANS: ("พบมากกว่าหนึ่งแผนในไฟล์นี้ จึงไม่ทราบว่าจะใช้แผนใด กรุณาส่งไฟล์ละหนึ่งแผน"),
    FileProblem.OLD_WORD: (
        "ไฟล์นี้เป็น Word รุ่นเก่า (.doc) ซึ่งยังอ่านไม่ได้ กรุณาเปิดใน Word แล้วบันทึกเป็น .docx แล้วส่งอีกครั้ง"
    ),
    FileProblem.TOO_MANY_PAGES: "PDF นี้มีเกินสี่สิบหน้า กรุณาส่งเฉพาะหน้าที่มีตารางแผน",
    FileProblem.PDF_SCAN: (
        "PDF นี้เป็นภาพสแกน ไม่มีตัวอักษรให้อ่าน กรุณาส่งไฟล์ต้นฉบับ Word (.docx) หรือ Excel (.xlsx)"
    ),
    FileProblem.PDF_UNSOUND: (
        "ตัวอักษรไทยใน PDF นี้อ่านออกมาไม่ตรงกับที่พิมพ์ เช่น สระหรือวรรณยุกต์หาย จึงไม่อ่าน เพื่อไม่ให้แผนผิด"
        " กรุณาส่งไฟล์ต้นฉบับ Word (.docx) หรือ Excel (.xlsx)"
    ),
    FileProblem.PDF_NO_TABLE: (
        "ไม่พบตารางที่มีเส้นครบทุกช่องใน PDF นี้ จึงแยกช่องไม่ได้"
        " กรุณาส่งไฟล์ต้นฉบับ Word (.docx) หรือ Excel (.xlsx) หรือคัดลอกตารางมาวางเป็นข้อความ"
    ),
    FileProblem.NO_TABLE: (
        "ไม่พบตารางแผนในไฟล์นี้ กรุณาส่งตารางที่มีหัวตาราง เช่น ลำดับ กิจกรรม ระยะเวลา ผู้รับผิดชอบ"
    ),
    FileProblem.NO_WINDOW_COLUMN: (
        "พบตารางแต่ไม่พบคอลัมน์ระยะเวลา กรุณาเพิ่มคอลัมน์ที่มีหัวว่า ระยะเวลา แล้วส่งอีกครั้ง"
    ),
    FileProblem.NO_ROWS: "พบหัวตารางแต่ไม่พบกิจกรรม กรุณาตรวจว่าส่งตารางมาครบทุกแถว",
    FileProblem.GONE: "ไม่พบไฟล์นี้ใน LINE แล้ว อาจถูกยกเลิกการส่งหรือหมดอายุ กรุณาส่งไฟล์อีกครั้ง",
    FileProblem.NOT_FETCHED: "รับไฟล์จาก LINE ไม่สำเร็จในขณะนี้ กรุณาส่งไฟล์อีกครั้ง",
}

_BY_NUMBERS = frozenset(
    {
        DoubtCode.ROW_PRINTED_TWICE,
        DoubtCode.PAGES_OUT_OF_ORDER,
        DoubtCode.ROWS_NOT_IN_DATE_ORDER,
    }
)
"""What these quote are numbers of rows, which a plan's reader writes in Arabic digits."""
_DOUBTS: dict[DoubtCode, str] = {
    DoubtCode.NO_WINDOW: "ไม่ได้ระบุระยะเวลา เป็นวันใดถึงวันใด",
    DoubtCode.WINDOW_UNREADABLE: "อ่านระยะเวลา “{}” ไม่ออก หมายถึงวันใดถึงวันใด",
    DoubtCode.WINDOW_ENDS_BEFORE_START: "ระยะเวลา “{}” สิ้นสุดก่อนเริ่ม ที่ถูกต้องคือวันใด",
    DoubtCode.WINDOW_IMPOSSIBLE_DATE: "ระยะเวลา “{}” มีวันที่ที่ไม่มีจริง ที่ถูกต้องคือวันใด",
    DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR: "ระยะเวลา “{}” ห่างจากปีงบประมาณของแผนมาก พิมพ์ปีถูกหรือไม่",
    DoubtCode.WINDOW_BEFORE_FISCAL_YEAR: "ระยะเวลา “{}” เริ่มก่อนปีงบประมาณของแผน ถูกต้องหรือไม่",
    DoubtCode.WINDOW_AFTER_FISCAL_YEAR: "ระยะเวลา “{}” สิ้นสุดหลังปีงบประมาณของแผน ถูกต้องหรือไม่",
    DoubtCode.WINDOW_WITHOUT_YEAR: "ระยะเวลา “{}” ไม่ได้ระบุปี หมายถึงปีใด",
    DoubtCode.YEAR_NOT_PRINTED: "ระยะเวลา “{}” ไม่ได้ระบุปี จึงใช้ปีงบประมาณของแผน ถูกต้องหรือไม่",
    DoubtCode.ENDS_ON_FIRST_OF_MONTH: "ระยะเวลา “{}” สิ้นสุดวันที่ ๑ ของเดือน พิมพ์ถูกต้องหรือไม่",
    DoubtCode.OPEN_START: "“{}” ไม่ได้ระบุวันเริ่มต้น จะถือเฉพาะวันสิ้นสุด ถูกต้องหรือไม่",
    DoubtCode.OPEN_END: "“{}” ไม่ได้ระบุวันสิ้นสุด จะถือวันสิ้นปีงบประมาณ ถูกต้องหรือไม่",
    DoubtCode.HEADING_YEAR_DIFFERS: "หัวเรื่องระบุ “{}” แต่ระยะเวลาในตารางเป็นปีงบประมาณอื่น แผนนี้เป็นของปีใด",
    DoubtCode.NUMBER_OUT_OF_ORDER: "ลำดับพิมพ์ว่า “{}” ไม่ต่อเนื่องกับแถวข้างเคียง จึงถือเป็นข้อนี้ ถูกต้องหรือไม่",
    DoubtCode.NUMBER_MISSING: "ไม่มีเลขลำดับที่ “{}” จึงตั้งเลขให้ ถูกต้องหรือไม่",
    DoubtCode.NUMBER_TWICE: "ลำดับ “{}” ซ้ำกับแถวอื่น แถวนี้ควรเป็นลำดับใด",
    DoubtCode.ROW_CONTINUED: "“{}” ถูกนำไปต่อท้ายข้อนี้ เพราะเป็นแถวที่ขาดตอน ถูกต้องหรือไม่",
    DoubtCode.ROW_PRINTED_TWICE: "พบแถวซ้ำ (ข้อ {}) จึงนับครั้งเดียว ถูกต้องหรือไม่",
    DoubtCode.COPIES_DIFFER: "พิมพ์ซ้ำโดยข้อความต่างกัน อีกฉบับว่า “{}” ฉบับใดถูกต้อง",
    DoubtCode.GROUP_HEADING: "“{}” เป็นหัวข้อ ไม่นับเป็นกิจกรรม ถูกต้องหรือไม่",
    DoubtCode.NO_TITLE: "ไม่มีชื่อกิจกรรม กิจกรรมนี้คืออะไร",
    DoubtCode.NO_RESPONSIBLE: "ไม่ได้ระบุผู้รับผิดชอบ หน่วยงานใดรับผิดชอบ",
    DoubtCode.RESPONSIBLE_FROM_NOTE: "ผู้รับผิดชอบ “{}” มาจากหมายเหตุใต้ตาราง ถูกต้องหรือไม่",
    DoubtCode.RESPONSIBLE_UNKNOWN: "ไม่รู้จักผู้รับผิดชอบ “{}” หมายถึงหน่วยงานใด",
    DoubtCode.RESPONSIBLE_UNNAMED: "“{}” ไม่ได้ระบุชื่อ หมายถึงหน่วยงานใดบ้าง",
    DoubtCode.RESPONSIBLE_MISSPELT: "ชื่อ “{}” น่าจะพิมพ์ผิด หมายถึง สถจ. ใช่หรือไม่",
    DoubtCode.DATE_IN_TITLE: "“{}” ในชื่อกิจกรรมไม่ถือเป็นระยะเวลา ถูกต้องหรือไม่",
    DoubtCode.MARKUP_REMOVED: "ตัดรหัส “{}” ที่ปนในข้อความออกแล้ว ข้อความครบถ้วนหรือไม่",
    DoubtCode.MARKUP_UNCLOSED: "รหัส “{}” ในข้อความไม่มีตัวปิด ข้อความครบถ้วนหรือไม่",
    DoubtCode.CONDITIONAL: "“{}” อาจไม่ต้องทำทุกหน่วยงาน ให้หน่วยงานตอบว่าไม่ต้องดำเนินการได้หรือไม่",
    DoubtCode.HEADER_REPEATED: "หัวตาราง “{}” พิมพ์ซ้ำ จึงถือเป็นตารางเดียวต่อกัน ถูกต้องหรือไม่",
    DoubtCode.PAGES_OUT_OF_ORDER: "หน้าของตารางสลับกัน จึงเรียงใหม่ตามลำดับข้อ {} ถูกต้องหรือไม่",
    DoubtCode.ROWS_NOT_IN_DATE_ORDER: "แถวไม่ได้เรียงตามวันที่ (เช่น ข้อ {}) ถูกต้องหรือไม่",
    DoubtCode.COLUMNS_GUESSED: "หัวตารางไม่ครบ จึงดูจากข้อมูลว่าคอลัมน์ “{}” คือระยะเวลา ถูกต้องหรือไม่",
    DoubtCode.SECOND_OWNER_COLUMN: "หน่วยงานในคอลัมน์ “{}” นับเป็นผู้รับผิดชอบด้วย ถูกต้องหรือไม่",
    DoubtCode.TABLE_IGNORED: "ตารางที่ขึ้นต้น “{}” ไม่มีระยะเวลา จึงไม่ได้อ่าน ถูกต้องหรือไม่",
    DoubtCode.LINE_IGNORED: "บรรทัด “{}” อยู่กลางตารางแต่ไม่ใช่แถว จึงไม่ได้อ่าน ถูกต้องหรือไม่",
    DoubtCode.READ_FROM_PDF: "อ่านจาก PDF ได้ว่า “{}” กรุณาเทียบทั้งแถวกับต้นฉบับ ตรงกันหรือไม่",
    DoubtCode.MERGED_CELL: "“{}” มาจากช่องที่รวมกับแถวบน จึงใช้กับข้อนี้ด้วย ถูกต้องหรือไม่",
    DoubtCode.TABLES_JOINED: "พบหลายตาราง จึงอ่านตารางที่ขึ้นต้น “{}” ต่อจากตารางก่อนหน้า ถูกต้องหรือไม่",
    DoubtCode.DATE_SHIFTED: "เลื่อนจาก “{}” มาตามปีงบประมาณ ยังไม่มีประกาศยืนยัน ตรวจวันแล้วถูกต้องหรือไม่",
    DoubtCode.PROVINCE_UNSURE: "หัวเรื่องระบุ “{}” แผนนี้เป็นของจังหวัดใด",
    DoubtCode.SPACE_IN_NAME: "ชื่อ “{}” มีช่องว่างกลางคำ อ่านเป็นชื่อเดียว ถูกต้องหรือไม่",
}


def doubt(doubt: Doubt) -> str:
    """Return the question about one doubt, with its row's number and what is printed."""
    printed = _quoted(doubt.printed)
    if doubt.code in _BY_NUMBERS:
        printed = to_thai_digits(printed)
    question = _DOUBTS[doubt.code].format(printed)
    return f"ข้อ {to_thai_digits(doubt.row)}: {question}" if doubt.row else question


def file_problem(code: FileProblem) -> str:
    """Return what was found in a file that cannot be read, and what to do about it."""
    return _FILE_PROBLEMS[code]


def _quoted(printed: str) -> str:
    line = one_line(printed)
    return line if len(line) <= _QUOTE_LENGTH else f"{line[: _QUOTE_LENGTH - 1].rstrip()}…"
