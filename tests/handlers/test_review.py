"""Review (สอบทาน): who advises checks what is done, which locks it until it is opened again."""

import pytest

from store.types import DutyState, Role
from tests.factories import state_of
from tests.handlers.test_report_extras import faults
from tests.stage import GROUP, Stage, actions, plain, unnumbered, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"


@pytest.fixture
def reviewed(town: Stage) -> Stage:
    """ข้อ ๓ of ทต.แม่แรม, reported with a number, and reviewed by ปปช."""
    town.join("ปปช", town.code(Role.REVIEWER))
    town.say("นภา", "เสร็จ ๓ จำนวน ๔๕ ชุด")
    town.say("ปปช", "สอบทาน ๓ ทต.แม่แรม")
    return town


def test_a_reviewer_sees_what_waits_and_reviews_by_a_button_once(town: Stage) -> None:
    town.join("ปปช", town.code(Role.REVIEWER))
    town.say("นภา", "เสร็จ ๓ จำนวน ๔๕ ชุด")
    counts = town.say("ปปช", "รอสอบทาน")
    town.say("ปปช", "รอสอบทาน ๓")
    card, button = plain(town.line.sent[-1][2][0]), town.buttons("สอบทาน")[0]

    said = town.tap("ปปช", button)
    again = town.tap("ปปช", button)

    assert "ข้อ ๓: ๑ รายการ" in counts[0]
    assert "ทต.แม่แรม · ข้อ ๓" in card
    assert "๔๕ ชุด" in card
    assert unnumbered(said) == ["🔒 ทต.แม่แรม ข้อ ๓ สอบทานแล้ว · ๔๕ ชุด"]
    assert again == ["ทต.แม่แรม ข้อ ๓ สอบทานไว้แล้ว จึงไม่ได้บันทึก"]
    assert town.say("ปปช", "รอสอบทาน ๓") == ["ข้อ ๓ ไม่มีรายการรอสอบทาน"]
    assert "สอบทานแล้ว 🔒: ข้อ ๓" in town.say("นภา", "สถานะ")[0]
    assert "เสร็จสิ้น · สอบทานแล้ว 🔒 · ๔๕ ชุด" in town.say("นภา", "รายละเอียดข้อ ๓")[0]
    assert "ข้อ ๓ สอบทานแล้ว 🔒 · ผู้สอบทาน (ป.ป.ช.) · ทต.แม่แรม" in town.say("นภา", "ประวัติ ข้อ ๓")[0]
    assert faults(town.engine) == []


