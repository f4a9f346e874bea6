"""Wording of corrections: a date that was told and is no longer true.  Pure."""

from collections.abc import Sequence

from messages_th.dates import format_short_day, format_window
from messages_th.digits import to_thai_digits
from messages_th.parts import Text
from messages_th.phrases import activity_line, agency_label
from store.types import Correction

MOST_LINES = 8
"""Activities that one message corrects in full: more is no list that anybody reads on a phone."""


def correction(owed: Sequence[Correction]) -> Text:
    """Return the one message that corrects all that a person was told otherwise."""
    names = list(dict.fromkeys(agency_label(each.agency) for each in owed))
    whose = names[0] if len(names) == 1 else f"{to_thai_digits(len(names))} หน่วยงานของท่าน"
    by_activity = {each.activity.activity_id: each for each in owed}
    lines = [_line(each) for each in by_activity.values()]
    left = len(lines) - MOST_LINES
    more = [f"และอีก {to_thai_digits(left)} ข้อ พิมพ์ “สถานะ” เพื่อดูทั้งหมด"] if left > 0 else []
    return Text("\n".join([f"🔁 กำหนดการเปลี่ยน · {whose}", *lines[:MOST_LINES], *more]))


def _line(owed: Correction) -> str:
    was = f"เดิมถึง {format_short_day(owed.told)}" if owed.told else "เดิมไม่มีกำหนด"
    done = " (ท่านรายงานเสร็จแล้ว ไม่ต้องทำเพิ่ม)" if owed.is_done and not owed.is_gone else ""
    return f"{activity_line(owed.activity)}\n{was} → {_now(owed)}{done}"


def _now(owed: Correction) -> str:
    if owed.is_gone:
        return "ยกเลิกแล้ว ไม่ต้องดำเนินการ"
    if owed.activity.window is None:
        return "ยังไม่มีกำหนดใหม่"
    return f"ใหม่ {format_window(owed.activity.window)}"
