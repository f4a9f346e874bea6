"""Joining by code, binding a group, following and leaving, as the people concerned see it."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.inbox import purge
from handlers import registration
from messages_th.answers import GIVE_NAME
from store import joining, people
from store.code_tries import digest_of
from store.database import transaction
from store.models import Base, Chat, ChatMember, InboxEvent, PersonRow
from store.types import Role
from tests.factories import code_in, posts_of
from tests.stage import GROUP, Stage, actions, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
DON_KAEO = "องค์การบริหารส่วนตำบลดอนแก้ว"
OTHER_GROUP = "C" + "b" * 32
CODE_UNKNOWN = "รหัสนี้ใช้ไม่ได้ อาจพิมพ์ผิด ใช้ไปแล้ว หรือหมดอายุ ตรวจอีกครั้งหรือขอรหัสใหม่จากผู้ประสานงานจังหวัด"
NOT_REGISTERED = (
    "ท่านยังไม่ได้ลงทะเบียนกับบอต ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
    " หรือพิมพ์ชื่อหน่วยงานของท่านในแชตนั้นเพื่อขอเข้าร่วม"
)
KEPT = (
    "ประกาศความเป็นส่วนตัว: บอตเก็บรหัสผู้ใช้ LINE ชื่อและตำแหน่งที่ท่านแจ้ง หน่วยงาน บทบาท รายงาน และหลักฐานที่ท่านส่ง"
    " เพื่อติดตามงาน ITA เท่านั้น เก็บจนกว่าท่านจะสั่งลบ คำสั่งที่พิมพ์ลบภายใน ๓ วัน ข้อความอื่นไม่เก็บ"
    " พิมพ์ “ลบข้อมูลของฉัน” ได้ทุกเมื่อ รายงานและหลักฐานยังคงเป็นของหน่วยงานโดยไม่ระบุตัวท่าน"
)
GROUP_UNBOUND = "กลุ่มนี้ยังไม่ได้ผูกกับจังหวัด ให้ผู้ประสานงานจังหวัดพิมพ์ “ผูกกลุ่ม” ตามด้วยรหัสกลุ่ม"


def bound_to(stage: Stage, group: str = GROUP) -> int | None:
    with transaction(stage.engine) as session:
        return session.scalar(select(Chat.province_id).where(Chat.line_chat_id == group))


def rows_about(stage: Stage, name: str) -> list[str]:
    """Return what is kept of somebody: that they are known, that they read the notice."""
    with transaction(stage.engine) as session:
        person = people.person(session, user_id(name), at=stage.now)
        has_notice = joining.has_notice(session, user_id(name))
    return [*(["person"] if person else []), *(["notice"] if has_notice else [])]


def milliseconds(stage: Stage) -> int:
    """Return the present instant as LINE stamps events."""
    return int(stage.now.timestamp() * 1000)


def test_an_officer_joins_by_code_and_sees_what_is_open(stage: Stage) -> None:
    said = stage.join("นภา", stage.code(Role.OFFICER, MAE_RAEM))

    assert said[0] == f"✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ ทต.แม่แรม\n{GIVE_NAME}"
    assert said[1].startswith("มีรายการที่ต้องดำเนินการ ๓ รายการ\nข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n")
    assert posts_of(stage, user_id("นภา")) == [(Role.OFFICER, MAE_RAEM)]


def test_nothing_is_shown_as_open_where_nothing_is(stage: Stage) -> None:
    stage.at("2024-09-02T09:00")
    stage.join("นภา", stage.code(Role.OFFICER, MAE_RAEM))
    for number in ("3,5,10,11,12", "13,15,17"):
        stage.say("นภา", f"เสร็จ {number}")

    said = stage.join("วิชัย", stage.code(Role.OFFICER, MAE_RAEM))

    assert said == [f"✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ ทต.แม่แรม\n{GIVE_NAME}"]


def test_a_district_officer_joins_for_the_district(stage: Stage) -> None:
    said = stage.join("ดา", stage.code(Role.DISTRICT, district="แม่ริม"))

    assert said == [f"✅ ลงทะเบียนแล้ว: ผู้ติดตามงานของ อ.แม่ริม\n{GIVE_NAME}"]


def test_a_code_from_who_has_not_read_what_is_kept_waits_for_one_more_tap(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, MAE_RAEM)

    first = stage.say("นภา", code)
    [tap] = actions(stage.line.sent[-1][2])
    kept_meanwhile = rows_about(stage, "นภา")
    again = stage.say("นภา", tap["text"])

    assert first == [f"ก่อนลงทะเบียน โปรดอ่าน\n{KEPT}\nหากยินยอม แตะปุ่มหรือพิมพ์รหัสอีกครั้ง รหัสยังใช้ได้"]
    assert tap == {
        "type": "message",
        "label": "ยินยอมและลงทะเบียน",
        "text": f"ลงทะเบียน {code}",
    }
    assert kept_meanwhile == ["notice"]
    assert again[0] == f"✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ ทต.แม่แรม\n{GIVE_NAME}"
    assert rows_about(stage, "นภา") == ["person"]


def test_of_a_stranger_only_a_digest_is_kept_and_for_thirty_days(stage: Stage) -> None:
    greeting = stage.follow("นภา")
    stage.say("นภา", "สถานะ")
    stage.say("นภา", "ทต.แม่แรม")
    with transaction(stage.engine) as session:
        said = session.scalars(select(InboxEvent.body)).all()
        purge(session, now=stage.now + timedelta(days=3, minutes=1))
        named = [
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if any(user_id("นภา") in str(value) for value in row)
        ]
    kept = rows_about(stage, "นภา")

    with transaction(stage.engine) as session:
        registration.forget(session, now=stage.now + timedelta(days=30, seconds=1))

    assert KEPT in greeting[0]
    assert (said, named, kept) == ([None] * 3, [], ["notice"])
    assert rows_about(stage, "นภา") == []


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("{}", id="bare"),
        pytest.param("ลงทะเบียน {}", id="with the word"),
        pytest.param("รหัส {} ค่ะ", id="politely"),
    ],
)
def test_a_code_may_be_typed_as_people_do(stage: Stage, written: str) -> None:
    said = stage.join("นภา", written.format(stage.code(Role.OFFICER, MAE_RAEM)))

    assert said[0].startswith("✅ ลงทะเบียนแล้ว")


def test_a_code_may_be_typed_in_small_letters(stage: Stage) -> None:
    said = stage.join("นภา", f"ลงทะเบียน {stage.code(Role.OFFICER, MAE_RAEM).lower()}")

    assert said[0].startswith("✅ ลงทะเบียนแล้ว")


def test_a_code_works_once(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, MAE_RAEM)
    stage.join("นภา", code)

    said = stage.join("วิชัย", code)

    assert said == [CODE_UNKNOWN]
    assert posts_of(stage, user_id("วิชัย")) == []


def test_a_code_lasts_fourteen_days(stage: Stage) -> None:
    first, second = stage.code(Role.OFFICER, MAE_RAEM), stage.code(Role.OFFICER, MAE_RAEM)
    stage.later(days=14, seconds=-1)
    in_time = stage.join("นภา", first)

    stage.later(seconds=1)

    assert in_time[0].startswith("✅ ลงทะเบียนแล้ว")
    assert stage.join("วิชัย", second) == [CODE_UNKNOWN]


def test_why_a_code_is_refused_is_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    used, old = stage.code(Role.OFFICER, MAE_RAEM), stage.code(Role.OFFICER, MAE_RAEM)
    stage.join("นภา", used)
    stage.later(days=14)
    group = stage.code(None)

    said = [stage.join("วิชัย", code) for code in ("ABCD-EFGH", used, old, group)]

    assert said[:3] == [[CODE_UNKNOWN]] * 3
    refused = [r for r in caplog.records if getattr(r, "action", "") == "code_refused"]
    reasons = [getattr(each, "reason", "") for each in refused]
    assert reasons == ["unknown", "used", "expired", "for_group"]


def test_asking_to_register_without_a_code_is_told_of_codes(stage: Stage) -> None:
    said = stage.say("นภา", "ลงทะเบียน")

    assert said == ["พิมพ์ “ลงทะเบียน” ตามด้วยรหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด"]


def test_the_same_post_twice_is_one_post(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)

    stage.officer("นภา", MAE_RAEM)

    assert posts_of(stage, user_id("นภา")) == [(Role.OFFICER, MAE_RAEM)]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR])
@pytest.mark.parametrize(
    "sender", [pytest.param("นภา", id="named"), pytest.param("", id="unnamed")]
)
def test_a_personal_code_shown_in_the_group_is_void(town: Stage, role: Role, sender: str) -> None:
    code = town.code(role, DON_KAEO)

    in_group = town.say(sender, code, GROUP)
    copied = town.join("แปลก", code)

    assert in_group == [
        "ผู้อื่นในกลุ่มเห็นรหัสนี้แล้ว บอตจึงยกเลิกรหัสนี้เพื่อความปลอดภัย"
        " โปรดขอรหัสใหม่จากผู้ประสานงานจังหวัด แล้วพิมพ์ในแชตส่วนตัวกับบอต"
    ]
    assert copied == [CODE_UNKNOWN]
    assert posts_of(town, user_id("แปลก")) == []


def test_a_coordinator_gets_a_group_code_and_answers_for_the_secretariat(stage: Stage) -> None:
    said = stage.join("สมศรี", stage.code(Role.COORDINATOR))

    assert said[0] == f"✅ ลงทะเบียนแล้ว: ผู้ประสานงานของ จังหวัดเชียงใหม่\n{GIVE_NAME}"
    assert re.fullmatch(
        "รหัสกลุ่ม (.{4}-.{4}) ใช้ได้ครั้งเดียวถึง ๑๗ มกราคม ๒๕๖๗\n"
        "เชิญบอตเข้ากลุ่มคณะทำงาน แล้วพิมพ์ในกลุ่มว่า “ผูกกลุ่ม \\1”",
        said[1],
    )
    assert posts_of(stage, user_id("สมศรี")) == [
        (Role.COORDINATOR, ""),
        (Role.OFFICER, "สำนักงานจังหวัดเชียงใหม่"),
        (Role.OFFICER, "คณะทำงาน ITA จังหวัดเชียงใหม่"),
    ]


def test_a_coordinator_of_an_agency_coordinates_the_province_and_answers_for_it(
    stage: Stage,
) -> None:
    said = stage.join("สมศรี", stage.code(Role.COORDINATOR, MAE_RAEM))

    assert said[0] == f"✅ ลงทะเบียนแล้ว: ผู้ประสานงานของ จังหวัดเชียงใหม่\n{GIVE_NAME}"
    assert posts_of(stage, user_id("สมศรี")) == [
        (Role.COORDINATOR, ""),
        (Role.OFFICER, MAE_RAEM),
        (Role.OFFICER, "สำนักงานจังหวัดเชียงใหม่"),
        (Role.OFFICER, "คณะทำงาน ITA จังหวัดเชียงใหม่"),
    ]


def test_quick_replies_are_on_the_last_message_only(stage: Stage) -> None:
    stage.join("สมศรี", stage.code(Role.COORDINATOR))
    joining = [("quickReply" in each) for each in stage.line.sent[-1][2]]
    stage.event("สมศรี", type="follow")
    returning = [("quickReply" in each) for each in stage.line.sent[-1][2]]

    assert joining == [False, False, True]
    assert returning == [False, True]


def test_the_code_given_to_the_coordinator_binds_the_group(stage: Stage) -> None:
    told = stage.join("สมศรี", stage.code(Role.COORDINATOR))[1]
    command = told.split("“")[1].rstrip("”")

    said = stage.say("สมศรี", command, GROUP)

    assert said == ["✅ ผูกกลุ่มนี้กับจังหวัดเชียงใหม่แล้ว ถามได้เลย เช่น “สัปดาห์นี้มีอะไรต้องส่ง”"]
    assert bound_to(stage) is not None


def test_a_coordinator_can_ask_for_another_group_code(stage: Stage) -> None:
    stage.coordinator("สมศรี")

    said = stage.say("สมศรี", "ลงทะเบียน")

    assert said[0].startswith("รหัสกลุ่ม ")


def test_a_group_code_binds_one_group_only(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    code = stage.code(None)
    stage.say("สมศรี", f"ผูกกลุ่ม {code}", GROUP)

    said = stage.say("สมศรี", f"ผูกกลุ่ม {code}", OTHER_GROUP)

    assert said == [CODE_UNKNOWN]
    assert bound_to(stage, OTHER_GROUP) is None


def test_a_bound_group_is_not_taken_over_by_another_province(border: Stage) -> None:
    mine = bound_to(border)
    code = code_in(border, "ลำพูน", None)

    said = border.say("ลำ", f"ผูกกลุ่ม {code}", GROUP)

    assert said == ["กลุ่มนี้ผูกกับจังหวัดอื่นอยู่แล้ว นำบอตออกจากกลุ่มแล้วเชิญใหม่ก่อนผูกกับจังหวัดนี้"]
    assert bound_to(border) == mine


def test_a_group_code_in_one_to_one_is_not_used_up(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    code = stage.code(None)

    alone = stage.say("สมศรี", code)
    stage.say("สมศรี", f"ผูกกลุ่ม {code}", GROUP)

    assert alone == ["รหัสนี้ใช้ผูกกลุ่ม ให้ผู้ประสานงานจังหวัดพิมพ์ในกลุ่มคณะทำงาน"]
    assert bound_to(stage) is not None


@pytest.mark.parametrize(
    "binder",
    [
        pytest.param("แปลก", id="a stranger"),
        pytest.param("นภา", id="an officer"),
        pytest.param("ดา", id="a district officer"),
        pytest.param("ลำ", id="the neighbours' coordinator"),
    ],
)
def test_only_a_coordinator_of_that_province_binds_a_group(border: Stage, binder: str) -> None:
    code = border.code(None)

    refused = border.say(binder, f"ผูกกลุ่ม {code}", OTHER_GROUP)

    assert refused == ["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]
    assert bound_to(border, OTHER_GROUP) is None
    assert border.say("สมศรี", f"ผูกกลุ่ม {code}", OTHER_GROUP)[0].startswith("✅ ผูกกลุ่มนี้")


def test_a_code_without_a_sender_is_not_used_up(stage: Stage) -> None:
    code = stage.code(None)

    said = stage.say("", f"ผูกกลุ่ม {code}", GROUP)

    assert said == ["LINE ไม่ได้แจ้งว่าผู้ใดส่ง กรุณาพิมพ์ในแชตส่วนตัวกับบอต"]
    stage.coordinator("สมศรี")
    assert stage.say("สมศรี", f"ผูกกลุ่ม {code}", GROUP)[0].startswith("✅ ผูกกลุ่มนี้")


def test_the_bot_greets_a_group_and_says_how_it_is_bound(stage: Stage) -> None:
    said = stage.event("", GROUP, type="join")

    assert said == [
        "สวัสดี บอตติดตามงาน ITA พร้อมแล้ว ให้ผู้ประสานงานจังหวัดพิมพ์ “ผูกกลุ่ม” ตามด้วยรหัสกลุ่ม\n"
        "บอตตอบเฉพาะคำสั่งและปุ่มของบอต ไม่เก็บข้อความสนทนาในกลุ่ม"
    ]
    with transaction(stage.engine) as session:
        assert session.scalar(select(Chat.is_bot_inside)) is True


def test_leaving_the_group_undoes_the_binding(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    stage.bound_group("สมศรี")

    said = stage.event("", GROUP, type="leave")

    assert said == []
    assert bound_to(stage) is None
    stage.event("", GROUP, type="join")
    assert stage.say("สมศรี", "สถานะ", GROUP) == [GROUP_UNBOUND]


def test_a_leaving_of_before_the_binding_that_comes_late_does_not_undo_it(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    before = milliseconds(stage)
    stage.later(minutes=1)
    stage.bound_group("สมศรี")
    bound = bound_to(stage)

    stage.event("", GROUP, type="leave", timestamp=before)

    assert bound is not None
    assert bound_to(stage) == bound


def test_a_group_left_since_is_not_bound_by_an_older_message(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    before = milliseconds(stage)
    stage.later(minutes=1)
    stage.event("", GROUP, type="leave")
    message = {"type": "text", "id": "1", "text": f"ผูกกลุ่ม {stage.code(None)}"}

    said = stage.event("สมศรี", GROUP, type="message", message=message, timestamp=before)

    assert said == [
        "บอตออกจากกลุ่มหรือเข้ากลุ่มใหม่หลังข้อความนี้ จึงยังไม่ได้ผูกกลุ่ม"
        " พิมพ์ “ลงทะเบียน” ในแชตส่วนตัวกับบอตเพื่อรับรหัสกลุ่มใหม่"
    ]
    assert bound_to(stage) is None


def test_who_adds_the_bot_is_told_how_to_begin(stage: Stage) -> None:
    said = stage.follow("นภา")

    assert said == [
        "สวัสดี บอตนี้ช่วยติดตามงาน ITA ของจังหวัด เริ่มโดยพิมพ์รหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด"
        f" หรือพิมพ์ชื่อหน่วยงานของท่านเพื่อขอเข้าร่วม\n{KEPT}"
    ]
    assert posts_of(stage, user_id("นภา")) == []


def test_who_unblocks_the_bot_is_reminded_again(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.event("นภา", type="unfollow")

    said = stage.event("นภา", type="follow")

    assert said[0] == "เปิดรับการแจ้งเตือนอีกครั้งแล้ว"
    assert said[1].startswith("มีรายการที่ต้องดำเนินการ ๓ รายการ\nข้อ ๓ ")
    assert [to for to, _ in stage.tick()] == [user_id("นภา")]


def test_who_unblocks_the_bot_with_nothing_open_is_greeted_only(town: Stage) -> None:
    town.event("ดา", type="unfollow")

    assert town.event("ดา", type="follow") == ["เปิดรับการแจ้งเตือนอีกครั้งแล้ว"]


def test_who_blocked_the_bot_is_not_written_to(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.event("นภา", type="unfollow")

    assert stage.tick() == []


def test_who_blocked_the_bot_comes_back_by_writing_to_it(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.event("นภา", type="unfollow")

    stage.say("นภา", "สถานะ")

    assert [to for to, _ in stage.tick()] == [user_id("นภา")]


def test_what_was_written_before_blocking_does_not_bring_a_person_back(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.later(minutes=1)
    before = milliseconds(stage)
    stage.later(minutes=1)
    stage.event("นภา", type="unfollow")
    message = {"type": "text", "id": "1", "text": "สถานะ"}

    stage.event("นภา", type="message", message=message, timestamp=before)

    assert stage.tick() == []


def test_a_blocking_of_before_the_last_message_does_not_count(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.later(minutes=1)
    before = milliseconds(stage)
    stage.later(minutes=1)
    stage.say("นภา", "สถานะ")

    stage.event("นภา", type="unfollow", timestamp=before)

    assert [to for to, _ in stage.tick()] == [user_id("นภา")]


def test_speaking_in_the_group_does_not_make_a_person_reachable(stage: Stage) -> None:
    stage.officer("นภา", MAE_RAEM)
    stage.coordinator("สมศรี")
    group = stage.bound_group("สมศรี")
    stage.event("นภา", type="unfollow")

    stage.say("นภา", "สถานะ", group)

    with transaction(stage.engine) as session:
        found = select(PersonRow.is_reachable).where(PersonRow.line_user_id == user_id("นภา"))
        assert session.scalar(found) is False


def test_a_stranger_who_blocks_the_bot_is_not_kept(stage: Stage) -> None:
    stage.event("นภา", type="unfollow")

    with transaction(stage.engine) as session:
        assert session.scalar(select(PersonRow.id)) is None


def test_members_who_come_and_go_are_kept_without_a_word(stage: Stage) -> None:
    stage.event("", GROUP, type="join")
    here, gone = user_id("นภา"), user_id("วิชัย")
    members = {"members": [{"type": "user", "userId": each} for each in (here, gone)]}

    said = stage.event("", GROUP, type="memberJoined", joined=members)
    said += stage.event(
        "", GROUP, type="memberLeft", left={"members": [{"type": "user", "userId": gone}]}
    )

    assert said == []
    with transaction(stage.engine) as session:
        rows = session.execute(select(ChatMember.who, ChatMember.is_inside))
        roster = dict(rows.all())
    assert roster == {digest_of(here): True, digest_of(gone): False}


def test_members_of_a_group_that_is_not_known_yet_are_kept(stage: Stage) -> None:
    members = {"members": [{"type": "user", "userId": user_id("นภา")}]}

    stage.event("", GROUP, type="memberJoined", joined=members)

    with transaction(stage.engine) as session:
        assert session.scalar(select(ChatMember.is_inside)) is True


@pytest.mark.parametrize("asked", ["สถานะ", "สัปดาห์นี้มีอะไรต้องส่ง", "เสร็จ ๓", "ภาพรวม", "ติดต่อ"])
def test_a_stranger_is_told_to_register(stage: Stage, asked: str) -> None:
    assert stage.say("นภา", asked) == [NOT_REGISTERED]


def test_a_stranger_who_asks_for_help_is_told_how_to_come_in(stage: Stage) -> None:
    assert stage.say("นภา", "ช่วยเหลือ") == [
        "ท่านยังไม่ได้ลงทะเบียน พิมพ์รหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด"
        " หรือพิมพ์ชื่อหน่วยงานของท่านเพื่อขอเข้าร่วม เช่น “ขอเข้าร่วม อบต.แม่แรม”"
        " หากต้องการลบข้อมูลที่บอตเก็บไว้ พิมพ์ “ลบข้อมูลของฉัน”"
    ]
