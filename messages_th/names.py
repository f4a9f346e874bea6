"""Finds the agency that a hurried name means; hands out spelling and kinds of names beside it.

An agency is named by kind and place ("เทศบาลตำบลแม่แรม"), and one letter makes another place
("แม่ริม"), so `resolve` takes a name without asking only when nothing else comes near.  Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from messages_th.name_readings import (
    ONE_PER_PROVINCE,
    Reading,
    Target,
    place_of,
    readings_of,
    target_of,
    without_tones,
)
from messages_th.spelling import (
    KIND_NAMES,
    full_name,
    kind_of,
    normalise,
    one_line,
    short_name,
)
from store.types import Agency, AgencyId

__all__ = [
    "KIND_NAMES",
    "Candidate",
    "Match",
    "full_name",
    "kind_of",
    "normalise",
    "place_of",
    "resolve",
    "short_name",
]

LONGEST_NAME = 120
"""Characters; a longer text is no name and is not looked up."""

CANDIDATES = 5
WORST_CANDIDATE = 45
"""Score under which an agency is not worth offering."""

SHORTEST_TYPO = 8
"""Letters of a place from which on one slip may be overlooked; a shorter one is too easily
another place, perhaps of the next province (แม่แรม, แม่แรง)."""
NEAREST_OTHER = 3
"""Slips that every other place must be away before one is overlooked."""
SHORTEST_TONE = 5
NEAREST_OTHER_TONE = 2
"""The same two where only tone marks are wrong, which seldom makes another place."""

OTHER_KIND = 14
OTHER_AREA = 14
"""What the score loses when the kind, or the district or province, is not the one said."""
DISTRICT_ALONE = 90
"""Score of every agency of a district that is said without a place."""
NOT_THE_SAME = 99
"""Best score of an agency that is not named exactly, or without its kind."""

_POSTCODE = re.compile(r"(?<=\s)[0-9๐-๙]{5}$")
_SEPARATORS = re.compile(r"[()\[\]{}\"'“”,;:/\\|*_]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that may be meant, and how like its name the text is: 0 to 100."""

    agency: Agency
    score: int


@dataclass(frozen=True, slots=True)
class Match:
    """What a name was found to mean: `agency` only when sure; the best five to ask about."""

    agency: Agency | None
    candidates: tuple[Candidate, ...]


def resolve(text: str, agencies: Sequence[Agency]) -> Match:
    """Find the agency that a hurried text names.

    Sure is: kind and place exact after `normalise`, in the district where one is given
    anywhere; the place alone when a single agency bears it; one slip in a long place whose
    kind is said and to which no other place comes near.  The same place of another kind or
    district is only ever a candidate.  An agency may stand in the list again under names that
    it bore before; what is returned is its first entry, the present one.
    """
    plain = _POSTCODE.sub("", " ".join(_SEPARATORS.sub(" ", one_line(text)).split())).strip()
    if not agencies or not plain or len(plain) > LONGEST_NAME:
        return Match(None, ())
    targets = [target_of(agency) for agency in agencies]
    readings = readings_of(plain, targets)
    plainest = _plain_readings(readings, targets)
    found = _named_exactly(plainest, targets) or _named_with_a_slip(plainest, targets)
    present: dict[AgencyId, Agency] = {}
    for agency in agencies:
        present.setdefault(agency.agency_id, agency)
    return Match(
        found and present[found.agency_id],
        tuple(
            Candidate(present[each.agency.agency_id], each.score)
            for each in _ranked(readings, targets, found)
        ),
    )


def _is_in_area(agency: Agency, reading: Reading) -> bool:
    if reading.provinces is not None and agency.province_id not in reading.provinces:
        return False
    if reading.district == "เมือง":
        return agency.district.startswith("เมือง")
    return reading.district in ("", agency.district)


def _fits(agency: Agency, reading: Reading) -> bool:
    return _is_of_kind(agency, reading) and _is_in_area(agency, reading)


def _is_of_kind(agency: Agency, reading: Reading) -> bool:
    return not reading.kinds or agency.kind in reading.kinds


