"""Bench: 10,000 messages that wait, drained to a LINE that answers in 50 ms, each exactly once.

The strictest clock: it starts when the processes `work` are started, so their imports count too,
and ends when the last message was accepted.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.bodies import user_id
from tests.bench.figures import Figure, How
from tests.bench.places import Place, place
from tests.bench.processes import START_SECONDS, bot, counts, last_words, ledger, quick_line
from tests.bench.seed import queue_pushes

MESSAGES, QUICK_MESSAGES = 10_000, 1_000
ASKED_PER_SECOND = MESSAGES / 60
LINE_ANSWERS_AFTER_MS = 50
PATIENCE = 5
"""How many times the asked time is waited for."""


def measure(how: How) -> Iterator[Figure]:
    """Drain the queue on each database."""
    for kind in how.databases:
        yield from drained(kind, QUICK_MESSAGES if how.quick else MESSAGES, how.workers)


def drained(kind: str, number: int, workers: int) -> Iterator[Figure]:
    """Let that many workers drain that many messages, on one kind of database."""
    asked = number / ASKED_PER_SECOND
    with place(kind) as where, quick_line(where.folder, delay_ms=LINE_ANSWERS_AFTER_MS) as line:
        queue_pushes(where, number)
        start = time.monotonic()
        with ExitStack() as stack:
            working = [
                stack.enter_context(bot(where, "work", line_url=line)) for _ in range(workers)
            ]
            give_up = start + START_SECONDS + PATIENCE * asked
            while counts(line)["accepted"] < number and time.monotonic() < give_up:
                time.sleep(0.2)
                if not any(worker.is_alive() for worker in working):
                    break
            # An extra message, sent by mistake, would come right after.
            time.sleep(1)
            ended = [worker.log for worker in working if not worker.is_alive()]
        yield from _figures(where, line, number, start, asked, workers)
        yield Figure(
            f"outbox {kind}: workers that ended by themselves",
            "0",
            f"{len(ended)}",
            not ended,
            " ".join(last_words(log) for log in ended),
        )


def _figures(
    where: Place, line: str, number: int, start: float, asked: float, workers: int
) -> Iterator[Figure]:
    entries = ledger(line)
    times = Counter(entry["to"] for entry in entries)
    once = sum(times[user_id(each)] == 1 for each in range(number))
    last = max((entry["at"] for entry in entries), default=start)
    first = min((entry["at"] for entry in entries), default=start)
    is_drained = once == number == len(entries)
    most = counts(line)["mostConnections"]
    yield Figure(
        f"outbox {where.kind}: {number:,} messages by {workers} workers",
        f"< {asked:.0f} s",
        f"{last - start:.1f} s" if is_drained else f"not in {last - start:.0f} s",
        is_drained and last - start < asked,
        f"{len(entries) / (last - first or 1):.0f}/s from the first on, {most} connections at most",
    )
    twice = sum(each > 1 for each in times.values())
    yield Figure(
        f"outbox {where.kind}: lost, sent twice",
        "0, 0",
        f"{number - len(times)}, {twice}",
        is_drained,
    )
    undone = where.number("SELECT count(*) FROM outbox_message WHERE state <> 'done'")
    yield Figure(f"outbox {where.kind}: rows not done", "0", f"{undone}", undone == 0)
