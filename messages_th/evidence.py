"""Wording of evidence: how to send it, what was kept, what was refused, and the list of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from messages_th.dates import format_moment
from messages_th.digits import to_thai_digits
from messages_th.parts import Button, Card, Open, Press, Row, Say, Text, Url
from messages_th.phrases import BY_DISTRICT, agency_label, duty_label, number_label, shorten
from messages_th.record import SHORT_DIGEST
from store.types import DutyFacts, DutyId, DutyState, EvidenceKind, KeptEvidence

KINDS = {EvidenceKind.PHOTO: "ภาพ", EvidenceKind.FILE: "ไฟล์", EvidenceKind.LINK: "ลิงก์"}
TYPES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "application/pdf": "PDF",
}
"""Of the media types that are short; an Office file is told by its own word."""
OFFICE = {"word": "Word", "sheet": "Excel", "presentation": "PowerPoint"}
MOST_CHOICES = 13
"""LINE: quick replies of a message."""
LONGEST_WORDS = 300
"""Characters of the text that a tap sends (LINE: message action)."""
LONGEST_URI = 1000
"""LINE: uri action."""

OPEN = "เปิดไฟล์"
HOW = Text("ภาพหรือไฟล์นี้เป็นหลักฐานของข้อใด โปรดพิมพ์ “หลักฐาน” ตามด้วยเลขข้อ เช่น “หลักฐาน ๑๑” แล้วส่งอีกครั้ง")
NUMBER_MISSING = Text("โปรดระบุข้อทีละข้อ เช่น “หลักฐาน ๑๑” แล้วส่งภาพหรือไฟล์ หรือ “หลักฐาน ๑๑” ตามด้วยลิงก์")
SHOW_NUMBER_MISSING = Text("โปรดระบุข้อทีละข้อ เช่น “ดูหลักฐาน ๑๑”")
AGENCY_MISSING = Text("โปรดระบุหน่วยงาน เช่น “ดูหลักฐาน ๑๑ อบต.แม่แรม”")
LINK_REFUSED = Text(
    "ลิงก์นี้ใช้เป็นหลักฐานไม่ได้ จึงไม่ได้บันทึก โปรดส่งลิงก์ที่เปิดจากอินเทอร์เน็ตได้"
    " ขึ้นต้นด้วย https:// ยาวไม่เกิน ๕๐๐ ตัวอักษร"
)
SHOWN_IN_PRIVATE = Text("ดูหลักฐานได้ในแชตส่วนตัวกับบอต")
RULE_IN_PRIVATE = Text("กำหนดว่าข้อใดต้องมีหลักฐานได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงไม่ได้เปลี่ยน")

UNKNOWN_TYPE = Text(
    "รับเป็นหลักฐานได้เฉพาะภาพ (JPEG, PNG, WebP, HEIC), PDF, Word, Excel และ PowerPoint จึงไม่ได้เก็บไฟล์นี้"
)
MISNAMED = Text("ชนิดของไฟล์ไม่ตรงกับนามสกุลในชื่อไฟล์ จึงไม่ได้เก็บไฟล์นี้ โปรดบันทึกใหม่ด้วยโปรแกรมที่สร้างแล้วส่งอีกครั้ง")
TOO_LARGE = Text("ไฟล์นี้ใหญ่เกิน ๑๐ MB จึงไม่ได้เก็บ โปรดลดขนาดแล้วส่งอีกครั้ง หรือส่งเป็นลิงก์")
GONE = Text("LINE ไม่มีไฟล์นี้แล้ว จึงไม่ได้เก็บ โปรดส่งอีกครั้ง")
NOT_FETCHED = Text("ยังรับไฟล์นี้จาก LINE ไม่ได้ จึงไม่ได้เก็บ โปรดส่งอีกครั้ง")


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence with what opens it, and its time in Bangkok."""

    evidence: KeptEvidence
    at: datetime
    duty: DutyFacts
    button: Open | None


