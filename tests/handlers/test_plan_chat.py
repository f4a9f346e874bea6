"""A coordinator brings plans in and changes them in the chat: a file, pasted text, a typed line."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.sending import NoContent
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes
from store import agencies, plans
from store.database import transaction
from store.models import PostRow
from store.types import ActivityDraft, FiscalYear, PartyKind, PlanDraft, Role
from tests.conftest import SAMPLES
from tests.factories import YEAR, code_in, drafts_of
from tests.handlers.pdf_maker import page, pdf, table
from tests.stage import GROUP, Stage, user_id

MOVE_17 = "เลื่อนข้อ ๑๗ เป็น ๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗"
ONE_ROW = "ลำดับ\tกิจกรรม\tระยะเวลา\tผู้รับผิดชอบ\n๑\tส่งรายงาน\t{window}\tอปท. ทุกแห่ง"
HEADER = ("ลำดับ", "กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ")
CONFIRM, CANCEL, ASK = "ยืนยัน", "ยกเลิก", "ตอบข้อสงสัย"
AS_READ, PAGE_AS_READ = "ถูกต้องตามที่อ่าน", "ถูกต้องทั้งหน้า"


def lamphun_file() -> bytes:
    return (SAMPLES / "lamphun-2568.txt").read_bytes()


def in_force(stage: Stage, province: str, year: int = 2567) -> tuple[int, list[ActivityDraft]]:
    """Return the version in force, 0 where none is, and its rows."""
    with transaction(stage.engine) as session:
        found = agencies.province_id(session, province)
        assert found is not None
        plan = plans.plan_in_force(session, found, FiscalYear(year))
        rows = list(plans.drafts_in_force(session, plan[0]).values()) if plan else []
        return (plan[1] if plan else 0), rows


def tap(stage: Stage, name: str, label: str) -> list[str]:
    """Let somebody tap the first button so labelled in what was sent last."""
    return stage.tap(name, stage.buttons(label)[0])


def answer_all(stage: Stage, name: str, *labels: str) -> list[str]:
    """Tap the first of these buttons that is there until none is; return every question asked."""
    asked: list[str] = []
    while found := next((label for label in labels if stage.buttons(label)), None):
        said = tap(stage, name, found)
        asked += said
        assert len(asked) < 100
    return asked


def test_the_file_of_lamphun_comes_into_force_once_every_doubt_is_answered(border: Stage) -> None:
    summary, first_page = border.send_file("ลำ", "แผน.txt", lamphun_file())

    assert "จังหวัดลำพูน ปีงบประมาณ ๒๕๖๘ · ๑๒ ข้อ\nเป็นแผนแรกของปีนี้" in summary
    assert "ข้อ ๑ แต่งตั้ง" in first_page
    assert "หน้า ๑/๒" in first_page
    assert border.buttons(CONFIRM) == []
    assert in_force(border, "ลำพูน", 2568)[0] == 0

    asked = [
        *tap(border, "ลำ", ASK),
        *answer_all(border, "ลำ", "อปท. ทุกแห่ง", AS_READ, PAGE_AS_READ),
    ]

    assert "ข้อ ๔: “หน่วยงานที่เกี่ยวข้อง” ไม่ได้ระบุชื่อ หมายถึงหน่วยงานใดบ้าง" in asked[0]
    assert any("ข้อ ๗.๒: รหัส “<ul>” ในข้อความไม่มีตัวปิด" in text for text in asked)
    assert in_force(border, "ลำพูน", 2568)[0] == 0

    said = tap(border, "ลำ", CONFIRM)

    version, rows = in_force(border, "ลำพูน", 2568)
    assert (version, len(rows)) == (1, 12)
    assert "✅ ประกาศใช้แผนจังหวัดลำพูน ปีงบประมาณ ๒๕๖๘ ฉบับที่ ๑ แล้ว: ๑๒ ข้อ" in said[0]
    fourth = next(row for row in rows if row.number == "4")
    assert [party.text for party in fourth.parties] == [
        "สำนักงานจังหวัดลำพูน",
        "สำนักงาน ป.ป.ช. ประจำจังหวัดลำพูน",
        "อปท. ทุกแห่ง",
    ]


def test_a_date_moved_after_reminders_is_corrected_once_for_each_who_was_told(town: Stage) -> None:
    town.at("2024-06-06T09:00")
    reminded = {to for to, text in town.tick() if "ข้อ ๑๗" in text}
    assert reminded >= {user_id("นภา"), user_id("วิชัย")}
    town.later(minutes=5)

    summary = town.say("สมศรี", MOVE_17)[0]

    assert "๖ – ๑๘ มิถุนายน ๒๕๖๗ → ๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗" in summary
    assert "จะแจ้งแก้ไขแก่ ๓ หน่วยงานที่ได้รับวันเดิมแล้ว" in summary
    assert "สนจ.เชียงใหม่, ทต.แม่แรม, อบต.ดอนแก้ว" in summary
    before = len(town.line.sent)

    said = tap(town, "สมศรี", CONFIRM)
    town.later(minutes=5)
    town.tick()

    assert "จะแจ้งกำหนดใหม่แก่ ๓ หน่วยงาน คนละหนึ่งข้อความ" in said[0]
    pushes = [(to, str(messages)) for how, to, messages in town.line.sent[before:] if how == "push"]
    corrections = sorted(to for to, text in pushes if "🔁" in text)
    assert corrections == sorted(map(user_id, ("นภา", "วิชัย", "สมศรี")))
    town.later(days=1)
    assert [text for _, text in town.tick() if "🔁" in text] == []


def test_a_pasted_table_is_a_draft_and_chatter_is_not(town: Stage) -> None:
    version = in_force(town, "เชียงใหม่")[0]
    pasted = (SAMPLES / "chiangmai-2567.txt").read_text("utf-8")[:4500]

    summary = town.say("สมศรี", pasted)[0]
    chatter = town.say("สมศรี", "กิจกรรม ระยะเวลา ผู้รับผิดชอบ ยังไม่ครบนะคะ\nเดี๋ยวส่งใหม่")

    assert "เทียบกับแผนที่ใช้อยู่" in summary
    assert "ไม่เข้าใจ" in chatter[0]
    assert in_force(town, "เชียงใหม่")[0] == version


def test_a_pasted_table_in_the_group_is_left_alone(town: Stage) -> None:
    assert town.say("สมศรี", ONE_ROW.format(window="มกราคม ๒๕๖๗"), GROUP) == []
    assert town.send_file("สมศรี", "แผน.txt", lamphun_file(), GROUP) == []
    assert town.line.fetched == []


def test_a_table_without_any_year_is_asked_for_its_year(town: Stage) -> None:
    question = town.say("สมศรี", ONE_ROW.format(window="๑ - ๓๑ มกราคม"))

    assert question[0].startswith("แผนนี้เป็นของปีงบประมาณใด")
    assert town.say("สมศรี", "ยืนยันแผน")[0].startswith("ยังมีข้อสงสัย")

    summary = town.tap("สมศรี", town.buttons("ปีงบประมาณ ๒๕๖๘")[0])[0]

    assert "จังหวัดเชียงใหม่ ปีงบประมาณ ๒๕๖๘ · ๑ ข้อ" in summary
    answer_all(town, "สมศรี", ASK, PAGE_AS_READ)
    tap(town, "สมศรี", CONFIRM)
    window = in_force(town, "เชียงใหม่", 2568)[1][0].window
    assert window is not None
    assert window.last.isoformat() == "2025-01-31"


def test_a_date_that_was_corrected_before_the_year_was_said_stays_corrected(town: Stage) -> None:
    table = ONE_ROW.format(window="๑ - ๓๑ มกราคม") + "\n๒\tส่งแผน\tกุมภาพันธ์\tสนจ."
    town.say("สมศรี", table)
    town.say("สมศรี", "ข้อ ๒ ระยะเวลา ๓ มีนาคม ๒๕๖๘")
    town.tap("สมศรี", town.buttons("ปีงบประมาณ ๒๕๖๘")[0])

    answer_all(town, "สมศรี", ASK, PAGE_AS_READ)
    tap(town, "สมศรี", CONFIRM)

    windows = [row.window for row in in_force(town, "เชียงใหม่", 2568)[1]]
    assert [each and each.last.isoformat() for each in windows] == ["2025-01-31", "2025-03-03"]


def test_a_copy_whose_heading_names_another_year_is_for_the_year_asked_for(town: Stage) -> None:
    plan = PlanDraft("แผน ปีงบประมาณ พ.ศ. ๒๕๖๖", tuple(drafts_of(town).values()))
    with transaction(town.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        changes.confirm(session, province, YEAR, plan, now=town.now)

    town.say("สมศรี", "คัดลอกแผนปีหน้า")
    question = tap(town, "สมศรี", ASK)[0]
    asked = tap(town, "สมศรี", "ปีงบประมาณ ๒๕๖๘")[0]

    assert "หัวเรื่องระบุ “ปีงบประมาณ พ.ศ. ๒๕๖๗”" in question
    assert town.buttons("ปีงบประมาณ ๒๕๖๗") == []
    assert "ข้อสงสัย ๘ จาก ๑๘ เรื่อง" in asked
    assert "เลื่อนจาก" in asked


def test_a_heading_of_another_year_than_its_dates_is_asked_about(town: Stage) -> None:
    heading = "แผนการดำเนินงาน ปีงบประมาณ พ.ศ. ๒๕๖๘\n"

    question = town.say("สมศรี", heading + ONE_ROW.format(window="มกราคม ๒๕๖๗"))[0]

    assert "หัวเรื่องระบุ “ปีงบประมาณ พ.ศ. ๒๕๖๘” แต่ระยะเวลาในตารางเป็นปีงบประมาณอื่น" in question
    assert "ปีงบประมาณ ๒๕๖๗ · ๑ ข้อ" in tap(town, "สมศรี", "ปีงบประมาณ ๒๕๖๗")[0]


def test_a_plan_that_names_another_province_is_asked_about(border: Stage) -> None:
    question = border.send_file("สมศรี", "แผน.txt", lamphun_file())[0]

    assert question.startswith("หัวเรื่องระบุ “ลำพูน” แผนนี้เป็นของจังหวัดใด")
    assert border.buttons("ลำพูน") == []
    assert "จังหวัดเชียงใหม่ ปีงบประมาณ ๒๕๖๘" in tap(border, "สมศรี", "เชียงใหม่")[0]


def test_who_coordinates_two_provinces_gets_the_one_that_the_heading_names(border: Stage) -> None:
    border.say("สมศรี", code_in(border, "ลำพูน", Role.COORDINATOR))

    named = border.send_file("สมศรี", "แผน.txt", lamphun_file())[0]
    unnamed = border.say("สมศรี", ONE_ROW.format(window="มกราคม ๒๕๖๗"))[-1]

    assert "จังหวัดลำพูน ปีงบประมาณ ๒๕๖๘" in named
    assert unnamed.startswith("แผนนี้เป็นของจังหวัดใด")
    assert "จังหวัดลำพูน ปีงบประมาณ ๒๕๖๗" in tap(border, "สมศรี", "ลำพูน")[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("แผน.pdf", b"%PDF-1.7 torn", "ส่งไฟล์ต้นฉบับ Word", id="broken PDF"),
        pytest.param("ภาพ.zip", b"PK", "ยังอ่านไฟล์ชนิดนี้ไม่ได้", id="another type"),
        pytest.param("แผน.jpg", b"\xff\xd8", "ไฟล์นี้เป็นรูปภาพ", id="a photo as a file"),
        pytest.param("แผน.rtf", b"{\\rtf1 x}", "Rich Text", id="rich text"),
        pytest.param("แผน.docx", b"PK\x03\x04 broken", "เสียหายหรือเปิดไม่ได้", id="broken"),
        pytest.param("แผน.txt", "สวัสดี".encode(), "ไม่พบตารางแผน", id="no table"),
        pytest.param("แผน.pdf", b"\x00\x01", "ยังอ่านไฟล์ชนิดนี้ไม่ได้", id="a lying name"),
        pytest.param("แผน.txt", NoContent.GONE, "ไม่พบไฟล์นี้ใน LINE แล้ว", id="gone"),
        pytest.param("แผน.txt", NoContent.TOO_LARGE, "ใหญ่เกิน ๑๐ MB", id="too large"),
        pytest.param("แผน.txt", NoContent.NOT_NOW, "กรุณาส่งไฟล์อีกครั้ง", id="LINE too slow"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_what_to_do(
    town: Stage, name: str, content: bytes | NoContent, told: str
) -> None:
    before = in_force(town, "เชียงใหม่")

    said = town.send_file("สมศรี", name, content)

    assert len(said) == 1
    assert told in said[0]
    assert in_force(town, "เชียงใหม่") == before


def test_a_pdf_whose_letters_are_not_what_is_seen_is_refused(town: Stage) -> None:
    broken = Path("tests/handlers/files/plan-weasyprint.pdf").read_bytes()

    said = town.send_file("สมศรี", "แผน.pdf", broken)

    assert "PDF นี้อ่านออกมาไม่ตรงกับที่พิมพ์" in said[0]


def test_the_rows_of_a_sound_pdf_are_confirmed_a_page_at_a_time(town: Stage) -> None:
    rows = [
        (str(n), f"จัดทำรายงานครั้งที่ {n}", "1 - 31 มกราคม 2567", "อปท. ทุกแห่ง") for n in range(1, 11)
    ]
    town.send_file("สมศรี", "แผน.pdf", pdf(page(table([HEADER, *rows]))))

    first = tap(town, "สมศรี", ASK)[0]
    second = tap(town, "สมศรี", PAGE_AS_READ)[0]

    assert "เทียบกับต้นฉบับ PDF ทีละแถว" in first
    assert ("ข้อ ๘ " in first, "ข้อ ๙ " in first) == (True, False)
    assert ("ข้อ ๘ " in second, "ข้อ ๑๐ " in second) == (False, True)
    assert town.buttons(CONFIRM) == []


def test_a_photo_of_a_plan_is_told_what_to_send_instead(town: Stage) -> None:
    photo = {"type": "image", "id": "1", "contentProvider": {"type": "line"}}

    said = [town.event(name, type="message", message=photo) for name in ("สมศรี", "นภา")]

    assert "อ่านแผนจากรูปภาพไม่ได้" in said[0][0]
    assert "เป็นหลักฐานของข้อใด" in said[1][0]


def test_files_of_others_are_never_fetched(town: Stage) -> None:
    officer = town.send_file("นภา", "แผน.txt", lamphun_file())
    stranger = town.send_file("ใครก็ไม่รู้", "แผน.txt", lamphun_file())

    assert "เป็นหลักฐานของข้อใด" in officer[0]
    assert "ยังไม่ได้ลงทะเบียน" in stranger[0]
    assert town.line.fetched == []


@pytest.mark.parametrize(
    "said",
    [MOVE_17, "ย้อนแผน", "คัดลอกแผนปีหน้า", "ร่างแผน", "ข้อสงสัย", "ยืนยันแผน", "ยกเลิกร่าง", "ตัดข้อ ๙ ออก"],
)
def test_only_a_coordinator_changes_a_plan(town: Stage, said: str) -> None:
    before = in_force(town, "เชียงใหม่")

    answers = [town.say(name, said) for name in ("นภา", "ดา")]

    assert [text for each in answers for text in each if "ผู้ประสานงานจังหวัด" not in text] == []
    assert in_force(town, "เชียงใหม่") == before


@pytest.mark.parametrize("said", [MOVE_17, "ย้อนแผน", "คัดลอกแผนปีหน้า", "ยืนยันร่างแผน", "ตัดข้อ ๙ ออก"])
def test_in_the_group_nothing_is_changed_and_one_line_says_where(town: Stage, said: str) -> None:
    before = in_force(town, "เชียงใหม่")

    answer = town.say("สมศรี", said, GROUP)

    assert len(answer) == 1
    assert "แชตส่วนตัวกับบอต" in answer[0]
    assert in_force(town, "เชียงใหม่") == before


def test_a_draft_is_corrected_by_typed_lines(town: Stage) -> None:
    town.say("สมศรี", MOVE_17)

    for line in (
        "ข้อ ๑๖ ระยะเวลา ๑ - ๕ พฤษภาคม ๒๕๖๗",
        "ข้อ ๓ ผู้รับผิดชอบ สนจ.",
        "ข้อ ๔ ชื่อ แจ้งทุกส่วนราชการ",
        "ข้อ ๑๘ เลขข้อ ๑๙",
        "ข้อ ๙ ตัดออก",
        "ขยายเวลาข้อ ๑๑ ถึง ๓๐ มิถุนายน ๒๕๖๗",
    ):
        assert "แก้ไขข้อ" in town.say("สมศรี", line)[0]
    began = drafts_of(town)["11"].window
    said = town.say("สมศรี", "ยืนยันแผน")

    rows = drafts_of(town)
    assert said[0].startswith("✅")
    assert "9" not in rows
    assert "18" not in rows
    assert [party.kind for party in rows["3"].parties] == [PartyKind.PROVINCIAL_OFFICE]
    assert rows["4"].title == "แจ้งทุกส่วนราชการ"
    assert rows["16"].window_text == "๑ - ๕ พฤษภาคม ๒๕๖๗"
    extended = rows["11"].window
    assert extended is not None
    assert began is not None
    assert (extended.first, extended.last.isoformat()) == (began.first, "2024-06-30")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("เลื่อนข้อ ๙๙ เป็น มกราคม ๒๕๖๗", "ไม่มีข้อ ๙๙ ในแผน", id="no such number"),
        pytest.param("เลื่อนข้อ ๑๗ เป็น ๓๐ กุมภาพันธ์ ๒๕๖๗", "วันที่ที่ไม่มีจริง", id="no such day"),
        pytest.param("ขยายเวลาข้อ ๑๗ อีก ๗ วัน", "กรุณาพิมพ์เช่น", id="days more"),
        pytest.param("เลื่อนข้อ ๑๗", "เป็นวันใดถึงวันใด กรุณาพิมพ์เช่น", id="nothing said"),
        pytest.param("เลื่อนข้อ ๑๗ เป็น -", "เป็นวันใดถึงวันใด กรุณาพิมพ์เช่น", id="a dash"),
        pytest.param("เลื่อนข้อ ๑๗ เป็นสัปดาห์หน้า", "กรุณาพิมพ์เช่น", id="no date"),
        pytest.param("ขยายเวลาข้อ ๑๗ ถึง สิ้นปีหน้า", "อ่านระยะเวลา", id="no end"),
        pytest.param("เปลี่ยนผู้รับผิดชอบข้อ ๓ เป็น ทุกคน", "ยังไม่ทราบว่า", id="nobody's name"),
    ],
)
def test_a_change_that_cannot_be_made_says_why_and_leaves_all_as_it_was(
    town: Stage, said: str, told: str
) -> None:
    answer = town.say("สมศรี", said)

    assert len(answer) == 1
    assert told in answer[0]
    assert "ไม่มีร่างแผนที่รอยืนยัน" in town.say("สมศรี", "ร่างแผน")[0]


def test_what_is_typed_while_a_draft_waits_says_which_draft_it_changed(town: Stage) -> None:
    town.say("สมศรี", "คัดลอกแผนปีหน้า")

    said = town.say("สมศรี", "เลื่อนข้อ ๑๗ เป็น ๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๘")

    assert "แก้ไขข้อ ๑๗ ในร่างแผนจังหวัดเชียงใหม่ ปีงบประมาณ ๒๕๖๘ แล้ว ยังไม่ประกาศใช้" in said[0]


def test_a_copy_without_a_plan_to_copy_says_which_plan_is_missing(town: Stage) -> None:
    said = town.say("สมศรี", "คัดลอกแผนไปปีงบประมาณ ๒๕๗๕")

    assert said == ["ยังไม่มีแผนของปีต้นทางให้คัดลอก กรุณาส่งไฟล์แผนของปีนั้นก่อน"]


def test_a_change_is_undone_and_the_undoing_too(town: Stage) -> None:
    moved, before = "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗", drafts_of(town)
    town.say("สมศรี", MOVE_17)
    town.say("สมศรี", "ยืนยันแผน")

    preview = town.say("สมศรี", "ย้อนแผน")[0]
    unchanged = drafts_of(town)["17"].window_text
    town.say("สมศรี", "ยืนยันแผน")

    assert "๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗ → ๖ – ๑๘ มิถุนายน ๒๕๖๗" in preview
    assert unchanged == moved
    assert drafts_of(town) == before
    town.say("สมศรี", "ยกเลิกการเปลี่ยนแผนล่าสุด")
    town.say("สมศรี", "ยืนยันแผน")
    assert drafts_of(town)["17"].window_text == moved


def test_a_plan_that_never_changed_cannot_be_undone(town: Stage) -> None:
    assert "ยังไม่เคยเปลี่ยน" in town.say("สมศรี", "ย้อนแผน")[0]


def test_the_next_years_plan_is_a_copy_whose_dates_are_all_checked(town: Stage) -> None:
    summary = town.say("สมศรี", "คัดลอกแผนไปปีงบประมาณ ๒๕๖๘")[0]

    asked = answer_all(town, "สมศรี", ASK, AS_READ, PAGE_AS_READ)
    tap(town, "สมศรี", CONFIRM)

    assert "ปีงบประมาณ ๒๕๖๘ · ๑๘ ข้อ" in summary
    assert sum(text.count("เลื่อนจาก") for text in asked) == 18
    assert in_force(town, "เชียงใหม่", 2568)[0] == 1
    assert in_force(town, "เชียงใหม่", 2567)[0] == 1


def test_a_second_tap_on_confirm_confirms_nothing_more(town: Stage) -> None:
    town.say("สมศรี", MOVE_17)
    button = town.buttons(CONFIRM)[0]

    first, second = town.tap("สมศรี", button), town.tap("สมศรี", button)

    assert first[0].startswith("✅")
    assert "ประกาศใช้ไปแล้ว" in second[0]
    assert in_force(town, "เชียงใหม่")[0] == 2


def test_confirming_what_is_in_force_already_announces_no_new_version(town: Stage) -> None:
    town.say("สมศรี", "เลื่อนข้อ ๑๗ เป็น ๖ - ๑๘ มิถุนายน ๒๕๖๗")

    said = town.say("สมศรี", "ยืนยันแผน")

    assert said == ["แผนจังหวัดเชียงใหม่ ปีงบประมาณ ๒๕๖๗ ฉบับที่ ๑ ที่ใช้อยู่ตรงกับร่างนี้ทุกข้อ จึงไม่มีข้อใดเปลี่ยน"]
    assert in_force(town, "เชียงใหม่")[0] == 1


def test_of_two_coordinators_one_confirms_and_the_other_is_told(town: Stage) -> None:
    town.coordinator("สมชาย")
    town.say("สมศรี", MOVE_17)
    hers = town.buttons(CONFIRM)[0]
    town.say("สมชาย", "เลื่อนข้อ ๑๗ เป็น ๑ - ๕ กรกฎาคม ๒๕๖๗")
    his = town.buttons(CONFIRM)[0]

    won, lost = town.tap("สมศรี", hers), town.tap("สมชาย", his)

    assert won[0].startswith("✅")
    assert "มีผู้ปรับแผนหลังจากทำร่างนี้" in lost[0]
    assert drafts_of(town)["17"].window_text == "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗"


def test_a_draft_of_an_older_version_is_not_edited_further(town: Stage) -> None:
    town.coordinator("สมชาย")
    town.say("สมชาย", "เลื่อนข้อ ๑๖ เป็น ๑ - ๕ กรกฎาคม ๒๕๖๗")
    town.say("สมศรี", MOVE_17)
    town.say("สมศรี", "ยืนยันแผน")

    replaced, summary = town.say("สมชาย", "เลื่อนข้อ ๑๕ เป็น ๑ - ๕ กรกฎาคม ๒๕๖๗")

    assert "ที่รอยืนยันอยู่ก่อนถูกแทนด้วยร่างนี้" in replaced
    assert "เลื่อน ๑ ·" in summary
    assert "ข้อ ๑๖" not in summary


def test_a_button_of_another_persons_draft_does_nothing(border: Stage) -> None:
    border.coordinator("สมชาย")
    border.say("สมศรี", MOVE_17)
    button = border.buttons(CONFIRM)[0]

    for name in ("สมชาย", "ลำ", "นภา"):
        border.tap(name, button)

    assert in_force(border, "เชียงใหม่")[0] == 1


def test_a_draft_of_a_province_that_was_left_is_neither_shown_nor_changed(border: Stage) -> None:
    border.say("สมศรี", MOVE_17)
    given_up = border.buttons(CANCEL)[0]
    border.tap("สมศรี", given_up)
    border.say("สมศรี", MOVE_17)
    border.say("สมศรี", code_in(border, "ลำพูน", Role.COORDINATOR))
    with transaction(border.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        session.execute(
            update(PostRow).where(PostRow.province_id == province).values(until_at=border.now)
        )
    border.later(minutes=1)

    said = [
        *border.say("สมศรี", "เลื่อนข้อ ๑๖ เป็น ๑ - ๕ กรกฎาคม ๒๕๖๗"),
        *border.tap("สมศรี", given_up),
    ]

    assert "จังหวัดลำพูน" in said[0]
    assert not any("เชียงใหม่" in text for text in said)


def test_a_button_of_a_draft_that_changed_since_shows_how_it_stands(town: Stage) -> None:
    town.say("สมศรี", MOVE_17)
    old = town.buttons(CONFIRM)[0]
    town.say("สมศรี", "ข้อ ๑๗ ระยะเวลา ๑ - ๕ กรกฎาคม ๒๕๖๗")

    said = town.tap("สมศรี", old)

    assert "ร่างนี้เปลี่ยนไป" in said[0]
    assert "๑ – ๕ กรกฎาคม ๒๕๖๗" in said[1]
    assert in_force(town, "เชียงใหม่")[0] == 1


def test_a_cancelled_draft_is_given_up_and_its_buttons_with_it(town: Stage) -> None:
    town.say("สมศรี", MOVE_17)
    confirm = town.buttons(CONFIRM)[0]

    said = tap(town, "สมศรี", CANCEL)

    assert said == ["ยกเลิกร่างแล้ว แผนที่ใช้อยู่ไม่เปลี่ยน"]
    assert town.tap("สมศรี", confirm) == said
    assert in_force(town, "เชียงใหม่")[0] == 1


def test_a_newer_draft_takes_the_place_of_the_older_one(town: Stage) -> None:
    town.say("สมศรี", "คัดลอกแผนปีหน้า")
    old = town.buttons("ตรวจตาราง")[0]
    replaced = town.say("สมศรี", ONE_ROW.format(window="มกราคม ๒๕๖๗"))[0]

    said = town.tap("สมศรี", old)

    assert replaced.startswith("ร่างแผนจังหวัดเชียงใหม่ ปีงบประมาณ ๒๕๖๘ ที่รอยืนยันอยู่ก่อนถูกแทน")
    assert "ถูกแทนที่ด้วยร่างที่ใหม่กว่า" in said[0]
    assert "๑ ข้อ" in said[1]


def test_the_table_is_turned_page_by_page(town: Stage) -> None:
    town.say("สมศรี", MOVE_17)

    pages = [tap(town, "สมศรี", "ตรวจตาราง")[0]]
    pages += [tap(town, "สมศรี", "หน้าถัดไป")[0] for _ in range(2)]

    shown = [number for text in pages for number in re.findall(r"^ข้อ (\S+) \D", text, re.MULTILINE)]
    assert len(dict.fromkeys(shown)) == 18
    assert "หน้า ๓/๓" in pages[-1]
    assert "ร่างแผน:" in tap(town, "สมศรี", "สรุป")[0]


def test_a_button_that_opens_the_keyboard_tells_how_to_write_it(border: Stage) -> None:
    border.send_file("ลำ", "แผน.txt", lamphun_file())
    tap(border, "ลำ", ASK)

    said = tap(border, "ลำ", "พิมพ์แก้ไข")

    assert "• ข้อ ๕ ผู้รับผิดชอบ อปท. ทุกแห่ง" in said[0]


def test_the_same_file_again_changes_nothing_and_asks_nothing(town: Stage) -> None:
    content = (SAMPLES / "chiangmai-2567.txt").read_bytes()

    summary = town.send_file("สมศรี", "แผน.txt", content)[0]

    assert "คงเดิม ๑๘" in summary


def test_what_a_plan_in_the_chat_says_is_what_the_terminal_reads(border: Stage) -> None:
    by_command = read_plan("a.txt", lamphun_file(), fiscal_year=FiscalYear(2568))

    border.send_file("ลำ", "แผน.txt", lamphun_file())
    answer_all(border, "ลำ", ASK, AS_READ, PAGE_AS_READ, "ยังไม่มีผู้รับผิดชอบ")
    tap(border, "ลำ", CONFIRM)

    rows = in_force(border, "ลำพูน", 2568)[1]
    assert [(row.number, row.window) for row in rows] == [
        (row.number, row.window) for row in by_command.activities
    ]
