"""Wording of what happens to drafts of plans: why an edit or a confirmation was refused.  Pure."""

from enum import StrEnum

from messages_th.phrases import number_label
from messages_th.plan_problems import doubt as question
from store.types import Doubt


class EditProblem(StrEnum):
    """Why an edit of a draft was refused."""

    NO_SUCH_NUMBER = "no_such_number"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_TAKEN = "number_taken"
    TITLE_EMPTY = "title_empty"
    WINDOW_REFUSED = "window_refused"
    RESPONSIBLE_REFUSED = "responsible_refused"
    STEPS_REFUSED = "steps_refused"


class NotInForce(StrEnum):
    """Why a draft was not put in force; nothing has changed."""

    CLOSED = "closed"
    """It was confirmed, cancelled or superseded before."""
    UNANSWERED = "unanswered"
    CHANGED_SINCE = "changed_since"
    """Another version came into force since it was made: it has to be made anew."""
    EMPTY = "empty"
    """It has no activity left."""


class NoDraft(StrEnum):
    """Why there is nothing that a draft could be made of."""

    NO_PLAN = "no_plan"
    NO_PLAN_TO_COPY = "no_plan_to_copy"
    NO_EARLIER_VERSION = "no_earlier_version"


_EDITS: dict[EditProblem, str] = {
    EditProblem.NUMBER_UNREADABLE: "“{}” ไม่ใช่เลขข้อ กรุณาพิมพ์เป็นตัวเลข เช่น ๘ หรือ ๗.๑",
    EditProblem.TITLE_EMPTY: "ยังไม่มีชื่อกิจกรรม กรุณาพิมพ์ชื่อที่ถูกต้อง",
    EditProblem.RESPONSIBLE_REFUSED: (
        "ยังไม่ทราบว่า “{}” หมายถึงหน่วยงานใด กรุณาพิมพ์ชื่อหน่วยงานเต็ม หรือ “อปท. ทุกแห่ง”"
        " “ส่วนราชการประจำจังหวัด” “สนจ.” “สถจ.” คั่นด้วยเครื่องหมายจุลภาค"
    ),
    EditProblem.STEPS_REFUSED: (
        "อ่านขั้นตอน “{}” ไม่ออก กรุณาพิมพ์ขั้นตอนละบรรทัด ลงท้ายด้วยผู้ปฏิบัติในวงเล็บเหลี่ยม"
        " เช่น [ผู้ดูแลระบบ] [ผู้บริหาร] [หน่วยงาน] [หน่วยงานภายนอก]"
    ),
}
_NOT_IN_FORCE: dict[NotInForce, str] = {
    NotInForce.CLOSED: "ร่างนี้ปิดไปแล้ว แผนที่ใช้อยู่ไม่เปลี่ยน หากต้องการแก้ไข กรุณาส่งแผนใหม่อีกครั้ง",
    NotInForce.UNANSWERED: "ยังมีข้อสงสัยที่ไม่ได้ตอบ กรุณาตอบให้ครบก่อนยืนยัน แผนที่ใช้อยู่ยังไม่เปลี่ยน",
    NotInForce.CHANGED_SINCE: (
        "มีผู้ปรับแผนหลังจากทำร่างนี้ จึงยังไม่ได้ประกาศใช้ กรุณาส่งแผนหรือสั่งเลื่อนอีกครั้งเพื่อดูผลล่าสุดก่อนยืนยัน"
    ),
    NotInForce.EMPTY: "ร่างนี้ไม่มีกิจกรรมเหลืออยู่ จึงไม่ได้ประกาศใช้ กรุณาส่งแผนที่มีกิจกรรม",
}
_NO_DRAFT: dict[NoDraft, str] = {
    NoDraft.NO_PLAN: "ยังไม่มีแผนของปีงบประมาณนั้น กรุณาส่งไฟล์แผนก่อน",
    NoDraft.NO_PLAN_TO_COPY: "ยังไม่มีแผนของปีต้นทางให้คัดลอก กรุณาส่งไฟล์แผนของปีนั้นก่อน",
    NoDraft.NO_EARLIER_VERSION: "แผนนี้ยังไม่เคยเปลี่ยน จึงไม่มีสิ่งที่จะย้อนกลับ",
}


def edit_refused(problem: EditProblem, text: str, doubt: Doubt | None = None) -> str:
    """Say why a change to a draft was not made, and what would be taken."""
    if problem is EditProblem.NO_SUCH_NUMBER:
        return f"ไม่มี{number_label(text)} ในแผน กรุณาตรวจเลขข้อ"
    if problem is EditProblem.NUMBER_TAKEN:
        return f"มี{number_label(text)} อยู่แล้ว กรุณาเลือกเลขอื่น"
    if doubt is not None:
        return f"{question(doubt)} กรุณาพิมพ์เช่น “๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗”"
    return _EDITS[problem].format(text)


def not_in_force(why: NotInForce) -> str:
    """Say why a draft was not put in force, and what to do."""
    return _NOT_IN_FORCE[why]


def no_draft(why: NoDraft) -> str:
    """Say why there is nothing to change or to take back."""
    return _NO_DRAFT[why]
