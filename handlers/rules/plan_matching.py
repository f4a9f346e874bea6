"""Which row of a new plan is which activity of the old one: by number and likeness of title.  Pure.

Position says nothing (pages get swapped) and a number alone little (a row gets inserted and all
below it count on), so both are weighed.  What is matched keeps its reports.
"""

from collections.abc import Collection, Mapping, Sequence

from rapidfuzz import fuzz

from store.types import ActivityDraft, ActivityId

SAME = 100.0
SAME_NUMBER_LIKENESS = 50.0
"""Of 100: a title that was reworded but keeps its number."""
OTHER_NUMBER_LIKENESS = 85.0
"""Of 100: a title that moved to another number all but unchanged."""


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
    for likeness, place, activity_id in _candidates(known, drafted, found, taken):
        is_same_number = known[activity_id].number == drafted[place].number
        least = same_number_likeness if is_same_number else OTHER_NUMBER_LIKENESS
        if likeness >= least and activity_id not in found and place not in taken:
            found[activity_id] = drafted[place]
            taken.add(place)
    return found


def _candidates(
    known: Mapping[ActivityId, ActivityDraft],
    drafted: Sequence[ActivityDraft],
    found: Collection[ActivityId],
    taken: Collection[int],
) -> list[tuple[float, int, ActivityId]]:
    """Return every pair left as likeness, place of the row and activity, the surest first.

    A title that is the same to the letter says more than the number, the number more than a
    title that is only like.
    """
    pairs = [
        (_likeness(before, after), place, activity_id, before.number == after.number)
        for activity_id, before in known.items()
        if activity_id not in found
        for place, after in enumerate(drafted)
        if place not in taken
    ]
    pairs.sort(key=lambda each: (-(each[0] == SAME), -each[3], -each[0], each[1], each[2]))
    return [(likeness, place, activity_id) for likeness, place, activity_id, _ in pairs]


def _likeness(before: ActivityDraft, after: ActivityDraft) -> float:
    return fuzz.ratio("".join(before.title.split()), "".join(after.title.split()))
