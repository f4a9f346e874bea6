"""Wording of asking to join: for who asks, and for the coordinators who decide."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum

from messages_th.answers import WHAT_IS_KEPT, district_label, province_label
from messages_th.cards import ASK_STATUS, ASK_WEEK, LONGEST_LABEL, MOST_ROWS
from messages_th.digits import to_thai_digits
from messages_th.parts import Card, Press, Row, Say, Text
from messages_th.phrases import ROLES, agency_label, shorten
from messages_th.provinces import province as province_named
from messages_th.spelling import one_line
from store.types import Agency, JoinAsked, JoinOutcome, Role

LONGEST_NAME = 80
"""Characters of a name with its position."""
MOST_NAMED = 4
"""Agencies of a like name that are offered, one button each."""

HOW = Text("พิมพ์ “ขอเข้าร่วม” ตามด้วยชื่อหน่วยงาน เช่น “ขอเข้าร่วม อบต.แม่แรม”")
ASK_NAME = "โปรดพิมพ์ชื่อ นามสกุล และตำแหน่งของท่านในข้อความเดียว (ไม่เกิน ๘๐ ตัวอักษร)"
DECIDED = Text("คำขอนี้มีการพิจารณาไปแล้ว จึงไม่ได้เปลี่ยนแปลง")
GONE = Text("ไม่พบคำขอนี้แล้ว ผู้ขออาจลบข้อมูลของตน")
NOBODY_WAITS = Text("ไม่มีผู้ขอเข้าร่วมที่รอพิจารณา")
TOO_OFTEN = Text("มีการค้นชื่อหน่วยงานหลายครั้งเกินไป กรุณารอ ๑ ชั่วโมงแล้วพิมพ์อีกครั้ง หรือสอบถามผู้ประสานงานจังหวัด")
TOO_MANY_OF_PERSON = Text("ท่านมีคำขอที่รอพิจารณา ๓ คำขอแล้ว กรุณารอผู้ประสานงานจังหวัดตอบก่อนขอเพิ่ม")


_PROVINCE_BEHIND = re.compile(r"(?P<rest>.+?)\s+(?:จังหวัด|จ\.)\s*(?P<province>\S+)")


class NameProblem(StrEnum):
    """Why a text is no name."""

    TOO_LONG = "name_too_long"
    NO_LETTERS = "name_without_letters"


def clean_name(text: str) -> str | NameProblem:
    """Return a name and position as they are kept: one line, nothing that cannot be seen.

    Control, zero-width and direction characters go; what looks like markup are letters like any.
    """
    plain = "".join(each for each in one_line(text) if unicodedata.category(each)[0] != "C")
    plain = " ".join(plain.split())
    if len(plain) > LONGEST_NAME:
        return NameProblem.TOO_LONG
    # Letters of other scripts may be as good as unseen (Hangul fillers).
    return plain if re.search("[A-Za-zก-ฮ]", plain) else NameProblem.NO_LETTERS


def without_province(text: str) -> tuple[str, str | None]:
    """Return a name without the province that stands behind it, and that province if one does."""
    found = _PROVINCE_BEHIND.fullmatch(one_line(text))
    name = found and province_named(found["province"])
    return (found["rest"], name) if found and name else (text, None)


NAME_IN_PRIVATE = Text("แจ้งชื่อได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงไม่ได้บันทึก")
NAME_UNREADABLE = Text(
    "อ่านชื่อไม่ได้ จึงไม่ได้บันทึก โปรดพิมพ์ “ชื่อของฉัน” ตามด้วยชื่อ นามสกุล และตำแหน่ง (ไม่เกิน ๘๐ ตัวอักษร)"
)


def name_kept(name: str) -> Text:
    """Say which name is kept, and who sees it."""
    return Text(f"✅ บันทึกชื่อแล้ว: {name} (เห็นเฉพาะผู้ประสานงานจังหวัด)")


def name_refused(problem: NameProblem) -> Text:
    """Say why a text is not taken for a name, and ask again."""
    if problem is NameProblem.TOO_LONG:
        return Text(f"ข้อความยาวเกินไป จึงยังไม่ได้ส่งคำขอ {ASK_NAME}")
    return Text(f"ไม่พบชื่อในข้อความ จึงยังไม่ได้ส่งคำขอ {ASK_NAME}")


def in_full(agency: Agency, province: str) -> str:
    """Return a name that means this agency alone: "อบต.แม่แรม อ.แม่ริม จ.เชียงใหม่"."""
    district = f" {district_label(agency.district)}" if agency.district else ""
    return f"{agency_label(agency)}{district} จ.{province}"


def asks(agency: Agency, role: Role, province: str) -> str:
    """Return the words that ask to join this agency and no other."""
    executive = ROLES[Role.EXECUTIVE] + " " if role is Role.EXECUTIVE else ""
    return f"ขอเข้าร่วม {executive}{in_full(agency, province)}"


def consent(agency: Agency, role: Role, province: str, *, shows_notice: bool) -> Text:
    """Ask whether somebody wants to join an agency; nothing is kept before."""
    notice = f"{WHAT_IS_KEPT}\n" if shows_notice else ""
    return Text(
        f"ท่านต้องการขอเข้าร่วมเป็น{ROLES[role]}ของ {in_full(agency, province)} ใช่หรือไม่\n{notice}"
        "หากใช่และยินยอม แตะปุ่ม หรือพิมพ์รหัสที่ได้จากผู้ประสานงานจังหวัดแทนก็ได้",
        choices=(Say("ยินยอมและขอเข้าร่วม", asks(agency, role, province)),),
    )


def which_agency(text: str, role: Role, found: Sequence[tuple[Agency, str]]) -> Text:
    """Ask which of a few agencies, each with its province, is meant; none is taken."""
    return Text(
        f"“{shorten(text)}” หมายถึงหน่วยงานใด แตะเลือก หรือพิมพ์ชื่อพร้อมอำเภอและจังหวัด",
        choices=tuple(
            Say(_label(agency, province, found), asks(agency, role, province))
            for agency, province in found[:MOST_NAMED]
        ),
    )


def agency_unknown(text: str) -> Text:
    """Say that no agency bears the name."""
    return Text(
        f"ไม่พบหน่วยงาน “{shorten(text)}” ตรวจชื่อแล้วพิมพ์อีกครั้ง เช่น “ขอเข้าร่วม อบต.แม่แรม อ.แม่ริม จ.เชียงใหม่”"
    )


def ask_name(agency: Agency, role: Role) -> Text:
    """Ask for name and position, without which nobody could decide."""
    return Text(f"ขอเข้าร่วมเป็น{ROLES[role]}ของ {agency_label(agency)}\n{ASK_NAME}")


def sent(asked: JoinAsked, name: str, *, coordinators: int) -> Text:
    """Say that a request waits, and for whom."""
    who = (
        "รอผู้ประสานงานจังหวัดพิจารณา บอตจะแจ้งผลในแชตนี้"
        if coordinators
        else "ขณะนี้ยังไม่มีผู้ประสานงานจังหวัดในบอต คำขอจะรอไว้ กรุณาแจ้งสำนักงานจังหวัดด้วย"
    )
    return Text(
        f"ส่งคำขอแล้ว: {name} ขอเป็น{ROLES[asked.role]}ของ {agency_label(asked.agency)}\n{who}"
    )


def waits_already(agency: Agency) -> Text:
    """Say that the same was asked before and is not decided yet."""
    return Text(f"คำขอเข้าร่วม {agency_label(agency)} ของท่านรอผู้ประสานงานจังหวัดพิจารณาอยู่แล้ว")


def has_post(agency: Agency, role: Role) -> Text:
    """Say that somebody asks for what they have."""
    return Text(
        f"ท่านเป็น{ROLES[role]}ของ {agency_label(agency)} อยู่แล้ว", choices=(ASK_WEEK, ASK_STATUS)
    )


def too_many_of_agency(agency: Agency) -> Text:
    """Say that too many wait for an agency already."""
    return Text(
        f"มีผู้ขอเข้าร่วม {agency_label(agency)} รอพิจารณา ๕ คำขอแล้ว"
        " กรุณารอ หรือขอรหัสจากผู้ประสานงานจังหวัดโดยตรง"
    )


def waiting_card(waiting: Sequence[JoinAsked], data: Callable[[JoinAsked, bool], str]) -> Card:
    """Return the card of who asks to join, with both answers beside each."""
    title = f"🙋 ขอเข้าร่วม {to_thai_digits(len(waiting))} คำขอ"
    labels = [f"{each.name} ({agency_label(each.agency)})" for each in waiting]
    left = len(waiting) - MOST_ROWS
    return Card(
        alt=shorten(f"{title}: {', '.join(labels)}", 300),
        title=title,
        rows=tuple(_row(each, data) for each in waiting[:MOST_ROWS]),
        note=f"และอีก {to_thai_digits(left)} คำขอ พิมพ์ “ใครขอเข้าร่วม” เพื่อดูต่อ" if left > 0 else "",
    )


def decided(asked: JoinAsked, outcome: JoinOutcome) -> Text:
    """Tell the coordinator what was decided just now."""
    what = "✅ รับเข้าร่วมแล้ว" if outcome is JoinOutcome.ADMITTED else "ไม่รับคำขอแล้ว"
    return Text(
        f"{what}: {asked.name} {ROLES[asked.role]}ของ {agency_label(asked.agency)} บอตจะแจ้งผู้ขอ"
    )


def outcome(asked: JoinAsked, province: str) -> Text:
    """Tell who asked what the coordinator decided."""
    what = f"{ROLES[asked.role]}ของ {agency_label(asked.agency)}"
    if asked.outcome is JoinOutcome.ADMITTED:
        return Text(f"✅ ลงทะเบียนแล้ว: {what}", choices=(ASK_WEEK, ASK_STATUS))
    return Text(
        f"ผู้ประสานงาน{province_label(province)}ไม่รับคำขอเป็น{what} หากเข้าใจผิดพลาด โปรดติดต่อสำนักงานจังหวัด"
    )


def _label(agency: Agency, province: str, found: Sequence[tuple[Agency, str]]) -> str:
    """Return a short name that tells the agency from the others offered."""
    name = agency_label(agency)
    others = [each for each, _ in found if each != agency and agency_label(each) == name]
    if not others:
        return shorten(name, LONGEST_LABEL)
    is_abroad = all(each.province_id != agency.province_id for each in others)
    area = f"จ.{province}" if is_abroad else district_label(agency.district)
    return shorten(f"{name} {area}", LONGEST_LABEL)


def _row(asked: JoinAsked, data: Callable[[JoinAsked, bool], str]) -> Row:
    return Row(
        heading=asked.name,
        detail=f"ขอเป็น{ROLES[asked.role]}ของ {agency_label(asked.agency)}"
        + (f" {district_label(asked.agency.district)}" if asked.agency.district else ""),
        buttons=(
            Press("รับ", data(asked, True), shown=f"รับ {asked.name}"),  # noqa: FBT003
            Press("ไม่รับ", data(asked, False), shown=f"ไม่รับ {asked.name}"),  # noqa: FBT003
        ),
    )
