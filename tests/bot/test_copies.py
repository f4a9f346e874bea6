"""The commands backup and restore: what they say, what they refuse, what they leave behind."""

import fcntl
import json
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner, Result
from sqlalchemy import NullPool, create_engine

from bot.__main__ import main
from bot.settings import with_environment
from messages_th import cli_texts
from store import schema

ROOT = Path(__file__).parents[2]
AGENCIES, DUTIES = 214, 1704
VERSION = "SELECT version_num FROM alembic_version"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run a command on the database file of that name in the test's folder."""

    def runner(*arguments: object, on: str = "bot.sqlite3") -> Result:
        return CliRunner().invoke(
            main,
            [str(each) for each in arguments],
            env={"DATABASE_URL": f"sqlite:///{tmp_path / on}"},
            prog_name="bot",
        )

    return runner


@pytest.fixture
def bot_file(chiang_mai_file: Path, tmp_path: Path) -> Path:
    """Chiang Mai in the test's database."""
    return Path(shutil.copy(chiang_mai_file, tmp_path / "bot.sqlite3"))


@pytest.fixture
def copy(run: Run, bot_file: Path) -> Path:
    """A copy of Chiang Mai."""
    file = bot_file.with_name("copy")
    assert run("backup", file).exit_code == 0
    return file


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A database of the first version ever, with a province in it."""
    file = tmp_path / "first.sqlite3"
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    change(file, "INSERT INTO province (name) VALUES ('ลำพูน')")
    return file


def refusal(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "Unexpected" not in result.stderr
    return result.stderr.strip()


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def one(file: Path, statement: str) -> object:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchone()[0]


@pytest.mark.usefixtures("bot_file")
def test_a_backup_says_what_it_holds(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("backup", tmp_path / "a", "--json").stdout)
    line = run("backup", tmp_path / "b").stdout

    assert told["tables"]["agency"] == AGENCIES
    assert told["tables"]["duty"] == DUTIES
    assert told["bytes"] == (tmp_path / "a").stat().st_size
    assert told["version"] == one(tmp_path / "a", VERSION)
    assert line.startswith(f"Copied {sum(told['tables'].values()):,} rows")
    assert line.count("\n") == 1


def test_a_backup_is_one_plain_file_for_its_owner_alone(copy: Path, tmp_path: Path) -> None:
    assert names(tmp_path) == {"bot.sqlite3", "copy"}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert one(copy, "PRAGMA journal_mode") == "delete"


def test_a_backup_never_overwrites(run: Run, copy: Path, tmp_path: Path) -> None:
    before = copy.read_bytes()

    said = refusal(run("backup", copy))

    assert said == cli_texts.is_there_already(str(copy))
    assert copy.read_bytes() == before
    assert names(tmp_path) == {"bot.sqlite3", "copy"}


@pytest.mark.usefixtures("bot_file")
def test_what_a_killed_backup_left_is_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "copy.part").write_bytes(b"half" * 4000)
    (tmp_path / "copy.part-journal").write_bytes(b"half")
    (tmp_path / "copy.part").chmod(0o644)

    result = run("backup", tmp_path / "copy")

    assert result.exit_code == 0
    assert names(tmp_path) == {"bot.sqlite3", "copy"}
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


@pytest.mark.usefixtures("bot_file")
def test_two_backups_do_not_write_one_file(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "copy.part").open("w", encoding="utf-8") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        said = refusal(run("backup", tmp_path / "copy"))

    assert "Another backup" in said
    assert names(tmp_path) == {"bot.sqlite3", "copy.part"}


@pytest.mark.usefixtures("bot_file")
@pytest.mark.parametrize("file", ["no-folder/copy", "bot.sqlite3/copy"])
def test_a_folder_that_takes_no_file_is_told(run: Run, tmp_path: Path, file: str) -> None:
    said = refusal(run("backup", tmp_path / file))

    assert "cannot be written" in said
    assert names(tmp_path) == {"bot.sqlite3"}


@pytest.mark.usefixtures("bot_file")
@pytest.mark.parametrize("file", ["", ".", "/"])
def test_what_names_no_file_is_told(run: Run, file: str) -> None:
    said = refusal(run("backup", file))

    assert "no name of a file" in said


@pytest.mark.usefixtures("bot_file")
def test_a_backup_for_which_there_is_no_room_leaves_nothing(tmp_path: Path) -> None:
    result = without_room("backup", tmp_path / "copy", on=tmp_path / "bot.sqlite3")

    assert (result.returncode, result.stdout) == (1, "")
    assert "look for space" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not [each for each in names(tmp_path) if each.startswith("copy")]


def test_an_older_copy_that_there_is_no_room_to_renew_is_told(
    first_version: Path, tmp_path: Path
) -> None:
    result = without_room("restore", first_version, on=tmp_path / "new.sqlite3")

    assert (result.returncode, result.stdout) == (1, "")
    assert "TMPDIR" in result.stderr
    assert result.stderr.count("\n") == 1
    assert "new.sqlite3" not in names(tmp_path)


def without_room(command: str, file: Path, *, on: Path) -> subprocess.CompletedProcess[str]:
    """Run a command where no file can grow beyond 100 kB, as on a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "bot", command, str(file)],
        cwd=ROOT,
        env=with_environment({"DATABASE_URL": f"sqlite:///{on}"}),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_a_database_there_is_nothing_to_copy(run: Run, tmp_path: Path) -> None:
    said = refusal(run("backup", tmp_path / "copy"))

    assert "no database to copy" in said
    assert names(tmp_path) == set()


