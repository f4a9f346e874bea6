"""Who works on a database: a lock held while a process lives, given back when it dies.

Several may work at once.  What the lock tells is whether one is alone: then every try that is
marked as on its way belongs to a dead process, and need not wait for the end of its lease.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import Engine, worker_lock


@contextmanager
def at_work(engine: Engine, if_alone: Callable[[], None]) -> Iterator[None]:
    """Be known to work inside the block; `if_alone` is done first where nobody else works.

    A file beside SQLite's, a lock inside PostgreSQL; a database in memory needs none, as nobody
    else can open it.
    """
    if engine.dialect.name == "postgresql":
        with worker_lock(engine, if_alone):
            yield
        return
    if engine.url.database in (None, "", ":memory:"):
        if_alone()
        yield
        return
    with Path(f"{engine.url.database}.worker-lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass  # somebody works
        else:
            if_alone()
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield
