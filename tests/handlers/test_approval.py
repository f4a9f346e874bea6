"""The two-step rule: where a step needs the executive, a report counts once it is approved."""

import pytest
from sqlalchemy import func, select

from handlers import record_audit
from handlers.postback import ApprovalButton, encode
from store import agencies, duties
from store.database import open_snapshot, transaction
from store.models import Report
from store.types import DutyId, DutyState, Role
from tests.factories import add_lamphun, code_in, duty_of, make_draft, replan, state_of
from tests.stage import GROUP, Stage, unnumbered, user_id

MAE_RAEM, DON_KAEO = "เทศบาลตำบลแม่แรม", "องค์การบริหารส่วนตำบลดอนแก้ว"
WAITS = "📨 ทต.แม่แรม ข้อ ๕ รายงานแล้ว รอผู้บริหารอนุมัติ (เสร็จแล้ว ๐/๒๑๒)"
APPROVED = "✅ ทต.แม่แรม ข้อ ๕ เสร็จสิ้น (๑/๒๑๒)"
RETURNED = "🔙 ทต.แม่แรม ข้อ ๕ ส่งกลับแก้ไขแล้ว แจ้งผู้รับผิดชอบพร้อมเหตุผล (เสร็จแล้ว ๐/๒๑๒)"
OWN_REPORT = "ข้อ ๕ ท่านเป็นผู้รายงานเอง จึงต้องให้ผู้บริหารท่านอื่นของหน่วยงานอนุมัติ"
ONLY_EXECUTIVES = "การอนุมัติเป็นหน้าที่ของผู้บริหารของหน่วยงานที่ลงทะเบียนไว้ จึงไม่ได้บันทึก"


@pytest.fixture
def hall(town: Stage) -> Stage:
    """นายก is executive of ทต.แม่แรม, whose officer is นภา."""
    town.executive("นายก", MAE_RAEM)
    return town


@pytest.fixture
def waiting(hall: Stage) -> Stage:
    """นภา has reported number 5, which needs the executive, and the card is on the screen."""
    assert unnumbered(hall.say("นภา", "เสร็จ ๕"))[0] == WAITS
    return hall


def button(stage: Stage, *, approves: bool, number: str = "5") -> str:
    """Return the data of the executive's button for the report that is newest now."""
    with transaction(stage.engine) as session:
        duty = duty_of(session, MAE_RAEM, number)
        report, _ = duties.last_report(session, duty.duty_id)
    return encode(ApprovalButton(approves, duty.duty_id, report))


def reports(stage: Stage) -> int:
    with transaction(stage.engine) as session:
        return session.execute(select(func.count(Report.id))).scalar_one()


def pushed(stage: Stage, name: str, since: int) -> list[str]:
    """Return the alternative text or text of what was pushed to somebody since then."""
    return [
        message.get("altText", message.get("text", ""))
        for how, to, messages in stage.line.sent[since:]
        if how == "push" and to == user_id(name)
        for message in messages
    ]


def test_entered_is_not_done_until_the_executive_approves(hall: Stage) -> None:
    before = len(hall.line.sent)

    said = hall.say("นภา", "เสร็จ ๕")
    between = state_of(hall, MAE_RAEM, "5")
    cards = pushed(hall, "นายก", before)
    approve = hall.buttons("อนุมัติ")
    approved = hall.tap("นายก", approve[0])

    assert unnumbered(said)[0] == WAITS
    assert between is DutyState.REPORTED
    assert cards == ["📨 รออนุมัติ ๑ รายการ: ทต.แม่แรม ข้อ ๕"]
    assert unnumbered(approved) == [APPROVED]
    assert state_of(hall, MAE_RAEM, "5") is DutyState.DONE


def test_a_step_that_needs_no_executive_is_done_at_once(hall: Stage) -> None:
    hall.say("นภา", "เสร็จ ๓")

    assert state_of(hall, MAE_RAEM, "3") is DutyState.DONE


def test_without_an_executive_it_is_done_at_once_as_it_would_wait_for_ever(hall: Stage) -> None:
    hall.say("วิชัย", "เสร็จ ๕")

    assert state_of(hall, DON_KAEO, "5") is DutyState.DONE


def test_a_returned_duty_is_open_again_and_the_officers_read_why(waiting: Stage) -> None:
    before = len(waiting.line.sent)

    asked = waiting.tap("นายก", button(waiting, approves=False))
    said = waiting.say("นายก", "ส่งกลับ ๕ ทต.แม่แรม ตัวเลขไม่ตรงกับทะเบียน")
    told = pushed(waiting, "นภา", before)
    again = waiting.say("นภา", "เสร็จ ๕")

    assert asked == ["ข้อ ๕ ส่งกลับเพราะเหตุใด พิมพ์ “ส่งกลับ ข้อ ๕” ตามด้วยเหตุผล"]
    assert unnumbered(said)[0] == RETURNED
    assert told[0] == (
        "🔙 ทต.แม่แรม ข้อ ๕ ผู้บริหารส่งกลับแก้ไข: ตัวเลขไม่ตรงกับทะเบียน\nแก้ไขแล้วรายงาน “เสร็จ” อีกครั้ง"
    )
    assert unnumbered(again)[0] == WAITS


