"""The command that shows operators who has joined: people."""

from datetime import datetime

import click

from bot.commands.frame import PROVINCE, Instant, as_json, known_province, open_house, print_json
from messages_th import cli_texts
from store.database import transaction
from store.joined import joined
from store.types import Joined


@click.command("people")
@PROVINCE
@click.option("--at", type=Instant(), help="As of that instant (default: now).")
@as_json
def people_command(province: str, at: datetime | None, *, wants_json: bool) -> None:
    """Show for each agency how many have joined, and how many can be written to; no names."""
    house = open_house()
    with transaction(house.engine) as session:
        _, province_id = known_province(session, province)
        found = joined(session, province_id, at=at or house.clock())
    if wants_json:
        print_json({"agencies": [_as_json(each) for each in found]})
        return
    for each in found:
        click.echo(cli_texts.joined(each))


def _as_json(each: Joined) -> dict[str, object]:
    return {
        "agency": each.agency.name,
        "district": each.agency.district,
        "officers": each.officers,
        "executives": each.executives,
        "reachable": each.reachable,
        "outside_group": each.outside,
    }
