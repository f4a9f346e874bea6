"""Bytes of a directory of agencies to its rows, and what is wrong with the other ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.plan_files.readers import Table, read_tables
from messages_th import directories
from messages_th.spelling import full_name, kind_of
from store.types import AgencyKind


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One agency as the file gives it; `row` counts the file's rows from 1, the head included."""

    row: int
    name: str
    kind: AgencyKind
    district: str
    """Without the word; "" where the file does not say."""
    former: str = ""
    """The full name that it bore before, where the file has a column for it."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was not taken in, and why, for the person who has the file."""

    row: int
    name: str
    problem: str


def read_directory(
    file_name: str, content: bytes, *, province: str
) -> tuple[list[DirectoryRow], list[RowProblem]]:
    """Read the agencies of a CSV or workbook whose head names its columns, all its sheets.

    Raises:
        PlanFileError: when the file cannot be read.
        ValueError: when no table in it has the columns of a directory.
    """
    rows: dict[str, DirectoryRow] = {}
    problems: list[RowProblem] = []
    everything = read_tables(file_name, content, is_list=True)
    tables = [(table, head) for table in everything if (head := _head(table))]
    if not tables:
        raise ValueError(directories.NO_TABLE)
    for table, (place, columns) in tables:
        for number, found in _cells(table, place, columns, province):
            _read_row(number, found, province, rows, problems)
    return list(rows.values()), problems


def _head(table: Table) -> tuple[int, dict[str, int]] | None:
    """Return the first row that names the columns of a directory.

    A name alone is enough where the names below it tell their kinds.
    """
    for number, row in enumerate(table.rows):
        columns = _columns(row)
        if "name" not in columns:
            continue
        below = table.rows[number + 1] if number + 1 < len(table.rows) else ()
        first = _at(below, columns["name"])
        tells = kind_of(first) is not None or directories.is_district_line(first)
        if tells or columns.keys() & {"type", "district"}:
            return number, columns
    return None


def _columns(row: Sequence[str]) -> dict[str, int]:
    heads = {directories.head_key(cell): index for index, cell in reversed(list(enumerate(row)))}
    return {
        column: next(heads[head] for head in names if head in heads)
        for column, names in directories.COLUMNS.items()
        if not heads.keys().isdisjoint(names)
    }


def _cells(
    table: Table, head: int, columns: Mapping[str, int], province: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the place and the cells of each row below the head.

    A merged cell counts for all its rows, and a line that only names a district for those
    below it that say none.
    """
    heading = ""
    for index in range(head + 1, len(table.rows)):
        row = table.rows[index]
        if _columns(row) == columns:
            continue  # the head of the next page
        said = [text for cell in row if (text := directories.cell_text(cell))]
        if len(said) == 1 and directories.is_district_line(said[0]):
            heading = said[0]
            continue
        found = {
            name: directories.cell_text(_at(row, at) or table.covered.get((index, at), ""))
            for name, at in columns.items()
        }
        if any(found.values()):
            district = found.get("district") or heading
            found["district"] = directories.district_name(district, province)
            yield table.places[index], found


def _at(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _read_row(
    number: int,
    found: Mapping[str, str],
    province: str,
    rows: dict[str, DirectoryRow],
    problems: list[RowProblem],
) -> None:
    name, kind, problem = directories.name_and_kind(found["name"], found.get("type", ""))
    district, before = found["district"], rows.get(name)
    if name and directories.is_other_province(found.get("province", ""), province):
        problem = directories.other_province(found["province"])
    elif before and not problem:
        elsewhere = district and before.district not in ("", district)
        problem = (
            directories.twice_elsewhere(name, before.district)
            if elsewhere
            else directories.twice(name)
        )
    if kind is None or problem:
        problems.append(RowProblem(number, name, problem))
    else:
        former = full_name(found.get("former", ""))
        rows[name] = DirectoryRow(number, name, kind, district, "" if former == name else former)
