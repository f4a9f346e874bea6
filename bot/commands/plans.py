"""Commands about the plan of a province: import-plan."""

from pathlib import Path

import click

from bot.commands.frame import (
    PROVINCE,
    Refused,
    as_json,
    open_house,
    print_json,
    province_asked,
)
from bot.commands.texts import FILE, draft_of
from handlers import agency_import
from handlers.plan_import import changes, content
from messages_th import cli_texts
from store import agencies
from store.database import transaction
from store.types import FiscalYear


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


def _is_confirmed() -> bool:
    try:
        return click.confirm(cli_texts.CONFIRM, default=False)
    except click.Abort:
        raise Refused(cli_texts.NOT_CONFIRMED) from None
