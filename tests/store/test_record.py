"""The record as it is kept: chained in each province, and whatever is tampered with is found."""

import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert

from handlers import record_audit
from store import agencies, record
from store.database import Engine, open_database, open_snapshot, transaction
from store.models import Report
from store.types import Act, ProvinceId, Seal
from tests.databases import Databases, SqliteFiles
from tests.factories import NOON, put_plan, put_province
from tests.store.record_rows import MIDDLE, YEAR, alter

THREADS, ACTS_EACH = 6, 15


@pytest.fixture
def year(databases: Databases) -> Engine:
    """Chiang Mai and Lamphun after some acts."""
    return databases.fresh(YEAR)


def checked(engine: Engine, name: str = "เชียงใหม่", seal: Seal | None = None) -> list[str]:
    """What is wrong with a province's record, each as "fault" or "fault row"."""
    with transaction(open_snapshot(engine)) as session:
        province = agencies.province_id(session, name)
        assert province is not None
        found = record_audit.check(session, province, seal).faults
    return [f"{each.fault} {each.row.split(' ')[0]}".strip() for each in found]


def seal_of(engine: Engine) -> Seal:
    with transaction(engine) as session:
        return record.seal(session, agencies.provinces(session)[0])


def provinces(engine: Engine) -> tuple[ProvinceId, ProvinceId]:
    with transaction(engine) as session:
        first = put_province(session)
        second = put_province(session, "ลำพูน", {"เมือง": ("เวียง",)})
    return first, second


def test_acts_are_numbered_and_chained_in_each_province_by_itself(engine: Engine) -> None:
    here, there = provinces(engine)

    with transaction(engine) as session:
        numbers = [
            record.append(session, each, Act.GROUP_BOUND, person=None, details={"chat": 1}, at=NOON)
            for each in (here, there, here)
        ]
        kept = {each: list(record.entries(session, each)) for each in (here, there)}

    assert numbers == [1, 1, 2]
    assert kept[here][0].previous == kept[there][0].previous == ""
    assert kept[here][1].previous == kept[here][0].digest
    assert kept[here][1].digest == record.digest_of(kept[here][1])
    assert kept[here][1].facts == {"chat": 1}


def test_an_act_that_is_undone_leaves_no_number_out(engine: Engine) -> None:
    here, _ = provinces(engine)

    with transaction(engine) as session:
        undone = record.append(session, here, Act.GROUP_BOUND, person=None, details={}, at=NOON)
        session.rollback()
    with transaction(engine) as session:
        number = record.append(session, here, Act.GROUP_BOUND, person=None, details={}, at=NOON)

    assert undone == number == 1


def test_a_record_of_real_acts_is_whole(year: Engine) -> None:
    assert checked(year) == checked(year, "ลำพูน") == []


REPORTED = "id = (SELECT min(id) FROM record_entry WHERE act = 'reported' AND province_id = 1)"
TAMPERED = [
    pytest.param(
        "UPDATE record_entry SET province_id = (SELECT max(id) FROM province), number = 99"
        f" WHERE {MIDDLE}",
        "missing",
    ),
    pytest.param(f"UPDATE record_entry SET number = 99 WHERE {MIDDLE}", "missing"),
    pytest.param(f"UPDATE record_entry SET at = '2024-01-01 00:00:00' WHERE {MIDDLE}", "changed"),
    pytest.param(f"UPDATE record_entry SET act = 'taken_back' WHERE {MIDDLE}", "changed"),
    pytest.param(f"UPDATE record_entry SET person_id = 4 WHERE {REPORTED}", "changed"),
    pytest.param(f"UPDATE record_entry SET person_id = NULL WHERE {REPORTED}", "changed"),
    pytest.param(f"UPDATE record_entry SET duty_id = duty_id + 1 WHERE {REPORTED}", "changed"),
    pytest.param(f"UPDATE record_entry SET duty_id = NULL WHERE {REPORTED}", "changed"),
    pytest.param(f"UPDATE record_entry SET details = 'junk' WHERE {MIDDLE}", "changed"),
    pytest.param(f"UPDATE record_entry SET previous = '' WHERE {MIDDLE}", "changed"),
    pytest.param(f"UPDATE record_entry SET digest = '' WHERE {MIDDLE}", "changed"),
    pytest.param(f"DELETE FROM record_entry WHERE {MIDDLE}", "missing"),
    pytest.param("UPDATE duty SET state = 'done' WHERE id = 50", "state duty"),
    pytest.param("UPDATE duty SET state = 'open' WHERE state = 'done'", "state duty"),
    pytest.param("UPDATE duty SET reason = 'x' WHERE state = 'done'", "state duty"),
    pytest.param("UPDATE duty SET changed_at = NULL WHERE state = 'done'", "state duty"),
    pytest.param("UPDATE report SET person_id = 4 WHERE reason <> ''", "differs report"),
    pytest.param("UPDATE report SET state = 'doing' WHERE reason <> ''", "differs report"),
    pytest.param("UPDATE report SET reason = 'ไฟดับ' WHERE reason <> ''", "differs report"),
    pytest.param("UPDATE report SET salt = 'x' WHERE reason <> ''", "differs report"),
    pytest.param(
        "UPDATE report SET reported_at = '2024-01-01 00:00:00' WHERE reason <> ''", "differs report"
    ),
    pytest.param("UPDATE report SET webhook_event_id = '' WHERE reason <> ''", "differs report"),
    pytest.param("DELETE FROM report WHERE reason <> ''", "gone report"),
    pytest.param(
        "INSERT INTO report (duty_id, person_id, state, reason, reported_at, webhook_event_id)"
        " SELECT duty_id, person_id, state, reason, reported_at, 'made up' FROM report"
        " WHERE reason <> ''",
        "not_entered report",
    ),
    pytest.param("UPDATE plan_version SET content = '{}' WHERE plan_id = 1", "differs plan"),
    pytest.param("DELETE FROM plan_version WHERE plan_id = 1", "gone plan"),
]


