"""How a directory of agencies is written, and what is said of its rows.  Pure."""

import re
from collections.abc import Mapping, Sequence

from messages_th.cli_texts import bare_district
from messages_th.offices import agency_kind
from messages_th.provinces import province as province_named
from messages_th.spelling import FULL_KINDS, full_name, kind_of, one_line, short_name
from store.types import LOCAL_KINDS, AgencyKind

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": (
        "ชื่อหน่วยงาน", "ชื่ออปท", "ชื่อองค์กรปกครองส่วนท้องถิ่น", "ชื่อหน่วยงานภาครัฐ", "ชื่อ", "รายชื่อหน่วยงาน",
        "รายชื่ออปท", "รายชื่อ", "หน่วยงาน", "อปท", "องค์กรปกครองส่วนท้องถิ่น", "name", "agency",
        "agencyname", "organization", "organisation",
    ),
    "type": (
        "ประเภท", "ประเภทหน่วยงาน", "ประเภทอปท", "ประเภทองค์กร", "ประเภทองค์กรปกครองส่วนท้องถิ่น",
        "รูปแบบ", "ชนิด", "type", "kind",
    ),
    "district": ("อำเภอ", "ชื่ออำเภอ", "อำเภอเขต", "เขตอำเภอ", "district", "amphoe"),
    "province": ("จังหวัด", "ชื่อจังหวัด", "province", "changwat"),
    "former": (
        "ชื่อเดิม", "ชื่อหน่วยงานเดิม", "เดิมชื่อ", "ชื่อเก่า", "formername", "oldname", "previousname",
    ),
}  # fmt: skip
"""Heads under which a directory may give each column, as `head_key` makes them."""

_ANY_LOCAL = ("", "อปท", "องค์กรปกครองส่วนท้องถิ่น")
_PROVINCIAL = (AgencyKind.PROVINCIAL_OFFICE, AgencyKind.LOCAL_ADMINISTRATION_OFFICE)
_NUMBER_BEFORE = re.compile(r"^[\d๐-๙]+\s*[.)]\s*(?=\D)")
_DISTRICT_LINE = re.compile(r"^(?:อำเภอ|อ\.)\s*\S+$")
_REST_OF_KIND = re.compile(r"^(?:เทศบาล)?\s*(?:ตำบล|ต\.)?\s*")


def head_key(cell: str) -> str:
    """Return a head without what varies: capitals, spaces, signs and what stands in brackets."""
    return re.sub(r"\(.*?\)|[\s._*/:-]", "", one_line(cell).lower())


def cell_text(cell: str) -> str:
    """Return a cell on one line; a dash alone is an empty one."""
    text = one_line(cell)
    return "" if text.strip("-–. ") == "" else text


def is_district_line(text: str) -> bool:
    """Whether a line alone is the heading of one district's agencies."""
    return _DISTRICT_LINE.match(text) is not None


def district_name(text: str, province: str) -> str:
    """Return the district's name without the word; a capital's เมือง gets its province."""
    name = bare_district(text)
    return f"เมือง{province}" if name == "เมือง" else name


def is_other_province(text: str, province: str) -> bool:
    """Whether a province is said and it is another one, however it is written."""
    return bool(text) and text != province and province_named(text) != province


def name_and_kind(name: str, kind_text: str) -> tuple[str, AgencyKind | None, str]:
    """Return the full name and kind that two cells give, or what is wrong with them.

    The full name is the key: a list of short names must not make every agency twice.  A name
    without its kind gets the one of the type column, an empty type that of the name.
    """
    full = full_name(_NUMBER_BEFORE.sub("", name))
    by_name, by_type = kind_of(full), agency_kind(kind_text)
    if not full:
        return full, None, NO_NAME
    if by_type is None:
        return (full, *_kind_by_name(by_name, kind_text))
    if by_name is None and by_type in LOCAL_KINDS:
        return FULL_KINDS[by_type] + _REST_OF_KIND.sub("", full), by_type, ""
    if by_name in (None, by_type):
        return full, by_type, ""
    if by_name in _PROVINCIAL and by_type is AgencyKind.REGIONAL_OFFICE:
        return full, by_name, ""  # สนจ. is one of the offices, and more
    return full, None, contradiction(kind_text)


def _kind_by_name(by_name: AgencyKind | None, kind_text: str) -> tuple[AgencyKind | None, str]:
    key = head_key(kind_text)
    is_municipality = by_name is not None and FULL_KINDS.get(by_name, "").startswith("เทศบาล")
    if key == "เทศบาล" and is_municipality:
        return by_name, ""
    if key not in (*_ANY_LOCAL, "เทศบาล"):
        return None, unknown_kind(kind_text)
    if by_name is None or key == "เทศบาล" or (key and by_name not in LOCAL_KINDS):
        return None, NO_KIND
    return by_name, ""


