"""Not needed (ไม่ต้องดำเนินการ): closes what is conditional, with a reason, and nothing else."""

import pytest

from handlers.postback import DutyButton, encode
from store import duties
from store.database import transaction
from store.types import Count, DutyState
from tests.factories import duty_of, state_of
from tests.stage import GROUP, Stage, actions, unnumbered, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
RECORDED = "☑️ ทต.แม่แรม ข้อ ๑๗ ไม่ต้องดำเนินการ (เสร็จแล้ว ๑/๒๑๒)"
ASKED = "ข้อ ๑๗ ไม่ต้องดำเนินการเพราะเหตุใด พิมพ์ “ไม่ต้องดำเนินการ ข้อ ๑๗” ตามด้วยเหตุผล หรือแตะเลือก"


def button(stage: Stage, number: str = "17") -> str:
    with transaction(stage.engine) as session:
        duty = duty_of(session, MAE_RAEM, number)
    return encode(DutyButton(DutyState.NOT_NEEDED, duty.duty_id, duty.activity.revision))


@pytest.mark.parametrize("group", ["", GROUP])
def test_a_conditional_activity_is_closed_with_a_reason(town: Stage, group: str) -> None:
    said = town.say("นภา", "ไม่ต้องดำเนินการ ๑๗ ยืนยันผลคะแนนเดิม", group)

    assert unnumbered(said) == [RECORDED]
    with transaction(town.engine) as session:
        duty = duty_of(session, MAE_RAEM, "17")
        counted = duties.step_count(session, duty.step_id)
    assert (duty.state, duty.reason) == (DutyState.NOT_NEEDED, "ยืนยันผลคะแนนเดิม")
    assert counted == Count(0, 212, 1)


def test_without_a_reason_it_is_asked_for_and_a_tap_gives_one(town: Stage) -> None:
    asked = town.tap("นภา", button(town))
    taps = [each["text"] for each in actions(town.line.sent[-1][2])]

    said = town.say("นภา", taps[0])

    assert asked == [ASKED]
    assert taps[0] == "ไม่ต้องดำเนินการ ข้อ ๑๗ ทต.แม่แรม ยืนยันผลคะแนนเดิม"
    assert unnumbered(said) == [RECORDED]


@pytest.mark.parametrize("how", ["typed", "tapped"])
def test_what_all_have_to_do_cannot_be_left_out(town: Stage, how: str) -> None:
    said = (
        town.say("นภา", "ไม่ต้องดำเนินการ ๓ ไม่มีเวลา")
        if how == "typed"
        else town.tap("นภา", button(town, "3"))
    )

    assert said == ["ข้อ ๓ ทุกหน่วยงานต้องดำเนินการ จึงไม่ได้บันทึก หากมีอุปสรรค พิมพ์ “ติดปัญหา ข้อ ๓” ตามด้วยเหตุผล"]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_only_cards_of_conditional_activities_have_the_button(town: Stage) -> None:
    town.at("2024-06-07T09:00")
    town.say("นภา", "วันนี้มีอะไรต้องส่ง")

    shown = town.buttons("ไม่ต้องทำ")

    assert shown == [button(town)]
    assert len(town.buttons("เสร็จ")) == 1 + len(town.buttons("กำลังทำ"))


def test_it_is_reminded_of_no_more(town: Stage) -> None:
    town.at("2024-06-07T09:00")
    town.say("นภา", "ไม่ต้องดำเนินการ ๑๗ ยืนยันผลคะแนนเดิม")
    town.at("2024-06-18T09:00")

    pushed = [text for to, text in town.tick() if to == user_id("นภา")]

    assert "ข้อ ๑๗" not in "".join(pushed)


def test_it_is_taken_back_and_can_be_done_then(town: Stage) -> None:
    town.say("นภา", "ไม่ต้องดำเนินการ ๑๗ ยืนยันผลคะแนนเดิม")

    closed = town.say("นภา", "เสร็จ ๑๗")
    town.say("นภา", "ยกเลิก ๑๗")
    done = town.say("นภา", "เสร็จ ๑๗")

    assert closed == ["ทต.แม่แรม ข้อ ๑๗ แจ้งไม่ต้องดำเนินการไว้แล้ว"]
    assert unnumbered(done) == ["✅ ทต.แม่แรม ข้อ ๑๗ เสร็จสิ้น (๑/๒๑๒)"]


def test_counts_and_history_show_it_apart(town: Stage) -> None:
    town.say("นภา", "ไม่ต้องดำเนินการ ๑๗ ยืนยันผลคะแนนเดิม")

    assert "เสร็จแล้ว ๑/๒๑๒ (ไม่ต้องดำเนินการ ๑)" in town.say("นภา", "รายละเอียดข้อ ๑๗")[0]
    assert "(ไม่ต้องดำเนินการ ๑) รายการ" in town.say("นภา", "สถานะ")[0]
    assert "ข้อ ๑๗ ไม่ต้องดำเนินการ · ผู้รับผิดชอบ ทต.แม่แรม" in town.say("นภา", "ประวัติ ข้อ ๑๗")[0]
    assert "ยังไม่เสร็จ ๒๑๑ แห่ง" in town.say("สมศรี", "ใครยังไม่ส่งข้อ ๑๗")[0]
