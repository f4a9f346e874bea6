"""Bench: ten thousand codes guessed by a hundred people; how many of them are ever looked up."""

import time
from collections.abc import Iterator

from handlers.registration import MOST_TRIES
from tests.bench.figures import Figure, How
from tests.bench.places import place
from tests.bench.seed import opened
from tests.factories import NOON
from tests.scenarios.guesses import looked_at

GUESSES, QUICK_GUESSES = 10_000, 1_000
PEOPLE, QUICK_PEOPLE = 100, 20


def measure(how: How) -> Iterator[Figure]:
    """Let codes be guessed on each database, all within one hour."""
    guesses, people = (QUICK_GUESSES, QUICK_PEOPLE) if how.quick else (GUESSES, PEOPLE)
    for kind in how.databases:
        start = time.monotonic()
        with place(kind) as where, opened(where) as engine:
            found = looked_at(engine, guesses=guesses, people=people, at=NOON)
        allowed = people * MOST_TRIES
        yield Figure(
            f"codes {kind}: looked up of {guesses:,} guesses by {people} people",
            f"<= {allowed:,}",
            f"{found:,}",
            found <= allowed,
            f"{time.monotonic() - start:.0f} s",
        )
