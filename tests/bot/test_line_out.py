"""The LINE client: every outcome told apart, and the whole way out against the stand-in."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot import outbox as loop
from bot.clock import bangkok_date, read_instant
from bot.line_out import LineClient
from bot.sending import SendError, Sent, Trouble
from handlers.holiday_calendar import working_calendar
from store.database import Engine
from store.models import QueueState, Topic
from tests.bot.emulator_stage import NINE_IN_BANGKOK, TOKEN, Stage, fresh, open_stage
from tests.bot.queue_rows import message, queue, stops

NOW = read_instant(NINE_IN_BANGKOK)
CALENDAR = working_calendar(bangkok_date(NOW))
KEY = "123e4567-e89b-12d3-a456-426614174000"
HELLO = [{"type": "text", "text": "สวัสดี"}]
HASTY = (3.0, 0.1)
"""Seconds to connect and to wait for an answer that does not come."""

RATE = {"message": "The API rate limit has been exceeded. Try again later."}
MONTH = {"message": "You have reached your monthly limit."}
DETAILS = {
    "message": "The request body has 1 error(s)",
    "details": [{"message": "May not be empty", "property": "messages[0].text"}],
}
DEAD = {"message": "Invalid reply token"}
NOT_SENT = {"message": "Failed to send messages"}


@dataclass
class Script:
    """What the scripted LINE answers next, and what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)


@contextmanager
def scripted_line() -> Iterator[tuple[Script, str]]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # the whole answer at once, or the test waits for delayed ACKs

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            names = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append((self.path, names, json.loads(raw)))
            self.send_response(script.status)
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(script.body)))
            self.end_headers()
            self.wfile.write(script.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def scripted() -> Iterator[tuple[Script, LineClient]]:
    with scripted_line() as (script, url):
        yield script, LineClient(TOKEN, url)


def ask(client: LineClient, how: str) -> Sent | Trouble:
    try:
        return client.reply("t1", HELLO) if how == "reply" else client.push("U1", HELLO, KEY)
    except SendError as error:
        return error.trouble


@pytest.mark.parametrize(
    ("how", "status", "body", "trouble"),
    [
        ("push", 400, DETAILS, Trouble.REFUSED),
        ("push", 400, NOT_SENT, Trouble.REFUSED),
        ("push", 401, {"message": "invalid token"}, Trouble.UNAUTHORIZED),
        ("push", 403, {"message": "plan"}, Trouble.REFUSED),
        ("push", 404, {"message": "Not found"}, Trouble.REFUSED),
        ("push", 410, {"message": "Gone"}, Trouble.REFUSED),
        ("push", 413, {"message": "Too large"}, Trouble.REFUSED),
        ("push", 415, {"message": "Media type"}, Trouble.REFUSED),
        ("push", 429, RATE, Trouble.RATE_LIMIT),
        ("push", 429, MONTH, Trouble.MONTHLY_LIMIT),
        ("push", 500, {"message": "Internal"}, Trouble.UNCERTAIN),
        ("push", 502, {"message": "Bad gateway"}, Trouble.UNCERTAIN),
        ("push", 504, None, Trouble.UNCERTAIN),
        ("push", 302, None, Trouble.UNCERTAIN),
        ("reply", 400, DEAD, Trouble.TOKEN_DEAD),
        ("reply", 400, NOT_SENT, Trouble.TOKEN_DEAD),
        ("reply", 400, DETAILS, Trouble.REFUSED),
        ("reply", 401, {"message": "invalid token"}, Trouble.UNAUTHORIZED),
        ("reply", 403, {"message": "plan"}, Trouble.REFUSED),
        ("reply", 404, {"message": "Not found"}, Trouble.REFUSED),
        ("reply", 410, {"message": "Gone"}, Trouble.REFUSED),
        ("reply", 413, {"message": "Too large"}, Trouble.REFUSED),
        ("reply", 415, {"message": "Media type"}, Trouble.REFUSED),
        ("reply", 429, RATE, Trouble.RATE_LIMIT),
        ("reply", 500, {"message": "Internal"}, Trouble.UNCERTAIN),
    ],
)
def test_every_refusal_is_told_apart(
    scripted: tuple[Script, LineClient], how: str, status: int, body: Any, trouble: Trouble
) -> None:
    script, client = scripted
    script.status, script.body = status, b"" if body is None else json.dumps(body).encode()

    assert ask(client, how) is trouble


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="no ids"),
        pytest.param(b"hello", id="no JSON"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"sentMessages":null}', id="null"),
        pytest.param(b'{"sentMessages":[{"quoteToken":"q"}]}', id="a message without its id"),
    ],
)
def test_a_200_is_success_whatever_its_body_looks_like(
    scripted: tuple[Script, LineClient], body: bytes
) -> None:
    script, client = scripted
    script.status, script.body, script.headers = 200, body, {"x-line-request-id": "r1"}

    assert ask(client, "push") == Sent("r1", ())