@pytest.mark.parametrize("typed", ["อนุมัติ ๕", "อนุมัติ ข้อ 5 ทต.แม่แรม"])
def test_what_a_button_does_can_be_typed(waiting: Stage, typed: str) -> None:
    assert unnumbered(waiting.say("นายก", typed)) == [APPROVED]


@pytest.mark.parametrize("typed", ["อนุมัติ ๕ หรือยัง", "อนุมัติ ๕ แต่ขอแก้ก่อน", "ไม่อนุมัติ ๕"])
def test_what_is_no_clear_yes_approves_nothing(waiting: Stage, typed: str) -> None:
    waiting.say("นายก", typed)

    assert state_of(waiting, MAE_RAEM, "5") is DutyState.REPORTED


def test_what_waits_can_be_asked_for(waiting: Stage) -> None:
    said = waiting.say("นายก", "รออนุมัติ")
    waiting.tap("นายก", waiting.buttons("อนุมัติ")[0])

    assert said[0].startswith("📨 รออนุมัติ ๑ รายการ")
    assert waiting.say("นายก", "รออนุมัติ") == ["ไม่มีรายการรออนุมัติ"]


@pytest.mark.parametrize("who", ["นภา", "วิชัย", "ดา", "สมศรี"])
def test_nobody_but_the_executive_approves(waiting: Stage, who: str) -> None:
    tapped = waiting.tap(who, button(waiting, approves=True))
    typed = waiting.say(who, "อนุมัติ ๕")

    assert tapped == typed == [ONLY_EXECUTIVES]
    assert state_of(waiting, MAE_RAEM, "5") is DutyState.REPORTED


def test_the_executive_of_another_agency_or_province_approves_nothing(waiting: Stage) -> None:
    add_lamphun(waiting)
    waiting.executive("กำนัน", DON_KAEO)
    waiting.join("ลำ", code_in(waiting, "ลำพูน", Role.EXECUTIVE, "เทศบาลเมืองลำพูน"))

    near = waiting.tap("กำนัน", button(waiting, approves=True))
    far = waiting.tap("ลำ", button(waiting, approves=True))

    assert near == [ONLY_EXECUTIVES]
    assert "ปุ่มนี้ใช้ไม่ได้" in far[0]
    assert state_of(waiting, MAE_RAEM, "5") is DutyState.REPORTED


def test_who_reported_does_not_approve_and_another_executive_does(hall: Stage) -> None:
    hall.executive("นภา", MAE_RAEM)
    hall.say("นภา", "เสร็จ ๕")

    own = hall.tap("นภา", button(hall, approves=True))
    typed = hall.say("นภา", "อนุมัติ ๕")
    other = hall.tap("นายก", button(hall, approves=True))

    assert own == typed == [OWN_REPORT]
    assert unnumbered(other) == [APPROVED]


def test_a_second_tap_and_an_old_card_change_nothing(waiting: Stage) -> None:
    old = button(waiting, approves=True)
    waiting.tap("นายก", old)
    count = reports(waiting)

    again = waiting.tap("นายก", old)
    back = waiting.tap("นายก", button(waiting, approves=False))
    waiting.say("นภา", "ยกเลิก ๕")
    waiting.say("นภา", "เสร็จ ๕")
    stale = waiting.tap("นายก", old)

    assert again == ["ทต.แม่แรม ข้อ ๕ เปลี่ยนไปแล้ว ขณะนี้: เสร็จสิ้น จึงไม่ได้บันทึก"]
    assert "เสร็จสิ้น จึงไม่ได้บันทึก" in back[0]
    assert stale == ["ทต.แม่แรม ข้อ ๕ เปลี่ยนไปแล้ว ขณะนี้: รออนุมัติ จึงไม่ได้บันทึก"]
    assert reports(waiting) == count + 2


def test_of_two_executives_who_tap_the_first_counts(waiting: Stage) -> None:
    data = button(waiting, approves=True)
    count = reports(waiting)
    waiting.executive("รองนายก", MAE_RAEM)

    said = [*waiting.tap("นายก", data), *waiting.tap("รองนายก", data)]

    assert unnumbered(said[:1]) == [APPROVED]
    assert said[1] == "ทต.แม่แรม ข้อ ๕ เปลี่ยนไปแล้ว ขณะนี้: เสร็จสิ้น จึงไม่ได้บันทึก"
    assert reports(waiting) == count + 1


def test_in_the_group_an_approval_is_chatter_or_sent_to_private(waiting: Stage) -> None:
    chatter = waiting.say("นายก", "อนุมัติ ๕", GROUP)
    tapped = waiting.tap("นายก", button(waiting, approves=True), GROUP)

    assert chatter == []
    assert tapped == ["การอนุมัติทำได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงไม่ได้บันทึก"]
    assert state_of(waiting, MAE_RAEM, "5") is DutyState.REPORTED


