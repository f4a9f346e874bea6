"""Wording of the commands about plans, for the people who run a province."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from messages_th.dates import format_short_day, format_window
from messages_th.phrases import shorten
from messages_th.plan_problems import doubt as question
from store.types import Doubt, PlanDraft, Window

CONFIRM = "ประกาศใช้แผนนี้หรือไม่ (ข้อสงสัยที่เหลือถือว่าอ่านถูกแล้ว)"
NOT_CONFIRMED = "ยังไม่ประกาศใช้แผน เพิ่ม --yes เพื่อยืนยันโดยไม่ถาม"
NO_VERSIONS = "ยังไม่มีแผนของปีงบประมาณนั้น"

_MOST_NAMES = 10
_MOST_NUMBERS = 12
_HOW = (
    'แก้ด้วย --set "เลขข้อ window=..." หรือ "เลขข้อ responsible=..." ตัดออกด้วย --drop เลขข้อ'
    " ยืนยันว่าอ่านถูกแล้วด้วย --accept เลขข้อ หรือแก้ในไฟล์ร่าง (--write-draft)"
)


def plan_read(draft: PlanDraft) -> str:
    """Return a plan as read, a line per activity, and every doubt below."""
    lines = [draft.title]
    for each in draft.activities:
        window = each.window
        days = f"{window.first or '...'} - {window.last}" if window else "?"
        lines.append(f"{each.number}. {each.title}")
        lines.append(f"   {days} ({each.window_text}) · {each.responsible_text}")
    doubts = [*draft.doubts, *(each for a in draft.activities for each in a.doubts)]
    return "\n".join([*lines, *(f"? {question(each)}" for each in doubts)])


def plan_diff(title: str, diff: Mapping[str, Any]) -> str:
    """Return what a plan changes and what follows, from the JSON of a difference."""
    lines = [
        title,
        *_listed("เพิ่ม", [f"{_row(each)}: {_days(each['window'])}" for each in diff["added"]]),
        *_numbered("ในนั้นเคยอยู่ในแผนและกลับมาพร้อมรายงานเดิม", diff["revived"]),
        *_listed(
            "เลื่อน",
            [
                f"{_row(each)}: {_days(each['from'])} → {_days(each['to'])}"
                for each in diff["moved"]
            ],
        ),
        *_numbered("แก้ไข", [each["number"] for each in diff["changed"]]),
        *_numbered("ตัดออก", [each["number"] for each in diff["removed"]]),
    ]
    lines.append(f"คงเดิม {len(diff['unchanged'])} ข้อ")
    notices = diff["notices"]
    if notices["cancelled"]:
        lines.append(
            f"ยกเลิกการเตือนที่รอส่ง {notices['cancelled']} รายการ"
            f" ในนั้นจะเตือนใหม่ตามวันใหม่ {notices['rescheduled']} รายการ"
        )
    if diff["told"]:
        names = _names(diff["told"])
        lines.append(f"จะแจ้งแก้วันแก่ {len(diff['told'])} หน่วยงานที่เคยได้รับแจ้งวันเดิม: {names}")
    if diff["unresolved"]:
        lines.append(
            "ไม่พบหน่วยงานตามชื่อเหล่านี้ จึงยังไม่มีผู้รับงาน ตรวจชื่อหรือนำเข้าหน่วยงาน (import-agencies):"
            f" {', '.join(diff['unresolved'])}"
        )
    return "\n".join(lines)


def doubts_listed(doubts: Sequence[Doubt], stopping: Sequence[Doubt]) -> str:
    """Return a line for each doubt, "!" before those that have to be answered first."""
    stops = set(stopping)
    return "\n".join(f"{'!' if each in stops else '?'} {question(each)}" for each in doubts)


def must_be_answered(doubts: Sequence[Doubt]) -> str:
    """Refuse to put a plan in force with these doubts, and say how to answer them."""
    return f"ยังไม่ประกาศใช้แผน มีข้อสงสัยที่ต้องตอบทีละข้อ: {_rows(doubts)} {_HOW}"


def must_be_looked_at(doubts: Sequence[Doubt]) -> str:
    """Refuse to take one word for rows of which each has to be looked at, and say how."""
    return (
        "ยังไม่ประกาศใช้แผน --yes อย่างเดียวไม่พอ เพราะข้อเหล่านี้อ่านจาก PDF หรือเลื่อนมาจากปีก่อน ต้องมีผู้ตรวจทุกข้อ:"
        f" {_rows(doubts)} ตรวจครบแล้วใช้ --accept all {_HOW}"
    )


def in_force(province: str, fiscal_year: int) -> str:
    """Say that a plan is in force."""
    return f"ประกาศใช้แผนจังหวัด{province} ปีงบประมาณ {fiscal_year} แล้ว"


def draft_written(path: str, province: str, fiscal_year: int) -> str:
    """Say where a draft was written, and how it comes back."""
    return (
        f"เขียนร่างไว้ที่ {path} แล้ว แผนที่ใช้อยู่ยังไม่เปลี่ยน แก้ในไฟล์"
        " ใส่ “ใช่” ในช่อง “ตรวจแล้ว” ของแถวที่ถูกต้อง แล้วสั่ง"
        f" import-plan --draft {path} --province {province} --fiscal-year {fiscal_year}"
    )


def rows_dropped(numbers: Sequence[str]) -> str:
    """Say which rows of a draft its file holds no more."""
    return f"แถวที่ถูกลบจากไฟล์ร่าง: ข้อ {', '.join(numbers)}"


def edit_made(number: str, field: str, text: str) -> str:
    """Say what was changed in a draft before it is compared."""
    return f"แก้ร่าง ข้อ {number}: {field} = {text}" if text else f"แก้ร่าง ข้อ {number}: {field}"


def version_line(version: Mapping[str, Any], in_force_at: datetime) -> str:
    """Return the line of one version of a plan, from its JSON; the instant in Bangkok time."""
    since = f"{format_short_day(in_force_at.date())} {in_force_at:%H:%M} น."
    return (
        f"ฉบับที่ {version['version']}  {since}  {version['activities']} ข้อ"
        f"  เพิ่ม {version['added']} เลื่อน {version['moved']} แก้ไข {version['changed']}"
        f" ตัดออก {version['removed']}"
    )


def _listed(name: str, rows: Sequence[str]) -> list[str]:
    return [f"{name} {len(rows)} ข้อ:", *(f"  {row}" for row in rows)] if rows else []


def _numbered(name: str, numbers: Sequence[str]) -> list[str]:
    return [f"{name} {len(numbers)} ข้อ: {', '.join(numbers)}"] if numbers else []


def _row(row: Mapping[str, Any]) -> str:
    return f"ข้อ {row['number']} {shorten(row['title'])}"


def _days(window: Mapping[str, str | None]) -> str:
    first, last = window["first"], window["last"]
    if last is None:
        return "ไม่ได้กำหนดเวลา"
    return format_window(
        Window(date.fromisoformat(first) if first else None, date.fromisoformat(last))
    )


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} และอีก {more} หน่วยงาน" if more > 0 else shown


def _rows(doubts: Sequence[Doubt]) -> str:
    numbers = list(dict.fromkeys(doubt.row for doubt in doubts))
    more = len(numbers) - _MOST_NUMBERS
    listed = f"ข้อ {', '.join(numbers[:_MOST_NUMBERS])}"
    return f"{listed} และอีก {more} ข้อ" if more > 0 else listed
