"""Duties: found by whose they are, counted by step, moved by the faster of two."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import agencies, duties, people, plans
from store.database import Engine, Session, transaction
from store.models import Report
from store.types import AgencyKind, Count, DutyId, DutyState
from tests.factories import NOON, duty_of, make_draft, put_plan, put_province
from tests.stage import Stage

MAE_RAEM, FANG = "เทศบาลตำบลแม่แรม", "เทศบาลตำบลเวียงฝาง"
HALL = "องค์การบริหารส่วนจังหวัดเชียงใหม่"
DONE, DOING, STUCK = DutyState.DONE, DutyState.DOING, DutyState.STUCK


@pytest.fixture
def small(engine: Engine) -> Engine:
    """Two agencies in two districts, one activity of two steps and one of one."""
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3", steps=("ก", "ข")), make_draft("5"))
    return engine


def move(session: Session, agency: str, number: str, to: DutyState, reason: str = "") -> None:
    duty = duty_of(session, agency, number)
    assert duties.move_duty(session, duty, to, reason=reason, at=NOON)


def test_the_faster_of_two_wins(small: Engine) -> None:
    with transaction(small) as session:
        read_by_both = duty_of(session, MAE_RAEM)

        first = duties.move_duty(session, read_by_both, DONE, reason="", at=NOON)
        second = duties.move_duty(session, read_by_both, DOING, reason="", at=NOON)

        assert (first, second) == (True, False)
        assert duty_of(session, MAE_RAEM).state is DONE


def test_a_move_keeps_reason_and_instant(small: Engine) -> None:
    with transaction(small) as session:
        move(session, MAE_RAEM, "5", STUCK, "ไฟดับ")

        moved = duty_of(session, MAE_RAEM, "5")

        assert (moved.state, moved.reason, moved.changed_at) == (STUCK, "ไฟดับ", NOON)
        assert duty_of(session, FANG, "5").changed_at is None


def test_of_more_duties_than_one_statement_asks_for_each_has_its_newest_report(
    stage: Stage,
) -> None:
    with transaction(stage.engine) as session:
        province = agencies.provinces(session)[0]
        everybody = [each.agency_id for each in agencies.agencies(session, province)]
        found = duties.duties_of_agencies(session, everybody)
        person = people.keep_person(session, "U" + "1" * 32, at=NOON)
        for duty, figure in ((found[0], "1"), (found[0], "2"), (found[-1], "3")):
            duties.add_report(
                session, duty, person, DONE, reason="", at=NOON, webhook_event_id="e", figure=figure
            )

        again = duties.duties_of_agencies(session, everybody)

        assert len(again) == len(found) > 1000
        figures = [each.figure for each in again]
        assert (figures[0], {*figures[1:-1]}, figures[-1]) == ("2", {""}, "3")


def test_a_duty_is_found_with_its_step_activity_and_agency(small: Engine) -> None:
    with transaction(small) as session:
        province = agencies.provinces(session)[0]
        agency = agencies.agencies(session, province)[0]

        first, second, other = duties.duties_of_agencies(session, [agency.agency_id])

        assert [(d.step_number, d.step_count, d.step_title) for d in (first, second)] == [
            (1, 2, "ก"),
            (2, 2, "ข"),
        ]
        assert other.activity.number == "5"
        assert duties.duty(session, other.duty_id) == other
        assert {first.agency, second.agency, other.agency} == {agency}


def test_a_duty_that_is_not_there_is_none(small: Engine) -> None:
    with transaction(small) as session:
        assert duties.duty(session, DutyId(999)) is None
        assert duties.duties_of_agencies(session, []) == []


def test_a_duty_of_a_removed_activity_is_none(small: Engine) -> None:
    with transaction(small) as session:
        duty = duty_of(session, MAE_RAEM, "5")

        put_plan(session, agencies.provinces(session)[0], make_draft("3"))

        assert duties.duty(session, duty.duty_id) is None


def test_a_step_is_counted_over_all_agencies(small: Engine) -> None:
    with transaction(small) as session:
        move(session, MAE_RAEM, "3", DONE)
        everybody = agencies.agencies(session, agencies.provinces(session)[0])
        found = duties.duties_of_agencies(session, [each.agency_id for each in everybody])
        shares = [each for each in found if each.activity.number == "3"]

        counted = {each.step_number: duties.step_count(session, each.step_id) for each in shares}

        assert len(shares) == 4
        assert counted == {1: Count(1, 2), 2: Count(0, 2)}


def test_activities_are_counted_in_the_province_or_one_district(small: Engine) -> None:
    with transaction(small) as session:
        province = agencies.provinces(session)[0]
        put_plan(session, put_province(session, "ลำพูน"))
        move(session, MAE_RAEM, "5", DONE)
        fang = agencies.districts(session, province)["ฝาง"]
        by_number = {each.activity_id: each.number for each in plans.activities(session, province)}

        everywhere = duties.counts_by_activity(session, province)
        in_fang = duties.counts_by_activity(session, province, fang)

        assert {by_number[each]: count for each, count in everywhere.items()} == {
            "3": Count(0, 4),
            "5": Count(1, 2),
        }
        assert {by_number[each]: count for each, count in in_fang.items()} == {
            "3": Count(0, 2),
            "5": Count(0, 1),
        }


def test_the_unfinished_are_all_but_the_done(small: Engine) -> None:
    with transaction(small) as session:
        province = agencies.provinces(session)[0]
        activity = duty_of(session, MAE_RAEM, "5").activity.activity_id
        fang = agencies.districts(session, province)["ฝาง"]
        move(session, MAE_RAEM, "5", STUCK, "ไฟดับ")
        both = duties.unfinished_of_activities(session, [activity])
        move(session, MAE_RAEM, "5", DONE)

        one = duties.unfinished_of_activities(session, [activity])

        assert [each.agency.name for each in both] == [MAE_RAEM, FANG]
        assert [each.agency.name for each in one] == [FANG]
        assert duties.unfinished_of_activities(session, [activity], fang) == one
        assert duties.unfinished_of_activities(session, []) == []


def test_an_office_of_the_whole_province_stands_before_the_districts(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        agencies.add_agency(session, province, HALL, AgencyKind.PAO, None)
        put_plan(session, province)
        activity = duty_of(session, HALL).activity.activity_id

        found = duties.unfinished_of_activities(session, [activity])

        assert [each.agency.name for each in found] == [HALL, MAE_RAEM, FANG]


def test_the_stuck_are_those_of_the_province(small: Engine) -> None:
    with transaction(small) as session:
        here = agencies.provinces(session)[0]
        there = put_province(session, "ลำพูน", {"เมือง": ("อุโมงค์",)})
        put_plan(session, there)
        move(session, "เทศบาลตำบลอุโมงค์", "3", STUCK, "ไฟดับ")
        move(session, FANG, "5", STUCK, "รอข้อมูล")

        found = duties.stuck_in_province(session, here)

        assert [(each.agency.name, each.reason) for each in found] == [(FANG, "รอข้อมูล")]


def test_every_report_is_kept_in_the_order_of_coming(small: Engine) -> None:
    with transaction(small) as session:
        duty = duty_of(session, MAE_RAEM, "5")
        person = people.keep_person(session, "U1", at=NOON)

        for number, state in enumerate((DOING, DONE)):
            duties.add_report(
                session,
                duty,
                person,
                state,
                reason="",
                at=NOON + timedelta(hours=number),
                webhook_event_id=f"e{number}",
            )

        kept = session.execute(
            select(Report.duty_id, Report.state, Report.reported_at).order_by(Report.id)
        ).all()
        assert [tuple(each) for each in kept] == [
            (duty.duty_id, DOING, NOON),
            (duty.duty_id, DONE, NOON + timedelta(hours=1)),
        ]


def test_a_reader_cannot_change_what_was_read(small: Engine) -> None:
    with transaction(small) as session:
        duty = duty_of(session, MAE_RAEM)

    with pytest.raises(AttributeError):
        duty.state = DONE  # type: ignore[misc]
    assert replace(duty, state=DONE).state is DONE
