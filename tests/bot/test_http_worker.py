"""The web process among rude callers: slow, endless and senseless requests, on real sockets."""

import json
import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from bot.http_worker import REQUEST_SECONDS
from bot.server import THREADS
from bot.webhook import LARGEST_BODY
from tests.bot.queue_rows import signature
from tests.bot.test_keeping import LINE_WAITS, wait_for
from tests.bot.web_process import PATIENCE, Web, everything, web_process

SLACK = 3.0
"""Seconds: the server looks once a second, and the machine may be busy."""
POST = b"POST /callback HTTP/1.1\r\nHost: a\r\n"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web_process(tmp_path_factory.mktemp("web")) as web:
        yield web


def seconds_until_hung_up(web: Web, request: bytes) -> float:
    """Send what is no whole request and then a byte now and then; return how long one may."""
    start = time.monotonic()
    with web.open() as connection, suppress(OSError):
        connection.sendall(request)
        while time.monotonic() - start < PATIENCE:
            time.sleep(0.2)
            connection.sendall(b"b")
    return time.monotonic() - start


def test_who_sends_a_request_too_slowly_is_hung_up_on(web: Web) -> None:
    halves = [
        b"POST /call",
        POST + b"X-Line-Sig",
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n50\r\nhe",
    ]

    with ThreadPoolExecutor(len(halves)) as callers:
        seconds = list(callers.map(seconds_until_hung_up, [web] * len(halves), halves))

    assert max(seconds) < REQUEST_SECONDS + SLACK


def test_slow_callers_on_all_threads_keep_nobody_waiting_for_long(web: Web) -> None:
    slow = [web.open() for _ in range(THREADS)]
    for each in slow:
        each.sendall(POST)

    start = time.monotonic()
    answer = web.get()
    waited = time.monotonic() - start

    for each in slow:
        each.close()
    assert b" 200 " in answer
    assert waited < REQUEST_SECONDS + SLACK


def signed_call() -> bytes:
    body = b'{"events":[{"type":"x"}]}'
    head = POST + b"Connection: close\r\nContent-Length: %d\r\n" % len(body)
    return head + f"X-Line-Signature: {signature(body)}\r\n\r\n".encode() + body


def test_callers_that_do_not_hang_up_after_their_answer_keep_nobody_waiting(web: Web) -> None:
    with ExitStack() as held:
        for _ in range(30):
            stranger = held.enter_context(web.open())
            stranger.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")

        start = time.monotonic()
        answer = web.ask(signed_call())
        waited = time.monotonic() - start

    assert answer.split()[1] == b"200"
    assert waited < LINE_WAITS


def test_a_locked_database_and_many_who_ask_how_it_is_keep_no_signed_call_waiting(web: Web) -> None:
    with ExitStack() as held:
        locker = held.enter_context(closing(sqlite3.connect(web.database)))
        locker.execute("BEGIN IMMEDIATE")
        for path in (b"/readyz", b"/metrics") * 20:
            asking = held.enter_context(web.open())
            asking.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)

        start = time.monotonic()
        answer = web.ask(signed_call())
        waited = time.monotonic() - start

    assert answer.split()[1] == b"200"
    assert waited < LINE_WAITS


def test_a_process_without_files_left_rests_and_goes_on(tmp_path: Path) -> None:
    with web_process(tmp_path, files=64) as web:
        with ExitStack() as held:
            for _ in range(80):
                held.enter_context(web.open())
            told = wait_for(lambda: b"files_used_up" in web.log.read_bytes())

        answer = web.ask(signed_call())
        lines = web.log.read_text("utf-8")

    assert told
    assert answer.split()[1] == b"200"
    assert lines.count("files_used_up") == 1
    assert "Traceback" not in lines


def test_a_body_that_is_announced_too_long_is_refused_before_it_comes(web: Web) -> None:
    head = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (LARGEST_BODY + 1)
    with web.open() as connection:
        connection.sendall(POST + head)
        start = time.monotonic()
        status = connection.recv(65536).split()[1]
        waited = time.monotonic() - start

    assert status == b"413"
    assert waited < REQUEST_SECONDS / 2


def test_a_body_without_a_length_is_cut(web: Web) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with web.open() as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        with suppress(OSError):  # the server may have answered and gone already
            for _ in range(LARGEST_BODY // 0x10000 + 2):
                connection.sendall(piece)
        status = everything(connection).split()[1]

    assert status == b"413"


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n", b"2\r\n{}xx", b"-1\r\n\r\n"])
def test_chunks_that_are_none_are_the_callers_fault(web: Web, chunks: bytes) -> None:
    answer = web.ask(POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks)

    assert answer.split()[1] == b"400"


@pytest.mark.parametrize(
    "header",
    [
        b"SCRIPT_NAME: /healthz",
        b"PATH_INFO: /nothing",
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: x",
    ],
)
def test_no_header_changes_what_is_asked_for(web: Web, header: bytes) -> None:
    """By default gunicorn believes some, when they come from this machine, as a proxy's do."""
    answer = web.ask(
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n\r\n" % header
    )

    assert answer.split()[1] == b"200"


def test_a_signed_call_is_kept_while_strangers_are_refused(web: Web) -> None:
    signed = signed_call()
    strange = signed.replace(b"X-Line-Signature", b"X-No-Signature")

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(web.ask, [strange, strange, strange, signed] * 20))

    statuses = [each.split()[1] for each in answers]
    assert statuses[3::4] == [b"200"] * 20
    assert set(statuses) == {b"200", b"401", b"429"}


def test_senseless_requests_are_a_line_of_json_and_nothing_of_them(web: Web) -> None:
    for number in range(20):
        web.ask(b'GET /\n{"action":"forged"} \x1b[31m %d\r\n\r\n' % number)

    lines = [json.loads(each) for each in web.log.read_text("utf-8").splitlines()]
    malformed = [each for each in lines if each.get("action") == "request_malformed"]
    assert len(malformed) == 1
    assert "forged" not in web.log.read_text("utf-8")


def test_the_database_and_what_stands_beside_it_are_for_one_user_alone(web: Web) -> None:
    files = {each.name: each.stat().st_mode for each in web.database.parent.glob("bot.sqlite3*")}

    assert {"bot.sqlite3", "bot.sqlite3-wal", "bot.sqlite3-shm"} <= set(files)
    assert {name: stat.S_IMODE(mode) for name, mode in files.items()} == dict.fromkeys(files, 0o600)
