"""Commands that change a plan: moved dates, other owners, undo, copy, and the draft that waits.

Pure.  `plan_command` is what a group may hold too, beyond doubt: there a move counts only where its
date can be read.  `near_plan_command` is for 1:1, where a date that cannot be read is asked about.
"""

import re
from collections.abc import Mapping

from messages_th.commands import NEGATION, QUESTION, Command, Message, PlanField, Understood
from messages_th.dates import Unreadable, read_window
from messages_th.item_numbers import ITEM
from store.types import FiscalYear

_ANY_YEAR = FiscalYear(2567)
_NUMBER = rf"(?:{ITEM}\s*)(?P<number>[1-9]\d{{0,2}}(?:\.[1-9]\d?)?)(?![\d./])"
_PLEASE = r"(?:ขอ|ช่วย|กรุณา|โปรด)?"
_ENOUGH = r"(?:\s*(?:ให้)?(?:ด้วย|หน่อย))?"
_INTO = r"(?:ไปเป็น|มาเป็น|เป็น(?:วันที่)?|ไป(?:วันที่|ที่)?|มา|:|=)?"

_MOVE = re.compile(
    rf"{_PLEASE}(?P<verb>เลื่อน|ปรับ|เปลี่ยน|แก้ไข|แก้)(?:กำหนดการ|กำหนด|ระยะเวลา|ช่วงเวลา|วันที่|วัน|เวลา)?(?:ของ)?"
    rf"\s*{_NUMBER}\s*(?:ออกไป)?{_INTO}\s*(?P<text>.+?){_ENOUGH}"
)
_EXTEND = re.compile(
    rf"{_PLEASE}(?:ขยาย|เลื่อน)(?:กำหนดการ|กำหนด|ระยะเวลา|เวลา|วันสิ้นสุด)?(?:ของ)?\s*{_NUMBER}"
    rf"\s*(?:ออกไป)?(?:ไป)?(?:จนถึง|ถึง)(?:วันที่)?\s*(?P<text>.+?){_ENOUGH}"
)
_WITHOUT_DATE = re.compile(
    rf"{_PLEASE}(?:เลื่อน|ขยาย)(?:กำหนดการ|กำหนด|ระยะเวลา|เวลา)?(?:ของ)?\s*{_NUMBER}\s*(?P<text>.*?){_ENOUGH}"
)
"""Answered by asking for the date: "อีก ๗ วัน" is not reckoned in silence."""
_FIELDS: Mapping[PlanField, str] = {
    PlanField.RESPONSIBLE: r"(?:หน่วยงาน)?(?:ผู้)?รับผิดชอบ",
    PlanField.TITLE: r"ชื่อ(?:กิจกรรม)?",
    PlanField.NUMBER: r"เลข(?:ข้อ|ที่)?",
}
_EDITS = tuple(
    (
        field,
        re.compile(
            rf"{_PLEASE}(?:เปลี่ยน|แก้ไข|แก้|ปรับ){name}(?:ของ)?\s*{_NUMBER}\s*{_INTO}\s*(?P<text>.+)"
        ),
    )
    for field, name in _FIELDS.items()
)
_DROP = re.compile(
    rf"{_PLEASE}(?:ตัด{_NUMBER}\s*ออก(?:จากแผน)?|ลบ{_NUMBER.replace('number', 'other')}(?:จากแผน)?)"
)

_PHRASES: tuple[tuple[str, Command], ...] = (
    (
        r"ย้อน(?:กลับ)?(?:การเปลี่ยน|การแก้ไข|การปรับ)?แผน(?:ล่าสุด|กลับ)?"
        r"|ยกเลิกการ(?:เปลี่ยน|แก้ไข|ปรับ|เลื่อน)แผน(?:ครั้ง)?(?:ล่าสุด)?|กลับไปใช้แผน(?:เดิม|ก่อนหน้า|ฉบับก่อน)",
        Command.UNDO_PLAN,
    ),
    (r"(?:ขอ)?(?:ดู|ตรวจ)ร่างแผน", Command.PLAN_DRAFT),
    (r"(?:ขอ)?(?:ตอบ|ดู)ข้อสงสัย(?:ของ)?(?:ร่าง)?แผน", Command.PLAN_DOUBTS),
    (r"(?:ยืนยัน|ประกาศใช้)ร่างแผน", Command.CONFIRM_PLAN),
    (r"(?:ยกเลิก|ทิ้ง)ร่างแผน", Command.CANCEL_PLAN),
)
_NEAR_PHRASES: tuple[tuple[str, Command], ...] = (
    (r"(?:ขอ)?(?:ดู|ตรวจ)?(?:ร่าง(?:แผน)?|ตารางแผน)", Command.PLAN_DRAFT),
    (r"(?:ขอ)?(?:ตอบ|ดู)?ข้อสงสัย", Command.PLAN_DOUBTS),
    (r"(?:ยืนยัน|ประกาศใช้)(?:ร่าง|แผน)", Command.CONFIRM_PLAN),
    (r"(?:ยกเลิก|ทิ้ง)ร่าง", Command.CANCEL_PLAN),
)
"""Said to the bot these can mean nothing else; said in a group they may be talk about a meeting."""
_COPY = re.compile(
    r"(?:คัดลอก|ก๊อป|copy)แผน(?:ปีนี้)?(?:ไป)?(?:เป็น|ใช้)?(?:ยัง|ใน)?(?:แผน)?(?:ปี(?:งบประมาณ)?(?:พ\.?ศ\.?)?)"
    r"(?:(?P<year>25\d\d)|(?:หน้า|ถัดไป))"
)

