"""Whether a record is whole: every kind of tampering with made-up entries is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.record_check import Fault, Found, RecordCheck
from store.types import (
    Act,
    AgencyId,
    DutyId,
    DutyStanding,
    Entry,
    KeptReport,
    PersonId,
    PlanId,
    ProvinceId,
    Seal,
)

HERE, THERE = ProvinceId(1), ProvinceId(2)
NINE = datetime(2024, 1, 3, 2, tzinfo=UTC)
STATES = ("doing", "done", "open", "stuck", "done")


def digest_of(entry: Entry) -> str:
    """Any digest will do here, as long as it covers everything."""
    return sha256(repr(replace(entry, digest="")).encode()).hexdigest()


def signed(entry: Entry) -> Entry:
    return replace(entry, digest=digest_of(entry))


def report(number: int) -> KeptReport:
    """The report that entry `number` tells of: all on duty 7, a minute apart."""
    return KeptReport(
        report_id=100 + number,
        duty_id=DutyId(7),
        agency_id=AgencyId(3),
        person_id=PersonId(5),
        state=STATES[number - 1],
        reason="",
        reason_digest=f"reason {number}",
        at=NINE + timedelta(minutes=number),
        webhook_event_id=f"e{number}",
    )


def chain(count: int = 5) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, count + 1):
        told = report(number)
        details = {
            "report": told.report_id,
            "state": told.state,
            "reason": told.reason_digest,
            "agency": told.agency_id,
            "event": told.webhook_event_id,
        }
        entry = Entry(
            HERE,
            number,
            told.at,
            Act.REPORTED,
            told.person_id,
            told.duty_id,
            json.dumps(details),
            entries[-1].digest if entries else "",
            "",
        )
        entries.append(signed(entry))
    return entries


def faults(entries: list[Entry], sealed: Seal | None = None) -> list[Found]:
    """What is wrong with the chain alone."""
    check = RecordCheck(HERE, digest_of, sealed)
    for entry in entries:
        check.take(entry)
    return check.close()


def faults_beside(
    entries: list[Entry], reports: list[KeptReport], standing: DutyStanding | None
) -> list[Found]:
    """What is wrong with what is kept beside a chain."""
    check = RecordCheck(HERE, digest_of)
    for entry in entries:
        check.take(entry)
    check.take_reports(reports)
    check.take_standings([(DutyId(7), standing)] if standing else [])
    return check.close()


REPORTS = [report(number) for number in range(1, 6)]
STANDING = DutyStanding("done", "", NINE + timedelta(minutes=5))


def test_an_unbroken_record_has_no_fault_and_ends_in_its_seal() -> None:
    check = RecordCheck(HERE, digest_of)
    entries = chain()
    for entry in entries:
        check.take(entry)
    check.take_reports(REPORTS)
    check.take_standings([(DutyId(7), STANDING), (DutyId(8), DutyStanding("open", "", None))])

    assert check.close() == []
    assert check.end == Seal(5, entries[-1].digest)


def test_an_empty_record_is_whole() -> None:
    assert faults([]) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda e: replace(e, province_id=THERE), id="province"),
        pytest.param(lambda e: replace(e, at=e.at + timedelta(microseconds=1)), id="time"),
        pytest.param(lambda e: replace(e, act=Act.TAKEN_BACK), id="act"),
        pytest.param(lambda e: replace(e, person_id=PersonId(6)), id="person"),
        pytest.param(lambda e: replace(e, person_id=None), id="nobody"),
        pytest.param(lambda e: replace(e, duty_id=DutyId(8)), id="duty"),
        pytest.param(lambda e: replace(e, details="{}"), id="details"),
        pytest.param(lambda e: replace(e, previous=""), id="previous"),
        pytest.param(lambda e: replace(e, digest="0" * 64), id="digest"),
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_changed_entry_is_named_and_no_other(
    change: Callable[[Entry], Entry], place: int
) -> None:
    entries = chain()
    changed = change(entries[place])
    if changed == entries[place]:  # the first has no previous one
        changed = replace(changed, previous="0" * 64)
    entries[place] = changed

    assert faults(entries) == [Found(Fault.CHANGED, place + 1)]


def test_an_entry_that_was_changed_and_signed_anew_no_longer_leads_to_the_next() -> None:
    entries = chain()
    entries[2] = signed(replace(entries[2], person_id=PersonId(6)))

    assert faults(entries) == [Found(Fault.OUT_OF_PLACE, 4)]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_deleted_entry_is_missed_by_its_number(place: int) -> None:
    entries = chain()
    del entries[place]

    assert faults(entries) == [Found(Fault.MISSING, place + 1)]


def test_an_end_cut_off_is_found_by_a_seal_alone() -> None:
    entries = chain()
    seal = Seal(5, entries[-1].digest)

    assert faults(entries[:3]) == []
    assert faults(entries[:3], seal) == [Found(Fault.CUT_OFF, 3)]
    assert faults([], seal) == [Found(Fault.CUT_OFF, 0)]


def test_a_record_that_grew_still_fits_its_seal_the_short_one_too() -> None:
    entries = chain()

    assert faults(entries, Seal(3, entries[2].digest)) == []
    assert faults(entries, Seal(3, entries[2].digest[:12])) == []


def test_a_record_written_anew_from_its_start_does_not_fit_the_seal() -> None:
    entries = chain()
    anew: list[Entry] = []
    for entry in entries:
        previous = anew[-1].digest if anew else ""
        anew.append(signed(replace(entry, person_id=PersonId(6), previous=previous)))

    assert faults(anew) == []
    assert faults(anew, Seal(5, entries[-1].digest)) == [Found(Fault.OTHER_SEAL, 5)]


def test_two_that_were_swapped_are_found() -> None:
    entries = chain()
    entries[1], entries[2] = (
        replace(entries[2], number=2),
        replace(entries[1], number=3),
    )

    assert {(each.fault, each.number) for each in faults(entries)} >= {
        (Fault.CHANGED, 2),
        (Fault.CHANGED, 3),
    }


def test_two_that_were_swapped_and_signed_anew_are_found() -> None:
    entries = chain()
    entries[1], entries[2] = (
        signed(replace(entries[2], number=2)),
        signed(replace(entries[1], number=3)),
    )

    assert Found(Fault.OUT_OF_PLACE, 2) in faults(entries)


def test_one_that_stands_twice_is_found() -> None:
    entries = chain()
    entries.insert(2, entries[1])

    assert Found(Fault.OUT_OF_PLACE, 2) in faults(entries)


def test_one_put_in_is_found() -> None:
    entries = chain()
    later = [replace(each, number=each.number + 1) for each in entries[2:]]
    entries[2:] = [signed(replace(entries[1], number=3, previous=entries[1].digest)), *later]

    assert Found(Fault.CHANGED, 4) in faults(entries)


def test_what_is_told_of_another_provinces_duty_is_found() -> None:
    found = faults_beside(chain(), REPORTS, None)

    assert found == [Found(Fault.WRONG_PROVINCE, 5, "duty 7")]


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param(replace(STANDING, state="open"), id="state"),
        pytest.param(replace(STANDING, reason="อื่น"), id="reason"),
        pytest.param(replace(STANDING, changed_at=None), id="time"),
    ],
)
def test_a_duty_that_is_not_what_its_entries_add_up_to_is_found(standing: DutyStanding) -> None:
    assert faults_beside(chain(), REPORTS, standing) == [Found(Fault.STATE, 5, "duty 7")]


def test_a_duty_done_without_any_entry_is_found() -> None:
    assert faults_beside([], [], STANDING) == [Found(Fault.STATE, 0, "duty 7")]


def test_a_report_that_the_record_does_not_know_is_found() -> None:
    found = faults_beside(chain(4), REPORTS, replace(STANDING, state="stuck", changed_at=None))

    assert Found(Fault.NOT_ENTERED, 0, "report 105") in found


def test_a_report_that_is_gone_is_found() -> None:
    found = faults_beside(chain(), REPORTS[1:], STANDING)

    assert found == [Found(Fault.GONE, 1, "report 101")]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda r: replace(r, duty_id=DutyId(8)), id="duty"),
        pytest.param(lambda r: replace(r, agency_id=AgencyId(4)), id="agency"),
        pytest.param(lambda r: replace(r, person_id=PersonId(6)), id="person"),
        pytest.param(lambda r: replace(r, state="done"), id="state"),
        pytest.param(lambda r: replace(r, reason_digest="another"), id="reason"),
        pytest.param(lambda r: replace(r, at=NINE), id="time"),
        pytest.param(lambda r: replace(r, webhook_event_id="e9"), id="event"),
    ],
)
def test_a_report_that_says_another_thing_than_its_entry_is_found(
    change: Callable[[KeptReport], KeptReport],
) -> None:
    reports = [change(REPORTS[0]), *REPORTS[1:]]

    assert faults_beside(chain(), reports, STANDING) == [Found(Fault.DIFFERS, 1, "report 101")]


def test_an_erased_reason_is_no_fault() -> None:
    reports = [replace(REPORTS[0], reason_digest=None), *REPORTS[1:]]

    assert faults_beside(chain(), reports, STANDING) == []


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        pytest.param({(PlanId(1), 2): "c"}, [], id="as told"),
        pytest.param({}, [Found(Fault.GONE, 1, "plan 1 version 2")], id="gone"),
        pytest.param(
            {(PlanId(1), 2): "d"}, [Found(Fault.DIFFERS, 1, "plan 1 version 2")], id="rewritten"
        ),
    ],
)
def test_a_version_of_a_plan_is_what_was_put_in_force(
    kept: dict[tuple[PlanId, int], str], found: list[Found]
) -> None:
    details = json.dumps({"plan": 1, "version": 2, "content": "c"})
    check = RecordCheck(HERE, digest_of)
    check.take(signed(Entry(HERE, 1, NINE, Act.PLAN_IN_FORCE, None, None, details, "", "")))

    check.take_plans(kept)

    assert check.close() == found


JUNK = st.sampled_from(["", "{", "[]", "null", '{"report": []}', '{"report": {"a": 1}}', "7"])


@given(details=JUNK, act=st.sampled_from(["", "reported", "plan_in_force", "x"]))
def test_senseless_details_are_found_and_stop_nothing(details: str, act: str) -> None:
    entries = chain()
    entries[2] = replace(entries[2], details=details, act=act)

    assert faults_beside(entries, REPORTS, STANDING)[0] == Found(Fault.CHANGED, 3)


@given(data=st.data())
def test_any_deletion_before_the_end_and_any_reordering_is_found(data: st.DataObject) -> None:
    entries = chain()
    kept = data.draw(st.lists(st.sampled_from(entries), max_size=7))

    is_whole = kept == entries[: len(kept)]

    assert (faults(kept) == []) is is_whole
