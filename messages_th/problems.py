"""Wording of every refusal: one polite sentence that says what to do."""

from datetime import date

from messages_th.parts import Say, Text
from messages_th.phrases import REVIEWED, STATES, agency_label, deadline, duty_label, number_label
from store.types import Agency, DraftState, DutyFacts

NOT_REGISTERED = Text(
    "ท่านยังไม่ได้ลงทะเบียนกับบอต ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
    " หรือพิมพ์ชื่อหน่วยงานของท่านในแชตนั้นเพื่อขอเข้าร่วม"
)
NOT_REGISTERED_HERE = Text(
    "ท่านยังไม่ได้ลงทะเบียนกับจังหวัดของกลุ่มนี้ ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
)
SENDER_UNKNOWN = Text("LINE ไม่ได้แจ้งว่าผู้ใดส่ง กรุณาพิมพ์ในแชตส่วนตัวกับบอต")
GROUP_UNBOUND = Text("กลุ่มนี้ยังไม่ได้ผูกกับจังหวัด ให้ผู้ประสานงานจังหวัดพิมพ์ “ผูกกลุ่ม” ตามด้วยรหัสกลุ่ม")
GROUP_OF_ANOTHER = Text("กลุ่มนี้ผูกกับจังหวัดอื่นอยู่แล้ว นำบอตออกจากกลุ่มแล้วเชิญใหม่ก่อนผูกกับจังหวัดนี้")
BUTTON_STALE = Text(
    "ข้อมูลเปลี่ยนแล้ว ปุ่มนี้ใช้ไม่ได้ แตะเพื่อดูรายการปัจจุบัน",
    choices=(Say("สัปดาห์นี้", "สัปดาห์นี้มีอะไรต้องส่ง"),),
)
CODE_UNKNOWN = Text("รหัสนี้ใช้ไม่ได้ อาจพิมพ์ผิด ใช้ไปแล้ว หรือหมดอายุ ตรวจอีกครั้งหรือขอรหัสใหม่จากผู้ประสานงานจังหวัด")
CODES_TRIED_TOO_OFTEN = Text(
    "มีการลองรหัสหลายครั้งเกินไป จึงยังไม่ได้ตรวจรหัสนี้ กรุณารอ ๑ ชั่วโมงแล้วพิมพ์อีกครั้ง หรือสอบถามผู้ประสานงานจังหวัด"
)
CODE_MISSING = Text("พิมพ์ “ลงทะเบียน” ตามด้วยรหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด")
CODE_FOR_GROUP = Text("รหัสนี้ใช้ผูกกลุ่ม ให้ผู้ประสานงานจังหวัดพิมพ์ในกลุ่มคณะทำงาน")
CODE_NOT_FOR_GROUP = Text(
    "ผู้อื่นในกลุ่มเห็นรหัสนี้แล้ว บอตจึงยกเลิกรหัสนี้เพื่อความปลอดภัย"
    " โปรดขอรหัสใหม่จากผู้ประสานงานจังหวัด แล้วพิมพ์ในแชตส่วนตัวกับบอต"
)
GROUP_LEFT_SINCE = Text(
    "บอตออกจากกลุ่มหรือเข้ากลุ่มใหม่หลังข้อความนี้ จึงยังไม่ได้ผูกกลุ่ม พิมพ์ “ลงทะเบียน” ในแชตส่วนตัวกับบอตเพื่อรับรหัสกลุ่มใหม่"
)
ONLY_COORDINATOR = Text("คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น")
ONLY_AREA = Text("ข้อมูลนี้สำหรับผู้ประสานงานจังหวัดและอำเภอ พิมพ์ “สถานะ” เพื่อดูของหน่วยงานท่าน")
ONLY_COORDINATOR_PLAN = Text(
    "การส่งหรือเปลี่ยนแผนเป็นหน้าที่ของผู้ประสานงานจังหวัด หากกำหนดการควรเปลี่ยน กรุณาแจ้งผู้ประสานงานจังหวัด"
)
PLAN_IN_PRIVATE = Text("การเปลี่ยนแผนทำได้ในแชตส่วนตัวกับบอตโดยผู้ประสานงานจังหวัด ในกลุ่มนี้จึงยังไม่มีอะไรเปลี่ยน")
PHOTO_OF_PLAN = Text(
    "บอตอ่านแผนจากรูปภาพไม่ได้ กรุณาส่งเป็นไฟล์ Word (.docx), Excel (.xlsx, .xls, .ods), .csv"
    " หรือคัดลอกตารางมาวางเป็นข้อความ"
)
NO_DRAFT = Text(
    "ไม่มีร่างแผนที่รอยืนยัน ส่งไฟล์แผน วางตารางเป็นข้อความ หรือพิมพ์เช่น"
    " “เลื่อนข้อ ๑๗ เป็น ๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗”"
)
DRAFT_CHANGED = Text("ร่างนี้เปลี่ยนไปหลังจากปุ่มนั้นแสดง จึงยังไม่ได้ทำตามปุ่ม กรุณาดูร่างล่าสุด")
DRAFT_CLOSED = {
    DraftState.CONFIRMED: Text("ร่างนี้ประกาศใช้ไปแล้ว จึงไม่ได้ทำซ้ำ พิมพ์ “ย้อนแผน” หากต้องการแผนก่อนหน้า"),
    DraftState.CANCELLED: Text("ยกเลิกร่างแล้ว แผนที่ใช้อยู่ไม่เปลี่ยน"),
    DraftState.SUPERSEDED: Text("ร่างนี้ถูกแทนที่ด้วยร่างที่ใหม่กว่าแล้ว ปุ่มนี้จึงใช้ไม่ได้"),
}
"""By how a draft ended: what is said to who taps a button of it."""
NO_AGENCY = Text("ท่านยังไม่มีหน่วยงานในระบบ ติดต่อผู้ประสานงานจังหวัด")
ONLY_SEES_AREA = Text(
    "ท่านไม่มีรายการที่ต้องรายงานเอง พิมพ์ “ภาพรวม” เพื่อดูหน่วยงานในพื้นที่ของท่าน",
    choices=(Say("ภาพรวม", "ภาพรวม"),),
)
AGENCY_MISSING = Text("โปรดระบุหน่วยงานที่ท่านรายงานแทน เช่น “เสร็จ ๑๑ อบต.แม่แรม”")
ONLY_OFFICERS_REPORT = Text("ผู้รับผิดชอบของหน่วยงานเป็นผู้รายงาน บทบาทของท่านในบอตรายงานไม่ได้ จึงไม่ได้บันทึก")
FIGURE_UNREADABLE = Text(
    "อ่านตัวเลขที่รายงานไม่ได้ จึงไม่ได้บันทึก โปรดพิมพ์เช่น “เสร็จ ๑๑ จำนวน ๔๕ ชุด” (ไม่เกิน ๙ หลัก)"
)
LINK_REFUSED = Text(
    "ลิงก์นี้ใช้ไม่ได้ จึงไม่ได้บันทึก โปรดส่งลิงก์เดียวที่เปิดได้จากอินเทอร์เน็ต ขึ้นต้นด้วย https:// ไม่เกิน ๕๐๐ ตัวอักษร"
)
ONE_AT_A_TIME = Text("ตัวเลขหรือลิงก์ใช้ได้ครั้งละหนึ่งข้อ จึงไม่ได้บันทึก โปรดพิมพ์ทีละข้อ เช่น “เสร็จ ๑๑ จำนวน ๔๕ ชุด”")
TEXT_TOO_LONG = Text("ข้อความยาวเกิน ๑,๐๐๐ ตัวอักษร บอตจึงไม่ได้ดำเนินการ โปรดย่อแล้วพิมพ์อีกครั้ง")
"""As `messages_th.words.LONGEST`."""
NUMBER_MISSING = Text("โปรดระบุข้อ เช่น “เสร็จ ๑๑” หรือ “เสร็จ ๓,๕”")


