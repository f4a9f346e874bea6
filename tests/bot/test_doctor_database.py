"""Looking at the database: states that the command's tests do not reach, and the file's disk."""

import shutil
import socket
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from bot.doctor.database import look
from bot.doctor.facts import Database, DatabaseState
from tests.conftest import EMPTY
from tests.databases import PostgresqlDatabases

NOW = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)


def test_a_file_is_told_with_its_disk(empty_file: Path) -> None:
    found = look(f"sqlite:///{empty_file}", at=NOW)

    assert found.state is DatabaseState.OPEN
    assert found.disk is not None
    assert found.disk.file == str(empty_file)
    assert found.disk.free_bytes > 0
    assert found.disk.file_system


def test_a_host_that_does_not_answer_is_left_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"postgresql://127.0.0.1:{mute.getsockname()[1]}/bot"
        start = monotonic()

        found = look(url, at=NOW, give_up_seconds=0.2)

        assert monotonic() - start < 2
    assert found == Database(DatabaseState.SILENT)


def test_a_file_that_another_program_holds_is_not_waited_for(
    empty_file: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(empty_file, tmp_path / "bot.sqlite3"))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    found = look(f"sqlite:///{file}", at=NOW, give_up_seconds=0.2)

    holder.execute("ROLLBACK")
    holder.close()
    assert found.state is DatabaseState.SILENT


def test_a_database_that_was_opened_to_be_read_takes_no_changes(
    empty_file: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(empty_file, tmp_path / "bot.sqlite3"))

    found = look(f"sqlite:///file:{file}?mode=ro&uri=true", at=NOW)

    assert found.state is DatabaseState.READ_ONLY


def test_postgresql_is_read_and_a_standby_told(postgresql: PostgresqlDatabases) -> None:
    url = postgresql.fresh(EMPTY).url.render_as_string(hide_password=False)
    read_only = url + "&options=-c%20default_transaction_read_only%3Don"

    found, standby = look(url, at=NOW), look(read_only, at=NOW)

    assert (found.state, found.disk) == (DatabaseState.OPEN, None)
    assert found.kept is not None
    assert standby.state is DatabaseState.READ_ONLY
