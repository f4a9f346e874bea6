"""The tables' version: brought up by migrations, refused when it is newer than this program."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database is of another version; `is_newer` tells whether the program must be updated.

    When it is older, run the command `migrate`.
    """

    def __init__(self, found: str | None, *, is_newer: bool) -> None:
        super().__init__(f"database is at version {found or 'none'}")
        self.found = found
        self.is_newer = is_newer


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to this program's version, in one transaction; nothing when they are.

    Only tests stop at an earlier `revision`.

    Raises:
        SchemaError: when the database comes from a newer program.
    """
    config = _config()
    with _rebuilding(engine) as connection:
        _refuse_newer(MigrationContext.configure(connection).get_current_revision(), config)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def check(engine: Engine) -> None:
    """Make sure that the tables are of this program's version.

    Raises:
        SchemaError: when they are older, newer or not there at all.
    """
    found = version_of(engine)
    if found != newest():
        raise SchemaError(found, is_newer=False)


def version_of(engine: Engine) -> str | None:
    """Return the version of the tables, None when there are none.

    Raises:
        SchemaError: when it is one of a newer program.
    """
    with engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    _refuse_newer(found, _config())
    return found


def newest() -> str:
    """Return this program's version of the tables."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


@contextmanager
def _rebuilding(engine: Engine) -> Iterator[Connection]:
    """Lend a connection in a transaction in which SQLite may drop tables to build them anew.

    References to a filled table forbid that, so they are checked at the end instead.
    """
    with engine.connect() as connection:
        # It does nothing inside a transaction, so it goes past SQLAlchemy, which begins one.
        driver: Any = connection.connection.driver_connection
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("a migration left rows that point nowhere")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _refuse_newer(found: str | None, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(found, is_newer=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