def other_agency(agency: Agency) -> Text:
    """Say that a button belongs to another agency, and how to report for one's own."""
    return Text(
        f"ปุ่มนี้เป็นของ {agency_label(agency)} จึงไม่ได้บันทึก รายงานของหน่วยงานท่านโดยพิมพ์ “เสร็จ” ตามด้วยเลขข้อ"
    )


def changed_since(duty: DutyFacts, today: date) -> Text:
    """Say that the plan changed after the button was made, and how the duty stands."""
    return Text(
        f"ข้อมูลเปลี่ยนแล้ว จึงยังไม่บันทึก {duty_label(duty)}:"
        f" {deadline(duty.activity.window, today)} · {STATES[duty.state]}"
        f" หากยังต้องการรายงาน พิมพ์ “เสร็จ {number_label(duty.activity.number)}”"
    )


def already_so(duty: DutyFacts) -> str:
    """Say that nothing had to be recorded, as the duty stands so already."""
    is_locked = f" · {REVIEWED}" if duty.is_reviewed else ""
    return f"{agency_label(duty.agency)} {duty_label(duty)} แจ้ง{STATES[duty.state]}ไว้แล้ว{is_locked}"


def locked(duty: DutyFacts, *, may_reopen: bool) -> str:
    """Say that what was reviewed stays as it is, and who opens it again how."""
    label, agency = duty_label(duty), agency_label(duty.agency)
    what_to_do = (
        f"หากต้องเปิดใหม่ พิมพ์ในแชตส่วนตัว “เปิดใหม่ {label} {agency}” ตามด้วยเหตุผล"
        if may_reopen
        else "หากต้องแก้ โปรดแจ้งผู้ประสานงานจังหวัดให้เปิดใหม่"
    )
    return f"{agency} {label} {REVIEWED} จึงไม่ได้เปลี่ยน {what_to_do}"


