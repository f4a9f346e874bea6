"""What coordinators and newcomers write of coming in: codes issued, requests to join.  Pure.

Understood in 1:1 alone: in a group "ออกรหัสให้ อบต.แม่แรม ด้วย" is asked of a person.
"""

import re

from messages_th.commands import QUESTION, Command, Message, Understood
from store.types import Role

_EVERY = re.compile(r"(?:ขอ)?ออกรหัส(?:ให้)?(?:ทุกหน่วยงาน|ทุกแห่ง|ทั้งหมด|ทั้งจังหวัด)")
_ISSUE = re.compile(
    r"(?:ขอ)?ออกรหัส(?:ให้|ของ|สำหรับ)?\s*"
    r"(?:(?P<executive>ผู้บริหาร)\s*(?:ของ)?|(?:อำเภอ|อ\.)\s*(?P<district>\S*)|(?:เจ้าหน้าที่|ผู้รับผิดชอบ)\s*(?:ของ)?)?"
    r"\s*(?P<rest>.*)"
)
_JOIN = re.compile(
    r"ขอเข้าร่วม(?:เป็น|กับ|ใน)?\s*(?:(?P<executive>ผู้บริหาร)|(?:เจ้าหน้าที่|ผู้รับผิดชอบ))?\s*(?:ของ)?\s*(?P<agency>.*)"
)
_REQUESTS = re.compile(r"(?:มี)?ใคร(?:ที่)?ขอเข้าร่วม(?:บ้าง)?|(?:รายการ)?คำขอเข้าร่วม(?:ที่รอ)?")


_NAME = re.compile(r"ชื่อ(?:ของ)?(?:ฉัน|ผม|ดิฉัน)(?:คือ)?\s*:?\s*(?P<name>.*)")


def joining_command(message: Message) -> Understood | None:
    """Return which codes are asked for, or whom somebody asks to join; None for anything else."""
    if _EVERY.fullmatch(message.solid):
        return Understood(Command.INVITE_ALL, role=Role.OFFICER)
    if _REQUESTS.fullmatch(message.solid):
        return Understood(Command.JOIN_REQUESTS)
    if found := _NAME.fullmatch(message.shown):
        return Understood(Command.MY_NAME, text=found["name"])
    if QUESTION.search(message.plain):
        return None
    if found := _ISSUE.fullmatch(message.plain):
        return _issue(message, found)
    if found := _JOIN.fullmatch(message.plain):
        role = Role.EXECUTIVE if found["executive"] else Role.OFFICER
        agency = message.shown[found.start("agency") :].strip()
        return Understood(Command.JOIN, agency=agency or None, role=role)
    return None


def _issue(message: Message, found: re.Match[str]) -> Understood | None:
    rest = message.shown[found.start("rest") :].strip()
    if found["district"] is not None:
        if rest:
            return None  # "ออกรหัส อ.แม่ริม ให้ด้วย": more than a name
        return Understood(Command.INVITE, district=found["district"], role=Role.DISTRICT)
    role = Role.EXECUTIVE if found["executive"] else Role.OFFICER
    return Understood(Command.INVITE, agency=rest or None, role=role)
