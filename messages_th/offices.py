"""Names of the bodies that every province has, kinds by their words, who bears a printed name."""

from collections.abc import Iterable, Sequence

from messages_th.names import resolve
from messages_th.spelling import KIND_WORD, kind_in, one_line
from store.types import Agency, AgencyId, AgencyKind


def provincial_bodies(province: str) -> dict[str, AgencyKind]:
    """Return the full names of สนจ., สถจ. and the working group of a province."""
    return {
        f"สำนักงานจังหวัด{province}": AgencyKind.PROVINCIAL_OFFICE,
        f"สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province}": AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
        f"คณะทำงาน ITA จังหวัด{province}": AgencyKind.WORKING_GROUP,
    }


def agency_kind(text: str) -> AgencyKind | None:
    """Return the kind that the type column of a directory names, or None."""
    found = KIND_WORD.fullmatch(one_line(text))
    return kind_in(found) if found else None


def bearers(printed: Iterable[str], agencies: Sequence[Agency]) -> dict[str, AgencyId]:
    """Return the agency that each printed name means beyond doubt; the other names are left out."""
    found = {text: resolve(text, agencies).agency for text in printed}
    return {text: agency.agency_id for text, agency in found.items() if agency is not None}
