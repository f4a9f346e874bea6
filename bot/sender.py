"""Loop: many hands wait for LINE at once, one thread claims tries and records what LINE said."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import outbox
from bot.clock import Clock, bangkok_date
from bot.desk import NO_DESK, Desk
from bot.outbox import LEASE, Ready
from bot.sending import Line, SendError, Sent
from handlers.holiday_calendar import working_calendar
from store.database import DatabaseError, Engine, is_away, is_contended
from store.outbox import Try
from store.types import OutboxId

HANDS = 16
"""Calls to LINE at a time; at 50 ms each that is 320 messages a second."""
MOST_PUSHES = 12
"""Of these, so that answers get through where pushes hang."""
MOST_RENEWALS = 5
"""Of one try's lease: a call that takes over a minute is as good as lost."""
STOP_SECONDS = 4.0
"""How long calls in hand may take to end when the process is asked to."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Call:
    this_try: Try
    is_push: bool
    leased_until: datetime
    renewals_left: int = MOST_RENEWALS


class Sender:
    """Sends what is due; all of the database is in the thread that calls `step`.

    The hands are daemons: a call that hangs holds up no process that is asked to end, and the
    message is tried again with the same retry key.
    """

    def __init__(
        self,
        engine: Engine,
        line: Line,
        clock: Clock,
        ring: Callable[[], None],
        *,
        stop_seconds: float = STOP_SECONDS,
        desk: Desk = NO_DESK,
    ) -> None:
        """`ring` wakes the thread that calls `step`."""
        self._links = desk.links
        self._stop_seconds = stop_seconds
        self._engine, self._line, self._clock, self._ring = engine, line, clock, ring
        self._todo: queue.SimpleQueue[Ready | None] = queue.SimpleQueue()
        self._said: queue.SimpleQueue[tuple[Ready, Sent | SendError]] = queue.SimpleQueue()
        self._unrecorded: list[tuple[Ready, Sent | SendError]] = []
        self._in_hand: dict[OutboxId, _Call] = {}

    def start(self) -> None:
        """Start the hands."""
        for number in range(HANDS):
            threading.Thread(target=self._hand, name=f"hand-{number}", daemon=True).start()

    def step(self) -> bool:
        """Record what LINE has said, and give the free hands what is due; whether there was any."""
        recorded = self.record()
        self._renew()
        free = HANDS - len(self._in_hand)
        if free <= 0:
            return recorded
        now = self._clock()
        pushes = sum(call.is_push for call in self._in_hand.values())
        claimed = outbox.claim(
            self._engine,
            working_calendar(bangkok_date(now)),
            now=now,
            most=free,
            most_pushes=min(free, MOST_PUSHES - pushes),
            but=[each for each, call in self._in_hand.items() if call.leased_until <= now],
            links=self._links,
        )
        for ready in claimed.ready:
            message = ready.message
            self._in_hand[message.outbox_id] = _Call(
                ready.this_try, message.reply_token is None, now + LEASE
            )
            self._todo.put(ready)
        return recorded or bool(claimed.ready or claimed.decided)

    def record(self) -> bool:
        """Record what LINE has said; what the database does not take is kept for the next time."""
        while not self._said.empty():
            self._unrecorded.append(self._said.get())
        said = self._unrecorded[:]
        if said:
            self._record(said)
            del self._unrecorded[: len(said)]
            for ready, _ in said:
                self._in_hand.pop(ready.message.outbox_id, None)
        return bool(said)

    def _renew(self) -> None:
        """Keep the leases of calls that take long: nobody else is to repeat what may yet arrive."""
        now = self._clock()
        long = [
            call
            for call in self._in_hand.values()
            if call.leased_until - now < LEASE / 2 and call.renewals_left
        ]
        if long:
            outbox.renew(self._engine, [call.this_try for call in long], now=now)
        for call in long:
            call.leased_until = now + LEASE
            call.renewals_left -= 1

    def finish(self, bell: threading.Event) -> None:
        """Let the calls in hand end, for some seconds, and record them; the hands end."""
        until = time.monotonic() + self._stop_seconds
        while self._in_hand and time.monotonic() < until:
            bell.clear()
            self.record()
            if self._in_hand:
                bell.wait(0.1)
        if self._in_hand:
            log.warning("tries left", extra={"action": "tries_left", "count": len(self._in_hand)})
        for _ in range(HANDS):
            self._todo.put(None)

    def _record(self, said: Sequence[tuple[Ready, Sent | SendError]]) -> None:
        try:
            outbox.record(self._engine, said, now=self._clock())
        except Exception as error:
            if isinstance(error, DatabaseError) and (is_away(error) or is_contended(error)):
                raise
            if len(said) > 1:
                for each in said:
                    self._record([each])
                return
            # A bug: when the lease has run out the message is tried again, with the same key.
            row = said[0][0].message.outbox_id
            log.exception("not recorded", extra={"action": "outcome_not_recorded", "row": row})

    def _hand(self) -> None:
        while (ready := self._todo.get()) is not None:
            said = outbox.call(self._line, ready)
            self._said.put((ready, said))
            self._ring()
