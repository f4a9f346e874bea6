"""Brings what the spool holds into the database, in order, once it answers again."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from bot import counters
from bot.clock import Clock
from bot.spool import BadSpoolFileError, Spool, drop, put_aside, read_batch
from store import inbox
from store.database import DatabaseError, is_away, is_contended

MOST_BYTES = 4 * 1024 * 1024
"""Of files that are kept together; a single one may be larger."""

log = logging.getLogger(__name__)


class Ended(Enum):
    """How a replay ended."""

    EMPTY = auto()
    """Nothing waits any more, and the database takes events."""
    AWAY = auto()
    OTHERS_TURN = auto()
    """Another process of this machine replays."""
    STOPPED = auto()


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    batch: str
    rows: int


def replay(
    door: inbox.InboxDoor,
    spool: Spool,
    clock: Clock,
    *,
    stopping: threading.Event,
    ring: Callable[[], None],
    complain: Callable[[OSError], None],
    unreadable_rests_seconds: float,
) -> Ended:
    """Keep every waiting batch, the oldest first, and forget it; `ring` when there were any.

    Files are kept many at a time, else a busy webhook would add more of them than one commit each
    can bring in.  Dying before they are forgotten is harmless: they are kept a second time, and
    each event is known by its `webhookEventId`.  Of single files that the disk does not let read
    or remove, `complain` hears; the rest goes on.

    Raises:
        OSError: when the folder or its lock cannot be used.
    """
    with spool.turn() as is_ours:
        if not is_ours:
            return Ended.OTHERS_TURN
        spool.sweep(at=clock())
        bringing = _Bringing(door, spool, complain, unreadable_rests_seconds)
        try:
            door.keep(inbox.NOTHING)
            while waiting := spool.waiting():
                for files in _joined(bringing.read(waiting)):
                    if stopping.is_set():
                        return Ended.STOPPED
                    bringing.keep(files)
        except DatabaseError:
            return Ended.AWAY
        finally:
            bringing.tell(ring)
    return Ended.EMPTY


def takes_nothing(error: DatabaseError) -> bool:
    """Return whether the database, gone, locked or slow, was no judge of what was asked."""
    return is_away(error) or is_contended(error)


class _Bringing:
    """One replay: what came of each file."""

    def __init__(
        self,
        door: inbox.InboxDoor,
        spool: Spool,
        complain: Callable[[OSError], None],
        unreadable_rests_seconds: float,
    ) -> None:
        self._door, self._spool, self._complain = door, spool, complain
        self._rests_seconds = unreadable_rests_seconds
        self._batches = self._new = 0

    def read(self, paths: Iterable[Path]) -> Iterator[_File]:
        """Read the files one after the other; those that cannot be read are passed over."""
        for path in paths:
            try:
                batch = read_batch(path)
                file = _File(path, batch, len(json.loads(batch)))
            except OSError as error:
                # The disk or the process is in trouble (EMFILE, EIO); the file may well be good.
                self._spool.leave(path, seconds=self._rests_seconds)
                self._complain(error)
            except (BadSpoolFileError, ValueError, TypeError) as error:
                self._put_aside(path, error)
            else:
                yield file

    def keep(self, files: Sequence[_File]) -> None:
        """Keep the files in one commit; one by one where the database takes others but not them.

        Raises:
            DatabaseError: when the database is away.
        """
        try:
            self._new += self._door.keep(_join(files))
        except DatabaseError as error:
            if len(files) == 1 and takes_nothing(error):
                raise
            # A database that takes an empty batch but not this one: the batch is to blame, or too
            # much for its patience.
            self._door.keep(inbox.NOTHING)
            if len(files) > 1:
                for each in files:
                    self.keep([each])
            else:
                self._put_aside(files[0].path, error)
            return
        self._batches += len(files)
        for each in files:
            self._let_go(each.path, drop)

    def tell(self, ring: Callable[[], None]) -> None:
        """Log, count and `ring` for what was brought in, if anything was."""
        if not self._batches:
            return
        figures = {"batches": self._batches, "count": self._new}
        log.info("replayed", extra={"action": "spool_replayed", **figures})
        counters.REPLAYED.inc(self._new)
        ring()

    def _put_aside(self, path: Path, error: Exception) -> None:
        log.error(
            "spool file put aside",
            extra={
                "action": "alarm_spool_file_bad",
                "file": path.name,
                "reason": type(error).__name__,
            },
        )
        self._let_go(path, put_aside)

    def _let_go(self, path: Path, how: Callable[[Path], None]) -> None:
        try:
            how(path)
        except OSError as error:
            self._spool.leave(path)
            self._complain(error)


def _joined(files: Iterable[_File]) -> Iterator[list[_File]]:
    """Return neighbours together, up to a thousand rows (`inbox.MOST_ROWS`)."""
    together: list[_File] = []
    rows = length = 0
    for each in files:
        rows, length = rows + each.rows, length + len(each.batch)
        if together and (rows > inbox.MOST_ROWS or length > MOST_BYTES):
            yield together
            together, rows, length = [], each.rows, len(each.batch)
        together.append(each)
    if together:
        yield together


def _join(files: Sequence[_File]) -> str:
    # Each is a list in JSON; writing the rows anew would cost more than reading them.
    rows = ", ".join(each.batch[1:-1] for each in files if each.rows)
    return f"[{rows}]"