def kept(duty: DutyFacts, kind: EvidenceKind, count: int, *, on_behalf: bool) -> str:
    """Return the one line that says what was kept, and how much the duty has now."""
    return (
        f"📎 {agency_label(duty.agency)} {duty_label(duty)} รับหลักฐาน ({KINDS[kind]}) แล้ว"
        f" รวม {pieces(count)}"
    ) + (f" {BY_DISTRICT}" if on_behalf else "")


def pieces(count: int) -> str:
    """Return "๒ รายการ"."""
    return f"{to_thai_digits(count)} รายการ"


def already_kept(duty: DutyFacts) -> Text:
    """Say that this very message is evidence of the duty already."""
    return Text(f"{agency_label(duty.agency)} {duty_label(duty)} มีหลักฐานนี้แล้ว")


def has_enough(duty: DutyFacts, most: int) -> Text:
    """Say that a duty takes no more evidence."""
    return Text(
        f"{agency_label(duty.agency)} {duty_label(duty)} มีหลักฐาน {pieces(most)}แล้ว จึงไม่ได้เก็บเพิ่ม"
        " หากต้องการเปลี่ยน โปรดยกเลิกการส่งข้อความเดิมใน LINE ก่อน"
    )


def send_it(duty: DutyFacts, *, in_group: bool) -> Text:
    """Ask for the photo or file of a duty."""
    where = " ในแชตส่วนตัวกับบอต" if in_group else ""
    return Text(
        f"โปรดส่งภาพหรือไฟล์หลักฐานของ {agency_label(duty.agency)} {duty_label(duty)}{where}"
        " ภายใน ๓๐ นาที (ไม่เกิน ๑๐ MB)"
    )


def needed_first(duty: DutyFacts, *, in_group: bool) -> str:
    """Say that a duty is done only with evidence, and that sending it makes it done."""
    where = "ในแชตส่วนตัวกับบอต" if in_group else "ในแชตนี้"
    return (
        f"{agency_label(duty.agency)} {duty_label(duty)} ต้องมีหลักฐาน จึงยังไม่บันทึกว่าเสร็จ"
        f" โปรดส่งภาพหรือไฟล์{where}ภายใน ๓๐ นาที หรือพิมพ์ “หลักฐาน {_number(duty)}” ตามด้วยลิงก์"
    )


def ask_which(duties: Sequence[DutyFacts], data: Callable[[DutyFacts], str]) -> Text:
    """Ask of which duty a photo or file is evidence; it is fetched when that is told."""
    choices: list[Button] = [
        Press(_label(duty, duties), data(duty), shown=f"หลักฐาน {_named(duty)}")
        for duty in duties[:MOST_CHOICES]
    ]
    return Text("ภาพหรือไฟล์นี้เป็นหลักฐานของรายการใด", choices=tuple(choices))


def ask_which_typed(duties: Sequence[DutyFacts], link: str) -> Text:
    """Ask which of several duties of a number was meant; a tap says it in words."""
    choices: list[Button] = [
        Say(_label(duty, duties), words)
        for duty in duties[:MOST_CHOICES]
        if len(words := f"หลักฐาน {_named(duty)} {link}".strip()) <= LONGEST_WORDS
    ]
    number = number_label(duties[0].activity.number)
    return Text(
        f"{number} ท่านหมายถึงรายการใด โปรดพิมพ์เช่น “หลักฐาน {_named(duties[0])}”",
        choices=tuple(choices),
    )


def title(duties: Sequence[DutyFacts]) -> str:
    """Return the head of the list of evidence of an activity."""
    return f"📎 หลักฐาน {agency_label(duties[0].agency)} {number_label(duties[0].activity.number)}"


def nothing(duties: Sequence[DutyFacts]) -> Text:
    """Say that there is no evidence yet."""
    return Text(f"{title(duties)}: ยังไม่มี")


