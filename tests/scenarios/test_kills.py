"""Two workers and the webhook, killed at chosen and random points: all is said, and once."""

import random
from collections import Counter

import pytest

from tests.scenarios import killing, mornings
from tests.scenarios.killing import CHOSEN, Calm, Deaths
from tests.scenarios.place import KINDS

NAMES = (
    "an event's facts and answer written, not committed",
    "LINE about to be called with a push",
    "LINE took a push, not recorded",
    "a job's ring not committed",
    "the second dies having sent a push again",
    "both at once, before their calls",
    "alone, giving back the tries of the dead",
    "the webhook, while it keeps a batch",
)
"""Of the chosen points those tried here; `python -m tests.bench kills` tries all."""
RANDOM_ROUNDS, SEED = 4, 2567
LEAST_POINTS = 20


@pytest.fixture(scope="module")
def deaths() -> list[Deaths]:
    chance = random.Random(SEED)
    chosen = [each for each in CHOSEN if each.name in NAMES]
    assert len(chosen) == len(NAMES)
    return [*chosen, *(killing.random_deaths(chance) for _ in range(RANDOM_ROUNDS))]


@pytest.fixture(scope="module")
def planned() -> list[mornings.Round]:
    return mornings.rounds(len(NAMES), RANDOM_ROUNDS)


@pytest.fixture(scope="module")
def calm(planned: list[mornings.Round]) -> Calm:
    """What is said and known when nobody dies."""
    return killing.calm(planned)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_killed_all_is_said_once(
    kind: str, planned: list[mornings.Round], deaths: list[Deaths], calm: Calm
) -> None:
    told = killing.killed(kind, planned, deaths, calm)

    assert told.points.total() >= LEAST_POINTS, told.points
    assert (told.lost, told.twice, told.wrong) == ([], [], [])


def test_the_calm_run_says_something(calm: Calm) -> None:
    how = Counter(endpoint for endpoint, _, _ in calm.taken.elements())

    assert how["reply"] >= len(NAMES) * mornings.REPORTERS
    assert how["push"] >= len(NAMES)
