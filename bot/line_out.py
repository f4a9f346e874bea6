"""Sends to LINE: reply and push through one shared client, each outcome told apart."""

import json
from collections.abc import Sequence
from typing import Any

from bot.line_api import TIMEOUT_SECONDS, Answer, LineApi, NoAnswerError, NoConnectionError
from bot.line_content import LineContents
from bot.sending import SendError, Sent, Trouble

LONGEST_WORDS = 500
"""Characters of LINE's own words that are kept and logged."""


class LineClient:
    """LINE's Messaging API for what we send; one per process, used by threads."""

    def __init__(
        self,
        access_token: str,
        host: str,
        *,
        threads: int = 16,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        data_host: str = "",
    ) -> None:
        """`data_host` serves the files that people send; "" where it is the same one."""
        # The outbox retries, with the retry key.
        self._api = LineApi(access_token, host, threads=threads, timeout=timeout)
        self._files = LineContents(access_token, data_host or host)

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        """Answer an event; see `bot.sending.Line`."""
        body = {"replyToken": reply_token, "messages": list(messages)}
        return self._post("/v2/bot/message/reply", body, {})

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        """Write unasked; see `bot.sending.Line`.  409, an earlier try had arrived, is success."""
        body = {"to": to, "messages": list(messages)}
        return self._post("/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def content(self, message_id: str) -> bytes:
        """Return the bytes of a file that somebody sent; see `bot.sending.Contents`."""
        return self._files.content(message_id)

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Sent:
        try:
            answer = self._api.call("POST", path, body, headers)
        except NoConnectionError as error:
            raise SendError(Trouble.UNREACHED, str(error)) from error
        except NoAnswerError as error:
            raise SendError(Trouble.UNCERTAIN, str(error)) from error
        if answer.status == 409:
            return _sent(answer, "x-line-accepted-request-id")
        if not 200 <= answer.status <= 299:
            told = f"{answer.status} {_words(answer.body)[:LONGEST_WORDS]}".strip()
            raise SendError(_trouble(answer, path), told)
        return _sent(answer, "x-line-request-id")


def _trouble(answer: Answer, path: str) -> Trouble:
    status, body = answer.status, str(answer.body)
    if status == 401:
        return Trouble.UNAUTHORIZED
    if status == 429:
        # Both limits share a status: the wording is all that tells them apart.
        return Trouble.MONTHLY_LIMIT if "monthly" in body else Trouble.RATE_LIMIT
    if status == 400 and path.endswith("reply") and '"details"' not in body:
        return Trouble.TOKEN_DEAD
    if 400 <= status < 500:
        return Trouble.REFUSED
    return Trouble.UNCERTAIN


def _words(body: str | bytes) -> str:
    """Return LINE's own words of a refusal; what else a body holds may be what was sent."""
    try:
        answer = json.loads(body or "")
        details = [f"{each['property']}: {each['message']}" for each in answer.get("details", [])]
        return "; ".join([str(answer["message"]), *details])
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return ""


def _sent(answer: Answer, id_header: str) -> Sent:
    # Whatever the body looks like, the status has said that LINE accepted the message.
    try:
        sent = json.loads(answer.body or "{}").get("sentMessages", [])
        ids = tuple(str(each["id"]) for each in sent)
    except (ValueError, TypeError, AttributeError, KeyError):
        ids = ()
    return Sent(str(answer.headers.get(id_header, "")), ids)
