"""What is written about reports that stand: corrected, reviewed, opened again, answered.  Pure.

What nobody says by chance is understood in a group, too; all else in 1:1 alone, as "ตอบข้อ ๓" in a
group is chatter more often than not.
"""

import re

from messages_th.commands import (
    QUESTION,
    STEP,
    Command,
    Message,
    Understood,
    agency_first,
    is_agency,
)
from messages_th.item_numbers import NUMBERS, is_counted, read_numbers
from messages_th.report_extras import read_figure

_CORRECTED = re.compile(
    rf"แก้(?:ไข)?(?:ตัวเลข|จำนวน)(?:ของ)?\s*(?P<numbers>{NUMBERS}){STEP}"
    r"(?P<agency>.*?)\s*(?:เป็น|=)(?P<figure>.*)"
)
_ACTS = {
    Command.REVIEW: re.compile(rf"สอบทาน(?:แล้ว)?\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"),
    Command.REOPEN: re.compile(rf"เปิด(?:ให้รายงาน)?ใหม่\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"),
    Command.ANSWER_STUCK: re.compile(rf"ตอบ\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"),
}
_REVIEWS_DUE = re.compile(
    rf"(?:รายการ)?(?:ที่)?(?:รอ|ยังไม่(?:ได้)?)สอบทาน\s*(?P<numbers>{NUMBERS})?(?:บ้าง)?"
)
_STUCK = re.compile(
    r"(?:มี)?(?:ใคร|หน่วยงาน(?:ไหน|ใด)|อปท\.?ไหน)(?:บ้าง)?(?:ที่)?(?:ยัง)?ติดปัญหา(?:อะไร)?(?:อยู่)?(?:บ้าง)?"
    r"|(?:มี)?ติดปัญหาอะไร(?:อยู่)?(?:บ้าง)?|(?:รายการ)?ที่ติดปัญหา|มีปัญหาอะไรบ้าง"
)
_SETTINGS = re.compile(r"(?:การ)?ตั้งค่า(?:ของ)?(?:จังหวัด)?")
_SET = re.compile(r"ตั้งค่า(?:ให้)?อนุมัติ(?:โดย)?คนเดียว(?:กัน)?(?P<may_not>ไม่)?ได้")
MAY, MAY_NOT = "yes", "no"
"""What a setting is to be, as `Understood.text`."""


def act_command(message: Message) -> Understood | None:
    """Return what is understood in a group, too: a number put right, a setting."""
    if found := _SET.fullmatch(message.solid):
        return Understood(Command.SETTINGS, text=MAY_NOT if found["may_not"] else MAY)
    found = _CORRECTED.fullmatch(message.plain)
    if found is None:
        return None
    numbers = read_numbers(found["numbers"])
    agency = message.shown[found.start("agency") : found.end("agency")].strip()
    if not numbers or (agency and not is_agency(agency)) or QUESTION.search(found["figure"]):
        return None
    return Understood(
        Command.CORRECT_FIGURE,
        activities=numbers,
        agency=agency or None,
        step=int(found["step"]) if found["step"] else None,
        figure=read_figure(found["figure"].removeprefix("จำนวน")),
    )


def private_act_command(message: Message) -> Understood | None:
    """Return what is understood in 1:1 alone, or None."""
    if found := _REVIEWS_DUE.fullmatch(message.plain):
        return Understood(Command.REVIEWS_DUE, activities=read_numbers(found["numbers"] or ""))
    if _STUCK.fullmatch(message.solid):
        return Understood(Command.WHO_IS_STUCK)
    if _SETTINGS.fullmatch(message.solid):
        return Understood(Command.SETTINGS)
    return next(
        (
            understood
            for command, pattern in _ACTS.items()
            if (act := pattern.fullmatch(message.plain))
            and (understood := _act(command, act, message))
        ),
        None,
    )


def _act(command: Command, found: re.Match[str], message: Message) -> Understood | None:
    numbers = read_numbers(found["numbers"])
    rest = message.shown[found.start("rest") :].strip()
    is_answer = command is Command.ANSWER_STUCK
    if not numbers or is_counted(found["rest"]) or (QUESTION.search(rest) and not is_answer):
        return None
    agency, rest = agency_first(rest)
    if rest and command is Command.REVIEW:
        return None  # "สอบทาน ๓ แต่ขอแก้ก่อน" is no review
    step = int(found["step"]) if found["step"] else None
    return Understood(command, activities=numbers, agency=agency, reason=rest, step=step)
