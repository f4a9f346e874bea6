"""Events doubled, shuffled, malformed, of things that are gone: the facts are the orderly ones."""

import pytest

from tests.scenarios import chaos
from tests.scenarios.chaos import Facts
from tests.scenarios.life import Life
from tests.scenarios.place import KINDS

SEED, EVENTS = 2567, 300


@pytest.fixture(scope="module")
def life() -> Life:
    return Life(SEED, EVENTS)


@pytest.fixture(scope="module")
def orderly(life: Life) -> Facts:
    return chaos.in_order(life)


def test_the_life_moves_everything(orderly: Facts) -> None:
    states = {state for _, _, _, state, _ in orderly["duties"]}

    assert states == {"open", "doing", "done", "stuck"}
    assert orderly["reports"].total() > EVENTS / 10
    assert all(orderly[name] for name in ("people", "posts", "chats", "members", "answers"))
    assert not orderly["undone"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_kept_in_chaos_before_work_begins_leads_to_the_same(
    kind: str, life: Life, orderly: Facts
) -> None:
    found = chaos.by_night(life, kind)

    assert chaos.differences(orderly, found) == []


@pytest.mark.parametrize("kind", KINDS)
def test_mixed_up_within_bodies_while_work_goes_on_leads_to_the_same(
    kind: str, life: Life, orderly: Facts
) -> None:
    found = chaos.by_day(life, kind)

    assert chaos.differences(orderly, found) == []
