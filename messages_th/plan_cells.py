"""What the cards of a waiting plan share: a row as read, its window and owners, common buttons."""

from collections.abc import Callable

from messages_th.dates import format_window
from messages_th.digits import to_thai_digits
from messages_th.parts import Press, Row
from messages_th.phrases import number_label, shorten
from store.types import ActivityDraft, PartyDraft, PartyKind, PlanTap

TapData = Callable[[PlanTap, int], str]
"""Gives the data of a button: what it asks for, and its number (a page, a year, a choice) or 0."""

LONGEST_PARTIES = 80

_PARTIES = {
    PartyKind.EVERY_LOCAL: "อปท. ทุกแห่ง",
    PartyKind.EVERY_REGIONAL: "ส่วนราชการประจำจังหวัด",
    PartyKind.PROVINCIAL_OFFICE: "สนจ.",
    PartyKind.LOCAL_ADMINISTRATION_OFFICE: "สถจ.",
}


def row_of(row: ActivityDraft) -> Row:
    """Return the line of a card for a row of the plan as it was read."""
    steps = f" · {thai(len(row.steps))} ขั้นตอน" if len(row.steps) > 1 else ""
    return Row(f"{number_label(row.number)} {shorten(row.title)}", f"{when_and_who(row)}{steps}")


def when_and_who(row: ActivityDraft) -> str:
    """Return a row's window and responsible parties as they were read."""
    parties = ", ".join(map(_party, row.parties)) or "ยังไม่มีผู้รับผิดชอบ"
    return f"{window_label(row)} · {shorten(parties, LONGEST_PARTIES)}"


def window_label(row: ActivityDraft) -> str:
    """Return a row's window, or that it has none."""
    return format_window(row.window) if row.window else "ยังไม่มีกำหนดวัน"


def _party(party: PartyDraft) -> str:
    if party.kind is PartyKind.UNNAMED:
        return f"“{party.text}” (ยังไม่ทราบหน่วยงาน)"
    return _PARTIES.get(party.kind, party.text)


def answer_press(data: TapData) -> Press:
    """Return the button that goes to what is still asked."""
    return Press("ตอบข้อสงสัย", data(PlanTap.ASK, 0), "ตอบข้อสงสัย")


def confirm_press(data: TapData) -> Press:
    """Return the button that puts the draft in force."""
    return Press("ยืนยัน", data(PlanTap.CONFIRM, 0), "ยืนยันแผน")


def table_press(data: TapData) -> Press:
    """Return the button that shows the first page of the rows."""
    return Press("ตรวจตาราง", data(PlanTap.TABLE, 1), "ตรวจตาราง")


def cancel_press(data: TapData) -> Press:
    """Return the button that gives the draft up."""
    return Press("ยกเลิก", data(PlanTap.CANCEL, 0), "ยกเลิกร่างแผน")


def thai(count: int) -> str:
    """Return a number in Thai digits."""
    return to_thai_digits(str(count))
