"""Random acts of random people break no law, over some dozens; `make bench-acts` plays 10,000."""

from store.types import Act
from tests.databases import Databases, PostgresqlDatabases
from tests.scenarios.acting import LAWS, play
from tests.scenarios.facts import TABLES
from tests.scenarios.rights import DEEDS


def test_whoever_does_whatever_only_what_is_allowed_is_done_and_recorded(
    databases: Databases,
) -> None:
    # There each sequence takes the making of a database besides.
    sequences = 8 if isinstance(databases, PostgresqlDatabases) else 25

    tally = play(databases, sequences=sequences, number=2568)

    assert tally.sequences >= sequences
    assert tally.entries > 3
    assert tally.refused > 20


def test_every_entry_of_the_record_is_some_deed_and_laws_are_of_tables_that_exist() -> None:
    assert set(DEEDS) == set(Act)
    assert set(LAWS) <= set(TABLES)
