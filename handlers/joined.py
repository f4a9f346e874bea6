"""Who has joined, who has not, and who cannot be reached: for coordinator and district."""

from handlers.rules.access import Action, may, visible_area
from handlers.turn import Answer, Turn
from messages_th import joined as say
from messages_th import problems
from messages_th.answers import district_label, province_label
from messages_th.words import Understood
from store import agencies
from store import joined as kept


def who_has_joined(turn: Turn, asked: Understood) -> Answer:
    """Answer by district which agencies have joined and can be reached; in a group only how many.

    Of one district every name is told, of a province as many as a message holds.
    """
    area = visible_area(turn.posts, Action.SEE_JOINED)
    if area is None:
        return [problems.ONLY_AREA]
    province, district = area
    if asked.district:
        known = agencies.districts(turn.session, province).get(asked.district)
        if known is None or not may(
            turn.posts, Action.SEE_JOINED, province=province, district=known
        ):
            return [problems.district_unknown(asked.district)]
        district = known
    found = [
        each
        for each in kept.joined(turn.session, province, at=turn.now)
        if district in (None, each.agency.district_id)
    ]
    name = (
        province_label(agencies.province_name(turn.session, province))
        if district is None
        else district_label(agencies.district_name(turn.session, district))
    )
    return [say.counts(name, found) if turn.in_group else say.by_district(name, found)]
