"""The commands about a province and its people: invite, invite-all, set-province."""

from datetime import datetime
from pathlib import Path

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
from handlers import codes, province_settings
from handlers.invitations import lists, sheet
from handlers.record import enter_codes
from handlers.turn import CodesWanted
from messages_th import cli_texts
from messages_th import province_settings as say
from messages_th.invitations import chat_link
from messages_th.names import resolve
from store import agencies
from store.database import Session, transaction
from store.types import Agency, DistrictId, Invited, ProvinceId, Role

GROUP = "group"
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
AT = click.option("--at", type=Instant(), help="As of that instant (default: now).")


@click.command("invite")
@PROVINCE
@click.option("--role", type=click.Choice([*(role.value for role in Role), GROUP]), required=True)
@click.option("--agency", help="For an officer or executive; short forms are understood.")
@click.option("--district", help="For a district officer.")
@click.option("--qr", type=NEW_FILE, help="Write the link as a QR picture (PNG) into a new file.")
@AT
@as_json
def invite_command(
    province: str,
    role: str,
    agency: str | None,
    district: str | None,
    qr: Path | None,
    at: datetime | None,
    *,
    wants_json: bool,
) -> None:
    """Make a one-time code for a person, or (role "group") for binding a LINE group."""
    house = open_house()
    now = at or house.clock()
    if qr is not None and not house.settings.bot_id:
        raise Refused(cli_texts.QR_NEEDS_BOT_ID)
    with transaction(house.engine) as session:
        _, province_id = known_province(session, province)
        invited = _invited(session, province_id, role, agency, district)
        issued = codes.invite(session, invited, now=now)
        enter_codes(session, invited, 1, person=None, at=now)
        # A group's code is typed in the group: no link leads there.
        link = "" if invited.role is None else chat_link(house.settings.bot_id, issued.code)
        if qr is not None:
            _write(qr, sheet.picture(link or issued.code))
    if wants_json:
        expires_at = issued.expires_at.isoformat()
        print_json({"code": issued.code, "expires_at": expires_at, "link": link or None})
    else:
        click.echo(cli_texts.code(issued.code, issued.expires_at, link))


@click.command("invite-all")
@PROVINCE
@click.option("--out", type=NEW_FILE, required=True, help="The new XLSX file, to be printed.")
@click.option(
    "--role",
    type=click.Choice([Role.OFFICER.value, Role.EXECUTIVE.value]),
    default=Role.OFFICER.value,
    show_default=True,
)
@click.option("--district", help="Only agencies of that district.")
@click.option("--all", "every", is_flag=True, help="Also agencies that have somebody already.")
@AT
@as_json
def invite_all_command(
    province: str,
    out: Path,
    role: str,
    district: str | None,
    at: datetime | None,
    *,
    every: bool,
    wants_json: bool,
) -> None:
    """Make a one-time code for each agency that has nobody, as a list to be printed."""
    house = open_house()
    now = at or house.clock()
    with transaction(house.engine) as session:
        name, province_id = known_province(session, province)
        found = _agencies(session, province_id, Role(role), district, every=every, at=now)
    if not found:
        raise Refused(cli_texts.NOBODY_TO_INVITE)
    # Made with no transaction open, as it takes seconds.
    wanted = CodesWanted(province_id, name, Role(role), tuple(found))
    made = lists.make_codes(wanted, now=now, bot_id=house.settings.bot_id)
    with transaction(house.engine) as session:
        lists.keep_codes(session, made, person=None, now=now)
        _write(out, made.workbook)
    until = codes.good_until(now)
    if wants_json:
        print_json({"file": str(out), "codes": len(found), "expires_at": until.isoformat()})
    else:
        click.echo(cli_texts.codes_listed(str(out), len(found), until))


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
    district_id = None if district is None else _district(session, province, district)
    return Invited(Role(role), province, district_id, agency_id)


def _agency(session: Session, province: ProvinceId, text: str) -> Agency:
    found = resolve(text, agencies.agencies_by_every_name(session, province))
    if found.agency is None:
        raise Refused(cli_texts.unsure_agency(text, [c.agency.name for c in found.candidates]))
    return found.agency


def _district(session: Session, province: ProvinceId, text: str) -> DistrictId:
    found = agencies.districts(session, province).get(cli_texts.bare_district(text))
    if found is None:
        raise Refused(cli_texts.no_such_district(text))
    return found


def _agencies(
    session: Session,
    province: ProvinceId,
    role: Role,
    district: str | None,
    *,
    every: bool,
    at: datetime,
) -> list[Agency]:
    found = (
        agencies.agencies(session, province)
        if every
        else lists.without(session, province, role, at=at)
    )
    if district is None:
        return found
    wanted = _district(session, province, district)
    return [each for each in found if each.district_id == wanted]


def _write(path: Path, content: bytes) -> None:
    """Write a new file; where that fails the codes in it do not count either."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Refused(cli_texts.is_there_already(str(path))) from error
    except OSError as error:
        raise Refused(cli_texts.cannot_write(str(path), error.strerror or "")) from error
