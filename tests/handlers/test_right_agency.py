"""A report counts for the agency that was meant, and for the moment it was made."""

from datetime import date

from sqlalchemy import select

from bot.clock import read_instant
from handlers.plan_import import changes
from store import agencies
from store.database import transaction
from store.models import Report
from store.types import DutyState, FiscalYear, Role, Window
from tests.factories import code_in, make_draft, make_plan, replan, state_of
from tests.stage import Stage, unnumbered

PANG, PONG = "เทศบาลตำบลบ้านปง", "เทศบาลตำบลบ้านโป่ง"
MAE_RAEM = "เทศบาลตำบลแม่แรม"


def plan_of(stage: Stage, year: int, *windows: Window) -> None:
    """Put a plan of that fiscal year (BE) in force, an activity per window, numbered from 1."""
    drafts = [make_draft(str(n), f"งาน {n}", window) for n, window in enumerate(windows, start=1)]
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        changes.confirm(session, province, FiscalYear(year), make_plan(*drafts), now=stage.now)


def test_a_neighbours_name_is_no_slip_in_ones_own(town: Stage) -> None:
    town.officer("ปง", PANG)
    town.officer("โป่ง", PONG)
    town.say("โป่ง", "สัปดาห์นี้มีอะไรต้องส่ง")
    button = town.buttons("เสร็จ")[0]
    town.tap("", button, "C" + "a" * 32)

    said = town.say("ปง", "ยืนยัน เสร็จ ข้อ ๓ ทต.บ้านโป่ง", "C" + "a" * 32)

    assert said == ["“ทต.บ้านโป่ง” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก"]
    assert state_of(town, PANG) is DutyState.OPEN


def test_a_neighbours_status_is_not_shown_as_ones_own(town: Stage) -> None:
    town.officer("ปง", PANG)

    said = town.say("ปง", "สถานะ ทต.บ้านโป่ง")

    assert "ทต.บ้านปง" not in said[0]


def test_a_stale_button_without_a_sender_is_not_confirmed(town: Stage) -> None:
    town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")
    button = town.buttons("เสร็จ")[0]
    replan(town, make_draft("3", window=Window(date(2024, 1, 1), date(2024, 2, 29))))

    said = town.tap("", button, "C" + "a" * 32)

    assert said[0].startswith("ข้อมูลเปลี่ยนแล้ว จึงยังไม่บันทึก ข้อ ๓")


def test_a_report_counts_from_when_it_was_said(town: Stage) -> None:
    town.at("2024-01-31T23:50")
    raw_at = int(town.now.timestamp() * 1000)
    town.at("2024-02-01T08:00")

    town.event("นภา", type="message", timestamp=raw_at, message={"type": "text", "text": "เสร็จ ๓"})

    with transaction(town.engine) as session:
        at = session.scalar(select(Report.reported_at).order_by(Report.id.desc()).limit(1))
    assert at == read_instant("2024-01-31T23:50")


def test_one_question_at_a_time_and_the_rest_is_named(town: Stage) -> None:
    said = town.say("นภา", "ติดปัญหา ๓,๕")

    assert said == [
        "ยังไม่ได้บันทึก ข้อ ๕ โปรดพิมพ์ทีละข้อหลังตอบคำถามนี้",
        "ข้อ ๓ ติดปัญหาเรื่องใด พิมพ์ “ติดปัญหา ข้อ ๓” ตามด้วยเหตุผล หรือแตะเลือก",
    ]


def test_a_coordinator_takes_back_what_an_agency_cannot_any_more(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    town.later(hours=25)

    by_agency = town.say("นภา", "ยกเลิก ๓")
    by_coordinator = town.say("สมศรี", "ยกเลิก ๓ ทต.แม่แรม")

    assert by_agency == ["ข้อ ๓ แจ้งไว้เกิน ๒๔ ชั่วโมงแล้ว ขอให้ผู้ประสานงานจังหวัดยกเลิกให้"]
    assert unnumbered(by_coordinator) == ["↩️ ทต.แม่แรม ข้อ ๓ ยกเลิกรายงานแล้ว (เสร็จแล้ว ๐/๒๑๒)"]


def test_an_officer_takes_back_nothing_of_another_agency(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    said = town.say("วิชัย", "ยกเลิก ๓ ทต.แม่แรม")

    assert said == ["“ทต.แม่แรม” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก"]
    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_last_years_plan_does_not_stand_above_this_years(town: Stage) -> None:
    town.at("2025-01-06T09:00")
    before = town.say("นภา", "งานค้าง")
    plan_of(town, 2568, Window(date(2025, 1, 1), date(2025, 1, 31)))

    after = town.say("นภา", "งานค้าง")
    due = town.say("นภา", "สัปดาห์นี้มีอะไรต้องส่ง")

    assert before[0].startswith("เกินกำหนด ทต.แม่แรม")
    assert after == ["✅ ทต.แม่แรม ไม่มีรายการเกินกำหนด"]
    assert due[0].splitlines()[:2] == ["สัปดาห์นี้ ทต.แม่แรม ๑ รายการ", "ข้อ ๑ งาน 1"]


def test_next_years_plan_does_not_hide_this_years(town: Stage) -> None:
    town.at("2024-08-05T09:00")
    plan_of(town, 2568, Window(date(2024, 10, 1), date(2024, 10, 31)))

    said = town.say("นภา", "งานค้าง")

    assert said[0].startswith("เกินกำหนด ทต.แม่แรม")


def test_who_answers_for_two_provinces_is_asked_which_is_meant(border: Stage) -> None:
    border.say("นภา", code_in(border, "ลำพูน", Role.OFFICER, "เทศบาลเมืองลำพูน"))

    said = border.say("นภา", "เสร็จ ๓")

    assert said == ["ข้อ ๓ ท่านหมายถึงรายการใด"]
    assert state_of(border, MAE_RAEM) is DutyState.OPEN
