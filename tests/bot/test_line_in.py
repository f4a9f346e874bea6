"""Reading LINE's events: every kind, mentions cut out by UTF-16 units, and whatever else comes."""

import json
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import read_instant
from bot.line_in import EPOCH, BadWebhookError, read_event, split_batch
from handlers.turn import (
    BotJoined,
    BotLeft,
    FileSent,
    Followed,
    Happening,
    MembersJoined,
    MembersLeft,
    OtherEvent,
    PhotoSent,
    Pressed,
    Source,
    TextSaid,
    Unfollowed,
    Unsent,
)

NOW = read_instant("2024-01-31T09:00")
USER, OTHER = "U" + "1" * 32, "U" + "2" * 32
GROUP, ROOM = "C" + "a" * 32, "R" + "b" * 32


def happening(**raw: Any) -> Happening:
    return read_event("e1", json.dumps(raw)).happening


def members(name: str, *ids: Any) -> dict[str, Any]:
    return {name: {"members": [{"type": "user", "userId": each} for each in ids]}}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            {"type": "message", "message": {"type": "text", "id": "1", "text": " เสร็จ ๑๑ "}},
            TextSaid("เสร็จ ๑๑", mentions_bot=False, message_id="1"),
            id="text",
        ),
        pytest.param(
            {"type": "postback", "postback": {"data": "1:done:7:1"}},
            Pressed("1:done:7:1"),
            id="postback",
        ),
        pytest.param(
            {"type": "message", "message": {"type": "text", "text": "เสร็จ\0 ๑๑\ud83d"}},
            TextSaid("เสร็จ ๑๑?", mentions_bot=False),
            id="text that no database takes",
        ),
        pytest.param({"type": "follow", "follow": {"isUnblocked": False}}, Followed(), id="follow"),
        pytest.param({"type": "follow"}, Followed(), id="follow without its object"),
        pytest.param({"type": "unfollow"}, Unfollowed(), id="unfollow"),
        pytest.param({"type": "join"}, BotJoined(), id="join"),
        pytest.param({"type": "leave"}, BotLeft(), id="leave"),
        pytest.param(
            {"type": "memberJoined", **members("joined", USER, OTHER)},
            MembersJoined((USER, OTHER)),
            id="memberJoined",
        ),
        pytest.param(
            {"type": "memberLeft", **members("left", USER)}, MembersLeft((USER,)), id="memberLeft"
        ),
        pytest.param(
            {"type": "memberJoined", "joined": {"members": [None, {"type": "user"}, 7]}},
            MembersJoined(()),
            id="members without ids",
        ),
        pytest.param({"type": "memberLeft"}, MembersLeft(()), id="nobody left"),
        pytest.param(
            {"type": "message", "message": {"type": "sticker"}}, OtherEvent(), id="sticker"
        ),
        pytest.param({"type": "message", "message": {"type": "image"}}, PhotoSent(), id="image"),
        pytest.param(
            {
                "type": "message",
                "message": {
                    "type": "image",
                    "id": "56",
                    "contentProvider": {"type": "line"},
                    "quotedMessageId": "9",
                },
            },
            PhotoSent("56", "9"),
            id="image that LINE has",
        ),
        pytest.param(
            {
                "type": "message",
                "message": {"type": "image", "id": "56", "contentProvider": {"type": "external"}},
            },
            PhotoSent(),
            id="image that another provider has",
        ),
        pytest.param(
            {
                "type": "message",
                "message": {"type": "file", "id": "55", "fileName": "แผน.docx", "fileSize": 2048},
            },
            FileSent("55", "แผน.docx", 2048),
            id="file",
        ),
        pytest.param(
            {"type": "message", "message": {"type": "file", "id": "../../x", "fileSize": "big"}},
            FileSent("", "", 0),
            id="file: an id that would lead elsewhere, a size that is none",
        ),
        pytest.param({"type": "message", "message": {"type": "hologram"}}, OtherEvent(), id="new"),
        pytest.param({"type": "message"}, OtherEvent(), id="message without its object"),
        pytest.param(
            {"type": "messageEdited", "message": {"type": "text", "text": "เสร็จ ๑๑"}},
            OtherEvent(),
            id="messageEdited",
        ),
        pytest.param({"type": "unsend", "unsend": {"messageId": "1"}}, Unsent("1"), id="unsend"),
        pytest.param({"type": "accountLink", "link": {"result": "ok"}}, OtherEvent(), id="link"),
        pytest.param({"type": "videoPlayComplete"}, OtherEvent(), id="videoPlayComplete"),
        pytest.param({"type": "beacon", "beacon": {"hwid": "1"}}, OtherEvent(), id="beacon"),
        pytest.param({"type": "membership"}, OtherEvent(), id="membership"),
        pytest.param({"type": "somethingNew"}, OtherEvent(), id="a kind yet to come"),
        pytest.param({"type": {"follow": 1}}, OtherEvent(), id="type an object"),
        pytest.param({"type": "postback"}, Pressed(""), id="postback without its object"),
        pytest.param({"type": "postback", "postback": {"data": 7}}, Pressed(""), id="data odd"),
        pytest.param(
            {"type": "postback", "mode": "standby", "postback": {"data": "1:done:7:1"}},
            OtherEvent(),
            id="standby: another bot has the floor",
        ),
        pytest.param(
            {"type": "follow", "mode": "sideways"}, Followed(), id="a mode that is yet to come"
        ),
    ],
)
def test_every_kind_of_event_is_understood(raw: dict[str, Any], expected: Happening) -> None:
    assert happening(**raw) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param({"type": "user", "userId": USER}, Source(USER, ""), id="1:1"),
        pytest.param(
            {"type": "group", "groupId": GROUP, "userId": USER}, Source(USER, GROUP), id="group"
        ),
        pytest.param({"type": "group", "groupId": GROUP}, Source("", GROUP), id="sender unnamed"),
        pytest.param(
            {"type": "group", "groupId": GROUP, "userId": None}, Source("", GROUP), id="sender null"
        ),
        pytest.param(
            {"type": "room", "roomId": ROOM, "userId": USER}, Source(USER, ROOM), id="room"
        ),
        pytest.param({"type": "planet"}, Source("", ""), id="unknown"),
        pytest.param(None, Source("", ""), id="null"),
        pytest.param({"userId": "U" * 101}, Source("", ""), id="no id is so long"),
        pytest.param({"userId": "U1\n"}, Source("", ""), id="line break in an id"),
    ],
)
def test_where_an_event_comes_from(source: Any, expected: Source) -> None:
    event = read_event("e1", json.dumps({"type": "follow", "source": source}))

    assert event.source == expected


