"""One worker per SQLite file."""

from pathlib import Path

import pytest

from bot.single import AlreadyWorkingError, only_worker
from store.database import open_database, transaction


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'bot.sqlite3'}"


def test_a_second_worker_on_the_same_file_is_refused(tmp_path: Path) -> None:
    first, second = open_database(url(tmp_path)), open_database(url(tmp_path))

    with (
        only_worker(first),
        pytest.raises(AlreadyWorkingError, match="stop it first"),
        only_worker(second),
    ):
        pytest.fail("two workers at once")


def test_the_next_one_may_work_when_the_first_has_ended(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))
    entered = []

    for number in range(2):
        with only_worker(engine):
            entered.append(number)

    assert entered == [0, 1]


def test_the_lock_is_given_back_by_a_worker_that_fails(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path))
    with pytest.raises(ZeroDivisionError), only_worker(engine):
        raise ZeroDivisionError

    with only_worker(engine):
        locked = list(tmp_path.iterdir())

    assert [each.name for each in locked] == ["bot.sqlite3.worker-lock"]


def test_workers_on_different_files_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with (
        only_worker(open_database(url(tmp_path / "a"))),
        only_worker(open_database(url(tmp_path / "b"))),
    ):
        locks = list(tmp_path.glob("*/*.worker-lock"))

    assert len(locks) == 2


@pytest.mark.parametrize("memory", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_needs_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = open_database(memory)

    with only_worker(engine), transaction(engine):
        files = list(tmp_path.iterdir())

    engine.dispose()
    assert files == []
