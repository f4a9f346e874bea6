"""Bench: the kit itself. Are the load client and the stand-ins faster than what they measure?"""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.bench import bodies
from tests.bench.figures import Figure, How
from tests.bench.load import Result, drive, load
from tests.bench.processes import SECRET, TOKEN, listening, quick_line

CLIENT_MICROSECONDS = 1_000_000 / 15_000
"""The client has to be good for 15,000 requests per second on one core."""
STAND_IN_CONNECTIONS = 32


def measure(how: How) -> Iterator[Figure]:
    """Tell the ceilings: the load client's, the minimal LINE's, the stand-in's."""
    seconds = 2.0 if how.quick else 5.0
    with TemporaryDirectory(prefix="ita-bench-") as name:
        folder = Path(name)
        yield _client(folder, seconds)
        for delay in (0.0, 50.0):
            with quick_line(folder, delay_ms=delay) as url:
                port = urlsplit(url).port or 0
                result = drive(port, _pushes(), connections=STAND_IN_CONNECTIONS, seconds=seconds)
            yield _told(f"minimal LINE, answers after {delay:.0f} ms", result)
        yield from _stand_in(folder, seconds)


def _client(folder: Path, seconds: float) -> Figure:
    with listening(folder / "trivial.log", {}, "tests.bench.trivial") as server:
        result = load(
            server.port, connections=16, seconds=seconds, count=round(seconds * 30_000), first=0
        )
    # Its own time, not the rate: that falls when the trivial server waits for the processor.
    microseconds = result.cpu_seconds / max(result.ok, 1) * 1_000_000
    return Figure(
        "load client, a request's own time",
        f"< {CLIENT_MICROSECONDS:.0f} µs",
        f"{microseconds:.0f} µs",
        0 < microseconds < CLIENT_MICROSECONDS,
        f"{result.rate:,.0f} req/s against a server that does nothing",
    )


def _stand_in(folder: Path, seconds: float) -> Iterator[Figure]:
    env = {"LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN}
    for delay in (0, 50):
        log = folder / "emulator.log"
        with listening(log, env, "bot.emulator", "--bot-url", "http://127.0.0.1:9/") as server:
            control = HTTPConnection("127.0.0.1", server.port, timeout=30)
            for number in range(100):
                _control(control, "people", displayName="ก", userId=bodies.user_id(number))
            if delay:
                _control(control, "faults", endpoint="push", kind="slow", ms=delay, times=10**6)
            control.close()
            result = drive(
                server.port, _pushes(), connections=STAND_IN_CONNECTIONS, seconds=seconds
            )
        yield _told(f"the stand-in (bot.emulator), answers after {delay} ms", result)


def _control(connection: HTTPConnection, call: str, **body: object) -> None:
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"/stand-in/{call}", json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status


def _pushes(count: int = 60_000) -> list[bytes]:
    return [_push(number) for number in range(count)]


def _push(number: int) -> bytes:
    messages = [{"type": "text", "text": "ครบกำหนดวันนี้: ข้อ ๑๑"}]
    body = json.dumps({"to": bodies.user_id(number % 100), "messages": messages}).encode()
    return (
        "POST /v2/bot/message/push HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        f"X-Line-Retry-Key: 123e4567-e89b-12d3-a456-{number:012x}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _told(name: str, result: Result) -> Figure:
    other = sum(result.answered.values()) - result.ok + result.unanswered
    detail = f"{STAND_IN_CONNECTIONS} connections, p99 {result.p99_ms:.0f} ms, {other} not 200"
    return Figure(name, "", f"{result.rate:,.0f} calls/s", detail=detail)
