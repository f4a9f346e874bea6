"""Cards of a plan that waits to be confirmed: its table and its questions, with lasting buttons."""

from collections.abc import Iterable, Sequence

from messages_th.dates import format_window
from messages_th.parts import Card, Press, Row, Text
from messages_th.phrases import number_label, shorten
from messages_th.plan_cells import (
    TapData,
    answer_press,
    cancel_press,
    confirm_press,
    row_of,
    table_press,
    thai,
    when_and_who,
)
from messages_th.plan_problems import doubt as question_of
from store.types import ActivityDraft, Doubt, DoubtCode, FiscalYear, PlanTap, ProvinceId

OWNERS = ("อปท. ทุกแห่ง", "ส่วนราชการประจำจังหวัด", "สนจ.", "สถจ.")
"""The usual owners, in the order of the buttons that name them."""
MOST_CHOICES = 3
"""Buttons that stand side by side on a card."""

_NO_DATE = frozenset(
    {
        DoubtCode.NO_WINDOW,
        DoubtCode.WINDOW_UNREADABLE,
        DoubtCode.WINDOW_ENDS_BEFORE_START,
        DoubtCode.WINDOW_IMPOSSIBLE_DATE,
    }
)
_NO_OWNER = frozenset(
    {DoubtCode.NO_RESPONSIBLE, DoubtCode.RESPONSIBLE_UNKNOWN, DoubtCode.RESPONSIBLE_UNNAMED}
)
_EXAMPLE = "ข้อ ๑๗ ระยะเวลา ๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗"
HOW_TO_CORRECT = Text(
    "พิมพ์แก้ได้ทีละข้อ เช่น\n"
    f"• {_EXAMPLE}\n"
    "• ข้อ ๕ ผู้รับผิดชอบ อปท. ทุกแห่ง\n"
    "• ข้อ ๓ ชื่อ ประชุมชี้แจงหน่วยงาน\n"
    "• ข้อ ๑๘ เลขข้อ ๘\n"
    "• ข้อ ๙ ตัดออก"
)


def table(
    rows: Sequence[ActivityDraft], page: int, pages: int, data: TapData, *, has_questions: bool
) -> Card:
    """Return a page of the rows as they were read."""
    title = f"ตารางตามที่อ่านได้ หน้า {thai(page)}/{thai(pages)}"
    buttons = (
        *(
            (Press("หน้าถัดไป", data(PlanTap.TABLE, page + 1), "หน้าถัดไป"),)
            if page < pages
            else (Press("สรุป", data(PlanTap.SUMMARY, 0), "สรุปร่างแผน"),)
        ),
        answer_press(data) if has_questions else confirm_press(data),
        cancel_press(data),
    )
    return Card(
        alt=title,
        title=title,
        rows=(*map(row_of, rows), Row("ข้อใดไม่ตรง พิมพ์แก้ได้ เช่น", _example(rows), buttons)),
        choices=buttons,
    )


def ask_province(doubt: Doubt, provinces: Sequence[tuple[ProvinceId, str]], data: TapData) -> Card:
    """Ask which of the coordinator's provinces a plan is for."""
    choices = tuple(
        Press(shorten(name, 20), data(PlanTap.PROVINCE, province), name)
        for province, name in provinces
    )
    return _choice(question_of(doubt) if doubt.printed else "แผนนี้เป็นของจังหวัดใด", choices, data)


def ask_year(doubt: Doubt, years: Sequence[FiscalYear], data: TapData) -> Card:
    """Ask for which fiscal year a plan is."""
    choices = tuple(Press(f"ปีงบประมาณ {thai(year)}", data(PlanTap.YEAR, year)) for year in years)
    is_heading = doubt.code is DoubtCode.HEADING_YEAR_DIFFERS
    return _choice(question_of(doubt) if is_heading else "แผนนี้เป็นของปีงบประมาณใด", choices, data)


def ask_one(doubt: Doubt, row: ActivityDraft | None, left: int, data: TapData) -> Card:
    """Ask about one doubt that has to be answered by itself."""
    title = f"ข้อสงสัย เหลือ {thai(left)} เรื่อง"
    as_read = Press(_as_read_label(doubt), data(PlanTap.AS_READ, 0), _as_read_label(doubt))
    write = Press("พิมพ์แก้ไข", data(PlanTap.WRITE, 0), fill_in=_beginning(doubt))
    owners = tuple(
        Press(name, data(PlanTap.OWNER, place), name) for place, name in enumerate(OWNERS)
    )
    asks_owner = doubt.code in _NO_OWNER
    rows = [Row(question_of(doubt), _read_as(row), (as_read, write))]
    if asks_owner:
        stead = f"ใช้แทน “{shorten(doubt.printed)}”" if doubt.printed else "เป็นผู้รับผิดชอบ"
        rows.append(Row("เลือกหน่วยงาน", stead, owners[:2]))
        rows.append(Row("หรือหน่วยงานของจังหวัด", stead, owners[2:]))
    return Card(
        alt=f"{title}: {shorten(question_of(doubt), 200)}",
        title=title,
        rows=tuple(rows),
        choices=(*(owners if asks_owner else ()), as_read, write),
    )


