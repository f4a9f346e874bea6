"""Copies: every table into one SQLite file, and from such a file into an empty database.

A copy is the same whichever database it was made on, so it can be restored on either.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    literal,
    select,
)
from sqlalchemy.exc import DBAPIError

from store import schema
from store.copy_files import (
    WRITABLE,
    Copied,
    CopyError,
    copy_pages,
    examine,
    of_this_version,
    opened,
)
from store.models import Base

ROWS_AT_ONCE = 1000
"""How many rows are in memory at a time."""


def copy_out(engine: Engine, file: Path) -> Copied:
    """Fill an empty file with everything as of one instant; others go on writing meanwhile.

    When it raises, the file holds nothing of use.

    Raises:
        CopyError: when there is nothing to copy, or the file cannot be written.
        SchemaError: when the database's version is one that this program cannot copy.
    """
    try:
        if engine.dialect.name == "sqlite":
            _refuse_absent(engine)
            copy_pages(engine, file)
        else:
            _copy_rows(engine, file)
    except sqlite3.Error as error:
        raise _not_written(file, error) from error
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise _not_written(file, error.orig) from error
        raise
    return examine(file)


def copy_in(engine: Engine, file: Path) -> Copied:
    """Bring a copy into an empty database, all of it or nothing; the file is only read.

    Raises:
        CopyError: when the file is no sound copy, or the database holds something already.
        SchemaError: when the copy or the database comes from a newer program.
    """
    with of_this_version(file) as current, opened(current) as copy:
        with engine.begin() as target:
            _refuse_filled(target)
        schema.upgrade(engine)
        with copy.connect() as source, engine.begin() as target:
            _keep_others_out(target)
            _refuse_filled(target)
            rows = _move_all(source, target)
            _count_on(target)
        return Copied(schema.newest(), rows)


def _copy_rows(engine: Engine, file: Path) -> None:
    schema.check(engine)
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with opened(file, WRITABLE) as copy:
        schema.upgrade(copy)
        with snapshot.connect() as source, copy.begin() as target:
            _move_all(source, target)


def _move_all(source: Connection, target: Connection) -> dict[str, int]:
    """Copy every table, the ones that others point at first; return how many rows of each."""
    return {table.name: _move(table, source, target) for table in Base.metadata.sorted_tables}


def _move(table: Table, source: Connection, target: Connection) -> int:
    keys = table.primary_key.columns
    found = source.execute(
        select(*map(_as_kept, table.columns)).order_by(*keys),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    raw = {each.name: _to_be_kept(each, target) for each in table.columns if _is_json(each)}
    into, count = insert(table).values(raw), 0
    for rows in found.mappings().partitions():
        target.execute(into, [dict(row) for row in rows])
        count += len(rows)
    return count


def _as_kept(column: Column[Any]) -> ColumnElement[Any]:
    # JSON travels as its text: read as a value, its null and the column's NULL are the same.
    return cast(column, Text).label(_raw(column)) if _is_json(column) else column


def _to_be_kept(column: Column[Any], target: Connection) -> ColumnElement[Any]:
    text = bindparam(_raw(column), type_=Text)
    # SQLite keeps JSON as text; a cast would make numbers of it.
    return text if target.dialect.name == "sqlite" else cast(text, column.type)


def _raw(column: Column[Any]) -> str:
    return f"raw_{column.name}"


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _refuse_absent(engine: Engine) -> None:
    # Opening a SQLite database that is not there would make it.
    if not Path(engine.url.database or "").is_file():
        raise CopyError("There is no database to copy: set DATABASE_URL to that of the bot.")


def _refuse_filled(target: Connection) -> None:
    there = set(inspect(target).get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name not in there:
            continue
        if target.scalar(select(literal(1)).select_from(table).limit(1)) is not None:
            raise CopyError(
                "The database is not empty, and restoring never overwrites: stop all processes of"
                " the bot, move the old file (and -wal, -shm) away or set DATABASE_URL to a new"
                " database, then restore again."
            )


def _keep_others_out(target: Connection) -> None:
    # SQLite's one write lock is ours already.
    if target.dialect.name == "postgresql":
        named = map(target.dialect.identifier_preparer.format_table, Base.metadata.sorted_tables)
        target.exec_driver_sql(f"LOCK TABLE {', '.join(named)} IN ACCESS EXCLUSIVE MODE")


def _count_on(target: Connection) -> None:
    """Let new rows get ids after those that came; SQLite does so by itself."""
    if target.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            last = func.max(column)
            target.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


def _not_written(file: Path, error: Exception) -> CopyError:
    return CopyError(
        f"The copy cannot be written ({error}): look for space and rights in {file.parent}."
        " Nothing was kept."
    )
