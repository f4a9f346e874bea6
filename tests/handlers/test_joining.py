"""Asking to join by the name of an agency, and a coordinator's one tap, as both see it."""

import logging

import pytest

from handlers import joining as feature
from handlers import record_audit
from handlers.joining import MOST_OF_AGENCY, MOST_OF_PERSON
from messages_th import joining as say
from messages_th import problems
from messages_th.invitations import IN_PRIVATE
from store import agencies, joining, people, record
from store.database import open_snapshot, transaction
from store.types import Act, Role
from tests.factories import posts_of
from tests.stage import GROUP, Stage, actions, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
ASK = "ขอเข้าร่วม ทต.แม่แรม อ.แม่ริม จ.เชียงใหม่"


def asked(stage: Stage, name: str, words: str = ASK, called: str = "สมชาย ใจดี ปลัด") -> list[str]:
    """Let somebody ask to join and give a name; return what was answered to the name."""
    stage.follow(name)
    stage.say(name, words)
    return stage.say(name, called)


def waiting(stage: Stage, province: str = "เชียงใหม่") -> list[str]:
    """Return the names of those who wait in a province."""
    with transaction(stage.engine) as session:
        found = agencies.province_id(session, province)
        assert found is not None
        return [each.name for each in joining.waiting_in(session, found)]


def button(stage: Stage, label: str) -> str:
    """Return the data of the newest button so labelled, in whatever was sent."""
    sent = [message for _, _, messages in reversed(stage.line.sent) for message in messages]
    found = (each["data"] for each in actions(sent) if each["label"] == label)
    return str(next(found))


def pushed(stage: Stage, since: int) -> list[tuple[str, str]]:
    """Return to whom was pushed since then, and the first text of it."""
    return [
        (to, str(messages[0].get("text") or messages[0]["altText"]))
        for how, to, messages in stage.line.sent[since:]
        if how == "push"
    ]


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    refused = [r for r in caplog.records if getattr(r, "action", "") == "join_refused"]
    return [str(getattr(each, "reason", "")) for each in refused]


def test_a_stranger_reads_agrees_names_themselves_and_is_let_in_by_one_tap(border: Stage) -> None:
    border.coordinator("รอง")
    before = border.say("ใหม่", "ทต.แม่แรม")
    [tap] = actions(border.line.sent[-1][2])
    with transaction(border.engine) as session:
        is_known = people.person(session, user_id("ใหม่"), at=border.now) is not None
    ask_name = border.say("ใหม่", tap["text"])
    start = len(border.line.sent)
    sent = border.say("ใหม่", "<b>สมชาย</b>\u200b\u202e  ใจดี\nปลัด")
    cards = pushed(border, start)
    admit, refuse = button(border, "รับ"), button(border, "ไม่รับ")
    start = len(border.line.sent)

    first = border.tap("สมศรี", admit)
    told = pushed(border, start)
    second = border.tap("รอง", refuse)

    assert before[0].startswith(
        "ท่านต้องการขอเข้าร่วมเป็นผู้รับผิดชอบของ ทต.แม่แรม อ.แม่ริม จ.เชียงใหม่ ใช่หรือไม่\n"
    )
    assert "ลบข้อมูลของฉัน" in before[0]
    assert (tap["label"], tap["text"], is_known) == ("ยินยอมและขอเข้าร่วม", ASK, False)
    assert ask_name == [f"ขอเข้าร่วมเป็นผู้รับผิดชอบของ ทต.แม่แรม\n{say.ASK_NAME}"]
    assert sent[:1] == [
        "ส่งคำขอแล้ว: <b>สมชาย</b> ใจดี ปลัด ขอเป็นผู้รับผิดชอบของ ทต.แม่แรม\n"
        "รอผู้ประสานงานจังหวัดพิจารณา บอตจะแจ้งผลในแชตนี้"
    ]
    card = "🙋 ขอเข้าร่วม ๑ คำขอ: <b>สมชาย</b> ใจดี ปลัด (ทต.แม่แรม)"
    assert cards == [(user_id("สมศรี"), card), (user_id("รอง"), card)]
    assert first[:1] == ["✅ รับเข้าร่วมแล้ว: <b>สมชาย</b> ใจดี ปลัด ผู้รับผิดชอบของ ทต.แม่แรม บอตจะแจ้งผู้ขอ"]
    assert told == [(user_id("ใหม่"), "✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ ทต.แม่แรม")]
    assert second == [say.DECIDED.text]
    assert posts_of(border, user_id("ใหม่")) == [(Role.OFFICER, MAE_RAEM)]
    with transaction(open_snapshot(border.engine)) as session:
        province = agencies.provinces(session)[0]
        *_, entry = record.entries(session, province)
        by = people.person(session, user_id("สมศรี"), at=border.now)
        faults = record_audit.check(session, province).faults
    assert by is not None
    assert (entry.act, entry.facts["admitted_by"]) == (Act.POST_GIVEN, by.person_id)
    assert "สมชาย" not in entry.details
    assert faults == []