def must_be_done(duty: DutyFacts) -> str:
    """Say that an activity is asked of all, and what to do where it cannot be done."""
    label = duty_label(duty)
    return f"{label} ทุกหน่วยงานต้องดำเนินการ จึงไม่ได้บันทึก หากมีอุปสรรค พิมพ์ “ติดปัญหา {label}” ตามด้วยเหตุผล"


def nothing_to_undo(duty: DutyFacts) -> str:
    """Say that there is no report to take back."""
    return f"{agency_label(duty.agency)} {duty_label(duty)} ยังไม่มีรายงานให้ยกเลิก"


def too_late_to_undo(duty: DutyFacts) -> str:
    """Say that the time to take a report back is over, and who can still help."""
    return f"{duty_label(duty)} แจ้งไว้เกิน ๒๔ ชั่วโมงแล้ว ขอให้ผู้ประสานงานจังหวัดยกเลิกให้"


def district_unknown(name: str) -> Text:
    """Say that a district is none of those that the asker may see."""
    return Text(f"ไม่พบอำเภอ “{name}” ในพื้นที่ของท่าน")


def no_such_number(number: str) -> str:
    """Say that the plan has no such activity."""
    return f"ไม่พบ{number_label(number)} ในแผน พิมพ์ “สถานะ” เพื่อดูข้อของหน่วยงานท่าน"


def not_your_number(number: str) -> str:
    """Say that the activity is not one of the sender's agency."""
    return f"{number_label(number)} ไม่ใช่งานของหน่วยงานท่าน จึงไม่ได้บันทึก"


def agency_not_seen(text: str) -> Text:
    """Say that an agency is none that the asker may read of."""
    return Text(f"ไม่พบหน่วยงาน “{text}” ในพื้นที่ของท่าน")


def agency_not_yours(text: str) -> Text:
    """Say that a report for that agency was not recorded."""
    return Text(f"“{text}” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก")
