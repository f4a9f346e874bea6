"""gunicorn's threads, made safe to stand in the open: slow callers end, errors say nothing.

gunicorn reads a request without any time limit: sixteen callers that send half of one would stand
on all sixteen threads for ever.  It waits for callers to hang up in the loop that accepts all
others, and ends when it runs out of files.  Its own error pages and log lines repeat what the
caller sent.
"""

import errno
import logging
import socket
import threading
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
FILES = "/f/"
FILE_SECONDS = 60.0
"""The same where a file is fetched: 10 MB at 1.4 Mbit/s.  `bot.pages` lets few be at it at once."""
FAREWELL_SECONDS = 0.5
"""How long a caller that still sends is listened to after its answer, so that it can read that."""
MOST_FAREWELLS = 4
"""How many threads do so at once; callers beyond them are hung up on without it."""
NO_FILES_LEFT = (errno.EMFILE, errno.ENFILE)
REST_SECONDS = 0.1
"""How long nobody is accepted when there is no file left for a connection."""

log = logging.getLogger(__name__)


class HttpWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A process with threads, each of which is given back when its caller is too slow."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._in_hand: dict[Any, float] = {}
        self._malformed, self._without_files = Tally(), Tally()
        self._farewells = threading.Semaphore(MOST_FAREWELLS)

    def handle(self, conn: Any) -> Any:
        """Answer one request; called in a thread."""
        self._in_hand[conn] = time.monotonic() + REQUEST_SECONDS
        try:
            goes_on = super().handle(conn)
            if not goes_on:
                self._hang_up(conn.sock)
            return goes_on
        finally:
            del self._in_hand[conn]

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request that has come whole; a file may take its reader longer."""
        if req.path.startswith(FILES):
            self._in_hand[conn] = time.monotonic() + FILE_SECONDS
        return super().handle_request(req, conn)

    def accept(self, listener: Any) -> None:
        """Accept a connection, or rest a moment when there are too many files open."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_FILES_LEFT:
                raise
            if count := self._without_files.add(now=time.monotonic()):
                log.error("no files left", extra={"action": "files_used_up", "count": count})
            time.sleep(REST_SECONDS)

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

    def _hang_up(self, connection: socket.socket) -> None:
        """Say that nothing more comes, wait until nothing more is sent, and end both ways.

        gunicorn closes the connection later in its main loop, where it would wait up to two
        seconds for a caller that does not hang up.  After this it finds the end at once.
        """
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
            if self._farewells.acquire(blocking=False):
                try:
                    _read_to_the_end(connection, FAREWELL_SECONDS)
                finally:
                    self._farewells.release()
            connection.shutdown(socket.SHUT_RDWR)


class JsonLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log, written as all others are."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to the root logger."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _read_to_the_end(connection: socket.socket, seconds: float) -> None:
    until = time.monotonic() + seconds
    with suppress(TimeoutError):
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                return


def _answer(status: str) -> bytes:
    plain = (("Connection", "close"), ("Content-Type", "text/plain"), ("Content-Length", "0"))
    lines = [f"{name}: {value}\r\n" for name, value in (*plain, *SECURITY_HEADERS)]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode("ascii")


BAD_REQUEST, FAILED = _answer("400 Bad Request"), _answer("500 Internal Server Error")
