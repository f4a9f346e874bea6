"""Wording of reviews, and of what a coordinator opens again."""

from collections.abc import Callable, Sequence

from messages_th.cards import MOST_ROWS
from messages_th.digits import to_thai_digits
from messages_th.parts import Card, Press, Row, Text
from messages_th.phrases import (
    STATES,
    agency_label,
    duty_label,
    duty_line,
    number_label,
    out_of,
    shorten,
    state_label,
)
from messages_th.report_extras import given
from store.types import ActTap, Count, DutyFacts

ActData = Callable[[ActTap, DutyFacts], str]
"""Gives the data of a button about the report that stands on a duty."""

LONGEST_FILL_IN = 300
"""Characters that a tap types in (LINE: postback action)."""
MOST_NUMBERS = 30
IN_PRIVATE = Text("คำสั่งนี้ใช้ในแชตส่วนตัวกับบอตเท่านั้น ในกลุ่มนี้จึงไม่ได้ดำเนินการ")
ONLY_REVIEWERS = Text("การสอบทานเป็นหน้าที่ของ ป.ป.ช. ประจำจังหวัดและผู้ประสานงานจังหวัด จึงไม่ได้บันทึก")
REOPEN_WHAT = Text("โปรดพิมพ์ทีละข้อ ระบุหน่วยงานและเหตุผล เช่น “เปิดใหม่ ๑๑ อบต.แม่แรม ตัวเลขไม่ตรงกับหลักฐาน”")
_NOT_REVIEWED = {
    "not_a_reviewer": "ท่านไม่มีสิทธิสอบทานหน่วยงานนี้",
    "not_finished": "ยังไม่เสร็จสิ้น",
    "changed_since": "เปลี่ยนไปแล้วหลังจากปุ่มนั้นแสดง",
    "already_reviewed": "สอบทานไว้แล้ว",
    "own_report": "ท่านเป็นผู้รายงานหรืออนุมัติเอง ต้องให้ผู้อื่นสอบทาน",
}


def reviewed(duty: DutyFacts) -> str:
    """Return the one line that says what was reviewed, and is locked now."""
    more = given(duty, with_link=False)
    line = f"🔒 {agency_label(duty.agency)} {duty_label(duty)} สอบทานแล้ว"
    return f"{line} · {more}" if more else line


def not_reviewed(why: str, duty: DutyFacts) -> str:
    """Say why something was not reviewed."""
    return f"{agency_label(duty.agency)} {duty_label(duty)} {_NOT_REVIEWED[why]} จึงไม่ได้บันทึก"


def not_in_plan(number: str, agency: str) -> str:
    """Say that an agency has no such activity."""
    return f"{number_label(number)} ไม่ใช่งานของ “{shorten(agency)}” จึงไม่ได้บันทึก"


def agency_unknown(text: str) -> Text:
    """Say that a name means no agency of the province for sure."""
    return Text(f"ไม่ทราบว่า “{shorten(text)}” หมายถึงหน่วยงานใดในจังหวัดของท่าน โปรดพิมพ์ชื่อเต็ม")


def counts(waiting: Sequence[DutyFacts]) -> Text:
    """Return how many are done and not reviewed, by activity."""
    numbers: dict[str, int] = {}
    for duty in waiting:
        numbers[duty.activity.number] = numbers.get(duty.activity.number, 0) + 1
    if not numbers:
        return Text("ไม่มีรายการรอสอบทาน")
    lines = [
        f"• {number_label(number)}: {to_thai_digits(count)} รายการ"
        for number, count in [*numbers.items()][:MOST_NUMBERS]
    ]
    return Text("\n".join(["🔎 รอสอบทาน", *lines, "พิมพ์เช่น “รอสอบทาน ๑๑” เพื่อดูรายหน่วยงาน"]))


def nothing_waits(number: str) -> Text:
    """Say that nothing of an activity waits to be reviewed."""
    return Text(f"{number_label(number)} ไม่มีรายการรอสอบทาน")


def card(waiting: Sequence[DutyFacts], data: ActData) -> Card:
    """Return what waits of one activity, with the button that reviews beside each."""
    number = number_label(waiting[0].activity.number)
    title = f"🔎 รอสอบทาน {number} {to_thai_digits(len(waiting))} รายการ"
    left = len(waiting) - MOST_ROWS
    return Card(
        alt=shorten(f"{title}: {', '.join(agency_label(each.agency) for each in waiting)}", 300),
        title=title,
        rows=tuple(_row(each, data) for each in waiting[:MOST_ROWS]),
        note=f"และอีก {to_thai_digits(left)} รายการ พิมพ์ “รอสอบทาน {number}” เพื่อดูต่อ"
        if left > 0
        else "",
    )


def reopened(duty: DutyFacts, count: Count) -> str:
    """Return the line that says what was opened again."""
    start = f"🔓 {agency_label(duty.agency)} {duty_label(duty)} เปิดให้รายงานใหม่แล้ว"
    return f"{start} แจ้งผู้รับผิดชอบพร้อมเหตุผล (เสร็จแล้ว {out_of(count)})"


def not_reopened(why: str, duty: DutyFacts) -> str:
    """Say why something was not opened again, and how it stands."""
    agency, label = agency_label(duty.agency), duty_label(duty)
    if why == "not_a_coordinator":
        return f"{agency} {label} ผู้ประสานงานจังหวัดเท่านั้นที่เปิดใหม่ได้ จึงไม่ได้บันทึก"
    return f"{agency} {label} ขณะนี้: {STATES[duty.state]} จึงไม่มีอะไรให้เปิดใหม่"


def ask_reason(duty: DutyFacts, data: ActData) -> Text:
    """Ask why it is to be opened again; nothing is recorded before."""
    label, agency = duty_label(duty), agency_label(duty.agency)
    return Text(
        f"{agency} {label} เปิดใหม่เพราะเหตุใด พิมพ์ “เปิดใหม่ {label} {agency}” ตามด้วยเหตุผล",
        choices=(_write(duty, "", data),),
    )


def which_step(duties: Sequence[DutyFacts], reason: str, data: ActData) -> Text:
    """Ask which step of an activity is to be opened again."""
    return Text(
        f"{number_label(duties[0].activity.number)} เปิดใหม่ขั้นใด",
        choices=tuple(_write(duty, reason, data) for duty in duties[:13]),
    )


def _write(duty: DutyFacts, reason: str, data: ActData) -> Press:
    words = f"เปิดใหม่ {duty_label(duty)} {agency_label(duty.agency)} {reason}".rstrip()
    return Press(
        shorten(f"เปิดใหม่ {duty_label(duty)}", 20),
        data(ActTap.REOPEN, duty),
        shown=shorten(words, LONGEST_FILL_IN),
        fill_in=shorten(words, LONGEST_FILL_IN - 1) + " ",
    )


def _row(duty: DutyFacts, data: ActData) -> Row:
    label, agency = duty_label(duty), agency_label(duty.agency)
    detail = " · ".join(each for each in (state_label(duty), given(duty, with_link=True)) if each)
    words = f"สอบทาน {label} {agency}"
    return Row(
        heading=f"{agency} · {duty_line(duty)}",
        detail=detail,
        buttons=(Press("สอบทาน", data(ActTap.REVIEW, duty), shown=shorten(words, 300)),),
    )
