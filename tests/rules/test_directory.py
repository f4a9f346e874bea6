"""Odd districts and likely renames of a directory are seen, and nothing else is taken for one."""

import pytest

from handlers.plan_files.districts import official_districts
from handlers.rules.directory import Body, doubtful_districts, likely_renamed
from messages_th.names import place_of
from store.types import AgencyKind
from tests.messages_th.hurried import PROVINCE_NAMES
from tests.messages_th.misspellings import PROVINCES, make_agency, sample_agencies


def body(name: str, district: str = "แม่ริม") -> Body:
    return Body(name, place_of(name, district), make_agency(1, name).kind, district)


def bodies(province: str) -> list[Body]:
    return [body(agency.name, agency.district) for agency in sample_agencies(province)]


@pytest.mark.parametrize(
    ("counts", "known", "doubtful"),
    [
        pytest.param({"เชียงของ": 5, "เชียงของง": 1}, (), {"เชียงของง": "เชียงของ"}, id="one letter"),
        pytest.param({"เชียงของ": 5, "เชียงของง": 2}, (), {}, id="twice is believed"),
        pytest.param({"เชียงของ": 5, "เชียงแสน": 1}, (), {}, id="another word"),
        pytest.param({"เทิง": 1, "พาน": 1}, (), {}, id="all rare"),
        pytest.param({"เทิงง": 1}, ("เทิง",), {"เทิงง": "เทิง"}, id="known before"),
    ],
)
def test_a_district_of_no_list_is_doubted_beside_a_frequent_one(
    counts: dict[str, int], known: tuple[str, ...], doubtful: dict[str, str]
) -> None:
    assert doubtful_districts(counts, official=(), known=known) == doubtful


@pytest.mark.parametrize("province", PROVINCES)
def test_the_real_districts_are_never_doubted(province: str) -> None:
    counts = dict.fromkeys((agency.district for agency in sample_agencies(province)), 2)
    official = official_districts(PROVINCE_NAMES[PROVINCES.index(province)])

    by_list = doubtful_districts(counts, official=official, known=())
    by_count = [doubtful_districts(counts | {each: 1}, official=(), known=()) for each in counts]

    assert official == counts.keys()
    assert by_list == {}
    assert by_count == [{}] * len(counts)


@pytest.mark.parametrize(
    ("new", "vanished", "likely"),
    [
        pytest.param("ทต.ดอนแก้ว", ["อบต.ดอนแก้ว"], "อบต.ดอนแก้ว", id="อบต. to ทต."),
        pytest.param("ทม.ดอนแก้ว", ["ทต.ดอนแก้ว"], "ทต.ดอนแก้ว", id="ทต. to ทม."),
        pytest.param("ทต.แม่แรง", ["ทต.แม่แรม"], "ทต.แม่แรม", id="one letter"),
        pytest.param("อบต.เวียงท่ากาน", ["อบต.บ้านกลาง"], "อบต.บ้านกลาง", id="the only one gone"),
        pytest.param("อบต.เวียงท่ากาน", ["อบต.บ้านกลาง", "อบต.สะลวง"], None, id="two gone"),
        pytest.param("ทต.ดอนแก้ว", ["อบต.สะลวง"], None, id="another kind and place"),
        pytest.param("ทต.ดอนแก้ว", ["ทต.ดอยแก้ว", "อบต.ดอนแก้ว"], "อบต.ดอนแก้ว", id="the better fit"),
        pytest.param("ทต.ดอนแก้ว", [], None, id="nothing gone"),
    ],
)
def test_a_new_name_may_be_that_of_a_vanished_body(
    new: str, vanished: list[str], likely: str | None
) -> None:
    found = likely_renamed([body(new)], [body(name) for name in vanished])

    assert found.get(new) == likely


def test_a_body_of_another_district_is_another_body() -> None:
    assert likely_renamed([body("ทต.ดอนแก้ว", "สารภี")], [body("อบต.ดอนแก้ว", "แม่ริม")]) == {}


@pytest.mark.parametrize("province", PROVINCES)
def test_every_real_body_that_is_raised_is_seen(province: str) -> None:
    here = bodies(province)
    raised = {
        each.name: Body(f"new {each.name}", each.place, AgencyKind.TOWN_MUNICIPALITY, each.district)
        for each in here
        if each.kind in (AgencyKind.SAO, AgencyKind.SUBDISTRICT_MUNICIPALITY)
    }

    seen = {name: likely_renamed([new], [body(name, new.district)]) for name, new in raised.items()}

    assert {name: found[f"new {name}"] for name, found in seen.items()} == {
        name: name for name in raised
    }
