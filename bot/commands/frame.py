"""What the commands share: refusing with one sentence, printing JSON, opening the database."""

import json
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import click

from bot import logs
from bot.clock import read_instant
from bot.settings import from_environment
from bot.wiring import House, build
from messages_th import cli_texts
from messages_th.provinces import province as province_named
from store import agencies, schema
from store.database import DatabaseError, Session, open_reading
from store.types import ProvinceId

YEARS = range(2000, 2200)
"""CE: what an instant given to a command may mean."""
PROVINCE = click.option("--province", required=True, help="Thai or English name.")
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Refused(click.ClickException):
    """Ends a command with exit code 1 and one sentence on standard error."""

    def show(self, file: Any = None) -> None:
        """Print the sentence alone."""
        del file
        click.echo(self.message, err=True)


class Instant(click.ParamType[datetime]):
    """An ISO date and time; Bangkok time where it names no offset."""

    name = "instant"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return the instant in UTC; anything else is wrong usage."""
        try:
            instant = read_instant(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no instant: write it like 2024-01-31T08:30+07:00", param, ctx)
        if instant.year not in YEARS:
            # 2567 is a year of the Buddhist era: 543 years of reminders would fall due at once.
            self.fail(f"{value!r} is no year of the common era that is meant here", param, ctx)
        return instant


def as_json(command: Decorated) -> Decorated:
    """Give a command the option to print JSON only."""
    option = click.option("--json", "wants_json", is_flag=True, help="Print JSON and nothing else.")
    return option(command)


def print_json(value: Any) -> None:
    """Print a value as UTF-8 JSON on one line."""
    click.echo(json.dumps(value, ensure_ascii=False).encode())


def open_house(*, needed: Collection[str] = (), may_be_away: bool = False) -> House:
    """Read the settings and open the database, its tables brought up to this program's version.

    Only an embedded SQLite is migrated on the way; PostgreSQL has `migrate` as a release step.
    It is closed when the command ends, however it ends.  Where it `may_be_away`, a PostgreSQL is
    left to be looked at later, and a SQLite file at the right version needs no lock.

    Raises:
        SettingsError, SchemaError: each with the sentence that says what to do.
    """
    logs.set_up(logging.WARNING)
    settings = from_environment(needed)
    logs.set_up(logging.WARNING, secrets=settings.secrets)
    house = build(settings)
    click.get_current_context().call_on_close(house.engine.dispose)
    if house.engine.dialect.name == "sqlite":
        if not (may_be_away and _is_right(house)):
            schema.upgrade(house.engine)
    elif not may_be_away:
        schema.check(house.engine)
    return house


def _is_right(house: House) -> bool:
    with suppress(DatabaseError):
        return schema.version_of(open_reading(house.engine)) == schema.newest()
    return False


def province_asked(text: str) -> str:
    """Return the Thai name of a province.

    Raises:
        Refused: when there is no such province.
    """
    name = province_named(text)
    if name is None:
        raise Refused(cli_texts.no_such_province(text))
    return name


def known_province(session: Session, text: str) -> tuple[str, ProvinceId]:
    """Return a province that something was imported for.

    Raises:
        Refused: when nothing was.
    """
    name = province_asked(text)
    province = agencies.province_id(session, name)
    if province is None:
        raise Refused(cli_texts.province_is_empty(name))
    return name, province
