"""gunicorn's threads, made safe to stand in the open: slow callers end, errors say nothing.

gunicorn reads a request without any time limit: sixteen callers that send half of one would stand
on all sixteen threads for ever.  Its own error pages and log lines repeat what the caller sent.
"""

import logging
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from bot.flood import Tally
from bot.headers import SECURITY_HEADERS

REQUEST_SECONDS = 5.0
"""How long a request may take to come and be answered; LINE itself waits for two seconds."""

log = logging.getLogger(__name__)


class HttpWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A process with threads, each of which is given back when its caller is too slow."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._in_hand: dict[Any, float] = {}
        self._malformed = Tally()

    def handle(self, conn: Any) -> Any:
        """Answer one request; called in a thread."""
        self._in_hand[conn] = time.monotonic() + REQUEST_SECONDS
        try:
            return super().handle(conn)
        finally:
            del self._in_hand[conn]

    def notify(self) -> None:
        """Give a sign of life, and hang up on who is too slow; called once a second or oftener."""
        super().notify()
        now = time.monotonic()
        for conn, until in self._in_hand.copy().items():
            if now > until:
                # The thread that waits for more then reads the end.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: Any, client: Any, _address: Any, error: Exception) -> None:
        """Answer what is no HTTP, or a failure that nobody caught, with a status and no more."""
        is_theirs = isinstance(error, errors.ParseException) and not isinstance(
            error, errors.InvalidResponseHeader | errors.InvalidResponseHeaderName
        )
        if not is_theirs:
            log.error("request failed", exc_info=error, extra={"action": "request_failed"})
        elif count := self._malformed.add(now=time.monotonic()):
            log.warning("no HTTP", extra={"action": "request_malformed", "count": count})
        with suppress(OSError):
            util.write_nonblock(client, BAD_REQUEST if is_theirs else FAILED)


class JsonLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log, written as all others are."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to the root logger."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _answer(status: str) -> bytes:
    plain = (("Connection", "close"), ("Content-Type", "text/plain"), ("Content-Length", "0"))
    lines = [f"{name}: {value}\r\n" for name, value in (*plain, *SECURITY_HEADERS)]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode("ascii")


BAD_REQUEST, FAILED = _answer("400 Bad Request"), _answer("500 Internal Server Error")
