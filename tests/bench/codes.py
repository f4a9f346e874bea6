"""Bench: ten thousand codes guessed by a hundred people; how many of them are ever looked up."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from handlers.registration import MOST_TRIES
from tests.bench.figures import Figure, How
from tests.bench.places import Place, place
from tests.bench.seed import opened
from tests.factories import NOON
from tests.scenarios.guesses import looked_at

GUESSES, QUICK_GUESSES = 10_000, 1_000
PEOPLE, QUICK_PEOPLE = 100, 20


def measure(how: How) -> Iterator[Figure]:
    """Let codes be guessed on each database, all within one hour, worked by several processes."""
    guesses, people = (QUICK_GUESSES, QUICK_PEOPLE) if how.quick else (GUESSES, PEOPLE)
    for kind in how.databases:
        start = time.monotonic()
        with place(kind) as where:
            found = _looked_at(where, guesses, people, how.workers)
        allowed = people * MOST_TRIES
        yield Figure(
            f"codes {kind}: looked up of {guesses:,} guesses by {people} people",
            f"<= {allowed:,}",
            f"{found:,}",
            found <= allowed,
            f"{time.monotonic() - start:.0f} s",
        )


def _looked_at(where: Place, guesses: int, people: int, processes: int) -> int:
    """Share the guesses out to processes, so that one person's are counted by all of them."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        shares = [(each, processes) for each in range(processes)]
        guessing = [pool.submit(_guess, where, guesses, people, each) for each in shares]
        return sum(each.result() for each in guessing)


def _guess(where: Place, guesses: int, people: int, share: tuple[int, int]) -> int:
    with opened(where) as engine:
        return looked_at(engine, guesses=guesses, people=people, at=NOON, share=share)
