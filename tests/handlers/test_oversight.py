"""Answers to district and province: how far the agencies of the area are, and who is late."""

import pytest

from tests.factories import code_in
from tests.stage import GROUP, Stage, actions

ONLY_AREA = "ข้อมูลนี้สำหรับผู้ประสานงานจังหวัดและอำเภอ พิมพ์ “สถานะ” เพื่อดูของหน่วยงานท่าน"


def test_a_district_officer_sees_the_own_district_only(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("ดา", "ภาพรวม")

    lines = said[0].splitlines()
    assert "อ.แม่ริม" in lines[0]
    assert any(line.startswith("• ข้อ ๓ ") and "๑/๑๑" in line for line in lines)
    assert "๒/๑๑ หน่วยงาน" in said[0]
    assert "๒๑๒" not in said[0]


def test_a_coordinator_sees_the_province(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("สมศรี", "ภาพรวม")

    assert "จังหวัดเชียงใหม่" in said[0].splitlines()[0]
    assert "๑/๒๑๒" in said[0]
    assert "๔/๒๑๔ หน่วยงาน" in said[0]


def test_what_has_not_begun_is_not_in_the_overview(town: Stage) -> None:
    said = town.say("สมศรี", "ภาพรวม")

    assert "ข้อ ๑๑ " in said[0]
    assert "ข้อ ๑๒ " not in said[0]


def test_a_coordinator_may_ask_about_one_district(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("สมศรี", "ภาพรวมอำเภอแม่ริม")

    assert "อ.แม่ริม" in said[0].splitlines()[0]
    assert "๑/๑๑" in said[0]


@pytest.mark.parametrize("asked", ["ภาพรวมอำเภอฝาง", "ภาพรวมอำเภอเมืองลำพูน"])
def test_another_district_is_not_shown_to_a_district_officer(border: Stage, asked: str) -> None:
    said = border.say("ดา", asked)

    assert said == [f"ไม่พบอำเภอ “{asked.removeprefix('ภาพรวมอำเภอ')}” ในพื้นที่ของท่าน"]


@pytest.mark.parametrize("asked", ["ภาพรวม", "ใครยังไม่ส่งข้อ ๓", "ใครยังไม่ส่ง"])
def test_an_officer_of_an_agency_does_not_see_the_others(town: Stage, asked: str) -> None:
    assert town.say("นภา", asked) == [ONLY_AREA]


def test_who_is_late_is_named_by_district_in_private(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("ดา", "ใครยังไม่ส่งข้อ ๓")

    assert said == [
        "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
        "เสร็จ ๑/๑๑ ยังไม่เสร็จ ๑๐ แห่ง\n"
        "• อ.แม่ริม: (๑๐) ทต.แม่ริม, ทต.ขี้เหล็ก, ทต.ริมเหนือ, ทต.สันโป่ง, ทต.เหมืองแก้ว และอีก ๕"
    ]


def test_in_the_group_only_the_numbers_are_said(town: Stage) -> None:
    said = town.say("ดา", "ใครยังไม่ส่งข้อ ๓", GROUP)

    assert said == [
        "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
        "เสร็จ ๐/๑๑ ยังไม่เสร็จ ๑๑ แห่ง\n"
        "อ.แม่ริม ๑๑\n"
        "รายชื่อ: ถามในแชตส่วนตัวกับบอต"
    ]


def test_without_a_number_the_last_three_that_ended_are_told(town: Stage) -> None:
    town.at("2024-02-05T09:00")

    said = town.say("สมศรี", "ใครยังไม่ส่ง")

    assert [text.split()[1] for text in said] == ["๓", "๔", "๕"]


def test_what_is_not_of_the_district_is_not_late_there(town: Stage) -> None:
    assert town.say("ดา", "ใครยังไม่ส่ง") == ["อ.แม่ริมไม่มีรายการเลยกำหนด"]


def test_what_is_done_by_all_is_not_late(town: Stage) -> None:
    town.say("สมศรี", "เสร็จ ๑,๒")

    said = town.say("สมศรี", "ใครยังไม่ส่ง")

    assert len(said) == 1
    assert said[0].startswith("จังหวัดเชียงใหม่")


def test_a_number_that_the_plan_has_not_is_said_so(town: Stage) -> None:
    assert town.say("สมศรี", "ใครยังไม่ส่งข้อ ๙๙")[0].startswith("ไม่พบข้อ ๙๙")


def test_one_agency_of_the_area_can_be_looked_at(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("ดา", "สถานะ ทต.แม่แรม")

    assert said[0].startswith("ทต.แม่แรม: เสร็จ ๑/๘ รายการ")


def test_an_agency_outside_the_area_is_not_found(town: Stage) -> None:
    said = town.say("ดา", "สถานะ ทต.เวียงฝาง")

    assert not any("เสร็จ" in text for text in said)
    assert not any("เวียงฝาง" in each["label"] for each in actions(town.line.sent[-1][2]))


def test_an_unsure_name_is_asked_back(town: Stage) -> None:
    town.say("สมศรี", "สถานะ อบต.แม่แรม")

    offered = actions(town.line.sent[-1][2])

    assert "ทต.แม่แรม" in [each["label"] for each in offered]
    assert town.say("สมศรี", offered[0]["text"])[0].startswith(offered[0]["label"])


def test_neither_names_nor_counts_cross_the_border(border: Stage) -> None:
    border.say("เมือง", "เสร็จ ๓")

    questions = ("ภาพรวม", "ใครยังไม่ส่งข้อ ๓", "ใครยังไม่ส่ง", "สถานะ ทม.ลำพูน")
    here = [text for asked in questions for text in border.say("สมศรี", asked)]
    there = [text for asked in questions[:3] for text in border.say("ลำ", asked)]

    assert not any("ลำพูน" in text for text in here if "ทม.ลำพูน" not in text)
    assert not any("เสร็จ ๑/๘" in text for text in here)
    assert "๐/๒๑๒" in here[0]
    assert not any("เชียงใหม่" in text or "แม่ริม" in text for text in there)
    assert "๑/๕๙" in there[0]


def test_a_neighbours_coordinator_is_a_stranger_in_the_group(border: Stage) -> None:
    said = border.say("ลำ", "ใครยังไม่ส่งข้อ ๓", GROUP)

    assert said[0].startswith("ท่านยังไม่ได้ลงทะเบียนกับจังหวัดของกลุ่มนี้")


def test_two_groups_of_two_provinces_are_answered_apart(border: Stage) -> None:
    other = "C" + "b" * 32
    border.say("ลำ", f"ผูกกลุ่ม {code_in(border, 'ลำพูน', None)}", other)

    said = [border.say("ลำ", "ภาพรวม", other)[0], border.say("สมศรี", "ภาพรวม", GROUP)[0]]

    assert [("ลำพูน" in each, "เชียงใหม่" in each) for each in said] == [
        (True, False),
        (False, True),
    ]
