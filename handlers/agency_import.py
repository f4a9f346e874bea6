"""A province's directory of agencies: rows of a file → what is new, changed, renamed or doubted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.plan_files.directory import DirectoryRow, RowProblem, read_directory
from handlers.plan_files.districts import official_districts
from handlers.rules.directory import Body, doubtful_districts, likely_renamed
from messages_th import directories, offices
from messages_th.names import place_of
from messages_th.spelling import full_name
from store import agencies, plans
from store.database import Session
from store.types import LOCAL_KINDS, Agency, AgencyKind, ProvinceId

__all__ = [
    "NOTHING_DECIDED",
    "Decided",
    "DirectoryRow",
    "Imported",
    "RowProblem",
    "close_agencies",
    "import_agencies",
    "keep_province",
    "read_directory",
]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the person who imports says about rows that would be doubted; names however written."""

    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new name of a body that goes on under the new one."""
    new: tuple[str, ...] = ()
    """Names of bodies that are new, however like a vanished one they look."""
    districts: tuple[str, ...] = ()
    """Districts that are right although no list has them."""


NOTHING_DECIDED = Decided()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by agency name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    """Of another name, kind or district than before; by the name they bear now."""
    unchanged: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new name."""
    missing: tuple[str, ...] = ()
    """Known, of the kinds that the file lists, and not in it; they stay as they are."""


def import_agencies(
    session: Session,
    province: str,
    rows: Sequence[DirectoryRow],
    problems: Sequence[RowProblem],
    decided: Decided = NOTHING_DECIDED,
) -> Imported:
    """Enter the rows and give every agency its duties; one file twice changes nothing.

    What may be a known body under another name is a problem until it was decided.

    Raises:
        ValueError: when what was decided fits neither the file nor the province.
    """
    province_id = keep_province(session, province)
    known = {agency.name: agency for agency in agencies.agencies(session, province_id)}
    closed = {agency.name: agency for agency in agencies.closed_agencies(session, province_id)}
    listed = {row.name for row in rows} | {each.name for each in problems}
    sure, doubts = _in_known_districts(session, province_id, province, rows, decided)
    old_names, more = _old_names(sure, known, closed, listed, decided)
    vanished = _vanished(known, rows, listed | set(old_names.values()))
    settled = {each.name for each in more} | known.keys() | closed.keys() | old_names.keys()
    doubts += more + _maybe_renamed(
        [row for row in sure if row.name not in settled], vanished, decided
    )
    doubted = {each.row for each in doubts}
    taken_in = [row for row in sure if row.row not in doubted]
    done = _enter(session, province_id, taken_in, known, closed, old_names)
    # A plan that was there first may name agencies that have just come.
    everybody = agencies.agencies_by_every_name(session, province_id)
    named = offices.bearers(plans.printed_names(session, province_id), everybody)
    plans.name_agencies(session, province_id, named)
    plans.spread_duties(session, province_id)
    return Imported(
        added=tuple(done["added"]),
        changed=tuple(done["changed"]),
        unchanged=tuple(done["unchanged"]),
        problems=tuple(sorted([*problems, *doubts], key=lambda each: each.row)),
        renamed=tuple((old_names[new], new) for new in done["changed"] if new in old_names),
        missing=tuple(agency.name for agency in vanished),
    )


def close_agencies(
    session: Session,
    province: str,
    names: Sequence[str],
    rows: Sequence[DirectoryRow],
    *,
    now: datetime,
) -> tuple[str, ...]:
    """Let bodies be no more, and return their full names; `import_agencies` has to follow.

    Their duties are in force no longer, their reports stay.

    Raises:
        ValueError: when the province has no such body, or the file lists it.
    """
    province_id = agencies.province_id(session, province)
    if province_id is None:
        raise ValueError(directories.not_known(full_name(names[0])))
    known = {agency.name: agency for agency in agencies.agencies(session, province_id)}
    before = {agency.name for agency in agencies.closed_agencies(session, province_id)}
    wanted = tuple(dict.fromkeys(full_name(name) for name in names))
    for name in wanted:
        if name in {row.name for row in rows}:
            raise ValueError(directories.still_in_file(name))
        if name in known and known[name].kind in LOCAL_KINDS | {AgencyKind.REGIONAL_OFFICE}:
            agencies.close_agency(session, known[name].agency_id, now)
        elif name not in before:
            raise ValueError(directories.not_known(name))
    return wanted


