"""What the doctor reads of the tables, with the smallest rows that show it."""

from datetime import UTC, datetime, timedelta

import pytest

from store import checkup, outbox, people, workers
from store.checkup import Kept
from store.database import DatabaseError, Engine, open_database, transaction
from store.models import OutboxMessage, QueueState
from tests.bot.queue_rows import GROUP, execute, keep, queue, said
from tests.conftest import EMPTY
from tests.databases import SqliteFiles

NOW = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)


def kept(engine: Engine) -> Kept:
    with transaction(engine) as session:
        return checkup.kept(session, at=NOW)


def test_empty_tables_tell_of_nothing(engine: Engine) -> None:
    assert kept(engine) == Kept(0, None, 0, 0, 0, 0, 0, {}, None, None)


def test_the_newest_event_is_told_by_when_it_came(engine: Engine) -> None:
    keep(engine, said("1", "ก", NOW), at=NOW - timedelta(hours=1))
    keep(engine, said("2", "ข", NOW - timedelta(days=1)), at=NOW)

    found = kept(engine)

    assert (found.events, found.last_event_at) == (2, NOW)


def test_only_an_event_that_line_redelivered_is_evidence_of_redelivery(engine: Engine) -> None:
    claim = '"deliveryContext":{"isRedelivery":true}'
    keep(engine, said("1", claim, NOW), at=NOW)
    before = kept(engine).redelivered

    keep(engine, said("2", "ก", NOW, deliveryContext={"isRedelivery": True}), at=NOW)

    assert (before, kept(engine).redelivered) == (0, 1)


def test_invitations_and_bound_groups_are_counted(engine: Engine) -> None:
    keep(engine, said("1", "", NOW, type="join"), at=NOW)
    execute(engine, "INSERT INTO province (name) VALUES ('P')")
    with transaction(engine) as session:
        people.set_bot_inside(session, GROUP, is_inside=True, at=NOW)
    unbound = kept(engine)

    execute(engine, "UPDATE chat SET province_id = 1")
    bound = kept(engine)
    execute(engine, "UPDATE chat SET is_bot_inside = false")
    left = kept(engine)

    assert (unbound.times_joined, unbound.groups_bound) == (1, 0)
    assert (bound.groups_bound, left.groups_bound) == (1, 0)


def test_the_last_sign_of_a_worker_and_the_longest_wait_are_told(engine: Engine) -> None:
    keep(engine, said("1", "ก", NOW), at=NOW - timedelta(minutes=1))
    with transaction(engine) as session:
        workers.beat(session, "worker", at=NOW)

    found = kept(engine)

    assert (found.last_beat_at, found.oldest_waiting_at) == (NOW, NOW - timedelta(minutes=1))


def test_what_is_parked_is_counted_in_both_queues(engine: Engine) -> None:
    keep(engine, said("1", "ก", NOW), said("2", "ข", NOW), at=NOW)
    queue(engine, "k", at=NOW)
    execute(engine, f"UPDATE inbox_event SET state = '{QueueState.PARKED}'")
    execute(engine, f"UPDATE {OutboxMessage.__tablename__} SET state = '{QueueState.PARKED}'")

    found = kept(engine)

    assert (found.parked_events, found.parked_messages) == (2, 1)


@pytest.mark.parametrize(
    ("until", "holds"),
    [(None, True), (NOW + timedelta(seconds=1), True), (NOW, False)],
)
def test_a_stop_counts_until_it_ends(
    engine: Engine, until: datetime | None, *, holds: bool
) -> None:
    with transaction(engine) as session:
        outbox.stop_sending(session, "month", until=until)

    assert kept(engine).stops == ({"month": until} if holds else {})


def test_a_file_that_may_only_be_read_is_told_from_one_that_may_be_written(
    sqlite: SqliteFiles,
) -> None:
    engine = sqlite.fresh(EMPTY)
    reading = open_database(f"sqlite:///file:{engine.url.database}?mode=ro&uri=true")

    with transaction(engine) as session:
        assert checkup.refuses_writes(session) is False
    with transaction(reading) as session:
        assert checkup.refuses_writes(session) is True
    reading.dispose()


def test_a_table_that_is_not_there_is_no_sign_of_a_database_to_be_read(engine: Engine) -> None:
    execute(engine, "DROP TABLE stop")

    with transaction(engine) as session, pytest.raises(DatabaseError):
        checkup.refuses_writes(session)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///bot.sqlite3", "bot.sqlite3"),
        ("sqlite:////srv/bot.sqlite3", "/srv/bot.sqlite3"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:bot.sqlite3?uri=true", None),
        ("postgresql://db/bot", None),
    ],
)
def test_a_sqlite_file_is_named_where_there_is_one(url: str, file: str | None) -> None:
    assert checkup.sqlite_file(open_database(url)) == file
