"""The folder of files that do not belong into a database, each under a random name.

Evidence and lists of codes lie here.  A file is written whole or not at all; what no row knows of
is swept away a day later, so that a transaction that failed leaves nothing behind for long.
"""

import os
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

NAME = re.compile("[0-9a-f]{32}")
"""128 random bits: nobody comes upon a file, and no name leads out of the folder."""
SWEPT_AFTER = timedelta(days=1)
"""How old a file must be that no row knows: a transaction that would is over by then."""
UNFINISHED = ".tmp"


class FileStore:
    """Files of one installation, shared by all of its processes; made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file, on disk before this returns; return its name.

        Raises:
            OSError: when the folder cannot be written; nothing is kept then.
        """
        name = secrets.token_hex(16)
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(UNFINISHED)
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            _sync(path.parent)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        return name

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, or None when there is none of that name."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is fine."""
        self._path(name).unlink(missing_ok=True)

    def old_names(self, *, now: datetime) -> list[str]:
        """Return the names of the files that have been here for `SWEPT_AFTER`.

        What was left unfinished for so long is removed.
        """
        before = (now - SWEPT_AFTER).timestamp()
        found = []
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            try:
                if path.stat().st_mtime >= before:
                    continue
            except FileNotFoundError:  # finished, or removed, by another process since
                continue
            if path.suffix == UNFINISHED:
                path.unlink(missing_ok=True)
            elif NAME.fullmatch(path.name):
                found.append(path.name)
        return found

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("no name of a kept file")
        return self._folder / name[:2] / name


class HandedIn:
    """The files of one event: kept or removed for good only as its transaction ends.

    What was put goes again where the transaction fails; what was to be removed is removed only
    after the commit.  What cannot be removed then is swept away later, as no row knows it.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._put: list[str] = []
        self._removed: list[str] = []

    def put(self, content: bytes) -> str:
        """Keep a file, for as long as the transaction does; see `FileStore.put`."""
        name = self._store.put(content)
        self._put.append(name)
        return name

    def remove(self, name: str) -> None:
        """Remove a file after the commit."""
        self._removed.append(name)

    def settle(self, *, is_committed: bool) -> None:
        """Remove what has to go, now that the transaction is over."""
        for name in self._removed if is_committed else self._put:
            with suppress(OSError):
                self._store.remove(name)


def _sync(folder: Path) -> None:
    """Bring to the disk which files a folder holds, and by what names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
