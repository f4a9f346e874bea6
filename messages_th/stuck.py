"""Wording for who is stuck: the coordinators' card, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th.cards import MOST_ROWS, SHOWN, ButtonData
from messages_th.dates import format_short_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Card, Part, Press, Row, Text
from messages_th.phrases import (
    BY_DISTRICT,
    STATES,
    agency_label,
    duty_label,
    duty_line,
    number_label,
    shorten,
)
from messages_th.review import IN_PRIVATE, LONGEST_FILL_IN, ActData
from store.types import ActTap, DutyFacts, DutyState

__all__ = ["IN_PRIVATE"]

LONGEST_ANSWER = 500
"""Letters of an answer."""
LONGEST_REASON = 300
"""Letters of a reason in a card; one message holds eight."""
NOBODY = Text("ไม่มีหน่วยงานที่แจ้งติดปัญหาอยู่ในพื้นที่ของท่าน")
ONE_AT_A_TIME = Text("โปรดตอบทีละข้อ เช่น “ตอบ ข้อ ๑๑ ทต.แม่แรม ติดต่อขอรหัสผ่านใหม่ได้ที่ สนจ.”")
TOO_LONG = Text("คำตอบยาวเกิน ๕๐๐ ตัวอักษร จึงไม่ได้ส่ง โปรดย่อแล้วพิมพ์อีกครั้ง")


@dataclass(frozen=True, slots=True)
class Stuck:
    """A duty that is stuck, since when, and when a coordinator answered; times of Bangkok."""

    duty: DutyFacts
    since: datetime | None
    answered_at: datetime | None


def card(found: Sequence[Stuck], data: ActData | None) -> Card:
    """Return who is stuck with what; with `data` a button beside each opens the keyboard."""
    title = f"⚠️ ติดปัญหา {to_thai_digits(len(found))} รายการ"
    labels = [f"{agency_label(each.duty.agency)} {duty_label(each.duty)}" for each in found]
    left = len(found) - MOST_ROWS
    return Card(
        alt=shorten(f"{title}: {', '.join(labels)}", 300),
        title=title,
        rows=tuple(_row(each, data) for each in found[:MOST_ROWS]),
        note=f"และอีก {to_thai_digits(left)} รายการ พิมพ์ “ใครติดปัญหา” เพื่อดูต่อ" if left > 0 else "",
    )


def ask_answer(duty: DutyFacts, data: ActData) -> Text:
    """Ask what is to be answered; nothing is sent before."""
    words = f"ตอบ {duty_label(duty)} {agency_label(duty.agency)}"
    return Text(f"พิมพ์ “{words}” ตามด้วยคำตอบ ไม่เกิน ๕๐๐ ตัวอักษร", choices=(_write(duty, "", data),))


def which(duties: Sequence[DutyFacts], text: str, data: ActData) -> Text:
    """Ask whom the answer is for."""
    return Text(
        f"{number_label(duties[0].activity.number)} ติดปัญหา {to_thai_digits(len(duties))} รายการ"
        " ท่านตอบหน่วยงานใด",
        choices=tuple(_write(duty, text, data) for duty in duties[:13]),
    )


def nobody_stuck(number: str, agency: str) -> Text:
    """Say that nobody is stuck there, so nothing was sent."""
    whose = f"{shorten(agency)} " if agency else ""
    return Text(
        f"{whose}{number_label(number)} ไม่มีเรื่องที่ติดปัญหาอยู่ จึงไม่ได้ส่งคำตอบ พิมพ์ “ใครติดปัญหา” เพื่อดู"
    )


def no_longer_stuck(duty: DutyFacts) -> str:
    """Say that a duty is not stuck any more, or another report stands by now."""
    state = STATES[duty.state]
    return f"{agency_label(duty.agency)} {duty_label(duty)} เปลี่ยนไปแล้ว ขณะนี้: {state} จึงไม่ได้ส่งคำตอบ"


def answered(duty: DutyFacts, readers: int) -> str:
    """Return the line that says what was answered, and how many will read it."""
    start = f"💬 ตอบ {agency_label(duty.agency)} {duty_label(duty)} แล้ว"
    if not readers:
        return f"{start} แต่ยังไม่มีผู้รับผิดชอบที่บอตส่งข้อความถึงได้"
    return f"{start} ส่งถึงผู้รับผิดชอบ {to_thai_digits(readers)} คนในเวลาราชการ"


def answer(duty: DutyFacts, text: str, data: ButtonData) -> list[Part]:
    """Return what the officers read: the answer in full, and what they may report on it."""
    label, agency = duty_label(duty), agency_label(duty.agency)
    said = Text(f"💬 ผู้ประสานงานจังหวัดตอบ {agency} {label}:\n{text}")
    buttons = tuple(
        Press(
            words,
            data(duty, state),
            shown=f"{SHOWN[state]} {label}",
            fill_in=f"{SHOWN[state]} {label} " if state is DutyState.STUCK else "",
        )
        for words, state in (
            ("เสร็จ", DutyState.DONE),
            ("กำลังทำ", DutyState.DOING),
            ("ยังติดอยู่", DutyState.STUCK),
        )
    )
    reason = f"ที่แจ้งไว้: {shorten(duty.reason, LONGEST_REASON)}"
    detail = reason if duty.reason else STATES[duty.state]
    row = Row(heading=f"{agency} · {duty_line(duty)}", detail=detail, buttons=buttons)
    title = f"💬 คำตอบ {label}"
    return [said, Card(alt=f"{title} {agency}", title=title, rows=(row,))]


def _row(stuck: Stuck, data: ActData | None) -> Row:
    duty = stuck.duty
    since = f"ตั้งแต่ {format_short_day(stuck.since.date())}" if stuck.since else ""
    answered_on = (
        f"ตอบแล้ว {format_short_day(stuck.answered_at.date())}" if stuck.answered_at else "ยังไม่ได้ตอบ"
    )
    return Row(
        heading=f"{agency_label(duty.agency)} · {duty_line(duty)}",
        detail=" · ".join(
            each
            for each in (
                shorten(duty.reason, LONGEST_REASON),
                since,
                BY_DISTRICT if duty.is_on_behalf else "",
                answered_on,
            )
            if each
        ),
        buttons=() if data is None else (_write(duty, "", data, label="ตอบ"),),
    )


def _write(duty: DutyFacts, text: str, data: ActData, *, label: str = "") -> Press:
    words = f"ตอบ {duty_label(duty)} {agency_label(duty.agency)}"
    return Press(
        label or shorten(f"{agency_label(duty.agency)} {duty_label(duty)}", 20),
        data(ActTap.ANSWER, duty),
        shown=shorten(words, LONGEST_FILL_IN),
        fill_in=shorten(f"{words} {text}".rstrip(), LONGEST_FILL_IN - 1) + " ",
    )
