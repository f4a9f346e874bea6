"""What the people of the demonstration say, and what its transcript is told with.

The persons are invented; the agencies and the plan are those of public documents.
"""

from datetime import datetime

from messages_th.dates import format_short_day
from messages_th.digits import to_thai_digits

PROVINCE = "เชียงใหม่"
GROUP = "คณะทำงาน ITA จังหวัดเชียงใหม่"
COORDINATOR = "นก (สนจ.เชียงใหม่)"
OFFICERS = {
    "แก้ว (ทต.แม่แรม)": "เทศบาลตำบลแม่แรม",
    "ก้อง (อบต.ดอนแก้ว)": "องค์การบริหารส่วนตำบลดอนแก้ว",
    "ฟ้า (ทม.แม่เหียะ)": "เทศบาลเมืองแม่เหียะ",
}
NEWCOMERS = ("เทศบาลตำบลช้างเผือก", "องค์การบริหารส่วนตำบลสันทราย")
"""Agencies for which nobody has joined when the page opens."""
EARLY, LAST_MINUTE, LATE = OFFICERS
STRANGER = "มานะ (ผู้สังเกตการณ์)"

BIND = "ผูกกลุ่ม"
HAPPY_NEW_YEAR = "สวัสดีปีใหม่ทุกท่านค่ะ ปีนี้ส่งงานครบแน่นอน"
THIS_WEEK = "สัปดาห์นี้มีอะไรต้องส่ง"
STATUS = "สถานะ"
HELP = "ช่วยเหลือ"
DONE_BEFORE = "เสร็จ ๑,๒"
DONE_FIVE = "เสร็จ ๕ ค่ะ"
DONE_BOTH = "เสร็จ 3,5"
DONE_OFFICE = "เสร็จ ๓-๕"
STUCK = "ติดปัญหา ๕ ผู้บริหารลาป่วย ยังไม่มีผู้อนุมัติ"
MOVE_THREE = "ขยายเวลาข้อ ๓ ถึง ๑๕ กุมภาพันธ์ ๒๕๖๗"
CONFIRM = "ยืนยัน"
WHO_IS_LATE = "ใครยังไม่ส่งข้อ ๓"
QUICK_DONE_THREE = "✅ เสร็จ ข้อ ๓"
DONE_BUTTON = "เสร็จ"

ACKNOWLEDGED_FIRST = "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"
TWO_DONE = "๒/๒๑๒"
NOT_YOURS = "ปุ่มนี้เป็นของ ทต.แม่แรม"
NOT_REGISTERED = "ยังไม่ได้ลงทะเบียน"
ALREADY = "แจ้งเสร็จสิ้นไว้แล้ว"
OPEN_NOW = "ถึงเวลาดำเนินการ"
LAST_DAY = "วันนี้วันสุดท้าย"
OVERDUE = "เกินกำหนด"
DIGEST = "📋 สรุป ITA จังหวัดเชียงใหม่"
MOVED = "มกราคม ๒๕๖๗ → ๑ มกราคม – ๑๕ กุมภาพันธ์ ๒๕๖๗"
IN_FORCE = "✅ ประกาศใช้แผน"
CORRECTION = "🔁"
NUMBER_THREE = "ข้อ ๓ "
LATE_AGENCY = "ทม.แม่เหียะ"
EARLY_AGENCY = "ทต.แม่แรม"

PRIVATE = "แชตส่วนตัว"
BOT = "บอต"
BUTTONS = "ปุ่ม"
QUICK_REPLIES = "ตอบด่วน"
TITLES = {
    "invite": "ผู้ประสานงานลงทะเบียน",
    "bind": "เชิญบอตเข้ากลุ่มและผูกกลุ่มกับจังหวัด",
    "join": "เจ้าหน้าที่สามแห่งลงทะเบียนด้วยรหัส",
    "opens": "กิจกรรมข้อ ๓-๕ เปิดให้ดำเนินการ",
    "chatter": "คุยกันในกลุ่ม บอตเงียบ",
    "ask": "ถามในกลุ่ม แล้วรายงานด้วยปุ่มตอบด่วน",
    "others": "ผู้อื่นกดปุ่มของ ทต.แม่แรม และกดซ้ำ",
    "typed": "รายงานด้วยการพิมพ์ สำนักงานจังหวัดรายงานงานของตน",
    "week": "ถามในแชตส่วนตัวว่าสัปดาห์นี้มีอะไรต้องส่ง",
    "last_day": "วันสุดท้าย เตือนเฉพาะผู้ที่ยังไม่รายงาน",
    "report_last": "รายงานทันวันสุดท้าย และแจ้งปัญหา",
    "overdue": "เกินกำหนดหนึ่งวัน",
    "digest": "วันจันทร์ สรุปถึงผู้ประสานงาน",
    "move": "ผู้ประสานงานเลื่อนวัน ยืนยันแล้วผู้ที่เคยได้รับวันเดิมได้รับแจ้งแก้ไขคนละหนึ่งครั้ง",
    "day": "",
}
END = "จบเรื่อง: ทุกข้อตรวจผ่าน"


def moment(local: datetime) -> str:
    """Return "๓ ม.ค. ๖๗ ๐๘:๓๐" for a local time."""
    return f"{format_short_day(local.date())} {to_thai_digits(local.strftime('%H:%M'))} น."


def figures(pushed: int, replied: int, lines: int) -> str:
    """Return how many messages the story took, and how long its transcript is."""
    return f"ข้อความที่คิดเงิน {pushed} · ตอบกลับฟรี {replied} · บทสนทนา {lines} บรรทัด"


def where_to_go(address: str, codes: dict[str, str]) -> str:
    """Return what to do with a running demonstration."""
    lines = [
        f"เปิดหน้านี้ในเบราว์เซอร์: {address}",
        "ทุกคนในเรื่องลงทะเบียนแล้ว เลือกคนและแชต พิมพ์ กดปุ่ม แล้วเลื่อนนาฬิกาในแถบด้านล่าง",
        "รหัสสำหรับผู้มาใหม่:",
        *(f"  {name}: {code}" for name, code in codes.items()),
        "กด Ctrl-C เพื่อจบ",
    ]
    return "\n".join(lines)
