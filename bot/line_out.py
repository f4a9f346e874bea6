"""Sends to LINE: reply and push through one shared client, each outcome told apart.

The SDK's client is used below its models (`ApiClient.call_api`): they drop unknown fields of a
dict without a word and raise on a 200 with an odd body, after LINE has accepted the message.
"""

import json
from collections.abc import Sequence
from typing import Any

import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

from bot.sending import SendError, Sent, Trouble

TIMEOUT_SECONDS = (3.0, 10.0)
"""To connect, and to wait for the answer; the SDK itself would wait for ever."""


class LineClient:
    """LINE's Messaging API through the SDK's connection pool; one per process, used by threads."""

    def __init__(
        self,
        access_token: str,
        host: str,
        *,
        threads: int = 16,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> None:
        configuration = Configuration(access_token=access_token, host=host)
        configuration.connection_pool_maxsize = threads
        # The outbox retries, with the retry key; urllib3 would do it behind its back.
        configuration.retries = False
        self._client = ApiClient(configuration)
        self._timeout = timeout

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        """Answer an event; see `bot.sending.Line`."""
        body = {"replyToken": reply_token, "messages": list(messages)}
        return self._post("/v2/bot/message/reply", body, {})

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        """Write unasked; see `bot.sending.Line`.  409, an earlier try had arrived, is success."""
        body = {"to": to, "messages": list(messages)}
        return self._post("/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key})

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Sent:
        try:
            answer = self._client.call_api(
                path,
                "POST",
                header_params={"Content-Type": "application/json", **headers},
                body=body,
                response_types_map={},
                auth_settings=["Bearer"],
                _request_timeout=self._timeout,
            )
        except ApiException as error:
            if error.status == 409:
                return _sent(error.headers, error.body, "x-line-accepted-request-id")
            raise SendError(_trouble(error, path), f"{error.status} {error.body}") from error
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as e:
            raise SendError(Trouble.UNREACHED, str(e)) from e
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as e:
            raise SendError(Trouble.UNCERTAIN, str(e)) from e
        return _sent(answer.headers, answer.raw_data, "x-line-request-id")


def _trouble(error: Any, path: str) -> Trouble:
    status, body = error.status, error.body or ""
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


def _sent(headers: Any, body: Any, id_header: str) -> Sent:
    # Whatever the body looks like, the status has said that LINE accepted the message.
    try:
        sent = json.loads(body or "{}").get("sentMessages", [])
        ids = tuple(str(each["id"]) for each in sent)
    except (ValueError, TypeError, AttributeError, KeyError):
        ids = ()
    return Sent(str(headers.get(id_header, "")), ids)
