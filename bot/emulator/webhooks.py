"""Sends webhooks to the bot as LINE does: signed over the exact bytes, answered within 2 s."""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from bot.emulator.state import Json, World

SIGNED = "right"
SIGNED_WRONG = "wrong"
NOT_SIGNED = None


def signature(channel_secret: str, body: bytes) -> str:
    """Return the x-line-signature of these bytes."""
    return b64encode(digest(channel_secret.encode(), body, sha256)).decode()


class Webhooks:
    """The line from the stand-in to the bot.

    The world's lock is not held while the bot works, so it may call back before it answers.
    """

    def __init__(self, world: World, channel_secret: str) -> None:
        self._world = world
        self._secret = channel_secret

    def carried(self, event_id: str) -> Json:
        """Return a known event, noting that its reply token is being carried now."""
        event = self._world.events[event_id]
        if "replyToken" in event:
            self._world.tokens[event["replyToken"]].carry(self._world.instant())
        return event

    def deliver(self, event_ids: Sequence[str]) -> Json:
        """Send these known events in one body, in this order; return how it went."""
        with self._world.lock:
            events = [self.carried(event_id) for event_id in event_ids]
        return self.deliver_events(events)

    def redeliver(self, event_id: str, *, is_redelivery: bool) -> Json:
        """Send a known event once more, as LINE's redelivery or as a plain duplicate."""
        with self._world.lock:
            context = {"isRedelivery": is_redelivery}
            event = {**self.carried(event_id), "deliveryContext": context}
        return self.deliver_events([event])

    def deliver_events(self, events: Sequence[Any], sign: str | None = SIGNED) -> Json:
        """Send anything as the events of one body: also what no LINE would send."""
        body: Json = {"destination": self._world.bot_user_id, "events": list(events)}
        ids = [event.get("webhookEventId") for event in events if isinstance(event, dict)]
        return self.deliver_bytes(_compact(body), sign, event_ids=ids)

    def deliver_bytes(
        self, body: bytes, sign: str | None = SIGNED, *, event_ids: Sequence[Any] = ()
    ) -> Json:
        """Send exactly these bytes; record and return {"status", "ms", "reason"}.

        The status is 0 when no answer came; `reason` is LINE's word for a failure, or null.  With
        "Use webhook" off, or no address, nothing is sent: the status is null.
        """
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "LineBot/2.0"}
        if sign is not NOT_SIGNED:
            other = "" if sign == SIGNED else "another "
            headers["x-line-signature"] = signature(other + self._secret, body)
        with self._world.lock:
            url = self._world.bot_url
            timeout = self._world.options.webhook_timeout_seconds
            is_told = bool(url) and self._world.options.use_webhook
        if not is_told:
            return {"status": None, "ms": 0, "reason": None}
        start = perf_counter()
        status, reason = _post(url, body, headers, timeout)
        result: Json = {
            "status": status,
            "ms": round((perf_counter() - start) * 1000),
            "reason": reason,
        }
        self._record(result, event_ids)
        return result

    def test(self, url: str) -> tuple[int, str | None]:
        """Send an empty webhook to an address, as the console's "Verify" does."""
        body = _compact({"destination": self._world.bot_user_id, "events": []})
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "x-line-signature": signature(self._secret, body),
        }
        return _post(url, body, headers, self._world.options.webhook_timeout_seconds)

    def _record(self, result: Json, event_ids: Sequence[Any]) -> None:
        with self._world.lock:
            self._world.delivery_count += 1
            entry: Json = {
                "seq": self._world.delivery_count,
                "at": self._world.instant().isoformat(),
                "events": list(event_ids),
                **result,
            }
            self._world.deliveries.append(entry)


def _compact(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, str | None]:
    """Return the HTTP status and, unless that is a 2xx, why the delivery failed."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    except (HTTPException, ValueError):
        return 0, "could_not_connect"
    try:
        connection.connect()
    except OSError:
        connection.close()
        return 0, "could_not_connect"
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
    except TimeoutError:
        return 0, "request_timeout"
    except (OSError, HTTPException):
        return 0, "unclassified"
    finally:
        connection.close()
    return response.status, None if 200 <= response.status < 300 else "error_status_code"
