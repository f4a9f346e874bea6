"""Names of the bodies that every province has and no directory lists, and the file's columns."""

from collections.abc import Iterable, Sequence

from messages_th.names import resolve
from messages_th.spelling import KIND_NAMES, normalise
from store.types import Agency, AgencyId, AgencyKind

DIRECTORY_COLUMNS = {
    "name": ("name", "ชื่อ", "ชื่อหน่วยงาน", "หน่วยงาน", "ชื่อ อปท."),
    "type": ("type", "ประเภท", "ประเภทหน่วยงาน"),
    "district": ("district", "อำเภอ"),
    "province": ("province", "จังหวัด"),
}
"""Heads under which a directory of agencies may give each column."""


def provincial_bodies(province: str) -> dict[str, AgencyKind]:
    """Return the full names of สนจ., สถจ. and the working group of a province."""
    return {
        f"สำนักงานจังหวัด{province}": AgencyKind.PROVINCIAL_OFFICE,
        f"สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province}": AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
        f"คณะทำงาน ITA จังหวัด{province}": AgencyKind.WORKING_GROUP,
    }


def agency_kind(text: str) -> AgencyKind | None:
    """Return the kind that the type column of a directory names, or None."""
    return KIND_NAMES.get(normalise(text).strip())


def bearers(printed: Iterable[str], agencies: Sequence[Agency]) -> dict[str, AgencyId]:
    """Return the agency that each printed name means beyond doubt; the other names are left out."""
    found = {text: resolve(text, agencies).agency for text in printed}
    return {text: agency.agency_id for text, agency in found.items() if agency is not None}


NO_NAME = "ไม่มีชื่อหน่วยงาน กรุณาเติมชื่อแล้วนำเข้าใหม่"
NO_TABLE = "ไม่พบหัวตาราง name, type, district ในไฟล์ กรุณาส่งไฟล์ CSV หรือ XLSX ที่มีหัวตารางนี้"


def unknown_kind(text: str) -> str:
    """Say that a type is none that the bot knows."""
    return f"ไม่รู้จักประเภท “{text}” ใช้ชื่อเต็มหรือย่อ เช่น เทศบาลตำบล ทต. องค์การบริหารส่วนตำบล อบต."


def twice(name: str) -> str:
    """Say that a name stands twice in the file."""
    return f"“{name}” ซ้ำกับแถวก่อนหน้า จึงไม่ได้นำเข้าอีก"


def other_province(text: str) -> str:
    """Say that a row belongs to another province than the one imported for."""
    return f"แถวนี้เป็นของจังหวัด “{text}” จึงไม่ได้นำเข้า"
