"""A copy as a file: one SQLite database that nobody else writes, sound, and of a known version."""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, inspect, select
from sqlalchemy.exc import DBAPIError

from store import schema
from store.models import Base

READ_ONLY = "mode=ro&immutable=1"
"""Leaves no file beside it, and works in a folder that may only be read."""
WRITABLE = "mode=rw"


class CopyError(Exception):
    """A copy cannot be made or restored; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the tables' version, and how many rows of each table."""

    version: str
    rows: Mapping[str, int]


@contextmanager
def opened(file: Path, mode: str = READ_ONLY) -> Iterator[Engine]:
    """Lend an engine on a file that is there and that nobody else uses."""

    def connect() -> sqlite3.Connection:
        address = f"{file.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        if mode == WRITABLE:
            _write_carelessly(connection)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


def copy_pages(engine: Engine, file: Path) -> None:
    """Copy a SQLite database into a file, as of one instant, whatever its version.

    All pages go in one step, so in one read transaction: in WAL mode that holds up no writer,
    while a copy in several steps starts again whenever another process has written.
    """
    with closing(engine.raw_connection()) as source, closing(sqlite3.connect(file)) as target:
        _write_carelessly(target)
        driver: Any = source.driver_connection
        driver.backup(target)
        # WAL came along with the pages; without it the copy is one file, whoever opens it.
        target.execute("PRAGMA journal_mode=DELETE")


def examine(file: Path) -> Copied:
    """Return what a file holds, once it is known to be a sound copy of ours.

    Raises:
        CopyError: when it is not.
        SchemaError: when it comes from a newer program.
    """
    damaged = f"{file} is damaged or no copy of the bot's database: take another one."
    try:
        with opened(file) as copy:
            version = schema.version_of(copy)
            with copy.connect() as connection:
                if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                    raise CopyError(damaged)
                if version is None:
                    raise CopyError(f"{file} holds no tables of the bot: take another one.")
                return Copied(version, _count(connection))
    except DBAPIError as error:
        raise CopyError(damaged) from error


@contextmanager
def of_this_version(file: Path) -> Iterator[Path]:
    """Lend a copy, or where it is older one of it that was brought up to this program's version.

    The file itself is only read.

    Raises:
        CopyError: when it is no sound copy.
        SchemaError: when it comes from a newer program.
    """
    if not file.is_file():
        raise CopyError(f"There is no file {file}: name a copy that 'backup' made.")
    beside = [file.with_name(file.name + each) for each in ("-wal", "-journal")]
    if any(each.exists() and each.stat().st_size for each in beside):
        raise CopyError(f"{file} is a database in use: make a copy of it with 'backup' first.")
    if examine(file).version == schema.newest():
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="ita-bot-") as folder:
        renewed = Path(folder) / "copy.sqlite3"
        try:
            with opened(file) as old:
                copy_pages(old, renewed)
            with opened(renewed, WRITABLE) as copy:
                schema.upgrade(copy)
        except (sqlite3.Error, DBAPIError) as error:
            raise CopyError(
                f"{file} is older and could not be brought up to date in {folder}"
                f" ({type(error).__name__}): make room there, or name another folder in TMPDIR."
            ) from error
        yield renewed


def _write_carelessly(connection: sqlite3.Connection) -> None:
    # A file that is not whole is thrown away: it needs no journal, and one sync at the end.
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")


def _count(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
        if table.name in there
    }