def keep_province(session: Session, province: str) -> ProvinceId:
    """Return the province, made when new with the bodies that every province has."""
    province_id = agencies.keep_province(session, province)
    known = {agency.name for agency in agencies.agencies(session, province_id)}
    for name, kind in offices.provincial_bodies(province).items():
        if name not in known:
            agencies.add_agency(session, province_id, name, kind, None)
    return province_id


def _in_known_districts(
    session: Session,
    province_id: ProvinceId,
    province: str,
    rows: Sequence[DirectoryRow],
    decided: Decided,
) -> tuple[list[DirectoryRow], list[RowProblem]]:
    said = {directories.district_name(each, province) for each in decided.districts}
    official = official_districts(province)
    likely = doubtful_districts(
        Counter(row.district for row in rows if row.district),
        official=official and official | said,
        known=agencies.districts(session, province_id).keys() | said,
    )
    sure = [row for row in rows if row.district not in likely]
    return sure, [
        RowProblem(
            row.row, row.name, directories.unknown_district(row.district, likely[row.district])
        )
        for row in rows
        if row.district in likely
    ]


def _old_names(
    rows: Sequence[DirectoryRow],
    known: Mapping[str, Agency],
    closed: Mapping[str, Agency],
    listed: set[str],
    decided: Decided,
) -> tuple[dict[str, str], list[RowProblem]]:
    """Return new name → old name of the bodies that were said to be renamed and are not yet."""
    by_name = {row.name: row for row in rows}
    said = {full_name(new): full_name(old) for old, new in decided.renamed}
    for name in (*said, *map(full_name, decided.new)):
        if name not in by_name:
            raise ValueError(directories.not_in_file(name))
    for new, old in said.items():
        if old not in known and new not in known:
            raise ValueError(directories.not_known(old))
    wanted = {row.name: row.former for row in rows if row.former in known} | said
    old_names: dict[str, str] = {}
    problems = []
    for new, old in wanted.items():
        if old not in known:
            continue  # renamed by an earlier import of the same file
        if new in known or new in closed or old in listed or old in old_names.values():
            row = by_name[new]
            problems.append(RowProblem(row.row, new, directories.former_still_there(old)))
        else:
            old_names[new] = old
    return old_names, problems


def _vanished(
    known: Mapping[str, Agency], rows: Sequence[DirectoryRow], accounted: set[str]
) -> list[Agency]:
    """Return the known agencies that the file leaves out although it lists such as they are.

    A file of regional offices alone says nothing of the อปท.
    """
    kinds: set[AgencyKind] = {row.kind for row in rows}
    if kinds & LOCAL_KINDS:
        kinds |= LOCAL_KINDS
    kinds &= LOCAL_KINDS | {AgencyKind.REGIONAL_OFFICE}
    return [each for each in known.values() if each.kind in kinds and each.name not in accounted]


def _maybe_renamed(
    rows: Sequence[DirectoryRow], vanished: Sequence[Agency], decided: Decided
) -> list[RowProblem]:
    said = set(map(full_name, decided.new))
    new = {row.name: row for row in rows if row.name not in said}
    likely = likely_renamed(
        [_body(row.name, row.kind, row.district) for row in new.values()],
        [_body(each.name, each.kind, each.district) for each in vanished],
    )
    return [
        RowProblem(new[name].row, name, directories.likely_renamed(old, name))
        for name, old in likely.items()
    ]


def _body(name: str, kind: AgencyKind, district: str) -> Body:
    return Body(name, place_of(name, district), kind, district)


def _enter(
    session: Session,
    province_id: ProvinceId,
    rows: Sequence[DirectoryRow],
    known: Mapping[str, Agency],
    closed: Mapping[str, Agency],
    old_names: Mapping[str, str],
) -> dict[str, list[str]]:
    """Enter the rows; a closed body that the file lists is open again."""
    done: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    for row in rows:
        before = known.get(old_names.get(row.name, row.name)) or closed.get(row.name)
        district = (
            agencies.keep_district(session, province_id, row.district) if row.district else None
        )
        if before is None:
            agencies.add_agency(session, province_id, row.name, row.kind, district)
            done["added"].append(row.name)
        elif before.name in closed or _differs(before, row):
            if district is None and before.district:  # the file does not say
                district = agencies.keep_district(session, province_id, before.district)
            agencies.change_agency(session, before.agency_id, row.name, row.kind, district)
            done["changed"].append(row.name)
        else:
            done["unchanged"].append(row.name)
    return done


def _differs(before: Agency, row: DirectoryRow) -> bool:
    is_elsewhere = row.district not in ("", before.district)
    return is_elsewhere or (before.name, before.kind) != (row.name, row.kind)
