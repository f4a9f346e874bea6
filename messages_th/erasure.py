"""Wording of the deletion of somebody's own data (ลบข้อมูลของฉัน)."""

from collections.abc import Sequence

from messages_th.answers import province_label
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from store.types import PersonId

CONFIRM = "ยืนยันลบข้อมูลของฉัน"
IN_PRIVATE = Text("การลบข้อมูลทำในแชตส่วนตัวกับบอต โดยพิมพ์ “ลบข้อมูลของฉัน”")
NOTHING_KEPT = Text("บอตไม่มีข้อมูลของท่านอยู่แล้ว")
ERASED = Text(
    "✅ ลบข้อมูลของท่านแล้ว บอตไม่รู้จักท่านอีกและจะไม่ส่งข้อความถึงท่าน"
    " หากกลับมาปฏิบัติหน้าที่ ให้ลงทะเบียนใหม่ด้วยรหัสจากผู้ประสานงานจังหวัด"
)


def confirm(person: PersonId, alone: Sequence[str]) -> Text:
    """Say what goes and what stays, and ask; `alone` are provinces nobody else coordinates."""
    typed = f"{CONFIRM} รายการ {to_thai_digits(person)}"
    warning = "".join(
        f"\n⚠️ ท่านเป็นผู้ประสานงานคนเดียวของ{province_label(each)}"
        " หากลบแล้วจะไม่มีผู้ประสานงาน ควรพิมพ์ “ส่งมอบงาน” ก่อน"
        for each in alone
    )
    return Text(
        "ลบข้อมูลของท่าน\n"
        "• สิ่งที่ลบ: รหัสผู้ใช้ LINE ชื่อ หน้าที่ทั้งหมด ข้อความที่พิมพ์ เหตุผลที่เขียนในรายงาน และข้อความที่รอส่งถึงท่าน\n"
        "• สิ่งที่คงไว้: ผลรายงานและหลักฐานของหน่วยงาน โดยไม่บอกว่าเป็นของท่าน\n"
        f"ลบแล้วเรียกคืนไม่ได้ แตะยืนยัน หรือพิมพ์ “{typed}”{warning}",
        choices=(Say("ยืนยันลบข้อมูล", typed),),
    )
