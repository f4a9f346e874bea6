"""Commands that read Thai and touch no database: read-plan, when, understand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bot.commands.frame import Refused, as_json, print_json
from handlers.plan_files.doubts import window_doubts
from handlers.plan_files.readers import PlanFileError
from handlers.plan_files.table import read_plan
from handlers.plan_import.content import draft_json
from messages_th import cli_plans, cli_texts, plan_problems
from messages_th.dates import Unreadable, format_window, read_window
from messages_th.words import understand
from store.types import Doubt, DoubtCode, FiscalYear, PlanDraft

FILE = click.Path(path_type=Path)


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        Refused: when it cannot be opened.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(cli_texts.cannot_open(str(path), error.strerror or "")) from error


def draft_of(path: Path, fiscal_year: FiscalYear | None) -> PlanDraft:
    """Return the plan that a file holds.

    Raises:
        Refused: when it cannot be read as a plan.
    """
    content = read_file(path)
    with refusing_files(path):
        return read_plan(path.name, content, fiscal_year=fiscal_year)


@contextmanager
def refusing_files(path: Path) -> Iterator[None]:
    """Refuse a file that cannot be read as a plan with the sentence that says why."""
    try:
        yield
    except PlanFileError as error:
        raise Refused(f"{path.name}: {plan_problems.file_problem(error.code)}") from error


@click.command("read-plan")
@click.argument("file", type=FILE)
@click.option("--fiscal-year", type=int, help="BE, such as 2567; for windows without a year.")
@as_json
def read_plan_command(file: Path, fiscal_year: int | None, *, wants_json: bool) -> None:
    """Read a plan and print what it says; nothing is stored."""
    draft = draft_of(file, None if fiscal_year is None else FiscalYear(fiscal_year))
    if wants_json:
        print_json(draft_json(draft))
    else:
        click.echo(cli_plans.plan_read(draft))


@click.command("when")
@click.argument("text")
@click.option("--fiscal-year", type=int, help="BE; for a window without a year.")
@as_json
def when_command(text: str, fiscal_year: int | None, *, wants_json: bool) -> None:
    """Read a Thai window ("๑ - ๓๑ มกราคม ๒๕๖๗") into its first and last day."""
    year = None if fiscal_year is None else FiscalYear(fiscal_year)
    window = read_window(text, fiscal_year=year)
    if isinstance(window, Unreadable):
        raise Refused(plan_problems.doubt(Doubt(window.code, "", window.printed)))
    for doubt in window_doubts("", text, window, year):
        if doubt.code is DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR:
            raise Refused(plan_problems.doubt(doubt))
    first = None if window.first is None else window.first.isoformat()
    if wants_json:
        print_json({"first": first, "last": window.last.isoformat()})
    else:
        click.echo(f"{first or '-'} {window.last.isoformat()}  {format_window(window)}")


@click.command("understand")
@click.argument("text")
@click.option("--group", "in_group", is_flag=True, help="As said in a group, without a mention.")
@as_json
def understand_command(text: str, *, in_group: bool, wants_json: bool) -> None:
    """Say what the bot takes a message for."""
    asked = understand(text, in_group=in_group)
    found: dict[str, Any] = {"command": None, "period": None, "activities": [], "agency": None}
    if asked is not None:
        found = {
            "command": asked.command,
            "period": asked.period,
            "activities": list(asked.activities),
            "agency": asked.agency,
            "state": asked.state,
            "reason": asked.reason,
            "field": asked.field,
            "text": asked.text,
        }
    if wants_json:
        print_json(found)
    else:
        click.echo(" ".join(f"{name}={value}" for name, value in found.items() if value) or "-")
