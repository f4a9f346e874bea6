"""The spool: whole files in order of arrival, a bound, a turn for one, and what goes wrong."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import read_instant
from bot.spool import BLOCK, BadSpoolFileError, Spool, SpoolFullError, drop, put_aside, read_batch

NOW = read_instant("2024-01-31T09:00")
ROOM = 100 * BLOCK
WRITES_UNTIL_FULL = """
import resource, signal, sys
from pathlib import Path
from bot.clock import system_clock
from bot.spool import Spool

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Spool(Path(sys.argv[1]), 10**9).append("x" * 5000, at=system_clock(), tick=0.0)
except OSError as error:
    print(error.strerror)
"""


OPENS = """
import sys
from pathlib import Path
from bot.spool import Spool

sys.addaudithook(lambda name, args: print(args[0]) if name == "open" else None)
Spool(Path(sys.argv[1]), 10**9).make_sure()
"""
"""Prints what is opened: a folder is opened to be synced, and for nothing else."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "spool"


def names(folder: Path) -> list[str]:
    return sorted(each.suffix for each in folder.iterdir() if each.name != "lock")


def test_making_sure_of_the_folder_leaves_nothing_in_it(folder: Path) -> None:
    Spool(folder, ROOM).make_sure()

    assert list(folder.iterdir()) == []


def test_a_folder_that_is_new_is_synced_into_those_above_it(folder: Path) -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", OPENS, folder], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]

    first, second = (set(run.stdout.splitlines()) for run in runs)
    above = {str(folder.parent), str(folder.parent.parent)}
    assert above <= first
    assert not above & second


def test_what_was_appended_is_read_as_it_was(folder: Path) -> None:
    spool = Spool(folder, ROOM)

    path = spool.append('["a\\u0e01"]', at=NOW, tick=0.0)

    assert spool.waiting() == [path]
    assert read_batch(path) == '["a\\u0e01"]'


def test_batches_wait_in_the_order_of_their_arrival_whoever_wrote_them(folder: Path) -> None:
    one, other = Spool(folder, ROOM), Spool(folder, ROOM)

    for number in (3, 1, 2, 0):
        spool = one if number % 2 else other
        spool.append(str(number), at=NOW + timedelta(milliseconds=number), tick=0.0)

    assert [read_batch(path) for path in one.waiting()] == ["0", "1", "2", "3"]


def test_batches_of_one_instant_keep_their_order(folder: Path) -> None:
    spool = Spool(folder, ROOM)

    for number in range(12):
        spool.append(str(number), at=NOW, tick=0.0)

    assert [read_batch(path) for path in spool.waiting()] == [str(each) for each in range(12)]


def test_what_is_dropped_waits_no_more(folder: Path) -> None:
    spool = Spool(folder, ROOM)
    path = spool.append("[]", at=NOW, tick=0.0)

    drop(path)
    drop(path)

    assert spool.waiting() == []
    assert not spool.needs_replay()


def test_a_folder_that_is_not_there_holds_nothing(folder: Path) -> None:
    spool = Spool(folder, ROOM)

    assert (spool.waiting(), spool.needs_replay(), spool.size().bytes) == ([], False, 0)


def test_the_spool_is_nobody_elses_to_read(folder: Path) -> None:
    path = Spool(folder, ROOM).append("[]", at=NOW, tick=0.0)

    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert oct(path.stat().st_mode)[-3:] == "600"


def test_a_batch_that_is_left_is_passed_over_for_that_long(folder: Path) -> None:
    spool = Spool(folder, ROOM)
    short, long = (spool.append("[]", at=NOW, tick=0.0) for _ in range(2))

    spool.leave(short, seconds=0.0)
    spool.leave(long)

    assert spool.waiting() == [short]
    assert spool.has_waiting()
    assert Spool(folder, ROOM).waiting() == [short, long]


def test_a_small_batch_counts_as_the_block_that_it_takes(folder: Path) -> None:
    spool = Spool(folder, 3 * BLOCK)
    for _ in range(3):
        spool.append("[]", at=NOW, tick=0.0)

    with pytest.raises(SpoolFullError):
        spool.append("[]", at=NOW, tick=0.0)

    assert (spool.size().waiting, spool.size().bytes) == (3, 3 * BLOCK)


def test_a_full_spool_has_room_again_a_second_after_it_was_emptied(folder: Path) -> None:
    spool = Spool(folder, BLOCK)
    drop(spool.append("[]", at=NOW, tick=0.0))

    with pytest.raises(SpoolFullError):
        spool.append("[]", at=NOW, tick=0.9)

    assert spool.append("[]", at=NOW, tick=1.0).exists()


def test_what_other_processes_added_counts_a_second_later(folder: Path) -> None:
    one, other = Spool(folder, BLOCK), Spool(folder, BLOCK)
    other.append("[]", at=NOW, tick=0.0)

    with pytest.raises(SpoolFullError):
        one.append("[]", at=NOW, tick=0.0)


def test_a_full_disk_is_told_and_leaves_nothing_behind(folder: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", WRITES_UNTIL_FULL, folder], capture_output=True, text=True
    )

    assert told.stdout == "File too large\n", told.stderr
    assert names(folder) == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: content[:-1], id="cut off"),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda content: content.replace(b"a", b"b"), id="changed"),
        pytest.param(lambda _: os.urandom(100), id="noise"),
    ],
)
def test_a_spoilt_file_is_noticed(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = Spool(folder, ROOM).append('["a"]', at=NOW, tick=0.0)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(BadSpoolFileError):
        read_batch(path)


def test_what_is_put_aside_waits_no_more_but_takes_room(folder: Path) -> None:
    spool = Spool(folder, BLOCK)
    path = spool.append("[]", at=NOW, tick=0.0)

    put_aside(path)

    assert spool.waiting() == []
    assert names(folder) == [".bad"]
    assert spool.size().bytes == BLOCK


def test_one_replays_at_a_time(folder: Path) -> None:
    one, other = Spool(folder, ROOM), Spool(folder, ROOM)
    one.append("[]", at=NOW, tick=0.0)

    with one.turn() as first, other.turn() as second:
        during = other.needs_replay()

    assert (first, second, during) == (True, False, False)
    assert other.needs_replay()


def test_half_a_file_is_swept_up_once_its_writer_must_be_dead(folder: Path) -> None:
    spool = Spool(folder, ROOM)
    whole = spool.append("[]", at=NOW, tick=0.0)
    half = whole.with_suffix(".tmp")
    half.write_bytes(b"abc")

    spool.sweep(at=NOW + timedelta(seconds=59))
    early = half.exists()
    spool.sweep(at=NOW + timedelta(seconds=61))

    assert (early, half.exists(), whole.exists()) == (True, False, True)


def test_what_a_killed_trial_left_is_swept_up_and_what_cannot_be_removed_is_left(
    folder: Path,
) -> None:
    folder.mkdir(parents=True)
    trial, stuck = folder / "0-4711-abc-trial.tmp", folder / "0-stuck.tmp"
    trial.write_bytes(b"")
    stuck.mkdir()

    Spool(folder, ROOM).sweep(at=NOW)

    assert list(folder.iterdir()) == [stuck]
