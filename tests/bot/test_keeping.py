"""Keeping: many requests in one commit, all or none told, and what happens without a database."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from bot.clock import read_instant
from bot.keeping import Outcome, Writer
from bot.spool import BLOCK, Spool, drop
from store.database import Engine, open_database
from store.inbox import InboxDoor, NewEvent, to_batches
from tests.bot.queue_rows import events, execute

NOW = read_instant("2024-01-31T09:00")
ROOM = 1000 * BLOCK
PATIENCE = 20.0
QUICK = 0.4
LINE_WAITS = 2.0
"""Seconds: what LINE allows for an answer."""
POISON = "poison"
REFUSE_POISON = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON inbox_event WHEN NEW.kind = 'poison'"
        " BEGIN SELECT RAISE(ABORT, 'no'); END"
    ],
    "postgresql": ["ALTER TABLE inbox_event ADD CONSTRAINT refuse CHECK (kind <> 'poison')"],
}


def new(name: str, kind: str = "message") -> NewEvent:
    return NewEvent(name, "C1", kind, NOW, NOW, "{}")


@dataclass
class Desk:
    """A writer on the test's database; `rings` counts how often somebody was woken."""

    engine: Engine
    folder: Path
    room: int = ROOM
    patience: float = QUICK
    rings: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        ring = lambda: self.rings.append(NOW)  # noqa: E731
        self.spool = Spool(self.folder, self.room)
        self.writer = Writer(
            InboxDoor(self.engine, patience_seconds=self.patience),
            self.spool,
            self.now,
            ring,
            patience_seconds=3 * self.patience,
            look_again_seconds=QUICK,
        )
        self._moments = 0

    def now(self) -> datetime:
        self._moments += 1
        return NOW + timedelta(milliseconds=self._moments)

    def keep(self, *names: str) -> Outcome:
        return self.writer.keep([new(each) for each in names])

    @property
    def kept(self) -> list[str]:
        return [each.webhook_event_id for each in events(self.engine)]

    def has(self, *names: str) -> bool:
        return wait_for(lambda: self.kept == list(names))


def wait_for(ready: Callable[[], bool]) -> bool:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if ready():
            return True
        sleep(0.02)
    return False


@contextmanager
def desks(
    engine: Engine, folder: Path, *, room: int = ROOM, patience: float = QUICK
) -> Iterator[Desk]:
    desk = Desk(engine, folder, room, patience)
    try:
        yield desk
    finally:
        desk.writer.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def desk(engine: Engine, folder: Path) -> Iterator[Desk]:
    with desks(engine, folder) as desk:
        yield desk


