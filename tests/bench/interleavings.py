"""Bench: a thousand times two acts or more at once on one thing, worked by two processes.

What acts these are, and which outcomes are right, stands in `tests/scenarios/interleavings.py`.
"""

import time
from collections import Counter
from collections.abc import Iterator

from tests.bench.figures import Figure, How
from tests.scenarios.interleavings import interleaved

INTERLEAVINGS, QUICK_INTERLEAVINGS = 1_000, 60
SEED = 2567


def measure(how: How) -> Iterator[Figure]:
    """Play them on each database."""
    count = QUICK_INTERLEAVINGS if how.quick else INTERLEAVINGS
    for kind in how.databases:
        start = time.monotonic()
        told = interleaved(kind, count, SEED)
        outcomes = Counter(name for name, _ in told.orders)
        yield Figure(
            f"interleavings {kind}: of {count:,}, recorded wrongly, twice or not as acknowledged",
            "0",
            f"{len(told.faults)}",
            not told.faults and told.count == count,
            f"{len(outcomes)} cases, {len(told.orders)} outcomes,"
            f" {time.monotonic() - start:.0f} s" + "".join(f"; {each}" for each in told.faults[:5]),
        )
