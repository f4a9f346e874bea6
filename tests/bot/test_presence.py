"""Who works on a database: several may, and the first is told that it is alone."""

from pathlib import Path

import pytest

from bot.presence import at_work
from store.database import Engine, open_database, transaction


@pytest.fixture
def alone() -> list[str]:
    """Notes of those who were told that nobody else works."""
    return []


def open_again(engine: Engine) -> Engine:
    return open_database(engine.url.render_as_string(hide_password=False))


def test_the_first_is_told_that_it_is_alone_and_the_second_is_not(
    engine: Engine, alone: list[str]
) -> None:
    second = open_again(engine)

    with (
        at_work(engine, lambda: alone.append("first")),
        at_work(second, lambda: alone.append("second")),
    ):
        told = list(alone)

    second.dispose()
    assert told == ["first"]


def test_who_stays_behind_still_works_there(engine: Engine, alone: list[str]) -> None:
    second, third = open_again(engine), open_again(engine)

    with at_work(engine, lambda: None):
        pass
    with at_work(second, lambda: None), at_work(third, lambda: alone.append("third")):
        pass

    second.dispose()
    third.dispose()
    assert alone == []


def test_the_lock_is_given_back_by_a_worker_that_fails(engine: Engine, alone: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), at_work(engine, lambda: None):
        raise ZeroDivisionError

    with at_work(engine, lambda: alone.append("next")):
        pass

    assert alone == ["next"]


def test_one_that_fails_while_it_is_alone_leaves_no_lock(engine: Engine, alone: list[str]) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), at_work(engine, fails):
        pytest.fail("works all the same")

    with at_work(engine, lambda: alone.append("next")):
        pass

    assert alone == ["next"]


@pytest.mark.parametrize("memory", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_needs_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str, alone: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = open_database(memory)

    with at_work(engine, lambda: alone.append("it")), transaction(engine):
        files = list(tmp_path.iterdir())

    engine.dispose()
    assert (alone, files) == (["it"], [])
