"""Queries: provinces, districts and agencies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import AgencyRow, District, FormerName, Province
from store.types import Agency, AgencyId, AgencyKind, DistrictId, ProvinceId


def province_id(session: Session, name: str) -> ProvinceId | None:
    """Return the province of that Thai name, or None when nothing was imported for it."""
    found = session.scalar(select(Province.id).where(Province.name == name))
    return None if found is None else ProvinceId(found)


def province_name(session: Session, province: ProvinceId) -> str:
    """Return the province's Thai name without the word จังหวัด."""
    return session.execute(select(Province.name).where(Province.id == province)).scalar_one()


def provinces(session: Session) -> list[ProvinceId]:
    """Return every province on this installation."""
    return [ProvinceId(each) for each in session.scalars(select(Province.id).order_by(Province.id))]


def keep_province(session: Session, name: str) -> ProvinceId:
    """Return the province of that name, made when it is new."""
    session.execute(insert_new(session, Province).values(name=name).on_conflict_do_nothing())
    return ProvinceId(
        session.execute(select(Province.id).where(Province.name == name)).scalar_one()
    )


def keep_district(session: Session, province: ProvinceId, name: str) -> DistrictId:
    """Return the district of that name in the province, made when it is new."""
    session.execute(
        insert_new(session, District)
        .values(province_id=province, name=name)
        .on_conflict_do_nothing()
    )
    return DistrictId(
        session.execute(
            select(District.id).where(District.province_id == province, District.name == name)
        ).scalar_one()
    )


def districts(session: Session, province: ProvinceId) -> dict[str, DistrictId]:
    """Return the province's districts by name."""
    rows = session.execute(
        select(District.name, District.id).where(District.province_id == province)
    )
    return {name: DistrictId(each) for name, each in rows}


def district_name(session: Session, district: DistrictId) -> str:
    """Return the district's name without the word อำเภอ."""
    return session.execute(select(District.name).where(District.id == district)).scalar_one()


def agencies(session: Session, province: ProvinceId) -> list[Agency]:
    """Return every agency of the province but the closed ones, in the order they were entered."""
    return _of_province(session, province, AgencyRow.closed_at.is_(None))


def closed_agencies(session: Session, province: ProvinceId) -> list[Agency]:
    """Return the province's agencies that are no more."""
    return _of_province(session, province, AgencyRow.closed_at.is_not(None))


def agencies_by_every_name(session: Session, province: ProvinceId) -> list[Agency]:
    """Return the province's agencies, and each again as it was called and of what kind before.

    A former name that an agency bears now is that agency's alone.
    """
    now = {agency.agency_id: agency for agency in agencies(session, province)}
    taken = {agency.name for agency in now.values()}
    rows = session.execute(
        select(FormerName.agency_id, FormerName.name, FormerName.kind)
        .where(FormerName.agency_id.in_(now), FormerName.name.not_in(taken))
        .order_by(FormerName.id)
    )
    before = [
        replace(now[AgencyId(agency_id)], name=name, kind=AgencyKind(kind))
        for agency_id, name, kind in rows
    ]
    return [*now.values(), *before]


def agency(session: Session, agency_id: AgencyId) -> Agency:
    """Return one agency.

    Raises:
        sqlalchemy.exc.NoResultFound: when there is none with that id.
    """
    return _agency(session.execute(_agencies().where(AgencyRow.id == agency_id)).one())


def take_turn(session: Session, agency_id: AgencyId) -> None:
    """Wait until nobody else has the agency in hand, and have it until the transaction ends.

    On SQLite there is one writer anyway.  What only refers to the agency does not wait.
    """
    turn = select(AgencyRow.id).where(AgencyRow.id == agency_id).with_for_update(key_share=True)
    session.execute(turn)


def add_agency(
    session: Session, province: ProvinceId, name: str, kind: AgencyKind, district: DistrictId | None
) -> AgencyId:
    """Enter an agency and return its id."""
    row = AgencyRow(province_id=province, district_id=district, name=name, kind=kind)
    session.add(row)
    session.flush()
    return AgencyId(row.id)


def change_agency(
    session: Session,
    agency_id: AgencyId,
    name: str,
    kind: AgencyKind,
    district: DistrictId | None,
) -> None:
    """Give an agency another name, kind or district; duties, reports and posts stay with it.

    One that was closed is open again.
    """
    before = agency(session, agency_id)
    if before.name != name:
        session.execute(
            insert_new(session, FormerName)
            .values(agency_id=agency_id, name=before.name, kind=before.kind)
            .on_conflict_do_nothing()
        )
    session.execute(
        update(AgencyRow)
        .where(AgencyRow.id == agency_id)
        .values(name=name, kind=kind, district_id=district, closed_at=None)
    )


def close_agency(session: Session, agency_id: AgencyId, at: datetime) -> None:
    """Let an agency be no more; `plans.spread_duties` then takes its duties out of force."""
    session.execute(update(AgencyRow).where(AgencyRow.id == agency_id).values(closed_at=at))


def agencies_of_kinds(
    session: Session, province: ProvinceId, kinds: Sequence[AgencyKind]
) -> list[Agency]:
    """Return the province's agencies of those kinds, but the closed ones."""
    return _of_province(session, province, AgencyRow.closed_at.is_(None), AgencyRow.kind.in_(kinds))


def _of_province(
    session: Session, province: ProvinceId, *wanted: ColumnElement[bool]
) -> list[Agency]:
    rows = session.execute(
        _agencies().where(AgencyRow.province_id == province, *wanted).order_by(AgencyRow.id)
    )
    return [_agency(row) for row in rows]


def _agencies() -> Select[int, int, str, str, str, int]:
    return select(
        AgencyRow.id,
        AgencyRow.province_id,
        AgencyRow.name,
        AgencyRow.kind,
        District.name,
        District.id,
    ).outerjoin(District, AgencyRow.district_id == District.id)


def _agency(row: Row[int, int, str, str, str, int]) -> Agency:
    agency_id, province, name, kind, district, district_id = row
    return Agency(
        AgencyId(agency_id),
        ProvinceId(province),
        name,
        AgencyKind(kind),
        district or "",
        None if district_id is None else DistrictId(district_id),
    )
