"""The words of a draft as a sheet for the coordinator: headings, cells, ticks, both ways.  Pure."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from messages_th.dates import Unreadable, format_day, format_weekday_day, read_window
from messages_th.digits import to_arabic_digits
from messages_th.phrases import number_label
from messages_th.plan_steps import actor_of
from messages_th.plan_words import row_number
from messages_th.spelling import one_line
from store.types import ActivityDraft, Actor, PartyKind, StepDraft


class SheetColumn(StrEnum):
    """The headings of the sheet, in order."""

    NUMBER = "ลำดับ"
    TITLE = "กิจกรรม"
    WINDOW = "ระยะเวลา"
    FIRST = "วันเริ่ม"
    LAST = "วันสิ้นสุด"
    RESPONSIBLE = "ผู้รับผิดชอบ"
    PARTIES = "อ่านผู้รับผิดชอบเป็น"
    STEPS = "ขั้นตอน"
    DOUBTS = "ข้อสงสัย"
    CHECKED = "ตรวจแล้ว"
    KEPT = "ข้อมูลเดิม (อย่าแก้)"
    """What the other cells said when they were written, and what they have no room for."""


class SheetProblem(StrEnum):
    """Why a sheet that came back cannot be read; nothing is changed then."""

    NO_SHEET = "no_sheet"
    COLUMN_GONE = "column_gone"
    PLAN_ROW_GONE = "plan_row_gone"
    KEPT_DAMAGED = "kept_damaged"
    OTHER_YEAR = "other_year"
    OTHER_PROVINCE = "other_province"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_TWICE = "number_twice"
    DATES_DISAGREE = "dates_disagree"
    STEPS_UNREADABLE = "steps_unreadable"


WHOLE_PLAN = "ทั้งแผน"
"""Stands in the number's place of the row that speaks of the whole plan."""

_WRITE_ANEW = "กรุณาเขียนร่างใหม่ด้วย --write-draft แล้วแก้ในไฟล์ใหม่"
_PROBLEMS: dict[SheetProblem, str] = {
    SheetProblem.NO_SHEET: (
        "ไฟล์นี้ไม่ใช่ร่างแผนที่เขียนด้วย --write-draft กรุณาส่งไฟล์ร่าง โดยบันทึกเป็น CSV UTF-8 หรือ .xlsx"
    ),
    SheetProblem.COLUMN_GONE: f"คอลัมน์ “{{}}” หายไปจากไฟล์ร่าง {_WRITE_ANEW}",
    SheetProblem.PLAN_ROW_GONE: f"แถว “{WHOLE_PLAN}” หายไปจากไฟล์ร่าง {_WRITE_ANEW}",
    SheetProblem.KEPT_DAMAGED: (
        f"แถว “{{}}” มีคอลัมน์ “{SheetColumn.KEPT}” ที่ถูกแก้หรือไม่ครบ {_WRITE_ANEW}"
    ),
    SheetProblem.OTHER_YEAR: "ไฟล์ร่างนี้เป็นของปีงบประมาณ {} กรุณาระบุ --fiscal-year ให้ตรงกัน",
    SheetProblem.OTHER_PROVINCE: "ไฟล์ร่างนี้เป็นของจังหวัด{} กรุณาระบุ --province ให้ตรงกัน",
    SheetProblem.NUMBER_UNREADABLE: (
        f"ช่อง “{SheetColumn.NUMBER}” มีคำว่า “{{}}” ซึ่งไม่ใช่เลขข้อ กรุณาพิมพ์เช่น ข้อ ๘ หรือ ข้อ ๗.๑"
    ),
    SheetProblem.NUMBER_TWICE: "มีข้อ {} มากกว่าหนึ่งแถวในไฟล์ร่าง กรุณาให้แต่ละแถวมีเลขไม่ซ้ำกัน",
    SheetProblem.DATES_DISAGREE: (
        f"ข้อ {{}}: แก้ทั้ง “{SheetColumn.WINDOW}” และ “{SheetColumn.FIRST}/{SheetColumn.LAST}”"
        " แต่ไม่ใช่วันเดียวกัน กรุณาแก้เพียงที่เดียว"
    ),
    SheetProblem.STEPS_UNREADABLE: (
        f"ข้อ {{}}: อ่านช่อง “{SheetColumn.STEPS}” ไม่ออก กรุณาพิมพ์ขั้นตอนละบรรทัด"
        " ลงท้ายด้วยผู้ปฏิบัติในวงเล็บเหลี่ยม เช่น [ผู้ดูแลระบบ]"
    ),
}
_YES = frozenset({"ใช่", "ถูกต้อง", "ถูก", "ตรวจแล้ว", "x", "✓", "✔", "ok", "yes", "true", "1"})
_ACTORS = {
    Actor.AGENCY: "หน่วยงาน",
    Actor.ADMIN: "ผู้ดูแลระบบ",
    Actor.EXECUTIVE: "ผู้บริหาร",
    Actor.ADMIN_AND_EXECUTIVE: "ผู้ดูแลระบบและผู้บริหาร",
    Actor.OUTSIDE: "หน่วยงานภายนอก",
}
_ACTOR_NAMED = {label: actor for actor, label in _ACTORS.items()}
_PARTIES = {
    PartyKind.EVERY_LOCAL: "อปท. ทุกแห่ง",
    PartyKind.EVERY_REGIONAL: "ส่วนราชการประจำจังหวัดทุกแห่ง",
    PartyKind.PROVINCIAL_OFFICE: "สำนักงานจังหวัด",
    PartyKind.LOCAL_ADMINISTRATION_OFFICE: "สถจ.",
    PartyKind.WORKING_GROUP: "คณะทำงาน ITA",
    PartyKind.OUTSIDE: "หน่วยงานภายนอก (ไม่ติดตาม)",
    PartyKind.UNNAMED: "ยังไม่ทราบว่าหน่วยงานใด",
}
_STEP = re.compile(r"(?:\d{1,3}[).]\s*)?(?P<title>.*?)\s*(?:\[(?P<actor>[^\[\]]*)\])?")


