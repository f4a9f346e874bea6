"""Wording of what a province decides for itself."""

from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.review import IN_PRIVATE

__all__ = ["IN_PRIVATE"]

MAY = "ตั้งค่า อนุมัติคนเดียวได้"
MAY_NOT = "ตั้งค่า อนุมัติคนเดียวไม่ได้"


def shown(province: str, *, one_person: bool, number: int | None, changes: bool) -> Text:
    """Return how the setting stands, with what changes it.

    `number` is that of the entry where it was changed just now, None where it was so already.
    """
    state = "ได้" if one_person else "ไม่ได้ (ค่าเริ่มต้น)"
    head = "⚙️ การตั้งค่า"
    if changes:
        head = "⚙️ ตั้งค่าเป็นเช่นนี้อยู่แล้ว" if number is None else "⚙️ เปลี่ยนการตั้งค่าแล้ว"
    receipt = "" if number is None else f"\nเลขที่ {to_thai_digits(number)}"
    other = MAY_NOT if one_person else MAY
    return Text(
        f"{head} จังหวัด{province}\nผู้รายงานที่เป็นผู้บริหารด้วย อนุมัติรายงานของตนเอง: {state}{receipt}",
        choices=(Say("ไม่ให้คนเดียวอนุมัติ" if one_person else "ให้คนเดียวอนุมัติได้", other),),
    )
