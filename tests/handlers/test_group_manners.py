"""In the group: nothing personal is ever said, and who taps amiss hears of it in private."""

from sqlalchemy import update

from handlers.postback import DutyButton, encode
from store.database import transaction
from store.models import PersonRow
from store.types import DutyState
from tests.factories import duty_of, state_of
from tests.stage import GROUP, Stage, plain, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
MENTION = {"mention": {"mentionees": [{"index": 0, "length": 4, "isSelf": True}]}}
LINK = "https://maeraem.go.th/ita"
PERSONAL = (LINK, "ไฟดับ", "เน็ตล่ม", "ใช้เน็ตของอำเภอ", "ตัวเลขไม่ตรง", "ผลเดิมถูกต้อง", "ใจดี")
ASKED = (
    "สถานะ",
    "สถานะ ทต.แม่แรม",
    "รายละเอียด ๓",
    "รายละเอียด ๑๑",
    "งานค้าง",
    "สัปดาห์นี้มีอะไรต้องส่ง",
    "ประวัติ",
    "ประวัติ ทต.แม่แรม",
    "ภาพรวม",
    "ใครยังไม่ส่ง ๕",
    "ติดต่อผู้ประสานงาน",
    "ช่วยเหลือ",
    "ติดปัญหา ๓ ไฟดับ",
    "แก้ตัวเลข ๓ เป็น ๔๘",
    "ยกเลิก ๓",
    "ตั้งค่า อนุมัติคนเดียวได้",
    "ดูหลักฐาน ๓",
    "หลักฐาน ๓",
    "ใครยังไม่ลงทะเบียน",
)
ASKED_BY_MENTION = (
    "ใครติดปัญหา",
    "ตอบ ๑๑ ทต.แม่แรม ลองใหม่",
    "รออนุมัติ",
    "รอสอบทาน ๓",
    "เปิดใหม่ ๓ ทต.แม่แรม",
    "ใครขอเข้าร่วม",
    "ออกรหัส ทต.แม่แรม",
    "ออกรหัสทุกหน่วยงาน",
    "ส่งมอบงาน",
    "ออกจากหน้าที่",
    "พ้นหน้าที่ ทต.แม่แรม",
    "ใครติดต่อไม่ได้",
    "ลบข้อมูลของฉัน",
)
"""What is understood in 1:1 alone, but for a mention."""


def done_button(stage: Stage, agency: str = MAE_RAEM) -> str:
    with transaction(stage.engine) as session:
        duty = duty_of(session, agency)
    return encode(DutyButton(DutyState.DONE, duty.duty_id, duty.activity.revision))


def test_nothing_personal_is_said_in_the_group_whatever_is_asked(town: Stage) -> None:
    town.executive("นายก", MAE_RAEM)
    with transaction(town.engine) as session:
        session.execute(update(PersonRow).values(display_name="นภา ใจดี"))
    town.say("นภา", f"เสร็จ ๓ จำนวน ๔๕ ชุด {LINK}")
    town.say("นภา", f"หลักฐาน ๓ {LINK}")
    town.say("นภา", "ติดปัญหา ๑๑ เน็ตล่ม", GROUP)
    town.say("สมศรี", "ตอบ ๑๑ ทต.แม่แรม ใช้เน็ตของอำเภอ")
    town.say("นภา", "เสร็จ ๕")
    town.say("นายก", "ส่งกลับ ๕ ตัวเลขไม่ตรง")
    town.say("นภา", "ไม่ต้องดำเนินการ ๑๗ ผลเดิมถูกต้อง", GROUP)
    town.say("สมศรี", "สอบทาน ๓ ทต.แม่แรม")
    # Several agencies of one person: the bot asks which one, without the reason.
    town.officer("วิชัย", MAE_RAEM)
    town.say("วิชัย", "ติดปัญหา ๙ ไฟดับ", GROUP)
    before = len(town.line.sent)

    for who in ("นภา", "วิชัย", "นายก", "ดา", "สมศรี", "แปลก"):
        for text in ASKED:
            town.say(who, text, GROUP)
        for text in ASKED_BY_MENTION:
            town.say(who, f"@bot {text}", GROUP, **MENTION)

    in_group = [
        (plain(m), str(m)) for how, _, ms in town.line.sent[before:] if how == "reply" for m in ms
    ]
    assert len(in_group) > 120
    assert [told for told, raw in in_group for each in PERSONAL if each in raw] == []


def test_who_taps_what_is_not_theirs_hears_it_once_a_day_in_private(town: Stage) -> None:
    button = done_button(town)
    before = len(town.line.sent)

    said = [town.tap("วิชัย", button, GROUP) for _ in range(3)]
    town.later(days=1)
    town.tap("วิชัย", button, GROUP)

    sent = [(how, to) for how, to, _ in town.line.sent[before:]]
    assert said == [
        ["ปุ่มนี้เป็นของ ทต.แม่แรม จึงไม่ได้บันทึก รายงานของหน่วยงานท่านโดยพิมพ์ “เสร็จ” ตามด้วยเลขข้อ"],
        [],
        [],
    ]
    assert sent == [("push", user_id("วิชัย"))] * 2
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_who_cannot_be_written_to_hears_it_in_the_group_once_an_hour_for_all(town: Stage) -> None:
    button = done_button(town)
    town.event("วิชัย", type="unfollow")
    before = len(town.line.sent)

    said = [town.tap(who, button, GROUP) for who in ("แปลก", "หน้า", "วิชัย", "แปลก")]
    town.later(hours=1)
    later = town.tap("วิชัย", button, GROUP)

    assert "ท่านยังไม่ได้ลงทะเบียน" in said[0][0]
    assert said[1:] == [[], [], []]
    assert "ปุ่มนี้เป็นของ ทต.แม่แรม" in later[0]
    assert {how for how, _, _ in town.line.sent[before:]} == {"reply"}
