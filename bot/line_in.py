"""What LINE sends: signature over the raw bytes, the batch taken apart, one event understood.

The SDK's parser loses a whole batch over one odd event (a new `mode`, a missing
`deliveryContext`) and forgets who spoke in an event of a new kind, so events are read here field
by field, each on its own.  Sources: Messaging API reference, "Webhook event objects".
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.turn import (
    BotJoined,
    BotLeft,
    Event,
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
from store.inbox import NewEvent

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_ID = 100
"""Longer identifiers than LINE's own (26 to 33 characters) are not taken for identifiers."""
MOST_EVENTS = 10_000
"""A body of 2 MiB has room for fewer of LINE's own, which take 220 bytes at least."""


class BadWebhookError(Exception):
    """The signed body is not the JSON that LINE's reference describes; nothing of it is kept."""


class Signatures:
    """Tells whether one of the channel secrets signed a body; keys are prepared once."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._keys = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets]

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        """Return whether the signature is of these very bytes (constant time)."""
        given = (signature or "").encode("utf-8", "replace")
        return any(hmac.compare_digest(_signature(key, body), given) for key in self._keys)


def split_batch(body: bytes, *, received_at: datetime) -> tuple[list[NewEvent], int]:
    """Return the events of a webhook body to be kept, and how many were no events at all.

    An event without a usable `webhookEventId` is known by its content instead.

    Raises:
        BadWebhookError: when the body as a whole cannot be read.
    """
    try:
        events = json.loads(body)["events"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadWebhookError(type(error).__name__) from error
    if not isinstance(events, list):
        raise BadWebhookError("events is no list")
    if len(events) > MOST_EVENTS:
        raise BadWebhookError("too many events")
    try:
        kept = [_new_event(each, received_at) for each in events if isinstance(each, dict)]
    except RecursionError as error:
        # Writing JSON needs more of the stack than reading it.
        raise BadWebhookError("RecursionError") from error
    return kept, len(events) - len(kept)


def read_event(webhook_event_id: str, body: str) -> Event:
    """Understand one kept event; whatever is missing or strange in it becomes emptiness."""
    raw = json.loads(body)
    source = _dict(raw, "source")
    return Event(
        webhook_event_id=webhook_event_id,
        source=Source(
            user_id=_id(source, "userId"), group_id=_id(source, "groupId") or _id(source, "roomId")
        ),
        reply_token=_text(raw, "replyToken"),
        at=_instant(raw) or EPOCH,
        happening=_happening(raw),
    )


def _signature(key: hmac.HMAC, body: bytes) -> bytes:
    mac = key.copy()
    mac.update(body)
    return base64.b64encode(mac.digest())


def _new_event(raw: dict[str, Any], received_at: datetime) -> NewEvent:
    # ASCII escapes keep lone surrogates and NUL out of the database's text columns.
    body = json.dumps(raw, ensure_ascii=True, separators=(",", ":"))
    source = _dict(raw, "source")
    return NewEvent(
        webhook_event_id=_id(raw, "webhookEventId") or _known_by_content(raw),
        chat_key=_id(source, "groupId") or _id(source, "roomId") or _id(source, "userId"),
        kind=_id(raw, "type"),
        sent_at=_instant(raw) or received_at,
        received_at=received_at,
        body=body,
    )


def _known_by_content(raw: dict[str, Any]) -> str:
    # What LINE sends again differs in `deliveryContext.isRedelivery` alone.
    content = json.dumps({key: raw[key] for key in raw if key != "deliveryContext"})
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


def _happening(raw: dict[str, Any]) -> Happening:
    if raw.get("mode") == "standby":
        return OtherEvent()  # another module channel has the floor: LINE asks us to stay silent
    kind = raw.get("type")
    if kind == "message":
        return _message(_dict(raw, "message"))
    if kind == "postback":
        return Pressed(_text(_dict(raw, "postback"), "data"))
    if kind in ("memberJoined", "memberLeft"):
        joined = kind == "memberJoined"
        members = _dict(raw, "joined" if joined else "left").get("members")
        ids = tuple(filter(None, (_id(m, "userId") for m in _list(members) if isinstance(m, dict))))
        return MembersJoined(ids) if joined else MembersLeft(ids)
    if kind == "unsend":
        return Unsent(_id(_dict(raw, "unsend"), "messageId"))
    plain: dict[Any, Happening] = {
        "follow": Followed(),
        "unfollow": Unfollowed(),
        "join": BotJoined(),
        "leave": BotLeft(),
    }
    return plain.get(kind, OtherEvent()) if isinstance(kind, str) else OtherEvent()


def _message(message: dict[str, Any]) -> Happening:
    kind = message.get("type")
    if kind == "text":
        return _said(message)
    if kind == "file":
        return _file(message)
    return _photo(message) if kind == "image" else OtherEvent()


def _file(message: dict[str, Any]) -> FileSent:
    size = message.get("fileSize")
    return FileSent(
        _content_id(message),
        _text(message, "fileName"),
        size if isinstance(size, int) and not isinstance(size, bool) else 0,
        quoted=_id(message, "quotedMessageId"),
    )


def _photo(message: dict[str, Any]) -> PhotoSent:
    # What another provider has lies at an address of its own, which is not asked for anything.
    is_with_line = _text(_dict(message, "contentProvider"), "type") == "line"
    return PhotoSent(_content_id(message) if is_with_line else "", _id(message, "quotedMessageId"))


def _content_id(message: dict[str, Any]) -> str:
    message_id = _id(message, "id")
    # It becomes part of an address: digits, as LINE's are, cannot lead elsewhere.
    return message_id if message_id.isdigit() else ""


def _said(message: dict[str, Any]) -> TextSaid:
    text = _text(message, "text")
    mentionees = _list(_dict(message, "mention").get("mentionees"))
    own = [each for each in mentionees if isinstance(each, dict) and each.get("isSelf") is True]
    return TextSaid(
        _without(text, own), bool(own), _id(message, "id"), _id(message, "quotedMessageId")
    )


def _without(text: str, mentions: list[dict[str, Any]]) -> str:
    # LINE counts index and length in UTF-16 code units.
    units = text.encode("utf-16-le", "surrogatepass")
    spans = [(each.get("index"), each.get("length")) for each in mentions]
    numbers = [(i, n) for i, n in spans if isinstance(i, int) and isinstance(n, int)]
    for index, length in sorted(numbers, reverse=True):
        if index >= 0 and length > 0:
            units = units[: 2 * index] + units[2 * (index + length) :]
    return units.decode("utf-16-le", "replace").strip()


def _instant(raw: dict[str, Any]) -> datetime | None:
    milliseconds = raw.get("timestamp")
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _dict(raw: dict[str, Any], name: str) -> dict[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str):
        return ""
    # Half a pair or a NUL cannot be stored again where a handler keeps what was said.
    return value.encode("utf-16", "replace").decode("utf-16", "replace").replace("\0", "")


def _id(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        return ""
    return value if value.isascii() and value.isprintable() else ""
