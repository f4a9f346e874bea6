"""Bench: ten thousand events doubled, shuffled and mixed with nonsense against the orderly run.

What is promised of which order stands in `tests/scenarios/chaos.py`.
"""

import time
from collections.abc import Iterator

from tests.bench.figures import Figure, How
from tests.scenarios import chaos
from tests.scenarios.life import Life

EVENTS, QUICK_EVENTS = 10_000, 1_000
SEED = 2567


def measure(how: How) -> Iterator[Figure]:
    """Tell one life in order, then in chaos, on each database."""
    count = QUICK_EVENTS if how.quick else EVENTS
    life = Life(SEED, count)
    expected = chaos.in_order(life)
    facts = sum(each.total() for each in expected.values())
    for kind in how.databases:
        for name, run in (
            ("all before work begins", chaos.by_night),
            ("mixed up in bodies while work goes on", chaos.by_day),
        ):
            start = time.monotonic()
            found = chaos.differences(expected, run(life, kind))
            yield Figure(
                f"chaos {kind}: {count:,} events, {name}: facts that differ",
                "0",
                f"{len(found)}",
                not found,
                f"of {facts:,}, {expected['reports'].total():,} of them reports,"
                f" {time.monotonic() - start:.0f} s" + "".join(f"; {each}" for each in found[:5]),
            )
