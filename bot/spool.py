"""A bounded folder of batches that wait for the database, one file each, in order of arrival."""

import fcntl
import hashlib
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

WAITING, HALF, BAD = ".json", ".tmp", ".bad"
BLOCK = 4096
"""Bytes: what a small file takes on most disks, however little is in it."""
COUNTED_FOR_SECONDS = 1.0
"""How long a count of the folder holds; what this process adds meanwhile is added to it."""
HALF_IS_DEAD_AFTER = timedelta(minutes=1)


class SpoolFullError(Exception):
    """The spool has reached its bound: bring the database back, or raise SPOOL_MB."""


class SpoolFolderError(Exception):
    """The folder cannot be written; the message says what to do."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"SPOOL_DIR: the folder {folder} cannot be written ({reason}): set it to one that can."
        )


class BadSpoolFileError(Exception):
    """What the file holds is not what was written into it: look at the disk."""


@dataclass(frozen=True, slots=True)
class SpoolSize:
    """How many batches wait, and the bytes that the folder takes (those put aside included)."""

    waiting: int
    bytes: int


class Spool:
    """The folder; several processes of one machine may share it.

    A file appears whole or not at all (written under another name, synced, renamed, the folder
    synced), so whoever returned from `append` may answer 200.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._lock = threading.Lock()
        # The token tells apart what equal process ids of two containers would confuse.
        self._own = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._number = 0
        self._taken = 0
        self._count_again_at = float("-inf")
        self._left: dict[str, float] = {}

    def make_sure(self) -> None:
        """Make the folder and write into it once, so that it is not found wanting in need.

        Raises:
            SpoolFolderError: when that cannot be done.
        """
        # Its name is older than any instant, so that the next sweep takes one left by a kill.
        trial = self._folder / f"0-{self._own}-trial{HALF}"
        try:
            _make(self._folder)
            _write_through(trial, b"")
            trial.unlink(missing_ok=True)
        except OSError as error:
            raise SpoolFolderError(self._folder, error.strerror or "unknown") from error

    def append(self, batch: str, *, at: datetime, tick: float) -> Path:
        """Keep a batch until `drop`; `at` orders it among others, `tick` is a monotonic second.

        Raises:
            SpoolFullError: when the bound is reached.
            OSError: when the disk is full or the folder cannot be written.
        """
        content = batch.encode()
        content = _digest(content) + b"\n" + content
        name = self._reserve(len(content), at, tick)
        _make(self._folder)
        half, whole = self._folder / f"{name}{HALF}", self._folder / f"{name}{WAITING}"
        try:
            _write_through(half, content)
            half.rename(whole)
        except OSError:
            with suppress(OSError):
                half.unlink()
            raise
        sync_folder(self._folder)
        return whole

    def has_waiting(self) -> bool:
        """Return whether batches wait; an empty folder is looked through in microseconds.

        Raises:
            OSError: when the folder cannot be read.
        """
        try:
            with os.scandir(self._folder) as entries:
                return any(self._waits(entry.name) for entry in entries)
        except FileNotFoundError:
            return False

    def needs_replay(self) -> bool:
        """Return whether batches wait and nobody replays them.

        Raises:
            OSError: when the folder or its lock cannot be used.
        """
        if not self.has_waiting():
            return False
        with self.turn() as is_free:
            return is_free

    def waiting(self) -> list[Path]:
        """Return the batches that wait, the oldest first."""
        with suppress(FileNotFoundError):
            return sorted(
                self._folder / name
                for name in os.listdir(self._folder)  # noqa: PTH208 - a third of iterdir's time
                if self._waits(name)
            )
        return []

    def leave(self, path: Path, *, seconds: float = float("inf")) -> None:
        """Let this process pass over a file that cannot be read now, or not be removed."""
        self._left[path.name] = time.monotonic() + seconds

    def size(self) -> SpoolSize:
        """Return what the folder holds now."""
        waiting = taken = 0
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # another process may drop it meanwhile
                    taken += _on_disk(entry.stat().st_size)
                    waiting += entry.name.endswith(WAITING)
        return SpoolSize(waiting, taken)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Try to be the one who replays, inside the block; yield whether it is our turn.

        The system gives the lock back when the process dies, however it dies.

        Raises:
            OSError: when the lock cannot be opened.
        """
        _make(self._folder)
        with (self._folder / "lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def sweep(self, *, at: datetime) -> None:
        """Remove what processes that died while writing left behind: nobody was told 200 for it."""
        oldest = _stamp(at - HALF_IS_DEAD_AFTER)
        for half in self._folder.glob(f"*{HALF}"):
            if half.name < oldest:
                with suppress(OSError):  # it takes room, nothing else
                    half.unlink()

    def _waits(self, name: str) -> bool:
        if not name.endswith(WAITING):
            return False
        return name not in self._left or self._left[name] <= time.monotonic()

    def _reserve(self, length: int, at: datetime, tick: float) -> str:
        with self._lock:
            if tick >= self._count_again_at:
                self._taken = self.size().bytes
                self._count_again_at = tick + COUNTED_FOR_SECONDS
            if self._taken + _on_disk(length) > self._most_bytes:
                raise SpoolFullError
            self._taken += _on_disk(length)
            self._number += 1
            return f"{_stamp(at)}-{self._own}-{self._number:08d}"


def read_batch(path: Path) -> str:
    """Return the batch of a file.

    Raises:
        BadSpoolFileError: when the file was changed since it was written.
        OSError: when it cannot be read.
    """
    digest, _, content = path.read_bytes().partition(b"\n")
    if digest != _digest(content):
        raise BadSpoolFileError(path.name)
    return content.decode()


def drop(path: Path) -> None:
    """Forget a batch that the database holds."""
    path.unlink(missing_ok=True)


def put_aside(path: Path) -> None:
    """Let a batch that cannot be replayed step out of the way; a person has to look at it."""
    path.rename(path.with_suffix(BAD))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _on_disk(length: int) -> int:
    return -(-length // BLOCK) * BLOCK


def _write_through(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)


def _make(folder: Path) -> None:
    """Make the folder, and let each one above know of it for good."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in made:
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Bring to the disk which files a folder holds, and by what names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
