"""What people write of leaving a post, of their data, and of who has joined.  Pure.

Understood in 1:1 alone but for the question who has not joined: in a group "ส่งมอบงาน" is what a
contractor does.
"""

import re
from dataclasses import replace

from messages_th.commands import Command, Message, Understood, is_agency

_ROW = r"รายการ(?:ที่)?\s*(?P<row>\d{1,9})"
_HAND_OVER = re.compile(rf"(?:ขอ)?(?:ส่ง)?มอบ(?:งาน|หน้าที่)\s*(?:{_ROW}|(?P<place>.*))")
_LEAVE = re.compile(rf"(?P<sure>ยืนยัน)?\s*(?:ขอ)?(?:ลา)?ออกจาก(?:หน้าที่|ตำแหน่ง)\s*(?:{_ROW})?")
_RELIEVE = re.compile(
    rf"(?P<sure>ยืนยัน)?\s*(?:ให้)?พ้น(?:จาก)?(?:หน้าที่|ตำแหน่ง)\s*(?:{_ROW}|(?P<place>.*))"
)
_ERASE = re.compile(
    r"(?P<sure>ยืนยัน)?\s*(?:ขอ)?ลบข้อมูล(?:ส่วน(?:ตัว|บุคคล))?(?:ของ)?\s*"
    rf"(?:ฉัน|ผม|ดิฉัน|หนู|ข้าพเจ้า|เรา)?(?:ออก)?\s*(?:{_ROW})?"
)
_WHO = r"(?:ใคร|(?:หน่วยงาน|อปท\.?|อบต\.?|ทต\.?|เทศบาล|แห่ง|ที่)(?:ไหน|ใด))(?:บ้าง)?(?:ที่)?"
_DISTRICT = r"(?:\s*(?:อำเภอ|อ\.)\s*(?P<district>[ก-๎]+))?"
_NOT_JOINED = re.compile(rf"{_WHO}ยังไม่(?:ได้)?ลงทะเบียน(?:บ้าง)?{_DISTRICT}(?:\s*บ้าง)?")
_UNREACHABLE = re.compile(rf"(?:{_WHO})?(?:ที่)?ติดต่อไม่ได้(?:บ้าง)?{_DISTRICT}(?:\s*บ้าง)?")
_OF_DISTRICT = re.compile(r"(?:อำเภอ|อ\.)\s*(?P<district>[ก-๎]+)")
_OF_PROVINCE = re.compile(r"ผู้ประสานงาน(?:จังหวัด)?|(?:ระดับ)?จังหวัด")
PROVINCE = "province"
"""In `Understood.text`: the posts of the province itself are meant."""


def joined_command(message: Message) -> Understood | None:
    """Return the question who has not joined; None for anything else."""
    return _about_joined(_NOT_JOINED, message)


def leaving_command(message: Message) -> Understood | None:
    """Return what somebody wants of a post or of their own data; None for anything else."""
    return (
        _of_post(_HAND_OVER, Command.HAND_OVER, message)
        or _of_post(_LEAVE, Command.LEAVE_POST, message)
        or _of_post(_RELIEVE, Command.RELIEVE, message)
        or _of_post(_ERASE, Command.ERASE_ME, message)
        or _about_joined(_UNREACHABLE, message)
    )


def _about_joined(pattern: re.Pattern[str], message: Message) -> Understood | None:
    found = pattern.fullmatch(message.plain)
    return found and Understood(Command.WHO_HAS_JOINED, district=found["district"])


def _of_post(pattern: re.Pattern[str], command: Command, message: Message) -> Understood | None:
    found = pattern.fullmatch(message.plain)
    if found is None:
        return None
    said = found.groupdict()
    row = None if said["row"] is None else int(said["row"])
    understood = Understood(command, row=row, confirms=bool(said.get("sure")))
    place = (said.get("place") or "").strip()
    if not place:
        return understood
    if district := _OF_DISTRICT.fullmatch(place):
        return replace(understood, district=district["district"])
    if _OF_PROVINCE.fullmatch(place):
        return replace(understood, text=PROVINCE)
    # "ส่งมอบงานจ้างเหมาแล้ว" is none of ours.
    return replace(understood, agency=place) if is_agency(place) else None
