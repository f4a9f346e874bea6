"""The coordinators' digest: once a week, exceptions first, in words that can be acted upon."""

from datetime import date

import pytest

from store import agencies, record
from store.database import transaction
from store.types import PartyKind, Window
from tests.factories import JANUARY, make_draft, replan
from tests.stage import Stage, actions, user_id


def digests(stage: Stage, name: str = "สมศรี") -> list[str]:
    """Do a round of everything; return the digests that went to that person."""
    return [text for to, text in stage.tick() if to == user_id(name) and text.startswith("📋")]


def short_digest(stage: Stage) -> str:
    """Return the beginning of the digest of what was entered last: the seal in short."""
    with transaction(stage.engine) as session:
        return record.seal(session, agencies.provinces(session)[0]).digest[:12]


def test_the_digest_comes_on_monday_with_the_exceptions_first(town: Stage) -> None:
    replan(
        town,
        make_draft("1", "ประชุมคณะทำงาน", Window(date(2024, 2, 20), date(2024, 2, 22))),
        make_draft("3"),
        make_draft("5", "นำเข้าข้อมูล", Window(date(2024, 1, 8), date(2024, 2, 9))),
        make_draft("7", "เผยแพร่ช่องทาง", Window(date(2024, 2, 6), date(2024, 3, 9))),
        make_draft("8", "เก็บข้อมูล", Window(date(2024, 1, 2), date(2024, 3, 31))),
    )
    town.say("นภา", "เสร็จ ๓")
    town.say("วิชัย", "ติดปัญหา ๘ เข้าระบบไม่ได้")
    town.at("2024-02-05T08:30")

    said = digests(town)

    assert said == [
        "📋 สรุป ITA จังหวัดเชียงใหม่ วันจันทร์ที่ ๕ กุมภาพันธ์ ๒๕๖๗\n"
        "\n"
        "❗ เกินกำหนด\n"
        "• ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
        "  เกินกำหนด ๕ วัน (ครบกำหนด ๓๑ ม.ค. ๖๗) · เสร็จ ๑/๒๑๑\n"
        "  ยังไม่เสร็จ: อบต.ดอนแก้ว, อบจ.เชียงใหม่, ทน.เชียงใหม่, ทม.แม่เหียะ, ทม.สุเทพ"
        " และอีก ๒๐๕ แห่ง\n"
        "\n"
        "⚠️ ติดปัญหา ๑ รายการ\n"
        "• อบต.ดอนแก้ว ข้อ ๘: เข้าระบบไม่ได้\n"
        "\n"
        "⏰ ครบกำหนดสัปดาห์นี้\n"
        "• ข้อ ๕ นำเข้าข้อมูล\n"
        "  เหลือ ๔ วัน (ถึง ๙ ก.พ. ๖๗) · เสร็จ ๐/๒๑๑\n"
        "  ยังไม่เสร็จ: ทต.แม่แรม, อบต.ดอนแก้ว, อบจ.เชียงใหม่, ทน.เชียงใหม่, ทม.แม่เหียะ"
        " และอีก ๒๐๖ แห่ง\n"
        "\n"
        "📅 เริ่มสัปดาห์นี้\n"
        "• ข้อ ๗ เผยแพร่ช่องทาง: เริ่ม ๖ ก.พ. ๖๗ ถึง ๙ มี.ค. ๖๗\n"
        "\n"
        "▶️ อยู่ระหว่างดำเนินการ\n"
        "• ข้อ ๘ เก็บข้อมูล: เสร็จ ๐/๒๑๑ · เหลือ ๕๕ วัน (ถึง ๓๑ มี.ค. ๖๗)\n"
        "\n"
        "👥 ลงทะเบียนกับบอตแล้ว ๔/๒๑๔ หน่วยงาน\n"
        f"ตรา: ๑๒ · {short_digest(town)}"
    ]


def test_the_digest_offers_the_questions_that_follow(town: Stage) -> None:
    town.at("2024-02-05T08:30")
    digests(town)
    sent = next(
        messages
        for _, to, messages in town.line.sent[::-1]
        if messages[0].get("text", "")[:1] == "📋"
    )

    asked = [each["text"] for each in actions(sent)]

    assert asked == ["ใครยังไม่ส่ง ข้อ ๓", "ใครยังไม่ส่ง ข้อ ๔", "ใครยังไม่ส่ง ข้อ ๕", "ภาพรวม"]
    assert town.say("สมศรี", asked[0])[0].startswith("ข้อ ๓ ")


def test_a_calm_week_is_said_to_be_calm(town: Stage) -> None:
    replan(town, make_draft("1", window=Window(date(2024, 3, 1), date(2024, 3, 31))))
    town.at("2024-01-08T09:00")

    said = digests(town)

    assert said == [
        "📋 สรุป ITA จังหวัดเชียงใหม่ วันจันทร์ที่ ๘ มกราคม ๒๕๖๗\n"
        "\n"
        "✅ ไม่มีรายการเกินกำหนด ติดปัญหา หรือครบกำหนดสัปดาห์นี้\n"
        "\n"
        "👥 ลงทะเบียนกับบอตแล้ว ๔/๒๑๔ หน่วยงาน\n"
        f"ตรา: ๑๐ · {short_digest(town)}"
    ]


