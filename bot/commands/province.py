"""Commands about one province: import-plan, import-agencies, find-agency, invite."""

from datetime import datetime
from pathlib import Path

import click

from bot.commands.frame import (
    Instant,
    Refused,
    as_json,
    known_province,
    open_house,
    print_json,
    province_asked,
)
from bot.commands.texts import FILE, draft_of, read_file
from handlers import agency_import, registration
from handlers.plan_files.readers import PlanFileError
from handlers.plan_import import changes, content
from messages_th import cli_texts, plan_problems
from messages_th.names import resolve
from store import agencies
from store.database import Session, transaction
from store.types import Agency, FiscalYear, Invited, ProvinceId, Role

GROUP = "group"
PROVINCE = click.option("--province", required=True, help="Thai or English name.")


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


@click.command("import-agencies")
@click.argument("file", type=FILE)
@PROVINCE
@as_json
def import_agencies_command(file: Path, province: str, *, wants_json: bool) -> None:
    """Enter or update a province's agencies from a CSV or workbook (name, type, district)."""
    name = province_asked(province)
    try:
        rows, problems = agency_import.read_directory(file.name, read_file(file), province=name)
    except PlanFileError as error:
        raise Refused(f"{file.name}: {plan_problems.file_problem(error.code)}") from error
    except ValueError as error:
        raise Refused(f"{file.name}: {error}") from error
    if not rows:
        why = problems[0].problem if problems else cli_texts.NO_AGENCIES
        raise Refused(f"{file.name}: {why}")
    house = open_house()
    with transaction(house.engine) as session:
        done = agency_import.import_agencies(session, name, rows, problems)
    if wants_json:
        print_json(
            {
                "added": list(done.added),
                "changed": list(done.changed),
                "unchanged": list(done.unchanged),
                "problems": [
                    {"row": each.row, "name": each.name, "problem": each.problem}
                    for each in done.problems
                ],
            }
        )
        return
    click.echo(cli_texts.directory(len(done.added), len(done.changed), len(done.unchanged)))
    for each in done.problems:
        click.echo(cli_texts.row_problem(each.row, each.name, each.problem), err=True)


@click.command("find-agency")
@click.argument("text")
@PROVINCE
@as_json
def find_agency_command(text: str, province: str, *, wants_json: bool) -> None:
    """Find the agency that a name written in a hurry means."""
    house = open_house()
    with transaction(house.engine) as session:
        _, province_id = known_province(session, province)
        found = resolve(text, agencies.agencies(session, province_id))
    candidates = [
        {"name": each.agency.name, "district": each.agency.district, "score": each.score}
        for each in found.candidates
    ]
    if wants_json:
        match = None if found.agency is None else found.agency.name
        print_json({"match": match, "candidates": candidates})
        return
    click.echo(found.agency.name if found.agency else cli_texts.UNSURE)
    for each in candidates:
        click.echo(f"  {each['score']} {each['name']} {each['district']}")


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
    found = resolve(text, agencies.agencies(session, province))
    if found.agency is None:
        raise Refused(cli_texts.unsure_agency(text, [c.agency.name for c in found.candidates]))
    return found.agency
