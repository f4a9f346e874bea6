"""Provinces, districts and agencies: made once, found by name, never across the border."""

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from store import agencies
from store.database import Engine, transaction
from store.types import Agency, AgencyId, AgencyKind
from tests.factories import put_province

SAO = AgencyKind.SAO


def test_a_province_is_made_once(engine: Engine) -> None:
    with transaction(engine) as session:
        assert agencies.province_id(session, "ลำพูน") is None

        made = agencies.keep_province(session, "ลำพูน")

        assert agencies.keep_province(session, "ลำพูน") == made
        assert agencies.province_id(session, "ลำพูน") == made
        assert agencies.province_name(session, made) == "ลำพูน"
        assert agencies.provinces(session) == [made]


def test_two_provinces_may_have_a_district_of_one_name(engine: Engine) -> None:
    with transaction(engine) as session:
        here, there = (agencies.keep_province(session, name) for name in ("ก", "ข"))

        first = agencies.keep_district(session, here, "เมือง")
        second = agencies.keep_district(session, there, "เมือง")

        assert first != second
        assert agencies.keep_district(session, here, "เมือง") == first
        assert agencies.districts(session, here) == {"เมือง": first}
        assert agencies.district_name(session, second) == "เมือง"


def test_an_agency_knows_its_district_by_name(engine: Engine) -> None:
    with transaction(engine) as session:
        province = agencies.keep_province(session, "ก")
        district = agencies.keep_district(session, province, "แม่ริม")
        with_district = agencies.add_agency(session, province, "อบต.ก", SAO, district)
        without = agencies.add_agency(session, province, "อบต.ข", SAO, None)

        assert agencies.agency(session, with_district) == Agency(
            with_district, province, "อบต.ก", SAO, "แม่ริม", district
        )
        assert agencies.agency(session, without).district == ""


def test_an_agency_that_is_not_there_is_an_error(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(NoResultFound):
        agencies.agency(session, AgencyId(1))


def test_a_name_stands_once_in_a_province(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:  # noqa: PT012
        province = agencies.keep_province(session, "ก")
        agencies.add_agency(session, province, "อบต.ก", SAO, None)
        agencies.add_agency(session, province, "อบต.ก", SAO, None)


def test_agencies_are_found_by_province_and_kind_in_the_order_they_came(engine: Engine) -> None:
    with transaction(engine) as session:
        here = put_province(session)
        there = put_province(session, "ลำพูน")
        office = agencies.add_agency(session, here, "สนจ.", AgencyKind.PROVINCIAL_OFFICE, None)

        found = agencies.agencies(session, here)
        offices = agencies.agencies_of_kinds(session, here, [AgencyKind.PROVINCIAL_OFFICE])

        assert [each.name for each in found] == ["เทศบาลตำบลแม่แรม", "เทศบาลตำบลเวียงฝาง", "สนจ."]
        assert [each.agency_id for each in offices] == [office]
        assert agencies.agencies_of_kinds(session, there, [AgencyKind.PROVINCIAL_OFFICE]) == []


def test_an_agency_may_change_its_name_kind_and_district(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        agency = agencies.agencies(session, province)[0]
        fang = agencies.districts(session, province)["ฝาง"]

        agencies.change_agency(session, agency.agency_id, "อบต.แม่แรง", SAO, fang)

        changed = agencies.agency(session, agency.agency_id)
        assert (changed.name, changed.kind, changed.district) == ("อบต.แม่แรง", SAO, "ฝาง")
