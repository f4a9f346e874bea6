"""Looks at the database as the bot would open it, without making or changing anything."""

import shutil
from datetime import datetime
from pathlib import Path
from threading import Thread

from bot.doctor.facts import Database, DatabaseState, Disk
from store import checkup, schema
from store.database import Engine, open_database, transaction

GIVE_UP_SECONDS = 6.0
SQLITE_HEADER = b"SQLite format 3\0"
MOUNTS = Path("/proc/mounts")


def look(url: str, *, at: datetime, give_up_seconds: float = GIVE_UP_SECONDS) -> Database:
    """Return what is found at a database address ("": none) within that time.

    The drivers wait for minutes where a host does not answer: whoever is late is left behind, in a
    thread that the process does not wait for when it ends.
    """
    if not url:
        return Database(DatabaseState.NO_ADDRESS)
    found = [Database(DatabaseState.SILENT)]
    thread = Thread(target=lambda: found.append(_opened(url, at)), daemon=True)
    thread.start()
    thread.join(give_up_seconds)
    return found[-1]


def _opened(url: str, at: datetime) -> Database:
    try:
        engine = open_database(url)
        try:
            name = checkup.sqlite_file(engine)
            if name is None:
                return _read(engine, None, at)
            return _opened_file(engine, Path(name).absolute(), at)
        finally:
            engine.dispose()
    except Exception as error:
        # Whatever it is, and drivers have many ways, it is what the doctor was called for.
        return Database(DatabaseState.FAILED, why=type(error).__name__)


def _opened_file(engine: Engine, file: Path, at: datetime) -> Database:
    """Opening a file that is not there would make it, so that is looked at before."""
    if not file.is_file():
        return Database(DatabaseState.NO_FILE, disk=_disk(file))
    disk = _disk(file)
    with file.open("rb") as opened:
        header = opened.read(len(SQLITE_HEADER))
    if not header:
        return Database(DatabaseState.OLDER, disk=disk)
    if header != SQLITE_HEADER:
        return Database(DatabaseState.NOT_SQLITE, disk=disk)
    return _read(engine, disk, at)


def _read(engine: Engine, disk: Disk | None, at: datetime) -> Database:
    try:
        schema.check(engine)
    except schema.SchemaError as error:
        state = DatabaseState.NEWER if error.is_newer else DatabaseState.OLDER
        return Database(state, disk=disk)
    with transaction(engine) as session:
        if checkup.refuses_writes(session):
            return Database(DatabaseState.READ_ONLY, disk=disk)
        return Database(DatabaseState.OPEN, disk=disk, kept=checkup.kept(session, at=at))


def _disk(file: Path) -> Disk | None:
    if not file.parent.is_dir():
        return None
    free = shutil.disk_usage(file.parent).free
    return Disk(str(file), free, _file_system(file.parent.resolve()))


def _file_system(folder: Path) -> str:
    """Return the type of the file system that holds a folder; "" where the system does not tell."""
    try:
        lines = MOUNTS.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split() for line in lines]
    # A space in a name is written \040.
    below = {
        (len(each[1]), each[2])
        for each in mounts
        if len(each) > 2 and folder.is_relative_to(each[1].replace("\\040", " "))
    }
    return max(below, default=(0, ""))[1]
