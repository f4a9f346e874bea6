"""Which row of a new plan is which activity of the old one: by number and likeness of title.  Pure.

Position says nothing (pages get swapped) and a number alone little (a row gets inserted and all
below it count on), so both are weighed.  What is matched keeps its reports.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rapidfuzz import fuzz, process

from store.types import ActivityDraft, ActivityId

SAME_NUMBER_LIKENESS = 50.0
"""Of 100: a title that was reworded but keeps its number."""
OTHER_NUMBER_LIKENESS = 85.0
"""Of 100: a title that moved to another number all but unchanged."""
_MOST_LIKE = 8
"""Rows of other numbers that are weighed for one activity: a plan may say one thing 5,000 times."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: str
    title: str
    """Without spaces"""


def match(
    known: Mapping[ActivityId, ActivityDraft],
    drafted: Sequence[ActivityDraft],
    *,
    same_number_likeness: float = SAME_NUMBER_LIKENESS,
) -> dict[ActivityId, ActivityDraft]:
    """Return the drafted row of each known activity that is still there; the rest are new or gone.

    A row that was edited out of a plan in force says itself which it is; of the others each is
    matched once at most, and of several candidates the likest title wins, then the earlier row.
    """
    found = {
        each.activity_id: each
        for each in drafted
        if each.activity_id is not None and each.activity_id in known
    }
    taken = {place for place, each in enumerate(drafted) if each.activity_id in found}
    before = {each: _row(row) for each, row in known.items()}
    after = {place: _row(row) for place, row in enumerate(drafted)}
    # A title that is the same to the letter says more than the number, the number more than a
    # title that is only like.
    looks: tuple[_Look, ...] = (
        partial(_same, key=lambda row: row),
        partial(_same, key=lambda row: row.title),
        partial(_same_number, least=same_number_likeness),
        _like_title,
    )
    for look in looks:
        old = {each: row for each, row in before.items() if each not in found}
        new = {place: row for place, row in after.items() if place not in taken}
        for activity_id, place in look(old, new):
            if activity_id not in found and place not in taken:
                found[activity_id] = drafted[place]
                taken.add(place)
    return found


_Old = Mapping[ActivityId, _Row]
_New = Mapping[int, _Row]
_Pairs = Iterable[tuple[ActivityId, int]]
_Look = Callable[[_Old, _New], _Pairs]


def _row(draft: ActivityDraft) -> _Row:
    return _Row(draft.number, "".join(draft.title.split()))


def _same(old: _Old, new: _New, *, key: Callable[[_Row], Hashable]) -> _Pairs:
    """Yield what has the same key, the earlier rows first."""
    places: dict[Hashable, list[int]] = {}
    for place in sorted(new, reverse=True):
        places.setdefault(key(new[place]), []).append(place)
    for activity_id in sorted(old):
        if same := places.get(key(old[activity_id])):
            yield activity_id, same.pop()


def _same_number(old: _Old, new: _New, *, least: float) -> _Pairs:
    places: dict[str, list[int]] = {}
    for place, row in new.items():
        places.setdefault(row.number, []).append(place)
    return _surest_first(
        (likeness, place, activity_id)
        for activity_id, row in old.items()
        for place in places.get(row.number, ())
        if (likeness := fuzz.ratio(row.title, new[place].title)) >= least
    )


def _like_title(old: _Old, new: _New) -> _Pairs:
    titles = {place: row.title for place, row in new.items()}
    return _surest_first(
        (likeness, place, activity_id)
        for activity_id, row in old.items()
        for _, likeness, place in process.extract(
            row.title,
            titles,
            scorer=fuzz.ratio,
            score_cutoff=OTHER_NUMBER_LIKENESS,
            limit=_MOST_LIKE,
        )
    )


def _surest_first(found: Iterable[tuple[float, int, ActivityId]]) -> _Pairs:
    ordered = sorted(found, key=lambda each: (-each[0], each[1], each[2]))
    return [(activity_id, place) for _, place, activity_id in ordered]
