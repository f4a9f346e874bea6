"""Wording of reminders: one card for all that is due to one person that day."""

from collections.abc import Sequence
from datetime import date

from messages_th.cards import ButtonData, duty_card
from messages_th.digits import to_thai_digits
from messages_th.parts import Card
from messages_th.phrases import agency_label, number_label
from store.types import DutyFacts


def reminder(
    duties: Sequence[DutyFacts], today: date, data: ButtonData, *, is_promised: bool = False
) -> Card:
    """Return the card for one person; the duties come most urgent first, none of them done.

    `is_promised` says that the first comes because the date its officer named has passed.

    What it says of time is counted on the day it is sent, whatever day it was planned for.
    """
    names = list(dict.fromkeys(agency_label(duty.agency) for duty in duties))
    whose = names[0] if len(names) == 1 else f"{to_thai_digits(len(names))} หน่วยงานของท่าน"
    numbers = list(dict.fromkeys(number_label(duty.activity.number) for duty in duties))
    headline = _headline(duties[0], today, is_promised=is_promised)
    return duty_card(
        title=f"{headline} · {whose}",
        alt=f"{headline}: {whose} {', '.join(numbers[:5])}",
        duties=duties,
        today=today,
        data=data,
    )


def _headline(duty: DutyFacts, today: date, *, is_promised: bool) -> str:
    window = duty.activity.window
    if window is None:
        return "งานที่ต้องดำเนินการ"
    left = (window.last - today).days
    if left < 0:
        return "❗ เกินกำหนดแล้ว"
    if window.first is not None and window.first > today:
        return "📅 ใกล้ถึงกำหนด"
    if left == 0:
        return "⏰ วันนี้วันสุดท้าย"
    if is_promised:
        return "⏰ พ้นวันที่ท่านขอเลื่อนเตือน"
    if left <= DAYS_NEAR:
        return "⏰ ใกล้ครบกำหนด"
    return "📅 ถึงเวลาดำเนินการ"


DAYS_NEAR = 7