def test_a_backup_leaves_the_version_as_it_is(
    run: Run, first_version: Path, tmp_path: Path
) -> None:
    told = json.loads(run("backup", tmp_path / "copy", "--json", on=first_version.name).stdout)

    assert (
        told["version"] == one(first_version, VERSION) == one(tmp_path / "copy", VERSION) == "0001"
    )


def test_a_database_of_a_newer_program_is_not_copied(
    run: Run, bot_file: Path, tmp_path: Path
) -> None:
    change(bot_file, "UPDATE alembic_version SET version_num = '9999'")

    said = refusal(run("backup", tmp_path / "copy"))

    assert said == cli_texts.DATABASE_NEWER
    assert names(tmp_path) == {"bot.sqlite3"}


def test_a_damaged_database_is_not_copied(run: Run, bot_file: Path, tmp_path: Path) -> None:
    damage(bot_file)

    said = refusal(run("backup", tmp_path / "copy"))

    assert "damaged" in said
    assert names(tmp_path) == {"bot.sqlite3"}


def test_a_restore_says_what_came(run: Run, copy: Path) -> None:
    told = json.loads(run("restore", copy, "--json", on="a.sqlite3").stdout)
    line = run("restore", copy, on="b.sqlite3").stdout

    assert told["tables"]["duty"] == DUTIES
    assert told["bytes"] == copy.stat().st_size
    assert line.startswith(f"Restored {sum(told['tables'].values()):,} rows")


def test_what_was_restored_is_not_restored_over(run: Run, copy: Path) -> None:
    said = refusal(run("restore", copy))

    assert "stop all processes" in said
    assert "DATABASE_URL" in said


def test_a_copy_of_the_first_version_is_brought_up_without_being_changed(
    run: Run, first_version: Path, tmp_path: Path
) -> None:
    before = first_version.read_bytes()

    told = json.loads(run("restore", first_version, "--json", on="new.sqlite3").stdout)

    assert told["version"] == one(tmp_path / "new.sqlite3", VERSION) == schema.newest()
    assert one(tmp_path / "new.sqlite3", "SELECT name FROM province") == "ลำพูน"
    assert first_version.read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(lambda file: file.unlink(), "There is no file", id="not there"),
        pytest.param(lambda file: file.write_bytes(b""), "no tables of the bot", id="empty"),
        pytest.param(lambda file: file.write_bytes(b"plan" * 9999), "no copy", id="another file"),
        pytest.param(lambda file: damage(file), "damaged", id="damaged"),
        pytest.param(
            lambda file: file.write_bytes(file.read_bytes()[:90_000]), "damaged", id="cut off"
        ),
        pytest.param(
            lambda file: change(file, "DROP TABLE alembic_version"),
            "no tables of the bot",
            id="of another program",
        ),
        pytest.param(
            lambda file: change(file, "UPDATE alembic_version SET version_num = '9999'"),
            "newer version",
            id="of a newer program",
        ),
        pytest.param(
            lambda file: file.with_name("copy-wal").write_bytes(b"1"), "in use", id="in use"
        ),
    ],
)
def test_what_is_no_sound_copy_is_refused_before_the_database_is_touched(
    run: Run, copy: Path, tmp_path: Path, spoil: Callable[[Path], object], why: str
) -> None:
    spoil(copy)
    before = names(tmp_path)

    said = refusal(run("restore", copy, on="new.sqlite3"))

    assert why in said
    assert names(tmp_path) == before


def damage(file: Path) -> None:
    """Overwrite pages in the middle of a SQLite file."""
    with file.open("r+b") as pages:
        pages.seek(4096 * 30)
        pages.write(os.urandom(4096 * 20))
