"""The commands about a province and its people: invite, set-province."""

from datetime import datetime

import click

from bot.commands.frame import (
    PROVINCE,
    Instant,
    Refused,
    as_json,
    known_province,
    open_house,
    print_json,
)
from handlers import province_settings, registration
from messages_th import cli_texts
from messages_th import province_settings as say
from messages_th.names import resolve
from store import agencies
from store.database import Session, transaction
from store.types import Agency, Invited, ProvinceId, Role

GROUP = "group"


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


@click.command("set-province")
@PROVINCE
@click.option(
    "--one-person-approves",
    type=click.Choice(["yes", "no"]),
    required=True,
    help="Whether who reported may approve it, being the executive as well.",
)
@click.option("--at", type=Instant(), help="As of that instant (default: now).")
@as_json
def set_province_command(
    province: str, one_person_approves: str, at: datetime | None, *, wants_json: bool
) -> None:
    """Change what a province decides for itself, and enter it in its record."""
    house = open_house()
    may = one_person_approves == "yes"
    with transaction(house.engine) as session:
        name, province_id = known_province(session, province)
        number = province_settings.let_one_person_approve(
            session, province_id, None, may=may, at=at or house.clock()
        )
    if wants_json:
        print_json({"one_person_approves": may, "changed": number is not None})
    else:
        click.echo(say.shown(name, one_person=may, number=number, changes=True).text)


def _invited(
    session: Session, province: ProvinceId, role: str, agency: str | None, district: str | None
) -> Invited:
    if role == GROUP:
        return Invited(None, province)
    if role in (Role.OFFICER, Role.EXECUTIVE) and not agency:
        raise click.UsageError(f"--agency is needed for an {role}")
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
