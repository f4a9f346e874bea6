"""Webhook bodies as LINE sends them, signed and laid out as HTTP before anything is timed."""

import json
from base64 import b64encode
from hashlib import sha256
from hmac import digest
from typing import Any

SECRET = "bench-channel-secret"
BOT = "U" + "b" * 32
NOON = 1_700_000_000_000
"""Milliseconds since 1970 of the first event, each later one a millisecond after; 2023-11-14."""


def event_id(number: int) -> str:
    """Return the webhookEventId of a number: as long as LINE's, 26 characters."""
    return f"01BENCH{number:019d}"


def user_id(number: int) -> str:
    """Return the LINE user id of a number."""
    return f"U{number:032x}"


def event(number: int, *, at: int | None = None, user: str = "", **content: Any) -> dict[str, Any]:
    """Return a 1:1 event with every common field; `at` is LINE's stamp in milliseconds."""
    return {
        **content,
        "webhookEventId": event_id(number),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": NOON + number if at is None else at,
        "source": {"type": "user", "userId": user or user_id(number % 8_300)},
        "replyToken": reply_token(number),
        "mode": "active",
    }


def reply_token(number: int) -> str:
    """Return the reply token of an event of that number."""
    return f"bench{number:027d}"


def text(number: int, said: str, **more: Any) -> dict[str, Any]:
    """Return the event of a text written in 1:1."""
    message = {
        "type": "text",
        "id": f"{450_000_000_000_000_000 + number}",
        "quoteToken": "q3Plxr4AgKd0123456789abcdefghijklmnopqrstuvwx",
        "text": said,
    }
    return event(number, type="message", message=message, **more)


def postback(number: int, data: str, **more: Any) -> dict[str, Any]:
    """Return the event of a tap on a postback button in 1:1."""
    return event(number, type="postback", postback={"data": data}, **more)


CHATTER = "สวัสดีครับ ขอสอบถามเรื่องการประเมินของ อบต."
"""A text that is no command: with it the whole body has about the size of the baseline, 571."""


def compact(*events: Any) -> bytes:
    """Return the body that carries these events."""
    body = {"destination": BOT, "events": list(events)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    """Return LINE's signature of these bytes."""
    return b64encode(digest(secret.encode(), body, sha256)).decode()


def http_request(body: bytes, *, secret: str = SECRET, path: str = "/callback") -> bytes:
    """Return the whole request that delivers a body, head and all."""
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: LineBotWebhook/2.0\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"X-Line-Signature: {signature(body, secret)}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "\r\n"
    )
    return head.encode() + body


def text_requests(first: int, count: int) -> list[bytes]:
    """Return that many deliveries of one text each, all different, numbered from `first`."""
    return [http_request(compact(text(first + i, CHATTER))) for i in range(count)]
