"""Roles beside officers and coordinators: what they see, and what they neither get nor may do."""

import pytest

from handlers.postback import DutyButton, encode
from store.database import transaction
from store.types import DutyState, Role
from tests.factories import duty_of, state_of
from tests.stage import Stage, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
ONLY_OFFICERS = "ผู้รับผิดชอบของหน่วยงานเป็นผู้รายงาน บทบาทของท่านในบอตรายงานไม่ได้ จึงไม่ได้บันทึก"


@pytest.fixture
def offices(stage: Stage) -> Stage:
    """Every role once, of Mae Raem where it is of an agency."""
    stage.officer("นภา", MAE_RAEM)
    stage.executive("นายก", MAE_RAEM)
    stage.join("ปลัด", stage.code(Role.DISTRICT, district="แม่ริม"))
    stage.join("ปปช", stage.code(Role.REVIEWER))
    stage.join("ผู้ดู", stage.code(Role.VIEWER))
    stage.coordinator("สมศรี")
    return stage


@pytest.mark.parametrize(
    ("role", "agency", "told"),
    [
        (Role.EXECUTIVE, MAE_RAEM, "✅ ลงทะเบียนแล้ว: ผู้บริหารของ ทต.แม่แรม"),
        (Role.REVIEWER, "", "✅ ลงทะเบียนแล้ว: ผู้สอบทาน (ป.ป.ช.) ของ จังหวัดเชียงใหม่"),
        (Role.VIEWER, "", "✅ ลงทะเบียนแล้ว: ผู้ดูข้อมูลของ จังหวัดเชียงใหม่"),
    ],
)
def test_who_joins_is_told_as_what_and_shown_no_work_to_report(
    stage: Stage, role: Role, agency: str, told: str
) -> None:
    said = stage.join("ใหม่", stage.code(role, agency))

    assert said[0].splitlines()[0] == told
    assert len(said) == 1


@pytest.mark.parametrize("who", ["นายก", "ปปช", "ผู้ดู"])
def test_nobody_but_an_officer_reports(offices: Stage, who: str) -> None:
    with transaction(offices.engine) as session:
        duty = duty_of(session, MAE_RAEM)

    typed = offices.say(who, "เสร็จ ๓")
    tapped = offices.tap(
        who, encode(DutyButton(DutyState.DONE, duty.duty_id, duty.activity.revision))
    )

    assert typed == [ONLY_OFFICERS]
    assert "จึงไม่ได้บันทึก" in tapped[0]
    assert state_of(offices, MAE_RAEM) is DutyState.OPEN


def test_an_executive_sees_what_is_due_without_buttons_that_report(offices: Stage) -> None:
    said = offices.say("นายก", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert "ทต.แม่แรม ๓ รายการ" in said[0]
    assert offices.buttons("เสร็จ") == []


def test_only_officers_are_reminded_and_only_coordinators_get_the_digest(offices: Stage) -> None:
    offices.at("2024-01-22T09:00")
    pushed = offices.tick()
    offices.at("2024-01-31T09:00")
    pushed += offices.tick()

    assert {to for to, text in pushed if "ทต.แม่แรม" in text.splitlines()[0]} == {user_id("นภา")}
    assert {to for to, text in pushed if text.startswith("📋")} == {user_id("สมศรี")}
    assert {to for to, _ in pushed} <= {user_id("นภา"), user_id("สมศรี")}


def test_an_agency_with_an_executive_alone_has_nobody_to_remind(stage: Stage) -> None:
    stage.executive("นายก", MAE_RAEM)
    stage.coordinator("สมศรี")
    stage.at("2024-01-31T09:00")

    pushed = stage.tick()

    assert user_id("นายก") not in {to for to, _ in pushed}
    # The coordinator answers for สนจ. and the working group; Mae Raem counts as not reachable.
    assert "ลงทะเบียนกับบอตแล้ว ๒/" in stage.say("สมศรี", "ภาพรวม")[0]


@pytest.mark.parametrize("who", ["ปปช", "ผู้ดู"])
def test_reviewers_and_viewers_read_the_whole_province_and_change_no_plan(
    offices: Stage, who: str
) -> None:
    assert offices.say(who, "ภาพรวม")[0].startswith("ภาพรวมจังหวัดเชียงใหม่")
    assert "ผู้ประสานงานจังหวัด" in offices.say(who, "เลื่อนข้อ ๓ เป็น ๑ - ๒๐ กุมภาพันธ์ ๒๕๖๗")[0]
    assert offices.say(who, "ยกเลิก ๓ ทต.แม่แรม") == [ONLY_OFFICERS]
