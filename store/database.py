"""The engine, and `transaction`: the only place that commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool, QueuePool

__all__ = [
    "DatabaseError",
    "Engine",
    "Session",
    "insert_new",
    "is_away",
    "is_contended",
    "is_database_url",
    "is_locked",
    "is_lost",
    "open_database",
    "open_hurried",
    "open_reading",
    "open_snapshot",
    "passwords",
    "reason_without_values",
    "transaction",
    "worker_lock",
]

DatabaseError = SQLAlchemyError
"""What the driver raises; only the loops of the machine catch it."""

SQLITE_WAITS_SECONDS = 30
HURRIED_SECONDS = 1
"""How long a hurried engine waits for a lock or an answer."""
READING_SECONDS = 2
"""How long PostgreSQL may work on one statement of a reading engine."""
CONNECT = {
    "connect_timeout": 2,  # seconds, the least that the driver allows
    # A server that vanished without a word is noticed after some ten seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
SQLITE_REFUSES = (
    sqlite3.SQLITE_ERROR,  # no such table, among others
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
)
"""Primary result codes that blame the statement; all others blame lock, file or disk."""
AWAY_STATES = (
    "08",  # connection
    "25006",  # a standby, which takes no changes
    "53",  # disk full, too many connections, out of memory
    "57P",  # shut down, crashed, starting
    "58",  # its own disk
)
"""Beginnings of PostgreSQL's codes that blame the server (PostgreSQL: appendix A, error codes)."""
CONTENDED_STATES = (
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock not available within LOCK_SECONDS
    "57014",  # cancelled by a time limit
)
LOCK_SECONDS = 5
"""How long a transaction waits for another's lock on PostgreSQL."""
IDLE_SECONDS = 15
"""How long PostgreSQL lets a frozen process keep what it has locked."""
WORKER_LOCK = 2567
"""Key of the advisory lock; any number, as the database is the bot's alone."""


def open_database(url: str) -> Engine:
    """Return an engine for a SQLAlchemy database URL; its errors show no values, for the logs.

    SQLite runs in WAL mode with full synchronisation.  Its one write lock is shared by lending
    out a single connection: threads then take turns in order, where SQLite's own busy handler
    sleeps (p99 27 ms against 716 ms with 16 threads).

    Raises:
        sqlalchemy.exc.ArgumentError: when the URL cannot be read.
    """
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=CONNECT | {"connect_timeout": 5},
        )
        limits = (
            f"SET SESSION idle_in_transaction_session_timeout = {IDLE_SECONDS * 1000};"
            f" SET SESSION lock_timeout = {LOCK_SECONDS * 1000}"
        )
        event.listen(engine, "connect", partial(_at_connect, statement=limits))
        return engine
    engine = _one_connection(url, SQLITE_WAITS_SECONDS)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def open_hurried(engine: Engine, seconds: float = HURRIED_SECONDS) -> Engine:
    """Return an engine on the same database for who cannot wait: one statement, one commit.

    It has one connection, gives up after those seconds (SQLite: at once when it is locked), and
    commits each statement by itself, which saves two of three round trips.
    """
    if engine.dialect.name == "sqlite":
        hurried = _one_connection(engine.url, 0)
    else:
        hurried = create_engine(
            engine.url,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            pool_size=1,
            max_overflow=0,
            pool_reset_on_return=None,
            connect_args=CONNECT,
        )
        # By a statement, as a pooler in front may refuse options of the connection.
        limit = f"SET statement_timeout = {round(seconds * 1000)}"
        event.listen(hurried, "connect", partial(_at_connect, statement=limit))
    return hurried


def open_reading(engine: Engine) -> Engine:
    """Return an engine on the same database for who only looks, and holds up nobody by it.

    It waits for no writer and no writer waits for it: on SQLite it reads a snapshot beside the
    write lock, on PostgreSQL each statement is by itself and ends after two seconds.  Connections
    are made for each use, so there is none to close, nor one to a server that is gone.
    """
    if engine.dialect.name == "sqlite":
        reading = create_engine(
            engine.url,
            hide_parameters=True,
            poolclass=NullPool,
            connect_args={"timeout": HURRIED_SECONDS, "check_same_thread": False},
        )
        event.listen(reading, "connect", _prepare_reading)
        event.listen(reading, "begin", _begin_reading)
        return reading
    reading = create_engine(
        engine.url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args=CONNECT,
    )
    limits = (
        f"SET statement_timeout = {READING_SECONDS * 1000};"
        f" SET lock_timeout = {HURRIED_SECONDS * 1000};"
        " SET default_transaction_read_only = on"
    )
    event.listen(reading, "connect", partial(_at_connect, statement=limits))
    return reading