def test_there_is_one_digest_a_week(town: Stage) -> None:
    weeks = []
    for day in range(8, 24):
        town.at(f"2024-01-{day:02}T09:00")
        weeks += [day for _ in digests(town)]
        town.later(hours=2)
        weeks += [day for _ in digests(town)]

    assert weeks == [8, 15, 22]


@pytest.mark.parametrize(
    ("instant", "comes"),
    [
        pytest.param("2024-01-08T08:29", False, id="before the offices open"),
        pytest.param("2024-01-07T10:00", False, id="on sunday"),
        pytest.param("2024-01-08T16:29", True, id="monday afternoon"),
        pytest.param("2024-01-11T10:00", True, id="the service slept until thursday"),
        pytest.param("2024-02-26T10:00", False, id="on a monday off"),
        pytest.param("2024-02-27T08:30", True, id="tuesday after a monday off"),
    ],
)
def test_the_digest_waits_for_the_first_office_hour(
    town: Stage,
    instant: str,
    comes: bool,  # noqa: FBT001
) -> None:
    town.at(instant)

    assert bool(digests(town)) is comes


def test_every_coordinator_gets_one(town: Stage) -> None:
    town.coordinator("มานะ")
    town.at("2024-01-08T09:00")

    sent = [to for to, text in town.tick() if text.startswith("📋")]

    assert sorted(sent) == sorted([user_id("สมศรี"), user_id("มานะ")])


def test_who_becomes_coordinator_on_monday_gets_it_the_same_day(town: Stage) -> None:
    town.at("2024-01-08T09:00")
    town.tick()
    town.coordinator("มานะ")

    assert len(digests(town, "มานะ")) == 1


def test_who_becomes_coordinator_later_waits_for_the_next_week(town: Stage) -> None:
    town.at("2024-01-09T00:00")
    town.coordinator("มานะ")
    town.at("2024-01-09T09:00")
    this_week = digests(town, "มานะ")

    town.at("2024-01-15T09:00")

    assert this_week == []
    assert len(digests(town, "มานะ")) == 1


def test_officers_and_districts_get_no_digest(town: Stage) -> None:
    town.at("2024-01-08T09:00")

    sent = [to for to, text in town.tick() if text.startswith("📋")]

    assert sent == [user_id("สมศรี")]


def test_who_blocked_the_bot_gets_no_digest(town: Stage) -> None:
    town.event("สมศรี", type="unfollow")
    town.at("2024-01-08T09:00")

    assert digests(town) == []


def test_what_all_have_finished_is_no_exception(town: Stage) -> None:
    replan(town, make_draft("9", party=PartyKind.WORKING_GROUP, party_text="คณะทำงาน"))
    town.say("สมศรี", "เสร็จ ๙")
    town.at("2024-02-05T09:00")

    assert "เกินกำหนด\n" not in digests(town)[0]


def test_those_who_can_be_written_to_are_named_before_those_who_cannot(town: Stage) -> None:
    replan(town, make_draft("3", window=JANUARY))
    town.event("นภา", type="unfollow")
    town.at("2024-02-05T09:00")

    said = digests(town)[0]

    assert "ยังไม่เสร็จ: อบต.ดอนแก้ว, อบจ.เชียงใหม่," in said
    assert "๓/๒๑๔ หน่วยงาน" in said


def test_a_long_list_is_cut_with_counts(town: Stage) -> None:
    replan(town, *(make_draft(str(number)) for number in range(1, 13)))
    for number in range(1, 11):
        town.say("นภา", f"ติดปัญหา {number} ไฟดับ")
    town.at("2024-02-05T09:00")

    said = digests(town)[0]

    assert "และอีก ๗ ข้อ" in said
    assert "⚠️ ติดปัญหา ๑๐ รายการ" in said
    assert "และอีก ๒ รายการ" in said


def test_each_province_has_its_own_digest(border: Stage) -> None:
    border.say("เมือง", "ติดปัญหา ๓ เข้าระบบไม่ได้")
    border.at("2024-01-08T09:00")

    texts = {to: text for to, text in border.tick() if text.startswith("📋")}

    here, there = texts[user_id("สมศรี")], texts[user_id("ลำ")]
    assert "ลำพูน" not in here
    assert "ติดปัญหา ๑" not in here
    assert there.startswith("📋 สรุป ITA จังหวัดลำพูน วันจันทร์ที่ ๘ มกราคม ๒๕๖๗")
    assert "• ทม.ลำพูน ข้อ ๓: เข้าระบบไม่ได้" in there
    assert "เชียงใหม่" not in there
