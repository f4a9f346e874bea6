"""The card of what an agency has to do, with buttons that last and quick replies that do not."""

from collections.abc import Callable, Sequence
from datetime import date

from messages_th.digits import to_thai_digits
from messages_th.parts import Button, Card, Press, Row, Say
from messages_th.phrases import (
    agency_label,
    deadline,
    duty_label,
    duty_line,
    number_label,
    shorten,
    state_label,
)
from messages_th.plan_words import is_optional
from store.types import DutyFacts, DutyState

ButtonData = Callable[[DutyFacts, DutyState], str]
"""Gives the data of the button that brings a duty to a state."""

REASONED = (DutyState.STUCK, DutyState.NOT_NEEDED)
"""States that go with a reason."""
MOST_ROWS = 8
"""Rows of one card: more is no list that anybody reads on a phone."""
MOST_QUICK_DUTIES = 3
LONGEST_LABEL = 20
"""Characters of a quick reply's label (LINE: action objects)."""

ASK_STATUS = Say("สถานะ", "สถานะ")
ASK_WEEK = Say("สัปดาห์นี้", "สัปดาห์นี้มีอะไรต้องส่ง")
ASK_HELP = Say("ช่วยเหลือ", "ช่วยเหลือ")


def duty_card(
    title: str, alt: str, duties: Sequence[DutyFacts], today: date, data: ButtonData | None
) -> Card:
    """Return a card of unfinished duties, the given order kept; the first gets quick replies.

    Without `data` it has no buttons that report: for who only looks.
    """
    shown = duties[:MOST_ROWS]
    several = len({duty.agency.agency_id for duty in duties}) > 1
    left = len(duties) - len(shown)
    return Card(
        alt=alt,
        title=title,
        rows=tuple(_row(duty, today, data, names_agency=several) for duty in shown),
        note=f"และอีก {to_thai_digits(left)} รายการ" if left else "",
        choices=quick_replies(shown, data),
    )


def quick_replies(duties: Sequence[DutyFacts], data: ButtonData | None) -> tuple[Button, ...]:
    """Return done, doing and stuck for the first duty, done for the next ones, and the status."""
    if not duties or data is None:
        return (ASK_WEEK, ASK_STATUS)
    first = duties[0]
    others = duties[1:MOST_QUICK_DUTIES]
    return (
        _press("✅ เสร็จ", first, DutyState.DONE, data),
        _press("⏳ กำลังทำ", first, DutyState.DOING, data),
        _press("⚠️ ติดปัญหา", first, DutyState.STUCK, data),
        *(_press("✅ เสร็จ", duty, DutyState.DONE, data) for duty in others),
        ASK_STATUS,
    )


def _row(duty: DutyFacts, today: date, data: ButtonData | None, *, names_agency: bool) -> Row:
    heading = duty_line(duty)
    detail = f"{deadline(duty.activity.window, today)} · {state_label(duty)}"
    return Row(
        heading=f"{agency_label(duty.agency)} · {heading}" if names_agency else heading,
        detail=detail,
        buttons=()
        if data is None
        else (
            _press("เสร็จ", duty, DutyState.DONE, data, names_duty=False),
            # Four buttons do not fit a phone: there, doing is still typed.
            _press("ไม่ต้องทำ", duty, DutyState.NOT_NEEDED, data, names_duty=False)
            if is_optional(duty)
            else _press("กำลังทำ", duty, DutyState.DOING, data, names_duty=False),
            _press("ติดปัญหา", duty, DutyState.STUCK, data, names_duty=False),
        ),
    )


def _press(
    label: str, duty: DutyFacts, state: DutyState, data: ButtonData, *, names_duty: bool = True
) -> Press:
    number = number_label(duty.activity.number)
    return Press(
        label=shorten(f"{label} {number}" if names_duty else label, LONGEST_LABEL),
        data=data(duty, state),
        shown=f"{SHOWN[state]} {duty_label(duty)}",
        # Typing goes on where the button ends: only the reason is left to write.
        fill_in=f"{SHOWN[state]} {duty_label(duty)} " if state in REASONED else "",
    )


SHOWN = {
    DutyState.DONE: "เสร็จ",
    DutyState.DOING: "กำลังทำ",
    DutyState.STUCK: "ติดปัญหา",
    DutyState.NOT_NEEDED: "ไม่ต้องดำเนินการ",
}
"""What the chat shows as the officer's own words when a button was tapped."""
