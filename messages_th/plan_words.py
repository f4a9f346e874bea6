"""The Thai words by which a printed plan shows its shape: headers, numbers, notes, years.  Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from messages_th.date_words import month_of
from messages_th.digits import to_arabic_digits, to_thai_digits
from messages_th.spelling import one_line
from store.types import DutyFacts, FiscalYear


class Column(StrEnum):
    """What a column of a plan holds."""

    NUMBER = "number"
    TITLE = "title"
    DETAIL = "detail"
    """A longer text beside the title ("การดำเนินงาน" beside "ขั้นตอน")."""
    WINDOW = "window"
    START = "start"
    END = "end"
    """Start and end where a plan gives each its own column."""
    RESPONSIBLE = "responsible"
    SUPPORT = "support"
    """Who is responsible besides, in a column of its own."""


_DAY_OF = "(?:กำหนด|วันที่|วัน|เดือน|เวลา)*"
_OF_WORK = "(?:วันที่|ดำเนินการ|ดำเนินงาน|โครงการ|กิจกรรม)*"
# In this order: "วันเริ่มต้น" is a start before it is a day, "ระยะเวลาดำเนินการ" a window
# before it is a detail, "กิจกรรม/การดำเนินงาน" a title before it is a detail.
_HEADERS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (Column.NUMBER, re.compile(r"(?:ลำดับ(?:ที่|ข้อ)?|ที่|ข้อ(?:ที่)?|no\.?|#)", re.IGNORECASE)),
    (
        Column.SUPPORT,
        re.compile(r"(?:ผู้|หน่วย(?:งาน)?|ส่วนราชการ)(?:ที่|ผู้)?(?:ให้)?(?:การ)?(?:ร่วม|สนับสนุน).*"),
    ),
    (
        Column.RESPONSIBLE,
        re.compile(
            r".*(?:รับผิดชอบ|ผู้ดำเนินการ|หน่วย(?:งาน)?ดำเนินการ|เจ้าภาพ|หน่วย(?:งาน)?หลัก|เจ้าของเรื่อง).*"
        ),
    ),
    (Column.START, re.compile(rf"{_DAY_OF}(?:เริ่ม(?:ต้น)?|ตั้งแต่|จาก){_OF_WORK}")),
    (
        Column.END,
        re.compile(
            rf"(?:{_DAY_OF}|ดำเนินการ)(?:สิ้นสุด|แล้วเสร็จ|เสร็จ(?:สิ้น)?|ครบกำหนด|กำหนดส่ง|ถึง){_OF_WORK}"
        ),
    ),
    (
        Column.WINDOW,
        re.compile(
            r".*(?:ระยะเวลา|ช่วงเวลา|ห้วงเวลา|กำหนดเวลา|กำหนดการ|วันเดือนปี|วัน/เดือน/ปี|วันที่|เวลาดำเนินการ).*"
            r"|เวลา|ห้วงระยะ.*|เดือน"
        ),
    ),
    (Column.TITLE, re.compile(r".*(?:กิจกรรม|ขั้นตอน|โครงการ|แผนงาน|มาตรการ|รายการ|เรื่อง|ภารกิจ).*")),
    (Column.DETAIL, re.compile(r".*(?:การดำเนินงาน|การดำเนินการ|วิธี|รายละเอียด|แนวทาง).*")),
)
_HEADER_LENGTH = 60
_MONTHS_OF_A_CHART = 3
_LONGEST_MONTH = 24
_THAI = re.compile("[ก-ฮ]")
_QUARTER = re.compile(r"(?:ไตรมาส(?:ที่)?|Q)\s*[1-4]", re.IGNORECASE)
_YEAR_BEHIND = re.compile(r"\s*(?:/|พ\.?ศ\.?|ปี)?\s*(?:\d{2}|\d{4})$")
_SAYS_WHICH_END = re.compile(r"ภายใน|ถึง|จนถึง|ไม่เกิน|ตั้งแต่|เริ่ม|บัดนี้")
_LEADING_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s*(?=\D)")
_NUMBER = re.compile(r"(?:ข้อ|ที่|ลำดับ(?:ที่)?)?\(?(\d{1,4}(?:\.\d{1,3}){0,5})[.):]*")
_SECTION = re.compile(r"(?:ระยะที่|ขั้น|ส่วนที่|ตอนที่|ด้าน|หมวด|กลยุทธ์|ยุทธศาสตร์|มาตรการที่|แนวทางที่|ไตรมาส)")
_NOTE = re.compile(r"(?:หมายเหตุ|ที่มา|\*)")
_PAGE_NUMBER = re.compile(r"(?:หน้า(?:ที่)?)?-?\d{0,3}-?")
_YEAR = re.compile(r"ปี(?:งบประมาณ)?\s*(?:พ\.?\s*ศ\.?)?\s*(2\s?5\s?\d\s?\d)(?!\d)")
_CONDITION = re.compile(r"กรณีที่|หาก|ถ้า|อุทธรณ์|ชี้แจงเพิ่มเติม|ชี้แจง\s*/\s*ยืนยัน|เฉพาะหน่วยงานที่")

_NUMBERS = r"\d+(?:\s*(?:,|และ|-|–|ถึง)\s*(?:ข้อ\s*)?\d+)*"
_NOTE_ITEM = re.compile(rf"ข้อ(?:ที่)?\s*(?P<numbers>{_NUMBERS})\s*(?P<text>.*?)(?=ข้อ(?:ที่)?\s*\d|$)")
_BEFORE_OWNER = re.compile(r"(?:เป็น(?:ส่วน|หน้าที่)?(?:ของ)?|ให้|โดย|คือ|มี|:|-)\s*")
_AFTER_OWNER = re.compile(r"\s*(?:เป็น|ดำเนินการ|รับผิดชอบ|จัดเก็บ|สำหรับ|ส่วน$).*")


def column_of(header: str) -> Column | None:
    """Return what a header cell announces, or None where it is no header that plans use."""
    solid = "".join(header.split())
    return _announced(solid) if 0 < len(solid) <= _HEADER_LENGTH else None


@lru_cache(maxsize=1024)
def _announced(solid: str) -> Column | None:
    return next((column for column, form in _HEADERS if form.fullmatch(solid)), None)


def row_number(cell: str) -> str | None:
    """Return the number of a row in Arabic digits: "๑", "๑.", "ข้อ ๑", "(1)", "๗.๑"."""
    match = _NUMBER.fullmatch(re.sub(r"\s", "", to_arabic_digits(cell)))
    return match[1] if match else None


def is_thai(text: str) -> bool:
    """Whether a text has Thai letters."""
    return _THAI.search(text) is not None


def is_chart(cells: Sequence[str]) -> bool:
    """Whether a row heads columns of months or quarters, for marks to be set below."""
    short = [cell for cell in cells if 0 < len(cell) <= _LONGEST_MONTH]
    return (
        len(short) >= _MONTHS_OF_A_CHART
        and sum(map(_is_month_or_quarter, short)) >= _MONTHS_OF_A_CHART
    )


def _is_month_or_quarter(cell: str) -> bool:
    name = _YEAR_BEHIND.sub("", to_arabic_digits(one_line(cell)))
    return _QUARTER.fullmatch(name) is not None or month_of(name) is not None


def window_of_ends(start: str, end: str) -> str:
    """Return the window that a start and an end in cells of their own print together.

    One alone gets the word that says which of the two it is.
    """
    start, end = _without_dashes(start), _without_dashes(end)
    if start and end:
        return f"{start} - {end}"
    text, word = (start, "ตั้งแต่") if start else (end, "ถึง")
    says_a_day = re.search(r"\d", text) and not _SAYS_WHICH_END.match(text)
    return f"{word} {text}" if says_a_day else text


def _without_dashes(cell: str) -> str:
    return cell if cell.strip(" -–—") else ""


def leading_number(title: str) -> tuple[str, str] | None:
    """Return the number that a title opens with and what follows ("๑. ประชุม"), or None."""
    match = _LEADING_NUMBER.match(title)
    return (match[0].strip(), title[match.end() :]) if match else None


def is_section(text: str) -> bool:
    """Whether a line of its own opens a part of the plan ("ระยะที่ ๒ ...") rather than a row."""
    return _SECTION.match(text) is not None


def is_note(line: str) -> bool:
    """Whether a line opens the notes (หมายเหตุ)."""
    return _NOTE.match(line.strip()) is not None


def is_page_number(line: str) -> bool:
    """Whether a line is empty or holds no more than a page's number."""
    return _PAGE_NUMBER.fullmatch(re.sub(r"\s", "", line)) is not None


