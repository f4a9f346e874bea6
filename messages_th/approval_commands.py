"""What executives write of reports: approved, or sent back with a reason.  Pure.

Understood in 1:1 alone: in a group "อนุมัติ ๓" is chatter more often than not.
"""

import re

from messages_th.commands import (
    QUESTION,
    STEP,
    Command,
    Message,
    Understood,
    agency_first,
)
from messages_th.item_numbers import NUMBERS, is_counted, read_numbers

_WAITING = re.compile(r"(?:รายการ)?(?:ที่)?(?:รอ)?อนุมัติ(?:อะไรบ้าง)?")
_JUDGED = re.compile(
    rf"(?:(?P<approve>อนุมัติ)|ส่งกลับ(?:แก้ไข)?)\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"
)


def approval_command(message: Message) -> Understood | None:
    """Return what an executive decides, or asks to see; None for anything else."""
    if _WAITING.fullmatch(message.solid):
        return Understood(Command.APPROVE)
    found = _JUDGED.fullmatch(message.plain)
    if found is None or is_counted(found["rest"]):
        return None
    numbers = read_numbers(found["numbers"])
    step = int(found["step"]) if found["step"] else None
    rest = message.shown[found.start("rest") :].strip()
    if not numbers or QUESTION.search(rest):
        return None
    agency, rest = agency_first(rest)
    if found["approve"] is None:
        return Understood(Command.RETURN, activities=numbers, agency=agency, reason=rest, step=step)
    if rest:
        return None  # "อนุมัติ ๓ แต่ขอแก้ก่อน" is no approval
    return Understood(Command.APPROVE, activities=numbers, agency=agency, step=step)
