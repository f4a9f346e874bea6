"""Commands that copy the database and bring a copy back: backup, restore."""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot import logs
from bot.commands.frame import Refused, as_json, print_json
from bot.settings import from_environment
from bot.spool import sync_folder
from bot.wiring import build
from messages_th import cli_texts
from store.copies import copy_in, copy_out
from store.copy_files import Copied
from store.database import Engine

FILE = click.Path(path_type=Path)
BESIDE = ("", "-journal", "-wal", "-shm")
"""Endings of what SQLite may leave when it dies."""


@click.command("backup")
@click.argument("file", type=FILE)
@as_json
def backup_command(file: Path, *, wants_json: bool) -> None:
    """Copy the database, in use or not, into a new SQLite file."""
    engine = _database()
    with _new_file(file) as part:
        copied = copy_out(engine, part)
    _tell(cli_texts.copied, copied, file, wants_json=wants_json)


@click.command("restore")
@click.argument("file", type=FILE)
@as_json
def restore_command(file: Path, *, wants_json: bool) -> None:
    """Bring a copy into the database, which must be empty."""
    copied = copy_in(_database(), file)
    _tell(cli_texts.restored, copied, file, wants_json=wants_json)


def _database() -> Engine:
    # Not brought up to this program's version: a copy is made before that, too.
    logs.set_up(logging.WARNING)
    engine = build(from_environment()).engine
    click.get_current_context().call_on_close(engine.dispose)
    return engine


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Lend an empty file, for this user alone; it takes the name once the block ends well.

    Raises:
        Refused: when it is no name of a file or is taken, or the folder does not take the file.
    """
    if not file.name:
        raise Refused(cli_texts.is_no_file(str(file)))
    part = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refused(cli_texts.cannot_write(str(file), error.strerror or "")) from error
    try:
        _lock(handle, file)
        try:
            # Looked for only now, as another backup may just have finished.
            if os.path.lexists(file):
                raise Refused(cli_texts.is_there_already(str(file)))
            # What a killed backup left is overwritten.
            _remove(part, BESIDE[1:])
            os.fchmod(handle, 0o600)
            os.ftruncate(handle, 0)
            yield part
            os.fsync(handle)
            part.rename(file)
            sync_folder(file.parent)
        except BaseException:
            _remove(part, BESIDE)
            raise
    except OSError as error:
        raise Refused(cli_texts.cannot_write(str(file), error.strerror or "")) from error
    finally:
        os.close(handle)


def _lock(handle: int, file: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(cli_texts.being_written(str(file))) from error


def _remove(part: Path, endings: tuple[str, ...]) -> None:
    for each in endings:
        part.with_name(part.name + each).unlink(missing_ok=True)


def _tell(
    sentence: Callable[[str, int, str, int], str], copied: Copied, file: Path, *, wants_json: bool
) -> None:
    size = file.stat().st_size
    if wants_json:
        print_json({"tables": dict(copied.rows), "bytes": size, "version": copied.version})
    else:
        click.echo(sentence(str(file), sum(copied.rows.values()), copied.version, size))