def test_an_event_carries_its_id_token_and_instant() -> None:
    raw = {"type": "follow", "replyToken": "t1", "timestamp": 1_706_666_400_123}

    event = read_event("e1", json.dumps(raw))

    assert event.webhook_event_id == "e1"
    assert event.reply_token == "t1"
    assert event.at == datetime(2024, 1, 31, 2, 0, 0, 123_000, UTC)


@pytest.mark.parametrize("stamp", [None, "now", True, 1.5, 10**30, -(10**30)])
def test_a_strange_timestamp_is_none(stamp: Any) -> None:
    body = json.dumps({"events": [{"type": "follow", "timestamp": stamp}]}).encode()

    (kept,), _ = split_batch(body, received_at=NOW)

    assert kept.sent_at == NOW
    assert read_event("e1", kept.body).at == EPOCH


def mention(index: Any, length: Any, *, of_bot: bool = True) -> dict[str, Any]:
    return {"index": index, "length": length, "type": "user", "isSelf": of_bot}


@pytest.mark.parametrize(
    ("text", "mentions", "expected"),
    [
        pytest.param("@Bot สถานะ", [mention(0, 4)], "สถานะ", id="in front"),
        pytest.param("สถานะ @Bot", [mention(6, 4)], "สถานะ", id="behind"),
        pytest.param("👍👍 @Bot สถานะ", [mention(5, 4)], "👍👍  สถานะ", id="emoji before"),
        pytest.param("@บอต😀 สถานะ", [mention(0, 6)], "สถานะ", id="emoji in the name"),
        pytest.param("@Bot @Bot สถานะ", [mention(0, 4), mention(5, 4)], "สถานะ", id="twice"),
        pytest.param(
            "@Bot สถานะ @Bot", [mention(11, 4), mention(0, 4)], "สถานะ", id="twice, any order"
        ),
        pytest.param(
            "@สมชาย @Bot สถานะ",
            [mention(0, 6, of_bot=False), mention(7, 4)],
            "@สมชาย  สถานะ",
            id="beside a person",
        ),
        pytest.param("@Bot", [mention(0, 4)], "", id="nothing else"),
        pytest.param("สถานะ", [mention(-3, 2)], "สถานะ", id="before the text"),
        pytest.param("สถานะ", [mention(90, 4)], "สถานะ", id="behind the text"),
        pytest.param("สถานะ", [mention(2, -4)], "สถานะ", id="length negative"),
        pytest.param("สถานะ", [mention(None, "4")], "สถานะ", id="no numbers"),
        pytest.param("สถานะ", [mention(10**30, 10**30)], "สถานะ", id="far beyond"),
    ],
)
def test_the_mention_of_the_bot_is_cut_out(
    text: str, mentions: list[dict[str, Any]], expected: str
) -> None:
    message = {"type": "text", "text": text, "mention": {"mentionees": mentions}}

    said = happening(type="message", message=message)

    assert said == TextSaid(expected, mentions_bot=True)