def _plain_readings(readings: Sequence[Reading], targets: Sequence[Target]) -> list[Reading]:
    """Return the readings by which an agency may be taken.

    A district that was only recognised by its name counts when the whole is no place of any
    kind: "สันทราย พร้าว", but not "เวียงฝาง".
    """
    whole = [each for each in readings if not each.district and each.provinces is None]
    places = {target.place for target in targets}
    return whole if any(each.place in places for each in whole) else list(readings)


def _named_exactly(readings: Sequence[Reading], targets: Sequence[Target]) -> Agency | None:
    """Return the agency that the readings name to the letter, if it is a single one."""
    named = {
        agency.agency_id: agency for reading in readings for agency in _bearers(reading, targets)
    }
    return next(iter(named.values())) if len(named) == 1 else None


def _bearers(reading: Reading, targets: Sequence[Target]) -> list[Agency]:
    """Return the agencies that a reading names to the letter."""
    if not reading.place:
        return [
            target.agency
            for target in targets
            if target.agency.kind in reading.kinds & ONE_PER_PROVINCE
            and _is_in_area(target.agency, reading)
        ]
    same = [
        target.agency
        for target in targets
        if target.place == reading.place and _is_in_area(target.agency, reading)
    ]
    if not reading.is_sure and len(same) > 1:
        return []
    return [agency for agency in same if _is_of_kind(agency, reading)]


def _named_with_a_slip(readings: Sequence[Reading], targets: Sequence[Target]) -> Agency | None:
    """Return the agency whose long place was written with one slip, if no other comes near."""
    for reading in readings:
        if not reading.kinds or not reading.is_sure or len(reading.place) < SHORTEST_TONE:
            continue
        bare = without_tones(reading.place)
        counted = ((_slips(reading.place, bare, target), target) for target in targets)
        (fewest, nearest), *rest = sorted(counted, key=lambda each: each[0])
        own = nearest.agency.agency_id
        away = next((slips for slips, each in rest if each.agency.agency_id != own), NEAREST_OTHER)
        is_tone = bare == nearest.bare and away >= NEAREST_OTHER_TONE
        is_letter = len(reading.place) >= SHORTEST_TYPO and away >= NEAREST_OTHER
        if fewest <= 1 and (is_tone or is_letter) and _fits(nearest.agency, reading):
            return nearest.agency
    return None


def _slips(place: str, bare: str, target: Target) -> int:
    """Count wrong, missing, doubled and swapped letters; all tone marks together count one."""
    letters = OSA.distance(bare, target.bare, score_cutoff=NEAREST_OTHER)
    if letters == 0:
        return int(place != target.place)
    return min(letters, OSA.distance(place, target.place, score_cutoff=NEAREST_OTHER))


def _ranked(
    readings: Sequence[Reading], targets: Sequence[Target], found: Agency | None
) -> tuple[Candidate, ...]:
    """Return the most likely agencies, the one found first."""
    scored = [
        Candidate(target.agency, max(_score(reading, target) for reading in readings))
        for target in targets
    ]
    scored.sort(key=lambda each: (each.agency is not found, -each.score))
    best: dict[AgencyId, Candidate] = {}
    for each in scored:
        best.setdefault(each.agency.agency_id, each)
    return tuple(each for each in [*best.values()][:CANDIDATES] if each.score >= WORST_CANDIDATE)


def _score(reading: Reading, target: Target) -> int:
    if not reading.place and reading.district:
        return DISTRICT_ALONE * _fits(target.agency, reading)
    if not reading.place:
        return 100 * (target.agency in _bearers(reading, [target]))
    bare = without_tones(reading.place)
    likeness = (fuzz.ratio(reading.place, target.place) + fuzz.ratio(bare, target.bare)) / 2
    loss = OTHER_KIND * (not _is_of_kind(target.agency, reading))
    loss += OTHER_AREA * (not _is_in_area(target.agency, reading))
    exact = likeness == 100 and loss == 0 and bool(reading.kinds) and reading.is_sure
    return 100 if exact else max(0, min(NOT_THE_SAME, round(likeness) - loss))
