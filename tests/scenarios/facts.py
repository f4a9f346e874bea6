"""All rows that are facts, read past our own queries, and what has changed between two looks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON

from store.database import Engine
from store.models import Base

MACHINERY = {
    "code_try",
    "inbox_event",
    "job_ring",
    "notice",
    "outbox_correction",
    "outbox_message",
    "outbox_notice",
    "privacy_notice",
    "stop",
    "told",
    "worker",
}
"""Tables of what is on its way, counted or told: no facts of people, agencies and plans."""
TABLES = {
    name: [column.name for column in table.columns]
    for name, table in Base.metadata.tables.items()
    if name not in MACHINERY
}
WITH_JSON = {
    name
    for name in TABLES
    if any(isinstance(each.type, JSON) for each in Base.metadata.tables[name].columns)
}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that came (`before` is None), went (`after` is None) or became another."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def columns(self) -> set[str]:
        """Which columns differ, where the row was there before and is there still."""
        if self.before is None or self.after is None:
            return set()
        return {name for name, value in self.after.items() if self.before[name] != value}

    @property
    def added(self) -> Row | None:
        """The row where it is a new one."""
        return self.after if self.before is None else None


class Facts:
    """The rows of every table of facts at one instant."""

    def __init__(self, rows: Mapping[str, Mapping[int, tuple[Any, ...]]]) -> None:
        self._rows = rows
        self.newest_code = "ABCD-1234"
        """The code that the bot told last: a table holds digests alone."""

    def all(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table."""
        for row in self._rows[table].values():
            yield dict(zip(TABLES[table], row, strict=True))

    def row(self, table: str, row_id: int) -> Row:
        """Return one row."""
        return dict(zip(TABLES[table], self._rows[table][row_id], strict=True))

    def changes(self, later: "Facts") -> list[Change]:
        """Return what has changed until then."""
        return [
            Change(table, *(each and dict(zip(TABLES[table], each, strict=True)) for each in pair))
            for table, old in self._rows.items()
            if old != later._rows[table]
            for row_id in sorted(old.keys() | later._rows[table].keys())
            for pair in [(old.get(row_id), later._rows[table].get(row_id))]
            if pair[0] != pair[1]
        ]


def activity_of(facts: Facts, duty: Row) -> Row:
    """Return the activity that a duty belongs to."""
    return facts.row("activity", facts.row("step", duty["step_id"])["activity_id"])


def of_province(facts: Facts, province: int) -> dict[str, list[Row]]:
    """Return all rows that belong to a province, by the keys that lead there past persons."""
    ids: dict[str, set[int]] = {"province": {province}}
    found: dict[str, list[Row]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in TABLES:
            continue
        keys = [
            (key.parent.name, key.column.table.name)
            for key in table.foreign_keys
            if key.column.table.name != "person"
        ]
        found[table.name] = [
            row
            for row in facts.all(table.name)
            if row["id"] in ids.get(table.name, ())
            or any(row[name] in ids.get(other, ()) for name, other in keys)
        ]
        ids[table.name] = {row["id"] for row in found[table.name]}
    return found


def look(engine: Engine) -> Facts:
    """Read all facts as they stand."""
    rows: dict[str, dict[int, tuple[Any, ...]]] = {}
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for table, columns in TABLES.items():
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
            found = cursor.fetchall()
            if table in WITH_JSON:
                found = [tuple(map(_comparable, row)) for row in found]
            rows[table] = {row[0]: row for row in found}
    finally:
        connection.rollback()
        connection.close()
    return Facts(rows)


def instant(value: Any) -> datetime:
    """Return an instant as the drivers give it: PostgreSQL's knows what it is, SQLite's is text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _comparable(value: Any) -> Any:
    # PostgreSQL's driver gives JSON as what it says, SQLite's as its text.
    return repr(value) if isinstance(value, dict | list) else value
