"""Holds off who keeps asking for what is refused, and keeps such callers out of the log.

Only refusals count.  LINE's addresses are not published and behind a proxy all callers share one,
so what is answered well, a rightly signed webhook above all, is never looked at, held or slowed.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from bot.headers import Headers, Write

MOST_IN_A_ROW = 30
"""Refusals that an address may have at once: more than anybody makes who tries things by hand."""
SECONDS_PER_REFUSAL = 2.0
"""How soon an address may have the next one: thirty a minute."""
MOST_ADDRESSES = 10_000
"""How many addresses are remembered; the one not heard of for longest is forgotten first."""
QUIET_SECONDS = 60.0
"""How long the log stays silent about what it has told of."""

REFUSALS = ("401", "404", "405", "411", "413")
"""What counts.  Not 400: the webhook says it to a body that is signed but strange."""


class Refusals:
    """A bucket of tokens per address, one for each refusal; `now` is in monotonic seconds."""

    def __init__(
        self,
        *,
        most: int = MOST_IN_A_ROW,
        seconds_each: float = SECONDS_PER_REFUSAL,
        most_addresses: int = MOST_ADDRESSES,
    ) -> None:
        self._most, self._seconds_each = most, seconds_each
        self._most_addresses = most_addresses
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str, *, now: float) -> float:
        """Take a token; return 0, or after how many seconds there is one when there is none."""
        with self._lock:
            full_at = max(self._full_at.get(address, now), now) + self._seconds_each
            missing = full_at - now - self._most * self._seconds_each
            if missing <= 0:
                self._full_at[address] = full_at
            self._full_at.move_to_end(address)
            if len(self._full_at) > self._most_addresses:
                self._full_at.popitem(last=False)
            return max(missing, 0.0)


class Tally:
    """Counts what would flood the log; `now` is in monotonic seconds."""

    def __init__(self, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet_seconds = quiet_seconds
        self._count, self._silent_until = 0, -math.inf
        self._lock = Lock()

    def add(self, *, now: float) -> int:
        """Count one more; return how many there were since the last telling, 0 while silent."""
        with self._lock:
            self._count += 1
            if now < self._silent_until:
                return 0
            told, self._count = self._count, 0
            self._silent_until = now + self._quiet_seconds
            return told


def with_refusals_limited(
    app: WSGIApplication, refusals: Refusals, ticks: Callable[[], float] = time.monotonic
) -> WSGIApplication:
    """Return the application with 429 in place of a refusal where there were too many."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        held = False

        def start(status: str, headers: Headers, exc_info: Any = None, /) -> Write:
            nonlocal held
            if status[:3] not in REFUSALS:
                return start_response(status, headers, exc_info)
            wait = refusals.take(environ.get("REMOTE_ADDR", ""), now=ticks())
            if not wait:
                return start_response(status, headers, exc_info)
            held = True
            return start_response("429 Too Many Requests", _headers(wait), exc_info)

        body = app(environ, start)
        if not held:
            return body
        if close := getattr(body, "close", None):
            close()
        return [TOO_MANY]

    return answer


TOO_MANY = b"too many refused requests"


def _headers(wait: float) -> Headers:
    return [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(TOO_MANY))),
        ("Retry-After", str(math.ceil(wait))),
    ]
