"""More ways in which a hurried name of an agency goes wrong: the keyboard, the ear, the address.

Each is a `Mutation` of `tests.messages_th.misspellings`; the bench `resolver` runs them all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from store.types import Agency, AgencyKind
from tests.messages_th.misspellings import Mutation, dotted, place_of

KEYBOARD = (
    "ๆไำพะัีรนยบล",
    "ฟหกดเ้่าสวงฃ",
    "ผปแอิืทมใฝ",
)
"""Rows of the Kedmanee layout, unshifted; neighbours stand side by side."""
EAR: Mapping[str, str] = {
    "ณ": "น", "น": "ณ", "ศ": "ส", "ษ": "ส", "ส": "ศ", "ฐ": "ถ", "ฏ": "ต", "ธ": "ท", "ท": "ธ",
    "ร": "ล", "ล": "ร", "ใ": "ไ", "ไ": "ใ", "ิ": "ี", "ี": "ิ", "ุ": "ู", "ู": "ุ", "ญ": "ย",
    "ั": "ะ", "ึ": "ื", "ื": "ึ",
}  # fmt: skip
"""Letters that sound alike."""
VOWELS = re.compile("[\u0e30-\u0e39\u0e40-\u0e45]")
UNSEEN = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u2060")
PROVINCE_NAMES = ("เชียงใหม่", "อ่างทอง", "กระบี่", "ลำพูน")
"""As `PROVINCES` of the misspellings counts them."""
MUNICIPALITY = re.compile("เทศบาล(?:ตำบล|เมือง|นคร)")


def swapped_neighbours(agency: Agency, chance: Random) -> str:
    """Two neighbouring letters of the place swapped."""
    place = place_of(agency)
    at = chance.randrange(max(1, len(place) - 1))
    return _with_place(agency, place[:at] + place[at : at + 2][::-1] + place[at + 2 :], chance)


def dropped_vowel(agency: Agency, chance: Random) -> str:
    """A vowel of the place left out."""
    return _changed(agency, chance, VOWELS, lambda _: "")


def neighbour_key(agency: Agency, chance: Random) -> str:
    """A letter of the place hit one key beside."""
    beside = {
        letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
        for row in KEYBOARD
        for at, letter in enumerate(row)
    }
    keys = re.compile(f"[{''.join(KEYBOARD)}]")
    return _changed(agency, chance, keys, lambda letter: chance.choice(beside[letter]))


def by_ear(agency: Agency, chance: Random) -> str:
    """A letter of the place as one that sounds alike."""
    return _changed(agency, chance, re.compile(f"[{''.join(EAR)}]"), lambda each: EAR[each])


def half_a_kind(agency: Agency, chance: Random) -> str:
    """The word for the kind cut short: เทศบาล, องค์การบริหารส่วน, อบต.ตำบล, องคการ."""
    name = agency.name
    forms = {
        AgencyKind.SAO: [
            name.replace("ส่วนตำบล", "ส่วน"),
            name.replace("ส่วนตำบล", "ตำบล"),
            name.replace("ส่วนตำบล", "ส่วน ต."),
            name.replace("องค์การบริหารส่วนตำบล", "อบต.ตำบล"),
            name.replace("องค์การ", "องคการ"),
            name.replace("องค์การ", "องค์กร"),
        ],
        AgencyKind.SUBDISTRICT_MUNICIPALITY: [
            name.replace("เทศบาลตำบล", "เทศบาล"),
            name.replace("เทศบาลตำบล", "เทศบาล ต."),
            name.replace("เทศบาลตำบล", "เทศบาลต."),
            name.replace("เทศบาลตำบล", "เทศบาล "),
            f"สำนักงาน{name}",
        ],
        AgencyKind.TOWN_MUNICIPALITY: [MUNICIPALITY.sub("เทศบาล", name), f"สำนักงาน{name}"],
        AgencyKind.CITY_MUNICIPALITY: [MUNICIPALITY.sub("เทศบาล", name), f"สำนักงาน{name}"],
    }
    return chance.choice(forms.get(agency.kind, [f"ที่ทำการ{name}"]))


def with_address(agency: Agency, chance: Random) -> str:
    """The name with its district and province as on an envelope."""
    name, district, province = agency.name, agency.district, PROVINCE_NAMES[agency.province_id - 1]
    return chance.choice(
        [
            f"{name} จ.{province}",
            f"{name} จังหวัด{province}",
            f"{name} {province}",
            f"{dotted(agency, chance)} อ.{district} จ.{province}",
            f"{dotted(agency, chance)} อำเภอ {district} จังหวัด {province}",
            f"{dotted(agency, chance)} {district} {province}",
            f"จ.{province} อ.{district} {name}",
            f"อ.{district} จ.{province} {name}",
        ]
    )


def unseen_characters(agency: Agency, chance: Random) -> str:
    """Characters without width and odd spaces between the letters."""
    name = dotted(agency, chance).replace(" ", "\u00a0")
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice(UNSEEN) + name[at:]


def torn(agency: Agency, chance: Random) -> str:
    """A space or line break inside the place, as out of a narrow cell."""
    place = place_of(agency)
    at = chance.randrange(1, len(place))
    return _with_place(agency, place[:at] + chance.choice(" \n") + place[at:], chance)


def district_misspelt(agency: Agency, chance: Random) -> str:
    """The name right, a letter of its district wrong."""
    at = chance.randrange(len(agency.district))
    district = agency.district[:at] + agency.district[at + 1 :]
    return f"{dotted(agency, chance)} อ.{district}"


def slip_with_district(agency: Agency, chance: Random) -> str:
    """A key beside in the place, the district right."""
    return f"{neighbour_key(agency, chance)} อ.{agency.district}"


def with_chat(agency: Agency, chance: Random) -> str:
    """Words of a chat around the name."""
    name = dotted(agency, chance)
    return chance.choice([f"{name}ค่ะ", f"{name} ครับ", f"จาก {name}", f"นายก{name}", f"{name}นะคะ"])


HURRIED: Sequence[Mutation] = (
    swapped_neighbours,
    dropped_vowel,
    neighbour_key,
    by_ear,
    half_a_kind,
    with_address,
    unseen_characters,
    torn,
    district_misspelt,
    slip_with_district,
    with_chat,
)


def _changed(
    agency: Agency, chance: Random, letters: re.Pattern[str], change: Callable[[str], str]
) -> str:
    place = place_of(agency)
    found = list(letters.finditer(place))
    if found:
        each = chance.choice(found)
        place = place[: each.start()] + change(each[0]) + place[each.end() :]
    return _with_place(agency, place, chance)


def _with_place(agency: Agency, place: str, chance: Random) -> str:
    return dotted(agency, chance).replace(place_of(agency), place)
