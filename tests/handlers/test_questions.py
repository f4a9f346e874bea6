"""Answers to an agency about its own part: what is due in any period, status, the plan's text."""

from datetime import date

import pytest

from handlers.questions import period_days
from store import agencies
from store.database import transaction
from store.types import FiscalYear, Role
from tests.factories import JANUARY, make_draft, put_plan, replan
from tests.stage import GROUP, Stage, actions, unnumbered

ITEM_3 = "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS"
TO_DO = (
    "ขออภัย ไม่เข้าใจข้อความนี้ เลือกจากเมนูได้เลย",
    ["สัปดาห์นี้", "สถานะ", "งานค้าง", "ช่วยเหลือ"],
)


def numbers(said: list[str]) -> list[str]:
    """Return the items that a card lists, in its order."""
    lines = [line for text in said for line in text.splitlines()]
    return [line.split()[1] for line in lines if line.startswith("ข้อ ")]


@pytest.mark.parametrize(
    ("asked", "title", "listed"),
    [
        pytest.param("วันนี้มีอะไรต้องส่ง", "วันนี้ ทต.แม่แรม ๓ รายการ", "๓ ๕ ๑๑", id="today"),
        pytest.param("พรุ่งนี้มีอะไรต้องส่ง", "พรุ่งนี้ ทต.แม่แรม ๓ รายการ", "๓ ๕ ๑๑", id="tomorrow"),
        pytest.param("สัปดาห์นี้มีอะไรต้องส่ง", "สัปดาห์นี้ ทต.แม่แรม ๓ รายการ", "๓ ๕ ๑๑", id="week"),
        pytest.param("สัปดาห์หน้ามีอะไรต้องส่ง", "สัปดาห์หน้า ทต.แม่แรม ๓ รายการ", "๓ ๕ ๑๑", id="next week"),
        pytest.param("เดือนนี้มีอะไรต้องส่ง", "เดือนนี้ ทต.แม่แรม ๓ รายการ", "๓ ๕ ๑๑", id="month"),
        pytest.param("เดือนหน้ามีอะไรต้องส่ง", "เดือนหน้า ทต.แม่แรม ๓ รายการ", "๑๐ ๑๑ ๑๒", id="next month"),
        pytest.param(
            "มีอะไรต้องส่งเดือนมิถุนายน", "เดือนมิถุนายน ทต.แม่แรม ๓ รายการ", "๑๒ ๑๓ ๑๗", id="by name"
        ),
        pytest.param("เดือน ๕ มีอะไรต้องส่ง", "เดือนพฤษภาคม ทต.แม่แรม ๒ รายการ", "๑๒ ๑๓", id="by number"),
    ],
)
def test_what_is_due_in_a_period_is_listed(
    town: Stage, asked: str, title: str, listed: str
) -> None:
    said = town.say("นภา", asked)

    assert len(said) == 1
    assert said[0].splitlines()[0] == title
    assert numbers(said) == listed.split()


def test_the_card_says_how_long_there_is_and_how_it_stands(town: Stage) -> None:
    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said[0].splitlines()[:3] == [
        "สัปดาห์นี้ ทต.แม่แรม ๓ รายการ",
        ITEM_3,
        "เหลือ ๒๘ วัน (ถึง ๓๑ ม.ค. ๖๗) · ยังไม่รายงาน",
    ]


def test_the_question_is_answered_in_the_group_for_the_askers_agency(town: Stage) -> None:
    said = [town.say(name, "สัปดาห์นี้มีอะไรต้องส่ง", GROUP)[0].splitlines()[0] for name in ("นภา", "วิชัย")]

    assert said == ["สัปดาห์นี้ ทต.แม่แรม ๓ รายการ", "สัปดาห์นี้ อบต.ดอนแก้ว ๓ รายการ"]


