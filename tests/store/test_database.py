"""The engine and its transactions: all or nothing, instants with their zone, borders kept."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from store import agencies, people
from store.database import (
    DatabaseError,
    Engine,
    is_database_url,
    open_database,
    open_reading,
    transaction,
)
from store.models import PersonRow
from tests.conftest import EMPTY
from tests.databases import PostgresqlDatabases
from tests.factories import NOON


def test_what_raises_in_a_transaction_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as session:  # noqa: PT012
        agencies.keep_province(session, "ลำพูน")
        raise RuntimeError

    with transaction(engine) as session:
        assert agencies.provinces(session) == []


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2024, 1, 3, 12)  # noqa: DTZ001 - that is the point

    with (
        pytest.raises(StatementError, match="instant without a zone"),
        transaction(engine) as session,
    ):
        people.keep_person(session, "U1", at=naive)


def test_an_instant_comes_back_in_utc(engine: Engine) -> None:
    bangkok = datetime(2024, 1, 3, 12, tzinfo=timezone(timedelta(hours=7)))
    with transaction(engine) as session:
        people.keep_person(session, "U1", at=bangkok)

    with transaction(engine) as session:
        found = session.execute(select(PersonRow.first_seen_at)).scalar_one()

    assert found == NOON
    assert found.tzinfo is UTC


def test_instants_are_compared_as_instants(engine: Engine) -> None:
    with transaction(engine) as session:
        people.keep_person(session, "U1", at=NOON)
        tokyo = NOON.astimezone(timezone(timedelta(hours=9)))

        found = select(PersonRow.id).where(PersonRow.first_seen_at == tokyo)

        assert session.scalar(found) is not None


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text("INSERT INTO district (province_id, name) VALUES (99, 'แม่ริม')"))


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("sqlite:///bot.sqlite3", True),
        ("postgresql+psycopg://bot@localhost/bot", True),
        ("mysql://bot@localhost/bot", False),
        ("bot.sqlite3", False),
        ("", False),
    ],
)
def test_only_two_kinds_of_database_are_usable(url: str, usable: bool) -> None:  # noqa: FBT001
    assert is_database_url(url) is usable


def test_what_people_said_stays_out_of_the_drivers_errors(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as failed, transaction(engine) as session:
        session.execute(
            text("INSERT INTO district (province_id, name) VALUES (99, :name)"),
            {"name": "ความลับ"},
        )

    assert "ความลับ" not in str(failed.value)


def test_sqlite_writes_ahead_and_keeps_its_references() -> None:
    engine = open_database("sqlite://")

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()


def test_a_frozen_process_does_not_keep_what_it_has_locked_in_postgresql(
    postgresql: PostgresqlDatabases,
) -> None:
    engine = postgresql.fresh(EMPTY)
    with suppress(ZeroDivisionError), transaction(engine):
        raise ZeroDivisionError  # what is set at connecting outlives what is undone

    with transaction(engine) as session:
        limit = session.scalar(text("SHOW idle_in_transaction_session_timeout"))

    assert limit == "15s"


def test_who_only_looks_can_change_nothing(engine: Engine) -> None:
    reading = open_reading(engine)

    with pytest.raises(DatabaseError), transaction(reading) as session:
        session.execute(text("DELETE FROM alembic_version"))

    with transaction(reading) as session:
        assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
