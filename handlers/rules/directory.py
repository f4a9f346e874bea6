"""What in a directory of agencies is not taken in silence: odd districts, likely renames.  Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from store.types import AgencyKind

FREQUENT = 2
"""Rows from which on a district of no official list is believed."""
MOST_SLIPS = 2
"""Letters by which the name of one body may differ before and after; one in a short name."""
SHORT_PLACE = 4


@dataclass(frozen=True, slots=True)
class Body:
    """An agency by what may change: `place` is its name without the kind, in one spelling."""

    name: str
    place: str
    kind: AgencyKind
    district: str


def doubtful_districts(
    counts: Mapping[str, int], *, official: Collection[str], known: Collection[str]
) -> dict[str, str]:
    """Return the districts of a file to be asked about, each with the likely one, "" for none.

    `counts` holds the rows of each.  Without an official list a district is doubtful that
    appears once and is one letter away from one that is frequent or known.
    """
    if official:
        return {each: _nearest(each, official, 2) for each in counts if each not in official}
    sure = {each for each, count in counts.items() if count >= FREQUENT} | set(known)
    likely = {each: _nearest(each, sure, 1) for each in counts if each not in sure}
    return {each: near for each, near in likely.items() if near}


def likely_renamed(new: Sequence[Body], vanished: Sequence[Body]) -> dict[str, str]:
    """Return for each new name the vanished one that may be the same body.

    The same place of another kind in one district, or the same kind and district and few
    letters changed.  A wholly other name counts only where of that kind and district a single
    one vanished, as when a body takes another name.
    """
    found = {}
    for body in new:
        fits = [(_fit(body, old, vanished), old.name) for old in vanished]
        best = min(((fit, name) for fit, name in fits if fit is not None), default=None)
        if best is not None:
            found[body.name] = best[1]
    return found


def _fit(body: Body, old: Body, vanished: Sequence[Body]) -> int | None:
    """Return how well two names fit one body, 0 the best; None where they do not."""
    if body.district and old.district and body.district != old.district:
        return None
    if body.kind is not old.kind:
        return 0 if body.place == old.place else None
    slips = OSA.distance(body.place, old.place)
    if slips <= (1 if len(old.place) <= SHORT_PLACE else MOST_SLIPS):
        return slips
    rivals = [each for each in vanished if (each.kind, each.district) == (old.kind, old.district)]
    return slips if old.district and len(rivals) == 1 else None


def _nearest(name: str, among: Collection[str], most: int) -> str:
    """Return the likest of the names that few letters part from this one, "" for none."""
    slips = {each: OSA.distance(name, each) for each in sorted(among)}
    best = min(slips, key=lambda each: slips[each], default="")
    return best if best and slips[best] <= most else ""
