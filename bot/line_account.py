"""What LINE tells about our account: the bot, its webhook and a test of it, the month's quota.

Nothing is sent to anybody, and nothing is changed.
"""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import Any

from bot.clock import Clock
from bot.doctor.facts import Account, Heard, Silence
from bot.line_api import Answer, LineApi, NoAnswerError, NoConnectionError

QUESTIONS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "bot": ("GET", "/v2/bot/info", None),
    "webhook": ("GET", "/v2/bot/channel/webhook/endpoint", None),
    # Without an address in the body LINE tests the one that is set.
    "webhook_test": ("POST", "/v2/bot/channel/webhook/test", {}),
    "quota": ("GET", "/v2/bot/message/quota", None),
    "consumption": ("GET", "/v2/bot/message/quota/consumption", None),
}
"""By field of `Account`: method, path and body of the call."""

TIMEOUT_SECONDS = (3.0, 6.0)
"""To connect, and to wait for the answer; LINE itself gives a webhook two seconds."""
GIVE_UP_SECONDS = 10.0
"""For all answers together: looking up a name has no time-out of its own."""


def ask_line(
    access_token: str,
    host: str,
    clock: Clock,
    *,
    timeout: tuple[float, float] = TIMEOUT_SECONDS,
    give_up_seconds: float = GIVE_UP_SECONDS,
) -> Account:
    """Ask LINE everything at once and return what came in time."""
    api = LineApi(access_token, host, threads=len(QUESTIONS), timeout=timeout)
    heard = dict.fromkeys(QUESTIONS, Heard(silence=Silence.NO_ANSWER))

    def ask(name: str) -> None:
        heard[name] = _heard(api, *QUESTIONS[name], clock)

    # Threads that the process does not wait for when it ends.
    threads = [Thread(target=ask, args=(name,), daemon=True) for name in QUESTIONS]
    for each in threads:
        each.start()
    until = time.monotonic() + give_up_seconds
    for each in threads:
        each.join(max(0.0, until - time.monotonic()))
    return Account(**heard)


def _heard(
    api: LineApi, method: str, path: str, body: dict[str, Any] | None, clock: Clock
) -> Heard:
    try:
        answer = api.call(method, path, body)
    except NoConnectionError:
        return Heard(silence=Silence.NO_CONNECTION)
    except NoAnswerError:
        return Heard(silence=Silence.NO_ANSWER)
    return Heard(answer.status, _json(answer), line_clock=_date(answer.headers), our_clock=clock())


def _json(answer: Answer) -> Mapping[str, Any]:
    try:
        body = json.loads(answer.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
