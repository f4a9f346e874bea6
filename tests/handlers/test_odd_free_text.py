"""Whatever is free in a command may hold anything: a short sentence comes back, no law breaks."""

import json
import logging
import unicodedata

import pytest

from bot.line_in import read_event
from handlers.turn import Happening
from tests.bot.queue_rows import said
from tests.databases import Databases
from tests.factories import NOON
from tests.scenarios.acting import Seen, Tally, World, broken
from tests.scenarios.acts import Event
from tests.scenarios.two_provinces import TWO_PROVINCES

ODD = {
    "5,000 letters": "ก" * 5000,
    "5,000 vowels without a letter": "ำ" * 5000,
    "zero-width marks": "ไฟ\u200bดับ\u200d\ufeff",
    "right to left": "\u202eไฟดับ\u2066\u2067",
    "markup": "<b onclick=x>ไฟ</b> [a](http://x) *ดับ*",
    "half a pair": "ไฟ\ud83dดับ\udc00",
    "NUL and terminals": "ไฟ\0ดับ\x1b[2J\x9b",
}
FREE = {
    "นภา": (
        "เสร็จ 1 {}",
        "เสร็จ 1 จำนวน {}",
        "เสร็จ 1 https://{}",
        "กำลังทำ 1 {}",
        "ติดปัญหา 1 {}",
        "ไม่ต้องดำเนินการ 3 {}",
        "ยกเลิก 1 {}",
        "แก้ตัวเลข 1 เป็น {}",
        "หลักฐาน 1 {}",
        "หลักฐาน https://{}",
        "สถานะ {}",
        "ประวัติ {}",
        "ลงทะเบียน {}",
        "{}",
    ),
    "นายก": ("ส่งกลับ 2 {}", "อนุมัติ 2 {}"),
    "สมศรี": (
        "เลื่อนข้อ 1 เป็น {}",
        "เปลี่ยนชื่อข้อ 1 เป็น {}",
        "เปลี่ยนผู้รับผิดชอบข้อ 1 เป็น {}",
        "เปิดใหม่ 1 ทต.เวียงฝาง {}",
        "ตอบ 1 {}",
        "ภาพรวม อ.{}",
        "ประวัติ 1 {}",
    ),
    "ตรวจ": ("สอบทาน 1 {}",),
    "แปลก": ("{}", "ลงทะเบียน {}"),
}
"""What is free in what who says."""
LONGEST_ANSWER = 1500
UNSEEN = {"Cc", "Cs", "Cf"}


def test_odd_text_in_every_free_place_is_answered_in_short_and_breaks_no_law(
    databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    world = World(databases.fresh(TWO_PROVINCES), Tally())

    seen = {
        (who, form, name): world.act(who, "", Event(heard(form.format(odd))))
        for who, forms in FREE.items()
        for form in forms
        for name, odd in ODD.items()
    }

    faults = {place: found for place, each in seen.items() if (found := judged(each))}
    assert faults == {}
    assert world.faults() == []
    assert [each for each in caplog.records if each.exc_info] == []


def heard(words: str) -> Happening:
    """Return what reaches a handler of a text, as LINE's JSON is read."""
    raw = said("odd", words, NOON)
    return read_event("odd", json.dumps(raw)).happening


def judged(seen: Seen) -> list[str]:
    """Return what is wrong with an answer to odd text, if anything is."""
    found = broken(seen)
    if not seen.said:
        found.append("silent")
    if len(seen.said) > LONGEST_ANSWER:
        found.append(f"{len(seen.said)} letters: {seen.said[:60]}")
    unseen = {each for each in seen.said if unicodedata.category(each) in UNSEEN} - {"\n"}
    if unseen:
        found.append(f"repeats {unseen!r}")
    return found
