"""What people write of evidence: for which duty it is, to see it, and where it is required.  Pure.

`evidence_command` is what a group may hold too, beyond doubt; `near_evidence_command` is for 1:1,
as "ข้อ ๕ ต้องมีหลักฐาน" is chatter in a group more often than not.
"""

import re

from messages_th.commands import STEP, Command, Message, Understood, is_agency
from messages_th.item_numbers import NUMBERS, is_counted, read_numbers

_GIVE = re.compile(
    rf"(?:ขอ)?(?:ส่ง|แนบ|เพิ่ม)?หลักฐาน(?:ของ)?\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"
)
_SHOW = re.compile(rf"(?:ขอ)?(?:ดู|เปิด)หลักฐาน(?:ของ)?\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)")
_BARE = re.compile(
    r"(?:ขอ)?(?:ส่ง|แนบ|เพิ่ม)?หลักฐาน\s*(?P<link>(?:[a-z]+:/|www\.)\S*)?", re.IGNORECASE
)
_SHOW_BARE = re.compile(r"(?:ขอ)?(?:ดู|เปิด)หลักฐาน")
_RULE = re.compile(
    rf"(?P<numbers>{NUMBERS}){STEP}\s*(?P<no>ไม่)?(?:ต้อง|จำเป็นต้อง)(?:มี|ส่ง|แนบ)หลักฐาน(?:แล้ว)?"
)
_LINK = re.compile(r"(?:^|\s)(?P<link>(?:[A-Za-z]+:/|www\.).*)$")


def evidence_command(message: Message) -> Understood | None:
    """Return for which duty evidence is given or asked for; None for anything else."""
    for pattern, command in ((_GIVE, Command.GIVE_EVIDENCE), (_SHOW, Command.SHOW_EVIDENCE)):
        found = pattern.fullmatch(message.plain)
        if found is not None:
            return _of_duty(message, found, command)
    return None


def near_evidence_command(message: Message) -> Understood | None:
    """Return what in 1:1 is about evidence as well: no number, or a rule of the plan's owner."""
    if found := _RULE.fullmatch(message.plain):
        command = Command.REQUIRE_NO_EVIDENCE if found["no"] else Command.REQUIRE_EVIDENCE
        return _numbered(command, found)
    if found := _BARE.fullmatch(message.shown):
        return Understood(Command.GIVE_EVIDENCE, text=found["link"] or "")
    return Understood(Command.SHOW_EVIDENCE) if _SHOW_BARE.fullmatch(message.solid) else None


def _of_duty(message: Message, found: re.Match[str], command: Command) -> Understood | None:
    # Digits of a link stay as they were written.
    rest = message.shown[found.start("rest") :].strip()
    link = _LINK.search(rest)
    agency = (rest[: link.start()] if link else rest).strip()
    if is_counted(found["rest"]) or (agency and not is_agency(agency)):
        return None
    if link and command is Command.SHOW_EVIDENCE:
        return None
    return _numbered(command, found, agency or None, link["link"] if link else "")


def _numbered(
    command: Command, found: re.Match[str], agency: str | None = None, text: str = ""
) -> Understood | None:
    numbers = read_numbers(found["numbers"])
    if not numbers:
        return None
    step = int(found["step"]) if found["step"] else None
    return Understood(command, activities=numbers, agency=agency, step=step, text=text)
