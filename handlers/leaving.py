"""Leaving a post: handed over by a code, given up, or ended by a coordinator."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from handlers import posts
from handlers.naming import named_in
from handlers.rules.access import Action, may_with, provinces_of
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import leaving as say
from messages_th import problems
from messages_th.answers import district_label
from messages_th.leaving import Holder
from messages_th.parts import Text
from messages_th.phrases import agency_label
from messages_th.words import Understood
from store import agencies
from store import posts as kept
from store.types import HeldPost, PostId, Role


def hand_over(turn: Turn, asked: Understood) -> Answer:
    """Give the code that carries a post to whoever uses it; a coordinator for others, too."""
    return _of_one_post(turn, asked, say.HAND_OVER, Action.HAND_OVER_FOR, _handed_over)


def leave(turn: Turn, asked: Understood) -> Answer:
    """End an own post that its holder gives up, once they have confirmed it."""
    return _of_one_post(turn, asked, say.LEAVE, None, _left if asked.confirms else _asked_to_leave)


def relieve(turn: Turn, asked: Understood) -> Answer:
    """End a post of somebody for whom a coordinator says so, once it is confirmed."""
    if not (asked.row or asked.agency or asked.district or asked.text):
        return [say.WHOSE_MISSING]
    then = _left if asked.confirms else _asked_to_relieve
    return _of_one_post(turn, asked, say.RELIEVE, Action.RELIEVE, then)


def _of_one_post(
    turn: Turn,
    asked: Understood,
    command: str,
    for_others: Action | None,
    then: Callable[[Turn, Holder], Answer],
) -> Answer:
    """Answer for the one post that is meant, or ask which; `for_others` reaches others' posts."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    found = _meant(turn, asked, command, for_others)
    if not isinstance(found, list):
        return [found]
    if len(found) == 1:
        return then(turn, found[0])
    return [say.which(command, found)]


def _meant(
    turn: Turn, asked: Understood, command: str, for_others: Action | None
) -> list[Holder] | Text:
    """Return the posts that may be meant, never none, or what has to be said instead."""
    session, at = turn.session, turn.now
    if asked.row is not None:
        held = kept.held(session, PostId(asked.row), at=at)
        return _holders(turn, [held] if held else [], for_others) or say.NO_POST
    if not (asked.agency or asked.district or asked.text):
        own = kept.held_by(session, turn.person.person_id, at=at) if turn.person else []
        return _holders(turn, posts.offices(session, own), None) or say.NO_POST
    if asked.agency:
        match = named_in(turn, asked.agency, {post.province_id for post in turn.posts})
        if match.agency is None:
            likely = [agency_label(each.agency) for each in match.candidates]
            reaches = for_others and provinces_of(turn.posts, for_others)
            return say.which_agency(command, asked.agency, likely if reaches else [])
        place = agency_label(match.agency)
        found = kept.held_for_agency(session, match.agency.agency_id, at=at)
    else:
        place, found = _of_area(turn, asked.district, for_others)
    if holders := _holders(turn, found, for_others):
        return holders
    is_coordinator = for_others and provinces_of(turn.posts, for_others)
    return say.nobody(place) if is_coordinator else problems.ONLY_COORDINATOR


def _of_area(
    turn: Turn, district: str | None, for_others: Action | None
) -> tuple[str, list[HeldPost]]:
    """Return the posts of a district, or of the province where none is named, with its name."""
    session, at = turn.session, turn.now
    reached = provinces_of(turn.posts, for_others) if for_others else []
    own = {post.province_id for post in turn.posts}
    found: list[HeldPost] = []
    for province in dict.fromkeys([*reached, *own]):
        if district is None:
            found += kept.held_for_province(session, province, at=at)
        elif (known := agencies.districts(session, province).get(district)) is not None:
            found += kept.held_for_district(session, known, at=at)
    return (say.PROVINCE if district is None else district_label(district)), found


def _holders(turn: Turn, found: Sequence[HeldPost], for_others: Action | None) -> list[Holder]:
    """Return those that are the asker's own or that the asker may deal with for others."""
    return [
        _holder(turn, held)
        for held in found
        if _is_own(turn, held) or (for_others and may_with(turn.posts, for_others, held.post))
    ]


def _holder(turn: Turn, held: HeldPost) -> Holder:
    return Holder(
        held,
        posts.place(turn.session, held.post),
        held.since.astimezone(BANGKOK).date(),
        is_own=_is_own(turn, held),
    )


def _is_own(turn: Turn, held: HeldPost) -> bool:
    is_theirs = turn.person is not None and held.person_id == turn.person.person_id
    return is_theirs and may_with(turn.posts, Action.LEAVE, held.post)


def _handed_over(turn: Turn, holder: Holder) -> Answer:
    if turn.person is None:
        return [problems.NOT_REGISTERED]
    by = turn.person.person_id
    code, expires_at = posts.handover_code(turn.session, holder.held, by=by, now=turn.now)
    last = (expires_at - timedelta(microseconds=1)).astimezone(BANGKOK).date()
    return [say.handover_code(holder, code, last)]


def _asked_to_leave(turn: Turn, holder: Holder) -> Answer:
    return [_last_one(turn, holder) or say.confirm_leaving(holder)]


def _asked_to_relieve(turn: Turn, holder: Holder) -> Answer:
    return [_last_one(turn, holder) or say.confirm_relieving(holder)]


def _left(turn: Turn, holder: Holder) -> Answer:
    if refusal := _last_one(turn, holder):
        return [refusal]
    by = turn.person.person_id if turn.person else holder.held.person_id
    if not posts.end(turn.session, holder.held, by=by, at=turn.now):
        return [say.NO_POST]
    return [say.left(holder)]


def _last_one(turn: Turn, holder: Holder) -> Text | None:
    held = holder.held
    if held.post.role is not Role.COORDINATOR:
        return None
    province = held.post.province_id
    if not kept.is_last_coordinator(turn.session, province, held.person_id, at=turn.now):
        return None
    name = agencies.province_name(turn.session, province)
    return say.last_coordinator(name, is_own=holder.is_own)
