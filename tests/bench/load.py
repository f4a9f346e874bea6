"""The load client: keep-alive connections on one epoll, in a process of its own.

    python -m tests.bench.load --port 8000 --connections 16 --seconds 5 --count 40000

The requests are built and signed before the clock starts, each with an event id of its own.  The
load ends after `--seconds` or when all `--count` requests are sent, whichever is first; those in
flight are then waited for, so that every event that was kept has its answer counted.  One line of
JSON on standard output tells what came of it (`Result`).  It connects to 127.0.0.1 only.
"""

import json
import select
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.bodies import text_requests
from tests.bench.figures import percentile

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 15
"""How long answers are waited for after the last request went out."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a load: answers by status, requests that got none, latencies of the 200s."""

    answered: dict[str, int]
    unanswered: int
    seconds: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    cpu_seconds: float

    @property
    def ok(self) -> int:
        """How many were answered 200."""
        return self.answered.get("200", 0)

    @property
    def rate(self) -> float:
        """Answers 200 per second."""
        return self.ok / self.seconds if self.seconds else 0.0


def load(port: int, *, connections: int, seconds: float, count: int, first: int) -> Result:
    """Load a server from a process of its own; `first` is the number of the first event."""
    options = {
        "port": port,
        "connections": connections,
        "seconds": seconds,
        "count": count,
        "first": first,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=seconds + 10 * PATIENCE_SECONDS,
    )
    return Result(**json.loads(done.stdout))


def drive(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Result:
    """Send the requests over that many connections, one in flight on each."""
    run = _Run(port, iter(requests))
    cpu, start = time.process_time(), time.perf_counter()
    run.to_the_end(connections, start + seconds)
    ended = run.last_answer or time.perf_counter()
    waits = sorted(run.waits)
    return Result(
        answered={str(status): times for status, times in sorted(run.answered.items())},
        unanswered=run.unanswered,
        seconds=ended - start,
        p50_ms=percentile(waits, 0.5) * 1000,
        p99_ms=percentile(waits, 0.99) * 1000,
        longest_ms=max(waits, default=0.0) * 1000,
        cpu_seconds=time.process_time() - cpu,
    )


class _Run:
    """One load: its connections, the requests left, what was answered."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self._port, self._requests = port, requests
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._sent_at: dict[int, float] = {}
        self._parts: dict[int, bytes] = {}
        self._may_send = True
        self.answered: Counter[int] = Counter()
        self.unanswered = 0
        self.waits = array("d")
        self.last_answer = 0.0

    def to_the_end(self, connections: int, deadline: float) -> None:
        for _ in range(connections):
            self._send(self._connected())
        while self._sent_at:
            now = time.perf_counter()
            self._may_send = self._may_send and now < deadline
            if now > deadline + PATIENCE_SECONDS:
                break
            for fd, _ in self._poll.poll(0.1):
                self._readable(fd)
        self.unanswered += len(self._sent_at)
        for each in self._sockets.values():
            each.close()
        self._poll.close()

    def _connected(self) -> int:
        connection = socket.create_connection((LOOPBACK, self._port), timeout=PATIENCE_SECONDS)
        assert connection.getpeername()[0] == LOOPBACK
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fd = connection.fileno()
        self._sockets[fd] = connection
        self._poll.register(fd, select.EPOLLIN)
        return fd

    def _send(self, fd: int) -> None:
        request = next(self._requests, None) if self._may_send else None
        if request is None:
            self._may_send = False
            self._sent_at.pop(fd, None)
            return
        self._sent_at[fd] = time.perf_counter()
        # A request is far smaller than the socket's buffer, which is empty: it goes in one piece.
        # A connection that has broken shows when it is read.
        with suppress(OSError):
            self._sockets[fd].sendall(request)

    def _readable(self, fd: int) -> None:
        got = b""
        with suppress(OSError):
            got = self._sockets[fd].recv(65536)
        answer = self._parts.pop(fd, b"") + got
        if not got:
            self._hung_up(fd)
            return
        end, closes = answer_end(answer)
        if end is None:
            self._parts[fd] = answer
            return
        now = time.perf_counter()
        status = int(answer[9:12])
        self.answered[status] += 1
        if status == 200:
            self.waits.append(now - self._sent_at[fd])
            self.last_answer = now
        if closes:
            fd = self._instead_of(fd)
        self._send(fd)

    def _hung_up(self, fd: int) -> None:
        self.unanswered += fd in self._sent_at
        self._send(self._instead_of(fd))

    def _instead_of(self, fd: int) -> int:
        """Close a connection and return a new one."""
        self._poll.unregister(fd)
        self._sent_at.pop(fd, None)
        self._sockets.pop(fd).close()
        return self._connected()


def answer_end(answer: bytes) -> tuple[int | None, bool]:
    """Return where an HTTP answer ends, None while it is not whole; and whether the server closes.

    Reads what our servers write: a Content-Length, or chunks that came to their end.
    """
    head_end = answer.find(b"\r\n\r\n") + 4
    if head_end < 4:
        return None, False
    head = answer[:head_end].lower()
    closes = b"\nconnection: close" in head
    at = head.find(b"\ncontent-length:")
    if at >= 0:
        end = head_end + int(head[at + 16 : head.find(b"\r", at)])
        return (end if len(answer) >= end else None), closes
    return (len(answer) if answer.endswith(b"0\r\n\r\n") else None), closes


def main() -> None:
    """Build the requests, load the server, print the result."""
    parser = ArgumentParser(prog="python -m tests.bench.load")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first event")
    given = parser.parse_args()
    requests = text_requests(given.first, given.count)
    result = drive(given.port, requests, connections=given.connections, seconds=given.seconds)
    sys.stdout.write(json.dumps(asdict(result)) + "\n")


if __name__ == "__main__":
    main()
