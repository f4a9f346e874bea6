"""What the stand-in sends to the bot, and how."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.emulator.webhooks import signature
from tests.bot.emulator_stage import SECRET, Stage, fresh, open_stage


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def test_the_signature_is_that_of_lines_own_example() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'

    signed = signature("8c570fa6dd201bb328f1c1eac23a96d8", body)

    assert signed == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_a_webhook_is_signed_over_its_exact_bytes(stage: Stage) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี 😀")

    heard = stage.bot.heard[-1]
    assert heard.headers["x-line-signature"] == signature(SECRET, heard.raw)
    assert heard.headers["content-type"] == "application/json; charset=utf-8"


def test_an_event_has_every_common_field(stage: Stage) -> None:
    user = stage.person()

    answer = stage.control("say", userId=user, text="สวัสดี")

    [event] = stage.bot.heard[-1].events
    assert event["type"] == "message"
    assert event["mode"] == "active"
    assert event["timestamp"] == 1_799_114_400_000
    assert event["source"] == {"type": "user", "userId": user}
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert [event["webhookEventId"]] == answer["webhookEventIds"]
    assert event["message"]["id"] == answer["messageId"]
    assert json.loads(stage.bot.heard[-1].raw)["destination"] == stage.read("state")["botUserId"]


def test_event_ids_are_ulids_of_their_moment_and_differ(stage: Stage) -> None:
    user = stage.person()

    ids = [stage.control("say", userId=user, text="ก")["webhookEventIds"][0] for _ in range(20)]

    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    moments = {sum(alphabet.index(c) * 32 ** (9 - i) for i, c in enumerate(e[:10])) for e in ids}
    assert len(set(ids)) == 20
    assert all(len(each) == 26 and set(each) <= set(alphabet) for each in ids)
    assert moments == {1_799_114_400_000}


def test_the_same_story_gets_the_same_ids_again(stage: Stage) -> None:
    def play() -> list[Any]:
        user = stage.person()
        stage.control("say", userId=user, text="หนึ่ง")
        stage.reply(stage.token())
        return [stage.bot.heard[-1].raw, stage.read(f"transcript?chat={user}")]

    first = play()
    second = play() if fresh(stage) else []

    assert first == second


def test_a_mention_of_the_bot_is_marked_as_its_own(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user)

    stage.control("say", userId=user, groupId=group, text="😀 @Bot ช่วย", mentionBot=True)

    [mention] = stage.bot.heard[-1].events[0]["message"]["mention"]["mentionees"]
    assert (mention["index"], mention["length"], mention["isSelf"]) == (3, 4, True)


def test_a_mention_is_put_in_front_when_the_name_is_not_in_the_text(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user)

    stage.control("say", userId=user, groupId=group, text="ช่วยเหลือ", mentionBot=True)

    assert stage.bot.heard[-1].events[0]["message"]["text"] == "@Bot ช่วยเหลือ"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", {"type": "image", "contentProvider": {"type": "line"}}),
        ("file", {"type": "file", "fileName": "แผน.xlsx", "fileSize": 5}),
        ("sticker", {"type": "sticker", "stickerResourceType": "STATIC"}),
    ],
)
def test_what_people_send_is_told_by_its_kind(
    stage: Stage, kind: str, expected: dict[str, Any]
) -> None:
    user = stage.person()

    stage.control("send", userId=user, kind=kind, fileName="แผน.xlsx", contentBase64="aGVsbG8=")

    message = stage.bot.heard[-1].events[0]["message"]
    assert expected.items() <= message.items()


def test_a_file_can_be_downloaded_until_it_is_unsent(stage: Stage) -> None:
    user = stage.person()
    stage.control("options", content_pending_calls=1)
    sent = stage.control("send", userId=user, kind="file", contentBase64="aGVsbG8=")
    path = f"message/{sent['messageId']}/content"

    waiting, ready = stage.line(path), stage.line(path)
    stage.control("unsend", messageId=sent["messageId"])
    gone = stage.line(path)

    assert (waiting.status, ready.status, gone.status) == (202, 200, 410)
    assert ready.body == b"hello"
    assert stage.bot.heard[-1].events[0]["unsend"] == {"messageId": sent["messageId"]}
    assert "replyToken" not in stage.bot.heard[-1].events[0]


def test_following_again_after_blocking_is_an_unblocking(stage: Stage) -> None:
    user = stage.person(friend=False)

    for path in ("follow", "unfollow", "follow"):
        stage.control(path, userId=user)

    events = [heard.events[0] for heard in stage.bot.heard]
    assert [event["type"] for event in events] == ["follow", "unfollow", "follow"]
    assert events[0]["follow"] == {"isUnblocked": False}
    assert events[2]["follow"] == {"isUnblocked": True}
    assert [("replyToken" in event) for event in events] == [True, False, True]


def test_join_and_leave_tell_the_group_and_nobody(stage: Stage) -> None:
    group = stage.group(stage.person(), botInside=False)

    stage.control("join", groupId=group)
    stage.control("leave", groupId=group)

    joined, left = (heard.events[0] for heard in stage.bot.heard)
    assert joined["source"] == left["source"] == {"type": "group", "groupId": group}
    assert "replyToken" in joined
    assert "replyToken" not in left


def test_members_who_come_and_go_are_named(stage: Stage) -> None:
    group, user = stage.group(), stage.person()

    stage.control("member-joined", groupId=group, userId=user)
    stage.control("member-left", groupId=group, userId=user)

    joined, left = (heard.events[0] for heard in stage.bot.heard)
    assert joined["joined"] == left["left"] == {"members": [{"type": "user", "userId": user}]}
    assert "userId" not in joined["source"]


def test_an_edit_keeps_the_message_id_and_brings_a_new_token(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user)
    said = stage.control("say", userId=user, groupId=group, text="เสร็จ 11")
    first = stage.bot.heard[-1].events[0]

    stage.control("edit", messageId=said["messageId"], text="เสร็จ 12")

    edited = stage.bot.heard[-1].events[0]
    assert edited["type"] == "messageEdited"
    assert edited["message"]["id"] == first["message"]["id"]
    assert edited["message"]["text"] == "เสร็จ 12"
    assert edited["replyToken"] != first["replyToken"]
    assert edited["message"]["quoteToken"] != first["message"]["quoteToken"]


def test_a_group_without_the_bot_is_not_heard(stage: Stage) -> None:
    user = stage.person()
    group = stage.group(user, botInside=False)

    answer = stage.control("say", userId=user, groupId=group, text="ลับ")

    assert answer["delivered"] is None
    assert stage.bot.heard == []


def test_who_did_not_consent_is_not_named_in_a_group(stage: Stage) -> None:
    user = stage.person(consents=False)
    group = stage.group(user)

    stage.control("say", userId=user, groupId=group, text="สวัสดี")

    assert stage.bot.heard[-1].events[0]["source"] == {"type": "group", "groupId": group}


def test_a_redelivery_is_the_same_event_marked_as_such(stage: Stage) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี")

    stage.control("redeliver")
    stage.control("redeliver", isRedelivery=False)

    first, again, twin = (heard.events[0] for heard in stage.bot.heard)
    assert again == {**first, "deliveryContext": {"isRedelivery": True}}
    assert twin == first


def test_queued_events_go_out_in_one_body(stage: Stage) -> None:
    user = stage.person()
    for text in ("หนึ่ง", "สอง"):
        stage.control("say", userId=user, text=text, deliver=False)

    stage.control("deliver")

    [heard] = stage.bot.heard
    assert [event["message"]["text"] for event in heard.events] == ["หนึ่ง", "สอง"]
    assert stage.read("state")["queued"] == []


def test_queued_events_go_out_in_the_order_and_bodies_asked_for(stage: Stage) -> None:
    user = stage.person()
    ids = [
        stage.control("say", userId=user, text=text, deliver=False)["webhookEventIds"][0]
        for text in ("หนึ่ง", "สอง", "สาม")
    ]

    stage.control("deliver", order=[[ids[2], ids[0]], [ids[0]]])

    told = [[event["webhookEventId"] for event in heard.events] for heard in stage.bot.heard]
    assert told == [[ids[2], ids[0]], [ids[0]]]
    assert stage.read("state")["queued"] == [ids[1]]


def test_raw_mixes_good_events_with_odd_ones(stage: Stage) -> None:
    good = stage.control("say", userId=stage.person(), text="ดี", deliver=False)["webhookEventIds"]

    stage.control("raw", events=[None, {"type": "hologram"}, *good], fill=True)

    nothing, unknown, known = stage.bot.heard[-1].events
    assert nothing is None
    assert unknown["type"] == "hologram"
    assert unknown["mode"] == "active"
    assert known["message"]["text"] == "ดี"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, signature(SECRET, b"not JSON"), id="right"),
        pytest.param(
            {"signature": "wrong"}, signature("another " + SECRET, b"not JSON"), id="wrong"
        ),
        pytest.param({"signature": None}, None, id="none"),
    ],
)
def test_raw_sends_any_bytes_under_any_signature(
    stage: Stage, asked: dict[str, Any], expected: str | None
) -> None:
    stage.control("raw", body="not JSON", times=2, **asked)

    assert [heard.raw for heard in stage.bot.heard] == [b"not JSON"] * 2
    assert stage.bot.heard[-1].headers.get("x-line-signature") == expected


def test_an_empty_webhook_tests_the_address(stage: Stage) -> None:
    answer = stage.line("channel/webhook/test", {})

    assert answer.body["success"] is True
    assert answer.body["statusCode"] == 200
    assert stage.bot.heard[-1].events == []


def test_with_the_webhook_switched_off_nothing_is_told_but_the_address_can_be_tested(
    stage: Stage,
) -> None:
    stage.control("options", use_webhook=False)

    answer = stage.control("say", userId=stage.person(), text="สวัสดี")

    assert answer["delivered"]["status"] is None
    assert stage.bot.heard == []
    assert stage.line("channel/webhook/endpoint").body["active"] is False
    assert stage.line("channel/webhook/test", {}).body["success"] is True


def test_without_an_address_there_is_nothing_to_tell_or_test(stage: Stage) -> None:
    address = stage.read("state")["botUrl"]
    stage.control("bot", url=None)

    answer = stage.control("say", userId=stage.person(), text="สวัสดี")
    asked = stage.line("channel/webhook/endpoint")
    tested = stage.line("channel/webhook/test", {})

    stage.control("bot", url=address)
    assert answer["delivered"]["status"] is None
    assert (asked.status, tested.status) == (404, 404)
    assert asked.body == {"message": "Webhook endpoint not found"}


def test_what_the_bot_answered_is_on_record(stage: Stage) -> None:
    stage.bot.status = 503

    answer = stage.control("say", userId=stage.person(), text="สวัสดี")

    [entry] = stage.read("deliveries")["entries"]
    assert answer["delivered"]["status"] == 503
    assert (entry["status"], entry["reason"]) == (503, "error_status_code")
    assert entry["events"] == answer["webhookEventIds"]


def test_a_bot_that_does_not_listen_is_on_record(stage: Stage) -> None:
    address = stage.read("state")["botUrl"]
    stage.control("bot", url="http://127.0.0.1:1/callback")

    answer = stage.control("say", userId=stage.person(), text="สวัสดี")

    stage.control("bot", url=address)
    assert answer["delivered"]["reason"] == "could_not_connect"


def test_a_bot_that_takes_too_long_is_given_up(stage: Stage) -> None:
    stage.control("options", webhook_timeout_seconds=0.05)
    stage.bot.seconds = 0.3

    answer = stage.control("say", userId=stage.person(), text="สวัสดี")

    stage.bot.seconds = 0.0
    assert answer["delivered"]["status"] == 0
    assert answer["delivered"]["reason"] == "request_timeout"