def test_nobody_changes_what_was_reviewed_until_a_coordinator_opens_it(reviewed: Stage) -> None:
    tried = [
        *reviewed.say("นภา", "ยกเลิก ๓"),
        *reviewed.say("ดา", "ยกเลิก ๓ ทต.แม่แรม"),
        *reviewed.say("นภา", "แก้ตัวเลข ๓ เป็น ๔๘"),
        *reviewed.say("สมศรี", "แก้ตัวเลข ๓ ทต.แม่แรม เป็น ๔๘"),
        *reviewed.say("สมศรี", "ยกเลิก ๓ ทต.แม่แรม"),
    ]
    without_reason = reviewed.say("สมศรี", "เปิดใหม่ ๓ ทต.แม่แรม")
    fill_in = [each.get("fillInText") for each in actions(reviewed.line.sent[-1][2])]
    stranger = reviewed.say("ปปช", "เปิดใหม่ ๓ ทต.แม่แรม ตัวเลขผิด")
    before = len(reviewed.line.sent)

    said = reviewed.say("สมศรี", "เปิดใหม่ ๓ ทต.แม่แรม ตัวเลขไม่ตรงกับหลักฐาน")

    pushed = [(to, ms) for how, to, ms in reviewed.line.sent[before:] if how == "push"]
    assert all("สอบทานแล้ว 🔒 จึงไม่ได้เปลี่ยน" in each for each in tried)
    assert all("แจ้งผู้ประสานงานจังหวัด" in each for each in tried[:3])
    assert all("“เปิดใหม่ ข้อ ๓ ทต.แม่แรม”" in each for each in tried[3:])
    assert "เพราะเหตุใด" in without_reason[0]
    assert fill_in == ["เปิดใหม่ ข้อ ๓ ทต.แม่แรม "]
    assert stranger == ["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]
    assert said[0].startswith("🔓 ทต.แม่แรม ข้อ ๓ เปิดให้รายงานใหม่แล้ว")
    assert state_of(reviewed, MAE_RAEM) is DutyState.OPEN
    assert [to for to, _ in pushed] == [user_id("นภา")]
    assert "เปิดให้รายงานใหม่: ตัวเลขไม่ตรงกับหลักฐาน" in plain(pushed[0][1][0])
    assert "เปิดให้รายงานใหม่ · ผู้ประสานงานจังหวัด · ทต.แม่แรม" in reviewed.say("นภา", "ประวัติ ข้อ ๓")[0]
    assert reviewed.say("นภา", "เสร็จ ๓")[0].startswith("✅")
    assert faults(reviewed.engine) == []


def test_who_made_it_what_it_is_does_not_review_it(town: Stage) -> None:
    town.executive("สมศรี", MAE_RAEM)
    town.say("นภา", "เสร็จ ๕")
    town.say("สมศรี", "อนุมัติ ๕")
    town.officer("สมศรี", "องค์การบริหารส่วนตำบลดอนแก้ว")
    town.say("สมศรี", "เสร็จ ๓ อบต.ดอนแก้ว")

    approved = town.say("สมศรี", "สอบทาน ๕ ทต.แม่แรม")
    reported = town.say("สมศรี", "สอบทาน ๓ อบต.ดอนแก้ว")

    assert all("ให้ผู้อื่นสอบทาน" in each for each in (*approved, *reported))


def test_reviewing_is_of_the_own_province_and_in_private(border: Stage) -> None:
    border.say("นภา", "เสร็จ ๓")
    border.say("สมศรี", "รอสอบทาน ๓")
    button = border.buttons("สอบทาน")[0]

    abroad = [*border.tap("ลำ", button), *border.say("ลำ", "สอบทาน ๓ ทต.แม่แรม")]
    officer = [*border.tap("นภา", button), *border.say("นภา", "สอบทาน ๓ ทต.แม่แรม")]
    group = border.tap("สมศรี", button, GROUP)

    assert border.say("ลำ", "รอสอบทาน") == ["ไม่มีรายการรอสอบทาน"]
    assert "ข้อมูลเปลี่ยนแล้ว" in abroad[0]
    assert "ไม่ทราบว่า" in abroad[1]
    assert all("จึงไม่ได้บันทึก" in each for each in officer)
    assert "แชตส่วนตัว" in group[0]
    assert border.say("สมศรี", "สอบทาน ๓ ทต.แม่แรม", GROUP) == []
    assert "ข้อ ๓: ๑ รายการ" in border.say("สมศรี", "รอสอบทาน")[0]


def test_a_number_is_corrected_for_a_day_by_the_agency_then_by_a_coordinator(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓ จำนวน ๔๕ ชุด")

    own = unnumbered(town.say("นภา", "แก้ตัวเลข ๓ เป็น ๔๘"))
    other = town.say("วิชัย", "แก้ตัวเลข ๓ ทต.แม่แรม เป็น ๑")
    not_done = town.say("นภา", "แก้ตัวเลข ๑๑ เป็น ๔๘")
    unreadable = town.say("นภา", "แก้ตัวเลข ๓ เป็น เยอะ")
    town.later(hours=25)
    late = town.say("นภา", "แก้ตัวเลข ๓ เป็น ๕๐")
    coordinator = unnumbered(town.say("สมศรี", "แก้ตัวเลข ๓ ทต.แม่แรม เป็น ๕๐"))

    assert own == ["✏️ ทต.แม่แรม ข้อ ๓ แก้ตัวเลขจาก ๔๕ ชุด เป็น ๔๘ ชุด"]
    assert "ไม่ใช่หน่วยงาน" in other[0]
    assert "ยังไม่มีตัวเลขให้แก้" in not_done[0]
    assert "อ่านตัวเลขที่รายงานไม่ได้" in unreadable[0]
    assert late[0].endswith("จึงไม่ได้บันทึก โปรดแจ้งผู้ประสานงานจังหวัดให้แก้")
    assert coordinator == ["✏️ ทต.แม่แรม ข้อ ๓ แก้ตัวเลขจาก ๔๘ ชุด เป็น ๕๐ ชุด"]
    assert "แก้ตัวเลข · ๕๐ ชุด · ผู้ประสานงานจังหวัด" in town.say("นภา", "ประวัติ ข้อ ๓")[0]
    assert state_of(town, MAE_RAEM) is DutyState.DONE
    assert faults(town.engine) == []


def test_a_number_that_the_executive_approved_is_not_corrected_behind_them(town: Stage) -> None:
    town.executive("นายก", MAE_RAEM)
    town.say("นภา", "เสร็จ ๕ จำนวน ๔๕ คน")
    town.say("นายก", "อนุมัติ ๕")

    said = town.say("นภา", "แก้ตัวเลข ๕ เป็น ๔๘")

    assert "ผู้บริหารอนุมัติตัวเลขนี้แล้ว" in said[0]
