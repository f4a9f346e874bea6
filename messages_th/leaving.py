"""Wording of handing over, leaving and being relieved of a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages_th.answers import GIVE_NAME, post_label, province_label
from messages_th.cards import ASK_STATUS, ASK_WEEK, LONGEST_LABEL
from messages_th.dates import format_day, format_short_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import ROLES, shorten
from store.types import HeldPost, Role

HAND_OVER, LEAVE, RELIEVE = "ส่งมอบงาน", "ออกจากหน้าที่", "พ้นหน้าที่"
CONFIRM = "ยืนยัน"
PROVINCE = "ระดับจังหวัด"
MOST_CHOICES = 12
"""Posts of one question: LINE shows thirteen quick replies."""
IN_PRIVATE = Text("เรื่องนี้ทำในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงยังไม่มีอะไรเปลี่ยน")
OWN_CODE = Text("รหัสนี้เป็นของหน้าที่ที่ท่านถืออยู่ ส่งให้ผู้รับช่วงพิมพ์ในแชตส่วนตัวกับบอต รหัสยังใช้ได้")
NO_POST = Text("หน้าที่นี้สิ้นสุดหรือเปลี่ยนมือไปแล้ว จึงไม่ได้ทำอะไร พิมพ์คำสั่งอีกครั้งเพื่อดูที่มีอยู่")
WHOSE_MISSING = Text("โปรดระบุหน่วยงานหรืออำเภอ เช่น “พ้นหน้าที่ อบต.แม่แรม”")


@dataclass(frozen=True, slots=True)
class Holder:
    """A post as it is offered: where it is, who holds it, and whether that is who asks."""

    held: HeldPost
    place: str
    since: date
    """Bangkok date."""
    is_own: bool

    @property
    def post(self) -> str:
        """What the post is: "ผู้รับผิดชอบของ ทต.แม่แรม"."""
        return post_label(self.held.post.role, self.place)

    @property
    def who(self) -> str:
        """The name that was given, else since when the person is registered."""
        return self.held.display_name or f"ลงทะเบียนเมื่อ {format_day(self.since)}"

    @property
    def person(self) -> str:
        """Who holds the post, within a sentence."""
        return self.held.display_name or f"ผู้ที่{self.who}"

    @property
    def row(self) -> str:
        """How the post is named in a command ("รายการ ๑๒")."""
        return f"รายการ {to_thai_digits(self.held.post_id)}"


def handover_code(holder: Holder, code: str, last: date) -> Text:
    """Give the code that hands the post over, good until the end of that day."""
    stays = "ท่านจะไม่ได้รับข้อความของหน้าที่นี้อีก" if holder.is_own else "ผู้ถือหน้าที่เดิมจะพ้นหน้าที่"
    return Text(
        f"รหัสส่งมอบงาน {code} ใช้ได้ครั้งเดียวถึง {format_day(last)}\n"
        f"สำหรับ{holder.post}{'' if holder.is_own else f' ({holder.who})'}\n"
        f"ส่งรหัสนี้ให้ผู้รับช่วงพิมพ์ในแชตส่วนตัวกับบอต ทันทีที่ใช้รหัส งานและการแจ้งเตือนเป็นของผู้รับช่วง และ{stays}"
    )


def taken_over(role: Role, place: str, *, asks_name: bool) -> Text:
    """Say what the successor answers for from now on; who has given no name is asked for one."""
    text = f"✅ รับมอบงานแล้ว: {post_label(role, place)}"
    return Text(f"{text}\n{GIVE_NAME}" if asks_name else text, choices=(ASK_WEEK, ASK_STATUS))


def which(command: str, holders: Sequence[Holder]) -> Text:
    """Ask which post is meant, each with a button and with what can be typed instead."""
    shown = holders[:MOST_CHOICES]
    lines = [f"• {each.row}: {each.post}{_who(each)}" for each in shown]
    left = len(holders) - len(shown)
    if left:
        lines.append(f"และอีก {to_thai_digits(left)} รายการ")
    question = f"“{command}” หมายถึงหน้าที่ใด แตะปุ่ม หรือพิมพ์ “{command} {shown[0].row}”"
    choices = tuple(
        Say(shorten(label, LONGEST_LABEL), f"{command} {each.row}")
        for each, label in zip(shown, _labels(shown), strict=True)
    )
    return Text("\n".join([question, *lines]), choices=choices)


def which_agency(command: str, text: str, names: Sequence[str]) -> Text:
    """Ask which agency a name means, to whom the command is to apply."""
    if not names:
        return Text(f"ไม่พบ “{shorten(text)}” ในพื้นที่ของท่าน")
    return Text(
        f"“{shorten(text)}” หมายถึงหน่วยงานใด",
        choices=tuple(Say(shorten(name, LONGEST_LABEL), f"{command} {name}") for name in names),
    )


def nobody(place: str) -> Text:
    """Say that nobody holds a post there."""
    return Text(f"ยังไม่มีผู้ลงทะเบียนของ {shorten(place)}")


def confirm_leaving(holder: Holder) -> Text:
    """Ask whether somebody really wants to leave a post."""
    typed = f"{CONFIRM}{LEAVE} {holder.row}"
    return Text(
        f"ท่านจะพ้นจากการเป็น{holder.post} และไม่ได้รับข้อความของหน้าที่นี้อีก รายงานที่ทำไว้ยังอยู่กับหน่วยงาน\n"
        f"หากมีผู้รับช่วง พิมพ์ “{HAND_OVER}” แทน หากออกจริง แตะยืนยัน หรือพิมพ์ “{typed}”",
        choices=(Say(CONFIRM, typed), Say(HAND_OVER, f"{HAND_OVER} {holder.row}")),
    )


def confirm_relieving(holder: Holder) -> Text:
    """Ask whether a person shall really be relieved of a post."""
    typed = f"{CONFIRM}{RELIEVE} {holder.row}"
    return Text(
        f"ให้ {holder.person} พ้นจากการเป็น{holder.post} และไม่ได้รับข้อความของหน้าที่นี้อีก\n"
        f"แตะยืนยัน หรือพิมพ์ “{typed}”",
        choices=(Say(CONFIRM, typed), Say(HAND_OVER, f"{HAND_OVER} {holder.row}")),
    )


def left(holder: Holder) -> Text:
    """Say that a post has ended, of the asker's or of somebody else."""
    if holder.is_own:
        return Text(f"✅ ท่านพ้นจากการเป็น{holder.post}แล้ว")
    return Text(f"✅ {holder.person} พ้นจากการเป็น{holder.post}แล้ว")


