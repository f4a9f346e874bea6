"""What people see in a chat of the stand-in, and what their taps do."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bot.emulator_stage import Stage, fresh, open_stage

DONE = {"type": "postback", "label": "เสร็จ", "data": "done:11", "displayText": "เสร็จ ๑๑"}
QUICK = {
    "type": "text",
    "text": "ข้อ ๑๑ เสร็จหรือยัง",
    "quickReply": {"items": [{"type": "action", "action": DONE}]},
}


def button(label: str, data: str, **more: Any) -> dict[str, Any]:
    action = {"type": "postback", "label": label, "data": data, **more}
    return {"type": "button", "action": action}


def box(*contents: dict[str, Any], layout: str = "vertical") -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents)}


def words(value: str) -> dict[str, Any]:
    return {"type": "text", "text": value}


CARD = {
    "type": "flex",
    "altText": "งานของท่าน",
    "contents": {
        "type": "bubble",
        "body": box(
            words("งานของท่าน"),
            box(words("๑๑ ประชุม"), box(button("เสร็จ", "done:11"), button("ติดปัญหา", "stuck:11"))),
            box(words("๑๒ อบรม"), box(button("เสร็จ", "done:12"), layout="horizontal")),
        ),
    },
}


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def show(stage: Stage, to: str, *messages: dict[str, Any]) -> str:
    answer = stage.line("message/push", {"to": to, "messages": list(messages)})
    assert answer.status == 200, answer.body
    return answer.body["sentMessages"][-1]["id"]


def template(*actions: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "buttons", "text": "เลือก", "actions": list(actions)}
    return {"type": "template", "altText": "เลือก", "template": body}


def refusal(stage: Stage, path: str, **body: Any) -> tuple[int, str]:
    answer = stage.ask("POST", f"/stand-in/{path}", body)
    return answer.status, answer.body["error"]


def test_a_transcript_reads_as_the_chat(stage: Stage) -> None:
    user = stage.person("สมหญิง")
    stage.control("say", userId=user, text="สวัสดี")
    show(stage, user, CARD, QUICK)

    said, card, quick = stage.read(f"transcript?chat={user}")

    assert (said["from"], said["text"], said["kind"]) == ("สมหญิง", "สวัสดี", "text")
    assert (card["from"], card["kind"]) == ("bot", "flex")
    assert card["text"] == "งานของท่าน\n๑๑ ประชุม\n๑๒ อบรม"
    assert [each["label"] for each in card["buttons"]] == ["เสร็จ", "ติดปัญหา", "เสร็จ"]
    assert [each["near"] for each in card["buttons"]] == [
        "งานของท่าน\n๑๑ ประชุม",
        "งานของท่าน\n๑๑ ประชุม",
        "๑๒ อบรม",
    ]
    assert [each["label"] for each in quick["quickReplies"]] == ["เสร็จ"]
    assert said["at"] == "2027-01-05T02:00:00+00:00"


def test_a_tap_on_a_postback_tells_the_bot_and_shows_its_display_text(stage: Stage) -> None:
    user = stage.person("สมหญิง")
    show(stage, user, QUICK)

    stage.control("tap", userId=user, label="เสร็จ")

    [event] = stage.bot.heard[-1].events
    last = stage.read(f"transcript?chat={user}")[-1]
    assert event["type"] == "postback"
    assert event["postback"] == {"data": "done:11"}
    assert (last["from"], last["text"]) == ("สมหญิง", "เสร็จ ๑๑")
    assert stage.reply(event["replyToken"]).status == 200


@pytest.mark.parametrize("poster", ["the bot", "the person", "another member"])
def test_quick_replies_vanish_when_anybody_posts(stage: Stage, poster: str) -> None:
    user, other = stage.person(), stage.person("สมชาย")
    group = stage.group(user, other)
    show(stage, group, QUICK)

    if poster == "the bot":
        stage.push(group)
    else:
        who = user if poster == "the person" else other
        stage.control("say", userId=who, groupId=group, text="ครับ")

    status, told = refusal(stage, "tap", userId=user, groupId=group, label="เสร็จ")
    assert (status, told) == (404, "nothing to tap in this chat has label 'เสร็จ'")
    assert all(not each["quickReplies"] for each in stage.read(f"transcript?chat={group}"))


def test_quick_replies_vanish_with_a_tap_that_shows_nothing(stage: Stage) -> None:
    user = stage.person()
    silent = {"type": "postback", "label": "เสร็จ", "data": "done:11"}
    items = [{"type": "action", "action": silent}]
    show(stage, user, {"type": "text", "text": "เสร็จหรือยัง", "quickReply": {"items": items}})

    stage.control("tap", userId=user, label="เสร็จ")

    assert refusal(stage, "tap", userId=user, label="เสร็จ")[0] == 404
    assert stage.read(f"transcript?chat={user}")[-1]["quickReplies"] == []


def test_quick_replies_come_back_when_the_newer_post_is_unsent(stage: Stage) -> None:
    user = stage.person()
    show(stage, user, QUICK)
    said = stage.control("say", userId=user, text="ครับ")

    stage.control("unsend", messageId=said["messageId"])

    assert [
        each["label"] for each in stage.read(f"transcript?chat={user}")[-1]["quickReplies"]
    ] == ["เสร็จ"]


def test_only_the_last_of_several_messages_shows_quick_replies(stage: Stage) -> None:
    user = stage.person()

    show(stage, user, QUICK, {"type": "text", "text": "จบ"})

    assert refusal(stage, "tap", userId=user, label="เสร็จ")[0] == 404


def test_the_buttons_of_a_card_last(stage: Stage) -> None:
    user = stage.person()
    show(stage, user, CARD)
    stage.control("say", userId=user, text="ครับ")

    stage.control("tap", userId=user, label="ติดปัญหา")

    assert stage.bot.heard[-1].events[0]["postback"] == {"data": "stuck:11"}


@pytest.mark.parametrize(
    ("wanted", "data"),
    [
        pytest.param({"label": "เสร็จ"}, "done:11", id="the first of this label"),
        pytest.param({"label": "เสร็จ", "near": "๑๒"}, "done:12", id="the one near a text"),
        pytest.param({"data": "done:12"}, "done:12", id="the one with this data"),
        pytest.param({"index": 1}, "stuck:11", id="the one with this number"),
    ],
)
def test_a_button_is_found_by_what_is_known_of_it(
    stage: Stage, wanted: dict[str, Any], data: str
) -> None:
    user = stage.person()
    show(stage, user, CARD)

    stage.control("tap", userId=user, **wanted)

    assert stage.bot.heard[-1].events[0]["postback"] == {"data": data}


def test_the_newest_message_is_tapped_unless_one_is_named(stage: Stage) -> None:
    user = stage.person()
    old = show(stage, user, template({"type": "message", "label": "ก", "text": "เก่า"}))
    show(stage, user, template({"type": "message", "label": "ก", "text": "ใหม่"}))

    stage.control("tap", userId=user, label="ก")
    stage.control("tap", userId=user, label="ก", messageId=old)

    told = [heard.events[0]["message"]["text"] for heard in stage.bot.heard]
    assert told == ["ใหม่", "เก่า"]


def test_a_message_action_speaks_as_the_person_who_tapped(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user)
    show(stage, group, template({"type": "message", "label": "เสร็จ", "text": "เสร็จ ๑๑"}))

    stage.control("tap", userId=user, groupId=group, label="เสร็จ")

    [event] = stage.bot.heard[-1].events
    assert event["message"]["text"] == "เสร็จ ๑๑"
    assert event["source"] == {"type": "group", "groupId": group, "userId": user}


@pytest.mark.parametrize("is_named", [True, False])
def test_a_postback_in_a_group_names_its_sender_as_the_switch_says(
    stage: Stage,
    is_named: bool,  # noqa: FBT001
) -> None:
    user = stage.person()
    group = stage.group(user)
    show(stage, group, CARD)
    stage.control("options", postback_user_id_in_groups=is_named)

    stage.control("tap", userId=user, groupId=group, label="เสร็จ")

    assert ("userId" in stage.bot.heard[-1].events[0]["source"]) is is_named


@pytest.mark.parametrize(
    ("action", "told"),
    [
        pytest.param(
            {"type": "uri", "uri": "https://a.go.th"}, {"uri": "https://a.go.th"}, id="a link"
        ),
        pytest.param(
            {"type": "clipboard", "clipboardText": "คัดลอก"}, {"clipboardText": "คัดลอก"}, id="a copy"
        ),
    ],
)
def test_what_opens_on_the_phone_is_told_to_nobody(
    stage: Stage, action: dict[str, Any], told: dict[str, str]
) -> None:
    user = stage.person()
    show(stage, user, template({"label": "เปิด", **action}))

    answer = stage.control("tap", userId=user, label="เปิด")

    assert told.items() <= answer.items()
    assert answer["delivered"] is None
    assert stage.bot.heard == []


def test_a_filled_keyboard_is_handed_to_the_caller(stage: Stage) -> None:
    user = stage.person()
    reason = {"inputOption": "openKeyboard", "fillInText": "ติดปัญหา 11: "}
    show(stage, user, template(button("ติดปัญหา", "stuck", **reason)["action"]))

    answer = stage.control("tap", userId=user, label="ติดปัญหา")

    assert answer["fillInText"] == "ติดปัญหา 11: "
    assert stage.bot.heard[-1].events[0]["postback"] == {"data": "stuck"}


PICKER = {
    "type": "datetimepicker",
    "label": "เลื่อนเตือน",
    "data": "pause:11",
    "mode": "date",
    "min": "2027-01-06",
    "max": "2027-02-28",
}


def test_a_picked_date_comes_with_the_postback(stage: Stage) -> None:
    user = stage.person()
    show(stage, user, template(PICKER))

    stage.control("tap", userId=user, label="เลื่อนเตือน", params={"date": "2027-01-20"})

    expected = {"data": "pause:11", "params": {"date": "2027-01-20"}}
    assert stage.bot.heard[-1].events[0]["postback"] == expected


@pytest.mark.parametrize(
    "params",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"date": "20 ม.ค. 2570"}, id="no date"),
        pytest.param({"datetime": "2027-01-20T08:30"}, id="another mode"),
        pytest.param({"date": "2027-01-05"}, id="before the first"),
        pytest.param({"date": "2027-03-01"}, id="after the last"),
    ],
)
def test_a_picker_offers_only_its_own_dates(stage: Stage, params: dict[str, str] | None) -> None:
    user = stage.person()
    show(stage, user, template(PICKER))

    status, _ = refusal(stage, "tap", userId=user, label="เลื่อนเตือน", params=params)

    assert status == 400
    assert stage.bot.heard == []


def test_people_act_only_where_they_are(stage: Stage) -> None:
    user, stranger = stage.person(), stage.person("สมชาย")
    group = stage.group(user)
    stage.control("unfollow", userId=user)

    outside = refusal(stage, "say", userId=stranger, groupId=group, text="ครับ")
    blocked = refusal(stage, "say", userId=user, text="ครับ")
    unknown = refusal(stage, "say", userId="U1", text="ครับ")

    assert outside == (400, f"{stranger} is not in the group {group}")
    assert blocked == (400, f"{user} has blocked the bot and cannot write to it")
    assert unknown == (404, "there is no person U1")


def test_what_a_group_says_is_not_in_the_private_chat(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user)
    stage.control("say", userId=user, groupId=group, text="ในกลุ่ม")

    assert stage.read(f"transcript?chat={user}") == []
    assert len(stage.read(f"transcript?chat={group}")) == 1


def test_an_unknown_chat_has_no_transcript(stage: Stage) -> None:
    assert stage.ask("GET", "/stand-in/transcript?chat=C1").status == 404


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        pytest.param("say", b"{", id="no JSON"),
        pytest.param("say", b"[]", id="no object"),
        pytest.param("people", b'{"displayName":"\\ud800"}', id="half a surrogate pair"),
        pytest.param("people", b'{"displayName":7}', id="a number for a name"),
        pytest.param("people", b'{"displayName":"a","friend":"yes"}', id="a text for a boolean"),
        pytest.param("clock", b'{"now":"2027-01-05T09:00:00"}', id="a moment without zone"),
        pytest.param("clock", b'{"now":"tomorrow"}', id="no moment"),
        pytest.param("options", b'{"colour":"red"}', id="an unknown option"),
        pytest.param("tap", b'{"userId":"U1"}', id="a tap on nothing"),
    ],
)
def test_a_control_call_that_makes_no_sense_is_refused_with_a_sentence(
    stage: Stage, path: str, raw: bytes
) -> None:
    answer = stage.ask("POST", f"/stand-in/{path}", raw)

    assert answer.status == 400
    assert answer.body["error"]
