"""Who may do what, where: one table of role x action → area; nothing that is not in it.  Pure."""

from collections.abc import Sequence
from enum import StrEnum

from store.types import Agency, AgencyId, DistrictId, Post, ProvinceId, Role


class Action(StrEnum):
    """What a person wants to do."""

    REPORT = "report"
    UNDO = "undo"
    """To take back a report for some time after it was made."""
    APPROVE = "approve"
    """To approve or return what was reported, as the executive."""
    SEE_OWN = "see_own"
    """To read how the own agency stands."""
    SEE_AREA = "see_area"
    """To read how the agencies of a district or province stand, by name."""
    REOPEN = "reopen"
    """To take back what an agency reported, at any time."""
    BIND_GROUP = "bind_group"
    CHANGE_PLAN = "change_plan"
    """To bring a plan in, answer for it and put it in force."""
    INVITE = "invite"
    """To get one-time codes."""
    REVIEW = "review"
    """To check what was reported, which locks it."""
    ANSWER = "answer"
    """To answer to who is stuck."""
    SEE_STUCK = "see_stuck"
    """To read who is stuck, and with what."""
    CHANGE_SETTINGS = "change_settings"
    """To change what a province decides for itself."""
    GIVE_EVIDENCE = "give_evidence"
    """To send a photo, file or link for a duty."""
    SEE_EVIDENCE = "see_evidence"
    REQUIRE_EVIDENCE = "require_evidence"
    """To say that a step is done only with something to show for it."""
    ADMIT = "admit"
    """To let in who asks to join, or refuse."""
    LEAVE = "leave"
    """To hand over or give up the own post."""
    HAND_OVER_FOR = "hand_over_for"
    """To hand over a post that another person holds."""
    RELIEVE = "relieve"
    """To end a post that another person holds."""
    SEE_JOINED = "see_joined"
    """To see which agencies have joined, and which cannot be reached."""
    SET_REMINDERS = "set_reminders"
    """To decide when the province reminds."""
    PROMISE = "promise"
    """To put the reminders of a duty off until an own date."""
    QUIET = "quiet"
    """To have an agency, or the whole province, not reminded for a while, and again."""


class Area(StrEnum):
    """How far a right reaches from the post that gives it."""

    OWN_AGENCY = "own_agency"
    OWN_DISTRICT = "own_district"
    OWN_PROVINCE = "own_province"


RIGHTS: dict[Role, dict[Action, Area]] = {
    Role.OFFICER: {
        Action.REPORT: Area.OWN_AGENCY,
        Action.UNDO: Area.OWN_AGENCY,
        Action.SEE_OWN: Area.OWN_AGENCY,
        Action.GIVE_EVIDENCE: Area.OWN_AGENCY,
        Action.SEE_EVIDENCE: Area.OWN_AGENCY,
        Action.LEAVE: Area.OWN_AGENCY,
        Action.PROMISE: Area.OWN_AGENCY,
    },
    Role.EXECUTIVE: {
        Action.APPROVE: Area.OWN_AGENCY,
        Action.SEE_OWN: Area.OWN_AGENCY,
        Action.SEE_EVIDENCE: Area.OWN_AGENCY,
        Action.LEAVE: Area.OWN_AGENCY,
    },
    Role.DISTRICT: {
        Action.REPORT: Area.OWN_DISTRICT,
        Action.UNDO: Area.OWN_DISTRICT,
        Action.SEE_AREA: Area.OWN_DISTRICT,
        Action.SEE_STUCK: Area.OWN_DISTRICT,
        Action.GIVE_EVIDENCE: Area.OWN_DISTRICT,
        Action.SEE_EVIDENCE: Area.OWN_DISTRICT,
        Action.SEE_JOINED: Area.OWN_DISTRICT,
        Action.LEAVE: Area.OWN_DISTRICT,
    },
    Role.COORDINATOR: {
        Action.SEE_AREA: Area.OWN_PROVINCE,
        Action.REOPEN: Area.OWN_PROVINCE,
        Action.BIND_GROUP: Area.OWN_PROVINCE,
        Action.CHANGE_PLAN: Area.OWN_PROVINCE,
        Action.INVITE: Area.OWN_PROVINCE,
        Action.ADMIT: Area.OWN_PROVINCE,
        Action.REVIEW: Area.OWN_PROVINCE,
        Action.ANSWER: Area.OWN_PROVINCE,
        Action.SEE_STUCK: Area.OWN_PROVINCE,
        Action.CHANGE_SETTINGS: Area.OWN_PROVINCE,
        Action.SEE_EVIDENCE: Area.OWN_PROVINCE,
        Action.REQUIRE_EVIDENCE: Area.OWN_PROVINCE,
        Action.HAND_OVER_FOR: Area.OWN_PROVINCE,
        Action.RELIEVE: Area.OWN_PROVINCE,
        Action.SEE_JOINED: Area.OWN_PROVINCE,
        Action.LEAVE: Area.OWN_PROVINCE,
        Action.SET_REMINDERS: Area.OWN_PROVINCE,
        Action.QUIET: Area.OWN_PROVINCE,
    },
    Role.REVIEWER: {
        Action.SEE_AREA: Area.OWN_PROVINCE,
        Action.REVIEW: Area.OWN_PROVINCE,
        Action.SEE_EVIDENCE: Area.OWN_PROVINCE,
        Action.LEAVE: Area.OWN_PROVINCE,
    },
    Role.VIEWER: {
        Action.SEE_AREA: Area.OWN_PROVINCE,
        Action.SEE_EVIDENCE: Area.OWN_PROVINCE,
        Action.LEAVE: Area.OWN_PROVINCE,
    },
}