def ask_page(
    doubts: Sequence[tuple[Doubt, ActivityDraft | None]], left: int, data: TapData
) -> Card:
    """Show doubts that may be accepted together once they were shown."""
    title = f"ข้อสงสัย {thai(len(doubts))} จาก {thai(left)} เรื่อง"
    shown = (Row(question_of(doubt), _read_as(row)) for doubt, row in doubts)
    return _page(title, shown, [row for _, row in doubts if row], data)


def ask_rows(rows: Sequence[ActivityDraft], left: int, data: TapData) -> Card:
    """Show rows out of a PDF, each to be compared with the original."""
    title = f"เทียบกับต้นฉบับ PDF ทีละแถว เหลือ {thai(left)} เรื่อง"
    return _page(title, map(row_of, rows), rows, data)


def edited(number: str, province: str, fiscal_year: FiscalYear) -> Text:
    """Say that a row was changed in the draft that waits, and not in the plan in force."""
    return Text(
        f"แก้ไข{number_label(number)} ในร่างแผนจังหวัด{province} ปีงบประมาณ {thai(fiscal_year)} แล้ว"
        " ยังไม่ประกาศใช้จนกว่าจะยืนยัน หากต้องการเริ่มใหม่จากแผนที่ใช้อยู่ พิมพ์ “ยกเลิกร่าง” ก่อน"
    )


def replaced(province: str, fiscal_year: FiscalYear) -> Text:
    """Say that the draft that waited was given up for the one shown next."""
    return Text(
        f"ร่างแผนจังหวัด{province} ปีงบประมาณ {thai(fiscal_year)} ที่รอยืนยันอยู่ก่อนถูกแทนด้วยร่างนี้"
        " ส่วนแผนที่ใช้อยู่ไม่เปลี่ยน"
    )


def _page(title: str, shown: Iterable[Row], rows: Sequence[ActivityDraft], data: TapData) -> Card:
    buttons = (
        Press("ถูกต้องทั้งหน้า", data(PlanTap.PAGE_AS_READ, 0), "ถูกต้องทั้งหน้า"),
        table_press(data),
        cancel_press(data),
    )
    last = Row("ถ้าไม่ถูกต้อง พิมพ์แก้ทีละข้อ เช่น", _example(rows), buttons)
    return Card(alt=title, title=title, rows=(*shown, last), choices=buttons)


def _choice(question: str, choices: Sequence[Press], data: TapData) -> Card:
    cancel = cancel_press(data)
    rows = tuple(
        Row("เลือกได้เลย" if at == 0 else "หรือ", "แตะปุ่ม", tuple(choices[at : at + MOST_CHOICES]))
        for at in range(0, len(choices), MOST_CHOICES)
    )
    last = Row("ยังไม่แน่ใจ", "ยกเลิกแล้วส่งใหม่ภายหลังได้", (cancel,))
    return Card(
        alt=shorten(question, 300),
        title=question,
        rows=(*rows, last),
        choices=(*choices[:12], cancel),
    )


def _read_as(row: ActivityDraft | None) -> str:
    return "ทั้งแผน" if row is None else f"อ่านได้: {shorten(row.title, 40)} · {when_and_who(row)}"


def _as_read_label(doubt: Doubt) -> str:
    if doubt.code in _NO_DATE:
        return "ยังไม่กำหนดวัน"
    return "ยังไม่มีผู้รับผิดชอบ" if doubt.code in _NO_OWNER else "ถูกต้องตามที่อ่าน"


def _beginning(doubt: Doubt) -> str:
    """Return what the keyboard opens with, so that only the correct text is left to write."""
    if doubt.code in _NO_OWNER:
        field = "ผู้รับผิดชอบ "
    elif doubt.code is DoubtCode.NUMBER_TWICE:
        field = "เลขข้อ "
    elif doubt.code is DoubtCode.NO_TITLE:
        field = "ชื่อ "
    else:
        field = "" if doubt.code is DoubtCode.COPIES_DIFFER else "ระยะเวลา "
    return f"{number_label(doubt.row)} {field}"


def _example(rows: Sequence[ActivityDraft]) -> str:
    """Return a correction as it may be typed, of the first row that is shown."""
    dated = next((row for row in rows if row.window), None)
    if dated is None or dated.window is None:
        return _EXAMPLE
    return f"{number_label(dated.number)} ระยะเวลา {format_window(dated.window)}"


def with_owner(row: ActivityDraft, instead_of: str, owner: str) -> str:
    """Return a row's responsible parties as text, with one of the usual owners for an unclear one.

    `instead_of` is the unclear one as printed, "" where nobody is.
    """
    texts = [owner if party.text == instead_of else party.text for party in row.parties]
    return ", ".join(dict.fromkeys(texts or [owner]))
