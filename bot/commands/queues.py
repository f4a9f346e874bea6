"""The command for what was given up: parked."""

from datetime import datetime

import click

from bot.commands.frame import Refused, as_json, open_house, print_json
from messages_th import cli_texts
from store import parked
from store.database import Session, transaction
from store.types import ParkedRow

ALL = "all"


@click.command("parked")
@click.option("--retry", multiple=True, metavar="ROW", help="Try it anew; repeatable, or all.")
@click.option("--drop", multiple=True, metavar="ROW", help="Give it up for good; likewise.")
@as_json
def parked_command(retry: tuple[str, ...], drop: tuple[str, ...], *, wants_json: bool) -> None:
    """List events and messages that were given up, or retry or drop some of them."""
    if set(retry) & set(drop) or (retry and drop and ALL in retry + drop):
        raise click.UsageError("a row is either retried or dropped")
    house = open_house()
    with transaction(house.engine) as session:
        known = parked.parked(session)
        can_be_retried = [row for row in known if row.has_content]
        to_retry = can_be_retried if ALL in retry else _chosen(known, retry)
        to_drop = known if ALL in drop else _chosen(known, drop)
        # Told is what really changed: somebody else may be at the same rows.
        retried = [row for row in to_retry if _retry(session, row, house.clock())]
        dropped = [row for row in to_drop if parked.drop(session, row, at=house.clock())]
    if retry or drop:
        _tell(retried, dropped, wants_json=wants_json)
    elif wants_json:
        print_json({"parked": [_row_json(each) for each in known]})
    else:
        click.echo("\n".join(map(cli_texts.parked_row, known)) or cli_texts.NOTHING_PARKED)


def _chosen(known: list[ParkedRow], names: tuple[str, ...]) -> list[ParkedRow]:
    by_name = {each.name: each for each in known}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise Refused(cli_texts.not_parked(unknown))
    return [by_name[name] for name in dict.fromkeys(names)]


def _retry(session: Session, row: ParkedRow, now: datetime) -> bool:
    if not row.has_content:
        raise Refused(cli_texts.parked_without_text(row.name))
    return parked.retry(session, row, at=now)


def _tell(retried: list[ParkedRow], dropped: list[ParkedRow], *, wants_json: bool) -> None:
    if wants_json:
        print_json(
            {
                "retried": [each.name for each in retried],
                "dropped": [each.name for each in dropped],
            }
        )
        return
    for row in retried:
        click.echo(f"{row.name} waits again")
    for row in dropped:
        click.echo(f"{row.name} is dropped")


def _row_json(row: ParkedRow) -> dict[str, object]:
    return {
        "row": row.name,
        "what": row.what,
        "since": row.since.isoformat(),
        "attempts": row.attempts,
        "why": row.why,
        "can_retry": row.has_content,
    }
