"""Secrets come from the environment alone and are shown by nothing, whatever fails."""

import json
import logging
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import click
import pytest
from sqlalchemy import text

from bot.__main__ import COMMANDS, main
from bot.line_out import LineClient
from bot.logs import JsonLines
from bot.sending import NoContent, NoContentError, SendError, Trouble
from bot.settings import Settings
from bot.wiring import build
from store.database import DatabaseError, transaction
from tests.conftest import CHIANG_MAI
from tests.databases import PostgresqlDatabases

ROOT = Path(__file__).parents[2]
SECRET, OLD_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8", "0123456789abcdef0123456789abcdef"
TOKEN = "a-channel-access-token/with+signs=" * 4
PASSWORD = "a-database-password"
REPLY_TOKEN, USER, GROUP = "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA", "U" + "1a" * 16, "C" + "2b" * 16
TEXT = "ติดปัญหา เครื่องเสียหมดทั้งสำนักงาน"
ALL = (SECRET, OLD_SECRET, TOKEN, PASSWORD, REPLY_TOKEN, USER, GROUP, TEXT)
ENV = {
    "LINE_CHANNEL_SECRET": SECRET,
    "LINE_CHANNEL_SECRET_OLD": OLD_SECRET,
    "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
    "DATABASE_URL": f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot",
}
OUT_OF_REACH = (
    f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot",
    f"postgresql://bot:{PASSWORD}@nowhere.invalid/bot",
    f"postgresql://bot:{PASSWORD}@/bot?host=/nowhere",
    f"postgresql://bot@127.0.0.1:1/bot?password={PASSWORD}",
    f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot?no_such_option=1",
    f"postgresql://bot:{PASSWORD}@127.0.0.1:1/bot?sslmode=odd",
)


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What any logger writes, as a process with these settings would write it."""
    stream, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(Settings.from_env(ENV).secrets))
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def shown(text: str) -> list[str]:
    """Return what of all that must not be shown stands in the text, escaped or not."""
    return [each for each in ALL if each in text or json.dumps(each)[1:-1] in text]


@pytest.mark.parametrize("url", OUT_OF_REACH)
def test_neither_settings_nor_house_show_a_secret(url: str) -> None:
    house = build(Settings.from_env(ENV | {"DATABASE_URL": url}))

    assert shown(f"{house!r} {house} {house.settings!r} {house.settings}") == []
    assert "8000" in repr(house)


@pytest.mark.parametrize("url", OUT_OF_REACH)
def test_a_database_out_of_reach_is_logged_without_its_password(
    url: str, written: StringIO
) -> None:
    house = build(Settings.from_env(ENV | {"DATABASE_URL": url}))
    try:
        house.engine.connect()
    except Exception as error:
        logging.getLogger("bot").exception("loop failed", extra={"reason": str(error)})

    assert "sqlalchemy.exc." in written.getvalue()
    assert shown(written.getvalue()) == []


@pytest.mark.parametrize("debug", [[], ["--debug"]])
@pytest.mark.parametrize("command", [["work"], ["migrate"], ["tick", "--at", "2024-01-03T09:00"]])
def test_a_command_that_fails_shows_no_secret(debug: list[str], command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *debug, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **ENV},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert ("Traceback" in done.stderr) is bool(debug)
    assert shown(done.stdout + done.stderr) == []


@contextmanager
def echo(status: int, kind: str) -> Iterator[str]:
    """An address that answers every request with the request itself, its headers too."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told = f"{self.headers} {raw}"
            answers = {
                "text": told,
                "other fields": json.dumps({"message": "no", "request": told}),
                "message": json.dumps({"message": f"{self.headers} {USER}", "details": [told]}),
            }
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answers[kind].encode())

        def log_message(self, *_: Any) -> None:
            pass

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def log_sending(client: LineClient) -> None:
    """Send a reply and a push, and log whatever they raise with all that it says."""
    messages = [{"type": "text", "text": TEXT}]
    for send in (
        lambda: client.reply(REPLY_TOKEN, messages),
        lambda: client.push(USER, messages, "key"),
    ):
        try:
            send()
        except Exception as error:
            detail = error.detail if isinstance(error, SendError) else ""
            logging.getLogger("bot").exception("send failed", extra={"detail": detail})


@pytest.mark.parametrize("kind", ["text", "other fields", "message"])
@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_refusal_that_repeats_the_request_is_logged_without_it(
    status: int, kind: str, written: StringIO
) -> None:
    with echo(status, kind) as url:
        log_sending(LineClient(TOKEN, url))

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["detail"][:3] for line in lines] == [str(status)] * 2
    assert shown(written.getvalue()) == []


@pytest.mark.parametrize(
    ("token", "host"),
    [
        pytest.param(TOKEN, "http://127.0.0.1:1", id="nobody listens"),
        pytest.param(TOKEN, "https://127.0.0.1:1", id="nobody listens to HTTPS"),
        pytest.param(TOKEN, "https://nowhere.invalid", id="no such host"),
        pytest.param(f"{TOKEN}\n", "http://127.0.0.1:1", id="no header can carry the token"),
    ],
)
def test_what_the_http_client_complains_of_is_logged_without_secrets(
    token: str, host: str, written: StringIO
) -> None:
    log_sending(LineClient(token, host))

    assert len(written.getvalue().splitlines()) == 2
    assert shown(written.getvalue()) == []