@pytest.mark.parametrize(("statement", "fault"), TAMPERED)
def test_whatever_is_tampered_with_is_found(year: Engine, statement: str, fault: str) -> None:
    alter(year, statement)

    assert fault in checked(year)


def test_a_time_that_is_none_is_found(sqlite: SqliteFiles) -> None:
    """SQLite keeps whatever it is given."""
    year = sqlite.fresh(YEAR)

    alter(year, f"UPDATE record_entry SET at = 'x' WHERE {MIDDLE}")

    assert checked(year) == ["changed"]


def test_a_number_that_is_none_is_found(sqlite: SqliteFiles) -> None:
    year = sqlite.fresh(YEAR)

    alter(year, f"UPDATE record_entry SET number = 'x' WHERE {MIDDLE}")

    assert {"missing", "changed"} <= set(checked(year))


def test_an_end_that_is_cut_off_is_found_by_the_seal(year: Engine) -> None:
    seal = seal_of(year)

    alter(
        year,
        f"DELETE FROM record_entry WHERE province_id = 1 AND number = {seal.number}",
    )

    assert "cut_off" in checked(year, seal=seal)


def test_two_entries_that_were_swapped_are_found(year: Engine) -> None:
    alter(
        year,
        "UPDATE record_entry SET number = -1 WHERE province_id = 1 AND number = 3",
        f"UPDATE record_entry SET number = 3 WHERE {MIDDLE}",
        "UPDATE record_entry SET number = 4 WHERE province_id = 1 AND number = -1",
    )

    assert checked(year).count("changed") == 2


def test_an_entry_put_in_at_the_end_is_found(year: Engine) -> None:
    alter(
        year,
        "INSERT INTO record_entry (province_id, number, at, act, person_id, duty_id, details,"
        " previous, digest) SELECT province_id, 1000, at, act, person_id, duty_id, details,"
        f" previous, digest FROM record_entry WHERE {MIDDLE}",
    )

    assert {"missing", "changed"} <= set(checked(year))


def test_what_is_tampered_with_in_one_province_leaves_the_other_whole(year: Engine) -> None:
    alter(year, f"DELETE FROM record_entry WHERE {MIDDLE}")

    assert checked(year) != []
    assert checked(year, "ลำพูน") == []


def test_acts_at_the_same_time_make_one_unbroken_chain_in_each_province(engine: Engine) -> None:
    here, there = provinces(engine)
    numbers: list[tuple[ProvinceId, int]] = []

    def act(place: int) -> None:
        own = open_database(engine.url.render_as_string(hide_password=False))
        province = (here, there)[place % 2]
        for turn in range(ACTS_EACH):
            with transaction(own) as session:
                at = NOON + timedelta(seconds=turn)
                number = record.append(
                    session, province, Act.GROUP_BOUND, person=None, details={"by": place}, at=at
                )
            numbers.append((province, number))
        own.dispose()

    threads = [threading.Thread(target=act, args=(place,)) for place in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    all_of_one = range(1, THREADS // 2 * ACTS_EACH + 1)
    assert sorted(numbers) == sorted(
        itertools.product((here, there), all_of_one),
    )
    assert checked(engine) == checked(engine, "ลำพูน") == []


def test_more_reports_than_are_read_at_once_are_all_read(year: Engine) -> None:
    with transaction(year) as session:
        province = agencies.provinces(session)[0]
        first, *_ = record.reports(session, province)
        known = session.get_one(Report, first.report_id)
        columns = Report.__table__.columns.keys()
        again = {name: getattr(known, name) for name in columns if name != "id"}
        session.execute(insert(Report), [again] * record.ROWS_AT_ONCE)

    with transaction(year) as session:
        read = [each.report_id for each in record.reports(session, province)]

    assert len(set(read)) == len(read) > record.ROWS_AT_ONCE


def test_checking_waits_for_no_writer_and_no_writer_waits_for_it(year: Engine) -> None:
    with transaction(open_snapshot(year)) as reading:
        before = record.seal(reading, agencies.provinces(reading)[0])
        with transaction(year) as session:
            province = agencies.provinces(session)[0]
            record.append(session, province, Act.GROUP_BOUND, person=None, details={}, at=NOON)
        after = record.seal(reading, agencies.provinces(reading)[0])

    assert before == after
    assert seal_of(year).number == before.number + 1


def test_a_plan_put_in_force_is_entered_with_its_content(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        put_plan(session, province)

        (entry,) = record.entries(session, province)
        digests = record.plan_digests(session, province)

    assert entry.act == Act.PLAN_IN_FORCE
    assert entry.person_id is None
    assert [entry.facts["content"]] == list(digests.values())
