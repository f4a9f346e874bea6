"""Who may do what, where: one table of role x action → area; nothing that is not in it.  Pure."""

from collections.abc import Sequence
from enum import StrEnum

from store.types import AgencyId, DistrictId, Post, ProvinceId, Role


class Action(StrEnum):
    """What a person wants to do."""

    REPORT = "report"
    SEE_AREA = "see_area"
    """To read how the agencies of a district or province stand, by name."""
    BIND_GROUP = "bind_group"
    REOPEN = "reopen"
    """To take back what an agency reported, at any time."""
    CHANGE_PLAN = "change_plan"
    """To bring a plan in, answer for it and put it in force."""


class Area(StrEnum):
    """How far a right reaches from the post that gives it."""

    OWN_AGENCY = "own_agency"
    OWN_DISTRICT = "own_district"
    OWN_PROVINCE = "own_province"


RIGHTS: dict[Role, dict[Action, Area]] = {
    Role.OFFICER: {Action.REPORT: Area.OWN_AGENCY},
    Role.DISTRICT: {Action.SEE_AREA: Area.OWN_DISTRICT},
    Role.COORDINATOR: {
        Action.SEE_AREA: Area.OWN_PROVINCE,
        Action.BIND_GROUP: Area.OWN_PROVINCE,
        Action.REOPEN: Area.OWN_PROVINCE,
        Action.CHANGE_PLAN: Area.OWN_PROVINCE,
    },
}


def may_report(posts: Sequence[Post], agency: AgencyId) -> bool:
    """Whether one of the posts lets its holder report for that agency."""
    return any(
        RIGHTS[post.role].get(Action.REPORT) is Area.OWN_AGENCY and post.agency_id == agency
        for post in posts
    )


def acts_as(posts: Sequence[Post], agency: AgencyId) -> Role:
    """Return as what the holder reports for that agency, or takes back: its own comes first."""
    return Role.OFFICER if may_report(posts, agency) else Role.COORDINATOR


def may_bind_group(posts: Sequence[Post], province: ProvinceId) -> bool:
    """Whether one of the posts lets its holder bind a group to that province."""
    return _may_in_province(posts, Action.BIND_GROUP, province)


def may_reopen(posts: Sequence[Post], province: ProvinceId) -> bool:
    """Whether one of the posts lets its holder take back any report of that province."""
    return _may_in_province(posts, Action.REOPEN, province)


def plan_provinces(posts: Sequence[Post]) -> list[ProvinceId]:
    """Return the provinces whose plan the holder may change, each once, the newest post last."""
    return list(
        dict.fromkeys(
            post.province_id
            for post in posts
            if RIGHTS[post.role].get(Action.CHANGE_PLAN) is Area.OWN_PROVINCE
        )
    )


def visible_area(posts: Sequence[Post]) -> tuple[ProvinceId, DistrictId | None] | None:
    """Return the widest area whose agencies the holder may see by name, or None.

    The district is None where it is the whole province.
    """
    areas = [
        (post.province_id, None if area is Area.OWN_PROVINCE else post.district_id)
        for post in posts
        if (area := RIGHTS[post.role].get(Action.SEE_AREA)) is not None
    ]
    return next((each for each in areas if each[1] is None), next(iter(areas), None))


def _may_in_province(posts: Sequence[Post], action: Action, province: ProvinceId) -> bool:
    return any(
        RIGHTS[post.role].get(action) is Area.OWN_PROVINCE and post.province_id == province
        for post in posts
    )
