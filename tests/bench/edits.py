"""Bench: a thousand random edits of a plan with reminders in every state; the law is broken never.

What the law is and how it is judged stands in `tests/scenarios/plan_edits.py`.
"""

import logging
import time
from collections.abc import Iterator

from tests.bench.figures import Figure, How
from tests.bench.places import place
from tests.bench.seed import opened
from tests.scenarios.plan_edits import Edits, Tally

WORLDS, QUICK_WORLDS = 20, 2
ROUNDS = 40
"""Of each world; a round is one edit or two, so that 20 worlds make a thousand at least."""
SEED = 2567


def measure(how: How) -> Iterator[Figure]:
    """Edit many small provinces' plans, on each database."""
    # What LINE is made to refuse is logged as an alarm, thousands of times.
    logging.getLogger("bot").setLevel(logging.CRITICAL)
    for kind in how.databases:
        start = time.monotonic()
        worlds = QUICK_WORLDS if how.quick else WORLDS
        tallies = [_lived(kind, SEED + number) for number in range(worlds)]
        edits = sum(each.edits.total() for each in tallies)
        corrections = sum(each.corrections for each in tallies)
        detail = f"{edits:,} edits, {corrections:,} corrections, {time.monotonic() - start:.0f} s"
        for name, found in (
            ("stale notices after confirm", [f for each in tallies for f in each.stale]),
            ("corrections missing or too many", [f for each in tallies for f in each.owed]),
            ("undone to another content", [f for each in tallies for f in each.undone]),
        ):
            yield Figure(
                f"edits {kind}: {name}",
                "0",
                f"{len(found)}",
                not found,
                "; ".join([detail, *found[:3]]),
            )


def _lived(kind: str, seed: int) -> Tally:
    with place(kind) as where, opened(where) as engine:
        return Edits(engine, seed).run(ROUNDS)
