"""Short phrases that many messages share: an item's label, its deadline, its state."""

from datetime import date

from messages_th.date_words import MONTHS
from messages_th.dates import format_short_day
from messages_th.digits import to_thai_digits
from messages_th.spelling import short_name
from store.types import ActivityFacts, Agency, Count, DutyFacts, DutyState, Role, Window

STATES = {
    DutyState.OPEN: "ยังไม่รายงาน",
    DutyState.DOING: "กำลังดำเนินการ",
    DutyState.STUCK: "ติดปัญหา",
    DutyState.REPORTED: "รออนุมัติ",
    DutyState.RETURNED: "ส่งกลับแก้ไข",
    DutyState.DONE: "เสร็จสิ้น",
    DutyState.NOT_NEEDED: "ไม่ต้องดำเนินการ",
}
ROLES = {
    Role.OFFICER: "ผู้รับผิดชอบ",
    Role.DISTRICT: "ผู้ติดตามงาน",
    Role.COORDINATOR: "ผู้ประสานงาน",
    Role.EXECUTIVE: "ผู้บริหาร",
    Role.REVIEWER: "ผู้สอบทาน (ป.ป.ช.) ",
    Role.VIEWER: "ผู้ดูข้อมูล",
}
"""Roles, as officers call them."""
BY_DISTRICT = "(รายงานแทนโดยอำเภอ)"
"""Marks what a district officer did on behalf of an agency."""
REVIEWED = "สอบทานแล้ว 🔒"
"""Marks what was checked and is locked since."""
NOTHING_SHOWN = (DutyState.OPEN, DutyState.RETURNED)
"""States in which no report stands that somebody could have made for the agency."""
LONGEST_TITLE = 60
"""Characters of a printed title that a line shows; the whole text is under "ข้อ ...". """


PERIODS = {
    "today": "วันนี้",
    "tomorrow": "พรุ่งนี้",
    "week": "สัปดาห์นี้",
    "next_week": "สัปดาห์หน้า",
    "month": "เดือนนี้",
    "next_month": "เดือนหน้า",
}


def period_label(period: str) -> str:
    """Return the words for a period asked for; a number is a month's, 1 to 12."""
    return PERIODS.get(period) or f"เดือน{MONTHS[int(period)]}"


def agency_label(agency: Agency) -> str:
    """Return the agency's name as officers write it: "อบต.แม่แรม"."""
    return short_name(agency.name, agency.kind)


def number_label(number: str) -> str:
    """Return "ข้อ ๑๑"."""
    return f"ข้อ {to_thai_digits(number)}"


def duty_label(duty: DutyFacts) -> str:
    """Return "ข้อ ๑๑", with the step where the activity has several: "ข้อ ๘ ขั้นที่ ๒"."""
    label = number_label(duty.activity.number)
    if duty.step_count == 1:
        return label
    return f"{label} ขั้นที่ {to_thai_digits(duty.step_number)}"


def activity_line(activity: ActivityFacts) -> str:
    """Return the number and the beginning of the title."""
    return f"{number_label(activity.number)} {shorten(activity.title)}"


def duty_line(duty: DutyFacts) -> str:
    """Return the label of a duty and the beginning of what is to be done."""
    title = duty.activity.title if duty.step_count == 1 else duty.step_title
    return f"{duty_label(duty)} {shorten(title)}"


def state_label(duty: DutyFacts) -> str:
    """Return how a duty stands, marked where the district said so in the agency's place."""
    is_marked = duty.is_on_behalf and duty.state not in NOTHING_SHOWN
    mark = f" {BY_DISTRICT}" if is_marked else ""
    return STATES[duty.state] + mark + (f" · {REVIEWED}" if duty.is_reviewed else "")


def shorten(text: str, longest: int = LONGEST_TITLE) -> str:
    """Return the text, cut with "…" when it is longer than that many characters."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rstrip() + "…"


def deadline(window: Window | None, today: date) -> str:
    """Return how a window stands today: what is left, or since when it is over."""
    if window is None:
        return "ไม่ได้กำหนดเวลา"
    last = format_short_day(window.last)
    days = (window.last - today).days
    if days < 0:
        return f"เกินกำหนด {to_thai_digits(-days)} วัน (ครบกำหนด {last})"
    if window.first is not None and window.first > today:
        if window.first == window.last:
            return f"วันที่ {last} (อีก {to_thai_digits(days)} วัน)"
        return f"เริ่ม {format_short_day(window.first)} ถึง {last}"
    if days == 0:
        return f"วันนี้วันสุดท้าย ({last})"
    if days == 1:
        return f"พรุ่งนี้วันสุดท้าย ({last})"
    return f"เหลือ {to_thai_digits(days)} วัน (ถึง {last})"


def out_of(count: Count) -> str:
    """Return "๔๕/๒๑๑": those with nothing left to do, of all."""
    return f"{to_thai_digits(count.finished)}/{to_thai_digits(count.total)}"


def out_of_apart(count: Count) -> str:
    """Return "๔๕/๒๑๑ (ไม่ต้องดำเนินการ ๓)", the second only where there are any."""
    if not count.not_needed:
        return out_of(count)
    state = STATES[DutyState.NOT_NEEDED]
    return f"{out_of(count)} ({state} {to_thai_digits(count.not_needed)})"