def row_cells(row: ActivityDraft) -> dict[SheetColumn, str]:
    """Return what the sheet says of a row, but for its doubts."""
    window = row.window
    return {
        SheetColumn.NUMBER: number_label(row.number),
        SheetColumn.TITLE: row.title,
        SheetColumn.WINDOW: row.window_text,
        SheetColumn.FIRST: format_weekday_day(window.first) if window and window.first else "",
        SheetColumn.LAST: format_weekday_day(window.last) if window else "",
        SheetColumn.RESPONSIBLE: row.responsible_text,
        SheetColumn.PARTIES: "\n".join(
            _PARTIES.get(party.kind, party.text) for party in row.parties
        ),
        SheetColumn.STEPS: steps_cell(row),
    }


def steps_cell(row: ActivityDraft) -> str:
    """Return a line per step with who acts; "" where the title is the one step of an agency."""
    if row.steps == (StepDraft(row.title, Actor.AGENCY),):
        return ""
    return "\n".join(
        f"{place}) {step.title} [{_ACTORS[step.actor]}]"
        for place, step in enumerate(row.steps, start=1)
    )


def read_steps(text: str) -> tuple[StepDraft, ...] | None:
    """Return the steps of a cell with a line for each, or None where a line means nothing.

    A line that names nobody in square brackets is looked at for its words ("โดยผู้บริหาร ...").
    """
    steps = []
    for line in filter(None, map(one_line, text.splitlines())):
        match = _STEP.fullmatch(to_arabic_digits(line))
        # Digits are turned one for one, so a place in the one text is that place in the other.
        title = line[match.start("title") : match.end("title")] if match else ""
        named = match["actor"] if match else None
        actor = actor_of(title) if named is None else _ACTOR_NAMED.get(one_line(named))
        if not title or actor is None:
            return None
        steps.append(StepDraft(title, actor))
    return tuple(steps)


def number_in(cell: str) -> str | None:
    """Return the number that a cell gives a row, or None."""
    plain = to_arabic_digits(one_line(cell)).removeprefix("ข้อ").strip()
    return plain if re.fullmatch(r"[\d.]+/\d+", plain) else row_number(plain)


def day_in(cell: str) -> date | None:
    """Return the one day that a cell names, or None."""
    window = read_window(cell)
    is_day = not isinstance(window, Unreadable) and window.first == window.last
    return window.last if is_day and not isinstance(window, Unreadable) else None


def window_of_days(first: str, last: str) -> str:
    """Return the cells of two days as one window's text; no first day is an open start."""
    if not one_line(first):
        return f"ภายในวันที่ {_day(last)}" if one_line(last) else ""
    return f"{_day(first)} – {_day(last)}"


def is_checked(cell: str) -> bool:
    """Whether a cell says that a person has checked the row and found it right."""
    return one_line(cell).lower() in _YES


def sheet_problem(code: SheetProblem, text: str) -> str:
    """Say why a sheet cannot be read, and what to do."""
    return _PROBLEMS[code].format(text)


def missing_columns(headings: Sequence[str]) -> list[SheetColumn]:
    """Return the columns of a sheet that none of the headings names."""
    return [column for column in SheetColumn if column not in headings]


def _day(cell: str) -> str:
    day = day_in(cell)
    return one_line(cell) if day is None else format_day(day)
