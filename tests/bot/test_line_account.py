"""What LINE is asked about the account, and what is made of answers that do not come or are odd."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from bot.doctor.facts import Silence
from bot.line_account import ask_line
from tests.bot.emulator_stage import TOKEN, Stage, fresh, open_stage

NOW = datetime(2027, 1, 5, 2, 0, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def one_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def line(one_stage: Stage) -> Stage:
    return fresh(one_stage)


def test_everything_is_asked_once_and_answered(line: Stage) -> None:
    account = ask_line(TOKEN, line.stand_in.url, lambda: NOW)

    assert [each.status for each in account.answers] == [200] * 5
    assert account.bot.body["chatMode"] == "bot"
    assert account.webhook.body["active"] is True
    assert account.webhook_test.body["reason"] == "OK"
    assert account.quota.body == {"type": "none"}
    assert account.consumption.body == {"totalUsage": 0}
    assert len(line.read("calls")["entries"]) == 5


def test_the_lead_of_our_clock_is_measured_by_the_date_of_the_answer(line: Stage) -> None:
    account = ask_line(TOKEN, line.stand_in.url, lambda: NOW)

    lead = account.bot.our_lead
    assert lead is not None
    assert lead.total_seconds() == 7


def test_a_refusal_is_an_answer(line: Stage) -> None:
    account = ask_line("another", line.stand_in.url, lambda: NOW)

    assert [each.status for each in account.answers] == [401] * 5
    assert account.bot.our_lead is not None


def test_no_connection_is_told_from_no_answer(line: Stage) -> None:
    line.control("faults", endpoint="info", kind="hang-before", ms=1000)
    line.control("faults", endpoint="quota", kind="drop-before")

    away = ask_line(TOKEN, "http://127.0.0.1:9", lambda: NOW)
    slow = ask_line(TOKEN, line.stand_in.url, lambda: NOW, timeout=(3.0, 0.3))

    assert {each.silence for each in away.answers} == {Silence.NO_CONNECTION}
    assert (slow.bot.silence, slow.quota.silence) == (Silence.NO_ANSWER, Silence.NO_ANSWER)
    assert slow.consumption.status == 200


def test_whoever_does_not_answer_in_time_is_left_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        host = f"http://127.0.0.1:{mute.getsockname()[1]}"
        start = monotonic()

        account = ask_line(TOKEN, host, lambda: NOW, timeout=(3.0, 2.0), give_up_seconds=0.1)

        assert monotonic() - start < 1.5
    assert {each.silence for each in account.answers} == {Silence.NO_ANSWER}


@pytest.mark.parametrize(
    ("body", "date"),
    [
        pytest.param(b"<html>a proxy's page</html>", "yesterday", id="no JSON, no date"),
        pytest.param(b"[]", "", id="no object, empty date"),
        pytest.param(b"", "Tue, 05", id="nothing, half a date"),
    ],
)
def test_an_odd_answer_is_an_empty_one(body: bytes, date: str) -> None:
    with odd_line(body, date) as url:
        account = ask_line(TOKEN, url, lambda: NOW)

    assert {each.status for each in account.answers} == {200}
    assert account.bot.body == {}
    assert account.bot.our_lead is None


@contextmanager
def odd_line(body: bytes, date: str) -> Iterator[str]:
    """A LINE that answers everything with these bytes and this date."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response_only(200)
            self.send_header("Date", date)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
