"""The ways to understand a typed name of an agency: its kind, place, district, province.  Pure.

`messages_th.names` weighs them against the directory.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from messages_th.digits import to_arabic_digits
from messages_th.spelling import FULL_KINDS, KIND_WORD, SHORT_KINDS, kind_in, one_line
from store.types import Agency, AgencyKind, ProvinceId

_MUNICIPALITIES = frozenset(
    {
        AgencyKind.CITY_MUNICIPALITY,
        AgencyKind.TOWN_MUNICIPALITY,
        AgencyKind.SUBDISTRICT_MUNICIPALITY,
    }
)
ONE_PER_PROVINCE = frozenset(
    {
        AgencyKind.PAO,
        AgencyKind.PROVINCIAL_OFFICE,
        AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
        AgencyKind.WORKING_GROUP,
    }
)
"""Kinds that bear the province's name, so that the kind alone names one."""

_LETTER = "[\u0e01-\u0e4e]"
_DISTRICT = re.compile(r"(?:อำเภอ|อ\s*\.)\s*([^\s.]+?)\.?(?=\s|$|จ\s*\.|จังหวัด|ตำบล|ต\s*\.)")
_PROVINCE = re.compile(r"(?:จังหวัด|จ\s*\.)\s*([^\s.]+)")
_SUBDISTRICT = re.compile(rf"(?<!{_LETTER})(?:ตำบล|ต\s*\.)\s*")
_CUT_SHORT: Mapping[re.Pattern[str], frozenset[AgencyKind]] = {
    re.compile(rf"(?<!{_LETTER})เทศบาล"): _MUNICIPALITIES,
    re.compile(rf"(?<!{_LETTER})องค์?กา?รบริหาร(?:ส่วน)?\s*(?:ตำบล|ต\s*\.)"): frozenset(
        {AgencyKind.SAO}
    ),
    re.compile(rf"(?<!{_LETTER})องค์?กา?รบริหารส่วน"): frozenset({AgencyKind.SAO, AgencyKind.PAO}),
}
"""Words for a kind with a part left out -> what they may stand for."""
_BEFORE_KIND = re.compile(
    rf"(?<!{_LETTER})(?:(?:สำนักงาน|ที่ทำการ|นายก)\s*)+(?=เทศบาล|องค์|อบ[ตจ]|อ\.บ\.|ท[ตมน])"
)
"""Its house or its head, said for the agency itself; สำนักงานจังหวัด is an agency of its own."""
_UNKNOWN_SHORT = re.compile(r"(?:[ก-ฮ]\.?){2,3}\s*\.\s*|(?:[ก-ฮ]\s?){3}(?=[ก-ฮเแโใไ])")
"""What stands where a short kind should, with a wrong letter in it ("อบค.", "อตบ")."""
_SHORTEST_DISTRICT = 4
"""Letters of a district from which on one slip may be overlooked."""
_TONES = re.compile("[\u0e47-\u0e4c]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text.

    No `kinds` means none was said.  `is_sure` is False where the word for the kind was
    misspelt or only supposed: then the place must be the only one of its name.
    `has_lead` is True where something stood before the word for the kind, which never parts a
    place's name: so that is the area, and what follows is the place.
    """

    kinds: frozenset[AgencyKind]
    place: str
    district: str = ""
    provinces: frozenset[ProvinceId] | None = None
    is_sure: bool = True
    has_lead: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An agency with its name taken apart; `bare` is the place without tone marks."""

    agency: Agency
    place: str
    bare: str


def readings_of(text: str, targets: Sequence[Target]) -> list[Reading]:
    """Return all ways to understand a text on one line, the places without spaces and dots."""
    return [
        replace(reading, place=_key(reading.place))
        for said in _kinds_said(text)
        for reading in _areas_said(said, targets)
    ]


@lru_cache(maxsize=20_000)
def target_of(agency: Agency) -> Target:
    """Take a name apart; kept, as the same directory is asked again and again."""
    place = place_of(agency.name, agency.district)
    return Target(agency, place, without_tones(place))


def place_of(name: str, district: str) -> str:
    """Return a name without its kind, spaces and dots, and without its district behind it.

    A district stands there where two bodies of a province bear one name: "ทต.สันทราย (ฝาง)".
    """
    plain = one_line(name)
    found = KIND_WORD.match(plain)
    place = plain[found.end() :] if found else plain
    if district:
        place = re.sub(rf"(?<=\S)[\s(]+(?:อำเภอ|อ\.)?\s*{re.escape(district)}\s*\)?$", "", place)
    return _key(place)


def without_tones(text: str) -> str:
    """Return the text without its tone marks and silencers, which are what is forgotten first."""
    return _TONES.sub("", text)


def _key(place: str) -> str:
    return to_arabic_digits(re.sub(r"[\s.\-–]", "", place))


def _kinds_said(text: str) -> Iterator[Reading]:
    """Yield readings of the text by the kind said in it, its place still with the area."""
    yield Reading(frozenset(), text)
    said = _BEFORE_KIND.sub("", text)
    found = KIND_WORD.search(said)
    if found:
        yield from _with_kind(said, found)
        return
    for word, kinds in _CUT_SHORT.items():
        if found := word.search(said):
            yield Reading(kinds, _without(said, found), has_lead=found.start() > 0)
            break
    yield from _with_kind_misspelt(said)


def _with_kind(text: str, found: re.Match[str]) -> Iterator[Reading]:
    kind = kind_in(found)
    rest = _without(text, found)
    yield Reading(frozenset({kind}), rest, has_lead=found.start() > 0)
    if kind is AgencyKind.TOWN_MUNICIPALITY:
        # เทศบาลเมืองแกนพัฒนา: one เมือง said for the two of เทศบาลเมือง + เมืองแกนพัฒนา.
        yield Reading(frozenset({kind}), f"เมือง{rest}")


def _with_kind_misspelt(text: str) -> Iterator[Reading]:
    for kind, full in FULL_KINDS.items():
        for end in range(len(full) - 2, len(full) + 3):
            if OSA.distance(full, text[:end], score_cutoff=2) <= 2:
                yield Reading(frozenset({kind}), text[end:], is_sure=False)
    if short := _UNKNOWN_SHORT.match(text):
        letters = _key(short[0])
        near = {kind for kind, each in SHORT_KINDS.items() if OSA.distance(each, letters) <= 1}
        if near:
            yield Reading(frozenset(near), text[short.end() :], is_sure=False)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()


def _areas_said(said: Reading, targets: Sequence[Target]) -> Iterator[Reading]:
    """Yield the reading with district and province taken out of its place, marked or bare."""
    text, district, marked = said.place, "", None
    if (found := _PROVINCE.search(text)) and (rest := _without(text, found)):
        text, marked = rest, _provinces_named(found[1], targets)
    if found := _DISTRICT.search(text):
        text, district = _without(text, found), _district_named(found[1], targets)
    text = _SUBDISTRICT.sub("", text)
    yield said
    if text != said.place:
        yield replace(said, place=text, district=district, provinces=marked)
    for place, provinces in _without_bare_province(_key(text), marked, targets):
        here = replace(said, place=place, district=district, provinces=provinces)
        if provinces is not marked:
            yield here
        if not district:
            yield from _without_bare_district(here, targets)


def _without_bare_province(
    place: str, marked: frozenset[ProvinceId] | None, targets: Sequence[Target]
) -> Iterator[tuple[str, frozenset[ProvinceId] | None]]:
    yield place, marked
    if marked is not None:
        return
    for name in {t.place for t in targets if t.agency.kind in ONE_PER_PROVINCE} - {""}:
        if (rest := place.removesuffix(name)) not in ("", place):
            yield rest, _provinces_named(name, targets)


def _without_bare_district(here: Reading, targets: Sequence[Target]) -> Iterator[Reading]:
    for name in {"เมือง"} | _districts(targets):
        rests = {here.place.removeprefix(name)}
        if not here.has_lead:
            rests.add(here.place.removesuffix(name))
        for rest in rests - {"", here.place}:
            yield replace(here, place=rest, district=name)


def _district_named(text: str, targets: Sequence[Target]) -> str:
    """Return the district meant by what stands behind อำเภอ; a slip in it leaves only one."""
    known = _districts(targets)
    if text in known or len(text) < _SHORTEST_DISTRICT:
        return text
    near = [each for each in known if OSA.distance(each, text, score_cutoff=2) <= 2]
    return near[0] if len(near) == 1 and OSA.distance(near[0], text) == 1 else text


def _districts(targets: Sequence[Target]) -> set[str]:
    return {target.agency.district for target in targets} - {""}


def _provinces_named(name: str, targets: Sequence[Target]) -> frozenset[ProvinceId]:
    """Return the provinces of that name: each has agencies that bear it (อบจ., สนจ., สถจ.)."""
    return frozenset(
        target.agency.province_id
        for target in targets
        if target.agency.kind in ONE_PER_PROVINCE and target.place == name
    )
