"""Tables are built by migrations, equal the models, and never come from a newer program."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from store import schema
from store.database import Engine, open_database, transaction
from store.models import Base
from store.schema import SchemaError


@pytest.fixture
def bare(tmp_path: Path) -> Engine:
    """A database without any table."""
    return open_database(f"sqlite:///{tmp_path}/bare.sqlite3")


def set_version(engine: Engine, version: str) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_the_tables_that_migrations_build_are_those_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_is_harmless(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("INSERT INTO province (name) VALUES ('ลำพูน')"))

    schema.upgrade(engine)

    with transaction(engine) as session:
        assert session.scalar(text("SELECT name FROM province")) == "ลำพูน"
    schema.check(engine)


def test_a_database_without_tables_is_refused_until_it_is_upgraded(bare: Engine) -> None:
    with pytest.raises(SchemaError) as refused:
        schema.check(bare)
    schema.upgrade(bare)
    schema.check(bare)
    bare.dispose()

    assert (refused.value.is_newer, refused.value.found) == (False, None)


@pytest.mark.parametrize("step", [schema.check, schema.upgrade])
def test_a_database_of_a_newer_program_is_refused(engine: Engine, step: object) -> None:
    set_version(engine, "9999")

    with pytest.raises(SchemaError) as refused:
        step(engine)  # type: ignore[operator]

    assert (refused.value.is_newer, refused.value.found) == (True, "9999")


def test_what_a_newer_program_kept_is_not_touched(engine: Engine) -> None:
    set_version(engine, "9999")
    before = sorted(inspect(engine).get_table_names())

    with pytest.raises(SchemaError):
        schema.upgrade(engine)

    with transaction(engine) as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    assert sorted(inspect(engine).get_table_names()) == before


def test_a_path_with_a_percent_sign_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "50%done"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder}/bot.sqlite3")

    schema.upgrade(engine)

    schema.check(engine)
    engine.dispose()


def test_after_an_upgrade_rows_that_point_nowhere_are_refused_again(engine: Engine) -> None:
    schema.upgrade(engine)

    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text("INSERT INTO district (province_id, name) VALUES (99, 'แม่ริม')"))