NO_NAME = "ไม่มีชื่อหน่วยงาน กรุณาเติมชื่อแล้วนำเข้าใหม่"
NO_KIND = "ไม่ทราบประเภท กรุณาเติมช่องประเภท เช่น เทศบาลตำบล หรือ อบต. แล้วนำเข้าใหม่"
NO_TABLE = "ไม่พบหัวตาราง name, type, district ในไฟล์ กรุณาส่งไฟล์ CSV หรือ XLSX ที่มีหัวตารางนี้"


def unknown_kind(text: str) -> str:
    """Say that a type is none that the bot knows."""
    return f"ไม่รู้จักประเภท “{text}” ใช้ชื่อเต็มหรือย่อ เช่น เทศบาลตำบล ทต. องค์การบริหารส่วนตำบล อบต."


def contradiction(kind_text: str) -> str:
    """Say that the name is of another kind than the type column."""
    return f"ชื่อกับประเภท “{kind_text}” ไม่ตรงกัน จึงไม่ได้นำเข้า กรุณาแก้ช่องที่ผิดแล้วนำเข้าใหม่"


def twice(name: str) -> str:
    """Say that a name stands twice in the file."""
    return f"“{name}” ซ้ำกับแถวก่อนหน้า จึงไม่ได้นำเข้าอีก"


def twice_elsewhere(name: str, district: str) -> str:
    """Say that a name stands in the file for another district, too."""
    return (
        f"“{name}” มีแล้วในอำเภอ{district} จึงไม่ได้นำเข้าอีก ถ้าเป็นคนละแห่ง กรุณาเติมชื่ออำเภอท้ายชื่อ แล้วนำเข้าใหม่"
    )


def other_province(text: str) -> str:
    """Say that a row belongs to another province than the one imported for."""
    return f"แถวนี้เป็นของจังหวัด “{text}” จึงไม่ได้นำเข้า"


def unknown_district(district: str, likely: str) -> str:
    """Say that a district is not known, and which one may be meant ("" for none)."""
    meant = f" น่าจะเป็น “{likely}”" if likely else ""
    return (
        f"ไม่รู้จักอำเภอ “{district}”{meant} จึงไม่ได้นำเข้า กรุณาแก้แล้วนำเข้าใหม่"
        f' หรือยืนยันว่าถูกด้วย --new-district "{district}"'
    )


def likely_renamed(old: str, new: str) -> str:
    """Say that a new name may be that of a known agency, and how to decide."""
    return (
        f"น่าจะเป็น “{old}” ที่เปลี่ยนชื่อหรือยกฐานะ จึงยังไม่ได้นำเข้า ถ้าใช่ให้นำเข้าใหม่ด้วย"
        f' --renamed "{old}={new}" ถ้าเป็นคนละแห่งใช้ --new "{new}"'
    )


def former_still_there(old: str) -> str:
    """Say that both the former name and the new one are agencies already."""
    return f"ชื่อเดิม “{old}” ยังเป็นหน่วยงานอีกแห่งอยู่ จึงไม่ได้เปลี่ยนชื่อ กรุณาตรวจช่องชื่อเดิมแล้วนำเข้าใหม่"


def not_in_file(name: str) -> str:
    """Say that a name decided on stands in no row that can be taken in."""
    return f"ไม่พบ “{name}” ในแถวที่นำเข้าได้ของไฟล์นี้ กรุณาตรวจชื่อที่ระบุกับ --renamed หรือ --new"


def not_known(name: str) -> str:
    """Say that an agency to be renamed or closed is not there."""
    return f"ไม่พบหน่วยงานชื่อ “{name}” ในจังหวัดนี้ กรุณาใช้ชื่อเต็มที่เคยนำเข้า"


def still_in_file(name: str) -> str:
    """Say that an agency cannot be closed while the file lists it."""
    return f"“{name}” ยังอยู่ในไฟล์นี้ จึงยังไม่ยุบเลิก กรุณาลบแถวนั้นหรือไม่ใช้ --close"


def missing(names: Sequence[str]) -> str:
    """Return the line about agencies that the file does not list and that stay as they are."""
    some = ", ".join(short_name(name, kind) if (kind := kind_of(name)) else name for name in names)
    return f"ไม่อยู่ในไฟล์ {len(names)} แห่ง ยังคงไว้ตามเดิม: {some}"


def closed(names: Sequence[str]) -> str:
    """Return the line about agencies that are no more."""
    return f"ยุบเลิก {len(names)} แห่ง งานที่ค้างไม่ต้องทำแล้ว: {', '.join(names)}"


def renamed(old: str, new: str) -> str:
    """Return the line about an agency that goes on under another name."""
    return f"เปลี่ยนชื่อ {old} เป็น {new}"
