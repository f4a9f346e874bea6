"""Who may do what, where: every cell of the table, and the posts that give several rights."""

from enum import StrEnum

import pytest

from handlers.rules.access import (
    Action,
    may,
    may_at,
    may_bind_group,
    own_agencies,
    plan_provinces,
    visible_area,
)
from store.types import AgencyId, DistrictId, Post, ProvinceId, Role
from tests.factories import make_agency, make_post

OWN = AgencyId(1)
HERE, THERE = ProvinceId(1), ProvinceId(2)


class Place(StrEnum):
    """Where something is to be done, seen from a post in district 1 of province 1, agency 1."""

    OWN = "the own agency"
    NEIGHBOUR = "another agency of the own district"
    FAR = "an agency of another district"
    PROVINCIAL = "an agency of no district"
    DISTRICT = "the own district"
    OTHER_DISTRICT = "another district"
    PROVINCE = "the own province"
    ABROAD = "another province, with the same numbers of district and agency"


WHERE: dict[Place, tuple[int, int | None, int | None]] = {
    Place.OWN: (1, 1, 1),
    Place.NEIGHBOUR: (1, 1, 2),
    Place.FAR: (1, 2, 3),
    Place.PROVINCIAL: (1, None, 4),
    Place.DISTRICT: (1, 1, None),
    Place.OTHER_DISTRICT: (1, 2, None),
    Place.PROVINCE: (1, None, None),
    Place.ABROAD: (2, 1, 1),
}
IN_DISTRICT = {Place.OWN, Place.NEIGHBOUR, Place.DISTRICT}
IN_PROVINCE = set(Place) - {Place.ABROAD}
ALLOWED: dict[tuple[Role, Action], set[Place]] = {
    (Role.OFFICER, Action.REPORT): {Place.OWN},
    (Role.OFFICER, Action.UNDO): {Place.OWN},
    (Role.OFFICER, Action.SEE_OWN): {Place.OWN},
    (Role.OFFICER, Action.LEAVE): {Place.OWN},
    (Role.EXECUTIVE, Action.LEAVE): {Place.OWN},
    (Role.OFFICER, Action.PROMISE): {Place.OWN},
    (Role.COORDINATOR, Action.SET_REMINDERS): IN_PROVINCE,
    (Role.COORDINATOR, Action.QUIET): IN_PROVINCE,
    (Role.EXECUTIVE, Action.APPROVE): {Place.OWN},
    (Role.EXECUTIVE, Action.SEE_OWN): {Place.OWN},
    (Role.DISTRICT, Action.REPORT): {Place.OWN, Place.NEIGHBOUR, Place.DISTRICT},
    (Role.DISTRICT, Action.UNDO): {Place.OWN, Place.NEIGHBOUR, Place.DISTRICT},
    (Role.DISTRICT, Action.SEE_AREA): IN_DISTRICT,
    (Role.DISTRICT, Action.SEE_JOINED): IN_DISTRICT,
    (Role.DISTRICT, Action.LEAVE): IN_DISTRICT,
    (Role.COORDINATOR, Action.SEE_AREA): IN_PROVINCE,
    (Role.COORDINATOR, Action.REOPEN): IN_PROVINCE,
    (Role.COORDINATOR, Action.BIND_GROUP): IN_PROVINCE,
    (Role.COORDINATOR, Action.CHANGE_PLAN): IN_PROVINCE,
    (Role.COORDINATOR, Action.INVITE): IN_PROVINCE,
    (Role.DISTRICT, Action.SEE_STUCK): IN_DISTRICT,
    (Role.COORDINATOR, Action.SEE_STUCK): IN_PROVINCE,
    (Role.COORDINATOR, Action.REVIEW): IN_PROVINCE,
    (Role.COORDINATOR, Action.ANSWER): IN_PROVINCE,
    (Role.COORDINATOR, Action.CHANGE_SETTINGS): IN_PROVINCE,
    (Role.COORDINATOR, Action.ADMIT): IN_PROVINCE,
    (Role.COORDINATOR, Action.HAND_OVER_FOR): IN_PROVINCE,
    (Role.COORDINATOR, Action.RELIEVE): IN_PROVINCE,
    (Role.COORDINATOR, Action.SEE_JOINED): IN_PROVINCE,
    (Role.COORDINATOR, Action.LEAVE): IN_PROVINCE,
    (Role.REVIEWER, Action.SEE_AREA): IN_PROVINCE,
    (Role.REVIEWER, Action.REVIEW): IN_PROVINCE,
    (Role.VIEWER, Action.SEE_AREA): IN_PROVINCE,
    (Role.OFFICER, Action.GIVE_EVIDENCE): {Place.OWN},
    (Role.OFFICER, Action.SEE_EVIDENCE): {Place.OWN},
    (Role.EXECUTIVE, Action.SEE_EVIDENCE): {Place.OWN},
    (Role.DISTRICT, Action.GIVE_EVIDENCE): IN_DISTRICT,
    (Role.DISTRICT, Action.SEE_EVIDENCE): IN_DISTRICT,
    (Role.COORDINATOR, Action.SEE_EVIDENCE): IN_PROVINCE,
    (Role.COORDINATOR, Action.REQUIRE_EVIDENCE): IN_PROVINCE,
    (Role.REVIEWER, Action.SEE_EVIDENCE): IN_PROVINCE,
    (Role.VIEWER, Action.SEE_EVIDENCE): IN_PROVINCE,
    (Role.REVIEWER, Action.LEAVE): IN_PROVINCE,
    (Role.VIEWER, Action.LEAVE): IN_PROVINCE,
}
"""What is allowed, in full; every other cell is forbidden."""
POSTS = {
    Role.OFFICER: make_post(Role.OFFICER, agency=1),
    Role.EXECUTIVE: make_post(Role.EXECUTIVE, agency=1),
    Role.DISTRICT: make_post(Role.DISTRICT, district=1),
    Role.COORDINATOR: make_post(Role.COORDINATOR),
    Role.REVIEWER: make_post(Role.REVIEWER),
    Role.VIEWER: make_post(Role.VIEWER),
}


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_table(role: Role, action: Action, place: Place) -> None:
    province, district, agency = WHERE[place]

    allowed = may(
        [POSTS[role]],
        action,
        province=ProvinceId(province),
        district=None if district is None else DistrictId(district),
        agency=None if agency is None else AgencyId(agency),
    )

    assert allowed is (place in ALLOWED.get((role, action), set()))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("place", Place)
