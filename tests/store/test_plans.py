"""Plans in force: versions, activities in printed order, duties spread by who is responsible."""

from dataclasses import replace

import pytest

from store import agencies, duties, plans
from store.database import Engine, Session, transaction
from store.types import AgencyId, AgencyKind, FiscalYear, PartyDraft, PartyKind, Window
from tests.factories import JANUARY, NOON, YEAR, make_draft, put_plan, put_province


def numbers(session: Session) -> list[str]:
    return [each.number for each in plans.activities(session, agencies.provinces(session)[0])]


def counts(session: Session) -> dict[str, int]:
    province = agencies.provinces(session)[0]
    found = duties.counts_by_activity(session, province)
    return {
        each.number: found[each.activity_id].total
        for each in plans.activities(session, province)
        if each.activity_id in found
    }


def test_a_plan_counts_its_versions(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        nothing = plans.plan_in_force(session, province, YEAR)

        first, _ = plans.lock_plan(session, province, YEAR)
        not_yet = plans.plan_in_force(session, province, YEAR)
        plans.keep_version(session, first, 1, "แผน", {"title": "แผน"}, NOON)
        plans.keep_version(session, first, 2, "แผนแก้ไข", {"title": "แผนแก้ไข"}, NOON)
        other, none_yet = plans.lock_plan(session, province, FiscalYear(2568))

        assert (nothing, not_yet, none_yet) == (None, None, 0)
        assert plans.lock_plan(session, province, YEAR) == (first, 2)
        assert plans.plan_in_force(session, province, YEAR) == (first, 2)
        assert first != other
        assert plans.plan_title(session, first) == "แผนแก้ไข"
        assert plans.version_content(session, first, 1) == {"title": "แผน"}
        assert plans.version_content(session, first, 3) is None


def test_what_is_in_force_comes_back_as_it_was_drafted(engine: Engine) -> None:
    draft = replace(make_draft("3", steps=("ก", "ข")), window=Window(None, JANUARY.last))
    with transaction(engine) as session:
        put_plan(session, put_province(session), draft, make_draft("5", window=None))
        in_force = plans.plan_in_force(session, agencies.provinces(session)[0], YEAR)
        assert in_force is not None

        found = plans.drafts_in_force(session, in_force[0])

    assert list(found.values()) == [draft, make_draft("5", window=None)]


def test_only_activities_with_a_window_are_planned_for(engine: Engine) -> None:
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3"), make_draft("5", window=None))

        found = plans.activities_with_window(session)

        assert [each.number for each in found] == ["3"]
        assert numbers(session) == ["3", "5"]


def test_the_printed_window_and_parties_are_at_hand(engine: Engine) -> None:
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3"))
        activity = plans.activities_with_window(session)[0]

        printed = plans.activity_printed(session, activity.activity_id)

    assert printed == ("๑ - ๓๑ มกราคม ๒๕๖๗", "อปท. ทุกแห่ง")


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        pytest.param(PartyKind.EVERY_LOCAL, {"ทต.ก", "อบต.ข"}, id="every อปท."),
        pytest.param(PartyKind.EVERY_MUNICIPALITY, {"ทต.ก"}, id="every เทศบาล"),
        pytest.param(PartyKind.EVERY_SAO, {"อบต.ข"}, id="every อบต."),
        pytest.param(PartyKind.EVERY_REGIONAL, {"พัฒนาชุมชน"}, id="every regional office"),
        pytest.param(PartyKind.PROVINCIAL_OFFICE, {"สนจ."}, id="สนจ."),
        pytest.param(PartyKind.LOCAL_ADMINISTRATION_OFFICE, {"สถจ."}, id="สถจ."),
        pytest.param(PartyKind.WORKING_GROUP, {"คณะทำงาน"}, id="working group"),
        pytest.param(PartyKind.OUTSIDE, set(), id="outside"),
        pytest.param(PartyKind.UNNAMED, set(), id="nobody in particular"),
        pytest.param(PartyKind.NAMED, set(), id="a name that fits nobody"),
    ],
)
def test_a_party_stands_for_these_agencies(
    engine: Engine, party: PartyKind, expected: set[str]
) -> None:
    kinds = {
        "ทต.ก": AgencyKind.SUBDISTRICT_MUNICIPALITY,
        "อบต.ข": AgencyKind.SAO,
        "สนจ.": AgencyKind.PROVINCIAL_OFFICE,
        "สถจ.": AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
        "คณะทำงาน": AgencyKind.WORKING_GROUP,
        "พัฒนาชุมชน": AgencyKind.REGIONAL_OFFICE,
    }
    with transaction(engine) as session:
        province = agencies.keep_province(session, "ก")
        ids = {
            name: agencies.add_agency(session, province, name, kind, None)
            for name, kind in kinds.items()
        }

        put_plan(session, province, make_draft("3", party=party, party_text="ไม่มีใครชื่อนี้"))

        assert _with_duties(session, list(ids.values())) == expected


