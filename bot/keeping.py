"""One writer per web process: what many requests bring is committed together, or spooled.

A request hands its events over and waits.  The writer takes all that waits and keeps it in one
statement, so sixteen requests cost one commit.  While the database is away the requests put their
events into the spool by themselves, and the writer only looks for the database and replays.
What is kept twice on the way is one row, by its `webhookEventId`; so where the outcome of a commit
is unknown, its events are simply spooled.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from queue import Empty, SimpleQueue

from bot import counters
from bot.clock import Clock
from bot.replay import Ended, replay, takes_nothing
from bot.spool import Spool, SpoolFullError
from store import inbox
from store.database import DatabaseError, is_lost, reason_without_values
from store.inbox import InboxDoor, NewEvent

PATIENCE_SECONDS = 1.2
"""How long a request waits for the writer; LINE waits two seconds for its answer."""
LOOK_AGAIN_SECONDS = 1.0
"""How often the writer looks for a database that is away, and for what others left to replay."""
TURN_SECONDS = 0.05
"""How soon the writer asks again while another process replays."""
FAREWELL_SECONDS = 2.0
"""How long `stop` waits for the writer to keep what it was handed."""

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of the events of one request."""

    KEPT = "kept"
    SPOOLED = "spooled"
    """On disk, to be brought into the database later: as good as kept."""
    FULL = "full"
    """Neither: LINE has to send them again."""
    FAILED = "failed"
    """A healthy database refused them: a bug."""


class _Parcel:
    """The events of one request, and a lock that is free once their outcome is known."""

    __slots__ = ("_known", "events", "is_taken_back", "outcome")

    def __init__(self, events: Sequence[NewEvent]) -> None:
        self.events = events
        self.outcome: Outcome | None = None
        self.is_taken_back = False
        self._known = threading.Lock()
        self._known.acquire()

    def wait(self, seconds: float) -> Outcome | None:
        """Return the outcome, or None when it is not known within those seconds."""
        self.is_taken_back = not self._known.acquire(timeout=seconds)
        return self.outcome

    def tell(self, outcome: Outcome) -> None:
        """Let the request go on; what it was told first counts."""
        if self.outcome is None:
            self.outcome = outcome
            self._known.release()


