"""The law of edits over some dozens; `make bench-edits` tries a thousand."""

from store.database import Engine
from tests.scenarios.plan_edits import Edits


def test_every_change_corrects_who_was_told_and_leaves_nothing_stale(engine: Engine) -> None:
    tally = Edits(engine, seed=2567).run(40)

    assert tally.faults == []
    assert tally.corrections > 10
    assert len(tally.edits) == 7
