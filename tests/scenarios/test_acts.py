"""Random acts of random people break no law, over some dozens; `make bench-acts` plays 10,000."""

from store.types import Act
from tests.databases import Databases
from tests.scenarios.acting import LAWS, play
from tests.scenarios.facts import TABLES
from tests.scenarios.rights import DEEDS


def test_whoever_does_whatever_only_what_is_allowed_is_done_and_recorded(
    databases: Databases,
) -> None:
    tally = play(databases, sequences=25, number=2567)

    assert tally.sequences >= 25
    assert tally.entries > 5
    assert tally.refused > 50


def test_every_entry_of_the_record_is_some_deed_and_laws_are_of_tables_that_exist() -> None:
    assert set(DEEDS) == set(Act)
    assert set(LAWS) <= set(TABLES)
