"""Wording of why somebody was reminded, and why not: one short message from the kept reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from messages_th.cards import ASK_STATUS, ASK_WEEK
from messages_th.dates import format_moment, format_short_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import agency_label, duty_label
from store.types import Agency, DutyFacts, NoticeKind, Reason

NEVER = Text("บอตยังไม่เคยส่งข้อความเตือนถึงท่าน", choices=(ASK_WEEK, ASK_STATUS))
NAME_AN_AGENCY = Text("โปรดระบุหน่วยงาน เช่น “ทำไมไม่เตือน อบต.แม่แรม ข้อ ๑๑”")
MOST_LINES = 8
"""Lines of one answer."""
WHY: Mapping[Reason, str] = {
    Reason.SENT: "เตือนแล้ว",
    Reason.DONE: "ไม่เตือน เพราะรายงานแล้ว",
    Reason.APPROVAL: "ไม่เตือน เพราะรอผู้บริหารอนุมัติ",
    Reason.MOVED: "ไม่เตือน เพราะกำหนดการเปลี่ยน",
    Reason.PROMISED: "ไม่เตือน เพราะผู้รับผิดชอบขอเลื่อนเตือน",
    Reason.MUTED: "ไม่เตือน เพราะผู้ประสานงานให้งดเตือนหน่วยงานนี้",
    Reason.PAUSED: "ไม่เตือน เพราะพักการเตือนทั้งจังหวัด",
    Reason.NO_CONTACT: "ไม่เตือน เพราะไม่มีผู้รับผิดชอบที่บอตส่งข้อความถึงได้",
    Reason.JOINED: "รวมกับการเตือนอีกจังหวะหนึ่งของวันเดียวกัน",
    Reason.NOT_OPENED: "ไม่เตือน เพราะตรงกับก่อนวันเปิดให้ดำเนินการ",
    Reason.CAUGHT_UP: "ไม่เตือน เพราะเลยวันก่อนจะได้วางแผน จังหวะถัดไปเตือนแทน",
    Reason.OVERSLEPT: "ไม่เตือน เพราะเลยวันไปนานแล้ว",
    Reason.NOT_YET: "ยังไม่ถึงวัน",
    Reason.DAY_OFF_MOVED: "ตรงกับวันหยุด จะเตือนในวันทำการถัดไป",
    Reason.NOT_WANTED: "ไม่เตือน เพราะไม่มีเรื่องค้าง",
    Reason.POST_ENDED: "ไม่เตือน เพราะผู้รับพ้นหน้าที่แล้ว",
    Reason.PARKED: "ส่งไม่สำเร็จ เพราะ LINE ไม่รับข้อความ",
    Reason.UNCERTAIN: "ไม่แน่ชัด เพราะ LINE ไม่ยืนยันว่าส่งถึง",
}
WAITS = "ถึงกำหนดเตือนแล้ว รอส่ง"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one offset of a duty; no reason where it is on its way."""

    duty: DutyFacts
    kind: NoticeKind
    days: int
    on: date
    reason: Reason | None


def reminded(at: datetime, lines: Sequence[Line]) -> Text:
    """Say why the last reminder came; `at` is Bangkok time."""
    told = [
        f"• {agency_label(each.duty.agency)} {duty_label(each.duty)}:"
        f" {offset(each.kind, each.days)}"
        for each in lines[:MOST_LINES]
    ]
    left = len(lines) - len(told)
    more = [f"และอีก {to_thai_digits(left)} รายการ"] if left > 0 else []
    return Text(
        "\n".join([f"บอตเตือนท่านเมื่อ {format_moment(at)} เพราะขณะนั้นยังไม่รายงาน", *told, *more]),
        choices=(ASK_WEEK, ASK_STATUS),
    )


def not_reminded(
    agency: Agency, lines: Sequence[Line], quiet: str, choices: tuple[Say, ...]
) -> Text:
    """Say what became of an agency's last offsets, and what is quiet now."""
    told = [
        f"• {duty_label(each.duty)} {offset(each.kind, each.days)} ({format_short_day(each.on)}):"
        f" {WAITS if each.reason is None else WHY[each.reason]}"
        for each in lines[:MOST_LINES]
    ]
    head = f"การเตือน {agency_label(agency)}"
    nothing = "• ยังไม่มีจังหวะเตือนที่ถึงกำหนด"
    return Text(
        "\n".join([head, *([quiet] if quiet else []), *(told or [nothing])]), choices=choices
    )


def offset(kind: NoticeKind, days: int) -> str:
    """Return which offset it is: "ก่อนครบกำหนด ๗ วัน"."""
    number = to_thai_digits(days)
    return {
        NoticeKind.OPENS: "วันเปิดให้ดำเนินการ",
        NoticeKind.HALFWAY: "ครึ่งทางของระยะเวลา",
        NoticeKind.BEFORE: f"ก่อนครบกำหนด {number} วัน",
        NoticeKind.LAST_DAY: "วันสุดท้าย",
        NoticeKind.OVERDUE: f"เกินกำหนด {number} วัน",
        NoticeKind.PROMISE: "พ้นวันที่ขอเลื่อนเตือน",
    }[kind]
