"""A minimal, fast LINE for benches: takes replies and pushes, once each, and keeps a ledger.

    python -m tests.bench.quick_line --token TOKEN --delay-ms 50

The project's own stand-in (bot/emulator) checks every message and keeps chats, which costs it a
millisecond or two per call: too much where thousands of messages share two cores with it.  This
one only checks the access token, answers a retry key that it knows with 409, a reply token that
it has seen with 400, and everything else with 200 after the delay.  What it accepted can be read,
so that a bench judges the messages afterwards, untimed (`bot.emulator.limits`).

GET /ledger?since=N gives the entries from number N on (0 is the first): endpoint, to, key (reply
token or retry key), at (time.monotonic() of acceptance, the same clock in every process of the
machine) and messages.  GET /counts gives answers by status and the most connections at a time.
"""

import asyncio
import json
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPLY, PUSH = "/v2/bot/message/reply", "/v2/bot/message/push"
SENT = json.dumps({"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]}).encode()
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 409: "Conflict"}


class QuickLine:
    """What was accepted, and the decision on each call."""

    def __init__(self, token: str) -> None:
        self._bearer = f"bearer {token}".lower()
        self._known: set[str] = set()
        self.ledger: list[tuple[str, str, str, float, bytes]] = []
        self.answers: Counter[str] = Counter()
        self.connections = 0
        self.most_connections = 0

    def post(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer to a call of LINE's API."""
        status, answer = self._decide(path, headers, body)
        self.answers[f"{path.rpartition('/')[2]} {status}"] += 1
        return status, answer

    def get(self, path: str) -> tuple[int, bytes]:
        """Return what a bench asks for."""
        asked = urlsplit(path)
        if asked.path == "/counts":
            counts = {"answers": self.answers, "mostConnections": self.most_connections}
            return 200, json.dumps({**counts, "accepted": len(self.ledger)}).encode()
        if asked.path == "/ledger":
            since = int(parse_qs(asked.query).get("since", ["0"])[0])
            return 200, json.dumps([_entry(*each) for each in self.ledger[since:]]).encode()
        return 404, b"{}"

    def _decide(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if headers.get("authorization", "").lower() != self._bearer:
            return 401, _message("Authentication failed")
        if path not in (REPLY, PUSH):
            return 404, _message("Not found")
        try:
            asked = json.loads(body)
            to = asked["to"] if path == PUSH else ""
            key = headers.get("x-line-retry-key", "") if path == PUSH else asked["replyToken"]
        except (ValueError, KeyError, TypeError):
            return 400, _message("The request body could not be parsed as JSON")
        if key and key in self._known:
            if path == PUSH:
                return 409, _message("The retry key is already accepted")
            return 400, _message("Invalid reply token")
        self._known.add(key)
        self.ledger.append((path.rpartition("/")[2], to, key, time.monotonic(), body))
        return 200, SENT


class _Connection(asyncio.Protocol):
    """One connection of a client that waits for each answer before it asks again."""

    def __init__(self, line: QuickLine, delay: float) -> None:
        self._line, self._delay = line, delay
        self._got = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._line.connections += 1
        self._line.most_connections = max(self._line.most_connections, self._line.connections)

    def connection_lost(self, _: Exception | None) -> None:
        self._line.connections -= 1

    def data_received(self, data: bytes) -> None:
        self._got += data
        head_end = self._got.find(b"\r\n\r\n") + 4
        if head_end < 4:
            return
        first, *rest = self._got[: head_end - 4].decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (r.partition(":") for r in rest)
        }
        whole = head_end + int(headers.get("content-length", "0"))
        if len(self._got) < whole:
            return
        body, self._got = self._got[head_end:whole], self._got[whole:]
        method, path, _ = first.split(" ", 2)
        if method == "POST":
            answer = self._line.post(path, headers, body)
            asyncio.get_running_loop().call_later(self._delay, self._answer, *answer)
        else:
            self._answer(*self._line.get(path))

    def _answer(self, status: int, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\n"
            f"X-Line-Request-Id: {len(self._line.ledger)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        if not self._transport.is_closing():
            self._transport.write(head.encode() + body)


def _message(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def _entry(endpoint: str, to: str, key: str, at: float, body: bytes) -> dict[str, Any]:
    messages = json.loads(body)["messages"]
    return {"endpoint": endpoint, "to": to, "key": key, "at": at, "messages": messages}


async def serve(port: int, token: str, delay: float) -> None:
    """Serve on 127.0.0.1 until the process is ended; say the address first."""
    line = QuickLine(token)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(line, delay), "127.0.0.1", port)
    taken = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{taken}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Read the options and serve."""
    parser = ArgumentParser(prog="python -m tests.bench.quick_line")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and says which")
    parser.add_argument("--token", required=True)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.token, given.delay_ms / 1000))


if __name__ == "__main__":
    main()
