"""The database goes away under the webhook: nothing is lost, doubled or out of order."""

import json
import os
import signal
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.app import create_app
from bot.clock import read_instant
from bot.demo.processes import LOOPBACK, webhook
from bot.keeping import Outcome
from bot.settings import Settings, with_environment
from bot.wiring import House
from store import schema
from store.database import Engine, open_database
from tests.bot.gate import Gate
from tests.bot.queue_rows import SECRET, events, execute, said, signature
from tests.bot.test_keeping import LINE_WAITS, QUICK, Desk, desks, locked, wait_for
from tests.bot.test_server import free_port
from tests.databases import ask, remove_server, start_server

NOW = read_instant("2024-01-31T09:00")
REFUSED = {Outcome.FULL, Outcome.FAILED}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder of a running PostgreSQL with the bot's tables in the database "bot"."""
    folder = Path(tempfile.mkdtemp(prefix="ita-pg-"))
    try:
        # Never the server that somebody names: the gate stands before a socket in the folder.
        ask(start_server(folder), "CREATE DATABASE bot")
        engine = open_database(f"postgresql://postgres@/bot?host={folder}")
        schema.upgrade(engine)
        engine.dispose()
        yield folder
    finally:
        remove_server(folder)


@pytest.fixture
def gate(server: Path) -> Iterator[Gate]:
    with tempfile.TemporaryDirectory(prefix="ita-gate-") as folder:
        gate = Gate(Path(folder), server)
        yield gate
        gate.shut()


@pytest.fixture
def desk(server: Path, gate: Gate, tmp_path: Path) -> Iterator[Desk]:
    """A writer behind the gate; its `engine` for the test itself goes straight to the server."""
    straight, gated = (
        open_database(f"postgresql://postgres@/bot?host={folder}")
        for folder in (server, gate.folder)
    )
    execute(straight, "TRUNCATE inbox_event")
    with desks(gated, tmp_path / "spool") as desk:
        desk.engine = straight
        yield desk
    straight.dispose()


@contextmanager
def timed() -> Iterator[list[float]]:
    """Collect the seconds that the block took."""
    seconds: list[float] = []
    began = monotonic()
    yield seconds
    seconds.append(monotonic() - began)


def test_a_server_that_was_restarted_meanwhile_costs_nothing(desk: Desk, gate: Gate) -> None:
    desk.keep("a")

    gate.cut()
    outcome = desk.keep("b")

    assert outcome is Outcome.KEPT
    assert desk.kept == ["a", "b"]


def test_a_server_that_is_gone_costs_no_event_and_no_order(desk: Desk, gate: Gate) -> None:
    desk.keep("a")

    gate.shut()
    with timed() as seconds:
        outcomes = {desk.keep(name) for name in ("b", "c", "d", "c")}
    gate.open()
    came_back = desk.has("a", "b", "c", "d")
    straight = wait_for(lambda: desk.keep("e") is Outcome.KEPT)

    assert outcomes == {Outcome.SPOOLED}
    assert seconds[0] < LINE_WAITS
    assert (came_back, straight) == (True, True)
    assert desk.has("a", "b", "c", "d", "e")


def test_a_mute_server_keeps_one_request_waiting_and_no_other(desk: Desk, gate: Gate) -> None:
    desk.keep("a")

    gate.mute()
    with timed() as first:
        outcomes = [desk.keep("b")]
    with timed() as others:
        outcomes += [desk.keep(name) for name in ("c", "d", "e")]
    gate.open()
    came_back = desk.has("a", "b", "c", "d", "e")

    assert set(outcomes) == {Outcome.SPOOLED}
    assert first[0] < LINE_WAITS
    assert others[0] < first[0]
    assert came_back, desk.kept


def test_a_mute_server_holds_up_nobody_who_asks_how_the_bot_is(gate: Gate, tmp_path: Path) -> None:
    engine = open_database(f"postgresql://postgres@/bot?host={gate.folder}")
    settings = Settings.from_env({"SPOOL_DIR": str(tmp_path)})
    app = create_app(House(settings, engine, lambda: NOW))

    def ask(path: str) -> tuple[int, float]:
        began = monotonic()
        return app.test_client().get(path).status_code, monotonic() - began

    gate.mute()
    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(ask, ["/readyz"] * 20))
        figures, _ = callers.submit(ask, "/metrics").result()
    gate.open()
    came_back = wait_for(lambda: ask("/readyz")[0] == HTTPStatus.OK)

    assert {status for status, _ in answers} == {HTTPStatus.SERVICE_UNAVAILABLE}
    assert max(seconds for _, seconds in answers) < LINE_WAITS
    assert figures == HTTPStatus.OK
    assert came_back


