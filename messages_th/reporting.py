"""Wording of reports: acknowledgements, and the questions that a report may raise."""

from collections.abc import Sequence
from datetime import datetime

from messages_th.cards import SHOWN, ButtonData
from messages_th.dates import format_moment
from messages_th.digits import to_thai_digits
from messages_th.parts import Button, Press, Say, Text
from messages_th.phrases import (
    BY_DISTRICT,
    agency_label,
    duty_label,
    number_label,
    out_of,
    shorten,
)
from messages_th.report_extras import figure_label
from store.types import Count, DutyFacts, DutyState

MARKS = {
    DutyState.DONE: "✅",
    DutyState.DOING: "⏳",
    DutyState.STUCK: "⚠️",
    DutyState.NOT_NEEDED: "☑️",
    DutyState.REPORTED: "📨",
    DutyState.RETURNED: "🔙",
    DutyState.OPEN: "↩️",
}
REASONS = {
    DutyState.STUCK: ("เข้าระบบไม่ได้", "รอข้อมูลจากหน่วยงานอื่น", "ไม่มีผู้รับผิดชอบ"),
    DutyState.NOT_NEEDED: ("ยืนยันผลคะแนนเดิม", "ไม่มีข้อที่ต้องชี้แจง"),
}
"""Reasons heard most, one tap each."""
LONGEST_WORDS = 300
"""Characters of the text that a tap sends (LINE: message action)."""


def recorded(
    duty: DutyFacts,
    state: DutyState,
    count: Count,
    *,
    on_behalf: bool = False,
    figure: str = "",
    has_link: bool = False,
) -> str:
    """Return the one line that says what was recorded, and how far all agencies are.

    What a district did in the place of its agency is marked so.  A link is not repeated, as others
    may read along.
    """
    given = f" · {figure_label(figure)}" if figure else ""
    given += " · มีลิงก์" if has_link else ""
    return _recorded(duty, state, count) + given + (f" {BY_DISTRICT}" if on_behalf else "")


def _recorded(duty: DutyFacts, state: DutyState, count: Count) -> str:
    start = f"{MARKS[state]} {agency_label(duty.agency)} {duty_label(duty)}"
    if state is DutyState.DONE:
        return f"{start} เสร็จสิ้น ({out_of(count)})"
    if state is DutyState.DOING:
        return f"{start} กำลังดำเนินการ (เสร็จแล้ว {out_of(count)})"
    if state is DutyState.STUCK:
        return f"{start} ติดปัญหา แจ้งผู้ประสานงานจังหวัด (เสร็จแล้ว {out_of(count)})"
    if state is DutyState.NOT_NEEDED:
        return f"{start} ไม่ต้องดำเนินการ (เสร็จแล้ว {out_of(count)})"
    if state is DutyState.REPORTED:
        return f"{start} รายงานแล้ว รอผู้บริหารอนุมัติ (เสร็จแล้ว {out_of(count)})"
    if state is DutyState.RETURNED:
        return f"{start} ส่งกลับแก้ไขแล้ว แจ้งผู้รับผิดชอบพร้อมเหตุผล (เสร็จแล้ว {out_of(count)})"
    return f"{start} ยกเลิกรายงานแล้ว (เสร็จแล้ว {out_of(count)})"


def numbered(line: str, number: int) -> str:
    """Return an acknowledgement for the group, with its number in the record."""
    return f"{line} · เลขที่ {to_thai_digits(number)}"


def receipt(first: int, last: int, at: datetime) -> str:
    """Return the receipt of entries of the record, both ends inclusive; `at` is Bangkok time."""
    numbers = f"{first}" if first == last else f"{first}-{last}"
    return f"เลขที่ {to_thai_digits(numbers)} · {format_moment(at)}"


def not_yet(numbers: Sequence[str]) -> str:
    """Say which other numbers are still to be made clear, one at a time."""
    labels = ", ".join(number_label(number) for number in numbers)
    return f"ยังไม่ได้บันทึก {labels} โปรดพิมพ์ทีละข้อหลังตอบคำถามนี้"


def confirm_by_message(duty: DutyFacts, state: DutyState) -> Text:
    """Ask for a tap that sends a message: LINE did not say who tapped the button."""
    words = f"ยืนยัน {SHOWN[state]} {duty_label(duty)}"
    return Text(
        "LINE ไม่ได้แจ้งว่าผู้ใดกดปุ่ม จึงยังไม่บันทึก แตะ “ยืนยัน” ด้านล่าง"
        f" หรือพิมพ์ “{SHOWN[state]} {duty_label(duty)}”",
        choices=(Say(shorten(words, 20), f"{words} {agency_label(duty.agency)}"),),
    )


def ask_reason(duty: DutyFacts, state: DutyState) -> Text:
    """Ask what the problem is, or why nothing is needed; nothing is recorded before."""
    label, word = duty_label(duty), SHOWN[state]
    what = "ติดปัญหาเรื่องใด" if state is DutyState.STUCK else f"{word}เพราะเหตุใด"
    return Text(
        f"{label} {what} พิมพ์ “{word} {label}” ตามด้วยเหตุผล หรือแตะเลือก",
        choices=tuple(
            # The agency is named, as who answers for two would only be asked which.
            Say(shorten(reason, 20), _in_words(duty, state, reason))
            for reason in REASONS[state]
        ),
    )


def ask_which(duties: Sequence[DutyFacts], state: DutyState, more: str, data: ButtonData) -> Text:
    """Ask which of several duties of one activity is meant: other steps, other agencies.

    `more` is what goes with the report, as it is typed: a reason, a number, a link.
    """
    number = number_label(duties[0].activity.number)
    by_agency = len({duty.agency.agency_id for duty in duties}) > 1
    choices: list[Button] = []
    for duty in duties[:13]:
        label = shorten(agency_label(duty.agency) if by_agency else duty_label(duty), 20)
        if state is DutyState.OPEN or more:
            # No button of ours takes a report back, and none carries a reason: words do.
            choices.append(Say(label, _in_words(duty, state, more)))
        else:
            choices.append(Press(label, data(duty, state), shown=_in_words(duty, state, "")))
    return Text(f"{number} ท่านหมายถึงรายการใด", choices=tuple(choices))


def _in_words(duty: DutyFacts, state: DutyState, more: str) -> str:
    """Return what an officer would type to report this, of this agency and no other."""
    word = "ยกเลิก" if state is DutyState.OPEN else SHOWN[state]
    typed = f"{word} {duty_label(duty)} {agency_label(duty.agency)} {more}"
    return shorten(typed.strip(), LONGEST_WORDS)
