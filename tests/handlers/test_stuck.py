"""Stuck (ติดปัญหา): told to the coordinators, answered by one of them, read by the officers."""

import pytest
from sqlalchemy import update

from handlers.rules.record_check import Fault
from store.database import transaction
from store.models import StuckAnswer
from store.types import Role
from tests.handlers.test_report_extras import faults
from tests.stage import GROUP, Stage, actions, plain, unnumbered, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
DON_KAEO = "องค์การบริหารส่วนตำบลดอนแก้ว"


def pushed(stage: Stage, before: int) -> list[tuple[str, str]]:
    """Return (to, text) of every push since then, all its parts in one text."""
    return [
        (to, "\n".join(map(plain, messages)))
        for how, to, messages in stage.line.sent[before:]
        if how == "push"
    ]


def test_a_problem_goes_to_every_coordinator_and_the_answer_to_the_officers(town: Stage) -> None:
    town.coordinator("สมชาย")
    before = len(town.line.sent)
    said = town.say("นภา", "ติดปัญหา ๑๑ เข้าระบบ ITAS ไม่ได้", GROUP)
    cards = pushed(town, before)
    button = town.buttons("ตอบ")[0]
    fill_in = [each["fillInText"] for each in actions(town.line.sent[-1][2])]
    asked = town.tap("สมศรี", button)
    before = len(town.line.sent)

    answered = town.say("สมศรี", "ตอบ ข้อ ๑๑ ทต.แม่แรม ขอรหัสผ่านใหม่ได้ที่ สนจ. <b>ห้อง ๒</b>\u202e\u200b")

    told = pushed(town, before)
    buttons = [each["label"] for each in actions(town.line.sent[-1][2])]
    assert "ไม่ได้" not in said[0]
    assert [to for to, _ in cards] == [user_id("สมศรี"), user_id("สมชาย")]
    assert "ทต.แม่แรม · ข้อ ๑๑" in cards[0][1]
    assert "เข้าระบบ ITAS ไม่ได้ · ตั้งแต่ ๓ ม.ค. ๖๗ · ยังไม่ได้ตอบ" in cards[0][1]
    assert fill_in == ["ตอบ ข้อ ๑๑ ทต.แม่แรม "]
    assert "ตามด้วยคำตอบ" in asked[0]
    assert unnumbered(answered)[0] == "💬 ตอบ ทต.แม่แรม ข้อ ๑๑ แล้ว ส่งถึงผู้รับผิดชอบ ๑ คนในเวลาราชการ"
    assert [to for to, _ in told] == [user_id("นภา")]
    assert told[0][1].startswith(
        "💬 ผู้ประสานงานจังหวัดตอบ ทต.แม่แรม ข้อ ๑๑:\nขอรหัสผ่านใหม่ได้ที่ สนจ. <b>ห้อง ๒</b>\n"
    )
    assert buttons == ["เสร็จ", "กำลังทำ", "ยังติดอยู่"]
    assert "ตอบเรื่องที่ติดปัญหา · ผู้ประสานงานจังหวัด · ทต.แม่แรม" in town.say("นภา", "ประวัติ ข้อ ๑๑")[0]
    assert "ตอบแล้ว ๓ ม.ค. ๖๗" in town.say("ดา", "ใครติดปัญหา")[0]
    assert faults(town.engine) == []
    with transaction(town.engine) as session:
        session.execute(update(StuckAnswer).values(answer="ไม่ต้องทำ"))
    assert faults(town.engine) == [Fault.DIFFERS]


def test_what_was_reported_at_night_is_one_card_of_what_is_still_stuck(town: Stage) -> None:
    town.at("2024-01-03T20:00")
    town.say("นภา", "ติดปัญหา ๑๑ เน็ตล่ม")
    town.say("วิชัย", "ติดปัญหา ๓ ไฟดับ")
    town.say("นภา", "ติดปัญหา ๓ น้ำท่วม")
    town.say("นภา", "เสร็จ ๑๑")

    told = [(to, text) for (to, text) in morning(town) if "⚠️ ติดปัญหา" in text]

    assert [to for to, _ in told] == [user_id("สมศรี")]
    assert "ติดปัญหา ๒ รายการ" in told[0][1]
    assert "ไฟดับ" in told[0][1]
    assert "น้ำท่วม" in told[0][1]


