"""Real workers as forked processes that die, or freeze, at an ordered point.

A worker passes a point before and after each commit that changes something, and before and after
each call to LINE.  Orders lie in memory that all of them share: which point of which kind, the
how-manieth, and what happens there.  Time is in that memory too, so that a lease can run out
without being waited for.
"""

import fcntl
import logging
import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.sending import Line, Sent
from bot.worker import Worker
from tests.scenarios.place import Place

OPERATIONS = {
    "answer_next": "an event",
    "_step_aside": "an event that failed",
    "claim": "a claim",
    "record": "a record",
    "run_job": "a job's ring",
    "_beat": "a heartbeat",
    "release_tries": "giving back dead tries",
    "start_anew": "starting",
    "stop": "leaving",
}
"""What a commit belongs to, by the function that is on the stack."""
OTHER = "something else"
BEFORE_REPLY, BEFORE_PUSH = "before the call of a reply", "before the call of a push"
AFTER_REPLY, AFTER_PUSH = "after LINE took a reply", "after LINE took a push"
IN_CALL, AT_REST, ANY_TIME = "in a call to LINE", "at rest", "at any instant"
POINTS = (
    BEFORE_REPLY,
    BEFORE_PUSH,
    AFTER_REPLY,
    AFTER_PUSH,
    *(f"before the commit of {each}" for each in (*OPERATIONS.values(), OTHER)),
    *(f"after the commit of {each}" for each in (*OPERATIONS.values(), OTHER)),
)
SIGNALS = {signal.SIGUSR1, signal.SIGTERM}
"""What a worker listens to: wake, end in order."""
WRITES = ("INSERT", "UPDATE", "DELETE")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SLOTS = 2
ANYBODY = SLOTS
"""The slot of the order for whoever gets there first."""
_CLOCK = struct.Struct("q")
_SLOT = struct.Struct("iiii")
_FIRST_SLOT, _ANY, _NOWHERE = 64, -1, -2
SOON_SECONDS = 0.03
"""How long a worker that dies within a call lets the call go on."""


class How(IntEnum):
    """What happens at the ordered point."""

    KILL = 0
    FREEZE = 1
    KILL_IN_CALL = 2
    """Soon after the call has begun."""
    KILL_AFTER_MS = 3
    """At no point: so many milliseconds after the start of the process."""


@dataclass(frozen=True, slots=True)
class Order:
    """Where a worker ends: at the `nth` point of that name ("": of any)."""

    point: str = ""
    nth: int = 1
    how: How = How.KILL