def test_ids_of_what_was_sent_come_back(scripted: tuple[Script, LineClient]) -> None:
    script, client = scripted
    script.status, script.headers = 200, {"X-Line-Request-Id": "r1"}
    script.body = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"},{"id":"2"}]}'

    assert ask(client, "reply") == Sent("r1", ("461230966842064897", "2"))


def test_409_is_the_success_of_an_earlier_try(scripted: tuple[Script, LineClient]) -> None:
    script, client = scripted
    script.status, script.headers = 409, {"x-line-accepted-request-id": "first"}
    script.body = b'{"message":"The retry key is already accepted","sentMessages":[{"id":"7"}]}'

    assert ask(client, "push") == Sent("first", ("7",))


def test_a_push_carries_its_retry_key_and_a_reply_none(
    scripted: tuple[Script, LineClient],
) -> None:
    script, client = scripted
    script.status, script.body = 200, b"{}"
    script.asked.clear()

    ask(client, "push")
    ask(client, "reply")

    (push_path, push_headers, push), (reply_path, reply_headers, reply) = script.asked
    assert (push_path, push) == ("/v2/bot/message/push", {"to": "U1", "messages": HELLO})
    assert push_headers["x-line-retry-key"] == KEY
    assert push_headers["authorization"] == f"Bearer {TOKEN}"
    assert (reply_path, reply) == (
        "/v2/bot/message/reply",
        {"replyToken": "t1", "messages": HELLO},
    )
    assert "x-line-retry-key" not in reply_headers


def test_one_refusal_is_one_call(scripted: tuple[Script, LineClient]) -> None:
    script, client = scripted
    script.status, script.body = 503, b""
    script.asked.clear()

    ask(client, "push")

    assert len(script.asked) == 1


def test_an_answer_that_is_no_text_leaves_it_uncertain(
    scripted: tuple[Script, LineClient],
) -> None:
    script, client = scripted
    script.status, script.body = 500, b"\xff\xfe"

    assert ask(client, "push") is Trouble.UNCERTAIN