def test_who_is_refused_is_told_and_the_card_waits_for_office_hours(town: Stage) -> None:
    town.at("2024-01-03T20:00")
    start = len(town.line.sent)
    asked(town, "ใหม่")
    at_night = pushed(town, start)
    listed = town.say("สมศรี", "ใครขอเข้าร่วม")
    refuse = button(town, "ไม่รับ")
    town.at("2024-01-04T09:00")
    start = len(town.line.sent)
    town.work()
    in_the_morning = pushed(town, start)

    said = town.tap("สมศรี", refuse)
    told = pushed(town, start)[-1]

    assert at_night == []
    assert listed == ["🙋 ขอเข้าร่วม ๑ คำขอ\nสมชาย ใจดี ปลัด\nขอเป็นผู้รับผิดชอบของ ทต.แม่แรม อ.แม่ริม"]
    assert [to for to, _ in in_the_morning] == [user_id("สมศรี")]
    assert said[:1] == ["ไม่รับคำขอแล้ว: สมชาย ใจดี ปลัด ผู้รับผิดชอบของ ทต.แม่แรม บอตจะแจ้งผู้ขอ"]
    assert told == (
        user_id("ใหม่"),
        "ผู้ประสานงานจังหวัดเชียงใหม่ไม่รับคำขอเป็นผู้รับผิดชอบของ ทต.แม่แรม หากเข้าใจผิดพลาด โปรดติดต่อสำนักงานจังหวัด",
    )
    assert posts_of(town, user_id("ใหม่")) == []
    assert town.say("สมศรี", "ใครขอเข้าร่วม") == [say.NOBODY_WAITS.text]


def test_a_name_of_two_provinces_is_asked_about_and_only_its_own_coordinator_decides(
    border: Stage,
) -> None:
    question = border.say("ใหม่", "ทต.บ้านกลาง")
    choices = actions(border.line.sent[-1][2])
    there = next(each["text"] for each in choices if "ลำพูน" in each["text"])
    border.say("ใหม่", there)
    border.say("ใหม่", there)
    border.say("ใหม่", "มานี มีนา นักวิชาการ")
    admit = button(border, "รับ")

    refused = [
        border.tap("สมศรี", admit),
        border.tap("เมือง", admit),
        border.tap("แปลก", admit),
        border.tap("สมศรี", admit, GROUP),
        border.say("เมือง", "ใครขอเข้าร่วม"),
    ]

    assert question == ["“ทต.บ้านกลาง” หมายถึงหน่วยงานใด แตะเลือก หรือพิมพ์ชื่อพร้อมอำเภอและจังหวัด"]
    assert [each["label"] for each in choices] == ["ทต.บ้านกลาง จ.เชียง…", "ทต.บ้านกลาง จ.ลำพูน"]
    only, unknown = problems.ONLY_COORDINATOR.text, problems.NOT_REGISTERED.text
    assert refused == [[only], [only], [unknown], [IN_PRIVATE.text], [only]]
    assert (waiting(border), waiting(border, "ลำพูน")) == ([], ["มานี มีนา นักวิชาการ"])
    assert border.say("สมศรี", "ใครขอเข้าร่วม") == [say.NOBODY_WAITS.text]
    assert border.tap("ลำ", admit)[0].startswith("✅ รับเข้าร่วมแล้ว: มานี")


