"""Commands about one province: import-plan, invite."""

from datetime import datetime
from pathlib import Path

import click

from bot.commands.directory import PROVINCE
from bot.commands.frame import (
    Instant,
    Refused,
    as_json,
    known_province,
    open_house,
    print_json,
    province_asked,
)
from bot.commands.texts import FILE, draft_of
from handlers import agency_import, registration
from handlers.plan_import import changes, content
from messages_th import cli_texts
from messages_th.names import resolve
from store import agencies
from store.database import Session, transaction
from store.types import Agency, FiscalYear, Invited, ProvinceId, Role

GROUP = "group"


@click.command("import-plan")
@click.argument("file", type=FILE)
@PROVINCE
@click.option("--fiscal-year", type=click.IntRange(2500, 2700), required=True, help="BE: 2567.")
@click.option("--yes", is_flag=True, help="Put it in force without asking.")
@as_json
def import_plan_command(
    file: Path, province: str, fiscal_year: int, *, yes: bool, wants_json: bool
) -> None:
    """Show what a plan changes, and put it in force once confirmed."""
    name, year = province_asked(province), FiscalYear(fiscal_year)
    draft = draft_of(file, year)
    house = open_house()
    with transaction(house.engine) as session:
        diff = changes.compare(session, agencies.province_id(session, name), year, draft)
    if wants_json:
        print_json(content.diff_json(diff))
    else:
        click.echo(cli_texts.plan_diff(draft, content.diff_json(diff)))
    if not (yes or (not wants_json and _is_confirmed())):
        return
    with transaction(house.engine) as session:
        province_id = agency_import.keep_province(session, name)
        changes.confirm(session, province_id, year, draft, now=house.clock())
        if not wants_json:
            click.echo(cli_texts.in_force(name, fiscal_year))


@click.command("invite")
@PROVINCE
@click.option("--role", type=click.Choice([*(role.value for role in Role), GROUP]), required=True)
@click.option("--agency", help="For an officer; short forms are understood.")
@click.option("--district", help="For a district officer.")
@click.option("--at", type=Instant(), help="As of that instant (default: now).")
@as_json
def invite_command(
    province: str,
    role: str,
    agency: str | None,
    district: str | None,
    at: datetime | None,
    *,
    wants_json: bool,
) -> None:
    """Make a one-time code for a person, or (role "group") for binding a LINE group."""
    house = open_house()
    with transaction(house.engine) as session:
        _, province_id = known_province(session, province)
        invited = _invited(session, province_id, role, agency, district)
        code, expires_at = registration.invite(session, invited, now=at or house.clock())
    if wants_json:
        print_json({"code": code, "expires_at": expires_at.isoformat()})
    else:
        click.echo(cli_texts.code(code, expires_at))


def _is_confirmed() -> bool:
    try:
        return click.confirm(cli_texts.CONFIRM, default=False)
    except click.Abort:
        raise Refused(cli_texts.NOT_CONFIRMED) from None


def _invited(
    session: Session, province: ProvinceId, role: str, agency: str | None, district: str | None
) -> Invited:
    if role == GROUP:
        return Invited(None, province)
    if role == Role.OFFICER and not agency:
        raise click.UsageError("--agency is needed for an officer")
    if role == Role.DISTRICT and not district:
        raise click.UsageError("--district is needed for a district officer")
    agency_id = None if agency is None else _agency(session, province, agency).agency_id
    if district is None:
        return Invited(Role(role), province, None, agency_id)
    district_id = agencies.districts(session, province).get(cli_texts.bare_district(district))
    if district_id is None:
        raise Refused(cli_texts.no_such_district(district))
    return Invited(Role(role), province, district_id, agency_id)


def _agency(session: Session, province: ProvinceId, text: str) -> Agency:
    found = resolve(text, agencies.agencies_by_every_name(session, province))
    if found.agency is None:
        raise Refused(cli_texts.unsure_agency(text, [c.agency.name for c in found.candidates]))
    return found.agency
