"""Wording of the record in the chat: receipts' numbers, roles and agencies, never a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from messages_th.dates import format_moment
from messages_th.digits import to_thai_digits
from messages_th.parts import Text
from messages_th.phrases import BY_DISTRICT, REVIEWED, ROLES, STATES, agency_label, number_label
from messages_th.report_extras import figure_label
from store.types import Act, DutyState, EntryTold, Role, Seal

SHORT_DIGEST = 12
"""Digits of a digest that a person compares by eye."""

ACTS = {
    Act.REPORTED: "รายงาน",
    Act.TAKEN_BACK: "ยกเลิกรายงาน",
    Act.APPROVED: "อนุมัติ",
    Act.RETURNED: "ส่งกลับแก้ไข",
    Act.PLAN_IN_FORCE: "ประกาศใช้แผน",
    Act.POST_GIVEN: "มีผู้ลงทะเบียน",
    Act.GROUP_BOUND: "ผูกกลุ่มกับจังหวัด",
    Act.REOPENED: "เปิดให้รายงานใหม่",
    Act.CORRECTED: "แก้ตัวเลข",
    Act.REVIEWED: REVIEWED,
    Act.ANSWERED: "ตอบเรื่องที่ติดปัญหา",
    Act.SETTING_CHANGED: "เปลี่ยนการตั้งค่าของจังหวัด",
    Act.EVIDENCE_GIVEN: "ส่งหลักฐาน",
    Act.EVIDENCE_WITHDRAWN: "ถอนหลักฐาน (ยกเลิกการส่งใน LINE)",
    Act.EVIDENCE_RULE: "กำหนดว่าต้องมีหลักฐานหรือไม่",
    Act.INVITED: "ออกรหัสลงทะเบียน",
    Act.POST_OFFERED: "ออกรหัสส่งมอบหน้าที่",
    Act.POST_MOVED: "มีผู้รับมอบหน้าที่",
    Act.POST_ENDED: "มีผู้พ้นหน้าที่",
    Act.POLICY_CHANGED: "ตั้งค่าการเตือน",
    Act.QUIETED: "พักการเตือน",
    Act.RESUMED: "ให้เตือนต่อ",
}
OF_POSTS = (Act.POST_GIVEN, Act.POST_OFFERED, Act.POST_MOVED, Act.POST_ENDED)
OWN_ACTS = (Act.REOPENED, Act.CORRECTED, Act.REVIEWED, Act.ANSWERED)
"""What a coordinator does in their own right, not in the place of the agency."""
NOTHING = Text("ยังไม่มีประวัติการดำเนินการตามที่ถาม")


def history(title: str, told: Sequence[tuple[EntryTold, datetime]]) -> Text:
    """Return who did what when, the newest first: roles and agencies, never a person.

    Each entry comes with its time in Bangkok.
    """
    return Text("\n".join([title, *(_line(each, at) for each, at in told)]))


def title(number: str, agency: str) -> str:
    """Return the head of a history, of an activity or an agency where one was asked for."""
    asked = " ".join(each for each in (number_label(number) if number else "", agency) if each)
    return f"📜 ประวัติ {asked}".rstrip() + " (ล่าสุดก่อน)"


def seal_line(seal: Seal) -> str:
    """Return the seal in short, for the foot of a digest."""
    return f"ตรา: {to_thai_digits(seal.number)} · {seal.digest[:SHORT_DIGEST]}"


def what(told: EntryTold) -> str:
    """Return what was done, as a person reads it."""
    facts = told.entry.facts
    return " · ".join(
        each
        for each in (
            _what(told, facts),
            figure_label(str(facts["figure"])) if facts.get("figure") else "",
            "มีลิงก์" if facts.get("link") else "",
        )
        if each
    )


def _what(told: EntryTold, facts: Mapping[str, Any]) -> str:
    state = facts.get("state")
    if told.entry.act == Act.REPORTED and state in STATES:
        return STATES[DutyState(state)]
    if told.entry.act == Act.PLAN_IN_FORCE:
        numbers = (to_thai_digits(str(facts.get(each))) for each in ("fiscal_year", "version"))
        return "{} ปี {} ครั้งที่ {}".format(ACTS[Act.PLAN_IN_FORCE], *numbers)
    if told.entry.act == Act.INVITED:
        return f"{ACTS[Act.INVITED]} {to_thai_digits(str(facts.get('codes')))} รหัส"
    if told.entry.act == Act.EVIDENCE_RULE and "number" in facts:
        needs = "ต้องมีหลักฐาน" if facts.get("needs_evidence") else "ไม่ต้องมีหลักฐาน"
        return f"กำหนดให้{number_label(str(facts['number']))} {needs}"
    words = next((words for act, words in ACTS.items() if act == told.entry.act), told.entry.act)
    if told.entry.act in OF_POSTS and facts.get("role") in list(Role):
        return f"{words} ({ROLES[Role(facts['role'])].strip()})"
    if told.entry.act == Act.SETTING_CHANGED:
        return f"{words}: อนุมัติคนเดียว{'ได้' if facts.get('value') else 'ไม่ได้'}"
    return words


def label(told: EntryTold) -> str:
    """Return "ข้อ ๘ ขั้นที่ ๒" of the duty that an entry is about, "" where it is about none."""
    if told.agency is None:
        return ""
    step = f" ขั้นที่ {to_thai_digits(told.step_number)}" if told.step_count > 1 else ""
    return number_label(told.number) + step


def _line(told: EntryTold, at: datetime) -> str:
    done = " ".join(each for each in (label(told), what(told)) if each)
    by = who(told)
    return (
        f"• {format_moment(at)} {done}{f' · {by}' if by else ''}"
        f" (เลขที่ {to_thai_digits(told.entry.number)})"
    )


def who(told: EntryTold) -> str:
    """Return the role of who acted, and whose: what was entered by the upgrade has no role."""
    if told.agency is None:
        return ""
    if told.entry.facts.get("by") == Role.REVIEWER:
        return f"ผู้สอบทาน (ป.ป.ช.) · {agency_label(told.agency)}"
    if told.entry.facts.get("by") == Role.COORDINATOR and told.entry.act in OWN_ACTS:
        return f"ผู้ประสานงานจังหวัด · {agency_label(told.agency)}"
    if told.entry.facts.get("by") == Role.COORDINATOR:
        return f"ผู้ประสานงานจังหวัด แทน {agency_label(told.agency)}"
    if told.entry.facts.get("by") == Role.EXECUTIVE:
        return f"ผู้บริหาร {agency_label(told.agency)}"
    if told.entry.facts.get("by") == Role.DISTRICT:
        return f"{agency_label(told.agency)} {BY_DISTRICT}"
    return f"ผู้รับผิดชอบ {agency_label(told.agency)}"