def last_coordinator(province: str, *, is_own: bool) -> Text:
    """Say that a province is not left without anybody who coordinates it."""
    who = "ท่าน" if is_own else "ผู้นี้"
    return Text(
        f"{who}เป็นผู้ประสานงานคนเดียวของ{province_label(province)} จึงยังพ้นหน้าที่ไม่ได้"
        f" พิมพ์ “{HAND_OVER}” เพื่อส่งต่อให้ผู้รับช่วงก่อน",
        choices=(Say(HAND_OVER, HAND_OVER),),
    )


def _who(holder: Holder) -> str:
    return " (ท่าน)" if holder.is_own else f" ({holder.who})"


def _labels(holders: Sequence[Holder]) -> list[str]:
    """Return in few letters what tells the posts apart: place, or role, or holder."""
    if len({each.place for each in holders}) == len(holders):
        return [each.place for each in holders]
    if len({each.post for each in holders}) == len(holders):
        return [f"{ROLES[each.held.post.role]} {each.place}" for each in holders]
    names = [_name(each) for each in holders]
    # Of two who gave no name and came on one day, only the number tells which is which.
    return names if len(set(names)) == len(names) else [each.row for each in holders]


def _name(holder: Holder) -> str:
    if holder.is_own:
        return "ท่าน"
    return holder.held.display_name or f"ตั้งแต่ {format_short_day(holder.since)}"