def open_snapshot(engine: Engine) -> Engine:
    """Return an engine on the same database whose transactions each read it as of one instant.

    As long as they like: no writer waits for them.  Connections are made for each use.
    """
    if engine.dialect.name == "sqlite":
        return open_reading(engine)
    snapshot = create_engine(
        engine.url,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        poolclass=NullPool,
        connect_args=CONNECT,
    )
    statement = "SET default_transaction_read_only = on"
    event.listen(snapshot, "connect", partial(_at_connect, statement=statement))
    return snapshot


def is_away(error: DatabaseError) -> bool:
    """Return whether the database could not be asked (gone, locked, full), not what was asked."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeoutError)
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF not in SQLITE_REFUSES
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # it did not come to an answer
        return isinstance(error, OperationalError | InterfaceError)
    return is_lost(error) or state.startswith(AWAY_STATES)


def is_contended(error: DatabaseError) -> bool:
    """Return whether others had the locks: the same will most likely work in a moment."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in CONTENDED_STATES


def is_locked(error: DatabaseError) -> bool:
    """Return whether SQLite's one write lock was taken, so that trying again may succeed."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", sqlite3.SQLITE_OK)
    return bool(code & 0xFF == sqlite3.SQLITE_BUSY)


def is_lost(error: DatabaseError) -> bool:
    """Return whether the connection broke, so that another try makes a new one."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_database_url(url: str) -> bool:
    """Return whether the text is an address of a database that the bot can use."""
    try:
        return make_url(url).get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, ValueError):
        return False


def passwords(url: str) -> list[str]:
    """Return what must be told to nobody of a database's address, wherever in it that stands."""
    parts = make_url(url)
    given = (str(parts.password or ""), parts.query.get("password", ""))
    return [each for each in given if isinstance(each, str) and each]


def reason_without_values(error: DatabaseError) -> str:
    """Return what the driver complains of, without any value of a row.

    SQLite's words never hold one.  PostgreSQL's do once it has seen the statement: of those only
    its code and the names of table, column and constraint are repeated.
    """
    if not isinstance(error, DBAPIError):
        return ""
    seen = getattr(error.orig, "diag", None)
    if seen is None or seen.sqlstate is None:
        return str(error.orig).partition("\n")[0]
    names = (seen.sqlstate, seen.table_name, seen.column_name, seen.constraint_name)
    return " ".join(name for name in names if name)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Lend a session; commit what was done, or nothing of it when an exception passes."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def trial(engine: Engine) -> Iterator[Session]:
    """Lend a session of which nothing is kept: it shows what a change would do."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def worker_lock(engine: Engine, if_alone: Callable[[], None]) -> Iterator[None]:
    """Hold PostgreSQL's lock of those who work, shared; where nobody else does, do that first.

    The lock belongs to the connection, so the server gives it back when the process dies.
    """
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(select(func.pg_try_advisory_lock(WORKER_LOCK))):
            try:
                if_alone()
            finally:
                connection.execute(select(func.pg_advisory_unlock(WORKER_LOCK)))
        connection.execute(select(func.pg_advisory_lock_shared(WORKER_LOCK)))
        try:
            yield
        finally:
            with suppress(DatabaseError):  # a connection that is gone has given it back
                connection.execute(select(func.pg_advisory_unlock_shared(WORKER_LOCK)))


def insert_new(session: Session, table: type[DeclarativeBase]) -> Any:
    """Return an INSERT for the table to which ON CONFLICT DO NOTHING can be added."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _one_connection(url: str | URL, waits_seconds: float) -> Engine:
    engine = create_engine(
        url,
        # Values are what people said: they stay out of the driver's errors, and so of the log.
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=waits_seconds,
        connect_args={"timeout": waits_seconds, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _at_connect(connection: Any, _record: Any, *, statement: str) -> None:
    connection.execute(statement)
    connection.commit()  # or the statement is undone with the first transaction that is


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late (before the first write): we send it ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reading(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediately(connection: Connection) -> None:
    # Taking the write lock at once avoids the upgrade that fails when two readers both write.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
