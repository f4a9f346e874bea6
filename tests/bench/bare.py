"""What the bare driver inserts, one row per commit, so that one sees where the time goes."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from tests.bench.bodies import CHATTER, compact, event_id, text

TABLE = "CREATE TABLE bare (id {id} PRIMARY KEY, event_id TEXT UNIQUE, body TEXT)"
INSERT = "INSERT INTO bare (event_id, body) VALUES ({0}, {0}) ON CONFLICT DO NOTHING"
BODY = compact(text(0, CHATTER)).decode()


def disk(path: Path, *, seconds: float) -> float:
    """Return how often per second 4 KiB reach the disk: no durable commit can be faster."""
    with path.open("wb") as file:

        def write(_: int) -> None:
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            os.fdatasync(file.fileno())

        return _rate(write, 0, seconds)


def prepare_sqlite(path: Path) -> None:
    """Make the table in a SQLite file."""
    with closing(_open_sqlite(path)) as connection:
        connection.execute(TABLE.format(id="INTEGER"))


def sqlite(path: Path, *, first: int, seconds: float) -> float:
    """Return rows per second of the sqlite3 module: WAL, synchronous FULL, one connection."""
    with closing(_open_sqlite(path)) as connection:
        insert = INSERT.format("?")
        return _rate(lambda n: connection.execute(insert, (event_id(n), BODY)), first, seconds)


def prepare_postgresql(url: str) -> None:
    """Make the table in a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        connection.execute(TABLE.format(id="BIGINT GENERATED ALWAYS AS IDENTITY"))


def postgresql(url: str, *, first: int, seconds: float, threads: int) -> float:
    """Return rows per second of psycopg, each thread with a connection of its own."""
    rates: list[float] = []

    def work(own_first: int) -> None:
        insert = INSERT.format("%s")
        with psycopg.connect(url, autocommit=True) as connection:
            rate = _rate(
                lambda n: connection.execute(insert, (event_id(n), BODY)), own_first, seconds
            )
            rates.append(rate)

    apart = 10_000_000
    working = [threading.Thread(target=work, args=(first + i * apart,)) for i in range(threads)]
    for each in working:
        each.start()
    for each in working:
        each.join()
    return sum(rates)


def _open_sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _rate(insert: Callable[[int], object], first: int, seconds: float) -> float:
    start = time.perf_counter()
    number = first
    while time.perf_counter() < start + seconds:
        insert(number)
        number += 1
    return (number - first) / (time.perf_counter() - start)
