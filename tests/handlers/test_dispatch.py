"""Every event, command and silence has its place; chatter is neither answered nor kept."""

import logging
from typing import Any

import pytest
from sqlalchemy import select

from bot.file_store import HandedIn
from handlers import dispatch, turn
from handlers.postback import button_data
from messages_th.words import Command
from store import agencies, people
from store.database import transaction
from store.models import Chat, InboxEvent, OutboxMessage
from store.types import DutyState, Role
from tests.factories import JANUARY, code_in, duty_of, state_of
from tests.fakes import reasons
from tests.stage import GROUP, Stage, actions, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
TOWN = "เทศบาลเมืองลำพูน"

GROUP_UNBOUND = "กลุ่มนี้ยังไม่ได้ผูกกับจังหวัด ให้ผู้ประสานงานจังหวัดพิมพ์ “ผูกกลุ่ม” ตามด้วยรหัสกลุ่ม"
MENTION = {"mention": {"mentionees": [{"index": 0, "length": 4, "isSelf": True}]}}


def last_body(stage: Stage) -> str | None:
    with transaction(stage.engine) as session:
        found = select(InboxEvent.body).order_by(InboxEvent.id.desc()).limit(1)
        return session.execute(found).scalar_one()


def test_every_command_has_a_handler() -> None:
    assert set(dispatch.COMMANDS) == set(Command)


def test_every_kind_of_event_has_a_handler() -> None:
    assert set(dispatch.EVENTS) == set(turn.Happening.__args__)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("สวัสดีค่ะทุกคน", id="greeting"),
        pytest.param("ข้อ ๑๑ เสร็จหรือยังคะ", id="a question among people"),
        pytest.param("สถานะตอนนี้เป็นยังไงบ้างคะพี่", id="a word of a command in it"),
        pytest.param("รหัสห้องประชุม 1234-5678", id="like a code"),
        pytest.param("👍", id="emoji"),
        pytest.param("ก" * 4000, id="long"),
    ],
)
def test_chatter_in_the_group_is_neither_answered_nor_kept(town: Stage, text: str) -> None:
    said = town.say("นภา", text, GROUP)

    assert said == []
    assert last_body(town) is None


@pytest.mark.parametrize(
    "message",
    [
        {"type": "sticker", "id": "1", "packageId": "1", "stickerId": "1"},
        {"type": "something-new", "id": "1"},
    ],
)
@pytest.mark.parametrize("group", ["", GROUP])
def test_what_is_no_text_is_passed_over(town: Stage, message: dict[str, Any], group: str) -> None:
    said = town.event("นภา", group, type="message", message=message)

    assert said == []
    assert last_body(town) is None


@pytest.mark.parametrize("kind", ["join", "leave", "memberJoined", "memberLeft"])
def test_an_event_of_no_group_makes_no_group(stage: Stage, kind: str) -> None:
    members = {"members": [{"type": "user", "userId": user_id("นภา")}]}

    said = stage.event("", type=kind, joined=members, left=members)

    assert said == []
    with transaction(stage.engine) as session:
        assert session.scalars(select(Chat.line_chat_id)).all() == []


