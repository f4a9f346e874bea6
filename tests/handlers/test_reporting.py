"""Reports by button and by typing: recorded once, by who may, and answered in one line."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from handlers.postback import DutyButton, encode
from store import duties
from store.database import transaction
from store.models import Report
from store.types import DutyState, PartyKind, Window
from tests.factories import (
    JANUARY,
    drafts_of,
    duty_of,
    make_draft,
    replan,
    state_of,
)
from tests.stage import GROUP, Stage, actions, unnumbered

MAE_RAEM, DON_KAEO = "เทศบาลตำบลแม่แรม", "องค์การบริหารส่วนตำบลดอนแก้ว"
PROVINCE_OFFICE, WORKING_GROUP = "สำนักงานจังหวัดเชียงใหม่", "คณะทำงาน ITA จังหวัดเชียงใหม่"
NOT_REGISTERED = (
    "ท่านยังไม่ได้ลงทะเบียนกับบอต ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
    " หรือพิมพ์ชื่อหน่วยงานของท่านในแชตนั้นเพื่อขอเข้าร่วม"
)
NOT_REGISTERED_HERE = (
    "ท่านยังไม่ได้ลงทะเบียนกับจังหวัดของกลุ่มนี้ ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
)
BUTTON_STALE = "ข้อมูลเปลี่ยนแล้ว ปุ่มนี้ใช้ไม่ได้ แตะเพื่อดูรายการปัจจุบัน"


def button(stage: Stage, state: DutyState, agency: str = MAE_RAEM, number: str = "3") -> str:
    with transaction(stage.engine) as session:
        duty = duty_of(session, agency, number)
    return encode(DutyButton(state, duty.duty_id, duty.activity.revision))


def reports(stage: Stage) -> int:
    with transaction(stage.engine) as session:
        return session.execute(select(func.count(Report.id))).scalar_one()


@pytest.mark.parametrize("group", ["", GROUP])
def test_a_tap_on_done_is_recorded_and_acknowledged_in_one_line(town: Stage, group: str) -> None:
    town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง", group)

    said = town.tap("นภา", town.buttons("✅ เสร็จ ข้อ ๓")[0], group)

    assert unnumbered(said) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]
    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_an_acknowledgement_offers_the_next_step_only_in_private(town: Stage) -> None:
    town.tap("นภา", button(town, DutyState.DOING), GROUP)
    in_group = actions(town.line.sent[-1][2])

    town.tap("นภา", button(town, DutyState.DONE))

    assert in_group == []
    assert [each["label"] for each in actions(town.line.sent[-1][2])] == ["สัปดาห์นี้", "สถานะ"]


def test_a_card_has_lasting_buttons_for_every_duty_it_shows(town: Stage) -> None:
    town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    shown = [town.buttons(label) for label in ("เสร็จ", "กำลังทำ", "ติดปัญหา")]

    assert [len(each) for each in shown] == [3, 3, 3]


def test_who_works_on_it_is_acknowledged_with_how_far_all_are(town: Stage) -> None:
    said = town.tap("นภา", button(town, DutyState.DOING))

    assert unnumbered(said) == ["⏳ ทต.แม่แรม ข้อ ๓ กำลังดำเนินการ (เสร็จแล้ว ๐/๒๑๒)"]
    assert state_of(town, MAE_RAEM) is DutyState.DOING


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("เสร็จ ๓", "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)", id="thai digits"),
        pytest.param("เสร็จ 3", "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)", id="arabic digits"),
        pytest.param("เสร็จแล้ว ข้อ ๓ ค่ะ", "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)", id="politely"),
        pytest.param("กำลังทำ ๑๑", "⏳ ทต.แม่แรม ข้อ ๑๑ กำลังดำเนินการ (เสร็จแล้ว ๐/๒๑๑)", id="doing"),
        pytest.param(
            "ติดปัญหา ๑๑ เข้าระบบไม่ได้",
            "⚠️ ทต.แม่แรม ข้อ ๑๑ ติดปัญหา แจ้งผู้ประสานงานจังหวัด (เสร็จแล้ว ๐/๒๑๑)",
            id="stuck with a reason",
        ),
        pytest.param("เสร็จ ๓ ทต.แม่แรม", "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)", id="own agency named"),
        pytest.param("เสร็จ", "โปรดระบุข้อ เช่น “เสร็จ ๑๑” หรือ “เสร็จ ๓,๕”", id="no number"),
        pytest.param("ยกเลิก", "โปรดระบุข้อ เช่น “เสร็จ ๑๑” หรือ “เสร็จ ๓,๕”", id="undo of what"),
        pytest.param("เสร็จ ๒", "ข้อ ๒ ไม่ใช่งานของหน่วยงานท่าน จึงไม่ได้บันทึก", id="somebody else's"),
        pytest.param("ยกเลิก ๓", "ทต.แม่แรม ข้อ ๓ ยังไม่มีรายงานให้ยกเลิก", id="nothing to take back"),
        pytest.param(
            "เสร็จ ๓ อบต.ดอนแก้ว",
            "“อบต.ดอนแก้ว” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก",
            id="another agency named",
        ),
    ],
)
def test_a_typed_line_is_a_report(town: Stage, typed: str, said: str) -> None:
    # What a coordinator is told of it comes behind.
    assert unnumbered(town.say("นภา", typed))[:1] == [said]


def test_a_number_that_the_plan_has_not_is_said_so(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ ๙๙")

    assert said == ["ไม่พบข้อ ๙๙ ในแผน พิมพ์ “สถานะ” เพื่อดูข้อของหน่วยงานท่าน"]


def test_typed_reports_work_in_the_group(town: Stage) -> None:
    assert unnumbered(town.say("นภา", "เสร็จ ๓", GROUP)) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]


def test_several_are_reported_in_one_line_each(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ 3,2,5,3")

    assert unnumbered(said) == [
        "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)\n"
        "ข้อ ๒ ไม่ใช่งานของหน่วยงานท่าน จึงไม่ได้บันทึก\n"
        "✅ ทต.แม่แรม ข้อ ๕ เสร็จสิ้น (๑/๒๑๒)"
    ]
    assert reports(town) == 2


def test_a_question_about_one_does_not_swallow_the_others(town: Stage) -> None:
    town.say("สมศรี", "เสร็จ ๓,๙,๕")

    assert state_of(town, PROVINCE_OFFICE, "3") is DutyState.DONE
    assert state_of(town, PROVINCE_OFFICE, "9") is DutyState.OPEN
    assert state_of(town, PROVINCE_OFFICE, "5") is DutyState.DONE


def test_tapping_again_and_again_counts_once(town: Stage) -> None:
    done = button(town, DutyState.DONE)
    town.tap("นภา", done)

    again = [town.tap("นภา", done), town.tap("นภา", done, GROUP), town.say("นภา", "เสร็จ ๓")]

    assert again == [["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"]] * 3
    assert reports(town) == 1


def test_a_colleague_who_taps_second_changes_nothing(town: Stage) -> None:
    town.officer("วิชัย", MAE_RAEM)
    done = button(town, DutyState.DONE)
    town.tap("นภา", done)

    assert town.tap("วิชัย", done) == ["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"]
    assert reports(town) == 1


def test_a_redelivered_tap_is_worked_and_answered_once(town: Stage) -> None:
    event = {
        "type": "postback",
        "postback": {"data": button(town, DutyState.DOING)},
        "webhookEventId": "the-same",
    }
    town.event("นภา", **event)

    again = town.event("นภา", **event, deliveryContext={"isRedelivery": True})

    assert again == []
    assert reports(town) == 1


def test_the_counts_follow_every_agency(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    assert unnumbered(town.say("วิชัย", "เสร็จ ๓")) == ["✅ อบต.ดอนแก้ว ข้อ ๓ เสร็จสิ้น (๒/๒๑๒)"]


def test_who_reported_by_which_event_is_kept(town: Stage) -> None:
    town.event(
        "นภา",
        type="message",
        message={"type": "text", "id": "1", "text": "ติดปัญหา ๓ เข้าระบบไม่ได้"},
        webhookEventId="this-one",
    )

    with transaction(town.engine) as session:
        kept = session.execute(
            select(Report.state, Report.reason, Report.webhook_event_id, Report.reported_at)
        ).one()
    assert tuple(kept) == ("stuck", "เข้าระบบไม่ได้", "this-one", town.now)


def test_a_stranger_in_the_group_is_refused_politely(town: Stage) -> None:
    said = town.tap("แปลก", button(town, DutyState.DONE), GROUP)

    assert said == [NOT_REGISTERED_HERE]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_a_stranger_in_private_is_refused_politely(town: Stage) -> None:
    said = town.tap("แปลก", button(town, DutyState.DONE))

    assert said == [NOT_REGISTERED]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.DOING, DutyState.STUCK])
def test_another_agency_cannot_report_with_your_button(town: Stage, state: DutyState) -> None:

    said = town.tap("วิชัย", button(town, state), GROUP)

    assert said == ["ปุ่มนี้เป็นของ ทต.แม่แรม จึงไม่ได้บันทึก รายงานของหน่วยงานท่านโดยพิมพ์ “เสร็จ” ตามด้วยเลขข้อ"]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_a_coordinator_does_not_report_for_an_agency(town: Stage) -> None:
    done = button(town, DutyState.DONE)

    said = town.tap("สมศรี", done)

    assert said[0].startswith("ปุ่มนี้เป็นของ ทต.แม่แรม จึงไม่ได้บันทึก")
    assert reports(town) == 0


@pytest.mark.parametrize(
    ("state", "words"),
    [(DutyState.DONE, "เสร็จ ข้อ ๓"), (DutyState.DOING, "กำลังทำ ข้อ ๓")],
)
def test_a_tap_without_sender_is_confirmed_by_a_message_of_the_same_meaning(
    town: Stage, state: DutyState, words: str
) -> None:
    said = town.tap("", button(town, state), GROUP)

    confirm = actions(town.line.sent[-1][2])[0]
    assert said == [f"LINE ไม่ได้แจ้งว่าผู้ใดกดปุ่ม จึงยังไม่บันทึก แตะ “ยืนยัน” ด้านล่าง หรือพิมพ์ “{words}”"]
    assert (confirm["type"], confirm["text"]) == ("message", f"ยืนยัน {words} ทต.แม่แรม")
    assert reports(town) == 0
    town.say("นภา", confirm["text"], GROUP)
    assert state_of(town, MAE_RAEM) is state


def test_the_confirmation_of_a_problem_asks_for_its_reason(town: Stage) -> None:
    town.tap("", button(town, DutyState.STUCK), GROUP)
    confirm = actions(town.line.sent[-1][2])[0]["text"]

    said = town.say("นภา", confirm, GROUP)

    assert said[0].startswith("ข้อ ๓ ติดปัญหาเรื่องใด")


@pytest.mark.parametrize("agency", [PROVINCE_OFFICE, WORKING_GROUP])
@pytest.mark.parametrize("state", [DutyState.DONE, DutyState.DOING, DutyState.STUCK])
def test_who_answers_for_two_confirms_for_the_one_meant(
    town: Stage, agency: str, state: DutyState
) -> None:
    town.tap("", button(town, state, agency, "9"), GROUP)
    town.say("สมศรี", actions(town.line.sent[-1][2])[0]["text"], GROUP)
    if state is DutyState.STUCK:
        town.say("สมศรี", actions(town.line.sent[-1][2])[0]["text"], GROUP)

    others = {PROVINCE_OFFICE, WORKING_GROUP} - {agency}
    assert state_of(town, agency, "9") is state
    assert [state_of(town, each, "9") for each in others] == [DutyState.OPEN]


def test_a_stranger_who_taps_the_confirmation_changes_nothing(town: Stage) -> None:
    town.tap("", button(town, DutyState.DONE), GROUP)

    said = town.say("แปลก", actions(town.line.sent[-1][2])[0]["text"], GROUP)

    assert said == [NOT_REGISTERED_HERE]
    assert reports(town) == 0


def test_a_typed_report_without_sender_is_not_recorded(town: Stage) -> None:
    said = town.say("", "เสร็จ ๓", GROUP)

    assert said == ["LINE ไม่ได้แจ้งว่าผู้ใดส่ง กรุณาพิมพ์ในแชตส่วนตัวกับบอต"]


def test_a_problem_needs_a_reason(town: Stage) -> None:
    said = town.tap("นภา", button(town, DutyState.STUCK))

    offered = [each["text"] for each in actions(town.line.sent[-1][2])]
    assert said == ["ข้อ ๓ ติดปัญหาเรื่องใด พิมพ์ “ติดปัญหา ข้อ ๓” ตามด้วยเหตุผล หรือแตะเลือก"]
    assert offered == [
        "ติดปัญหา ข้อ ๓ ทต.แม่แรม เข้าระบบไม่ได้",
        "ติดปัญหา ข้อ ๓ ทต.แม่แรม รอข้อมูลจากหน่วยงานอื่น",
        "ติดปัญหา ข้อ ๓ ทต.แม่แรม ไม่มีผู้รับผิดชอบ",
    ]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


@pytest.mark.parametrize("choice", [0, 1, 2])
def test_a_tap_on_a_reason_records_the_problem(town: Stage, choice: int) -> None:
    town.tap("นภา", button(town, DutyState.STUCK), GROUP)

    town.say("นภา", actions(town.line.sent[-1][2])[choice]["text"], GROUP)

    reasons = ["เข้าระบบไม่ได้", "รอข้อมูลจากหน่วยงานอื่น", "ไม่มีผู้รับผิดชอบ"]
    with transaction(town.engine) as session:
        duty = duty_of(session, MAE_RAEM)
    assert (duty.state, duty.reason) == (DutyState.STUCK, reasons[choice])


def test_another_reason_replaces_the_first(town: Stage) -> None:
    town.say("นภา", "ติดปัญหา ๓ เข้าระบบไม่ได้")
    town.say("นภา", "ติดปัญหา ๓ ไฟดับ")

    with transaction(town.engine) as session:
        assert duty_of(session, MAE_RAEM).reason == "ไฟดับ"
    assert town.say("นภา", "ติดปัญหา ๓ ไฟดับ") == ["ทต.แม่แรม ข้อ ๓ แจ้งติดปัญหาไว้แล้ว"]


def test_what_is_done_stays_done_whatever_old_button_is_tapped(town: Stage) -> None:
    doing, stuck = button(town, DutyState.DOING), button(town, DutyState.STUCK)
    town.tap("นภา", button(town, DutyState.DONE))

    said = [*town.tap("นภา", doing), *town.tap("นภา", stuck)]

    assert said == ["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"] * 2
    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_a_report_can_be_taken_back_within_a_day(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    town.later(hours=24)

    said = town.say("นภา", "ยกเลิก ๓")

    assert unnumbered(said) == ["↩️ ทต.แม่แรม ข้อ ๓ ยกเลิกรายงานแล้ว (เสร็จแล้ว ๐/๒๑๒)"]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN
    assert reports(town) == 2


def test_a_report_stands_after_a_day(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    town.later(hours=24, seconds=1)

    said = town.say("นภา", "ยกเลิก ๓")

    assert len(said) == 1
    assert "แจ้งไว้เกิน ๒๔ ชั่วโมงแล้ว ขอให้ผู้ประสานงานจังหวัดยกเลิกให้" in said[0]
    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_after_taking_back_one_can_report_again(town: Stage) -> None:
    for typed in ("เสร็จ ๓", "ยกเลิก ๓"):
        town.say("นภา", typed)

    assert unnumbered(town.say("นภา", "เสร็จ ๓")) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]


def test_another_agency_cannot_take_back_a_report(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    town.say("วิชัย", "ยกเลิก ๓")
    town.say("วิชัย", "ยกเลิก ๓ ทต.แม่แรม")

    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_who_answers_for_two_is_asked_which(town: Stage) -> None:
    said = town.say("สมศรี", "เสร็จ ๙")

    assert said == ["ข้อ ๙ ท่านหมายถึงรายการใด"]
    town.tap("สมศรี", town.buttons("สนจ.เชียงใหม่")[0])
    assert state_of(town, PROVINCE_OFFICE, "9") is DutyState.DONE
    assert state_of(town, WORKING_GROUP, "9") is DutyState.OPEN


def test_a_reason_is_not_lost_over_the_question_which(town: Stage) -> None:
    town.say("สมศรี", "ติดปัญหา ๙ รอวันประชุม")
    choices = {each["label"]: each["text"] for each in actions(town.line.sent[-1][2])}

    town.say("สมศรี", choices["คณะทำงาน ITA จังหวั…"])

    with transaction(town.engine) as session:
        duty = duty_of(session, WORKING_GROUP, "9")
    assert (duty.state, duty.reason) == (DutyState.STUCK, "รอวันประชุม")
    assert state_of(town, PROVINCE_OFFICE, "9") is DutyState.OPEN


@pytest.mark.parametrize("word", ["คณะทำงาน", "คณะทำงาน ITA จังหวัดเชียงใหม่"])
def test_who_answers_for_two_may_name_the_one(town: Stage, word: str) -> None:
    town.say("สมศรี", f"เสร็จ ๙ {word}")

    assert state_of(town, WORKING_GROUP, "9") is DutyState.DONE
    assert state_of(town, PROVINCE_OFFICE, "9") is DutyState.OPEN


def test_taking_back_for_one_of_two_leaves_the_other(town: Stage) -> None:
    for name in ("สนจ.", "คณะทำงาน"):
        town.say("สมศรี", f"เสร็จ ๙ {name}")

    asked = town.say("สมศรี", "ยกเลิก ๙")
    choices = {each["label"]: each["text"] for each in actions(town.line.sent[-1][2])}
    town.say("สมศรี", choices["สนจ.เชียงใหม่"])

    assert asked == ["ข้อ ๙ ท่านหมายถึงรายการใด"]
    assert state_of(town, PROVINCE_OFFICE, "9") is DutyState.OPEN
    assert state_of(town, WORKING_GROUP, "9") is DutyState.DONE


def test_the_steps_of_an_activity_are_reported_one_by_one(town: Stage) -> None:
    replan(town, make_draft("8", steps=("ลงทะเบียน", "อนุมัติ")))

    asked = town.say("นภา", "เสร็จ ๘")
    by_button = town.tap("นภา", town.buttons("ข้อ ๘ ขั้นที่ ๒")[0])
    by_word = town.say("นภา", "เสร็จ ๘ ขั้นที่ ๑")

    assert asked == ["ข้อ ๘ ท่านหมายถึงรายการใด"]
    assert unnumbered(by_button) == ["✅ ทต.แม่แรม ข้อ ๘ ขั้นที่ ๒ เสร็จสิ้น (๑/๒๑๑)"]
    assert unnumbered(by_word) == ["✅ ทต.แม่แรม ข้อ ๘ ขั้นที่ ๑ เสร็จสิ้น (๑/๒๑๑)"]


def test_one_step_is_taken_back_without_the_other(town: Stage) -> None:
    replan(town, make_draft("8", steps=("ลงทะเบียน", "อนุมัติ")))
    town.say("นภา", "เสร็จ ๘ ขั้นที่ ๑")
    town.say("นภา", "เสร็จ ๘ ขั้นที่ ๒")

    said = town.say("นภา", "ยกเลิก ๘ ขั้นที่ ๒")

    assert unnumbered(said) == ["↩️ ทต.แม่แรม ข้อ ๘ ขั้นที่ ๒ ยกเลิกรายงานแล้ว (เสร็จแล้ว ๐/๒๑๑)"]
    assert state_of(town, MAE_RAEM, "8") is DutyState.DONE


def test_a_button_of_a_moved_activity_is_stale(town: Stage) -> None:
    old = button(town, DutyState.DONE)
    plan = drafts_of(town)
    plan["3"] = make_draft("3", window=Window(JANUARY.first, JANUARY.last.replace(month=2, day=9)))
    replan(town, *plan.values())

    said = town.tap("นภา", old)

    assert said == [
        "ข้อมูลเปลี่ยนแล้ว จึงยังไม่บันทึก ข้อ ๓: เหลือ ๓๗ วัน (ถึง ๙ ก.พ. ๖๗)"
        " · ยังไม่รายงาน หากยังต้องการรายงาน พิมพ์ “เสร็จ ข้อ ๓”"
    ]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN
    assert unnumbered(town.say("นภา", "เสร็จ ข้อ ๓")) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๑)"]


def test_a_button_of_an_activity_that_did_not_change_works_on(town: Stage) -> None:
    old = button(town, DutyState.DONE, number="5")
    plan = drafts_of(town)
    plan["3"] = make_draft("3", title="ชื่อใหม่")
    replan(town, *plan.values())

    assert unnumbered(town.tap("นภา", old)) == ["✅ ทต.แม่แรม ข้อ ๕ เสร็จสิ้น (๑/๒๑๒)"]


def test_a_button_of_an_activity_that_is_gone_is_stale(town: Stage) -> None:
    old = button(town, DutyState.DONE)
    replan(town, make_draft("5", "ประชุมคณะทำงาน"))

    assert town.tap("นภา", old) == [BUTTON_STALE]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "garbage",
        "2:done:1:1",
        "1:open:1:1",
        "1:done:1",
        "1:done:-1:1",
        "1:done:999999999:1",
        "1:done:9999999999999:1",
        "1:done:๑:1",
        "1:done:1:1:1",
        "x" * 300,
    ],
)
def test_data_that_no_button_of_ours_carries_is_answered_politely(town: Stage, data: str) -> None:
    assert town.tap("นภา", data) == [BUTTON_STALE]
    assert reports(town) == 0


def test_a_button_of_another_province_does_nothing(border: Stage) -> None:
    done = button(border, DutyState.DONE, "เทศบาลเมืองลำพูน")

    said = [*border.tap("นภา", done), *border.tap("เมือง", done, GROUP)]

    assert said == [BUTTON_STALE] * 2
    assert state_of(border, "เทศบาลเมืองลำพูน") is DutyState.OPEN


def test_provinces_with_the_same_numbers_count_apart(border: Stage) -> None:
    said = [*border.say("เมือง", "เสร็จ ๓"), *border.say("นภา", "เสร็จ ๓")]

    assert unnumbered(said) == [
        "✅ ทม.ลำพูน ข้อ ๓ เสร็จสิ้น (๑/๕๙)",
        "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)",
    ]


def test_an_officer_of_another_province_is_a_stranger_in_the_group(border: Stage) -> None:
    assert border.say("เมือง", "เสร็จ ๓", GROUP) == [NOT_REGISTERED_HERE]
    assert state_of(border, "เทศบาลเมืองลำพูน") is DutyState.OPEN


def test_a_tap_in_a_group_that_is_not_bound_does_nothing(town: Stage) -> None:
    said = town.tap("นภา", button(town, DutyState.DONE), "C" + "b" * 32)

    assert said == [BUTTON_STALE]
    assert reports(town) == 0


def test_every_way_to_ask_which_stays_within_one_message(town: Stage) -> None:
    replan(
        town,
        make_draft("8", steps=tuple(f"ขั้น {n}" for n in range(15)), party=PartyKind.EVERY_LOCAL),
    )

    town.say("นภา", "เสร็จ ๘")

    assert len(actions(town.line.sent[-1][2])) == 13


PEOPLE = {"นภา": MAE_RAEM, "วิชัย": DON_KAEO, "แปลก": ""}
TAPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from([MAE_RAEM, DON_KAEO]),
        st.sampled_from(["done", "doing", "stuck", "reason", "undo"]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(taps=TAPS)
def test_whoever_taps_whatever_the_last_accepted_report_stands(
    town: Stage, taps: list[tuple[str, str, str, bool]]
) -> None:
    for agency in (MAE_RAEM, DON_KAEO):  # Hypothesis plays on the same stage: begin anew
        town.say("นภา" if agency == MAE_RAEM else "วิชัย", "ยกเลิก ๓")
    expected = {agency: state_of(town, agency) for agency in (MAE_RAEM, DON_KAEO)}

    for who, agency, act, in_group in taps:
        group = GROUP if in_group else ""
        if act in ("undo", "reason"):
            typed = "ยกเลิก ๓" if act == "undo" else "ติดปัญหา ๓ ไฟดับ"
            town.say(who, typed, group)
            own = PEOPLE[who]
            to = DutyState.OPEN if act == "undo" else DutyState.STUCK
        else:
            town.tap(who, button(town, DutyState(act), agency), group)
            own = agency if PEOPLE[who] == agency else ""
            to = DutyState(act)
        accepts = act != "stuck" and (act == "undo" or expected.get(own) is not DutyState.DONE)
        if own and accepts:
            expected[own] = to

    with transaction(town.engine) as session:
        found = {agency: duty_of(session, agency) for agency in expected}
        for agency, duty in found.items():
            last = session.scalar(
                select(Report.state)
                .where(Report.duty_id == duty.duty_id)
                .order_by(Report.id.desc())
                .limit(1)
            )
            assert duty.state is expected[agency]
            assert last in (None, duty.state)
        count = duties.step_count(session, found[MAE_RAEM].step_id)
        movers = session.execute(
            select(Report.duty_id, Report.person_id).distinct().order_by(Report.duty_id)
        ).all()
    assert (count.done, count.total) == (list(expected.values()).count(DutyState.DONE), 212)
    assert len(movers) == len({duty for duty, _ in movers})
