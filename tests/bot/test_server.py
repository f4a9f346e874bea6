"""The whole program as one process: it serves, answers, and ends when it is asked to."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bot.server import GRACE_SECONDS, PortTakenError, serve
from bot.settings import Settings
from store.schema import SchemaError
from tests.bot.emulator_stage import SECRET, TOKEN, Stage, open_stage

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds that a test waits at most, so that a busy machine fails no test."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def settings(folder: Path, port: int) -> Settings:
    return Settings.from_env(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'bot.sqlite3'}",
            "SPOOL_DIR": str(folder / "spool"),
            "PORT": str(port),
        }
    )


@pytest.mark.parametrize("with_worker", [True, False])
def test_a_port_in_use_is_told_with_what_to_do(tmp_path: Path, *, with_worker: bool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(PortTakenError) as caught:
            serve(settings(tmp_path, port), with_worker=with_worker, listen="127.0.0.1")

    assert str(caught.value) == (
        f"Port {port} is in use: stop the program that uses it, or set PORT to another."
    )


def test_an_address_that_is_not_ours_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(PortTakenError, match="cannot be opened"):
        serve(settings(tmp_path, free_port()), with_worker=False, listen="192.0.2.1")


def test_a_database_without_tables_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        serve(settings(tmp_path, free_port()), with_worker=False, listen="127.0.0.1")


def wait_for(ready: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(0.03)
    return False


def is_serving(port: int, path: str = "/readyz") -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture
def line() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@contextmanager
def bot(command: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def env(line: Stage, tmp_path: Path) -> dict[str, str]:
    return {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_HOST": line.stand_in.url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.sqlite3'}",
        "SPOOL_DIR": str(tmp_path / "spool"),
        "PORT": str(free_port()),
    }


def test_a_locked_database_hinders_neither_start_nor_webhook_nor_end(
    line: Stage, env: dict[str, str], empty_file: Path, tmp_path: Path
) -> None:
    database = shutil.copy(empty_file, tmp_path / "bot.sqlite3")
    user = line.person()
    line.control("bot", url=f"http://127.0.0.1:{env['PORT']}/callback")

    with closing(sqlite3.connect(database)) as locker:
        locker.execute("BEGIN IMMEDIATE")
        with bot("run", env) as process:
            serving = wait_for(lambda: is_serving(int(env["PORT"])))
            told = line.control("say", userId=user, text="ช่วยเหลือ")["delivered"]
            process.send_signal(signal.SIGTERM)
            asked_at = time.monotonic()
            _, err = process.communicate(timeout=PATIENCE)
            seconds = time.monotonic() - asked_at

    assert serving
    assert told["status"] == 200
    assert len(list((tmp_path / "spool").glob("*.json"))) == 1
    assert seconds < GRACE_SECONDS
    assert (process.returncode, b"Traceback" in err) == (0, False)


def test_a_process_that_dies_while_the_database_is_locked_is_replaced_and_goes_on(
    line: Stage, env: dict[str, str], empty_file: Path, tmp_path: Path
) -> None:
    database = shutil.copy(empty_file, tmp_path / "bot.sqlite3")
    user = line.person()
    line.control("bot", url=f"http://127.0.0.1:{env['PORT']}/callback")

    with closing(sqlite3.connect(database)) as locker, bot("run", env) as process:
        serving = wait_for(lambda: is_serving(int(env["PORT"])))
        locker.execute("BEGIN IMMEDIATE")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        (child,) = map(int, children.read_text("ascii").split())
        os.kill(child, signal.SIGKILL)
        replaced = wait_for(lambda: is_serving(int(env["PORT"])))
        told = line.control("say", userId=user, text="ช่วยเหลือ")["delivered"]
        before = line.read("ledger")["entries"]
        locker.rollback()
        answered = wait_for(lambda: bool(line.read("ledger")["entries"]))

    assert (serving, replaced, answered) == (True, True, True)
    assert told["status"] == 200
    assert before == []


def test_a_server_that_is_away_at_the_start_is_told_and_waited_for(
    env: dict[str, str], tmp_path: Path
) -> None:
    env["DATABASE_URL"] = f"postgresql://bot@/bot?host={tmp_path}"

    with bot("run", env) as process:
        alive = wait_for(lambda: is_serving(int(env["PORT"]), "/healthz"))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)

    actions = {json.loads(each).get("action") for each in err.splitlines()}
    assert (alive, process.returncode) == (True, 0)
    assert "database_away" in actions


def test_one_process_answers_through_line_and_ends_cleanly(
    line: Stage, env: dict[str, str]
) -> None:
    port = int(env["PORT"])
    user = line.person()
    line.control("bot", url=f"http://127.0.0.1:{port}/callback")

    with bot("run", env) as process:
        serving = wait_for(lambda: is_serving(port))
        told = line.control("say", userId=user, text="ช่วยเหลือ")["delivered"]
        answered = wait_for(lambda: bool(line.read("ledger")["entries"]))
        process.send_signal(signal.SIGTERM)
        asked_at = time.monotonic()
        out, err = process.communicate(timeout=PATIENCE)
        seconds = time.monotonic() - asked_at

    assert (serving, answered) == (True, True)
    assert told["status"] == 200
    assert [each["endpoint"] for each in line.read("ledger")["entries"]] == ["reply"]
    assert (process.returncode, out) == (0, b"")
    assert seconds < 5
    actions = [json.loads(each).get("action") for each in err.splitlines()]
    assert actions.index("events_kept") < actions.index("message_sent")
