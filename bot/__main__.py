"""The command line: `python -m bot COMMAND`.

Exit code 0 is good, 1 refused with one sentence on standard error, 2 wrong usage.  With `--json`
standard output holds UTF-8 JSON and nothing else.
"""

import os
import sys

import click

from bot.commands import (
    copies,
    demo,
    directory,
    doctor,
    people,
    plans,
    province,
    queues,
    record,
    service,
    texts,
)
from bot.commands.frame import Refused
from bot.server import PortTakenError
from bot.settings import SettingsError
from bot.spool import SpoolFolderError
from messages_th import cli_texts
from store.copy_files import CopyError
from store.database import DatabaseError
from store.schema import SchemaError

COMMANDS = (
    texts.read_plan_command,
    texts.when_command,
    texts.understand_command,
    plans.import_plan_command,
    plans.edit_plan_command,
    plans.undo_plan_command,
    plans.copy_plan_command,
    plans.plan_versions_command,
    directory.import_agencies_command,
    directory.find_agency_command,
    province.invite_command,
    province.set_province_command,
    province.invite_all_command,
    people.people_command,
    service.run_command,
    service.web_command,
    service.work_command,
    service.tick_command,
    service.migrate_command,
    queues.parked_command,
    doctor.doctor_command,
    copies.backup_command,
    copies.restore_command,
    record.verify_record_command,
    record.export_record_command,
    demo.demo_command,
    demo.demo_script_command,
)
SAYS_WHAT_TO_DO = (SettingsError, PortTakenError, SpoolFolderError, CopyError)
"""Errors whose own message is the sentence for the operator."""


class Commands(click.Group):
    """The commands, with every error told in one sentence; `--debug` lets it through."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            raise Refused(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, SAYS_WHAT_TO_DO):
        return str(error)
    if isinstance(error, SchemaError):
        return cli_texts.DATABASE_NEWER if error.is_newer else cli_texts.DATABASE_OLDER
    if isinstance(error, DatabaseError):
        return cli_texts.database_failed(type(error).__name__)
    return cli_texts.unexpected(type(error).__name__)


@click.group(cls=Commands)
@click.option("--debug", is_flag=True, help="Show where an unexpected problem came from.")
def main(*, debug: bool) -> None:
    """The ITA follow-up bot."""
    del debug
    # Whatever is made, the database and what stands beside it, is for this user alone.
    os.umask(0o077)


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    sys.exit(main(prog_name="python -m bot"))