def test_a_commit_without_an_answer_is_kept_once(desk: Desk, gate: Gate) -> None:
    desk.keep("a")

    gate.mute("answers")
    outcomes = [desk.keep("b")]
    committed = desk.has("a", "b")
    outcomes.append(desk.keep("c"))
    gate.shut()
    gate.open()
    came_back = desk.has("a", "b", "c")

    assert committed
    assert set(outcomes) == {Outcome.SPOOLED}
    assert came_back, desk.kept
    assert wait_for(lambda: desk.spool.waiting() == [])


def test_a_server_that_comes_and_goes_loses_nothing_and_keeps_the_order(
    desk: Desk, gate: Gate
) -> None:
    names = []

    for round_number in range(3):
        for number in range(5):
            names.append(f"{round_number}.{number}")
            assert desk.keep(names[-1]) not in REFUSED
            if number == 2:
                gate.shut()
        gate.open()
        assert wait_for(lambda: desk.spool.waiting() == [])

    assert desk.has(*names), desk.kept


def test_a_right_that_was_revoked_meanwhile_costs_no_event(
    desk: Desk, server: Path, tmp_path: Path
) -> None:
    execute(desk.engine, "CREATE ROLE clerk LOGIN")
    execute(desk.engine, "GRANT INSERT ON inbox_event TO clerk")
    execute(desk.engine, "GRANT USAGE ON SEQUENCE inbox_event_id_seq TO clerk")
    clerk = open_database(f"postgresql://clerk@/bot?host={server}")

    with desks(clerk, tmp_path / "clerk") as its:
        before = its.keep("a")
        execute(desk.engine, "REVOKE INSERT ON inbox_event FROM clerk")
        during = its.keep("b")
        execute(desk.engine, "GRANT INSERT ON inbox_event TO clerk")
        came_back = desk.has("a", "b")

    assert (before, during) == (Outcome.KEPT, Outcome.SPOOLED)
    assert came_back


def test_a_full_disk_under_database_and_spool_is_told_once_a_second(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    execute(
        desk.engine,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$",
    )
    execute(
        desk.engine,
        "CREATE TRIGGER full_disk BEFORE INSERT ON inbox_event FOR EACH ROW"
        " EXECUTE FUNCTION no_room()",
    )

    with desks(desk.engine, tmp_path / "no room", room=0) as full:
        full.writer.start()
        with timed() as seconds:
            outcomes = set()
            for number in range(40):
                outcomes.add(full.keep(f"e{number}"))
                sleep(0.02)  # the writer asks with an empty batch meanwhile, and it is taken
    execute(desk.engine, "DROP FUNCTION no_room CASCADE")

    told = [each for each in caplog.records if getattr(each, "action", "") == "database_away"]
    assert outcomes == {Outcome.FULL}
    assert len(told) <= 1 + seconds[0] / QUICK


def post(port: str, name: str) -> int:
    body = json.dumps({"events": [said(name, "สถานะ", NOW)]}).encode()
    headers = {"X-Line-Signature": signature(body), "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}/callback", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return int(answer.status)


def test_a_webhook_killed_while_the_database_is_locked_has_kept_all_it_answered(
    engine: Engine, tmp_path: Path
) -> None:
    port = str(free_port())
    env = with_environment(
        {
            "LINE_CHANNEL_SECRET": SECRET,
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "SPOOL_DIR": str(tmp_path / "spool"),
            "PORT": port,
        }
    )
    log = tmp_path / "web.log"

    with webhook(env, log) as web:
        before = post(port, "a")
        with locked(engine):
            during = [post(port, name) for name in ("b", "c", "d")]
            os.killpg(web.pid, signal.SIGKILL)
            web.wait()
    with webhook(env, log):
        came_back = wait_for(lambda: len(events(engine)) == 4)

    assert (before, during) == (200, [200] * 3)
    assert came_back
    assert [each.webhook_event_id for each in events(engine)] == ["a", "b", "c", "d"]