def test_without_a_post_nothing_is_allowed(action: Action, place: Place) -> None:
    province, district, agency = WHERE[place]

    assert not may(
        [],
        action,
        province=ProvinceId(province),
        district=None if district is None else DistrictId(district),
        agency=None if agency is None else AgencyId(agency),
    )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.EXECUTIVE, Role.DISTRICT])
@pytest.mark.parametrize("action", Action)
def test_a_post_of_no_agency_and_no_district_reaches_none(role: Role, action: Action) -> None:
    assert not may([make_post(role)], action, province=HERE)
    assert not may_at([make_post(role)], action, make_agency(district_id=1))


def test_own_agencies_are_those_of_the_posts_that_give_the_right() -> None:
    posts = [
        make_post(Role.EXECUTIVE, agency=1),
        make_post(Role.OFFICER, agency=2),
        make_post(Role.OFFICER, agency=2),
        make_post(Role.VIEWER, agency=3),
    ]

    assert own_agencies(posts, Action.REPORT) == [2]
    assert own_agencies(posts, Action.APPROVE) == [1]
    assert own_agencies(posts, Action.SEE_OWN) == [1, 2]


@pytest.mark.parametrize(
    ("posts", "may"),
    [
        pytest.param([make_post(Role.COORDINATOR)], True, id="coordinator"),
        pytest.param([make_post(Role.COORDINATOR, province=THERE)], False, id="of another"),
        pytest.param([make_post(Role.OFFICER, agency=OWN)], False, id="officer"),
        pytest.param([make_post(Role.DISTRICT, district=1)], False, id="district"),
        pytest.param([], False, id="no post"),
    ],
)
def test_only_a_coordinator_of_the_province_binds_a_group(
    posts: list[Post],
    may: bool,  # noqa: FBT001
) -> None:
    assert may_bind_group(posts, HERE) is may


@pytest.mark.parametrize(
    ("posts", "area"),
    [
        pytest.param([], None, id="no post"),
        pytest.param([make_post(Role.OFFICER, agency=OWN)], None, id="officer"),
        pytest.param([make_post(Role.DISTRICT, district=7)], (HERE, 7), id="district"),
        pytest.param([make_post(Role.EXECUTIVE, agency=OWN)], None, id="executive"),
        pytest.param([make_post(Role.COORDINATOR)], (HERE, None), id="coordinator"),
        pytest.param([make_post(Role.REVIEWER)], (HERE, None), id="reviewer"),
        pytest.param([make_post(Role.VIEWER)], (HERE, None), id="viewer"),
        pytest.param(
            [make_post(Role.DISTRICT, district=7), make_post(Role.COORDINATOR)],
            (HERE, None),
            id="the wider wins",
        ),
        pytest.param(
            [make_post(Role.DISTRICT, district=7), make_post(Role.DISTRICT, district=8)],
            (HERE, 7),
            id="the first of two districts",
        ),
    ],
)
def test_the_widest_area_is_seen(
    posts: list[Post], area: tuple[ProvinceId, int | None] | None
) -> None:
    assert visible_area(posts) == area


@pytest.mark.parametrize(
    ("posts", "provinces"),
    [
        pytest.param([make_post(Role.COORDINATOR)], [HERE], id="coordinator"),
        pytest.param([make_post(Role.OFFICER, agency=OWN)], [], id="officer"),
        pytest.param([make_post(Role.DISTRICT, district=1)], [], id="district"),
        pytest.param([], [], id="no post"),
        pytest.param(
            [make_post(Role.COORDINATOR, province=THERE), make_post(Role.COORDINATOR)],
            [THERE, HERE],
            id="of two provinces",
        ),
    ],
)
def test_only_a_coordinator_changes_plans_and_only_of_the_own_province(
    posts: list[Post], provinces: list[ProvinceId]
) -> None:
    assert plan_provinces(posts) == provinces