def is_plan_title(heading: str) -> bool:
    """Whether a heading names a plan, not only the paper the plan is part of."""
    return "แผน" in heading[:20]


def is_conditional(text: str) -> bool:
    """Whether an activity need not be done by all ("ในกรณีที่ ...", clarifying a score)."""
    return _CONDITION.search(text) is not None


def is_optional(duty: DutyFacts) -> bool:
    """Whether an agency may say of this duty that nothing is needed of it."""
    return is_conditional(duty.activity.title) or is_conditional(duty.step_title)


def heading_year(heading: str) -> tuple[FiscalYear, str] | None:
    """Return the fiscal year (BE) that a heading names first, and the words that name it."""
    match = _YEAR.search(to_arabic_digits(heading))
    if match is None:
        return None
    year = FiscalYear(int(re.sub(r"\s", "", match[1])))
    return year, heading[match.start() : match.end()]


def next_year_heading(heading: str) -> str:
    """Return a heading with every fiscal year that it names counted on by one."""
    parts, place = [], 0
    # Digits are turned one for one, so a place in the one text is that place in the other.
    for match in _YEAR.finditer(to_arabic_digits(heading)):
        start, end = match.span(1)
        later = str(int(re.sub(r"\s", "", match[1])) + 1)
        is_arabic = heading[start:end].isascii()
        parts += [heading[place:start], later if is_arabic else to_thai_digits(later)]
        place = end
    return "".join([*parts, heading[place:]])


def owners_in_notes(lines: Sequence[str]) -> dict[str, str]:
    """Return the owners that notes give by row number ("สำหรับข้อ ๖ เป็นส่วนคณะที่ปรึกษา ...").

    Only what follows the word หมายเหตุ counts.  Numbers are in Arabic digits.
    """
    opening = next((index for index, line in enumerate(lines) if is_note(line)), len(lines))
    printed = one_line(" ".join(lines[opening:]))
    owners: dict[str, str] = {}
    for match in _NOTE_ITEM.finditer(to_arabic_digits(printed)):
        # Digits are turned one for one, so a place in the one text is that place in the other.
        owner = printed[match.start("text") : match.end("text")]
        owner = _AFTER_OWNER.sub("", _BEFORE_OWNER.sub("", owner, count=1))
        if owner:
            owners.update(dict.fromkeys(_spread(match["numbers"]), owner))
    return owners


def _spread(numbers: str) -> list[str]:
    """Return every number of "1, 2 และ 4 - 6"."""
    found: list[str] = []
    for match in re.finditer(r"(\d+)(?:\s*(?:-|–|ถึง)\s*(?:ข้อ\s*)?(\d+))?", numbers):
        first, last = int(match[1]), int(match[2] or match[1])
        found += [str(number) for number in range(first, min(last, first + 200) + 1)]
    return found