def test_what_people_said_stays_out_of_the_traceback_of_a_bug(written: StringIO) -> None:
    try:
        try:
            {}[TEXT]
        except KeyError as error:
            raise ValueError(f"{TEXT} {USER} {REPLY_TOKEN} {SECRET}") from error
    except ValueError:
        logging.getLogger("bot").exception("event failed")

    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [each for each in line["traceback"].splitlines() if each[0] != " "] == [
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert "test_secrets.py" in line["traceback"]
    assert shown(written.getvalue()) == []


def test_what_the_machine_lacks_is_said_in_the_traceback(written: StringIO) -> None:
    try:
        Path("/nowhere/at-all").read_text("utf-8")
    except OSError:
        logging.getLogger("bot").exception("failed")

    assert "FileNotFoundError: No such file or directory" in written.getvalue()


def test_a_secret_or_id_that_comes_along_is_blacked_out(written: StringIO) -> None:
    logging.getLogger("bot").warning("%s", [SECRET, OLD_SECRET, TOKEN], extra={"to": {USER: GROUP}})

    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert line["message"] == "['***', '***', '***']"
    assert line["to"] == {"U***": "C***"}
    assert shown(PASSWORD) == [PASSWORD]


@pytest.mark.parametrize("command", [main, *COMMANDS], ids=lambda each: each.name)
def test_no_secret_is_taken_from_the_command_line(command: click.Command) -> None:
    """Other users of the machine can read the arguments of its processes."""
    names = {str(each.name) for each in command.params}

    secret = {"secret", "channel_secret", "token", "access_token", "password", "database_url"}
    assert names.isdisjoint(secret)


# Of nobody, for nothing: made for this test.
CERTIFICATE = """
MIIBnDCCAUGgAwIBAgIUcMjVcDM1k0i6Oy4xq1a73zMlmwkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzE4MDkzMFoYDzIxMjYxMTAz
MTgwOTMwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASTKh9rzqEkOCf+ecqDVNIKUi4F7K7SjwAZ2v+4CBtQ3udOlSOV2suP
Rz5aH3t0GWU/YpBQY+SMaR0YbgC544TPo28wbTAdBgNVHQ4EFgQUJ2oFqe+1oal6
waPfoBYg0lV86dowHwYDVR0jBBgwFoAUJ2oFqe+1oal6waPfoBYg0lV86dowDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAPhiWla7lTiZj6/NdteVjOqAg1Q2MM8qKgLIrEzE+UshAiEA
s7755BlHEt9DYilEkjl0gt/zSFzmWa9Vyqyx7EV0k/0=
"""
KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsOim5Jo3hbhvCj+qQM164EDp6EeNS+1VFLMKPKaOzDyh"
    "RANCAASTKh9rzqEkOCf+ecqDVNIKUi4F7K7SjwAZ2v+4CBtQ3udOlSOV2suPRz5aH3t0GWU/YpBQY+SMaR0YbgC544TP"
)


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A host that claims to be LINE, by a certificate that no authority gave; what it heard."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(str(self.headers["Authorization"]))
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the name that the server looks for

        def log_message(self, *_: Any) -> None:
            pass

    pem = tmp_path / "impostor.pem"
    parts = (("CERTIFICATE", CERTIFICATE.strip()), ("PRIVATE" + " KEY", KEY))
    pem.write_text(
        "".join(f"-----BEGIN {name}-----\n{each}\n-----END {name}-----\n" for name, each in parts)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with listening(server) as port:
        yield f"https://127.0.0.1:{port}", heard


def test_who_claims_to_be_line_without_its_certificate_hears_no_token(
    impostor: tuple[str, list[str]], written: StringIO
) -> None:
    host, heard = impostor

    with pytest.raises(SendError) as caught:
        LineClient(TOKEN, host).push(USER, [{"type": "text", "text": TEXT}], "key")

    assert caught.value.trouble is Trouble.UNCERTAIN
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.detail
    assert heard == []
    assert shown(written.getvalue()) == []


def test_who_claims_to_be_lines_data_host_hears_no_token(impostor: tuple[str, list[str]]) -> None:
    host, heard = impostor

    with pytest.raises(NoContentError) as caught:
        LineClient(TOKEN, host).content("1")

    assert caught.value.why is NoContent.NOT_NOW
    assert heard == []


def test_what_postgresql_quotes_of_a_refused_row_is_not_logged(
    postgresql: PostgresqlDatabases,
) -> None:
    stream, log = StringIO(), logging.getLogger("bot.of-this-test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    name = "อำเภอลับ"

    try:
        with transaction(postgresql.fresh(CHIANG_MAI)) as session:
            for _ in range(2):
                session.execute(
                    text("INSERT INTO district (province_id, name) SELECT id, :name FROM province"),
                    {"name": name},
                )
    except DatabaseError as error:
        told = str(error)
        log.exception("event failed")
    log.removeHandler(handler)

    logged = stream.getvalue()
    assert name in told
    assert "IntegrityError: 23505 district" in logged
    assert name not in logged
    assert name.encode("unicode-escape").decode() not in logged
