"""A province's directory of agencies: file → rows → what is new, changed or wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.plan_files.readers import Table, read_tables
from messages_th import offices
from messages_th.spelling import full_name, one_line
from store import agencies, plans
from store.database import Session
from store.types import Agency, AgencyKind, ProvinceId


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One agency as the file gives it; `row` counts the file's rows from 1, the head included."""

    row: int
    name: str
    kind: AgencyKind
    district: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was not taken in, and why, for the person who has the file."""

    row: int
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by agency name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    problems: tuple[RowProblem, ...]


def read_directory(
    file_name: str, content: bytes, *, province: str
) -> tuple[list[DirectoryRow], list[RowProblem]]:
    """Read the agencies of a CSV or workbook whose head names its columns.

    Raises:
        PlanFileError: when the file cannot be read.
        ValueError: when no table in it has the columns of a directory.
    """
    for table in read_tables(file_name, content):
        for number, row in enumerate(table.rows):
            columns = _columns(row)
            if {"name", "type"} <= columns.keys():
                return _directory_rows(table, number, columns, province)
    raise ValueError(offices.NO_TABLE)


def import_agencies(
    session: Session, province: str, rows: Sequence[DirectoryRow], problems: Sequence[RowProblem]
) -> Imported:
    """Enter the rows and give every agency its duties; one file twice changes nothing."""
    province_id = keep_province(session, province)
    known = {agency.name: agency for agency in agencies.agencies(session, province_id)}
    added, changed, unchanged = [], [], []
    for row in rows:
        district = (
            agencies.keep_district(session, province_id, row.district) if row.district else None
        )
        before = known.get(row.name)
        if before is None:
            agencies.add_agency(session, province_id, row.name, row.kind, district)
            added.append(row.name)
        elif _differs(before, row):
            agencies.change_agency(session, before.agency_id, row.kind, district)
            changed.append(row.name)
        else:
            unchanged.append(row.name)
    # A plan that was there first may name agencies that have just come.
    everybody = agencies.agencies(session, province_id)
    named = offices.bearers(plans.printed_names(session, province_id), everybody)
    plans.name_agencies(session, province_id, named)
    plans.spread_duties(session, province_id)
    return Imported(tuple(added), tuple(changed), tuple(unchanged), tuple(problems))


def keep_province(session: Session, province: str) -> ProvinceId:
    """Return the province, made when new with the bodies that every province has."""
    province_id = agencies.keep_province(session, province)
    known = {agency.name for agency in agencies.agencies(session, province_id)}
    for name, kind in offices.provincial_bodies(province).items():
        if name not in known:
            agencies.add_agency(session, province_id, name, kind, None)
    return province_id


def _differs(before: Agency, row: DirectoryRow) -> bool:
    return (before.kind, before.district) != (row.kind, row.district)


def _columns(row: Sequence[str]) -> dict[str, int]:
    heads = {one_line(cell).lower(): index for index, cell in enumerate(row)}
    return {
        column: heads[head]
        for column, names in offices.DIRECTORY_COLUMNS.items()
        for head in names
        if head in heads
    }


def _directory_rows(
    table: Table, head: int, columns: dict[str, int], province: str
) -> tuple[list[DirectoryRow], list[RowProblem]]:
    rows: dict[str, DirectoryRow] = {}
    problems = []
    below_head = zip(table.places[head + 1 :], table.rows[head + 1 :], strict=True)
    for number, cells in below_head:
        found = {
            column: one_line(cells[index]) if index < len(cells) else ""
            for column, index in columns.items()
        }
        if not any(found.values()):
            continue
        # The full name is the key: a list of short names must not make every agency twice.
        name, kind = full_name(found["name"]), offices.agency_kind(found["type"])
        if not name:
            problems.append(RowProblem(number, name, offices.NO_NAME))
        elif found.get("province", province) not in ("", province):
            problems.append(RowProblem(number, name, offices.other_province(found["province"])))
        elif kind is None:
            problems.append(RowProblem(number, name, offices.unknown_kind(found["type"])))
        elif name in rows:
            problems.append(RowProblem(number, name, offices.twice(name)))
        else:
            rows[name] = DirectoryRow(number, name, kind, found.get("district", ""))
    return list(rows.values()), problems
