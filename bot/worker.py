"""All that a worker does: events as they come, messages as they fall due, jobs as they ring."""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from bot import inbox, outbox, presence
from bot.clock import Clock, bangkok_date
from bot.desk import NO_DESK, Desk
from bot.schedule import JOBS, start_bell
from bot.sender import Sender
from bot.sending import Line
from handlers.holiday_calendar import working_calendar
from store import workers
from store.database import DatabaseError, Engine, is_away, is_contended, transaction
from store.types import EventRowId

IDLE_SECONDS = 0.25
"""How long a loop rests when nothing is due and nobody rings."""
LONGEST_REST = 5.0
"""Seconds between two looks at a database that is away."""
STOP_SECONDS = 5.0
"""How long `stop` may take; a supervisor that asks a process to end waits ten."""

log = logging.getLogger(__name__)


def tick(engine: Engine, line: Line, *, at: datetime, desk: Desk = NO_DESK) -> Counter[str]:
    """Do one round of everything, as of that instant, until nothing more is due; count it."""
    done: Counter[str] = Counter()
    calendar = working_calendar(bangkok_date(at))
    with presence.at_work(engine, lambda: outbox.release_tries(engine, now=at)):
        outbox.start_anew(engine)
        _work_events(engine, line, at, done, desk)
        for job in JOBS:
            with transaction(engine) as session:
                workers.ring(session, job.name, at=at, every=job.every)
                done[job.name] += job.work(session, at, desk.files)
        while (outcome := outbox.send_next(engine, line, calendar, now=at, desk=desk)) is not None:
            done[f"messages_{outcome}"] += 1
            _work_events(engine, line, at, done, desk)
    return done


class Worker:
    """The loops of a process that works: one thread for events, one for sending, the bell.

    Any number of such processes may work on one database.
    """

    def __init__(self, engine: Engine, line: Line, clock: Clock, desk: Desk = NO_DESK) -> None:
        self._engine, self._line, self._clock = engine, line, clock
        self._desk = desk
        self._name = secrets.token_hex(8)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._beginning = threading.Lock()
        self._has_begun = False
        self._bells = {"inbox": threading.Event(), "outbox": threading.Event()}
        self._sender = Sender(engine, line, clock, self._bells["outbox"].set, desk=desk)
        self._failures: Counter[EventRowId] = Counter()
        self._here = ExitStack()

    def start(self) -> None:
        """Start the threads; they end with `stop`.

        Raises:
            DatabaseError: when the database is away.
        """
        self._arrive()
        self._begin()

    def start_when_there(self) -> None:
        """Start the threads as soon as the database can be reached, and return at once."""
        self._threads = [threading.Thread(target=self._wait_for_it, name="start", daemon=True)]
        self._threads[0].start()

    def _wait_for_it(self) -> None:
        rest = IDLE_SECONDS
        while not self._stop.is_set():
            try:
                self._arrive()
            except Exception as error:
                rest = self._rest_after(error, "start", rest)
                self._stop.wait(rest)
            else:
                self._begin()
                return

    def _arrive(self) -> None:
        with ExitStack() as here:
            here.enter_context(presence.at_work(self._engine, self._release_tries))
            outbox.start_anew(self._engine)
            self._here = here.pop_all()

    def _begin(self) -> None:
        with self._beginning:
            if self._stop.is_set():
                return
            self._sender.start()
            loops = [
                threading.Thread(target=self._loop, args=(name, step), name=name, daemon=True)
                for name, step in (("inbox", self._answer), ("outbox", self._sender.step))
            ]
            for thread in loops:
                thread.start()
            self._threads += loops
            self._scheduler = start_bell(
                self._engine, self._clock, self.ring, worker=self._name, store=self._desk.files
            )
            self._has_begun = True

    def ring(self) -> None:
        """Wake the loops: there may be work."""
        for bell in self._bells.values():
            bell.set()

    def stop(self) -> None:
        """Let every loop finish what it has in hand, and return when they have.

        That takes `STOP_SECONDS` at most, whatever database and LINE do; what is not done by then
        is undone by the database, or tried again by whoever works next.
        """
        until = time.monotonic() + STOP_SECONDS
        with self._beginning:
            self._stop.set()
        self.ring()
        # In a thread as well: each of these may wait for a database that is away.
        farewell = threading.Thread(target=self._farewell, name="farewell", daemon=True)
        farewell.start()
        for thread in [*self._threads, farewell]:
            thread.join(max(0.0, until - time.monotonic()))
        if any(thread.is_alive() for thread in [*self._threads, farewell]):
            log.warning("not all ended", extra={"action": "ended_in_haste"})
            return  # the lock goes with the process
        self._here.close()

    def _farewell(self) -> None:
        if not self._has_begun:
            return
        self._scheduler.shutdown()
        for thread in self._threads:
            thread.join()
        try:
            self._sender.finish(self._bells["outbox"])
            with transaction(self._engine) as session:
                workers.leave(session, self._name)
        except DatabaseError as error:
            log.warning(
                "ended without a database",
                extra={"action": "database_away", "error": type(error).__name__},
            )

    def _loop(self, name: str, step: Callable[[], bool]) -> None:
        bell, rest = self._bells[name], IDLE_SECONDS
        while not self._stop.is_set():
            bell.clear()
            try:
                worked = step()
            except Exception as error:
                rest = self._rest_after(error, name, rest)
                self._stop.wait(rest)
                continue
            if rest > IDLE_SECONDS:
                log.info("database back", extra={"action": "database_back", "loop": name})
            rest = IDLE_SECONDS
            if not worked:
                bell.wait(IDLE_SECONDS)

    def _rest_after(self, error: Exception, name: str, rest: float) -> float:
        """Tell what went wrong and return how long to rest, in seconds; a loop never ends."""
        if isinstance(error, DatabaseError) and (is_away(error) or is_contended(error)):
            # Its words are the driver's and hold no values; a traceback each time would drown all.
            log.warning(
                "database away",
                extra={"action": "database_away", "loop": name, "error": type(error).__name__},
            )
        else:
            log.exception("loop failed", extra={"action": "loop_failed", "loop": name})
        return min(2 * rest, LONGEST_REST)

    def _release_tries(self) -> None:
        outbox.release_tries(self._engine, now=self._clock())

    def _answer(self) -> bool:
        worked = inbox.answer_next(
            self._engine,
            self._line,
            now=self._clock(),
            failures=self._failures,
            desk=self._desk,
        )
        if worked:
            self._bells["outbox"].set()
        return worked


def _work_events(engine: Engine, line: Line, at: datetime, done: Counter[str], desk: Desk) -> None:
    while inbox.answer_next(engine, line, now=at, desk=desk):
        done["events_worked"] += 1
