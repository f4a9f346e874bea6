"""The history: who did what when, for those who may know, by role and agency alone."""

import re

import pytest

from tests.stage import GROUP, Stage

NOTHING = ["ยังไม่มีประวัติการดำเนินการตามที่ถาม"]


@pytest.fixture
def busy(town: Stage) -> Stage:
    """The town after three reports and one that a coordinator took back."""
    town.say("นภา", "เสร็จ ๓")
    town.later(minutes=5)
    town.say("วิชัย", "ติดปัญหา ๓ คุณสมชายลาป่วย")
    town.later(hours=1)
    town.say("นภา", "กำลังทำ ๕")
    town.later(days=2)
    town.say("สมศรี", "ยกเลิก ๓ ทต.แม่แรม")
    return town


def test_an_officer_sees_the_history_of_an_activity_of_the_own_agency(busy: Stage) -> None:
    said = busy.say("นภา", "ประวัติ ข้อ ๓")

    assert said == [
        "📜 ประวัติ ข้อ ๓ (ล่าสุดก่อน)\n"
        "• ๕ ม.ค. ๖๗ ๑๐.๐๕ น. ข้อ ๓ ยกเลิกรายงาน · ผู้ประสานงานจังหวัด แทน ทต.แม่แรม (เลขที่ ๑๓)\n"
        "• ๓ ม.ค. ๖๗ ๐๙.๐๐ น. ข้อ ๓ เสร็จสิ้น · ผู้รับผิดชอบ ทต.แม่แรม (เลขที่ ๑๐)"
    ]


def test_without_a_number_all_of_the_own_agency_is_shown(busy: Stage) -> None:
    said = busy.say("นภา", "ประวัติ")

    assert re.findall("เลขที่ ([๐-๙]+)", said[0]) == ["๑๓", "๑๒", "๑๐"]


def test_an_officer_does_not_see_another_agency(busy: Stage) -> None:
    said = busy.say("นภา", "ประวัติ ๓ อบต.ดอนแก้ว")

    assert "เลขที่" not in said[0]
    assert "ติดปัญหา" not in said[0]


@pytest.mark.parametrize("who", ["ดา", "สมศรี"])
def test_district_and_coordinator_see_an_agency_that_they_name(busy: Stage, who: str) -> None:
    said = busy.say(who, "ประวัติ ๓ อบต.ดอนแก้ว")

    assert said == [
        "📜 ประวัติ ข้อ ๓ อบต.ดอนแก้ว (ล่าสุดก่อน)\n"
        "• ๓ ม.ค. ๖๗ ๐๙.๐๕ น. ข้อ ๓ ติดปัญหา · ผู้รับผิดชอบ อบต.ดอนแก้ว (เลขที่ ๑๑)"
    ]


def test_a_district_officer_does_not_see_another_district(busy: Stage) -> None:
    busy.officer("ฝาง", "เทศบาลตำบลเวียงฝาง")
    busy.say("ฝาง", "เสร็จ ๓")

    named = busy.say("ดา", "ประวัติ ทต.เวียงฝาง")
    all_of_them = busy.say("ดา", "ประวัติ ๓")

    assert "เลขที่" not in named[0]
    assert "เวียงฝาง" not in all_of_them[0]


def test_a_coordinator_sees_who_joined_and_what_plan_is_in_force_only_in_private(
    busy: Stage,
) -> None:
    private, group = busy.say("สมศรี", "ประวัติ"), busy.say("สมศรี", "ประวัติ", GROUP)

    assert "มีผู้ลงทะเบียน (ผู้รับผิดชอบ)" in private[0]
    assert "มีผู้ลงทะเบียน" not in group[0]
    assert "ประกาศใช้แผน ปี ๒๕๖๗ ครั้งที่ ๑" in group[0]


@pytest.mark.parametrize("group", ["", GROUP])
@pytest.mark.parametrize("who", ["นภา", "วิชัย", "ดา", "สมศรี"])
def test_no_name_reason_or_id_is_told_to_anybody(busy: Stage, who: str, group: str) -> None:
    said = busy.say(who, "ประวัติ", group)

    assert "เลขที่" in said[0]
    assert not any(word in said[0] for word in ("สมชาย", "นภา", "วิชัย", "สมศรี", "U0", "Ue0"))


def test_only_the_newest_ten_are_shown(busy: Stage) -> None:
    for _ in range(6):
        busy.say("นภา", "เสร็จ ๕")
        busy.say("นภา", "ยกเลิก ๕")

    said = busy.say("นภา", "ประวัติ ๕")

    assert len(said[0].splitlines()) == 11


def test_what_nobody_did_has_no_history(town: Stage) -> None:
    assert town.say("นภา", "ประวัติ ๓") == NOTHING


def test_a_stranger_sees_nothing(busy: Stage) -> None:
    assert busy.say("แปลก", "ประวัติ")[0].startswith("ท่านยังไม่ได้ลงทะเบียน")


def test_the_history_of_one_province_is_not_told_in_another(border: Stage) -> None:
    border.say("นภา", "เสร็จ ๓")

    said = [
        *border.say("ลำ", "ประวัติ ๓"),
        *border.say("ลำ", "ประวัติ ทต.แม่แรม"),
        *border.say("ลำ", "ประวัติ ๓", GROUP),
    ]

    assert "เสร็จสิ้น" not in "".join(said)
