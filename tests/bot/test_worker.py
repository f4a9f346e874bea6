"""The worker: one round as of an instant, and the loops that answer as soon as somebody rings."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot import outbox
from bot.clock import bangkok_date, read_instant
from bot.sending import SendError, Sent, Trouble
from bot.worker import STOP_SECONDS, Worker, tick
from handlers.holiday_calendar import working_calendar
from store.database import Engine
from store.models import QueueState, Topic
from tests.bot.queue_rows import keep, message, messages, queue, said
from tests.conftest import EMPTY
from tests.databases import SqliteFiles
from tests.fakes import FakeLine
from tests.stage import Stage

NOW = read_instant("2024-01-24T09:00")
PATIENCE = 5.0
"""Seconds that a test waits at most, so that a busy machine fails no test."""


@dataclass
class HeardLine(FakeLine):
    """Tells when something was sent."""

    heard: threading.Event = field(default_factory=threading.Event)

    def _take(self, how: str, to: str, messages: Sequence[dict[str, Any]]) -> Sent:
        try:
            return super()._take(how, to, messages)
        finally:
            self.heard.set()


@contextmanager
def working(engine: Engine, line: FakeLine, now: datetime = NOW) -> Iterator[Worker]:
    worker = Worker(engine, line, lambda: now)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
    assert line.problems == []


def threads() -> set[str]:
    return {each.name for each in threading.enumerate()} & {"inbox", "outbox", "APScheduler"}


def test_one_round_works_events_jobs_and_messages_and_counts_them(stage: Stage) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.coordinator("c")
    stage.say("a", "สถานะ")
    keep(stage.engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
    line = FakeLine()

    done = tick(stage.engine, line, at=NOW)

    assert done["events_worked"] == 1
    assert done["reminders_planned"] > 0
    assert done["digests_queued"] == 1
    assert done["bodies_purged"] > 0
    assert done["messages_sent"] == len(line.sent)
    assert [how for how, _, _ in line.sent].count("reply") == 1


def test_a_second_round_finds_nothing_to_do(stage: Stage) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.coordinator("c")
    tick(stage.engine, FakeLine(), at=NOW)
    line = FakeLine()

    again = tick(stage.engine, line, at=NOW)

    assert sum(again.values()) == 0
    assert line.sent == []


def test_a_round_ends_when_line_is_away(engine: Engine) -> None:
    for number in range(3):
        queue(engine, f"m{number}", at=NOW, topic=Topic.DIGEST)
    line = FakeLine(troubles=[SendError(Trouble.UNREACHED, "away")] * 99)

    done = tick(engine, line, at=NOW)

    assert done["messages_unreached"] == 3
    assert {each.state for each in messages(engine)} == {QueueState.WAITING}


def test_a_round_takes_over_what_a_dead_process_was_sending(engine: Engine) -> None:
    class Dying(FakeLine):
        def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
            del to, messages, retry_key
            raise SystemExit

    queue(engine, "m", at=NOW, topic=Topic.DIGEST)
    with suppress(SystemExit):
        outbox.send_next(engine, Dying(), working_calendar(bangkok_date(NOW)), now=NOW)
    line = FakeLine()

    done = tick(engine, line, at=NOW)

    assert done["messages_sent"] == 1
    assert line.retry_keys == [message(engine, "m").retry_key]


def test_a_ring_is_answered_at_once(engine: Engine) -> None:
    line = HeardLine()

    with working(engine, line) as worker:
        time.sleep(0.05)  # the loops have found nothing and rest
        keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
        rung_at = time.monotonic()
        worker.ring()
        answered = line.heard.wait(PATIENCE)
        seconds = time.monotonic() - rung_at

    assert answered
    assert seconds < 1
    assert [(how, to) for how, to, _ in line.sent] == [("reply", "token-e1")]


def test_what_nobody_rang_for_is_found_all_the_same(engine: Engine) -> None:
    line = HeardLine()

    with working(engine, line):
        keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
        answered = line.heard.wait(PATIENCE)

    assert answered


def test_events_that_waited_while_no_worker_ran_are_answered(engine: Engine) -> None:
    for number in range(3):
        keep(engine, said(f"e{number}", "ช่วยเหลือ", NOW), at=NOW)
    line = HeardLine()

    with working(engine, line):
        for _ in range(100):
            if len(line.sent) == 3:
                break
            line.heard.clear()
            line.heard.wait(0.05)

    assert [to for _, to, _ in line.sent] == ["token-e0", "token-e1", "token-e2"]


def test_stopping_ends_every_thread_quickly(engine: Engine) -> None:
    worker = Worker(engine, FakeLine(), lambda: NOW)
    worker.start()
    started = threads()

    asked_at = time.monotonic()
    worker.stop()
    seconds = time.monotonic() - asked_at

    assert started == {"inbox", "outbox", "APScheduler"}
    assert threads() == set()
    assert seconds < 1


def test_stopping_waits_for_the_message_in_hand(engine: Engine) -> None:
    class Slow(FakeLine):
        def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
            begun.set()
            time.sleep(0.2)
            return super().push(to, messages, retry_key)

    begun = threading.Event()
    queue(engine, "m", at=NOW, topic=Topic.DIGEST)

    with working(engine, Slow()):
        begun.wait(PATIENCE)

    assert message(engine, "m").state == QueueState.DONE


class Told(logging.Handler):
    """Notes when the worker tells that the database is away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.__dict__.get("action") == "database_away":
            self.away.set()


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    logging.getLogger("bot.worker").addHandler(told)
    yield told
    logging.getLogger("bot.worker").removeHandler(told)


