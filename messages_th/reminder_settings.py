"""Wording of when a province reminds: its numbers, its holidays, and why some are not taken."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from enum import StrEnum

from messages_th.dates import format_short_day, format_weekday_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import shorten
from store.types import ReminderPolicy, ReminderSetting

IN_PRIVATE = Text("การตั้งค่าและพักการเตือนทำได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงยังไม่มีอะไรเปลี่ยน")
COMMAND = "ตั้งค่าการเตือน"
NAMES: Mapping[ReminderSetting, str] = {
    ReminderSetting.BEFORE: "ก่อนกำหนด",
    ReminderSetting.OVERDUE: "เกินกำหนด",
    ReminderSetting.WEEKLY: "ทุกสัปดาห์",
    ReminderSetting.HALFWAY: "ครึ่งทาง",
    ReminderSetting.HOURS: "เวลา",
    ReminderSetting.PROMISE: "ขอเลื่อน",
    ReminderSetting.CATCH_UP: "ย้อนหลัง",
}
NONE = "ไม่ใช้"
MOST_HOLIDAYS = 12
"""Days off that one answer lists."""
REFUSED = {
    "out_of_range": "ตัวเลขต้องอยู่ระหว่าง {least} ถึง {most}",
    "too_many": "ตั้งได้ไม่เกิน ๑๐ จังหวะ",
    "one_number": "ต้องเป็นตัวเลขตัวเดียว",
    "at_night": "ส่งข้อความถึงเจ้าหน้าที่ได้ระหว่าง ๐๖.๐๐ ถึง ๒๐.๐๐ น.",
    "no_time": "เวลาเลิกต้องอยู่หลังเวลาเริ่มอย่างน้อย ๑ ชั่วโมง มิฉะนั้นไม่เหลือเวลาส่ง",
}
DAY_REFUSED = {
    "past": "เป็นวันที่ผ่านมาแล้ว ตั้งได้ตั้งแต่{today}เป็นต้นไป",
    "too_far": "ไกลเกินไป ตั้งได้ถึง{latest}",
    "already_off": "เป็นวันหยุดอยู่แล้ว",
    "not_off": "เป็นวันทำการอยู่แล้ว",
    "weekend": "เป็นวันเสาร์หรืออาทิตย์ บอตไม่เตือนในวันเสาร์อาทิตย์",
}
ASK_DAY = Text("โปรดระบุวันที่ เช่น “เพิ่มวันหยุด ๑๖ เมษายน ๒๕๖๗ วันหยุดพิเศษ” หรือ “ตัดวันหยุด ๑๒ สิงหาคม ๒๕๖๗”")


def shown(
    province: str,
    policy: ReminderPolicy,
    quiet: Sequence[str],
    *,
    changed: ReminderSetting | None = None,
    receipt: str = "",
) -> Text:
    """Return all numbers of a province's reminders, what was changed just now marked so."""
    head = "⚙️ ตั้งค่าการเตือนแล้ว" if changed else "⚙️ การเตือน"
    lines = [
        f"{'➜' if each is changed else '•'} {NAMES[each]}: {label}"
        for each, label in _labels(policy).items()
    ]
    fixed = "เตือนวันเปิดและวันสุดท้ายทุกครั้ง ไม่เตือนในวันหยุด"
    example = written(ReminderSetting.BEFORE, policy)
    text = "\n".join(
        [f"{head} จังหวัด{province}", *lines, fixed, *quiet, f"เปลี่ยนโดยพิมพ์ เช่น “{example}”"]
    )
    return Text(
        f"{text}\n{receipt}".rstrip(), choices=(Say("วันหยุด", "วันหยุด"), Say("ดูการเตือน", COMMAND))
    )


def refused(
    setting: ReminderSetting,
    why: StrEnum,
    limits: tuple[int, int],
    nearest: ReminderPolicy,
) -> Text:
    """Say why a number is not taken, and the nearest that would do."""
    because = REFUSED[why].format(least=_thai(limits[0]), most=_thai(limits[1]))
    would_do = written(setting, nearest)
    return Text(
        f"ยังไม่ได้เปลี่ยน “{NAMES[setting]}” เพราะ{because}\nที่ใกล้เคียงและใช้ได้คือ “{would_do}”",
        choices=(Say(shorten(would_do.removeprefix(COMMAND).strip(), 20), would_do),),
    )