def test_so_many_may_wait_for_one_agency_and_of_one_person(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    said = [asked(town, f"คน{number}")[0] for number in range(MOST_OF_AGENCY)]
    town.follow("อีกคน")
    one_more = town.say("อีกคน", ASK)
    again = town.say("คน0", ASK)
    own = [
        town.say("คน0", f"ขอเข้าร่วม {each}")[0] for each in ("อบต.ดอนแก้ว", "ทม.แม่เหียะ", "อบต.สันทราย")
    ]

    assert {each.partition(":")[0] for each in said} == {"ส่งคำขอแล้ว"}
    assert "รอพิจารณา ๕ คำขอแล้ว" in one_more[0]
    assert again == ["คำขอเข้าร่วม ทต.แม่แรม ของท่านรอผู้ประสานงานจังหวัดพิจารณาอยู่แล้ว"]
    assert [each.partition(":")[0] for each in own[:2]] == ["ส่งคำขอแล้ว"] * (MOST_OF_PERSON - 1)
    assert own[2] == say.TOO_MANY_OF_PERSON.text
    assert reasons(caplog) == ["too_many_of_agency", "too_many_of_person"]
    assert len(waiting(town)) == MOST_OF_AGENCY + MOST_OF_PERSON - 1


def test_what_is_no_name_changes_nothing_and_a_command_is_none(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    town.follow("ใหม่")
    town.say("ใหม่", ASK)

    too_long = town.say("ใหม่", "ก" * 5000)
    unseen = town.say("ใหม่", "\u200b\u202e\u2066 \u3164 12345")
    command = town.say("ใหม่", "สถานะ")
    other = town.say("ใหม่", "อบต.ดอนแก้ว")
    waits = waiting(town)
    named = town.say("ใหม่", "ติดต่อผู้ประสานงาน นางสาวสมหญิง")

    assert too_long[0].startswith("ข้อความยาวเกินไป จึงยังไม่ได้ส่งคำขอ")
    assert unseen[0].startswith("ไม่พบชื่อในข้อความ จึงยังไม่ได้ส่งคำขอ")
    assert command == [problems.NOT_REGISTERED.text]
    assert "อบต.ดอนแก้ว อ.แม่ริม จ.เชียงใหม่ ใช่หรือไม่" in other[0]
    assert waits == []
    assert reasons(caplog) == ["name_too_long", "name_without_letters"]
    assert named[0].startswith("ส่งคำขอแล้ว: ติดต่อผู้ประสานงาน นางสาวสมหญิง ขอเป็น")


def test_a_request_without_a_name_is_withdrawn_after_a_day(town: Stage) -> None:
    town.follow("ใหม่")
    town.say("ใหม่", ASK)
    town.later(days=1, seconds=1)
    with transaction(town.engine) as session:
        feature.forget(session, now=town.now)

    said = town.say("ใหม่", "สมชาย ใจดี")

    assert "ส่งคำขอแล้ว" not in said[0]
    assert waiting(town) == []


def test_an_officer_asks_for_a_second_agency_of_the_own_province_alone(border: Stage) -> None:
    has = border.say("นภา", "ขอเข้าร่วม ทต.แม่แรม")
    far = border.say("นภา", "ขอเข้าร่วม ทม.ลำพูน")
    border.say("นภา", "ขอเข้าร่วม อบต.ดอนแก้ว")
    border.say("นภา", "นภา ใจดี นักวิเคราะห์นโยบายและแผน")
    border.tap("สมศรี", button(border, "รับ"))

    which = border.say("นภา", "เสร็จ ๓")

    assert has == ["ท่านเป็นผู้รับผิดชอบของ ทต.แม่แรม อยู่แล้ว"]
    assert far[0].startswith("ไม่พบหน่วยงาน “ทม.ลำพูน”")
    assert which == ["ข้อ ๓ ท่านหมายถึงรายการใด"]
    labels = [each["label"] for each in actions(border.line.sent[-1][2])]
    assert labels == ["ทต.แม่แรม", "อบต.ดอนแก้ว"]


def test_a_stranger_has_only_so_many_names_looked_up(stage: Stage) -> None:
    said = [stage.say("แดง", "ขอเข้าร่วม ดาวอังคาร")[0] for _ in range(21)]

    assert said[19].startswith("ไม่พบหน่วยงาน “ดาวอังคาร”")
    assert said[20] == say.TOO_OFTEN.text


def test_who_came_in_by_a_code_says_who_they_are(town: Stage) -> None:
    to_the_bot = {"mentionees": [{"isSelf": True}]}
    in_group = town.say("นภา", "ชื่อของฉัน นภา ใจงาม", GROUP, mention=to_the_bot)
    unread = town.say("นภา", "ชื่อของฉัน ๑๒๓")
    kept = town.say("นภา", "ชื่อของฉัน นภา\u202e ใจงาม ปลัดเทศบาล")

    shown = town.say("สมศรี", "พ้นหน้าที่ ทต.แม่แรม")

    assert "นภา" not in in_group[0]
    assert unread[0].startswith("อ่านชื่อไม่ได้ จึงไม่ได้บันทึก")
    assert kept == ["✅ บันทึกชื่อแล้ว: นภา ใจงาม ปลัดเทศบาล (เห็นเฉพาะผู้ประสานงานจังหวัด)"]
    assert "นภา ใจงาม ปลัดเทศบาล" in shown[0]