@contextmanager
def away(engine: Engine, told: Told) -> Iterator[None]:
    """Take the database away until the worker has met that; the block is done meanwhile.

    SQLite is locked by somebody else, PostgreSQL closes all connections and takes none.
    """
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as another:
            another.execute("BEGIN IMMEDIATE")
            yield
            time.sleep(0.2)  # the worker waits for the lock
        return
    name, admin = engine.url.database, create_engine(engine.url.set(database="postgres"))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        yield
        assert told.away.wait(PATIENCE)
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    admin.dispose()


def test_the_loops_outlive_a_database_that_is_away(engine: Engine, told: Told) -> None:
    line = HeardLine()

    with working(engine, line) as worker:
        with away(engine, told):
            worker.ring()
        keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
        worker.ring()
        answered = line.heard.wait(PATIENCE)

    assert answered
    assert [token for _, token, _ in line.sent] == ["token-e1"]


def test_an_outcome_that_could_not_be_stored_is_stored_when_the_database_is_back(
    engine: Engine, told: Told
) -> None:
    class Waiting(FakeLine):
        def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
            begun.set()
            gone.wait(PATIENCE)
            return super().push(to, messages, retry_key)

    begun, gone = threading.Event(), threading.Event()
    queue(engine, "m", at=NOW)
    line = Waiting()

    with working(engine, line):
        begun.wait(PATIENCE)
        with away(engine, told):
            gone.set()

    assert len(line.sent) == 1
    assert message(engine, "m").state == QueueState.DONE


def test_an_end_is_an_end_whatever_the_database_does(sqlite: SqliteFiles) -> None:
    engine = sqlite.fresh(EMPTY)
    worker = Worker(engine, FakeLine(), lambda: NOW)
    worker.start()

    with closing(sqlite3.connect(str(engine.url.database))) as another:
        another.execute("BEGIN IMMEDIATE")
        time.sleep(0.5)  # a loop waits for the lock
        asked_at = time.monotonic()
        worker.stop()
        seconds = time.monotonic() - asked_at
        another.execute("ROLLBACK")
    for each in threading.enumerate():
        if each.name in ("inbox", "outbox", "job", "farewell"):
            each.join(PATIENCE)  # so that the next test has the file to itself

    assert STOP_SECONDS <= seconds < STOP_SECONDS + 1
