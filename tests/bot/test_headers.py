"""Security headers stand on every answer, and no answer shows how the bot is made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from bot.app import create_app
from bot.headers import SECURITY_HEADERS
from bot.server import guarded
from bot.settings import Settings
from bot.webhook import LARGEST_BODY
from bot.wiring import House
from store.database import Engine
from tests.bot.queue_rows import SECRET, execute, signature
from tests.bot.web_process import Web, web_process

EMPTY = b'{"events":[]}'


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Iterator[Flask]:
    env = {"LINE_CHANNEL_SECRET": SECRET, "SPOOL_DIR": str(tmp_path / "spool")}
    house = House(Settings.from_env(env), engine, lambda: datetime(2024, 1, 31, tzinfo=UTC))
    app = create_app(house)
    yield app
    app.extensions["writer"].stop()


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(guarded(app))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/healthz", b"", 200),
        ("GET", "/readyz", b"", 200),
        ("POST", "/callback", EMPTY, 200),
        ("POST", "/callback", b"unsigned", 401),
        ("POST", "/callback", b"x" * (LARGEST_BODY + 1), 413),
        ("GET", "/callback", b"", 405),
        ("TRACE", "/callback", b"", 405),
        ("HEAD", "/healthz", b"", 200),
        ("OPTIONS", "/callback", b"", 405),
        ("GET", "/nothing", b"", 404),
        ("GET", "/console", b"", 404),
        ("GET", "/?__debugger__=yes&cmd=resource&f=debugger.js", b"", 404),
        ("GET", "/static/../../.env", b"", 404),
    ],
)
def test_every_answer_is_plain_and_carries_the_headers(
    client: Client, method: str, path: str, body: bytes, status: int
) -> None:
    signed = {"X-Line-Signature": signature(EMPTY)}

    answer = client.open(path, method=method, data=body, headers=signed)

    assert answer.status_code == status
    assert {each: answer.headers.get_all(each) for each, _ in SECURITY_HEADERS} == {
        name: [value] for name, value in SECURITY_HEADERS
    }
    assert "<" not in answer.text


def test_the_policy_allows_nothing(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"].split("; ")

    assert policy[0] == "default-src 'none'"
    assert all(each.endswith("'none'") for each in policy)
    assert {each.split()[0] for each in policy} >= {"frame-ancestors", "base-uri", "form-action"}


def test_a_failure_is_told_without_where_it_came_from(app: Flask, client: Client) -> None:
    @app.get("/fails")
    def fails() -> str:
        raise ZeroDivisionError("a word of the inside")

    answer = client.get("/fails")

    assert (answer.status_code, answer.text) == (500, "internal error")
    assert len(answer.headers.get_all("X-Frame-Options")) == 1
    assert not app.debug
    assert not app.testing


def test_a_database_in_trouble_is_told_without_its_words(client: Client, engine: Engine) -> None:
    execute(engine, "DROP TABLE inbox_event")
    body = b'{"events":[{"type":"x"}]}'

    answer = client.post("/callback", data=body, headers={"X-Line-Signature": signature(body)})

    # The event is in the spool, and nobody outside is to know.
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("web")
    # Names that Flask would listen to if it were run by its own server.
    with web_process(folder, FLASK_DEBUG="1", FLASK_ENV="development") as web:
        yield web


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        pytest.param(b"GET /healthz HTTP/1.1", b"200", id="fine"),
        pytest.param(b"GET /nothing HTTP/1.1", b"404", id="unknown"),
        pytest.param(b"<script>alert(1)</script>", b"400", id="no HTTP"),
        pytest.param(b"GET /" + b"a" * 2000 + b" HTTP/1.1", b"400", id="endless address"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 60, b"400", id="many headers"),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"b" * 5000, b"400", id="endless header"),
        pytest.param(b"GET / HTTP/1.1\r\nA b: <b>c</b>", b"400", id="odd header"),
        pytest.param(
            b"POST /callback HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
            b"400",
            id="two lengths",
        ),
    ],
)
def test_a_real_server_answers_so_too(web: Web, request_line: bytes, status: bytes) -> None:
    answer = web.ask(request_line + b"\r\nConnection: close\r\nHost: a\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == status
    assert b"\r\nContent-Security-Policy: default-src 'none'" in head
    assert b"\r\nContent-Type: text/plain" in head
    assert b"<" not in body
    for told in (b"27.0", b"werkzeug", b"python", b"flask"):
        assert told not in head.lower()
