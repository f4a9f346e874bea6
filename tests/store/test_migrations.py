"""Upgrades of a filled database: nothing is lost, and the bot goes on where it stood.

`release_0001.json` holds rows of every table as the program of revision 0001 left them: plans with
dropped parts, used, unused and expired codes, events and messages in every state.  Row n of a
table has id n.  The file stays as it is; what the tables become is the migrations' business.
"""

import itertools
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Date, DateTime, MetaData, insert, select, text

from handlers import record_audit
from store import agencies, record, schema
from store.database import Engine, transaction
from store.models import Base, QueueState
from tests.bot.queue_rows import events, messages
from tests.databases import Databases, Template
from tests.stage import GROUP, Stage, unnumbered

FIRST = "0001"
ROWS = Path(__file__).with_name("release_0001.json")
REMADE = frozenset({"chat_member.line_user_id"})
"""Each "table.column" that a migration drops or writes anew on purpose."""
SCRIPTS = ScriptDirectory(str(schema.MIGRATIONS))
REVISIONS = [each.revision for each in SCRIPTS.walk_revisions()][::-1]
REPORTED_AGAIN = """
INSERT INTO report (duty_id, person_id, state, reason, reported_at, webhook_event_id)
SELECT duty_id, person_id, state, reason, reported_at, 'again' FROM report
"""
UNUSED_CODE, EXPIRED_CODE = "CP6N-2HZZ", "12BW-72S2"

Content = Mapping[str, list[dict[str, Any]]]


def put_first_release(engine: Engine) -> None:
    """Make the tables of the first release and fill each of them."""
    schema.upgrade(engine, FIRST)
    content: Content = json.loads(ROWS.read_text("utf-8"))
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            # Without ids, as the program inserts: PostgreSQL then counts on from the last one.
            for row in content.get(table.name, []):
                values = {name: read(table.c[name], value) for name, value in row.items()}
                connection.execute(insert(table).values(values))


def read(column: Column[Any], value: Any) -> Any:
    """Return a value of the file as its column takes it."""
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


RELEASE = Template("release_0001", None, put_first_release)


def content_of(engine: Engine) -> Content:
    """Return all rows of all tables but the version's, as they stand in the database."""
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        return {
            table.name: [
                dict(row._mapping)
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }


def lost(before: Content, after: Content) -> list[str]:
    """Return each value, as "table.column of id", that is gone or another than before."""
    rows_after = {(table, row["id"]): row for table, rows in after.items() for row in rows}
    return [
        f"{table}.{column} of {row['id']}"
        for table, rows in before.items()
        for row in rows
        for column, value in row.items()
        if f"{table}.{column}" not in REMADE
        and rows_after.get((table, row["id"]), {}).get(column, "gone") != value
    ]


@pytest.fixture
def release(databases: Databases) -> Engine:
    """A database as the first release left it."""
    return databases.fresh(RELEASE)


def test_the_first_release_is_told_with_rows_in_every_table(release: Engine) -> None:
    content = content_of(release)

    empty = [table for table, rows in content.items() if not rows]
    states = {row["state"] for row in content["inbox_event"] + content["outbox_message"]}

    assert empty == []
    assert states == {"waiting", "sending", "done", "dropped", "parked"}


def test_an_upgrade_loses_nothing(release: Engine) -> None:
    before = content_of(release)

    schema.upgrade(release)

    assert lost(before, content_of(release)) == []
    schema.check(release)


def test_upgrading_step_by_step_ends_as_upgrading_at_once(databases: Databases) -> None:
    engine = databases.fresh(RELEASE)
    schema.upgrade(engine)
    at_once = content_of(engine)
    engine = databases.fresh(RELEASE)

    for revision in REVISIONS:
        schema.upgrade(engine, revision)

    assert content_of(engine) == at_once
    schema.check(engine)


def test_upgraded_tables_are_those_of_the_models(release: Engine) -> None:
    schema.upgrade(release)

    with release.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, Base.metadata) == []


def test_what_the_first_release_left_undone_is_done_after_the_upgrade(release: Engine) -> None:
    schema.upgrade(release)
    stage = Stage(release)
    stage.at("2024-01-24T10:00")

    pushed = stage.tick()

    assert [text for _, text in pushed].count("สวัสดี") == 2
    assert any("ข้อ ๓" in text for _, text in pushed), pushed
    assert {each.state for each in events(release)} == {QueueState.DONE, QueueState.PARKED}
    assert {each.state for each in messages(release)} == {
        QueueState.DONE,
        QueueState.DROPPED,
        QueueState.PARKED,
    }


def test_people_of_the_first_release_go_on_after_the_upgrade(release: Engine) -> None:
    schema.upgrade(release)
    stage = Stage(release, numbers=itertools.count(100))
    stage.at("2024-01-24T10:00")
    stage.tick()

    reported = stage.say("napha", "เสร็จ 3", GROUP)
    joined = stage.join("new", UNUSED_CODE)
    refused = stage.join("late", EXPIRED_CODE)

    assert unnumbered(reported) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๓)"]
    assert "ทต.เวียงฝาง" in joined[0]
    assert refused[0].startswith("รหัสนี้ใช้ไม่ได้")


def test_the_record_begins_with_the_reports_of_the_first_release(release: Engine) -> None:
    with release.begin() as connection:
        for _ in range(2):
            connection.execute(text(REPORTED_AGAIN))

    schema.upgrade(release)

    with transaction(release) as session:
        found = [record_audit.check(session, each) for each in agencies.provinces(session)]
        told = [e for each in agencies.provinces(session) for e in record.entries(session, each)]
    assert [each.faults for each in found] == [[]] * len(found)
    assert [each.facts["report"] for each in told] == [1, 2, 3, 4]
    assert all(each.facts["by_upgrade"] for each in told)


def test_the_record_goes_on_from_what_the_upgrade_entered(release: Engine) -> None:
    schema.upgrade(release)
    stage = Stage(release, numbers=itertools.count(100))
    stage.at("2024-01-24T10:00")
    stage.tick()

    stage.say("napha", "เสร็จ 3", GROUP)

    with transaction(release) as session:
        found = [record_audit.check(session, each) for each in agencies.provinces(session)]
    assert [each.faults for each in found] == [[]] * len(found)
    assert sum(each.entries for each in found) == len(content_of(release)["report"])


def test_the_versions_stand_in_one_line_and_bear_their_numbers() -> None:
    """Two versions made side by side collide here, not at the operator's."""
    files = sorted(path.name[:4] for path in schema.MIGRATIONS.glob("versions/[0-9]*.py"))

    assert REVISIONS == files == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert len(SCRIPTS.get_heads()) == 1