_FOR_DRAFT: tuple[tuple[PlanField, re.Pattern[str]], ...] = (
    *(
        (
            field,
            re.compile(rf"{_NUMBER}\s*{name}\s*(?:คือ|เป็น|:|=)?\s*(?P<text>.+)"),
        )
        for field, name in (
            (PlanField.WINDOW, r"(?:ระยะเวลา|ช่วงเวลา|กำหนดการ)"),
            *_FIELDS.items(),
        )
    ),
    (PlanField.DROP, re.compile(rf"{_NUMBER}\s*(?:ตัดออก|ไม่ใช่กิจกรรม)(?P<text>)")),
)


def plan_command(message: Message) -> Understood | None:
    """Return the command about a plan that the whole message is, or None."""
    if command := _phrase(message, _PHRASES):
        return Understood(command)
    if found := _COPY.fullmatch(message.solid):
        return Understood(Command.COPY_PLAN, text=found["year"] or "")
    if QUESTION.search(message.plain):
        return None
    if found := _DROP.fullmatch(message.plain):
        return _edit(PlanField.DROP, found["number"] or found["other"], "")
    for field, form in _EDITS:
        if found := form.fullmatch(message.plain):
            return _edit(field, found["number"], _shown(message, found))
    return _move(message, is_sure=True)


def near_plan_command(message: Message) -> Understood | None:
    """Return what a message in 1:1 asks about a plan: also a correction of a draft."""
    if command := _phrase(message, _NEAR_PHRASES):
        return Understood(command)
    if QUESTION.search(message.plain):
        return None
    for field, form in _FOR_DRAFT:
        found = form.fullmatch(message.plain)
        if found and (field is PlanField.DROP or not NEGATION.search(found["text"])):
            return _edit(field, found["number"], _shown(message, found))
    if move := _move(message, is_sure=False):
        return move
    found = _WITHOUT_DATE.fullmatch(message.plain)
    if found is None or NEGATION.search(found["text"]):
        return None
    return _edit(PlanField.WINDOW, found["number"], _shown(message, found))


def _phrase(message: Message, phrases: tuple[tuple[str, Command], ...]) -> Command | None:
    fitting = (command for phrase, command in phrases if re.fullmatch(phrase, message.solid))
    return next(fitting, None)


def _move(message: Message, *, is_sure: bool) -> Understood | None:
    """Read a move; unless `is_sure` is asked for, เลื่อน and ขยาย need no readable date."""
    for field, form in ((PlanField.LAST_DAY, _EXTEND), (PlanField.WINDOW, _MOVE)):
        found = form.fullmatch(message.plain)
        if found is None:
            continue
        text = _shown(message, found)
        is_date = not isinstance(read_window(text, fiscal_year=_ANY_YEAR), Unreadable)
        is_move = field is PlanField.LAST_DAY or found["verb"] == "เลื่อน"
        if is_date or (is_move and not is_sure and not NEGATION.search(text)):
            return _edit(field, found["number"], text)
    return None


def _edit(field: PlanField, number: str, text: str) -> Understood:
    is_move = field in (PlanField.WINDOW, PlanField.LAST_DAY)
    command = Command.MOVE_ACTIVITY if is_move else Command.EDIT_ACTIVITY
    return Understood(command, activities=(number,), field=field, text=text)


def _shown(message: Message, found: re.Match[str]) -> str:
    return message.shown[found.start("text") : found.end("text")].strip()