def test_what_is_done_is_asked_for_no_more(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓,๑๑")

    assert numbers(town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")) == ["๕"]


def test_what_is_worked_on_stays_on_the_list(town: Stage) -> None:
    town.say("นภา", "กำลังทำ ๓")

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said[0].splitlines()[2] == "เหลือ ๒๘ วัน (ถึง ๓๑ ม.ค. ๖๗) · กำลังดำเนินการ"


def test_what_is_overdue_leads_the_list_of_this_week(town: Stage) -> None:
    town.at("2024-02-05T09:00")

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert numbers(said) == ["๓", "๕", "๑๑", "๑๒"]
    assert "เกินกำหนด ๕ วัน (ครบกำหนด ๓๑ ม.ค. ๖๗) · ยังไม่รายงาน" in said[0]


def test_a_month_that_is_over_lists_what_is_left_of_it(town: Stage) -> None:
    said = town.say("สมศรี", "มีอะไรต้องส่งเดือนธันวาคม")

    assert said[0].splitlines()[0] == "เดือนธันวาคม สนจ.เชียงใหม่ ๑ รายการ"
    assert numbers(said) == ["๒"]


def test_nothing_due_says_what_comes_next(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓,๕,๑๑")

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said == [
        "สัปดาห์นี้ ทต.แม่แรม ไม่มีรายการที่ต้องส่ง\n"
        "รายการถัดไป: ข้อ ๑๒ เผยแพร่ประชาสัมพันธ์ช่องทางการตอบแบบวัด IIT และ แบบวัด EIT…"
        " (๑ ก.พ. ๖๗)"
    ]


def test_nothing_due_ever_more_says_only_that(town: Stage) -> None:
    town.say("นภา", "เสร็จ 3,5,10,11,12,13,15,17")

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said == ["สัปดาห์นี้ ทต.แม่แรม ไม่มีรายการที่ต้องส่ง"]


def test_what_is_overdue_can_be_asked_for(town: Stage) -> None:
    town.at("2024-02-05T09:00")

    said = town.say("นภา", "เลยกำหนด")

    assert said[0].splitlines()[0] == "เกินกำหนด ทต.แม่แรม ๒ รายการ"
    assert numbers(said) == ["๓", "๕"]


def test_nothing_overdue_is_good_news(town: Stage) -> None:
    assert town.say("นภา", "เลยกำหนด") == ["✅ ทต.แม่แรม ไม่มีรายการเกินกำหนด"]


def test_the_status_counts_and_names_what_is_open(town: Stage) -> None:
    for typed in ("เสร็จ ๓", "กำลังทำ ๕", "ติดปัญหา ๑๑ ไฟดับ"):
        town.say("นภา", typed)

    said = town.say("นภา", "สถานะ")

    assert len(said) == 1
    assert said[0].startswith(
        "ทต.แม่แรม: เสร็จ ๑/๘ รายการ\nกำลังดำเนินการ: ข้อ ๕\nติดปัญหา: ข้อ ๑๑\n• ข้อ ๕ "
    )


def test_the_status_of_who_answers_for_two_tells_them_apart(town: Stage) -> None:
    said = town.say("สมศรี", "สถานะ")

    assert "สนจ.เชียงใหม่: เสร็จ ๐/๑๒ รายการ" in said[0]
    assert "คณะทำงาน ITA จังหวัดเชียงใหม่: เสร็จ ๐/๓ รายการ" in said[0]


def test_the_status_of_ones_own_agency_may_be_asked_by_name(town: Stage) -> None:
    said = town.say("นภา", "สถานะ ทต.แม่แรม")

    assert said[0].startswith("ทต.แม่แรม: เสร็จ ๐/๘ รายการ")


def test_the_status_of_another_agency_is_not_for_an_officer(town: Stage) -> None:
    said = town.say("นภา", "สถานะ อบต.ดอนแก้ว")

    assert said == ["ข้อมูลนี้สำหรับผู้ประสานงานจังหวัดและอำเภอ พิมพ์ “สถานะ” เพื่อดูของหน่วยงานท่าน"]


def test_a_long_status_is_cut_with_a_count(town: Stage) -> None:
    replan(town, *(make_draft(str(number)) for number in range(1, 10)))

    said = town.say("นภา", "สถานะ")

    assert said[0].splitlines()[-1] == "และอีก ๓ รายการ"


def test_an_activity_is_shown_as_the_plan_prints_it_with_ones_own_part(town: Stage) -> None:
    said = town.say("นภา", "ข้อ ๓")

    assert said[0] == (
        "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
        "ระยะเวลา: ๑ - ๓๑ มกราคม ๒๕๖๗ · เหลือ ๒๘ วัน (ถึง ๓๑ ม.ค. ๖๗)\n"
        "ผู้รับผิดชอบ: - สนจ.เชียงใหม่ - อปท. ทุกแห่ง\n"
        "เสร็จแล้ว ๐/๒๑๒"
    )
    assert said[1].startswith("ส่วนของ ทต.แม่แรม ๑ รายการ\n")


def test_an_activity_of_others_is_shown_without_buttons(town: Stage) -> None:
    said = town.say("นภา", "ข้อ ๒")

    assert len(said) == 1
    assert said[0].startswith("ข้อ ๒ ประชุมคณะกรรมการผลักดัน")
    assert actions(town.line.sent[-1][2]) == []


def test_ones_part_that_is_done_is_not_asked_for_again(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("นภา", "ข้อ ๓")

    assert len(said) == 1
    assert said[0].endswith("เสร็จแล้ว ๑/๒๑๒\nทต.แม่แรม ข้อ ๓: เสร็จสิ้น")


def test_an_activity_that_is_not_in_the_plan_is_said_so(town: Stage) -> None:
    assert town.say("นภา", "ข้อ ๙๙")[0].startswith("ไม่พบข้อ ๙๙")


def test_an_activity_without_dates_is_shown_and_never_due(town: Stage) -> None:
    replan(town, make_draft("1", window=None))

    assert "ไม่ได้กำหนดเวลา" in town.say("นภา", "ข้อ ๑")[0]
    assert town.say("นภา", "เดือนนี้มีอะไรต้องส่ง") == ["เดือนนี้ ทต.แม่แรม ไม่มีรายการที่ต้องส่ง"]


def test_more_than_a_card_holds_is_counted(town: Stage) -> None:
    replan(town, *(make_draft(str(number)) for number in range(1, 12)))

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said[0].splitlines()[-1] == "และอีก ๓ รายการ"
    assert len(town.buttons("เสร็จ")) == 8


def test_whom_to_turn_to_names_the_office_and_no_person(town: Stage) -> None:
    said = town.say("นภา", "ติดต่อ")

    assert said == [
        "ผู้ประสานงาน ITA จังหวัดเชียงใหม่: สำนักงานจังหวัดเชียงใหม่ ถามในกลุ่มคณะทำงานหรือติดต่อสำนักงานโดยตรง"
    ]


def test_help_shows_every_kind_of_question(town: Stage) -> None:
    said = town.say("นภา", "ช่วยเหลือ")

    assert said == [
        "พิมพ์หรือแตะได้เลย\n"
        "• สัปดาห์นี้มีอะไรต้องส่ง (หรือ วันนี้ เดือนนี้)\n"
        "• สถานะ · งานค้าง · ติดต่อผู้ประสานงาน\n"
        "• รายละเอียดข้อ ๑๑ · ประวัติข้อ ๑๑ · ดูหลักฐาน ๑๑\n"
        "• เสร็จ ๑๑ หรือ เสร็จ ๓,๕\n"
        "• กำลังทำ ๑๑ · ติดปัญหา ๑๑ ตามด้วยเหตุผล\n"
        "• เสร็จ ๑๑ จำนวน ๔๕ ชุด หรือตามด้วยลิงก์\n"
        "• หลักฐาน ๑๑ แล้วส่งภาพหรือไฟล์\n"
        "• ยกเลิก ๑๑ · แก้ตัวเลข ๑๑ เป็น ๔๘ (ภายใน ๒๔ ชั่วโมง)\n"
        "• ส่งมอบงาน · ออกจากหน้าที่ · ลบข้อมูลของฉัน"
    ]


def test_help_for_who_sees_an_area_has_more_lines(town: Stage) -> None:
    assert town.say("ดา", "ช่วยเหลือ")[0].endswith(
        "\n• ภาพรวม · ใครยังไม่ส่งข้อ ๑๑"
        "\n• ใครยังไม่ลงทะเบียน · ใครติดต่อไม่ได้"
        "\n• ใครติดปัญหา · รออนุมัติ"
        "\n• ส่งมอบงาน · ออกจากหน้าที่ · ลบข้อมูลของฉัน"
    )


def test_help_speaks_of_what_the_asker_may_do(town: Stage) -> None:
    town.join("ตรวจ", town.code(Role.REVIEWER))

    coordinator, reviewer = (town.say(who, "ช่วยเหลือ")[0] for who in ("สมศรี", "ตรวจ"))

    for command in ("ออกรหัส", "ใครขอเข้าร่วม", "พ้นหน้าที่", "ต้องมีหลักฐาน", "ตั้งค่า"):
        assert command in coordinator
        assert command not in reviewer
    assert "สอบทาน ๑๑ อบต.แม่แรม" in reviewer
    assert "เสร็จ ๑๑" not in reviewer
    assert "เสร็จ ๑๑" in town.say("แปลก", "ช่วยเหลือ", GROUP)[0]


@pytest.mark.parametrize("asked", ["สัปดาห์นี้มีอะไรต้องส่ง", "เลยกำหนด", "สถานะ"])
def test_who_only_looks_after_others_is_shown_the_way_to_them(town: Stage, asked: str) -> None:
    said = town.say("ดา", asked)

    assert said == ["ท่านไม่มีรายการที่ต้องรายงานเอง พิมพ์ “ภาพรวม” เพื่อดูหน่วยงานในพื้นที่ของท่าน"]


def test_an_agency_without_a_share_in_the_plan_is_told_whom_to_ask(town: Stage) -> None:
    town.officer("สถจ", "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดเชียงใหม่")
    replan(town, make_draft("1"))

    assert town.say("สถจ", "สถานะ") == ["ท่านยังไม่มีหน่วยงานในระบบ ติดต่อผู้ประสานงานจังหวัด"]


def test_a_person_of_two_agencies_gets_one_card_that_names_them(town: Stage) -> None:
    town.officer("นภา", "องค์การบริหารส่วนตำบลดอนแก้ว")

    said = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert said[0].splitlines()[:2] == [
        "สัปดาห์นี้ ๒ หน่วยงานของท่าน ๖ รายการ",
        f"ทต.แม่แรม · {ITEM_3}",
    ]
    assert f"อบต.ดอนแก้ว · {ITEM_3}" in said[0]


def test_the_neighbour_province_with_the_same_numbers_is_never_shown(border: Stage) -> None:
    border.say("เมือง", "เสร็จ ๓")

    said = [
        text
        for asked in ("สัปดาห์นี้มีอะไรต้องส่ง", "สถานะ", "ข้อ ๓", "ติดต่อ")
        for text in border.say("นภา", asked)
    ]

    assert "เสร็จแล้ว ๐/๒๑๒" in said[2]
    assert not any("ลำพูน" in text for text in said)


def test_a_number_means_this_fiscal_years_activity(town: Stage) -> None:
    with transaction(town.engine) as session:
        province = agencies.provinces(session)[0]
        for year in (2566, 2568):
            title = f"ของปี {year}"
            put_plan(session, province, make_draft("3", title), year=FiscalYear(year))

    shown = town.say("นภา", "ข้อ ๓")
    reported = town.say("นภา", "เสร็จ ๓")

    assert shown[0].startswith(ITEM_3)
    assert unnumbered(reported) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]


@pytest.mark.parametrize(
    ("period", "today", "days"),
    [
        pytest.param("today", "2024-01-03", "2024-01-03 2024-01-03", id="today"),
        pytest.param("tomorrow", "2024-01-31", "2024-02-01 2024-02-01", id="tomorrow"),
        pytest.param("week", "2024-01-03", "2024-01-01 2024-01-07", id="from monday to sunday"),
        pytest.param("week", "2024-01-07", "2024-01-01 2024-01-07", id="on sunday"),
        pytest.param("next_week", "2024-12-31", "2025-01-06 2025-01-12", id="over new year"),
        pytest.param("month", "2024-02-10", "2024-02-01 2024-02-29", id="leap month"),
        pytest.param("next_month", "2024-12-10", "2025-01-01 2025-01-31", id="next month"),
        pytest.param("10", "2024-01-03", "2023-10-01 2023-10-31", id="october before january"),
        pytest.param("9", "2024-01-03", "2024-09-01 2024-09-30", id="last month of the year"),
        pytest.param("10", "2024-10-01", "2024-10-01 2024-10-31", id="a new fiscal year"),
        pytest.param("1", "2024-10-01", "2025-01-01 2025-01-31", id="january after october"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, today: str, days: str) -> None:
    first, last = period_days(period, date.fromisoformat(today))

    assert f"{first} {last}" == days


def test_an_open_start_counts_as_running(town: Stage) -> None:
    window = type(JANUARY)(None, JANUARY.last)
    replan(town, make_draft("1", window=window))

    assert numbers(town.say("นภา", "วันนี้มีอะไรต้องส่ง")) == ["๑"]


def test_a_mistyped_question_in_private_leads_to_the_menu(town: Stage) -> None:
    said = town.say("นภา", "ฟหกด่าสว")

    assert said == [TO_DO[0]]
    assert [each["label"] for each in actions(town.line.sent[-1][2])] == TO_DO[1]
