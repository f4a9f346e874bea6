"""The stand-in as a process: its page, its connections, its command line."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import pytest

from bot.emulator.__main__ import main
from bot.emulator.server import in_thread
from tests.bot.emulator_stage import TOKEN, Stage, fresh, open_stage

ROOT = Path(__file__).parent.parent.parent
SETTINGS = {"LINE_CHANNEL_SECRET": "s", "LINE_CHANNEL_ACCESS_TOKEN": "t"}


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def test_the_page_lets_only_its_own_script_run(stage: Stage) -> None:
    answer = stage.ask("GET", "/")

    policy = answer.headers["content-security-policy"]
    assert answer.status == 200
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_loads_nothing_and_puts_no_text_in_as_markup(stage: Stage) -> None:
    page = stage.ask("GET", "/").body.decode()

    assert re.findall(r"(?:src|href)=", page) == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", page) == []


def test_pages_of_other_sites_cannot_play(stage: Stage) -> None:
    own = {"Origin": stage.stand_in.url}
    other = {"Origin": "https://example.com"}

    allowed = stage.ask("POST", "/stand-in/people", {"displayName": "a"}, own)
    refused = stage.ask("POST", "/stand-in/people", {"displayName": "a"}, other)

    assert (allowed.status, refused.status) == (200, 403)


def test_one_connection_serves_many_calls_without_delay(stage: Stage) -> None:
    parts = urlsplit(stage.stand_in.url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
    connection.connect()
    local = connection.sock.getsockname()
    start = perf_counter()

    for _ in range(20):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        connection.request("GET", "/v2/bot/message/quota", headers=headers)
        connection.getresponse().read()

    assert connection.sock.getsockname() == local
    # Packets held back by the kernel would cost 40 ms a call.
    assert perf_counter() - start < 0.6
    connection.close()


def test_stopping_ends_held_calls_and_frees_the_port() -> None:
    asked = {"bot_url": "http://127.0.0.1:1/", "channel_secret": "s", "access_token": TOKEN}
    with in_thread(**asked) as first:
        port = urlsplit(first.url).port
        first.stop()
        first.stop()

    with in_thread(port=port, **asked) as second:
        assert urlsplit(second.url).port == port


def test_a_port_in_use_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        status = main(["--port", str(port)], SETTINGS)

    assert status == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(
        rf"Port {port} of 127\.0\.0\.1 cannot be listened on .* with --port\.\n", told.err
    )


def test_missing_settings_are_all_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([], {})

    assert status == 1
    told = capsys.readouterr().err
    assert "LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN" in told


def test_the_command_prints_the_address_it_serves() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.emulator", "--port", "0"],
        cwd=ROOT,
        env={**SETTINGS, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        line = process.stdout.readline() if process.stdout else ""
        address = urlsplit(line.removeprefix("LINE stand-in: ").strip())
        connection = HTTPConnection(address.hostname or "", address.port, timeout=5)
        connection.request("GET", "/stand-in/state")
        status = connection.getresponse().status
        connection.close()
        process.terminate()

    assert status == 200
