"""Bench: memory of a web process after 100,000 events, and of a worker after a simulated year."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.figures import Figure, How
from tests.bench.load import load
from tests.bench.places import Place, place
from tests.bench.processes import ROOT, bot, bot_env, counts, quick_line
from tests.bench.seed import country

EVENTS, QUICK_EVENTS = 100_000, 10_000
SECONDS_AT_MOST = 900.0
AT_ONCE = 20_000
"""Requests that the load client makes ready at a time."""
WEB_MB, WORKER_MB = 150.0, 200.0
QUICK_DAYS = 20


def measure(how: How) -> Iterator[Figure]:
    """Tell both on each database."""
    for kind in how.databases:
        with place(kind) as where:
            yield _web(where, QUICK_EVENTS if how.quick else EVENTS)
        with place(kind) as where:
            yield _worker(where, QUICK_DAYS if how.quick else 366)


def _web(where: Place, number: int) -> Figure:
    with bot(where, "web") as web:
        before = max(web.memory())
        kept, seconds = 0, 0.0
        while kept < number and seconds < SECONDS_AT_MOST:
            count = min(AT_ONCE, number - kept)
            left = SECONDS_AT_MOST - seconds
            result = load(web.port, connections=16, seconds=left, count=count, first=kept)
            kept, seconds = kept + result.ok, seconds + result.seconds
            if result.ok < count:
                break
        after = web.memory()
    stored = where.number("SELECT count(*) FROM inbox_event")
    return Figure(
        f"memory {where.kind}: web process after {kept:,} events",
        f"< {WEB_MB:.0f} MB after {number:,}",
        f"{max(after):.0f} MB",
        stored == kept == number and max(after) < WEB_MB,
        f"{before:.0f} MB before; all of its processes: {', '.join(f'{mb:.0f}' for mb in after)}",
    )


def _worker(where: Place, days: int) -> Figure:
    officers = country(where, 1)
    with quick_line(where.folder) as line:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.year", "--days", str(days)],
            cwd=ROOT,
            env={**os.environ, **bot_env(where, line)},
            stdout=subprocess.PIPE,
            check=True,
        )
        sent = counts(line)["accepted"]
    told = json.loads(done.stdout)
    return Figure(
        f"memory {where.kind}: worker after {told['days']} working days",
        f"< {WORKER_MB:.0f} MB",
        f"{told['final_mb']:.0f} MB",
        told["peak_mb"] < WORKER_MB,
        f"peak {told['peak_mb']:.0f}, after the first day {told['first_mb']:.0f} MB;"
        f" {officers} officers, {sent:,} messages",
    )
