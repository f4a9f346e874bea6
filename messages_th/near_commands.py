"""Looser wordings of commands, for 1:1 and for messages that mention the bot.  Pure.

Here somebody speaks to the bot, so a guess is better than silence; what a guess may not do is
to record a report that was not made: a question, a denial or a plan is never "done".  Where a
word around the numbers is not understood, the numbers are left out, so that the answer asks.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from messages_th.commands import (
    ANY_PERIOD,
    QUESTION,
    SOLVED,
    Command,
    Message,
    Understood,
    code_of,
    has_letter,
    period_in,
)
from messages_th.item_numbers import ITEM, NUMBERS, is_counted, read_numbers
from messages_th.report_extras import taken_out
from messages_th.spelling import KIND_WORD
from store.types import DutyState

TAKES_EXTRAS = (DutyState.DONE, DutyState.DOING)
"""States that a number or a link goes with; elsewhere they are part of a reason."""

LONGEST = 150
"""Characters; longer texts are pasted documents or letters, not requests."""

_NUMBERS = re.compile(rf"(?<![A-Za-z])(?:(?P<word>{ITEM})\s*)?(?P<numbers>{NUMBERS})")
_STUCK = re.compile(r"(?:ยัง)?(?:ติดปัญหา|ติดขัด|มีปัญหา|มีอุปสรรค|เจอปัญหา)")
_NOT_STUCK_NOW = re.compile(r"ไม่|ยังมิ|ถ้า|หาก|กรณี|เผื่อ|เคย|กลัว|เกรง|จะ|อาจ|แก้|หาย|พ้น|หมด")
_DOING = re.compile(
    r"(?:ยัง)?กำลัง(?:ทำ|จัดทำ|ดำเนินการ|ส่ง|รวบรวม|กรอก|อัป|อัพ|นำเข้า|เร่ง|เตรียม|รอ|แก้)|(?:อยู่)?ระหว่างดำเนินการ|(?:ทำ|ดำเนินการ)อยู่|เริ่มทำ|เริ่มดำเนินการ"
)
_DONE = re.compile(
    r"(?:แล้ว|ทำ)?(?:เสร็จ|เสร้จ|เสรจ|เสร็ด|เส็จ|เส็ด|เสด(?!็))(?:สิ้น|แล้ว|เรียบร้อย)*"
    r"|(?:ส่ง|ทำ|รายงาน|ดำเนินการ|อัปโหลด|อัพโหลด|นำเข้า)(?:งาน|ไป|ข้อมูล|ให้)?(?:เรียบร้อย|แล้ว|ครบ)+"
)
_DONE_AROUND = re.compile(
    rf"(?:ส่ง|ทำ|รายงาน|ดำเนินการ)\s*{NUMBERS}\s*(?:เสร็จ)?(?:แล้ว|เรียบร้อย|เสร็จ)+"
)
_NOT_YET = re.compile(r"ไม่|ยัง|จะ|ใกล้|เกือบ|คาดว่า|ต้อง|ถ้า|หาก|ก่อน|ภายใน|พรุ่งนี้|ให้(?:แล้ว)?เสร็จ|ขอให้|อย่า")
_DENIED_BEHIND = re.compile(r"ไม่|ยัง(?!ไง)")
_FILLER = re.compile(
    r"แล้ว|เรียบร้อย|ทั้งหมด|หมด|ครบ|ของ|ให้|ทาง|อยู่|ยืนยัน|รายงาน|แจ้ง|ขอ|(?<!ก)ว่า|เมื่อวาน|เมื่อกี้|วันนี้|ผล|และ|ส่ง|ทำ"
)
_FILLER_BEFORE = re.compile(
    r"ดำเนินการ|จัดทำ|อัปโหลด|อัพโหลด|นำเข้า|ข้อมูล|งาน|ค่ะ|คะ|ครับ|ตอนนี้|ขณะนี้|ผม|ดิฉัน|หนู|เรา|ไป|เลย|\d{1,2}\.\d\d(?!\d)"
)
"""Words, and times of day, that change nothing around a verb and its numbers."""
_NO_PLACE = re.compile(r"กำหนด|แน่นอน|นาน|เร็ว|^รอ|^ราว|^ตาม|เมื่อ|แต่|เว้น|ครึ่ง|บางส่วน|กว่า|^จาก|ติดปัญหา")

_WHO = re.compile(r"ใคร|หน่วยงาน(?:ไหน|ใด)|(?:อปท|อบต|ทต|เทศบาล|อำเภอ|ที่|แห่ง)\.?(?:ไหน|ใด)|ไหนบ้าง")
_LATE = re.compile(r"ยังไม่|ไม่ส่ง|ไม่รายงาน|ไม่เสร็จ|ช้า|ค้าง|ขาด|เหลือ|เลยกำหนด")
_UNDO = re.compile(r"ยกเลิก|ย้อนกลับ|กดผิด|แจ้งผิด|รายงานผิด|\bundo\b", re.IGNORECASE)
_UNDO_NOT_MEANT = re.compile(r"ไม่|อย่า|ห้าม|จะ|ถ้า|หาก|เคย|ก่อน")
_OVERDUE = re.compile(r"ค้าง|(?:เลย|เกิน|พ้น)(?:กำหนด|เวลา)|ล่าช้า")
_ASKS = re.compile(r"อะไร|ไร|ส่ง|งาน|กำหนด|ทำ|บ้าง|มั่ง|รายการ")
_DUE = re.compile(
    r"ต้อง(?:ส่ง|ทำ|รายงาน)(?:งาน)?(?:อะ)?ไร|ไร(?:บ้าง|มั่ง)?(?:ที่)?ต้อง(?:ส่ง|ทำ|รายงาน)|ครบกำหนด|กำหนดส่ง"
    r"|งานของ(?:ฉัน|เรา|ผม|หน่วยงาน)|ไรส่ง(?:บ้าง|มั่ง)?|งานต่อไป|มีงานอะไร|งานอะไรบ้าง"
)
_AREA = re.compile(r"ภาพรวม|สรุป|(?:สถานะ|คืบหน้า).*(?:อำเภอ|จังหวัด|ทุก)|ทั้ง(?:จังหวัด|อำเภอ)")
_HISTORY = re.compile(r"ประวัติ(?!ศาสตร์|ผู้|บุคคล|คน|ส่วนตัว|ย่อ)")
_STATUS = re.compile(r"สถานะ|ถึงไหน|คืบหน้า|ส่งครบหรือยัง|เหลืออะไร")
_CONTACT = re.compile(r"ติดต่อ|ผู้ประสานงาน|เบอร์โทร|ขอเบอร์")
_REGISTER = re.compile(r"ลงทะเบียน|สมัคร|ขอรหัส|ใส่รหัส|รหัสลงทะเบียน|^รหัส")
_REGISTERS_OTHERS = re.compile(r"ใคร|รายชื่อ|คน|ผู้|จำนวน|กี่|ให้|ผ่าน")
_HELP = re.compile(r"ช่วยเหลือ|help|เมนู|menu|วิธีใช้|ใช้(?:งาน)?(?:ยังไง|อย่างไร)|ทำอะไรได้|คำสั่ง|คู่มือ|^\?+$")
_ACTIVITY_ASKED = re.compile(r"รายละเอียด|กิจกรรม|แผน")

_CODE_LETTER = "[0-9A-TV-Z]"
_CODE = re.compile(
    rf"(?:\D*\s)?(?P<head>{_CODE_LETTER}{{4}})[\s\-–]?(?P<tail>{_CODE_LETTER}{{4}})", re.IGNORECASE
)
_LEAD = re.compile(
    r"^(?:สวัสดี(?:ค่ะ|ครับ|คะ|จ้า)?|ขอสอบถาม|สอบถาม|ขอถาม|ขอทราบ|ขอดู|รบกวน|อยากรู้|อยากทราบ|อยากดู|ช่วย(?!เหลือ)"
    r"|(?:น้อง)?บอท(?:ครับ|คะ|ค่ะ)?|ขอ|ดู|บอก|ว่า)\s*"
)
_TRAIL = re.compile(r"\s*(?:หน่อย|ด้วย|ที|ล่ะ|อ่ะ|อะ)$")
_ASKED = re.compile(rf"{QUESTION.pattern}|หรอ|ยัง$")

_KNOWN: Mapping[str, Understood] = {
    "สถานะ": Understood(Command.MY_STATUS),
    "สถานะของฉัน": Understood(Command.MY_STATUS),
    "ความคืบหน้า": Understood(Command.MY_STATUS),
    "ภาพรวม": Understood(Command.AREA_STATUS),
    "สถานะอำเภอ": Understood(Command.AREA_STATUS),
    "สถานะจังหวัด": Understood(Command.AREA_STATUS),
    "งานค้าง": Understood(Command.OVERDUE),
    "เลยกำหนด": Understood(Command.OVERDUE),
    "เกินกำหนด": Understood(Command.OVERDUE),
    "ใครยังไม่ส่ง": Understood(Command.WHO_IS_LATE),
    "ใครยังไม่รายงาน": Understood(Command.WHO_IS_LATE),
    "ต้องส่งอะไรบ้าง": Understood(Command.DUE),
    "สัปดาห์นี้": Understood(Command.DUE, "week"),
    "อาทิตย์นี้": Understood(Command.DUE, "week"),
    "สัปดาห์หน้า": Understood(Command.DUE, "next_week"),
    "ติดต่อผู้ประสานงาน": Understood(Command.CONTACT),
    "ผู้ประสานงาน": Understood(Command.CONTACT),
    "ลงทะเบียน": Understood(Command.REGISTER),
    "ช่วยเหลือ": Understood(Command.HELP),
    "วิธีใช้": Understood(Command.HELP),
    "วิธีใช้งาน": Understood(Command.HELP),
    "เมนู": Understood(Command.HELP),
    "help": Understood(Command.HELP),
    "ประวัติ": Understood(Command.HISTORY),
    "ยกเลิก": Understood(Command.UNDO),
    "เสร็จแล้ว": Understood(Command.REPORT, state=DutyState.DONE),
    "กำลังทำ": Understood(Command.REPORT, state=DutyState.DOING),
    "กำลังดำเนินการ": Understood(Command.REPORT, state=DutyState.DOING),
    "ติดปัญหา": Understood(Command.REPORT, state=DutyState.STUCK),
    "ไม่ต้องดำเนินการ": Understood(Command.REPORT, state=DutyState.NOT_NEEDED),
}
_LIKE_ENOUGH = 0.75
_PERIODS_MISSPELT: Mapping[str, str] = {
    "สัปดาห์นี้": "week",
    "อาทิตย์นี้": "week",
    "สัปดาห์หน้า": "next_week",
    "อาทิตย์หน้า": "next_week",
    "พรุ่งนี้": "tomorrow",
    "เดือนหน้า": "next_month",
}
_PERIOD_LIKE_ENOUGH = 76


def near(message: Message) -> Understood | None:
    """Return the command that a message to the bot most likely is, or None."""
    extras = taken_out(message.shown, message.plain)
    is_doubtful = extras.figure is None or _ASKED.search(extras.figure) or "ไม่" in extras.figure
    if not is_doubtful and (extras.figure or extras.link):
        understood = _near(Message(extras.shown.strip(), extras.plain.strip()))
        is_report = understood is not None and understood.command is Command.REPORT
        if understood is not None and is_report and understood.state in TAKES_EXTRAS:
            return replace(understood, figure=extras.figure, link=extras.link)
    return _near(message)


def _near(message: Message) -> Understood | None:
    text = _without_courtesies(message)
    if not text.plain or len(text.plain) > LONGEST:
        return None
    if code := _code(text):
        return code
    agency, text = _agency_taken_out(text)
    numbers = _numbers(text.plain)
    if _REGISTER.search(text.solid) and _REGISTERS_OTHERS.search(text.solid):
        return None
    understood = (
        (Understood(Command.REGISTER) if _REGISTER.search(text.solid) else None)
        or _who_or_undo(text, numbers)
        or _report(text, numbers)
        or _question(text, numbers)
        or _misspelt(text.solid)
    )
    if understood is None or understood.agency or agency is None:
        return understood or (Understood(Command.MY_STATUS, agency=agency) if agency else None)
    return replace(understood, agency=agency)


def _without_courtesies(message: Message) -> Message:
    """Return the message without "ขอสอบถาม ... หน่อย"."""
    first, last = 0, len(message.plain)
    while found := _LEAD.search(message.plain[first:last]):
        first += found.end()
    while found := _TRAIL.search(message.plain[first:last]):
        last = first + found.start()
    return Message(message.shown[first:last], message.plain[first:last])


_AFTER_AGENCY = re.compile(
    r"(?:ต้อง|มีอะไร|มีไร|มีงาน|ถึงไหน|สัปดาห์|อาทิตย์|วันนี้|พรุ่งนี้|เดือน|เสร็จ|ยังไม่|ติดปัญหา|กำลัง|ข้อ|ส่ง).*"
)


def _agency_taken_out(text: Message) -> tuple[str | None, Message]:
    """Return the agency named by its kind, and the text around it."""
    found = KIND_WORD.search(text.plain) or re.search(r"(?<![ก-๎])เทศบาล", text.plain)
    if found is None:
        return None, text
    place = re.match(r"\s*\S*", text.plain[found.end() :])
    if place and re.match(r"\s*(?:ไหน|ใด|ทุก|ทั้งหมด)", place[0]):
        return None, text
    name = _AFTER_AGENCY.sub("", place[0] if place else "")
    end = found.end() + len(name)
    district = re.match(r"\s+(?:อ\.|อำเภอ)\s*\S+", text.plain[end:])
    end += district.end() if district else 0
    agency = text.shown[found.start() : end].strip()
    rest = [f"{each[: found.start()]} {each[end:]}" for each in (text.shown, text.plain)]
    return agency, Message(*rest)


def _numbers(plain: str) -> tuple[str, ...]:
    """Return the numbers of activities in a text, without counts, dates and months."""
    numbers: list[str] = []
    for found in _NUMBERS.finditer(plain):
        before, after = plain[: found.start()], plain[found.end() :]
        is_date = re.search(r"(?:เดือน|วันที่|ปี|เขต|ภาค|ขั้น(?:ตอน)?ที่)\s*$", before)
        if not is_date and not is_counted(after):
            numbers += read_numbers(found["numbers"])
    return tuple(dict.fromkeys(numbers))


def _code(text: Message) -> Understood | None:
    code = _CODE.fullmatch(text.plain)
    if code and (_REGISTER.search(text.plain) or _is_bare_code(code)):
        return Understood(Command.REGISTER, code=code_of(code))
    return None


def _is_bare_code(code: re.Match[str]) -> bool:
    """Whether it is no English word: "password" and "tomorrow" have letters no code has."""
    is_bare = code.start("head") == 0 and has_letter(code)
    return is_bare and (
        re.search(r"\d|-", code[0]) is not None or re.search("[oil]", code[0], re.I) is None
    )


def _who_or_undo(text: Message, numbers: tuple[str, ...]) -> Understood | None:
    if _WHO.search(text.solid) and _LATE.search(text.solid):
        return Understood(Command.WHO_IS_LATE, activities=numbers)
    undo = _UNDO.search(text.plain)
    if undo is None or _UNDO_NOT_MEANT.search(text.plain[: undo.start()]):
        return None
    if numbers and _ASKED.search(text.plain):
        return None
    is_clear = not _unread(_DONE.sub(" ", text.plain), _UNDO)
    return Understood(Command.UNDO, activities=numbers if is_clear else ())


def _report(text: Message, numbers: tuple[str, ...]) -> Understood | None:
    """Read a report; without numbers the answer has to ask which activity."""
    if _ASKED.search(text.plain):
        return None
    if stuck := _STUCK.search(text.plain):
        return _stuck(text, stuck, numbers)
    doing = _DOING.search(text.plain)
    done = _DONE.search(text.plain) or _DONE_AROUND.search(text.plain)
    state = doing or done
    if state is None or (doing and done) or _is_denied(text.plain, state, is_done=bool(done)):
        return None
    agency = _place_left(text, state)
    if _unread(text.plain, _DOING if doing else _DONE) != (agency or ""):
        agency, numbers = None, ()
    return Understood(
        Command.REPORT,
        activities=numbers,
        agency=agency,
        state=DutyState.DOING if doing else DutyState.DONE,
    )


def _is_denied(plain: str, state: re.Match[str], *, is_done: bool) -> bool:
    """Whether "not", "not yet" or a time to come stands beside the state."""
    before, behind = plain[: state.end()], plain[state.end() :]
    is_planned = _NOT_YET.search(before) if is_done else re.search("ไม่", before)
    period = period_in(behind.replace(" ", ""))
    return bool(is_planned or _DENIED_BEHIND.search(behind)) or period not in (None, "today")


def _stuck(text: Message, stuck: re.Match[str], numbers: tuple[str, ...]) -> Understood | None:
    """Read a problem: the numbers count only before it or right behind it, not in the reason."""
    before = text.plain[: stuck.start()]
    named = re.match(rf"\s*(?:ที่)?(?:{ITEM})?[\s\d,.\-–]*", text.plain[stuck.end() :])
    start = stuck.end() + (named.end() if named else 0)
    if _NOT_STUCK_NOW.search(before) or SOLVED.search(text.plain[start:]):
        return None
    is_clear = not _unread(before, _STUCK) and not _numbers(text.plain[start:])
    return Understood(
        Command.REPORT,
        activities=numbers if is_clear else (),
        state=DutyState.STUCK,
        reason=text.shown[start:].strip(),
    )


def _unread(plain: str, verb: re.Pattern[str]) -> str:
    """Return what is left of a text without its verb, its numbers and words that say nothing."""
    left = _FILLER_BEFORE.sub(" ", _NUMBERS.sub(" ", verb.sub(" ", plain)))
    return " ".join(_FILLER.sub("", left).replace(",", " ").split())


def _place_left(text: Message, state: re.Match[str]) -> str | None:
    """Return the place in "เสร็จ ๑๑ แม่แรม": what is left behind verb and numbers, if one word."""
    found = _NUMBERS.search(text.plain, state.end())
    if found is None or is_counted(text.plain[found.end() :]):
        return None
    left = _FILLER.sub("", text.plain[found.end() :]).strip()
    is_place = re.fullmatch(r"[ก-๎]{3,30}(?: อ\.[ก-๎]+)?", left) and not _NO_PLACE.search(left)
    return left if is_place else None


def _question(text: Message, numbers: tuple[str, ...]) -> Understood | None:
    solid = text.solid
    if _HELP.search(solid) and not numbers:
        return Understood(Command.HELP)
    period = period_in(solid) or (_period_misspelt(solid) if _ASKS.search(solid) else None)
    if _HISTORY.match(solid):
        return Understood(Command.HISTORY, activities=numbers)
    if numbers and period is None and (_has_item(text) or re.fullmatch(NUMBERS, text.plain)):
        return Understood(Command.ACTIVITY, activities=numbers)
    if _OVERDUE.search(solid):
        return Understood(Command.OVERDUE)
    if period and (_ASKS.search(solid) or ANY_PERIOD.fullmatch(solid)):
        return Understood(Command.DUE, period)
    if _DUE.search(solid):
        return Understood(Command.DUE)
    for words, command in (
        (_AREA, Command.AREA_STATUS),
        (_STATUS, Command.MY_STATUS),
        (_CONTACT, Command.CONTACT),
    ):
        if words.search(solid):
            return Understood(command)
    return None


def _has_item(text: Message) -> bool:
    return re.search(ITEM, text.plain) is not None or bool(_ACTIVITY_ASKED.search(text.plain))


def _period_misspelt(solid: str) -> str | None:
    best = process.extractOne(
        solid,
        list(_PERIODS_MISSPELT),
        scorer=fuzz.partial_ratio,
        score_cutoff=_PERIOD_LIKE_ENOUGH,
    )
    return _PERIODS_MISSPELT[best[0]] if best else None


def _misspelt(solid: str) -> Understood | None:
    """Return the known phrase that a short text nearly is."""
    best = process.extractOne(
        solid, list(_KNOWN), scorer=OSA.normalized_similarity, score_cutoff=_LIKE_ENOUGH
    )
    return _KNOWN[best[0]] if best else None