class Writer:
    """Keeps events for the threads of one process; to be made after any fork."""

    def __init__(
        self,
        door: InboxDoor,
        spool: Spool,
        clock: Clock,
        ring: Callable[[], None],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        """`door` is the writer's alone; `ring` wakes whoever works events."""
        self._door, self._spool, self._clock, self._ring = door, spool, clock, ring
        self._patience_seconds = patience_seconds
        self._look_again_seconds = look_again_seconds
        self._parcels: SimpleQueue[_Parcel | None] = SimpleQueue()
        self._is_spooling = False
        self._looks_at = self._complains_at = self._warns_at = 0.0
        self._is_without_spool = False
        self._has_said_unusable = False
        self._is_hampered = False
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the writer, which first replays what an earlier process left; once."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Keep what was handed over, end the thread and close the connection."""
        self._stopping.set()
        self._parcels.put(None)
        if self._thread is not None:
            self._thread.join(FAREWELL_SECONDS)

    def keep(self, events: Sequence[NewEvent]) -> Outcome:
        """Keep the events durably, or say that they are not; in 1.2 s and a sync at most."""
        if self._thread is None:
            self.start()
        if not self._is_spooling:
            parcel = _Parcel(events)
            self._parcels.put(parcel)
            if (outcome := parcel.wait(self._patience_seconds)) is not None:
                return outcome
            # The writer is in a call that does not come back: nobody else shall wait for it.
            self._go_spooling("NoAnswer")
        return self._put_into_spool(events)

    def _run(self) -> None:
        pause = 0.0
        with suppress(OSError):  # who needs the folder will tell
            self._spool.sweep(at=self._clock())
        while not self._stopping.is_set():
            pause = self._serve(self._take(pause))
        self._serve(self._take(0.0))
        self._is_spooling = True  # for requests that come later still
        self._door.close()

    def _take(self, seconds: float) -> list[_Parcel]:
        """Return all parcels that wait, the first after those seconds at most."""
        taken: list[_Parcel] = []
        try:
            each = self._parcels.get(timeout=seconds)
            while each is not None:
                if not each.is_taken_back:
                    taken.append(each)
                each = self._parcels.get_nowait()
        except Empty:
            pass
        return taken

    def _serve(self, parcels: Sequence[_Parcel]) -> float:
        """Keep the parcels and what waits in the spool; return how many seconds may then pass."""
        try:
            if parcels:
                self._keep_together(parcels)
            return self._replay()
        except Exception:
            log.exception("writer failed", extra={"action": "writer_failed"})
            return self._look_again_seconds
        finally:
            for each in parcels:
                each.tell(Outcome.FAILED)

    def _keep_together(self, parcels: Sequence[_Parcel]) -> None:
        events = [event for each in parcels for event in each.events]
        outcome = self._keep_in_turn(events)
        if outcome is Outcome.FAILED and len(parcels) > 1:
            # Only the guilty one shall suffer.
            for each in parcels:
                self._keep_together([each])
            return
        for each in parcels:
            each.tell(outcome)

    def _keep_in_turn(self, events: Sequence[NewEvent]) -> Outcome:
        if self._is_spooling:
            return self._put_into_spool(events)
        if self._others_are_first():
            # They lie in the spool since before: what is said later must not overtake them.
            self._is_spooling = True
            if self._put_into_spool(events) is Outcome.SPOOLED:
                return Outcome.SPOOLED
        return self._insert(events)

    def _others_are_first(self) -> bool:
        if self._is_without_spool:
            return False  # they have to wait for somebody who mends the folder
        try:
            return self._spool.has_waiting()
        except OSError:
            return False

    def _insert(self, events: Sequence[NewEvent]) -> Outcome:
        try:
            kept = sum(self._try_twice(batch) for batch in inbox.to_batches(events))
        except DatabaseError as error:
            if not takes_nothing(error) and self._is_there():
                log.exception("events refused", extra={"action": "request_failed"})
                return Outcome.FAILED
            self._go_spooling(reason_without_values(error) or type(error).__name__)
            return self._put_into_spool(events)
        counters.KEPT.inc(kept)
        counters.KNOWN.inc(len(events) - kept)
        log.info("kept", extra={"action": "events_kept", "count": kept})
        self._ring()
        return Outcome.KEPT

    def _is_there(self) -> bool:
        """Return whether the database takes an empty batch: tables and rights are there, too."""
        try:
            self._door.keep(inbox.NOTHING)
        except DatabaseError:
            return False
        return True

    def _try_twice(self, batch: str) -> int:
        try:
            return self._door.keep(batch)
        except DatabaseError as error:
            if not is_lost(error):
                raise
        # A server that was restarted meanwhile has closed the connection, and is back.
        return self._door.keep(batch)

    def _replay(self) -> float:
        try:
            return self._look_or_replay()
        except OSError as error:
            # Without a folder nothing can be brought in, but new events can still be kept.
            self._say_unusable(error)
            self._is_without_spool = True
            self._is_spooling = not self._is_there()
            return self._look_again_seconds

    def _look_or_replay(self) -> float:
        now = time.monotonic()
        if not self._is_spooling:
            if now < self._looks_at:
                return self._looks_at - now
            self._looks_at = now + self._look_again_seconds
            is_needed = self._spool.needs_replay()
            self._is_without_spool = False
            if not is_needed:
                return self._look_again_seconds
            self._is_spooling = True
        self._is_hampered = False
        ended = replay(
            self._door,
            self._spool,
            self._clock,
            stopping=self._stopping,
            ring=self._ring,
            complain=self._say_unusable,
            unreadable_rests_seconds=self._look_again_seconds,
        )
        self._is_without_spool = False
        if ended is Ended.OTHERS_TURN:
            return TURN_SECONDS
        if ended is Ended.EMPTY:
            self._has_said_unusable = self._is_hampered
            self._is_spooling = False
            self._looks_at = 0.0  # a request may just have been about to add to the spool
            return 0.0
        return self._look_again_seconds

    def _say_unusable(self, error: OSError) -> None:
        # Once, until a replay goes through without.
        self._is_hampered = True
        if not self._has_said_unusable:
            self._has_said_unusable = True
            log.error(
                "spool unusable", extra={"action": "alarm_spool_unusable", "reason": str(error)}
            )

    def _go_spooling(self, reason: str) -> None:
        # Once a second: where database and spool share a full disk, each call may come here.
        if not self._is_spooling and time.monotonic() >= self._warns_at:
            self._warns_at = time.monotonic() + self._look_again_seconds
            log.warning("database away", extra={"action": "database_away", "reason": reason})
        self._is_spooling = True

    def _put_into_spool(self, events: Sequence[NewEvent]) -> Outcome:
        try:
            for batch in inbox.to_batches(events):
                self._spool.append(batch, at=self._clock(), tick=time.monotonic())
        except (SpoolFullError, OSError) as error:
            self._complain(error)
            return Outcome.FULL
        counters.SPOOLED.inc(len(events))
        return Outcome.SPOOLED

    def _complain(self, error: Exception) -> None:
        # Once a second: a log that fills the disk as well would help nobody.
        if time.monotonic() >= self._complains_at:
            self._complains_at = time.monotonic() + self._look_again_seconds
            reason = str(error) or type(error).__name__
            log.error("spool full", extra={"action": "alarm_spool_full", "reason": reason})
