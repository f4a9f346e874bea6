"""Answers that take a while: one thread asks, the callers wait a little or take the last one."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

ASK_AGAIN_SECONDS = 1.0
"""Answers are kept so long, so that no caller can make the database work by asking often."""
LONGEST_KEPT_SECONDS = 30.0

log = logging.getLogger(__name__)

Answer = tuple[str, int]
"""A text and the HTTP status that goes with it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    until: float
    """In monotonic seconds."""


class Question:
    """Something that is asked over and over, by many at once, of one who may not answer."""

    def __init__(
        self,
        ask: Callable[[], Answer],
        unanswered: Callable[[], Answer],
        *,
        patience: float,
        kept_times: int = 0,
    ) -> None:
        """`unanswered` stands in for an answer that is not there after `patience`, in seconds.

        An answer is kept for a second, or for `kept_times` as long as it took, 30 s at most.
        """
        self._kept_times = kept_times
        self._ask, self._unanswered, self._patience = ask, unanswered, patience
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._asked_at: float | None = None
        self._answered = threading.Event()

    def answer(self) -> Answer:
        """Return a fresh answer, or within the patience what there is in place of one.

        Only the caller that asks first waits.  Those that come meanwhile are given the last
        answer, unless the one that is asked has been mute for longer than the patience.
        """
        now = time.monotonic()
        with self._lock:
            kept, asked_at = self._kept, self._asked_at
            if kept is not None and now < kept.until:
                return kept.answer
            if asked_at is None:
                self._asked_at = now
                self._answered.clear()
        if asked_at is None:
            # A thread of its own: no timeout ends a call to a server that is frozen.
            threading.Thread(target=self._find_out, args=(now,), name="asking", daemon=True).start()
            kept = self._kept if self._answered.wait(self._patience) else None
            if kept is None:
                log.warning("not ready", extra={"action": "not_ready", "reason": "no answer"})
        elif now - asked_at >= self._patience:
            kept = None
        return self._unanswered() if kept is None else kept.answer

    def _find_out(self, asked_at: float) -> None:
        try:
            answer = self._ask()
        except Exception:
            log.exception("request failed", extra={"action": "request_failed"})
            answer = ("internal error", 500)
        now = time.monotonic()
        lasts = min(self._kept_times * (now - asked_at), LONGEST_KEPT_SECONDS)
        self._kept = _Kept(answer, now + max(ASK_AGAIN_SECONDS, lasts))
        self._asked_at = None
        self._answered.set()
