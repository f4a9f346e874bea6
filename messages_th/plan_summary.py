"""What a plan that waits would change, and what came of it when it was confirmed.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from messages_th.parts import Card, Row, Text
from messages_th.phrases import agency_label, number_label, shorten
from messages_th.plan_cells import (
    TapData,
    answer_press,
    cancel_press,
    confirm_press,
    table_press,
    thai,
    window_label,
)
from store.types import ActivityDraft, Agency, FiscalYear

MOST_MOVED = 6
"""Moved activities that a summary tells with both dates."""
MOST_NAMES = 5
LONGEST_NUMBERS = 120


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a draft would change; `moved` are pairs of before and after.

    `changed` are such pairs too.  `left` counts the unanswered doubts; `is_first` says that no
    plan of the year is in force yet.  The rest is as in `handlers.plan_import.diff.PlanDiff`.
    """

    province: str
    fiscal_year: FiscalYear
    title: str
    rows: int
    left: int
    is_first: bool
    added: tuple[ActivityDraft, ...]
    moved: tuple[tuple[ActivityDraft, ActivityDraft], ...]
    changed: tuple[tuple[ActivityDraft, ActivityDraft], ...]
    removed: tuple[ActivityDraft, ...]
    unchanged: int
    cancelled: int
    rescheduled: int
    told: tuple[Agency, ...]
    unresolved: tuple[str, ...]


def summary(facts: DraftFacts, data: TapData) -> Card:
    """Return what a draft would change and what follows, with what can be done now."""
    year = thai(facts.fiscal_year)
    rows = [
        Row(
            f"จังหวัด{facts.province} ปีงบประมาณ {year} · {thai(facts.rows)} ข้อ",
            "เป็นแผนแรกของปีนี้" if facts.is_first else _counts(facts),
        ),
        *(_moved(before, after) for before, after in facts.moved[:MOST_MOVED]),
        *_others(facts),
        *_consequences(facts),
    ]
    left = f"ข้อสงสัย {thai(facts.left)} เรื่อง" if facts.left else "ไม่มีข้อสงสัยค้าง"
    buttons = (
        answer_press(data) if facts.left else confirm_press(data),
        table_press(data),
        cancel_press(data),
    )
    differs = facts.added or facts.moved or facts.changed or facts.removed
    state = "ตอบให้ครบแล้วจึงยืนยันได้" if facts.left else "แผนที่ใช้อยู่ยังไม่เปลี่ยนจนกว่าจะยืนยัน"
    state = state if differs else "ตรงกับแผนที่ใช้อยู่ทุกข้อ ไม่จำเป็นต้องยืนยัน"
    return Card(
        alt=f"ร่างแผนปีงบประมาณ {year}: {thai(facts.rows)} ข้อ {left}",
        title=f"📄 ร่างแผน: {shorten(facts.title or '-')}",
        rows=(*rows, Row(left, state, buttons)),
        choices=buttons,
    )


def in_force(facts: DraftFacts, version: int, duties: int) -> Text:
    """Say in one line what came into force and what followed."""
    year = thai(facts.fiscal_year)
    parts = [
        f"✅ ประกาศใช้แผนจังหวัด{facts.province} ปีงบประมาณ {year} ฉบับที่ {thai(version)} แล้ว:"
        f" {thai(facts.rows)} ข้อ งานของหน่วยงาน {thai(duties)} รายการ"
    ]
    if facts.cancelled:
        parts.append(f"ยกเลิกการเตือนที่รอส่ง {thai(facts.cancelled)} รายการ")
    if facts.told:
        parts.append(f"จะแจ้งกำหนดใหม่แก่ {thai(len(facts.told))} หน่วยงาน คนละหนึ่งข้อความ")
    return Text(" · ".join(parts))


def same_as_in_force(facts: DraftFacts, version: int) -> Text:
    """Say that a draft was confirmed which says what is in force already: no new version."""
    return Text(
        f"แผนจังหวัด{facts.province} ปีงบประมาณ {thai(facts.fiscal_year)} ฉบับที่ {thai(version)}"
        " ที่ใช้อยู่ตรงกับร่างนี้ทุกข้อ จึงไม่มีข้อใดเปลี่ยน"
    )


def _counts(facts: DraftFacts) -> str:
    counts = (
        ("เพิ่ม", len(facts.added)),
        ("เลื่อน", len(facts.moved)),
        ("แก้ไข", len(facts.changed)),
        ("ตัดออก", len(facts.removed)),
        ("คงเดิม", facts.unchanged),
    )
    return "เทียบกับแผนที่ใช้อยู่: " + " · ".join(f"{name} {thai(count)}" for name, count in counts)


def _moved(before: ActivityDraft, after: ActivityDraft) -> Row:
    heading = f"{number_label(after.number)} {shorten(after.title)}"
    return Row(heading, f"{window_label(before)} → {window_label(after)}")


def _others(facts: DraftFacts) -> list[Row]:
    moved = [_number(after) for _, after in facts.moved[MOST_MOVED:]]
    added = [] if facts.is_first else list(map(_number, facts.added))
    changed = [f"{_number(after)} ({_changes(before, after)})" for before, after in facts.changed]
    removed = list(map(_number, facts.removed))
    kinds = (("เลื่อนอีก", moved), ("เพิ่ม", added), ("แก้ไข", changed), ("ตัดออก", removed))
    return [
        Row(f"{name} {thai(len(labels))} ข้อ", shorten(", ".join(labels), LONGEST_NUMBERS))
        for name, labels in kinds
        if labels
    ]


def _changes(before: ActivityDraft, after: ActivityDraft) -> str:
    """Return what of a row that did not move is another."""
    same = {
        "เลขข้อ": before.printed_number == after.printed_number,
        "ชื่อ": before.title == after.title,
        "ขั้นตอน": [each.title for each in before.steps] == [each.title for each in after.steps]
        or before.title != after.title,
        "ผู้รับผิดชอบ": before.parties == after.parties,
        "ถ้อยคำของระยะเวลา": before.window_text == after.window_text,
    }
    return ", ".join(name for name, is_same in same.items() if not is_same) or "ถ้อยคำ"


def _consequences(facts: DraftFacts) -> list[Row]:
    rows: list[Row] = []
    if facts.cancelled:
        again = f" ข้อที่เลื่อนจะเตือนใหม่ตามวันใหม่ {thai(facts.rescheduled)} รายการ"
        rows.append(
            Row(
                f"ยกเลิกการเตือนที่รอส่ง {thai(facts.cancelled)} รายการ",
                again.strip() if facts.rescheduled else "ไม่มีรายการที่ต้องเตือนใหม่",
            )
        )
    if facts.told:
        names = _some([agency_label(each) for each in facts.told])
        rows.append(Row(f"จะแจ้งแก้ไขแก่ {thai(len(facts.told))} หน่วยงานที่ได้รับวันเดิมแล้ว", names))
    if facts.unresolved:
        rows.append(Row("ไม่พบหน่วยงานชื่อนี้ในจังหวัด จึงยังไม่มีผู้รับงาน", _some(facts.unresolved)))
    return rows


def _some(names: Sequence[str]) -> str:
    left = len(names) - MOST_NAMES
    more = f" และอีก {thai(left)}" if left > 0 else ""
    return ", ".join(shorten(each) for each in names[:MOST_NAMES]) + more


def _number(row: ActivityDraft) -> str:
    return number_label(row.number)
