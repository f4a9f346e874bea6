"""On behalf (รายงานแทน): a district reports for its agencies, and it is never called their act."""

import pytest

from handlers.postback import DutyButton, encode
from messages_th.problems import AGENCY_MISSING
from store import agencies, record
from store.database import transaction
from store.types import DutyState, Role
from tests.bot.queue_rows import execute
from tests.factories import duty_of, state_of
from tests.stage import GROUP, Stage, unnumbered

MAE_RAEM, WIANG_FANG = "เทศบาลตำบลแม่แรม", "เทศบาลตำบลเวียงฝาง"


def last_by(stage: Stage) -> str:
    """Return the role that the newest entry of the record names."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        return str([*record.entries(session, province)][-1].facts["by"])


def done_button(stage: Stage, agency: str) -> str:
    with transaction(stage.engine) as session:
        duty = duty_of(session, agency)
    return encode(DutyButton(DutyState.DONE, duty.duty_id, duty.activity.revision))


@pytest.mark.parametrize("group", ["", GROUP])
@pytest.mark.parametrize("how", ["typed", "tapped"])
def test_a_district_reports_for_its_agency_and_it_is_marked_everywhere(
    town: Stage, group: str, how: str
) -> None:
    said = (
        town.say("ดา", "เสร็จ ๓ ทต.แม่แรม", group)
        if how == "typed"
        else town.tap("ดา", done_button(town, MAE_RAEM), group)
    )

    assert unnumbered(said) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒) (รายงานแทนโดยอำเภอ)"]
    assert last_by(town) == Role.DISTRICT
    for who in ("นภา", "ดา", "สมศรี"):
        told = town.say(who, "ประวัติ ข้อ ๓")[0]
        assert "ข้อ ๓ เสร็จสิ้น · ทต.แม่แรม (รายงานแทนโดยอำเภอ)" in told
        assert "ผู้รับผิดชอบ" not in told


def test_what_the_agency_reports_itself_is_not_marked(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ ๓")

    assert "แทน" not in said[0]
    assert last_by(town) == Role.OFFICER


def test_who_is_both_acts_as_the_officer(town: Stage) -> None:
    town.officer("ดา", MAE_RAEM)

    said = town.say("ดา", "เสร็จ ๓ ทต.แม่แรม")

    assert "แทน" not in said[0]
    assert last_by(town) == Role.OFFICER


@pytest.mark.parametrize("group", ["", GROUP])
def test_a_district_acts_for_no_agency_of_another_district(town: Stage, group: str) -> None:
    typed = town.say("ดา", "เสร็จ ๓ ทต.เวียงฝาง", group)
    tapped = town.tap("ดา", done_button(town, WIANG_FANG), group)

    assert typed == ["“ทต.เวียงฝาง” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก"]
    assert "จึงไม่ได้บันทึก" in tapped[0]
    assert state_of(town, WIANG_FANG) is DutyState.OPEN


@pytest.mark.parametrize("typed", ["เสร็จ ๓", "ยกเลิก ๓"])
def test_a_district_is_asked_for_which_agency(town: Stage, typed: str) -> None:
    assert town.say("ดา", typed) == ["โปรดระบุหน่วยงานที่ท่านรายงานแทน เช่น “เสร็จ ๑๑ อบต.แม่แรม”"]


def test_a_district_takes_back_what_it_reported_within_a_day(town: Stage) -> None:
    town.say("ดา", "เสร็จ ๓ ทต.แม่แรม")

    said = town.say("ดา", "ยกเลิก ๓ ทต.แม่แรม")
    town.say("ดา", "เสร็จ ๓ ทต.แม่แรม")
    town.later(hours=25)
    late = town.say("ดา", "ยกเลิก ๓ ทต.แม่แรม")

    assert unnumbered(said) == [
        "↩️ ทต.แม่แรม ข้อ ๓ ยกเลิกรายงานแล้ว (เสร็จแล้ว ๐/๒๑๒) (รายงานแทนโดยอำเภอ)"
    ]
    assert late == ["ข้อ ๓ แจ้งไว้เกิน ๒๔ ชั่วโมงแล้ว ขอให้ผู้ประสานงานจังหวัดยกเลิกให้"]


def test_a_problem_is_reported_on_behalf_with_its_reason(town: Stage) -> None:
    said = town.say("ดา", "ติดปัญหา ๓ ทต.แม่แรม ไฟดับทั้งตำบล")

    assert "(รายงานแทนโดยอำเภอ)" in said[0]
    with transaction(town.engine) as session:
        assert duty_of(session, MAE_RAEM).reason == "ไฟดับทั้งตำบล"


def test_a_coordinator_of_no_agency_is_asked_whose_report_to_take_back(town: Stage) -> None:
    # Of a province whose secretariat is no agency of its directory.
    execute(town.engine, "DELETE FROM post WHERE role = 'officer'")

    said = town.say("สมศรี", "ยกเลิก ๓")

    assert said == [AGENCY_MISSING.text]