def test_a_command_is_kept_until_doubts_about_it_are_over(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓", GROUP)

    assert last_body(town) is not None


def test_a_mention_with_nonsense_leads_to_the_menu(town: Stage) -> None:
    said = town.say("นภา", "@bot ฟหกด", GROUP, **MENTION)

    assert said == ["ขออภัย ไม่เข้าใจข้อความนี้ เลือกจากเมนูได้เลย"]
    assert "ช่วยเหลือ" in [each["label"] for each in actions(town.line.sent[-1][2])]
    assert last_body(town) is None


def test_a_text_beyond_all_commands_is_told_to_be_shorter_and_not_kept(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    said = town.say("นภา", "ติดปัญหา ๓ " + "ก" * 5000)

    assert said == ["ข้อความยาวเกิน ๑,๐๐๐ ตัวอักษร บอตจึงไม่ได้ดำเนินการ โปรดย่อแล้วพิมพ์อีกครั้ง"]
    assert reasons(caplog.records) == ["text_too_long"]
    assert last_body(town) is None
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_a_mention_is_understood_with_looser_words(town: Stage) -> None:
    loose = "@bot อาทิตย์นี้ต้องทำไรบ้างอะ"
    silent = town.say("นภา", loose.removeprefix("@bot "), GROUP)

    said = town.say("นภา", loose, GROUP, **MENTION)

    assert silent == []
    assert said[0].startswith("สัปดาห์นี้ ทต.แม่แรม")


def test_a_mention_of_somebody_else_is_chatter(town: Stage) -> None:
    other = {"mention": {"mentionees": [{"index": 0, "length": 4, "isSelf": False}]}}

    assert town.say("นภา", "@ann ฟหกด", GROUP, **other) == []


@pytest.mark.parametrize("asked", ["สถานะ", "เสร็จ ๓", "ใครยังไม่ส่ง", "สัปดาห์นี้มีอะไรต้องส่ง"])
def test_in_a_group_of_no_province_a_command_says_how_to_bind_it(town: Stage, asked: str) -> None:
    assert town.say("นภา", asked, "C" + "b" * 32) == [GROUP_UNBOUND]


def test_a_question_without_sender_is_asked_to_come_in_private(town: Stage) -> None:
    said = town.say("", "สถานะ", GROUP)

    assert said == ["LINE ไม่ได้แจ้งว่าผู้ใดส่ง กรุณาพิมพ์ในแชตส่วนตัวกับบอต"]


def test_a_stranger_in_the_group_is_told_whom_to_ask(town: Stage) -> None:
    said = town.say("แปลก", "สถานะ", GROUP)

    assert said == [
        "ท่านยังไม่ได้ลงทะเบียนกับจังหวัดของกลุ่มนี้ ขอรหัสจากผู้ประสานงานจังหวัด แล้วพิมพ์รหัสนั้นในแชตส่วนตัวกับบอต"
    ]


def test_an_old_multi_person_chat_is_a_group(town: Stage) -> None:
    room = {"type": "room", "roomId": "R" + "a" * 32, "userId": "U" + "0" * 32}

    said = town.event("", type="message", source=room, message={"type": "text", "text": "คุยกัน"})

    assert said == []


def test_in_standby_the_bot_stays_silent(town: Stage) -> None:
    said = town.event(
        "นภา", type="message", mode="standby", message={"type": "text", "text": "สถานะ"}
    )

    assert said == []


def test_an_answer_without_reply_token_is_not_sent(town: Stage) -> None:
    said = town.event(
        "นภา", type="message", replyToken="", message={"type": "text", "text": "เสร็จ ๓"}
    )

    assert said == []
    assert town.say("นภา", "เสร็จ ๓") == ["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"]


def test_in_private_the_province_is_the_persons_own(border: Stage) -> None:
    assert border.say("เมือง", "สถานะ")[0].startswith("ทม.ลำพูน: เสร็จ ๐/๘ รายการ")


def test_in_private_all_posts_count_whatever_their_province(border: Stage) -> None:
    border.say("นภา", code_in(border, "ลำพูน", Role.OFFICER, TOWN))

    said = border.say("นภา", "สถานะ")

    assert [line.split(":")[0] for line in said[0].splitlines() if "เสร็จ ๐/" in line] == [
        "ทต.แม่แรม",
        "ทม.ลำพูน",
    ]
    assert border.say("นภา", "ติดต่อ")[0].startswith("ผู้ประสานงาน ITA จังหวัดลำพูน")


def test_in_a_group_only_the_posts_of_its_province_count(border: Stage) -> None:
    border.say("นภา", code_in(border, "ลำพูน", Role.OFFICER, TOWN))

    said = border.say("นภา", "สถานะ", GROUP)

    assert "ทม.ลำพูน" not in said[0]


@pytest.mark.parametrize("agency", [MAE_RAEM, TOWN])
def test_in_private_the_buttons_of_each_province_work(border: Stage, agency: str) -> None:
    border.say("นภา", code_in(border, "ลำพูน", Role.OFFICER, TOWN))
    with transaction(border.engine) as session:
        button = button_data(duty_of(session, agency), DutyState.DONE)

    border.tap("นภา", button)

    assert state_of(border, agency) is DutyState.DONE


def test_in_the_group_a_button_of_another_province_is_stale(border: Stage) -> None:
    border.say("นภา", code_in(border, "ลำพูน", Role.OFFICER, TOWN))
    with transaction(border.engine) as session:
        button = button_data(duty_of(session, TOWN), DutyState.DONE)

    said = border.tap("นภา", button, GROUP)

    assert said[0].startswith("ข้อมูลเปลี่ยนแล้ว ปุ่มนี้ใช้ไม่ได้")
    assert state_of(border, TOWN) is DutyState.OPEN


@pytest.mark.parametrize(
    ("name", "group", "counting"),
    [
        pytest.param("นภา", "", [True, False], id="one post in private"),
        pytest.param("แปลก", "", [True, True], id="a stranger in private"),
        pytest.param("เมือง", GROUP, [True, False], id="a neighbour in the group"),
        pytest.param("แปลก", GROUP, [True, False], id="a stranger in the group"),
        pytest.param("นภา", "C" + "b" * 32, [False, False], id="a group of no province"),
    ],
)
def test_what_counts_here_is_the_groups_or_the_persons_province(
    border: Stage, name: str, group: str, counting: list[bool]
) -> None:
    with transaction(border.engine) as session:
        person = people.person(session, user_id(name), at=border.now)
        here, there = (agencies.province_id(session, each) for each in ("เชียงใหม่", "ลำพูน"))
        assert here is not None
        assert there is not None
        source = turn.Source(user_id(name), group)
        event = turn.Event("event", source, "", border.now, turn.OtherEvent())
        province = people.chat_province(session, group)
        moment = turn.Turn(
            session,
            event,
            border.now,
            JANUARY.last,
            person,
            province,
            HandedIn(border.desk.files),
            "",
        )

        found = [moment.counts_here(here), moment.counts_here(there)]

    assert found == counting


def test_a_group_learns_an_answer_only_by_reply(town: Stage) -> None:
    town.say("นภา", "สถานะ", GROUP)

    with transaction(town.engine) as session:
        newest = select(OutboxMessage.line_to).order_by(OutboxMessage.id.desc()).limit(1)
        assert session.execute(newest).scalar_one() == ""
