"""Bench: workers and webhook killed at chosen and at random points; what was lost or said twice.

The rounds are those of `tests/scenarios/killing.py`; the tests try a few of them.
"""

import random
from collections import Counter
from collections.abc import Iterator

from tests.bench.figures import Figure, How
from tests.scenarios import killing, mornings

RANDOM_POINTS, QUICK_RANDOM_POINTS = 300, 30
POINTS_OF_A_ROUND = 2
"""At least so many on average: a worker or both at T, none to both at T + 20 s."""
SEED = 2567


def measure(how: How) -> Iterator[Figure]:
    """Let them die, on each database."""
    least = QUICK_RANDOM_POINTS if how.quick else RANDOM_POINTS
    count = least // POINTS_OF_A_ROUND
    chance = random.Random(SEED)
    at_random = [killing.random_deaths(chance) for _ in range(count)]
    rounds = mornings.rounds(len(killing.CHOSEN), count)
    expected = killing.calm(rounds)
    for kind in how.databases:
        told = killing.killed(kind, rounds, [*killing.CHOSEN, *at_random], expected)
        points = told.points.total() - len(killing.CHOSEN)
        yield Figure(
            f"kills {kind}: chosen points, ends at random ones",
            f"20, {least}",
            f"{len(killing.CHOSEN)}, {points}",
            points >= least,
            _places(told.points),
        )
        is_as_calm = not (told.lost or told.twice or told.wrong)
        yield Figure(
            f"kills {kind}: messages lost, said twice, other differences",
            "0, 0, 0",
            f"{len(told.lost)}, {len(told.twice)}, {len(told.wrong)}",
            is_as_calm,
            f"of {expected.taken.total()} messages"
            + "".join(f"; {each}" for each in [*told.lost, *told.twice, *told.wrong][:5]),
        )


def _places(points: Counter[str]) -> str:
    return ", ".join(f"{place} {times}" for place, times in points.most_common())
