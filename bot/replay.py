"""Brings what the spool holds into the database, in order, once it answers again."""

import logging
import threading
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from bot import counters
from bot.clock import Clock
from bot.spool import BadSpoolFileError, Spool, drop, put_aside, read_batch
from store import inbox
from store.database import DatabaseError, is_away

log = logging.getLogger(__name__)


class Ended(Enum):
    """How a replay ended."""

    EMPTY = auto()
    """Nothing waits any more, and the database takes events."""
    AWAY = auto()
    OTHERS_TURN = auto()
    """Another process of this machine replays."""
    STOPPED = auto()


def replay(
    door: inbox.InboxDoor,
    spool: Spool,
    clock: Clock,
    *,
    stopping: threading.Event,
    ring: Callable[[], None],
) -> Ended:
    """Keep every waiting batch, the oldest first, and forget it; `ring` when there were any.

    Dying between the two is harmless: the batch is kept a second time, and each of its events is
    known by its `webhookEventId`.
    """
    with spool.turn() as is_ours:
        if not is_ours:
            return Ended.OTHERS_TURN
        spool.sweep(at=clock())
        replayed = kept = 0
        try:
            door.keep(inbox.NOTHING)
            while waiting := spool.waiting():
                for path in waiting:
                    if stopping.is_set():
                        return Ended.STOPPED
                    kept += _bring(door, path)
                    replayed += 1
        except DatabaseError:
            return Ended.AWAY
        finally:
            if replayed:
                figures = {"batches": replayed, "count": kept}
                log.info("replayed", extra={"action": "spool_replayed", **figures})
                counters.REPLAYED.inc(kept)
                ring()
    return Ended.EMPTY


def _bring(door: inbox.InboxDoor, path: Path) -> int:
    try:
        kept = door.keep(read_batch(path))
    except (BadSpoolFileError, OSError, ValueError) as error:
        return _leave(path, error)
    except DatabaseError as error:
        if is_away(error):
            raise
        # A database that takes an empty batch but not this one: the file is to blame.
        door.keep(inbox.NOTHING)
        return _leave(path, error)
    drop(path)
    return kept


def _leave(path: Path, error: Exception) -> int:
    log.error(
        "spool file put aside",
        extra={
            "action": "alarm_spool_file_bad",
            "file": path.name,
            "reason": type(error).__name__,
        },
    )
    put_aside(path)
    return 0
