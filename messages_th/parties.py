"""Printed responsible parties (ผู้รับผิดชอบ) read into kinds.  Pure.

The text is scanned without its spaces, as line breaks leave spaces inside words; the map back
to the printed text keeps each party as it stands on paper.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from messages_th.provinces import PROVINCES
from messages_th.spelling import one_line
from store.types import PartyDraft, PartyKind

_PROVINCE = "(?:" + "|".join(sorted(PROVINCES, key=len, reverse=True)) + ")"
_OF_PROVINCE = rf"(?:ประจำ|ใน|ของ)?(?:พื้นที่)?(?:จังหวัด|จว\.?|จ\.)?{_PROVINCE}?"
_EVERY = r"(?:ทุก(?:แห่ง|องค์กร|หน่วยงาน|หน่วย|ส่วนราชการ|ประเภท)|ทั้งหมด)"
_IN_AREA = rf"(?:(?:ใน|ของ)(?:เขต)?(?:พื้นที่)?(?:จังหวัด|จ\.)?{_PROVINCE}?|{_EVERY})*"
_NACC = r"(?:ป\.?ป\.?ช\.?|คณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ)"
_PACC = r"(?:ป\.?ป\.?ท\.?|คณะกรรมการป้องกันและปราบปรามการทุจริตในภาครัฐ)"

_OFFICE_OF = rf"(?:{_PROVINCE}|[\u0e01-\u0e2e]{{2}}\.)?"
"""The province's name, or its two letters ("สนจ.ชม.")."""

