"""A province's own choice on the two-step rule, and what waits for approval told in numbers."""

from store.types import DutyState
from tests.factories import state_of
from tests.handlers.test_report_extras import faults
from tests.stage import GROUP, Stage

MAE_RAEM = "เทศบาลตำบลแม่แรม"


def test_one_person_approves_only_where_the_coordinator_allows_it(border: Stage) -> None:
    border.executive("นภา", MAE_RAEM)
    border.say("นภา", "เสร็จ ๕")
    refused = border.say("นภา", "อนุมัติ ๕")
    others = [
        border.say("นภา", "ตั้งค่า อนุมัติคนเดียวได้"),
        border.say("ดา", "ตั้งค่า อนุมัติคนเดียวได้"),
        border.say("สมศรี", "ตั้งค่า อนุมัติคนเดียวได้", GROUP),
    ]
    border.say("ลำ", "ตั้งค่า อนุมัติคนเดียวได้")
    shown = border.say("สมศรี", "ตั้งค่า")
    still_refused = border.say("นภา", "อนุมัติ ๕")

    changed = border.say("สมศรี", "ตั้งค่า อนุมัติคนเดียวได้")
    again = border.say("สมศรี", "ตั้งค่า อนุมัติคนเดียวได้")
    approved = border.say("นภา", "อนุมัติ ๕")
    border.say("สมศรี", "ตั้งค่า อนุมัติคนเดียวไม่ได้")

    assert "ท่านเป็นผู้รายงานเอง" in refused[0]
    assert "ท่านเป็นผู้รายงานเอง" in still_refused[0]
    assert others[:2] == [["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]] * 2
    assert "แชตส่วนตัว" in others[2][0]
    assert "อนุมัติรายงานของตนเอง: ไม่ได้" in shown[0]
    assert "เปลี่ยนการตั้งค่าแล้ว" in changed[0]
    assert "เป็นเช่นนี้อยู่แล้ว" in again[0]
    assert approved[0].startswith("✅")
    assert state_of(border, MAE_RAEM, "5") is DutyState.DONE
    told = border.say("สมศรี", "ประวัติ")[0]
    assert told.count("เปลี่ยนการตั้งค่าของจังหวัด: อนุมัติคนเดียว") == 2
    assert "อนุมัติคนเดียวไม่ได้" in told
    assert faults(border.engine) == []


def test_what_waits_is_told_in_numbers_and_a_coordinator_takes_it_back(border: Stage) -> None:
    border.executive("นายก", MAE_RAEM)
    border.say("นภา", "เสร็จ ๕")
    border.at("2024-01-08T09:00")

    told = [border.say(each, "รออนุมัติ")[0] for each in ("สมศรี", "ดา", "ลำ")]
    digests = [text for _, text in border.tick() if text.startswith("📋")]
    officer = border.say("นภา", "รออนุมัติ")[0]
    taken_back = border.say("สมศรี", "ยกเลิก ๕ ทต.แม่แรม")

    here = "📨 รออนุมัติ ๑ รายการ\n• ข้อ ๕: ๑ รายการ รอนานสุดตั้งแต่ ๓ ม.ค. ๖๗"
    assert told == [here, here, "ไม่มีรายการรออนุมัติ"]
    assert ["📨 รออนุมัติ ๑ รายการ นานสุดตั้งแต่ ๓ ม.ค. ๖๗" in each for each in digests] == [True, False]
    assert "ผู้บริหาร" in officer
    assert taken_back[0].startswith("↩️")
    assert border.say("สมศรี", "รออนุมัติ") == ["ไม่มีรายการรออนุมัติ"]
