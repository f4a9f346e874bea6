"""Who may do what, where: every cell of the table, and the posts that give several rights."""

import pytest

from handlers.rules.access import (
    RIGHTS,
    Action,
    Area,
    may_bind_group,
    may_report,
    plan_provinces,
    visible_area,
)
from store.types import AgencyId, Post, ProvinceId, Role
from tests.factories import make_post

OWN, OTHER = AgencyId(1), AgencyId(2)
HERE, THERE = ProvinceId(1), ProvinceId(2)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        pytest.param(Role.OFFICER, {Action.REPORT: Area.OWN_AGENCY}, id="officer"),
        pytest.param(Role.DISTRICT, {Action.SEE_AREA: Area.OWN_DISTRICT}, id="district"),
        pytest.param(
            Role.COORDINATOR,
            {
                Action.SEE_AREA: Area.OWN_PROVINCE,
                Action.BIND_GROUP: Area.OWN_PROVINCE,
                Action.REOPEN: Area.OWN_PROVINCE,
                Action.CHANGE_PLAN: Area.OWN_PROVINCE,
            },
            id="coordinator",
        ),
    ],
)
def test_a_role_has_these_rights_and_no_other(role: Role, rights: dict[Action, Area]) -> None:
    assert RIGHTS[role] == rights


def test_every_role_stands_in_the_table() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize(
    ("posts", "may"),
    [
        pytest.param([make_post(Role.OFFICER, agency=OWN)], True, id="own officer"),
        pytest.param([make_post(Role.OFFICER, agency=OTHER)], False, id="another agency"),
        pytest.param([make_post(Role.DISTRICT, agency=OWN, district=1)], False, id="district"),
        pytest.param([make_post(Role.COORDINATOR, agency=OWN)], False, id="coordinator"),
        pytest.param([make_post(Role.OFFICER)], False, id="of no agency"),
        pytest.param([], False, id="no post"),
        pytest.param(
            [make_post(Role.COORDINATOR), make_post(Role.OFFICER, agency=OWN)], True, id="both"
        ),
    ],
)
def test_only_an_officer_reports_for_the_agency(
    posts: list[Post],
    may: bool,  # noqa: FBT001
) -> None:
    assert may_report(posts, OWN) is may


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
        pytest.param([make_post(Role.COORDINATOR)], (HERE, None), id="coordinator"),
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
