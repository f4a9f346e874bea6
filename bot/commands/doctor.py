"""The command that looks at everything the bot needs and says what to click: doctor."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import click

from bot import wiring
from bot.clock import Clock, system_clock
from bot.commands.frame import Refused, as_json, print_json
from bot.doctor.database import look
from bot.doctor.diagnosis import diagnose, failing
from bot.doctor.facts import Account, Check, Facts
from bot.settings import Settings, readable_from_environment

NEEDED = ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")
SECRET = re.compile(r"[0-9a-f]{32}")
WIDTH = 100


@click.command("doctor")
@as_json
def doctor_command(*, wants_json: bool) -> None:
    """Look at settings, LINE's switches, clock, quota and database; say what to click."""
    checks = diagnose(_facts(system_clock))
    if wants_json:
        told = ("name", "verdict", "found", "do")
        print_json({"checks": [{name: getattr(each, name) for name in told} for each in checks]})
    else:
        for line in _table(checks):
            click.echo(line)
    if failed := failing(checks):
        raise Refused(
            f"{len(failed)} of {len(checks)} checks fail: {', '.join(failed)}; what to do stands"
            " with each."
        )


def _facts(clock: Clock) -> Facts:
    settings, problems = readable_from_environment(NEEDED)
    # Both have their own end of patience; side by side they need it once.
    with ThreadPoolExecutor() as pool:
        account = pool.submit(_account, settings, clock)
        database = pool.submit(look, settings.database_url, at=clock())
    return Facts(
        now=clock(),
        settings_problems=problems,
        secrets_look_right=tuple(bool(SECRET.fullmatch(s)) for s in settings.channel_secrets),
        line_host=settings.line_api_host,
        public_url=settings.public_url,
        account=account.result(),
        database=database.result(),
    )


def _account(settings: Settings, clock: Clock) -> Account:
    if not (settings.access_token and settings.line_api_host):
        return Account()
    return wiring.line_account(settings, clock)


def _table(checks: Sequence[Check]) -> Iterator[str]:
    """Yield a line per check, with what to do below it where there is something."""
    wide = max(len(each.name) for each in checks)
    for each in checks:
        yield f"{each.verdict:<7} {each.name:<{wide}}  {each.found}"
        indent = " " * (wide + 10)
        yield from textwrap.wrap(
            each.do, WIDTH, initial_indent=f"{indent}-> ", subsequent_indent=f"{indent}   "
        )
