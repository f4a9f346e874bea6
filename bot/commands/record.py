"""Commands about the record: verify-record, export-record."""

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

import click

from bot.commands.frame import Refused, as_json, known_province, open_house, print_json
from bot.file_store import FileStore
from bot.wiring import House
from handlers import record_audit
from handlers.record_audit import Checked
from messages_th import cli_texts
from messages_th import record_texts as say
from store import agencies, schema
from store.database import Session, open_snapshot, transaction
from store.types import ProvinceId, Seal

FAULTS_SHOWN = 10
SEAL = re.compile(r"(\d{1,9}):([0-9a-f]{12,64})")
"""A number and a digest, or at least the twelve digits of it that a digest shows."""


class SealNoted(click.ParamType[Seal]):
    """A seal that was noted earlier, NUMBER:DIGEST."""

    name = "seal"

    def convert(self, value: Any, param: Any, ctx: Any) -> Seal:
        """Return the seal; anything else is wrong usage."""
        found = SEAL.fullmatch(str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no seal: write it like 123:a1b2c3d4e5f6", param, ctx)
        return Seal(int(found[1]), found[2])


@click.command("verify-record")
@click.option("--province", help="Thai or English name; all of them without it.")
@click.option("--seal", "sealed", type=SealNoted(), help="One noted earlier, NUMBER:DIGEST.")
@click.option("--files", "with_files", is_flag=True, help="Read the files of evidence as well.")
@as_json
def verify_record_command(
    province: str | None, sealed: Seal | None, *, with_files: bool, wants_json: bool
) -> None:
    """Look for anything in the record that was changed, deleted, put in or swapped."""
    if sealed is not None and province is None:
        raise click.UsageError("--seal is one province's: name it with --province")
    house = open_house(may_be_away=True)
    digest_of_file = partial(_digest, FileStore(house.settings.files_folder))
    with _snapshot(house) as session:
        checked = {
            name: record_audit.check(
                session, province_id, sealed, digest_of_file if with_files else None
            )
            for name, province_id in _provinces(session, province)
        }
    if wants_json:
        print_json({"provinces": [_as_json(name, each) for name, each in checked.items()]})
    else:
        for name, each in checked.items():
            if not each.faults:
                click.echo(say.whole(name, each.entries, each.seal))
    faults = [
        say.fault(name, fault.fault, fault.number, fault.row)
        for name, each in checked.items()
        for fault in each.faults
    ]
    if faults:
        left = len(faults) - FAULTS_SHOWN
        raise Refused("\n".join([*faults[:FAULTS_SHOWN], *([say.more_faults(left)] * (left > 0))]))


@click.command("export-record")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--province", required=True, help="Thai or English name.")
@as_json
def export_record_command(file: Path, province: str, *, wants_json: bool) -> None:
    """Write a province's whole record into a new CSV file, its seal in the last line."""
    seal, count = Seal(0, ""), 0
    with _snapshot(open_house(may_be_away=True)) as session, _new_file(file) as text:
        _, province_id = known_province(session, province)
        table = csv.writer(text)
        table.writerow(say.COLUMNS)
        for told, row in record_audit.rows(session, province_id):
            table.writerow(row)
            seal, count = Seal(told.entry.number, told.entry.digest), count + 1
        table.writerow(["seal", say.sealed(seal)])
    if wants_json:
        print_json({"entries": count, "seal": say.sealed(seal)})
    else:
        click.echo(say.exported(str(file), count, seal))


@contextmanager
def _snapshot(house: House) -> Iterator[Session]:
    """Lend a session that sees everything as of one instant and holds up nobody."""
    engine = open_snapshot(house.engine)
    schema.check(engine)
    with transaction(engine) as session:
        yield session


def _digest(files: FileStore, stored_as: str) -> str | None:
    """Return the SHA-256 of a file of evidence; None where there is none that can be read."""
    try:
        content = files.read(stored_as)
    except (OSError, ValueError):  # also a name that somebody has overwritten
        return None
    return None if content is None else sha256(content).hexdigest()


def _provinces(session: Session, asked: str | None) -> list[tuple[str, ProvinceId]]:
    if asked is not None:
        return [known_province(session, asked)]
    return [(agencies.province_name(session, each), each) for each in agencies.provinces(session)]


def _as_json(name: str, checked: Checked) -> dict[str, Any]:
    faults = [
        {"fault": each.fault, "number": each.number, "row": each.row} for each in checked.faults
    ]
    seal = say.sealed(checked.seal)
    return {"province": name, "entries": checked.entries, "seal": seal, "faults": faults}


@contextmanager
def _new_file(file: Path) -> Iterator[TextIO]:
    """Lend a new text file for this user alone; it is gone again when the block raises.

    Raises:
        Refused: when the name is taken, or the folder does not take it.
    """
    try:
        # With its mark, as spreadsheets take UTF-8 for something else without it.
        text = os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
            "w",
            encoding="utf-8-sig",
            newline="",
        )
    except FileExistsError as error:
        raise Refused(cli_texts.is_there_already(str(file))) from error
    except OSError as error:
        raise Refused(cli_texts.cannot_write(str(file), error.strerror or "")) from error
    try:
        with text:
            yield text
    except OSError as error:
        file.unlink()
        raise Refused(cli_texts.cannot_write(str(file), error.strerror or "")) from error
    except BaseException:
        file.unlink()
        raise
