"""The one place that builds engine, LINE client and clock, and hands them out."""

from dataclasses import dataclass, field

from bot.clock import Clock, system_clock
from bot.doctor.facts import Account
from bot.sending import Line
from bot.settings import Settings
from store.database import Engine, open_database


@dataclass(frozen=True, slots=True)
class House:
    """What every process of the bot works with; one per process, made after any fork."""

    settings: Settings
    engine: Engine = field(repr=False)  # its repr shows a password that stands in the query
    clock: Clock


def build(settings: Settings, clock: Clock = system_clock) -> House:
    """Build what every process needs."""
    return House(settings, open_database(settings.database_url), clock)


def line_client(settings: Settings) -> Line:
    """Return the one client of a process that sends.

    Made only there: importing the SDK takes 1.6 s and 74 MiB, which a web process saves.
    """
    from bot.line_out import LineClient

    return LineClient(
        settings.access_token, settings.line_api_host, data_host=settings.line_data_host
    )


def line_account(settings: Settings, clock: Clock) -> Account:
    """Ask LINE about the account; made here and late for the same reason."""
    from bot.line_account import ask_line

    return ask_line(settings.access_token, settings.line_api_host, clock)
