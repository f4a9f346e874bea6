"""Ways in which officers misspell the name of an agency, and what `resolve` makes of each.

The bench `resolver` takes all names of the four sample provinces, the tests a seeded sample of
the same.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from messages_th.names import kind_of, resolve, short_name
from store.types import Agency, AgencyId, AgencyKind, ProvinceId

SAMPLES = Path(__file__).parents[2] / "handlers" / "plan_files" / "samples"
PROVINCES = ("chiangmai", "angthong", "krabi", "lamphun")
LETTERS = "กขคงจชดตทนบปพมยรลวสหอะาิีุูเแโไ"
TONE = re.compile("[\u0e48-\u0e4b]")


def sample_agencies(province: str) -> list[Agency]:
    """Return the agencies of a shipped sample list, no two provinces sharing a number."""
    path = SAMPLES / f"agencies-{province}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        make_agency(number, row["name"], row["district"], PROVINCES.index(province) + 1)
        for number, row in enumerate(rows, start=1_000 * PROVINCES.index(province) + 1)
    ]


def make_agency(number: int, name: str, district: str = "", province: int = 1) -> Agency:
    """Return an agency whose kind is the one its name starts with."""
    kind = kind_of(name) or AgencyKind.REGIONAL_OFFICE
    return Agency(AgencyId(number), ProvinceId(province), name, kind, district, None)


def place_of(agency: Agency) -> str:
    """Return the name without its kind."""
    return short_name(agency.name, agency.kind).split(".", 1)[1]


def dotted(agency: Agency, chance: Random) -> str:
    """Kind shortened with its dot, with and without a space."""
    return short_name(agency.name, agency.kind).replace(".", chance.choice([".", ". "]))


def undotted(agency: Agency, chance: Random) -> str:
    """Kind shortened without its dot, with a dot after every letter, or with odd spaces."""
    short, place = short_name(agency.name, agency.kind).split(".", 1)
    spelled = [short, f"{short} ", ".".join(short) + ".", ".".join(short) + ". ", f" {short}  "]
    return chance.choice(spelled) + place


def split_am(agency: Agency, chance: Random) -> str:
    """The letter ำ as its two halves, the tone mark before or between them."""
    halves = agency.name.replace("\u0e33", "\u0e4d\u0e32")
    return re.sub("([\u0e48-\u0e4b])\u0e4d", chance.choice(["\\1\u0e4d", "\u0e4d\\1"]), halves)


def doubled_tone(agency: Agency, chance: Random) -> str:
    """A tone mark typed twice."""
    return _at_tone(agency, chance, lambda mark: mark * 2)


def missing_tone(agency: Agency, chance: Random) -> str:
    """A tone mark left out."""
    return _at_tone(agency, chance, lambda _: "")


def twin_sara_e(agency: Agency, chance: Random) -> str:
    """เเ for แ, in the full name with a space behind its kind, or in the short one."""
    return dotted(agency, chance).replace("แ", "เเ")


def one_letter(agency: Agency, chance: Random) -> str:
    """One letter wrong, missing, too many or swapped anywhere in the short name."""
    return _wrong(dotted(agency, chance), chance)


def two_letters(agency: Agency, chance: Random) -> str:
    """Two letters wrong anywhere in the full name."""
    return _wrong(_wrong(agency.name, chance), chance)


def missing_kind(agency: Agency, _chance: Random) -> str:
    """The place alone."""
    return place_of(agency)


def with_district(agency: Agency, chance: Random) -> str:
    """The short name with its district somewhere, marked or not."""
    name, district = dotted(agency, chance), agency.district
    return chance.choice(
        [
            f"{name} {district}",
            f"{name} อ.{district}",
            f"{name} อำเภอ{district}",
            f"{name} ({district})",
            f"อ.{district} {name}",
            f"{district} {name}",
        ]
    )


def one_letter_of_place(agency: Agency, chance: Random) -> str:
    """One letter wrong in the place, the kind as it is."""
    place = place_of(agency)
    return short_name(agency.name, agency.kind).replace(place, _wrong(place, chance))


Mutation = Callable[[Agency, Random], str]
MUTATIONS: Sequence[Mutation] = (
    dotted,
    undotted,
    split_am,
    doubled_tone,
    missing_tone,
    twin_sara_e,
    one_letter,
    two_letters,
    missing_kind,
    with_district,
    one_letter_of_place,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `resolve` made of one misspelt name."""

    mutation: str
    text: str
    agency: Agency
    taken: Agency | None
    first: Agency | None
    is_twin: bool
    """Whether another agency of the province bears the same place name."""


def outcomes(
    mutations: Sequence[Mutation], chance: Random, share: float = 1.0
) -> Iterator[Outcome]:
    """Yield what becomes of the names of all provinces, or of a share of them."""
    for province in PROVINCES:
        agencies = sample_agencies(province)
        places = Counter(map(place_of, agencies))
        for agency in agencies:
            for mutate in mutations:
                text = mutate(agency, chance)
                if chance.random() >= share:
                    continue
                match = resolve(text, agencies)
                first = match.candidates[0].agency if match.candidates else None
                is_twin = places[place_of(agency)] > 1
                yield Outcome(mutate.__name__, text, agency, match.agency, first, is_twin)


def _at_tone(agency: Agency, chance: Random, change: Callable[[str], str]) -> str:
    name = short_name(agency.name, agency.kind)
    marks = list(TONE.finditer(name))
    if not marks:
        return name
    mark = chance.choice(marks)
    return name[: mark.start()] + change(mark[0]) + name[mark.end() :]


def _wrong(text: str, chance: Random) -> str:
    at = chance.randrange(len(text))
    letter = chance.choice(LETTERS)
    return chance.choice(
        [
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        ]
    )