@pytest.mark.parametrize("how", ["push", "reply"])
def test_without_a_connection_nothing_can_have_arrived(how: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert ask(LineClient(TOKEN, f"http://127.0.0.1:{port}"), how) is Trouble.UNREACHED


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as opened:
        yield opened


@pytest.fixture
def line(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


@dataclass
class Wires:
    """A person in LINE, a message to be sent to them, and the bot's sender."""

    line: Stage
    engine: Engine
    client: LineClient
    """Waits as long as the real one; the first try is left to a hasty one, where it must be."""
    now: datetime = NOW
    troubles: list[str] = field(default_factory=list)

    def queue(self, how: str) -> None:
        user = self.line.person()
        token = None
        if how == "reply":
            self.line.control("say", userId=user, text="สถานะ")
            token = self.line.token()
        topic = Topic.ANSWER if how == "reply" else Topic.DIGEST
        queue(self.engine, "m", at=NOW, line_to=user, reply_token=token, topic=topic)

    def send(self, client: LineClient) -> str | None:
        return loop.send_next(self.engine, client, CALENDAR, now=self.now)

    def settle(self) -> str:
        """Send until the message is closed or waits for long; return what became of it at last."""
        outcome = ""
        while (done := self.send(self.client)) or (
            message(self.engine, "m").state == QueueState.WAITING
            and not stops(self.engine)
            and self.now < NOW + timedelta(hours=1)
        ):
            self.troubles += [done] if done else []
            outcome = done or outcome
            self.now += timedelta(seconds=0 if done else 2)
            self.line.control("clock", now=self.now.isoformat())
        return outcome

    def shown(self) -> int:
        return len(self.line.read("ledger")["entries"])


@pytest.fixture
def wires(line: Stage, engine: Engine) -> Wires:
    return Wires(line, engine, LineClient(TOKEN, line.stand_in.url))


@pytest.mark.parametrize(
    ("how", "fault", "outcomes", "shown"),
    [
        pytest.param("push", "500", ["uncertain", "sent"], 1, id="push: 500"),
        pytest.param("push", "502", ["uncertain", "sent"], 1, id="push: 502"),
        pytest.param("push", "500-after", ["uncertain", "sent"], 1, id="push: 500, accepted"),
        pytest.param("push", "timeout-after", ["uncertain", "sent"], 1, id="push: slow, accepted"),
        pytest.param("push", "hang-before", ["uncertain", "sent"], 1, id="push: hangs"),
        pytest.param("push", "drop-before", ["uncertain", "sent"], 1, id="push: dropped"),
        pytest.param("push", "drop-after", ["uncertain", "sent"], 1, id="push: dropped, accepted"),
        pytest.param("push", "429", ["rate_limit", "sent"], 1, id="push: 429"),
        pytest.param("push", "429-monthly", ["monthly_limit"], 0, id="push: month used up"),
        pytest.param("push", "401", ["unauthorized"], 0, id="push: 401"),
        pytest.param("push", "400", ["refused"], 0, id="push: 400"),
        pytest.param("reply", "500", ["uncertain", "sent"], 1, id="reply: 500"),
        pytest.param(
            "reply", "500-after", ["uncertain", "probably_sent"], 1, id="reply: 500 after"
        ),
        pytest.param(
            "reply", "timeout-after", ["uncertain", "probably_sent"], 1, id="reply: slow, accepted"
        ),
        pytest.param("reply", "hang-before", ["uncertain", "sent"], 1, id="reply: hangs"),
        pytest.param("reply", "drop-before", ["uncertain", "sent"], 1, id="reply: dropped"),
        pytest.param(
            "reply", "drop-after", ["uncertain", "probably_sent"], 1, id="reply: dropped, accepted"
        ),
        pytest.param("reply", "429", ["rate_limit", "sent"], 1, id="reply: 429"),
        pytest.param("reply", "401", ["unauthorized"], 0, id="reply: 401"),
        pytest.param("reply", "400", ["token_dead", "sent"], 1, id="reply: 400"),
    ],
)
def test_a_message_comes_once_whatever_happens_on_the_way(
    wires: Wires, how: str, fault: str, outcomes: list[str], shown: int
) -> None:
    wires.queue(how)
    wires.line.control("faults", endpoint=how, kind=fault)
    patience = {"timeout": HASTY} if fault in ("timeout-after", "hang-before") else {}

    first = wires.send(LineClient(TOKEN, wires.line.stand_in.url, **patience))
    wires.settle()

    assert [first, *wires.troubles] == outcomes
    assert wires.shown() == shown


def test_the_ledger_and_the_outbox_agree_on_ids(wires: Wires) -> None:
    wires.queue("push")
    wires.line.control("faults", endpoint="push", kind="drop-after")

    wires.settle()

    (entry,) = wires.line.read("ledger")["entries"]
    row = message(wires.engine, "m")
    assert row.line_request_id == entry["requestId"]
    assert row.retry_key == entry["retryKey"]
    assert len(row.sent_message_ids) == 1


def test_a_reply_after_its_minute_becomes_a_push(wires: Wires) -> None:
    wires.queue("reply")
    wires.now += timedelta(minutes=2)
    wires.line.control("clock", now=wires.now.isoformat())

    wires.settle()

    assert [each["endpoint"] for each in wires.line.read("ledger")["entries"]] == ["push"]


def test_a_bad_token_is_told_by_the_real_refusal(wires: Wires) -> None:
    wires.queue("push")
    wires.client = LineClient("another token", wires.line.stand_in.url)

    assert wires.settle() == "unauthorized"
