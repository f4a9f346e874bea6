"""Fills every table there is with awkward rows, and reads every row of every table back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    cast,
    null,
    select,
)

from store.models import Base, UtcDateTime

ROWS = 3
INSTANTS = (
    datetime(2024, 2, 29, 17, 59, 59, 999999, UTC),
    datetime(1969, 12, 31, 23, 59, 59, 1, UTC),
    datetime(2567, 1, 1, tzinfo=UTC),
)
DAYS = (date(2024, 2, 29), date(1969, 12, 31), date(2567, 1, 1))
DOCUMENTS: tuple[Any, ...] = (
    {"ข้อ": ["๓", 3, 3.5, True, None, "\u0000", "🙂"], "z": {}, "a": []},
    JSON.NULL,
    [],
)
TEXTS = ("ทต.แม่แรม 'เสร็จ' 🙂\n\t", "", "1e3")


def fill(connection: Connection) -> None:
    """Put three rows into each table, ids 11 to 13; the last is empty wherever it may be."""
    for table in Base.metadata.sorted_tables:
        for number in range(ROWS):
            values = {column.name: value(table, column, number) for column in table.columns}
            connection.execute(table.insert().values(values))


def value(table: Table, column: Column[Any], number: int) -> Any:
    if column.foreign_keys or column.primary_key:
        return 11 + number if isinstance(column.type, Integer) else f"{number}"
    if column.nullable and number == ROWS - 1:
        return null()
    if isinstance(column.type, Integer):
        return (0, -1, 2**31 - 1)[number]
    # A text on its own may have to be unique, with or without others.
    texts = [f"{table.name}-{number}-{each}" for each in TEXTS] if column.unique else TEXTS
    by_type = {
        Boolean: (True, False, True),
        UtcDateTime: INSTANTS,
        Date: DAYS,
        JSON: DOCUMENTS,
        Float: (0.1, -1.0, 1e300),
        LargeBinary: (b"\0\xff", b"", b"1"),
    }
    chosen = next((each for kind, each in by_type.items() if isinstance(column.type, kind)), texts)
    return chosen[number]


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables in order, typed; JSON as its text, so that null is no NULL."""
    return {table.name: list(rows_of(connection, table)) for table in Base.metadata.sorted_tables}


def rows_of(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    read = [cast(c, Text) if isinstance(c.type, JSON) else c for c in table.columns]
    for row in connection.execute(select(*read).order_by(*table.primary_key.columns)):
        # 1 equals True: the type counts, too.
        yield tuple((type(each), each) for each in row)
