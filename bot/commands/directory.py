"""Commands about a province's agencies: import-agencies, find-agency."""

from pathlib import Path

import click

from bot.commands.frame import (
    PROVINCE,
    Refused,
    as_json,
    known_province,
    open_house,
    print_json,
    province_asked,
)
from bot.commands.texts import FILE, read_file
from handlers import agency_import
from handlers.agency_import import Decided, DirectoryRow, Imported, RowProblem
from handlers.plan_files.readers import PlanFileError
from messages_th import cli_texts, directories, plan_problems
from messages_th.names import resolve
from store import agencies
from store.database import transaction


@click.command("import-agencies")
@click.argument("file", type=FILE)
@PROVINCE
@click.option("--renamed", multiple=True, metavar="OLD=NEW", help="One body, now named NEW.")
@click.option("--new", multiple=True, metavar="NAME", help="Another body, however like an old one.")
@click.option("--close", multiple=True, metavar="NAME", help="A body that is no more.")
@click.option("--new-district", multiple=True, metavar="NAME", help="A district that is right.")
@as_json
def import_agencies_command(
    file: Path,
    province: str,
    renamed: tuple[str, ...],
    new: tuple[str, ...],
    close: tuple[str, ...],
    new_district: tuple[str, ...],
    *,
    wants_json: bool,
) -> None:
    """Enter or update a province's agencies from a CSV or workbook (name, type, district)."""
    name = province_asked(province)
    decided = Decided(tuple(map(_old_and_new, renamed)), new, new_district)
    rows, problems = _read(file, name)
    house = open_house()
    try:
        with transaction(house.engine) as session:
            closed = (
                agency_import.close_agencies(session, name, close, rows, now=house.clock())
                if close
                else ()
            )
            done = agency_import.import_agencies(session, name, rows, problems, decided)
    except ValueError as error:
        raise Refused(f"{file.name}: {error}") from error
    if wants_json:
        print_json({**_import_json(done), "closed": list(closed)})
        return
    _say(done)
    if closed:
        click.echo(directories.closed(closed))


@click.command("find-agency")
@click.argument("text")
@PROVINCE
@as_json
def find_agency_command(text: str, province: str, *, wants_json: bool) -> None:
    """Find the agency that a name written in a hurry means."""
    house = open_house()
    with transaction(house.engine) as session:
        _, province_id = known_province(session, province)
        found = resolve(text, agencies.agencies_by_every_name(session, province_id))
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


def _old_and_new(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (equals and old.strip() and new.strip()):
        raise click.UsageError(f"--renamed {text!r}: write it like OLD=NEW")
    return old, new


def _read(file: Path, province: str) -> tuple[list[DirectoryRow], list[RowProblem]]:
    try:
        rows, problems = agency_import.read_directory(file.name, read_file(file), province=province)
    except PlanFileError as error:
        raise Refused(f"{file.name}: {plan_problems.file_problem(error.code)}") from error
    except ValueError as error:
        raise Refused(f"{file.name}: {error}") from error
    if not rows:
        why = problems[0].problem if problems else cli_texts.NO_AGENCIES
        raise Refused(f"{file.name}: {why}")
    return rows, problems


def _import_json(done: Imported) -> dict[str, list[object]]:
    return {
        "added": list(done.added),
        "changed": list(done.changed),
        "unchanged": list(done.unchanged),
        "renamed": [{"from": old, "to": new} for old, new in done.renamed],
        "missing": list(done.missing),
        "problems": [
            {"row": each.row, "name": each.name, "problem": each.problem} for each in done.problems
        ],
    }


def _say(done: Imported) -> None:
    click.echo(cli_texts.directory(len(done.added), len(done.changed), len(done.unchanged)))
    for old, new in done.renamed:
        click.echo(directories.renamed(old, new))
    if done.missing:
        click.echo(directories.missing(done.missing))
    for each in done.problems:
        click.echo(cli_texts.row_problem(each.row, each.name, each.problem), err=True)
