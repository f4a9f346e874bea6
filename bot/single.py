"""One worker per database: a lock held while the process lives, given back when it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import Engine, worker_lock


class AlreadyWorkingError(Exception):
    """Another process works on this database: stop it first."""

    def __init__(self) -> None:
        super().__init__("Another worker of the bot is running on this database: stop it first.")


@contextmanager
def only_worker(engine: Engine) -> Iterator[None]:
    """Be the only worker inside the block: a file beside SQLite's, a lock inside PostgreSQL.

    A database in memory needs none, as nobody else can open it.

    Raises:
        AlreadyWorkingError: when another process holds it.
    """
    if engine.dialect.name == "postgresql":
        with worker_lock(engine) as is_ours:
            if not is_ours:
                raise AlreadyWorkingError
            yield
        return
    if engine.url.database in (None, "", ":memory:"):
        yield
        return
    with Path(f"{engine.url.database}.worker-lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyWorkingError from error
        yield