@pytest.mark.parametrize(
    "mention_object",
    [
        pytest.param({"mentionees": [mention(0, 4, of_bot=False)]}, id="somebody else"),
        pytest.param({"mentionees": [{"index": 0, "length": 4, "type": "all"}]}, id="everybody"),
        pytest.param({"mentionees": [None, 7, "isSelf"]}, id="nonsense"),
        pytest.param({"mentionees": None}, id="null"),
        pytest.param([], id="a list"),
    ],
)
def test_a_mention_of_others_is_left_alone(mention_object: Any) -> None:
    message = {"type": "text", "text": "@Ann สถานะ", "mention": mention_object}

    said = happening(type="message", message=message)

    assert said == TextSaid("@Ann สถานะ", mentions_bot=False)


def test_a_mention_may_cut_an_emoji_in_two() -> None:
    message = {"type": "text", "text": "😀😀", "mention": {"mentionees": [mention(1, 2)]}}

    said = happening(type="message", message=message)

    assert isinstance(said, TextSaid)
    said.text.encode()


ODD_TEXT = st.text(st.characters() | st.sampled_from("\0\ud83d\udc4d\n@ก๑"), max_size=8)
ODD_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXT, inner, max_size=3),
    max_leaves=8,
)


def either(*usual: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(usual) | ODD_JSON


def shaped(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=fields)


MENTION = shaped(index=either(0, 1, 3, -1), length=either(1, 4), isSelf=st.booleans() | ODD_JSON)
MEMBERS = shaped(members=st.lists(shaped(userId=either(USER)) | ODD_JSON, max_size=3) | ODD_JSON)
EVENT = shaped(
    type=either("message", "postback", "follow", "join", "memberJoined", "memberLeft"),
    mode=either("active", "standby"),
    webhookEventId=either("e1"),
    timestamp=either(1_706_666_400_123),
    replyToken=either("t1", "t\0", "\udc4d"),
    source=shaped(userId=either(USER), groupId=either(GROUP), roomId=either(ROOM)) | ODD_JSON,
    message=shaped(
        type=either("text", "image"),
        text=either("@Bot สถานะ", "😀", "a\0b", "\ud83d"),
        mention=shaped(mentionees=st.lists(MENTION | ODD_JSON, max_size=3) | ODD_JSON),
    )
    | ODD_JSON,
    postback=shaped(data=either("1:done:7:1")) | ODD_JSON,
    joined=MEMBERS,
    left=MEMBERS,
)


def texts(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [found for each in value for found in texts(each)]
    return [value] if isinstance(value, str) else []


@given(raw=EVENT | st.dictionaries(ODD_TEXT, ODD_JSON, max_size=4))
def test_any_event_is_read_and_what_is_read_can_be_stored(raw: dict[str, Any]) -> None:
    (kept,), malformed = split_batch(json.dumps({"events": [raw]}).encode(), received_at=NOW)

    event = read_event(kept.webhook_event_id, kept.body)

    assert malformed == 0
    stored = "".join([*texts(astuple(kept)), *texts(astuple(event))])
    stored.encode()
    assert "\0" not in stored
    assert kept.body.isascii()
    assert event.at.tzinfo is UTC


def test_what_is_sent_again_is_known_by_its_content_where_it_has_no_id() -> None:
    said = {"type": "message", "timestamp": 1, "message": {"type": "text", "text": "a"}}
    sent = [
        said | {"deliveryContext": {"isRedelivery": False}},
        {"deliveryContext": {"isRedelivery": True}} | said,
        said | {"timestamp": 2},
    ]

    events, _ = split_batch(json.dumps({"events": sent}).encode(), received_at=NOW)

    first, again, another = (each.webhook_event_id for each in events)
    assert first == again
    assert first != another


@given(
    body=st.binary(max_size=60)
    | ODD_JSON.map(lambda value: json.dumps(value).encode())
    | ODD_JSON.map(lambda value: json.dumps({"events": value}).encode())
)
def test_a_body_is_taken_apart_or_refused(body: bytes) -> None:
    try:
        kept, malformed = split_batch(body, received_at=NOW)
    except BadWebhookError:
        return

    assert len(kept) + malformed == len(json.loads(body)["events"])