def test_a_button_for_a_duty_that_is_not_there_is_stale(waiting: Stage) -> None:
    said = waiting.tap("นายก", encode(ApprovalButton(True, DutyId(999_999), 1)))  # noqa: FBT003

    assert "ปุ่มนี้ใช้ไม่ได้" in said[0]


def test_several_reports_of_one_message_make_one_card(hall: Stage) -> None:
    replan(
        hall,
        make_draft("5", "นำเข้าและอนุมัติข้อมูล IIT"),
        make_draft("6", "ตอบและอนุมัติข้อมูล OIT"),
    )
    before = len(hall.line.sent)

    hall.say("นภา", "เสร็จ ๕,๖")

    assert pushed(hall, "นายก", before) == ["📨 รออนุมัติ ๒ รายการ: ทต.แม่แรม ข้อ ๕, ทต.แม่แรม ข้อ ๖"]


def test_at_night_the_card_waits_for_the_office(hall: Stage) -> None:
    hall.at("2024-01-03T20:00")
    before = len(hall.line.sent)
    hall.say("นภา", "เสร็จ ๕")
    at_night = pushed(hall, "นายก", before)

    hall.at("2024-01-04T08:31")
    hall.work()

    assert at_night == []
    assert pushed(hall, "นายก", before) == ["📨 รออนุมัติ ๑ รายการ: ทต.แม่แรม ข้อ ๕"]


def test_the_officer_is_not_chased_and_the_executive_is_once_on_the_last_day(
    hall: Stage,
) -> None:
    replan(hall, make_draft("5", "นำเข้าและอนุมัติข้อมูล IIT"))
    hall.say("นภา", "เสร็จ ๕")
    hall.at("2024-01-30T09:00")
    eve = hall.tick()
    hall.at("2024-01-31T09:00")

    last_day = [*hall.tick(), *hall.tick()]

    told = [to for to, text in (*eve, *last_day) if "ข้อ ๕" in text and not text.startswith("📋")]
    assert user_id("นภา") not in told
    assert told.count(user_id("นายก")) == 1


def test_counts_and_lists_say_that_it_waits(waiting: Stage) -> None:
    assert "รออนุมัติ: ข้อ ๕" in waiting.say("นภา", "สถานะ")[0]
    assert "ข้อ ๕" not in "".join(waiting.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง"))
    assert "เสร็จแล้ว ๐/๒๑๒" in waiting.say("นภา", "รายละเอียดข้อ ๕")[0]


def test_history_and_record_know_each_act_and_add_up(waiting: Stage) -> None:
    waiting.say("นายก", "ส่งกลับ ๕ ตัวเลขไม่ตรง")
    waiting.say("ดา", "เสร็จ ๕ ทต.แม่แรม")
    waiting.say("นายก", "อนุมัติ ๕")

    told = waiting.say("นภา", "ประวัติ ข้อ ๕")[0].splitlines()[1:]
    with transaction(open_snapshot(waiting.engine)) as session:
        faults = [
            each
            for province in agencies.provinces(session)
            for each in record_audit.check(session, province).faults
        ]

    assert [line.partition("ข้อ ๕ ")[2].partition(" (เลขที่")[0] for line in told] == [
        "อนุมัติ · ผู้บริหาร ทต.แม่แรม",
        "รออนุมัติ · ทต.แม่แรม (รายงานแทนโดยอำเภอ)",
        "ส่งกลับแก้ไข · ผู้บริหาร ทต.แม่แรม",
        "รออนุมัติ · ผู้รับผิดชอบ ทต.แม่แรม",
    ]
    assert faults == []


def test_what_waits_can_be_taken_back_and_is_nothing_to_approve_then(waiting: Stage) -> None:
    data = button(waiting, approves=True)
    waiting.say("นภา", "ยกเลิก ๕")

    said = waiting.tap("นายก", data)

    assert said == ["ทต.แม่แรม ข้อ ๕ เปลี่ยนไปแล้ว ขณะนี้: ยังไม่รายงาน จึงไม่ได้บันทึก"]


def test_a_returned_duty_has_no_report_to_take_back(waiting: Stage) -> None:
    waiting.say("นายก", "ส่งกลับ ๕ ตัวเลขไม่ตรง")

    assert waiting.say("นภา", "ยกเลิก ๕") == ["ทต.แม่แรม ข้อ ๕ ยังไม่มีรายงานให้ยกเลิก"]


def test_help_speaks_of_approving_to_executives_in_private_alone(hall: Stage) -> None:
    assert "รออนุมัติ" in hall.say("นายก", "ช่วยเหลือ")[0]
    assert "รออนุมัติ" not in hall.say("นายก", "ช่วยเหลือ", GROUP)[0]
    assert "รออนุมัติ" not in hall.say("นภา", "ช่วยเหลือ")[0]