def test_a_card_that_somebody_answered_or_that_is_solved_is_not_sent(town: Stage) -> None:
    town.at("2024-01-03T20:00")
    town.say("นภา", "ติดปัญหา ๑๑ เน็ตล่ม")
    town.say("วิชัย", "ติดปัญหา ๓ ไฟดับ")
    town.say("วิชัย", "ยกเลิก ๓")
    town.say("สมศรี", "ตอบ ๑๑ ทต.แม่แรม ใช้เน็ตของอำเภอก่อน")

    told = morning(town)

    assert [to for to, text in told if "⚠️ ติดปัญหา" in text] == []
    assert [to for to, text in told if "ใช้เน็ตของอำเภอก่อน" in text] == [user_id("นภา")]


def morning(stage: Stage) -> list[tuple[str, str]]:
    """Let the offices open; return what is pushed."""
    stage.at("2024-01-04T09:00")
    return stage.tick()


def test_who_is_stuck_is_told_by_area_in_private(border: Stage) -> None:
    border.say("นภา", "ติดปัญหา ๑๑ เน็ตล่ม")
    fang = border.code(Role.DISTRICT, district="ฝาง")
    border.join("ฝาง", fang)

    assert "เน็ตล่ม" in border.say("สมศรี", "ติดปัญหาอะไรบ้าง")[0]
    assert border.buttons("ตอบ") != []
    assert "เน็ตล่ม" in border.say("ดา", "ใครติดปัญหา")[0]
    assert border.buttons("ตอบ") == []
    for elsewhere in ("ฝาง", "ลำ"):
        assert border.say(elsewhere, "ใครติดปัญหา") == ["ไม่มีหน่วยงานที่แจ้งติดปัญหาอยู่ในพื้นที่ของท่าน"]
    assert border.say("นภา", "ใครติดปัญหา")[0].startswith("ข้อมูลนี้สำหรับผู้ประสานงาน")
    assert border.say("สมศรี", "ใครติดปัญหา", GROUP) == []


@pytest.mark.parametrize(
    ("who", "text", "what"),
    [
        pytest.param("ลำ", "ตอบ ๑๑ ทต.แม่แรม ลองใหม่", "ไม่มีเรื่องที่ติดปัญหา", id="abroad"),
        pytest.param("นภา", "ตอบ ๑๑ ทต.แม่แรม ลองใหม่", "สำหรับผู้ประสานงาน", id="an officer"),
        pytest.param("ดา", "ตอบ ๑๑ ทต.แม่แรม ลองใหม่", "สำหรับผู้ประสานงาน", id="a district"),
        pytest.param("สมศรี", "ตอบ ๑๑ ทต.แม่แรม " + "ก" * 501, "ยาวเกิน", id="501 letters"),
        pytest.param("สมศรี", "ตอบ ๑๑ ทต.แม่แรม " + "ก" * 5000, "โปรดย่อ", id="5,000 letters"),
        pytest.param("สมศรี", "ตอบ ๑๑ ทต.แม่แรม \u200b\u202e", "ตามด้วยคำตอบ", id="nothing seen"),
        pytest.param("สมศรี", "ตอบ ๓ ทต.แม่แรม ลองใหม่", "ไม่มีเรื่องที่ติดปัญหา", id="not stuck"),
    ],
)
def test_what_is_no_answer_is_said_in_a_sentence_and_nothing_is_sent(
    border: Stage, who: str, text: str, what: str
) -> None:
    border.say("นภา", "ติดปัญหา ๑๑ เน็ตล่ม")
    before = len(border.line.sent)

    said = border.say(who, text)

    assert len(said) == 1
    assert what in said[0]
    assert pushed(border, before) == []
    assert "ยังไม่ได้ตอบ" in border.say("สมศรี", "ใครติดปัญหา")[0]


def test_an_answer_for_one_of_several_is_asked_for_whom(town: Stage) -> None:
    town.say("นภา", "ติดปัญหา ๓ เน็ตล่ม")
    town.say("วิชัย", "ติดปัญหา ๓ ไฟดับ")

    said = town.say("สมศรี", "ตอบ ๓ รอสักครู่")

    assert "ท่านตอบหน่วยงานใด" in said[0]
    assert [each["fillInText"] for each in actions(town.line.sent[-1][2])] == [
        "ตอบ ข้อ ๓ ทต.แม่แรม รอสักครู่ ",
        "ตอบ ข้อ ๓ อบต.ดอนแก้ว รอสักครู่ ",
    ]