def _with_duties(session: Session, ids: list[AgencyId]) -> set[str]:
    return {duty.agency.name for duty in duties.duties_of_agencies(session, ids)}


def test_an_agency_that_several_parties_stand_for_has_one_duty(engine: Engine) -> None:
    draft = make_draft("3")
    twice = replace(draft, parties=(*draft.parties, PartyDraft(PartyKind.NAMED, "ทต.แม่แรม")))
    with transaction(engine) as session:
        put_plan(session, put_province(session), twice)

        assert counts(session) == {"3": 2}


def test_duties_stay_on_their_side_of_the_border(engine: Engine) -> None:
    with transaction(engine) as session:
        here = put_province(session)
        put_province(session, "ลำพูน", {"เมือง": ("อุโมงค์", "เวียงยอง", "ต้นธง")})

        put_plan(session, here)

        assert counts(session) == {"3": 2}


def test_a_removed_activity_is_out_of_force_with_its_duties(engine: Engine) -> None:
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3"), make_draft("5"))
        activity = plans.activities_with_window(session)[0]

        plans.remove_activity(session, activity.activity_id, NOON)
        plans.spread_duties(session, agencies.provinces(session)[0])

        assert numbers(session) == ["5"]
        assert counts(session) == {"5": 2}


def test_spreading_again_makes_nothing_twice(engine: Engine) -> None:
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3"))

        plans.spread_duties(session, agencies.provinces(session)[0])

        assert counts(session) == {"3": 2}


def test_a_name_stands_for_who_bears_it_now_and_without_a_bearer_for_nobody(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        mae_raem, fang = (each.agency_id for each in agencies.agencies(session, province)[-2:])
        put_plan(session, province, make_draft("3", party=PartyKind.NAMED, party_text="ทต.ก"))
        seen = [plans.printed_names(session, province)]

        for bearers in ({"ทต.ก": mae_raem}, {"ทต.ก": fang, "ทต.ข": mae_raem}, {}):
            plans.name_agencies(session, province, bearers)
            plans.spread_duties(session, province)
            found = duties.duties_of_agencies(session, [mae_raem, fang])
            seen.append([duty.agency.agency_id for duty in found])

        assert seen == [["ทต.ก"], [mae_raem], [fang], []]


def test_the_newest_plan_comes_first_and_then_the_printed_order(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        put_plan(session, province, make_draft("2"), make_draft("1"))
        put_plan(session, province, make_draft("9"), year=FiscalYear(2568))

        assert numbers(session) == ["9", "2", "1"]


def test_activities_are_put_in_their_places_without_a_new_revision(engine: Engine) -> None:
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("1"), make_draft("2"))
        plan = plans.activities(session, agencies.provinces(session)[0])[0].plan_id

        plans.place_activities(session, plan, {"1": 2, "2": 1})

        found = plans.activities(session, agencies.provinces(session)[0])
        assert [(each.number, each.revision) for each in found] == [("2", 1), ("1", 1)]