def shown(duties: Sequence[DutyFacts], rows: Sequence[Shown], total: int) -> Card:
    """Return the list of evidence, the newest first, each with its button."""
    newest = f"แสดงล่าสุด {pieces(len(rows))} จาก {pieces(total)}"
    heading = f"{title(duties)} {pieces(total)}"
    return Card(
        alt=shorten(heading, 300),
        title=heading,
        rows=tuple(_row(each) for each in rows),
        note="ปุ่มเปิดใช้ได้ ๑๐ นาที" if len(rows) == total else newest,
    )


def rule_set(number: str, step: int | None, *, is_needed: bool) -> str:
    """Return the line that says from now on evidence is needed, or is not."""
    steps = "" if step is None else f" ขั้นที่ {to_thai_digits(step)}"
    if is_needed:
        return f"✅ {number_label(number)}{steps} ต้องมีหลักฐานก่อนรายงานเสร็จ ที่เสร็จแล้วไม่เปลี่ยน"
    return f"✅ {number_label(number)}{steps} ไม่ต้องมีหลักฐาน"


def rule_was_so(number: str, *, is_needed: bool) -> Text:
    """Say that nothing had to be changed."""
    return Text(f"{number_label(number)} กำหนดไว้แล้วว่า{'' if is_needed else 'ไม่'}ต้องมีหลักฐาน")


def on_status(duties: Sequence[DutyFacts], found: Mapping[DutyId, int]) -> list[str]:
    """Return the lines of a status: how much evidence there is, and of what it is missing."""
    count = sum(found.get(duty.duty_id, 0) for duty in duties)
    missing = [
        duty
        for duty in duties
        if duty.needs_evidence
        and duty.state in (DutyState.REPORTED, DutyState.DONE)
        and not (duty.link or found.get(duty.duty_id))
    ]
    lines = [f"หลักฐาน {pieces(count)}"] if count else []
    if missing:
        lines.append(f"ขาดหลักฐาน: {', '.join(duty_label(duty) for duty in missing)}")
    return lines


def on_card(duty: DutyFacts, count: int) -> str:
    """Return what an executive's card says of a report's evidence, "" where there is none."""
    if count:
        return f"หลักฐาน {pieces(count)}"
    return "ไม่มีหลักฐาน" if duty.needs_evidence and not duty.link else ""


def _row(each: Shown) -> Row:
    evidence = each.evidence
    step = f" {duty_label(each.duty)}" if each.duty.step_count > 1 else ""
    digest = f"ตรา {evidence.sha256[:SHORT_DIGEST]}"
    if evidence.kind is EvidenceKind.LINK:
        uri = quote(evidence.link, safe="%/:?#[]@!$&'()*+,;=~-._")
        return Row(
            heading=f"{KINDS[evidence.kind]}{step}: {evidence.link}",
            detail=f"{format_moment(each.at)} · {digest}",
            buttons=(Url("เปิดลิงก์", uri),) if len(uri) <= LONGEST_URI else (),
        )
    return Row(
        heading=f"{KINDS[evidence.kind]} {_type(evidence.media_type)}{step}",
        detail=f"{format_moment(each.at)} · {_size(evidence.size)} · {digest}",
        buttons=() if each.button is None else (each.button,),
    )


def _type(media_type: str) -> str:
    office = (word for part, word in OFFICE.items() if f".{part}" in media_type)
    return TYPES.get(media_type) or next(office, "")


def _size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{to_thai_digits(max(1, round(size / 1024)))} KB"
    return f"{to_thai_digits(f'{size / 1024 / 1024:.1f}')} MB"


def _label(duty: DutyFacts, duties: Sequence[DutyFacts]) -> str:
    is_one_agency = len({each.agency.agency_id for each in duties}) == 1
    name = duty_label(duty) if is_one_agency else f"{duty_label(duty)} {agency_label(duty.agency)}"
    return shorten(name, 20)


def _named(duty: DutyFacts) -> str:
    return f"{duty_label(duty)} {agency_label(duty.agency)}"


def _number(duty: DutyFacts) -> str:
    return duty_label(duty).removeprefix("ข้อ ")
