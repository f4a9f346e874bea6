"""Wording for the executive who approves, and for the officers whose report came back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from messages_th.cards import MOST_ROWS
from messages_th.dates import format_short_day
from messages_th.digits import to_thai_digits
from messages_th.evidence import on_card
from messages_th.parts import Card, Press, Row, Text
from messages_th.phrases import (
    STATES,
    agency_label,
    deadline,
    duty_label,
    duty_line,
    number_label,
    shorten,
    state_label,
)
from messages_th.report_extras import given
from store.types import DutyFacts, DutyState

LONGEST_FILL_IN = 300
"""Characters that a tap types in (LINE: postback action)."""
MOST_REASONS = 8
MOST_NUMBERS = 30
NOTHING_WAITS = Text("ไม่มีรายการรออนุมัติ")
ONLY_EXECUTIVES = Text("การอนุมัติเป็นหน้าที่ของผู้บริหารของหน่วยงานที่ลงทะเบียนไว้ จึงไม่ได้บันทึก")
IN_PRIVATE = Text("การอนุมัติทำได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงไม่ได้บันทึก")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty that waits for the executive; `data` gives the data of approve (True) and return.

    `pieces` is how much evidence it has.
    """

    duty: DutyFacts
    data: Callable[[bool], str]
    pieces: int = 0


def card(waiting: Sequence[Waiting], today: date) -> Card:
    """Return the card of what waits for an executive, with both answers beside each."""
    title = f"📨 รออนุมัติ {to_thai_digits(len(waiting))} รายการ"
    labels = [f"{agency_label(each.duty.agency)} {duty_label(each.duty)}" for each in waiting]
    left = len(waiting) - MOST_ROWS
    return Card(
        alt=shorten(f"{title}: {', '.join(labels)}", 300),
        title=title,
        rows=tuple(_row(each, today) for each in waiting[:MOST_ROWS]),
        note=f"และอีก {to_thai_digits(left)} รายการ พิมพ์ “รออนุมัติ” เพื่อดูต่อ" if left > 0 else "",
    )


def counts(waiting: Mapping[str, tuple[int, date]]) -> Text:
    """Return how many reports of each activity wait, and since when the longest."""
    if not waiting:
        return NOTHING_WAITS
    lines = [
        f"• {number_label(number)}: {to_thai_digits(count)} รายการ"
        f" รอนานสุดตั้งแต่ {format_short_day(first)}"
        for number, (count, first) in [*waiting.items()][:MOST_NUMBERS]
    ]
    total = to_thai_digits(sum(count for count, _ in waiting.values()))
    return Text("\n".join([f"📨 รออนุมัติ {total} รายการ", *lines]))


def returned(duties: Sequence[DutyFacts]) -> Text:
    """Tell the officers what the executive sent back, or a coordinator opened again, and why."""
    # The reasons in full, in as many letters as one message takes.
    longest = 3200 // min(len(duties), MOST_REASONS)
    lines = [
        f"🔙 {agency_label(each.agency)} {duty_label(each)} {_by(each)}:"
        f" {shorten(each.reason, longest)}"
        for each in duties[:MOST_REASONS]
    ]
    return Text("\n".join([*lines, "แก้ไขแล้วรายงาน “เสร็จ” อีกครั้ง"]))


def _by(duty: DutyFacts) -> str:
    is_returned = duty.state is DutyState.RETURNED
    return "ผู้บริหารส่งกลับแก้ไข" if is_returned else "ผู้ประสานงานจังหวัดเปิดให้รายงานใหม่"


def ask_reason(duty: DutyFacts) -> Text:
    """Ask why it is sent back; nothing is recorded before."""
    label = duty_label(duty)
    return Text(f"{label} ส่งกลับเพราะเหตุใด พิมพ์ “ส่งกลับ {label}” ตามด้วยเหตุผล")


def not_waiting(number: str) -> str:
    """Say that nothing of that number waits."""
    return f"{number_label(number)} ไม่มีรายการรออนุมัติ"


def no_longer_waiting(duty: DutyFacts) -> str:
    """Say that a report was judged or taken back meanwhile, and how the duty stands."""
    state = STATES[duty.state]
    return f"{agency_label(duty.agency)} {duty_label(duty)} เปลี่ยนไปแล้ว ขณะนี้: {state} จึงไม่ได้บันทึก"


def own_report(duty: DutyFacts) -> str:
    """Say that who reported cannot approve."""
    return f"{duty_label(duty)} ท่านเป็นผู้รายงานเอง จึงต้องให้ผู้บริหารท่านอื่นของหน่วยงานอนุมัติ"


def _row(waiting: Waiting, today: date) -> Row:
    duty = waiting.duty
    label, agency = duty_label(duty), agency_label(duty.agency)
    return Row(
        heading=f"{agency} · {duty_line(duty)}",
        detail=" · ".join(
            each
            for each in (
                deadline(duty.activity.window, today),
                state_label(duty),
                given(duty, with_link=True),
                on_card(duty, waiting.pieces),
            )
            if each
        ),
        buttons=(
            Press("อนุมัติ", waiting.data(True), shown=f"อนุมัติ {label}"),  # noqa: FBT003
            Press(
                "ส่งกลับ",
                waiting.data(False),  # noqa: FBT003
                shown=f"ส่งกลับ {label}",
                fill_in=shorten(f"ส่งกลับ {label} {agency}", LONGEST_FILL_IN - 1) + " ",
            ),
        ),
    )