@pytest.fixture
def patient_desk(engine: Engine, folder: Path) -> Iterator[Desk]:
    with desks(engine, folder, patience=PATIENCE) as desk:
        yield desk


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Hold the inbox as a long transaction of another process does."""
    other = open_database(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection, connection.begin():
        if other.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE inbox_event"))
        else:
            connection.execute(text("SELECT 1"))
        yield
    other.dispose()


def actions(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [str(getattr(each, "action", "")) for each in caplog.records]


def test_what_is_kept_is_there_before_the_request_goes_on(desk: Desk) -> None:
    outcome = desk.keep("a", "b")

    assert outcome is Outcome.KEPT
    assert desk.kept == ["a", "b"]
    assert len(desk.rings) == 1


def test_many_requests_at_once_are_kept_each_once(desk: Desk) -> None:
    names = [f"e{number}" for number in range(200)]

    with ThreadPoolExecutor(16) as pool:
        outcomes = set(pool.map(desk.keep, [*names, *names]))

    assert outcomes == {Outcome.KEPT}
    assert sorted(desk.kept) == sorted(names)


def test_requests_that_wait_share_a_commit(
    patient_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk = patient_desk
    with caplog.at_level(logging.INFO), ThreadPoolExecutor(8) as pool:
        with locked(desk.engine):
            waiting = [pool.submit(desk.keep, f"e{number}", "twice") for number in range(8)]
            sleep(0.2)
        outcomes = {each.result() for each in waiting}

    assert outcomes == {Outcome.KEPT}
    assert len(desk.kept) == 9
    assert actions(caplog).count("events_kept") <= 2


def test_only_the_request_whose_events_are_refused_is_told_so(patient_desk: Desk) -> None:
    desk = patient_desk
    for statement in REFUSE_POISON[desk.engine.dialect.name]:
        execute(desk.engine, statement)

    with ThreadPoolExecutor(8) as pool:
        with locked(desk.engine):
            good = [pool.submit(desk.keep, f"e{number}") for number in range(7)]
            bad = pool.submit(desk.writer.keep, [new("fine"), new("bad", POISON)])
            sleep(0.2)
        outcomes = {each.result() for each in good}

    assert outcomes == {Outcome.KEPT}
    assert bad.result() is Outcome.FAILED
    assert sorted(desk.kept) == [f"e{number}" for number in range(7)]
    assert desk.spool.waiting() == []


def test_a_locked_database_costs_no_event_and_no_patience_of_line(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    names = [f"e{number}" for number in range(6)]
    desk.keep("before")
    rings = len(desk.rings)

    with locked(desk.engine):
        began = monotonic()
        outcomes = [desk.keep(name) for name in names]
        seconds = monotonic() - began
        in_spool = len(desk.spool.waiting())
    came_back = desk.has("before", *names)

    assert set(outcomes) == {Outcome.SPOOLED}
    assert seconds < LINE_WAITS
    assert in_spool == len(names)
    assert came_back, desk.kept
    assert wait_for(lambda: desk.spool.waiting() == [])
    assert wait_for(lambda: len(desk.rings) == rings + 1)
    assert actions(caplog).count("database_away") == 1


def test_once_the_spool_is_empty_events_go_straight_into_the_database(desk: Desk) -> None:
    with locked(desk.engine):
        desk.keep("a")
    desk.has("a")

    outcome = Outcome.SPOOLED
    wait_for(lambda: desk.keep("b") is Outcome.KEPT)
    outcome = desk.keep("c")

    assert outcome is Outcome.KEPT
    assert sorted(desk.kept) == ["a", "b", "c"]


def test_a_full_spool_is_told_so_that_line_sends_again(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with desks(engine, folder, room=2 * BLOCK) as desk:
        with locked(engine):
            outcomes = [desk.keep(f"e{number}") for number in range(4)]
        came_back = desk.has("e0", "e1")
        again = wait_for(lambda: desk.keep("e2", "e3") is not Outcome.FULL)

    assert outcomes == [Outcome.SPOOLED, Outcome.SPOOLED, Outcome.FULL, Outcome.FULL]
    assert (came_back, again) == (True, True)
    assert actions(caplog).count("alarm_spool_full") == 1


def test_a_folder_that_cannot_be_written_is_told_as_full(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with desks(engine, tmp_path / "file" / "spool") as desk, locked(engine):
        outcome = desk.keep("a")

    assert outcome is Outcome.FULL


@pytest.mark.parametrize("below", ["spool", "spool/lock"])
def test_without_a_usable_folder_events_are_kept_once_the_database_is_back(
    engine: Engine, folder: Path, below: str, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = folder.parent / below
    if below == "spool":
        in_the_way.write_text("")
    else:
        in_the_way.mkdir(parents=True)

    with desks(engine, folder) as desk:
        for name in ("a", "b"):
            with locked(engine):
                desk.keep(name)
            assert wait_for(lambda: desk.keep("c") is Outcome.KEPT)
        outcomes = {desk.keep(f"e{number}") for number in range(5)}

    assert outcomes == {Outcome.KEPT}
    assert actions(caplog).count("alarm_spool_unusable") == 1


def test_a_file_that_cannot_be_read_is_left_and_brought_in_once_it_can(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        for name in ("a", "b", "c"):
            dead.keep(name)
    file = dead.spool.waiting()[1]
    good = file.rename(folder / "good")
    file.mkdir()

    with desks(engine, folder) as desk:
        desk.writer.start()
        others = desk.has("a", "c")
        sleep(3 * QUICK)
        still_there = file.exists()
        file.rmdir()
        good.rename(file)
        came_back = desk.has("a", "c", "b")

    assert (others, still_there, came_back) == (True, True, True)
    assert actions(caplog).count("alarm_spool_unusable") == 1
    assert "alarm_spool_file_bad" not in actions(caplog)


def test_a_spoilt_file_that_cannot_be_put_aside_holds_nobody_up(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        for name in ("a", "b"):
            dead.keep(name)
    spoilt = dead.spool.waiting()[0]
    spoilt.write_bytes(b"")
    spoilt.with_suffix(".bad").mkdir()

    with desks(engine, folder) as desk:
        desk.writer.start()
        came_back = desk.has("b")
        straight = wait_for(lambda: desk.keep("c") is Outcome.KEPT)

    assert (came_back, straight) == (True, True)
    assert actions(caplog).count("alarm_spool_file_bad") == 1
    assert actions(caplog).count("alarm_spool_unusable") == 1


def test_many_files_are_brought_in_with_few_commits(engine: Engine, folder: Path) -> None:
    names = [f"e{number:04}" for number in range(1100)]
    spool = Spool(folder, 2000 * BLOCK)
    for number, name in enumerate(names):
        [batch] = to_batches([new(name)])
        spool.append(batch, at=NOW + timedelta(milliseconds=number), tick=0.0)
    seen = []

    with desks(engine, folder, patience=PATIENCE) as desk:
        desk.writer.start()
        while wait_for(lambda: seen[-1:] != [len(desk.kept)]):
            seen.append(len(desk.kept))
            if seen[-1] == len(names):
                break

    assert set(seen) <= {0, 1000, 1100}
    assert desk.kept == names


def test_one_refused_file_among_many_suffers_alone(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        dead.keep("a")
        dead.writer.keep([new("bad", POISON)])
        dead.keep("b")
    for statement in REFUSE_POISON[engine.dialect.name]:
        execute(engine, statement)

    with desks(engine, folder) as desk:
        desk.writer.start()
        came_back = desk.has("a", "b")

    assert came_back
    assert actions(caplog).count("alarm_spool_file_bad") == 1


def test_what_another_process_has_spooled_is_not_overtaken(engine: Engine, folder: Path) -> None:
    with desks(engine, folder) as desk:
        desk.keep("first")
        sleep(0.1)  # the writer has looked, and looks again only later
        [batch] = to_batches([new("earlier")])
        Spool(folder, ROOM).append(batch, at=NOW, tick=0.0)
        outcome = desk.keep("later")
        came_back = desk.has("first", "earlier", "later")
        straight = wait_for(lambda: desk.keep("last") is Outcome.KEPT)

    assert outcome is Outcome.SPOOLED
    assert (came_back, straight) == (True, True)


def test_others_events_in_a_full_spool_keep_no_event_out_of_a_healthy_database(
    engine: Engine, folder: Path
) -> None:
    with desks(engine, folder, room=0) as desk:
        desk.keep("first")
        sleep(0.1)
        [batch] = to_batches([new("earlier")])
        file = Spool(folder, ROOM).append(batch, at=NOW, tick=0.0)
        outcome = desk.keep("later")
        drop(file)

    assert outcome is Outcome.KEPT


def test_half_a_file_is_swept_up_when_the_writer_starts(engine: Engine, folder: Path) -> None:
    folder.mkdir()
    half = folder / "20230101T000000.000000-1-abc-00000001.tmp"
    half.write_bytes(b"abc")

    with desks(engine, folder) as desk:
        desk.writer.start()
        swept = wait_for(lambda: not half.exists())

    assert swept


def test_a_writer_that_raises_says_so_and_goes_on(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def ring() -> None:
        if not caplog.records:
            raise RuntimeError

    writer = Writer(InboxDoor(engine), Spool(folder, ROOM), lambda: NOW, ring)
    outcomes = [writer.keep([new(name)]) for name in ("a", "b")]
    writer.stop()

    assert outcomes == [Outcome.FAILED, Outcome.KEPT]
    assert actions(caplog) == ["writer_failed"]


def test_what_a_dead_process_left_is_kept_without_a_new_request(
    engine: Engine, folder: Path
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        dead.keep("a")
        dead.keep("b")

    with desks(engine, folder) as desk:
        desk.writer.start()
        came_back = desk.has("a", "b")
        rung = wait_for(lambda: len(desk.rings) == 1)

    assert (came_back, rung) == (True, True)


def test_a_batch_that_was_kept_but_not_yet_dropped_is_kept_once(
    engine: Engine, folder: Path
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        dead.keep("a", "b")
    file = dead.spool.waiting()[0]
    content = file.read_bytes()
    for _ in range(2):
        file.write_bytes(content)
        with desks(engine, folder) as desk:
            desk.writer.start()
            wait_for(lambda: not file.exists())

    assert dead.kept == ["a", "b"]


def test_a_spoilt_file_is_put_aside_and_holds_nobody_up(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        for name in ("a", "b", "c"):
            dead.keep(name)
    spoilt = dead.spool.waiting()[1]
    spoilt.write_bytes(spoilt.read_bytes()[:-2])

    with desks(engine, folder) as desk:
        desk.writer.start()
        came_back = desk.has("a", "c")

    assert came_back
    assert spoilt.with_suffix(".bad").exists()
    assert "alarm_spool_file_bad" in actions(caplog)


def test_a_file_that_a_healthy_database_refuses_holds_nobody_up(
    engine: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(engine), desks(engine, folder) as dead:
        dead.writer.keep([new("bad", POISON)])
        dead.keep("good")
    for statement in REFUSE_POISON[engine.dialect.name]:
        execute(engine, statement)

    with desks(engine, folder) as desk:
        desk.writer.start()
        came_back = desk.has("good")

    assert came_back
    assert [each.suffix for each in folder.iterdir() if each.name != "lock"] == [".bad"]
    assert "alarm_spool_file_bad" in actions(caplog)


def test_a_database_without_its_table_is_not_the_files_fault(engine: Engine, folder: Path) -> None:
    with locked(engine), desks(engine, folder) as dead:
        dead.keep("a")
    execute(engine, "ALTER TABLE inbox_event RENAME TO elsewhere")

    with desks(engine, folder) as desk:
        desk.writer.start()
        sleep(0.2)
        left = len(desk.spool.waiting())
        execute(engine, "ALTER TABLE elsewhere RENAME TO inbox_event")
        came_back = desk.has("a")

    assert (left, came_back) == (1, True)


def test_a_table_that_is_missing_meanwhile_costs_no_event(desk: Desk) -> None:
    desk.keep("a")
    execute(desk.engine, "ALTER TABLE inbox_event RENAME TO elsewhere")
    outcome = desk.keep("b")
    execute(desk.engine, "ALTER TABLE elsewhere RENAME TO inbox_event")
    came_back = desk.has("a", "b")

    assert outcome is Outcome.SPOOLED
    assert came_back


def test_two_processes_with_one_spool_lose_nothing_and_double_nothing(
    engine: Engine, folder: Path
) -> None:
    with desks(engine, folder) as one, desks(engine, folder) as other:
        names = [f"e{number}" for number in range(60)]
        with ThreadPoolExecutor(8) as pool:
            with locked(engine):
                work = [
                    pool.submit((one if i % 2 else other).keep, name)
                    for i, name in enumerate(names)
                ]
                outcomes = {each.result() for each in work}
            more = [
                pool.submit((one if i % 2 else other).keep, f"later{i}").result() for i in range(40)
            ]
        everything = sorted([*names, *(f"later{i}" for i in range(40))])
        came_back = wait_for(lambda: sorted(one.kept) == everything)

    assert outcomes == {Outcome.SPOOLED}
    assert set(more) <= {Outcome.SPOOLED, Outcome.KEPT}
    assert came_back


def test_what_was_handed_over_is_kept_before_the_writer_ends(engine: Engine, folder: Path) -> None:
    with desks(engine, folder, patience=PATIENCE) as desk:
        desk.keep("first")
        with locked(engine):
            late = ThreadPoolExecutor(1).submit(desk.keep, "last")
            sleep(0.2)
            stopping = threading.Thread(target=desk.writer.stop)
            stopping.start()
        stopping.join(PATIENCE)

    assert late.result() is Outcome.KEPT
    assert desk.kept == ["first", "last"]


def test_who_comes_after_the_writer_ended_is_spooled(engine: Engine, folder: Path) -> None:
    with desks(engine, folder) as desk:
        desk.keep("first")
    outcome = desk.keep("late")

    assert outcome is Outcome.SPOOLED
    assert len(desk.spool.waiting()) == 1


def test_thousands_of_events_in_one_request_are_kept_whole(desk: Desk) -> None:
    many = [f"e{number}" for number in range(5000)]

    outcome = desk.keep(*many)
    wait_for(lambda: len(desk.kept) == len(many))

    assert outcome in (Outcome.KEPT, Outcome.SPOOLED)
    assert desk.kept == many


def test_what_is_spooled_is_no_secret_to_its_owner(desk: Desk) -> None:
    with locked(desk.engine):
        desk.keep("a")
        content = desk.spool.waiting()[0].read_text("ascii").splitlines()

    assert json.loads(content[1])[0][0] == "a"