def not_understood(setting: ReminderSetting | None, policy: ReminderPolicy) -> Text:
    """Say how a number is written, with the present ones."""
    if setting is not None:
        return Text(f"ยังไม่ได้เปลี่ยน “{NAMES[setting]}” โปรดพิมพ์ เช่น “{written(setting, policy)}”")
    examples = "\n".join(f"• {written(each, policy)}" for each in NAMES)
    return Text(f"ยังไม่ได้เปลี่ยน โปรดพิมพ์อย่างใดอย่างหนึ่ง เช่น\n{examples}")


def written(setting: ReminderSetting, policy: ReminderPolicy) -> str:
    """Return what sets a number to what a policy has: "ตั้งค่าการเตือน ก่อนกำหนด ๑๔,๗,๓,๑"."""
    value = {
        ReminderSetting.BEFORE: _days(policy.before_days),
        ReminderSetting.OVERDUE: _days(policy.overdue_days),
        ReminderSetting.WEEKLY: _number(policy.overdue_weekly_more),
        ReminderSetting.HALFWAY: _number(policy.halfway_from_days),
        ReminderSetting.HOURS: f"{_clock(policy.office_opens)}-{_clock(policy.office_closes)}",
        ReminderSetting.PROMISE: _number(policy.promise_days),
        ReminderSetting.CATCH_UP: _number(policy.catch_up_days),
    }[setting]
    return f"{COMMAND} {NAMES[setting]} {value}"


def holidays(days: Sequence[tuple[date, str]], working: Sequence[tuple[date, str]]) -> Text:
    """Return the days off that come, and those that are working days here."""
    lines = [f"• {format_short_day(day)} {shorten(name)}" for day, name in days[:MOST_HOLIDAYS]]
    taken = [f"• {format_short_day(day)} {shorten(name)}".rstrip() for day, name in working]
    text = "\n".join(["📅 วันหยุดที่จะถึง (บอตไม่เตือน)", *(lines or ["• ยังไม่มี"])])
    return Text("\n".join([text, *(["ทำงานตามปกติ", *taken] if taken else [])]))


def day_set(day: date, name: str, *, is_day_off: bool, receipt: str) -> Text:
    """Say that a day is off now, or is not, and what that means."""
    label = f"{format_weekday_day(day)}{f' ({shorten(name)})' if name else ''}"
    meaning = (
        "เป็นวันหยุดแล้ว การเตือนของวันนั้นเลื่อนเป็นวันทำการที่ใกล้ที่สุด"
        if is_day_off
        else "เป็นวันทำการแล้ว บอตเตือนตามปกติ"
    )
    return Text(f"📅 {label} {meaning}\n{receipt}", choices=(Say("วันหยุด", "วันหยุด"),))


def day_refused(day: date, why: StrEnum, today: date, latest: date) -> Text:
    """Say why a day cannot be set, and which could."""
    because = DAY_REFUSED[why].format(
        today=format_weekday_day(today), latest=format_weekday_day(latest)
    )
    return Text(f"ยังไม่มีอะไรเปลี่ยน: {format_weekday_day(day)} {because}")


def _labels(policy: ReminderPolicy) -> dict[ReminderSetting, str]:
    opens, closes = _clock(policy.office_opens), _clock(policy.office_closes)
    return {
        ReminderSetting.BEFORE: f"{_days(policy.before_days)} วัน" if policy.before_days else NONE,
        ReminderSetting.OVERDUE: f"{_days(policy.overdue_days)} วัน"
        if policy.overdue_days
        else NONE,
        ReminderSetting.WEEKLY: f"อีกไม่เกิน {_thai(policy.overdue_weekly_more)} ครั้ง",
        ReminderSetting.HALFWAY: f"งานที่ยาว {_thai(policy.halfway_from_days)} วันขึ้นไป"
        if policy.halfway_from_days
        else NONE,
        ReminderSetting.HOURS: f"{opens}-{closes} น. วันทำการ",
        ReminderSetting.PROMISE: f"ได้ถึง {_thai(policy.promise_days)} วันหลังครบกำหนด",
        ReminderSetting.CATCH_UP: f"ระบบหยุดไปเตือนย้อนหลังไม่เกิน {_thai(policy.catch_up_days)} วัน",
    }


def _days(days: Sequence[int]) -> str:
    return to_thai_digits(",".join(map(str, days))) if days else NONE


def _number(number: int) -> str:
    return _thai(number) if number else NONE


def _clock(clock: time) -> str:
    return to_thai_digits(f"{clock:%H.%M}")


def _thai(number: int) -> str:
    return to_thai_digits(number)
