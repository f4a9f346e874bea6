"""What is written about reminders: settings, holidays, quiet, and why.  Pure.

Understood in 1:1 alone: in a group "วันหยุด" is chatter more often than not.
"""

import re
from collections.abc import Mapping

from messages_th.commands import STEP, Command, Message, Understood, is_agency
from messages_th.item_numbers import NUMBERS, read_numbers
from store.types import ReminderSetting

_REMIND = r"(?:การ)?(?:แจ้ง)?เตือน"
_UNTIL = r"(?:ไป|ไว้|ออกไป)?(?:จน)?\s*(?:ถึง)?\s*(?P<until>.*?)"
_BECAUSE = r"(?:\s*(?:เพราะ(?:ว่า)?|เนื่องจาก)\s*(?P<reason>.*))?"
_SETTINGS = re.compile(rf"ตั้งค่า{_REMIND}\s*(?P<rest>.*)")
_NAMED: Mapping[ReminderSetting, str] = {
    ReminderSetting.BEFORE: r"ก่อน(?:ครบ|ถึง)?กำหนด",
    ReminderSetting.OVERDUE: r"(?:เกิน|เลย)กำหนด",
    ReminderSetting.WEEKLY: r"ทุกสัปดาห์",
    ReminderSetting.HALFWAY: r"ครึ่งทาง",
    ReminderSetting.HOURS: r"เวลา",
    ReminderSetting.PROMISE: r"(?:ขอ)?เลื่อน(?:เตือน)?(?:ได้)?",
    ReminderSetting.CATCH_UP: r"ย้อนหลัง",
}
_HOLIDAYS = re.compile(r"(?:ดู)?(?:รายการ)?วันหยุด(?:ราชการ)?(?:มีวันไหนบ้าง|มีอะไรบ้าง)?")
_HOLIDAY = re.compile(r"(?:(?P<add>เพิ่ม)|(?:ตัด|ลบ|ยกเลิก))วันหยุด(?:ราชการ)?\s*(?:วันที่)?\s*(?P<rest>.*)")
_PROMISE = re.compile(
    rf"ขอเลื่อน{_REMIND}\s*(?P<numbers>{NUMBERS}){STEP}\s*(?P<agency>.*?)"
    r"\s*(?:ไป|ออกไป)?(?:จน)?ถึง\s*(?P<until>.*)"
)
_PAUSE = re.compile(rf"(?:พัก|หยุด|งด){_REMIND}ทั้งหมด\s*{_UNTIL}{_BECAUSE}")
_MUTE = re.compile(
    rf"(?:งด|พัก|หยุด){_REMIND}\s*(?P<agency>.+?)(?:\s*(?:จน)?ถึง\s*(?P<until>.*?))?{_BECAUSE}"
)
_RESUME = re.compile(rf"{_REMIND}(?:ต่อ|อีกครั้ง)\s*(?P<agency>.*)")
_WHY = re.compile(rf"ทำไม(?:บอ[ทต])?(?:ถึง|จึง)?{_REMIND}")
_WHY_NOT = re.compile(
    rf"ทำไม(?:บอ[ทต])?(?:ถึง|จึง)?ไม่{_REMIND}\s*(?P<agency>.*?)\s*(?P<numbers>{NUMBERS})?"
)


def reminder_command(message: Message) -> Understood | None:
    """Return what is asked or decided about reminders; None for anything else."""
    if _HOLIDAYS.fullmatch(message.solid):
        return Understood(Command.HOLIDAYS)
    if _WHY.fullmatch(message.solid):
        return Understood(Command.WHY_REMINDED)
    return _setting(message) or _holiday(message) or _quiet(message) or _why_not(message)


def _setting(message: Message) -> Understood | None:
    found = _SETTINGS.fullmatch(message.plain)
    if found is None:
        return None
    for setting, name in _NAMED.items():
        if named := re.match(rf"{name}\s*", found["rest"]):
            value = found["rest"][named.end() :]
            return Understood(Command.REMINDER_SETTINGS, setting=setting, text=value)
    return Understood(Command.REMINDER_SETTINGS, text=found["rest"])


def _holiday(message: Message) -> Understood | None:
    found = _HOLIDAY.fullmatch(message.plain)
    if found is None:
        return None
    setting = ReminderSetting.ADD_DAY if found["add"] else ReminderSetting.DROP_DAY
    return Understood(
        Command.HOLIDAYS, setting=setting, text=message.shown[found.start("rest") :].strip()
    )


def _quiet(message: Message) -> Understood | None:
    if found := _PROMISE.fullmatch(message.plain):
        numbers, agency = read_numbers(found["numbers"]), found["agency"].strip()
        if not numbers or (agency and not is_agency(agency)):
            return None
        step = int(found["step"]) if found["step"] else None
        return Understood(
            Command.PROMISE,
            activities=numbers,
            agency=agency or None,
            text=found["until"].strip(),
            step=step,
        )
    if found := _PAUSE.fullmatch(message.plain):
        return Understood(Command.QUIET, text=found["until"], reason=_reason(message, found))
    found = _MUTE.fullmatch(message.plain)
    if found and is_agency(found["agency"]):
        return Understood(
            Command.QUIET,
            agency=found["agency"].strip(),
            text=(found["until"] or "").strip(),
            reason=_reason(message, found),
        )
    found = _RESUME.fullmatch(message.plain)
    if found and (found["agency"] == "ทั้งหมด" or is_agency(found["agency"])):
        is_all = found["agency"] == "ทั้งหมด"
        return Understood(Command.RESUME, agency=None if is_all else found["agency"].strip())
    return None


def _why_not(message: Message) -> Understood | None:
    found = _WHY_NOT.fullmatch(message.plain)
    if found is None:
        return None
    agency = found["agency"].strip()
    if agency and not is_agency(agency):
        return None
    numbers = read_numbers(found["numbers"] or "")
    return Understood(Command.WHY_NOT_REMINDED, activities=numbers[:1], agency=agency or None)


def _reason(message: Message, found: re.Match[str]) -> str:
    if found["reason"] is None:
        return ""
    return message.shown[found.start("reason") :].strip()
