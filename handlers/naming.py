"""Which agency a typed name means: looked for among all of the province, then among one's own.

Looked for among one's own alone, a neighbour's name (ทต.บ้านโป่ง) would pass for a slip in one's
own (ทต.บ้านปง), and a report would be recorded for the wrong agency.
"""

from collections.abc import Iterable

from handlers.turn import Turn
from messages_th.names import Match, resolve
from store import agencies
from store.types import Agency, ProvinceId


def own_agency(turn: Turn, text: str) -> Agency | None:
    """Return the one of the sender's agencies that is surely meant, or None."""
    meant = named_in(turn, text, {post.province_id for post in turn.posts}).agency
    return meant if meant is not None and meant.agency_id in turn.agency_ids else None


def named_in(turn: Turn, text: str, provinces: Iterable[ProvinceId]) -> Match:
    """Return what a name means among all agencies of those provinces."""
    known = [
        agency
        for each in provinces
        for agency in agencies.agencies_by_every_name(turn.session, each)
    ]
    return resolve(text, known)