def may(
    posts: Sequence[Post],
    action: Action,
    *,
    province: ProvinceId,
    district: DistrictId | None = None,
    agency: AgencyId | None = None,
) -> bool:
    """Whether one of the posts lets its holder do that there.

    Without an agency it is about the whole district, without both about the whole province.
    """
    return any(_reaches(post, action, province, district, agency) for post in posts)


def may_at(posts: Sequence[Post], action: Action, agency: Agency) -> bool:
    """Whether one of the posts lets its holder do that for that agency."""
    return may(
        posts,
        action,
        province=agency.province_id,
        district=agency.district_id,
        agency=agency.agency_id,
    )


def may_with(posts: Sequence[Post], action: Action, of: Post) -> bool:
    """Whether one of the posts lets its holder do that with a post of that area."""
    return may(posts, action, province=of.province_id, district=of.district_id, agency=of.agency_id)


def may_do(role: Role, action: Action) -> bool:
    """Whether the role may do that anywhere at all."""
    return action in RIGHTS[role]


def acts_as(posts: Sequence[Post], agency: Agency) -> Role:
    """Return as what the holder reports for that agency, or takes back: its own comes first.

    A district officer acts on behalf of the agency, which is never its own act.
    """
    if agency.agency_id in own_agencies(posts, Action.REPORT):
        return Role.OFFICER
    return Role.DISTRICT if may_at(posts, Action.REPORT, agency) else Role.COORDINATOR


def may_bind_group(posts: Sequence[Post], province: ProvinceId) -> bool:
    """Whether one of the posts lets its holder bind a group to that province."""
    return may(posts, Action.BIND_GROUP, province=province)


def may_reopen(posts: Sequence[Post], province: ProvinceId) -> bool:
    """Whether one of the posts lets its holder take back any report of that province."""
    return may(posts, Action.REOPEN, province=province)


def plan_provinces(posts: Sequence[Post]) -> list[ProvinceId]:
    """Return the provinces whose plan the holder may change, each once, the newest post last."""
    return provinces_of(posts, Action.CHANGE_PLAN)


def provinces_of(posts: Sequence[Post], action: Action) -> list[ProvinceId]:
    """Return the provinces in all of which the holder may do that, each once, the newest last."""
    found = dict.fromkeys(post.province_id for post in posts)
    return [each for each in found if may(posts, action, province=each)]


def own_agencies(posts: Sequence[Post], action: Action) -> list[AgencyId]:
    """Return the agencies for which a post of their own lets its holder do that, each once."""
    return list(
        dict.fromkeys(
            post.agency_id
            for post in posts
            if post.agency_id is not None and RIGHTS[post.role].get(action) is Area.OWN_AGENCY
        )
    )


def visible_area(
    posts: Sequence[Post], action: Action = Action.SEE_AREA
) -> tuple[ProvinceId, DistrictId | None] | None:
    """Return the widest area whose agencies the holder may see by name, or None.

    The district is None where it is the whole province.  With another action it is the widest in
    all of which the holder may do that.
    """
    whole = next(iter(provinces_of(posts, action)), None)
    if whole is not None:
        return whole, None
    districts = [
        (post.province_id, post.district_id)
        for post in posts
        if post.district_id is not None
        and may([post], action, province=post.province_id, district=post.district_id)
    ]
    return next(iter(districts), None)


def _reaches(
    post: Post,
    action: Action,
    province: ProvinceId,
    district: DistrictId | None,
    agency: AgencyId | None,
) -> bool:
    if post.province_id != province:
        return False
    match RIGHTS[post.role].get(action):
        case Area.OWN_PROVINCE:
            return True
        case Area.OWN_DISTRICT:
            return district is not None and post.district_id == district
        case Area.OWN_AGENCY:
            return agency is not None and post.agency_id == agency
        case _:
            return False
