"""All that a worker does: events as they come, messages as they fall due, jobs as they ring."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from bot import inbox, outbox
from bot.clock import Clock, bangkok_date
from bot.schedule import JOBS, start_bell
from bot.sending import Line
from handlers.holiday_calendar import working_calendar
from store.database import Engine

IDLE_SECONDS = 0.5
"""How long a loop rests when nothing is due and nobody rings."""

log = logging.getLogger(__name__)


def tick(engine: Engine, line: Line, *, at: datetime) -> Counter[str]:
    """Do one round of everything, as of that instant, until nothing more is due; count it."""
    outbox.start_anew(engine)
    done: Counter[str] = Counter()
    calendar = working_calendar(bangkok_date(at))
    _work_events(engine, at, done)
    for job in JOBS:
        done[job.name] += job.work(engine, at)
    while (outcome := outbox.send_next(engine, line, calendar, now=at)) is not None:
        done[f"messages_{outcome}"] += 1
        _work_events(engine, at, done)
    return done


class Worker:
    """The loops of a process that works: one thread for events, one for sending, the bell."""

    def __init__(self, engine: Engine, line: Line, clock: Clock) -> None:
        self._engine, self._line, self._clock = engine, line, clock
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._bells = {"inbox": threading.Event(), "outbox": threading.Event()}
        self._lost_track = False

    def start(self) -> None:
        """Start the threads; they end with `stop`."""
        outbox.start_anew(self._engine)
        self._threads = [
            threading.Thread(target=self._loop, args=(name, step), name=name)
            for name, step in (("inbox", self._answer), ("outbox", self._send))
        ]
        for thread in self._threads:
            thread.start()
        self._scheduler = start_bell(self._engine, self._clock, self.ring)

    def ring(self) -> None:
        """Wake the loops: there may be work."""
        for bell in self._bells.values():
            bell.set()

    def stop(self) -> None:
        """Let every loop finish what it has in hand, and return when they have."""
        self._stop.set()
        self._scheduler.shutdown()
        self.ring()
        for thread in self._threads:
            thread.join()

    def _loop(self, name: str, step: Callable[[], bool]) -> None:
        bell = self._bells[name]
        while not self._stop.is_set():
            bell.clear()
            try:
                worked = step()
            except Exception:
                # The database is away, or a bug: the loop rests and looks again, it never ends.
                log.exception("loop failed", extra={"action": "loop_failed", "loop": name})
                worked = False
            if not worked:
                bell.wait(IDLE_SECONDS)

    def _answer(self) -> bool:
        worked = inbox.answer_next(self._engine, now=self._clock())
        if worked:
            self._bells["outbox"].set()
        return worked

    def _send(self) -> bool:
        now = self._clock()
        calendar = working_calendar(bangkok_date(now))
        if self._lost_track:
            outbox.start_anew(self._engine)
        # Until it returns: a try whose outcome could not be stored is given back, not forgotten.
        self._lost_track = True
        outcome = outbox.send_next(self._engine, self._line, calendar, now=now)
        self._lost_track = False
        return outcome is not None


def _work_events(engine: Engine, at: datetime, done: Counter[str]) -> None:
    while inbox.answer_next(engine, now=at):
        done["events_worked"] += 1
