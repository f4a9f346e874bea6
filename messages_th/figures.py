"""Wording of corrected numbers."""

from collections.abc import Sequence

from messages_th.parts import Say, Text
from messages_th.phrases import BY_DISTRICT, agency_label, duty_label, number_label, shorten
from messages_th.report_extras import figure_label
from store.types import DutyFacts

MOST_CHOICES = 13
_REFUSED = {
    "not_your_agency": "ไม่ใช่หน่วยงานของท่าน จึงไม่ได้บันทึก",
    "not_done": "ยังไม่ได้รายงานว่าเสร็จ จึงยังไม่มีตัวเลขให้แก้",
    "too_late_to_undo": "แจ้งไว้เกิน ๒๔ ชั่วโมงแล้ว จึงไม่ได้บันทึก โปรดแจ้งผู้ประสานงานจังหวัดให้แก้",
    "approved_as_it_is": "ผู้บริหารอนุมัติตัวเลขนี้แล้ว จึงไม่ได้บันทึก โปรดยกเลิกแล้วรายงานใหม่เพื่อให้ผู้บริหารอนุมัติ",
}


def corrected(duty: DutyFacts, figure: str, *, on_behalf: bool) -> str:
    """Return the one line that says from what to what a number was put right."""
    before = f"จาก {figure_label(duty.figure)} " if duty.figure else ""
    start = f"✏️ {agency_label(duty.agency)} {duty_label(duty)}"
    line = f"{start} แก้ตัวเลข{before}เป็น {figure_label(figure)}"
    return line + (f" {BY_DISTRICT}" if on_behalf else "")


def refused(why: str, duty: DutyFacts) -> str:
    """Say why a number stays as it is."""
    return f"{agency_label(duty.agency)} {duty_label(duty)} {_REFUSED[why]}"


def ask_which(duties: Sequence[DutyFacts], figure: str) -> Text:
    """Ask which of several duties of one activity the number is of."""
    return Text(
        f"{number_label(duties[0].activity.number)} แก้ตัวเลขของรายการใด",
        choices=tuple(
            Say(
                shorten(f"{duty_label(duty)} {agency_label(duty.agency)}", 20),
                f"แก้ตัวเลข {duty_label(duty)} {agency_label(duty.agency)} เป็น {figure}",
            )
            for duty in duties[:MOST_CHOICES]
        ),
    )


def with_unit(figure: str, before: str) -> str:
    """Return the new number, with the unit of the one before where none was said."""
    unit = before.partition(" ")[2]
    return figure if " " in figure or not unit else f"{figure} {unit}"
