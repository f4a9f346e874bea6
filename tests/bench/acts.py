"""Bench: ten thousand random sequences of acts by people of every role; no law is broken ever.

What the acts, the rights and the laws are stands in `tests/scenarios` (`acts`, `rights`, `acting`).
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.bench.figures import Figure, How
from tests.databases import (
    Databases,
    PostgresqlDatabases,
    SqliteFiles,
    remove_server,
    start_server,
)
from tests.scenarios.acting import Tally, play
from tests.scenarios.rights import REACHES

SEQUENCES = {"sqlite": 10_000, "postgresql": 1_000}
"""A database of PostgreSQL's own for each sequence takes longer than the sequence."""
QUICK_SEQUENCES = {"sqlite": 100, "postgresql": 40}
SEED = 2567


def measure(how: How) -> Iterator[Figure]:
    """Play the sequences on each database, shared out to as many processes as there are workers."""
    for kind in how.databases:
        count = (QUICK_SEQUENCES if how.quick else SEQUENCES)[kind]
        start = time.monotonic()
        tally = _played(kind, count, how.workers)
        used = sum(tally.done[right] > 0 for right in REACHES)
        yield Figure(
            f"acts {kind}: sequences without an act outside the table",
            f">= {count:,}",
            f"{tally.sequences:,}",
            tally.sequences >= count,
            f"{tally.acts:,} acts, {tally.entries:,} of them recorded as allowed, {tally.refused:,}"
            f" changed nothing, {used} of {len(REACHES)} rights used,"
            f" {time.monotonic() - start:.0f} s",
        )


def _played(kind: str, count: int, processes: int) -> Tally:
    """Play them; the first sequence that breaks a law ends it all with its story."""
    with tempfile.TemporaryDirectory(prefix="ita-acts-") as name:
        folder = Path(name)
        server = start_server(folder / "postgresql") if kind == "postgresql" else ""
        share = -(-count // processes)
        try:
            # Forked processes would share the connections that are open here.
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
                numbers = range(processes)
                playing = [pool.submit(_play, server, folder, share, each) for each in numbers]
                tallies = [each.result() for each in playing]
        finally:
            if server:
                remove_server(folder / "postgresql")
    return sum(tallies, Tally())


def _play(server: str, folder: Path, sequences: int, number: int) -> Tally:
    with closing(_databases(server, folder, number)) as databases:
        return play(databases, sequences=sequences, number=SEED + number, explains=False)


def _databases(server: str, folder: Path, number: int) -> Databases:
    if server:
        return PostgresqlDatabases(server, f"acts-{number}-")
    own = folder / str(number)
    own.mkdir()
    return SqliteFiles(own)
