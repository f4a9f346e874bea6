"""Wording of one-time codes: what a coordinator passes on, and the list that is printed."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from messages_th.answers import district_label
from messages_th.cards import LONGEST_LABEL
from messages_th.dates import format_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Open, Say, Text
from messages_th.phrases import ROLES, agency_label, shorten
from store.types import Agency, Role

IN_PRIVATE = Text("การออกรหัสและรับผู้ขอเข้าร่วมทำได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงยังไม่ได้ทำ")
HOW = Text(
    "พิมพ์ “ออกรหัส อบต.แม่แรม” สำหรับเจ้าหน้าที่ “ออกรหัสผู้บริหาร อบต.แม่แรม” “ออกรหัสอำเภอ แม่ริม”"
    " หรือ “ออกรหัสทุกหน่วยงาน”",
    choices=(Say("ออกรหัสทุกหน่วยงาน", "ออกรหัสทุกหน่วยงาน"),),
)
EVERYBODY_HAS_ONE = Text(
    "ทุกหน่วยงานมีผู้ลงทะเบียนแล้ว จึงไม่ได้ออกรหัสใหม่ ขอรหัสทีละแห่งได้ เช่น “ออกรหัส อบต.แม่แรม”"
)
LIST_NOT_MADE = Text("ยังทำรายการรหัสไม่ได้ในขณะนี้ กรุณาพิมพ์ “ออกรหัสทุกหน่วยงาน” อีกครั้ง")
FETCH = "เปิดไฟล์รหัส"
HEADERS = ("อำเภอ", "หน่วยงาน", "รหัส", "ลิงก์", "คิวอาร์โค้ด")
"""Of the columns of the list."""
SHEET = "รหัสลงทะเบียน"
SHEET_NOTE = "สแกนคิวอาร์โค้ดด้วยโทรศัพท์ แชตกับบอตจะเปิดพร้อมรหัส แล้วกดส่ง หรือเพิ่มบอตเป็นเพื่อนแล้วพิมพ์รหัส"
"""How the printed list is used."""


def chat_link(bot_id: str, words: str) -> str:
    """Return the link that opens the chat with the bot, these words typed in and not yet sent.

    "" where the bot's own id is not known.  Phones alone follow it (LINE: URL scheme).
    """
    return (
        bot_id and f"https://line.me/R/oaMessage/{quote(bot_id, safe='')}/?{quote(words, safe='')}"
    )


def issued(role: Role, place: str, code: str, last: date, link: str, *, voided: bool) -> Text:
    """Give a coordinator a code for a place, good until the end of that day, to be passed on."""
    lines = [
        f"รหัส{ROLES[role]}ของ {place}: {code}",
        f"ใช้ได้ครั้งเดียวถึง {format_day(last)} ส่งต่อให้เจ้าตัวโดยตรง อย่าพิมพ์ในกลุ่ม",
    ]
    if link:
        lines.append(f"หรือส่งลิงก์นี้ แตะแล้วกดส่ง: {link}")
    if voided:
        lines.append("รหัสเก่าสุดที่ยังไม่ได้ใช้ถูกยกเลิก เพราะมีได้ไม่เกิน ๕ รหัส")
    return Text("\n".join(lines))


def which_agency(text: str, role: Role, found: Sequence[Agency]) -> Text:
    """Ask for which agency a code is meant; none is issued before."""
    if not found:
        return Text(f"ไม่พบหน่วยงาน “{shorten(text)}” ในจังหวัด จึงไม่ได้ออกรหัส โปรดตรวจชื่อแล้วพิมพ์อีกครั้ง")
    verb = "ออกรหัสผู้บริหาร" if role is Role.EXECUTIVE else "ออกรหัส"
    return Text(
        f"“{shorten(text)}” หมายถึงหน่วยงานใด ยังไม่ได้ออกรหัส",
        choices=tuple(
            Say(shorten(agency_label(each), LONGEST_LABEL), f"{verb} {with_district(each)}")
            for each in found
        ),
    )


def with_district(agency: Agency) -> str:
    """Return an agency's name with its district behind it: "อบต.แม่แรม อ.แม่ริม"."""
    district = f" {district_label(agency.district)}" if agency.district else ""
    return agency_label(agency) + district


def listed(count: int, last: date, button: Open) -> Text:
    """Give a coordinator the list of codes, to be fetched by a button."""
    return Text(
        f"ออกรหัสเจ้าหน้าที่ให้ {to_thai_digits(count)} หน่วยงานที่ยังไม่มีผู้ลงทะเบียนแล้ว"
        f" ใช้ได้ครั้งเดียวถึง {format_day(last)}\n"
        "แตะปุ่มเพื่อเปิดไฟล์ภายใน ๑๐ นาที พิมพ์แล้วแจกแห่งละแถว อย่าส่งทั้งไฟล์ในกลุ่ม"
        " รหัสเก่าสุดของแต่ละแห่งถูกยกเลิกเมื่อเกิน ๕ รหัส",
        choices=(button,),
    )


def sheet_title(province: str, role: Role, last: date) -> str:
    """Return what stands above the list that is printed."""
    return (
        f"รหัสลงทะเบียน{ROLES[role]} บอตติดตามงาน ITA จังหวัด{province}"
        f" (ใช้ได้ครั้งเดียวถึง {format_day(last)})"
    )
