"""From a plan's draft to the plan in force, on the command line: shown, asked, confirmed.

The draft is made twice, once to be shown and once to be put in force, and what was shown has to
be what is confirmed.  Nothing is kept of the first time, so whatever is refused leaves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.commands.frame import Refused, print_json
from bot.wiring import House
from handlers.plan_import import content, drafts
from handlers.plan_import.drafts import Waiting
from handlers.plan_import.edits import EditError
from handlers.plan_import.settling import unanswered
from handlers.plan_import.sheets import write_sheet
from messages_th import cli_plans, cli_texts, plan_drafts
from messages_th.plan_drafts import NoDraft, NotInForce
from store.database import Session, transaction, trial
from store.types import FiscalYear

Make = Callable[[Session, datetime], Waiting | NoDraft]
"""Lets a draft wait in that session, with all answers that were given, or says why it cannot."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a command was asked to settle a draft of that province and fiscal year."""

    province: str
    fiscal_year: FiscalYear
    yes: bool
    wants_json: bool
    write_to: Path | None = None


def settle(house: House, make: Make, way: Way) -> None:
    """Show what a draft would change, and put it in force once confirmed, or write it down.

    Raises:
        Refused: when it cannot be, or is not confirmed; nothing has changed.
    """
    with trial(house.engine) as session:
        shown = _made(make, session, house.clock())
        value: dict[str, Any] = {
            **content.diff_json(drafts.difference(session, shown)),
            "doubts": content.doubts_json(shown.questions),
        }
    if not way.wants_json:
        _show(shown, value, way)
    is_done = way.write_to is None and _is_confirmed(shown, way)
    if way.write_to is not None:
        _write(shown, way, way.write_to)
    elif is_done:
        _put_in_force(house, make, shown)
    if way.wants_json:
        print_json({**value, "in_force": is_done})
    elif is_done:
        click.echo(cli_plans.in_force(way.province, way.fiscal_year))


def _made(make: Make, session: Session, now: datetime) -> Waiting:
    try:
        held = make(session, now)
    except EditError as error:
        raise Refused(plan_drafts.edit_refused(error.problem, error.text, error.doubt)) from error
    if isinstance(held, NoDraft):
        raise Refused(plan_drafts.no_draft(held))
    return held


def _show(shown: Waiting, value: dict[str, Any], way: Way) -> None:
    click.echo(cli_plans.plan_diff(shown.draft.title, value))
    if shown.questions:
        stopping = unanswered(shown.draft, is_word_given=way.yes)
        click.echo(cli_plans.doubts_listed(shown.questions, stopping))


def _is_confirmed(shown: Waiting, way: Way) -> bool:
    """Return whether the draft is to be put in force; with JSON alone nobody is asked."""
    stopping = unanswered(shown.draft, is_word_given=way.yes)
    if way.yes and stopping:
        raise Refused(cli_plans.must_be_looked_at(stopping))
    if way.yes or way.wants_json:
        return way.yes
    if stopping:
        raise Refused(cli_plans.must_be_answered(stopping))
    try:
        return click.confirm(cli_plans.CONFIRM, default=False)
    except click.Abort:
        raise Refused(cli_plans.NOT_CONFIRMED) from None


def _put_in_force(house: House, make: Make, shown: Waiting) -> None:
    now = house.clock()
    with transaction(house.engine) as session:
        held = _made(make, session, now)
        if held.kept.base_version != shown.kept.base_version:
            raise Refused(plan_drafts.not_in_force(NotInForce.CHANGED_SINCE))
        held = drafts.accept(session, held, frozenset(held.questions), now=now)
        done = drafts.put_in_force(session, held, now=now)
        if isinstance(done, NotInForce):
            raise Refused(plan_drafts.not_in_force(done))


def _write(shown: Waiting, way: Way, path: Path) -> None:
    """Write the draft into a new file; a file that is there may hold somebody's answers."""
    sheet = write_sheet(
        shown.draft,
        province=way.province,
        fiscal_year=way.fiscal_year,
        origin=shown.kept.origin,
    )
    try:
        with path.open("xb") as file:
            file.write(sheet)
    except FileExistsError:
        raise Refused(cli_texts.is_there_already(str(path))) from None
    except OSError as error:
        raise Refused(cli_texts.cannot_write(str(path), error.strerror or "")) from error
    if not way.wants_json:
        click.echo(cli_plans.draft_written(str(path), way.province, way.fiscal_year))