class Shared:
    """The memory that the workers and who orders them share.

    Beside a worker's own order there is one for whoever gets there first.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is for a file that is locked: the system gives a dead process's lock back."""
        self._memory = mmap.mmap(-1, 4096)
        self._file = (folder / "orders.lock").open("w", encoding="utf-8")
        for slot in (*range(SLOTS), ANYBODY):
            self.give(slot, None)

    def close(self) -> None:
        """Close the file; the workers have their own."""
        self._file.close()

    def clock(self) -> datetime:
        """Return what time it is for the workers."""
        return EPOCH + timedelta(microseconds=_CLOCK.unpack_from(self._memory, 0)[0])

    def set_clock(self, at: datetime) -> None:
        """Let it be that instant for all of them."""
        _CLOCK.pack_into(self._memory, 0, (at - EPOCH) // timedelta(microseconds=1))

    def give(self, slot: int, order: Order | None) -> None:
        """Order the worker in that slot to end somewhere; None lets it live."""
        with self._locked():
            if order is None:
                self._write(slot, 0, _ANY, How.KILL, _NOWHERE)
            else:
                point = POINTS.index(order.point) if order.point else _ANY
                self._write(slot, order.nth, point, order.how, _NOWHERE)

    def passed(self, slot: int, point: str) -> How | None:
        """Count a point; return what is to happen there, if anything; one thread at a time."""
        with self._locked():
            hows = [self._passed(each, point) for each in (slot, ANYBODY)]
        return next((how for how in hows if how is not None), None)

    def milliseconds(self, slot: int) -> int | None:
        """Return after how many milliseconds the process is to die, if it is."""
        left, _, how, _ = self._read(slot)
        return left if left > 0 and how == How.KILL_AFTER_MS else None

    def end(self, slot: int) -> str:
        """Return at which point the worker in that slot has ended: its own order or anybody's."""
        for each in (slot, ANYBODY):
            _, _, how, reached = self._read(each)
            if reached != _NOWHERE:
                return IN_CALL if how == How.KILL_IN_CALL else POINTS[reached]
        return ANY_TIME

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _passed(self, slot: int, point: str) -> How | None:
        left, wanted, how, reached = self._read(slot)
        if left <= 0 or wanted not in (_ANY, POINTS.index(point)) or how == How.KILL_AFTER_MS:
            return None
        is_here = left == 1
        self._write(slot, left - 1, wanted, how, POINTS.index(point) if is_here else reached)
        return How(how) if is_here else None

    def _read(self, slot: int) -> tuple[int, int, int, int]:
        return _SLOT.unpack_from(self._memory, _FIRST_SLOT + slot * _SLOT.size)

    def _write(self, slot: int, *values: int) -> None:
        _SLOT.pack_into(self._memory, _FIRST_SLOT + slot * _SLOT.size, *values)


class Points:
    """The points of one process, whatever thread passes them."""

    def __init__(self, shared: Shared, slot: int) -> None:
        self._shared, self._slot = shared, slot
        self._lock = threading.Lock()
        self._open, self._held_for_ever = 0, 0
        self._no_transaction = threading.Condition()

    def listen(self, engine: Any) -> None:
        """Pass a point before and after each commit of a transaction that wrote something."""
        self._held_for_ever = 1 if engine.dialect.name == "postgresql" else 0
        event.listen(engine, "checkout", self._checks_out)
        event.listen(engine, "before_cursor_execute", self._executes)
        event.listen(engine, "commit", self._commits)
        event.listen(engine, "checkin", self._checked_in)

    def passed(self, point: str) -> None:
        """Pass a point; the process may end here."""
        with self._lock:
            how = self._shared.passed(self._slot, point)
            if how is How.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            if how is How.KILL_IN_CALL:
                self.die_after(SOON_SECONDS)
        if how is How.FREEZE:
            self._freeze()

    def die_after(self, seconds: float) -> None:
        """Die after a while, wherever the process is by then."""

        def die() -> None:
            time.sleep(seconds)
            os.kill(os.getpid(), signal.SIGKILL)

        threading.Thread(target=die, daemon=True).start()

    def _freeze(self) -> None:
        # A process that stands still within a transaction would hold up SQLite's other writers,
        # as long as it stands: no program can help that, and it is not what is asked here.
        with self._no_transaction:
            self._no_transaction.wait_for(lambda: self._open <= self._held_for_ever)
            with self._lock:
                os.kill(os.getpid(), signal.SIGSTOP)

    def _checks_out(self, _connection: Any, record: Any, _proxy: Any) -> None:
        with self._no_transaction:
            self._open += 1
            record.info["open"] = True

    def _executes(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            connection.info["wrote"] = True

    def _commits(self, connection: Any) -> None:
        if connection.info.pop("wrote", False):
            connection.info["committed"] = operation = _operation()
            self.passed(f"before the commit of {operation}")

    def _checked_in(self, _connection: Any, record: Any) -> None:
        record.info.pop("wrote", None)
        if record.info.pop("open", False):
            with self._no_transaction:
                self._open -= 1
                self._no_transaction.notify_all()
        if operation := record.info.pop("committed", None):
            self.passed(f"after the commit of {operation}")


class MortalLine:
    """The real client, with a point before and after every call."""

    def __init__(self, line: Line, points: Points) -> None:
        self._line, self._points = line, points

    def content(self, message_id: str) -> bytes:
        return self._line.content(message_id)

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        self._points.passed(BEFORE_REPLY)
        sent = self._line.reply(reply_token, messages)
        self._points.passed(AFTER_REPLY)
        return sent

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        self._points.passed(BEFORE_PUSH)
        sent = self._line.push(to, messages, retry_key)
        self._points.passed(AFTER_PUSH)
        return sent


class Crew:
    """The workers: started, rung, killed and waited for."""

    def __init__(self, where: Place, shared: Shared, line: Callable[[], Line]) -> None:
        """`line` makes the client of a worker, in its own process."""
        self._where, self.shared, self._line = where, shared, line
        self._pids: dict[int, int] = {}
        self._frozen: set[int] = set()
        self.ends: Counter[str] = Counter()
        """Where workers were killed or stood still, and how often."""

    def start(self, slot: int, order: Order | None) -> None:
        """Start a worker with that order; no connection may be open in this process."""
        self.shared.give(slot, order)
        # Blocked before the fork: a worker that is rung before it can hear shall not die of it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid == 0:
            self._live(slot)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._pids[slot] = pid

    def alive(self) -> set[int]:
        """Return the slots of the workers that have not ended; frozen ones are among them."""
        for slot, pid in list(self._pids.items()):
            ended, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if not ended:
                continue
            self.ends[self.shared.end(slot)] += 1
            if os.WIFSTOPPED(status):
                self._frozen.add(slot)
            else:
                del self._pids[slot]
                assert os.WIFSIGNALED(status), self.log()
        return set(self._pids)

    def frozen(self) -> set[int]:
        """Return the slots of the workers that stand still."""
        self.alive()
        return self._frozen & set(self._pids)

    def thaw(self) -> None:
        """Let frozen workers go on where they stood."""
        for slot in self.frozen():
            os.kill(self._pids[slot], signal.SIGCONT)
        self._frozen.clear()

    def ring(self) -> None:
        """Wake all that live."""
        for slot in self.alive() - self._frozen:
            os.kill(self._pids[slot], signal.SIGUSR1)

    def kill(self, slot: int) -> None:
        """Kill a worker that stands still or rests."""
        if slot in self.alive():
            os.kill(self._pids[slot], signal.SIGKILL)
            os.waitpid(self._pids.pop(slot), 0)
            self.ends[AT_REST] += 1

    def stop(self) -> None:
        """Ask all to end, and wait until they have."""
        self.thaw()
        for slot in self.alive():
            os.kill(self._pids[slot], signal.SIGTERM)
        for pid in self._pids.values():
            os.waitpid(pid, 0)
        self._pids.clear()

    def log(self) -> str:
        """Return what the workers have complained of."""
        path = self._where.folder / "workers.log"
        return path.read_text("utf-8") if path.exists() else ""

    def _live(self, slot: int) -> None:
        """Be a worker until the end."""
        code = 1
        try:
            log = self._where.folder / "workers.log"
            logging.basicConfig(filename=log, level=logging.WARNING, force=True)
            points = Points(self.shared, slot)
            if (after := self.shared.milliseconds(slot)) is not None:
                points.die_after(after / 1000)
            engine = self._where.engine()
            points.listen(engine)
            line = MortalLine(self._line(), points)
            worker = Worker(engine, line, self.shared.clock)
            worker.start()
            while signal.sigwait(SIGNALS) != signal.SIGTERM:
                worker.ring()
            worker.stop()
            code = 0
        except BaseException:
            logging.getLogger(__name__).exception("the worker itself failed")
        finally:
            os._exit(code)


def _operation() -> str:
    frame = sys._getframe(1)
    while frame is not None:
        if (found := OPERATIONS.get(frame.f_code.co_name)) is not None:
            return found
        frame = frame.f_back
    return OTHER
