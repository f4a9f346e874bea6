"""Webhook events in LINE's form, with every common field, each kept for a later redelivery."""

from typing import Any

from bot.emulator.clock import milliseconds
from bot.emulator.counting import utf16_units
from bot.emulator.state import Group, Json, Person, Post, ReplyToken, World

REPLYABLE = frozenset({"message", "messageEdited", "follow", "join", "memberJoined", "postback"})


def new_event(world: World, kind: str, source: Json, **content: Any) -> str:
    """Make an event that happens now, keep it, and return its webhookEventId.

    A replyable one gets a fresh reply token, whose minute starts with the delivery.
    """
    at = world.instant()
    event: Json = {"type": kind, **content, "source": source, **common_fields(world)}
    if kind in REPLYABLE:
        token = world.ids.reply_token()
        chat = source.get("groupId") or source["userId"]
        world.tokens[token] = ReplyToken(chat, at)
        event["replyToken"] = token
    world.events[event["webhookEventId"]] = event
    return str(event["webhookEventId"])


def common_fields(world: World) -> Json:
    """Return what every event has, for one that happens now."""
    at = world.instant()
    return {
        "mode": "active",
        "timestamp": milliseconds(at),
        "webhookEventId": world.ids.event(at),
        "deliveryContext": {"isRedelivery": False},
    }


def source_of(person: Person | None, group: Group | None) -> Json:
    """Return where an event comes from; a group's source names only a consenting person."""
    if group is None:
        return {"type": "user", "userId": person.user_id if person else ""}
    source: Json = {"type": "group", "groupId": group.group_id}
    if person is not None and person.consents:
        source["userId"] = person.user_id
    return source


def text_content(world: World, post: Post, *, quoted: str | None = None) -> Json:
    """Return the `message` of a text event; a mention of the bot by name is marked as such."""
    content: Json = {
        "type": "text",
        "id": post.message_id,
        "quoteToken": post.quote_token,
        "text": post.text,
    }
    name = "@" + world.options.bot_name
    at = post.text.find(name) if post.chat in world.groups else -1
    if at >= 0:
        content["mention"] = {"mentionees": [_own_mention(world, post.text[:at], name)]}
    if quoted is not None:
        content["quotedMessageId"] = quoted
    return content


def media_content(post: Post, file_name: str, image_set: Json | None) -> Json:
    """Return the `message` of an image, video, audio or file event."""
    size = len(post.content.data) if post.content else 0
    if post.kind == "file":
        return {"type": "file", "id": post.message_id, "fileName": file_name, "fileSize": size}
    content: Json = {
        "type": post.kind,
        "id": post.message_id,
        "contentProvider": {"type": "line"},
    }
    if post.quote_token:
        content["quoteToken"] = post.quote_token
    if post.kind in ("video", "audio"):
        content["duration"] = 1000
    if image_set is not None:
        content["imageSet"] = image_set
    return content


def sticker_content(post: Post) -> Json:
    """Return the `message` of a sticker event."""
    return {
        "type": "sticker",
        "id": post.message_id,
        "quoteToken": post.quote_token,
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
    }


def _own_mention(world: World, before: str, name: str) -> Json:
    return {
        "index": utf16_units(before),
        "length": utf16_units(name),
        "type": "user",
        "userId": world.bot_user_id,
        "isSelf": True,
    }
