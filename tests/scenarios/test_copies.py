"""Copies on both databases: exact, of one instant, all or nothing whenever the process dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from bot.__main__ import main
from bot.settings import with_environment
from store import agencies, schema
from store.copies import copy_in, copy_out
from store.copy_files import CopyError, examine, opened
from store.database import Engine, open_database, transaction
from store.models import Base, InboxEvent, Province
from tests.databases import PostgresqlDatabases
from tests.factories import NOON
from tests.scenarios.copy_rows import ROWS, everything, fill

ROOT = Path(__file__).parents[2]
SQLITE, POSTGRESQL = KINDS = ("sqlite", "postgresql")
MOST_POINTS = 2000
FILE_EVENTS = ("open", "sqlite3.connect", "os.rename", "os.remove", "os.truncate")
LONGEST_PAUSE_SECONDS = 2.0

MakeDatabase = Callable[[str], Engine]


@pytest.fixture
def new_postgresql(postgresql: PostgresqlDatabases) -> Callable[[], str]:
    """Make a database without tables; return its address."""
    numbers = count()

    def new() -> str:
        name = f"copy{next(numbers)}"
        postgresql.copy(None, name)
        return postgresql.url(name)

    return new


@pytest.fixture
def new_database(tmp_path: Path, new_postgresql: Callable[[], str]) -> Iterator[MakeDatabase]:
    """Open a database of that kind, without tables."""
    made: list[Engine] = []

    def new(kind: str) -> Engine:
        url = f"sqlite:///{tmp_path}/db{len(made)}.sqlite3" if kind == SQLITE else new_postgresql()
        made.append(open_database(url))
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()


@pytest.fixture
def filled(new_database: MakeDatabase) -> MakeDatabase:
    """Open a database of that kind with rows in every table."""

    def new(kind: str) -> Engine:
        engine = new_database(kind)
        schema.upgrade(engine)
        with engine.begin() as connection:
            fill(connection)
        return engine

    return new


def all_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.begin() as connection:
        return everything(connection)


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def put_events(connection: Connection, *names: str) -> None:
    """Keep an event of each name, long enough for many to take their time."""
    row = {
        "chat_key": "U1",
        "kind": "message",
        "sent_at": NOON,
        "received_at": NOON,
        "body": "x" * 500,
        "state": "done",
        "attempts": 0,
    }
    rows = [row | {"webhook_event_id": each} for each in names]
    connection.execute(insert(InboxEvent), rows)


@contextmanager
def writers(engine: Engine) -> Iterator[list[float]]:
    """Let two threads write pairs of rows, a pair in a transaction; lend the seconds each took.

    One half stands in the table that is copied first, the other in one that comes later.
    """
    seconds: list[float] = []
    ended = threading.Event()

    def write(name: str) -> None:
        for number in count():
            if ended.is_set():
                return
            begun = time.monotonic()
            with transaction(engine) as session:
                put_events(session.connection(), f"{name}{number}")
                agencies.keep_province(session, f"{name}{number}")
            seconds.append(time.monotonic() - begun)
            ended.wait(0.02)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for each in threads:
        each.start()
    try:
        yield seconds
    finally:
        ended.set()
        for each in threads:
            each.join()


def pairs(engine: Engine) -> tuple[set[str], set[str]]:
    """Return of which pairs the first half is there, and of which the second."""
    first = select(InboxEvent.webhook_event_id).where(InboxEvent.webhook_event_id.not_like("old%"))
    with engine.begin() as connection:
        return set(connection.scalars(first)), set(connection.scalars(select(Province.name)))


def new_file(folder: Path) -> Path:
    file = folder / "copy"
    file.touch()
    return file


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
def test_every_row_of_every_table_comes_over_exactly(
    filled: MakeDatabase, new_database: MakeDatabase, tmp_path: Path, of: str, to: str
) -> None:
    source, target, file = filled(of), new_database(to), new_file(tmp_path)
    tables = set(inspect(source).get_table_names()) - {"alembic_version"}

    copied = copy_out(source, file)
    as_copied = file.read_bytes()
    restored = copy_in(target, file)

    assert copied.rows == restored.rows == dict.fromkeys(tables, ROWS)
    assert all_of(target) == all_of(source)
    assert file.read_bytes() == as_copied
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_new_after_a_restore_gets_new_ids(
    filled: MakeDatabase, new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    source, target, file = filled(kind), new_database(kind), new_file(tmp_path)
    copy_out(source, file)
    copy_in(target, file)

    with transaction(target) as session:
        new = agencies.keep_province(session, "ลำพูน")

    assert new == 14


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_table_counts_from_one_after_a_restore(
    new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    source, target, file = new_database(kind), new_database(kind), new_file(tmp_path)
    schema.upgrade(source)
    copy_out(source, file)
    copy_in(target, file)

    with transaction(target) as session:
        assert agencies.keep_province(session, "ลำพูน") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_a_row_is_not_overwritten(
    filled: MakeDatabase, new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    file, target = new_file(tmp_path), new_database(kind)
    copy_out(filled(SQLITE), file)
    schema.upgrade(target)
    with transaction(target) as session:
        agencies.keep_province(session, "ลำพูน")
    before = all_of(target)

    with pytest.raises(CopyError, match="stop all processes"):
        copy_in(target, file)

    assert all_of(target) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_that_the_database_refuses_leaves_nothing(
    filled: MakeDatabase, new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    file, target = new_file(tmp_path), new_database(kind)
    source = filled(SQLITE)
    with source.connect() as connection:
        # Of the last table, so that all others have been brought in by then.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("UPDATE outbox_notice SET notice_id = 99 WHERE id = 13")
    copy_out(source, file)

    with pytest.raises(IntegrityError):
        copy_in(target, file)

    assert all_of(target) == {table: [] for table in Base.metadata.tables}


def test_postgresql_at_another_version_is_not_copied(
    new_database: MakeDatabase, tmp_path: Path
) -> None:
    with pytest.raises(schema.SchemaError):
        copy_out(new_database(POSTGRESQL), new_file(tmp_path))


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_made_while_others_write_is_of_one_instant(
    new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    engine, file = new_database(kind), tmp_path / "copy"
    schema.upgrade(engine)
    with engine.begin() as connection:
        put_events(connection, *(f"old{each}" for each in range(6_000)))

    with writers(engine) as pauses:
        time.sleep(1)
        quiet, before = max(pauses), pairs(engine)
        pauses.clear()
        subprocess.run(
            [sys.executable, "-m", "bot", "backup", str(file)],
            cwd=ROOT,
            env=with_environment({"DATABASE_URL": address(engine)}),
            check=True,
            timeout=60,
        )
        busy = max(pauses)
    with opened(file) as copy:
        first, second = pairs(copy)

    assert first == second
    assert before[0] <= first < pairs(engine)[0]
    assert busy < LONGEST_PAUSE_SECONDS, f"{quiet:.3f} s when nobody copied"


@pytest.mark.parametrize(("kind", "step"), [(SQLITE, 4), (POSTGRESQL, 13)])
def test_killed_at_any_point_a_backup_leaves_no_file_or_a_whole_one(
    filled: MakeDatabase, tmp_path: Path, kind: str, step: int
) -> None:
    url, file = address(filled(kind)), tmp_path / "copy"
    whole = dict.fromkeys(Base.metadata.tables, ROWS)
    died = 0

    for point in range(1, MOST_POINTS, step):
        if survives(point, "backup", str(file), url):
            break
        died += 1
        if file.exists():
            assert examine(file).rows == whole
            file.unlink()

    assert died > 5
    assert examine(file).rows == whole
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy"]


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_point_a_restore_leaves_nothing_or_all(
    filled: MakeDatabase, new_database: MakeDatabase, tmp_path: Path, kind: str
) -> None:
    file, source, target = new_file(tmp_path), filled(SQLITE), new_database(kind)
    copy_out(source, file)
    schema.upgrade(target)
    nothing, died = all_of(target), 0

    for point in range(1, MOST_POINTS, 13):
        if survives(point, "restore", str(file), address(target)):
            break
        died += 1
        if all_of(target) != nothing:
            # Killed once all was committed; another one would be refused.
            break

    assert died > 5
    assert all_of(target) == all_of(source)


def survives(point: int, command: str, file: str, url: str) -> bool:
    """Let a process run a command and die at that point; whether it came to the end.

    A point is a statement sent, a commit, a file opened, renamed or removed.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            left = [point]

            def passed(*_: Any) -> None:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(Engine, "before_cursor_execute", passed)
            event.listen(Engine, "commit", passed)
            sys.addaudithook(lambda name, _: passed() if name in FILE_EVENTS else None)
            os.environ["DATABASE_URL"] = url
            main([command, file], standalone_mode=False)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert not (os.WIFEXITED(status) and os.WEXITSTATUS(status)), "the command itself failed"
    return os.WIFEXITED(status)