# A form counts only where the name ends with it: "อปท. ที่ไม่ผ่าน" is not every อปท.
_FORMS: tuple[tuple[PartyKind, str], ...] = (
    (
        PartyKind.UNNAMED,
        r"(?:หน่วยงาน|ส่วนราชการ)(?:อื่น(?:ๆ)?|ต่าง(?:ๆ)?)?(?:ที่เกี่ยวข้อง)"
        r"(?:(?:จำนวน)?\d+(?:หน่วยงาน|แห่ง))?" + _IN_AREA,
    ),
    (
        PartyKind.EVERY_LOCAL,
        r"(?:ทุก)?(?:หน่วยงาน)?(?:องค์กรปกครองส่วนท้องถิ่น|องค์การปกครองส่วนท้องถิ่น|อปท\.?)"
        r"(?:\((?:อปท\.?|ทุกแห่ง)\))?" + _IN_AREA,
    ),
    # Without "every" a kind's word alone names nobody: then a person must choose.
    (PartyKind.EVERY_MUNICIPALITY, rf"(?:ทุกเทศบาล|เทศบาล{_EVERY}){_IN_AREA}"),
    (
        PartyKind.EVERY_SAO,
        rf"(?:ทุก(?:องค์การบริหารส่วนตำบล|อบต\.?)|(?:องค์การบริหารส่วนตำบล|อบต\.?){_EVERY}){_IN_AREA}",
    ),
    (
        PartyKind.EVERY_REGIONAL,
        r"(?:ทุก)?(?:หัวหน้า)?(?:ส่วนราชการ(?:ประจำจังหวัด|ระดับจังหวัด)"
        r"|(?:ส่วนราชการ|หน่วยงาน|ราชการ)(?:ใน)?(?:สังกัด)?(?:ราชการ)?(?:บริหาร)?(?:ส่วน)?ภูมิภาค)"
        + _OF_PROVINCE
        + _IN_AREA,
    ),
    (PartyKind.EVERY_REGIONAL, r"ทุกส่วนราชการ|ส่วนราชการทุก(?:แห่ง|ส่วนราชการ)"),
    (PartyKind.PROVINCIAL_OFFICE, rf"(?:(?:สำนักงาน|สนง\.)(?:จังหวัด|จว\.|จ\.)|สนจ\.?)ฯ?{_OFFICE_OF}"),
    (
        PartyKind.LOCAL_ADMINISTRATION_OFFICE,
        r"(?:สำนักงานส่งเสริมการปกครอง(?:ส่วน)?ท้องถิ่น|สนง\.ส่งเสริมการปกครอง(?:ส่วน)?ท้องถิ่น|สถจ\.?)"
        rf"(?:จังหวัด|จ\.)?{_OFFICE_OF}",
    ),
    (
        PartyKind.OUTSIDE,
        rf"(?:สำนักงาน|สนง\.)?(?:{_NACC}|{_PACC})(?:ส่วนกลาง|(?:ภาค|เขต)\d+)?{_OF_PROVINCE}",
    ),
    (PartyKind.OUTSIDE, r"คณะที่ปรึกษา(?:การประเมิน)?(?:ITA|ฯ)?|ที่ปรึกษาการประเมิน"),
)
_KNOWN = tuple((kind, re.compile(form)) for kind, form in _FORMS)
# What an agency's name begins with; after a bare space only these begin another party.
_HEADS = (
    r"สำนักงาน|สนง\.|สนจ|สถจ|สถอ|สำนัก|ที่ทำการ|องค์กร|องค์การ|เทศบาล|หน่วยงาน|ส่วนราชการ|คณะ"
    r"|กระทรวง|กรม|ศูนย์|โรงเรียน|โรงพยาบาล|มหาวิทยาลัย|วิทยาลัย|สถาบัน|สถานี|เรือนจำ|ด่าน|แขวง|กอง"
    r"|ท้องถิ่นอำเภอ|นายอำเภอ|ที่ว่าการ|อ\.?ป\.?ท|อ\.?บ\.?จ|อ\.?บ\.?ต|ท\.?น\.|ท\.?ม\.|ท\.?ต\."
    r"|ป\.?ป\.?[ชท]|ผู้ว่าราชการ|ผู้ดูแลระบบ|ผู้บริหาร|ทุก(?:ส่วนราชการ|หน่วยงาน|อำเภอ|อปท|องค์กร)"
)
# Several stand together here: what else follows such a name narrows it ("อปท. นำร่อง").
_EVERY_ONE = frozenset(
    {
        PartyKind.EVERY_LOCAL,
        PartyKind.EVERY_MUNICIPALITY,
        PartyKind.EVERY_SAO,
        PartyKind.EVERY_REGIONAL,
    }
)
_AFTER_JOIN = rf"(?:{_HEADS}|อำเภอ|จังหวัด|ท้องถิ่น|กลุ่ม|ฝ่าย)"
_JOIN = re.compile(rf"(?:โดย)?(?:ร่วมกับ|และ|กับ)(?={_AFTER_JOIN})")
_LABEL = re.compile(r"(?:หน่วยงาน|ผู้รับผิดชอบ)?(?:หลัก|รอง|ร่วม|สนับสนุน):")
_SEPARATOR = re.compile(r"[-–•*,;/·+&]+|(?<!\d)\d{1,2}[.)](?!\d)")
_HEAD = re.compile(_HEADS)
_ENDS_BEFORE_OTHERS = re.compile(
    r"(?!ที่(?!ทำการ|ว่าการ))(?!(?:ใน|ของ)?(?:เขต)?(?:พื้นที่)?(?:อำเภอ|อ\.))"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_SEVERAL = re.compile(
    r"ทุก|ทั้งหมด|ที่เกี่ยวข้อง|ต่างๆ|อื่น|ที่ได้รับ|ที่ไม่|ยกเว้น|อำเภอ$"
    r"|^(?:อบต|องค์การบริหารส่วนตำบล|ท[นมต]|เทศบาล(?:นคร|เมือง|ตำบล)?)\.?$"
)
_AGENCY = re.compile(
    r"^(?:สำนักงาน|สนง\.|สำนัก|ที่ทำการ|ที่ว่าการ|องค์การ|เทศบาล|ศูนย์|โรงเรียน|โรงพยาบาล|มหาวิทยาลัย|วิทยาลัย"
    r"|สถาบัน|สถานี|เรือนจำ|ด่าน|แขวง|กอง|ท้องถิ่นอำเภอ|อำเภอ|จังหวัด|สถอ|อ\.?บ\.?[จต]|ท\.?[นมต]\.?)."
)
_ANOTHER_GROUP = re.compile(r"คณะทำงาน(?:ITA|ฯ)?(?:ของ|ประจำ|ระดับ)(?!จังหวัด)")
"""Not the province's one: every agency appoints one of its own."""
_MISSPELT = "การปกครองส่วนท้องถิ่น"
_SPACE_INSIDE = re.compile(
    r"(?<=[\u0e01-\u0e4e])\s+(?!ทุก|ประจำ|ใน|ทั้งหมด|ป\.?ป|เขต|ภาค)(?=[\u0e01-\u0e4e])"
)


def read_parties(text: str) -> list[PartyDraft]:
    """Return the responsible parties of a printed cell in their order, each text as printed.

    A name of no known kind is NAMED where it looks like an agency's and UNNAMED otherwise:
    then a person must choose.
    """
    return list(_read(one_line(text)))


def is_known_form(party: PartyDraft) -> bool:
    """Whether an unnamed party is one that plans print ("หน่วยงานที่เกี่ยวข้อง"), no stray text."""
    return _KNOWN[0][1].fullmatch(re.sub(r"\s", "", party.text)) is not None


def is_misspelt(party: PartyDraft) -> bool:
    """Whether สถจ.'s name is printed with ส่วน in it, which belongs to the อปท.' name only."""
    return party.kind is PartyKind.LOCAL_ADMINISTRATION_OFFICE and _MISSPELT in re.sub(
        r"\s", "", party.text
    )


def has_space_in_name(party: PartyDraft) -> bool:
    """Whether a line break left a space inside a known name ("สำนักงานจังหวัด กระบี่")."""
    return (
        party.kind not in (PartyKind.NAMED, PartyKind.UNNAMED, PartyKind.WORKING_GROUP)
        and _SPACE_INSIDE.search(party.text) is not None
    )


@lru_cache(maxsize=256)
def _read(printed: str) -> tuple[PartyDraft, ...]:
    return tuple(
        PartyDraft(kind, printed[first:last].strip(" ,;-–")) for kind, first, last in _scan(printed)
    )


def _scan(printed: str) -> Iterator[tuple[PartyKind, int, int]]:
    """Yield kind, first and last place (exclusive) of each party in the printed text."""
    places = [index for index, character in enumerate(printed) if character != " "]
    solid = "".join(printed[place] for place in places)
    spaced = {index for index, place in enumerate(places) if place and printed[place - 1] == " "}
    position = _skip(solid, 0)
    while position < len(solid):
        end, kind = _party_at(solid, position, spaced)
        yield kind, places[position], places[end - 1] + 1
        position = _skip(solid, end)


def _skip(solid: str, position: int) -> int:
    """Return where the next party begins, after bullets, commas and joining words."""
    while match := (
        _SEPARATOR.match(solid, position)
        or _JOIN.match(solid, position)
        or _LABEL.match(solid, position)
    ):
        position = match.end()
    return position


def _party_at(solid: str, position: int, spaced: set[int]) -> tuple[int, PartyKind]:
    for kind, form in _KNOWN:
        match = form.match(solid, position)
        if match and _is_end(solid, match.end(), spaced, may_be_narrowed=kind in _EVERY_ONE):
            return _with_brackets(solid, match.end()), kind
    end = position + 1
    while end < len(solid) and not _begins_another(solid, end, spaced):
        brackets = _BRACKETS.match(solid, end)
        end = brackets.end() if brackets else end + 1
    return end, _kind_of_unknown(solid[position:end])


def _is_end(solid: str, end: int, spaced: set[int], *, may_be_narrowed: bool) -> bool:
    if end == len(solid):
        return True
    if not _ENDS_BEFORE_OTHERS.match(solid, end):
        return False
    if may_be_narrowed:
        return _skip(solid, end) > end or _begins_another(solid, end, spaced)
    return end in spaced or solid[end] == "(" or _skip(solid, end) > end


def _with_brackets(solid: str, end: int) -> int:
    brackets = _BRACKETS.match(solid, end)
    return brackets.end() if brackets else end


def _begins_another(solid: str, place: int, spaced: set[int]) -> bool:
    if solid[:place].endswith(("ของ", "ยกเว้น")):
        return False
    if place in spaced and any(form.match(solid, place) for form in (_HEAD, _SEPARATOR, _LABEL)):
        return True
    if solid[place] == "/" and _HEAD.match(solid, place + 1):
        return True
    return bool(_JOIN.match(solid, place)) or solid[place] in ",;"


def _kind_of_unknown(name: str) -> PartyKind:
    if name.startswith("คณะทำงาน") and not _ANOTHER_GROUP.match(name):
        return PartyKind.WORKING_GROUP
    if re.match("(?:กระทรวง|กรม)", name):
        return PartyKind.OUTSIDE
    if _AGENCY.match(name) and not _SEVERAL.search(name):
        return PartyKind.NAMED
    return PartyKind.UNNAMED
