"""Random acts of random people: the state of every duty is what the record adds up to."""

import random

import pytest

from handlers import record_audit
from store import agencies, record
from store.database import open_snapshot, transaction
from store.types import OF_DUTIES, DutyState
from tests.stage import GROUP, Stage, plain

WHO = ("นภา", "วิชัย", "ดา", "สมศรี", "เมือง", "ลำ", "แปลก", "นายก")
WHAT = (
    "เสร็จ ๓",
    "เสร็จ ๓,๕,๑๑",
    "กำลังทำ ๕",
    "ติดปัญหา ๓ ไฟดับ",
    "ติดปัญหา ๓ เน็ตล่ม",
    "ยกเลิก ๓",
    "ไม่ต้องดำเนินการ ๑๗ ยืนยันผลเดิม",
    "ไม่ต้องดำเนินการ ๓ ยืนยันผลเดิม",
    "ยกเลิก ๑๗",
    "เสร็จ ๓ ทต.แม่แรม",
    "กำลังทำ ๕ อบต.ดอนแก้ว",
    "อนุมัติ ๕",
    "อนุมัติ ๕ ทต.แม่แรม",
    "ส่งกลับ ๕ ตัวเลขไม่ตรง",
    "ยกเลิก ๓,๕",
    "ยกเลิก ๓ ทต.แม่แรม",
    "ยกเลิก ๑๑ อบต.ดอนแก้ว",
    "เสร็จ ๙ คณะทำงาน",
    "ขอเลื่อนเตือนข้อ ๓ ถึง 31 มกราคม 2567",
    "งดเตือน อบต.ดอนแก้ว ถึง 31 มีนาคม 2567 เพราะน้ำท่วม",
    "เตือนต่อ อบต.ดอนแก้ว",
    "ตั้งค่าการเตือน ทุกสัปดาห์ 3",
    "เสร็จ ๓ จำนวน ๔๕ ชุด https://maeraem.go.th",
    "แก้ตัวเลข ๓ เป็น ๔๘",
    "แก้ตัวเลข ๓ ทต.แม่แรม เป็น ๕๐",
    "สอบทาน ๓ ทต.แม่แรม",
    "เปิดใหม่ ๓ ทต.แม่แรม ตัวเลขไม่ตรง",
    "ตอบ ๓ ทต.แม่แรม ลองใหม่",
)
ACTS = 120


@pytest.mark.parametrize("seed", [2567, 11])
def test_whoever_does_whatever_the_record_adds_up_to_what_stands(border: Stage, seed: int) -> None:
    dice = random.Random(seed)
    acknowledged = 0
    border.executive("นายก", "เทศบาลตำบลแม่แรม")

    for _ in range(ACTS):
        before = len(border.line.sent)
        border.say(dice.choice(WHO), dice.choice(WHAT), dice.choice(["", GROUP]))
        # What is pushed to executives and officers bears the same marks.
        said = [plain(m) for how, _, ms in border.line.sent[before:] if how == "reply" for m in ms]
        acknowledged += sum(each.count(mark) for each in said for mark in "✅⏳⚠↩☑📨🔙🔓")
        border.later(hours=dice.choice([0, 1, 30]))

    with transaction(open_snapshot(border.engine)) as session:
        provinces = agencies.provinces(session)
        faults = [each for p in provinces for each in record_audit.check(session, p).faults]
        entries = [each for p in provinces for each in record.entries(session, p)]
        standings = {k: v for p in provinces for k, v in record.standings(session, p)}
    told = [each for each in entries if each.act in OF_DUTIES]
    summed = {each.duty_id: each.facts["state"] for each in told}
    assert faults == []
    assert len(told) == acknowledged > 10
    assert {k: v.state for k, v in standings.items() if v.state != DutyState.OPEN} == {
        duty: state for duty, state in summed.items() if state != DutyState.OPEN
    }
