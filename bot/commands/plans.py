"""Commands about the plan of a province: it comes in, is changed, taken back, copied, listed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from bot.clock import BANGKOK
from bot.commands.frame import (
    PROVINCE,
    Refused,
    as_json,
    known_province,
    open_house,
    print_json,
    province_asked,
)
from bot.commands.plan_answers import answers_of, answers_options
from bot.commands.plan_settling import Way, settle
from bot.commands.texts import FILE, draft_of, read_file, refusing_files
from handlers import agency_import
from handlers.plan_import import drafts
from handlers.plan_import.drafts import Waiting
from handlers.plan_import.edits import Edit
from handlers.plan_import.settling import Answers, answered
from handlers.plan_import.sheets import Sheet, SheetError, read_sheet
from handlers.plan_import.versions import history, version_json
from messages_th import cli_plans
from messages_th.plan_drafts import NoDraft
from messages_th.plan_sheets import SheetProblem, sheet_problem
from store.database import Session, transaction
from store.types import DraftOrigin, FiscalYear

YEAR = click.option(
    "--fiscal-year", type=click.IntRange(2500, 2700), required=True, help="BE: 2567."
)
YES = click.option("--yes", is_flag=True, help="Put it in force without asking.")
WRITE = click.option(
    "--write-draft", "write_to", type=FILE, help="Write the draft into a new CSV and stop."
)


@click.command("import-plan")
@click.argument("file", type=FILE, required=False)
@click.option("--draft", "draft_file", type=FILE, help="A draft written before, and edited.")
@PROVINCE
@YEAR
@answers_options
@WRITE
@YES
@as_json
def import_plan_command(
    file: Path | None,
    draft_file: Path | None,
    province: str,
    fiscal_year: int,
    changes: Sequence[Edit],
    drop: Sequence[str],
    accept: Sequence[str],
    write_to: Path | None,
    *,
    yes: bool,
    wants_json: bool,
) -> None:
    """Show what a plan changes, and put it in force once confirmed."""
    path = file or draft_file
    if path is None or (file and draft_file):
        raise click.UsageError("name one file: a plan, or with --draft a draft of one")
    way = _way(province, fiscal_year, write_to, yes=yes, wants_json=wants_json)
    sheet = _sheet_of(path, way, is_needed=file is None)
    draft = draft_of(path, way.fiscal_year) if sheet is None else sheet.draft
    origin = DraftOrigin.FILE if sheet is None else sheet.origin
    said = answers_of(changes, drop, accept)

    def make(session: Session, now: datetime) -> Waiting:
        held = drafts.wait(
            session,
            agency_import.keep_province(session, way.province),
            way.fiscal_year,
            draft,
            origin=origin,
            person=None,
            now=now,
            remembers=sheet is None,
        )
        if sheet is not None:
            held = answered(session, held, Answers.of_sheet(sheet), now=now)
        return answered(session, held, said, now=now)

    if sheet is not None and not wants_json:
        _tell_changes(sheet)
    settle(open_house(), make, way)


@click.command("edit-plan")
@PROVINCE
@YEAR
@answers_options
@YES
@as_json
def edit_plan_command(
    province: str,
    fiscal_year: int,
    changes: Sequence[Edit],
    drop: Sequence[str],
    accept: Sequence[str],
    *,
    yes: bool,
    wants_json: bool,
) -> None:
    """Change rows of the plan in force, such as one date that moved."""
    said = answers_of(changes, drop, accept)
    if not said.edits:
        raise click.UsageError("name a change: --set or --drop")
    way = _way(province, fiscal_year, yes=yes, wants_json=wants_json)

    def make(session: Session, now: datetime) -> Waiting | NoDraft:
        _, place = known_province(session, province)
        held = drafts.of_edit(session, place, way.fiscal_year, said.edits[0], person=None, now=now)
        if isinstance(held, NoDraft):
            return held
        return answered(session, held, replace(said, edits=said.edits[1:]), now=now)

    settle(open_house(), make, way)


@click.command("undo-plan")
@PROVINCE
@YEAR
@YES
@as_json
def undo_plan_command(province: str, fiscal_year: int, *, yes: bool, wants_json: bool) -> None:
    """Put the version before in force again; undone once more, the change is back."""
    way = _way(province, fiscal_year, yes=yes, wants_json=wants_json)

    def make(session: Session, now: datetime) -> Waiting | NoDraft:
        _, place = known_province(session, province)
        return drafts.of_undo(session, place, way.fiscal_year, person=None, now=now)

    settle(open_house(), make, way)


@click.command("copy-plan")
@PROVINCE
@YEAR
@answers_options
@WRITE
@YES
@as_json
def copy_plan_command(
    province: str,
    fiscal_year: int,
    changes: Sequence[Edit],
    drop: Sequence[str],
    accept: Sequence[str],
    write_to: Path | None,
    *,
    yes: bool,
    wants_json: bool,
) -> None:
    """Draft the next fiscal year's plan from that year's, every date to be checked."""
    way = _way(province, fiscal_year + 1, write_to, yes=yes, wants_json=wants_json)
    said = answers_of(changes, drop, accept)

    def make(session: Session, now: datetime) -> Waiting | NoDraft:
        _, place = known_province(session, province)
        held = drafts.of_next_year(session, place, FiscalYear(fiscal_year), person=None, now=now)
        return held if isinstance(held, NoDraft) else answered(session, held, said, now=now)

    settle(open_house(), make, way)


@click.command("plan-versions")
@PROVINCE
@YEAR
@as_json
def plan_versions_command(province: str, fiscal_year: int, *, wants_json: bool) -> None:
    """List the versions of a plan: since when, how many activities, and what each changed."""
    house = open_house()
    with transaction(house.engine) as session:
        _, place = known_province(session, province)
        found = history(session, place, FiscalYear(fiscal_year))
    if not found:
        raise Refused(cli_plans.NO_VERSIONS)
    if wants_json:
        print_json({"versions": [version_json(each) for each in found]})
        return
    for each in found:
        local = each.in_force_at.astimezone(BANGKOK)
        click.echo(cli_plans.version_line(version_json(each), local))


def _way(
    province: str,
    fiscal_year: int,
    write_to: Path | None = None,
    *,
    yes: bool,
    wants_json: bool,
) -> Way:
    if yes and write_to:
        raise click.UsageError("--write-draft only writes: leave out --yes")
    return Way(province_asked(province), FiscalYear(fiscal_year), yes, wants_json, write_to)


def _sheet_of(path: Path, way: Way, *, is_needed: bool) -> Sheet | None:
    """Return the draft that a file holds, or None where it is a plan as printed."""
    try:
        with refusing_files(path):
            sheet = read_sheet(path.name, read_file(path))
        if sheet is None and is_needed:
            raise SheetError(SheetProblem.NO_SHEET)
        if sheet is not None and sheet.fiscal_year != way.fiscal_year:
            raise SheetError(SheetProblem.OTHER_YEAR, str(sheet.fiscal_year))
        if sheet is not None and sheet.province != way.province:
            raise SheetError(SheetProblem.OTHER_PROVINCE, sheet.province)
    except SheetError as error:
        raise Refused(f"{path.name}: {sheet_problem(error.code, error.text)}") from error
    return sheet


def _tell_changes(sheet: Sheet) -> None:
    if sheet.dropped:
        click.echo(cli_plans.rows_dropped(sheet.dropped))
    for each in sheet.edits:
        click.echo(cli_plans.edit_made(each.number, each.field, each.text))
