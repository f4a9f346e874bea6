"""Bench: the webhook with each event kept before the 200, beside the SDK's README echo.

Rounds are interleaved, so that a noisy moment of the machine hits all alike; medians are told.
After each of our rounds the rows stored are counted: as many as were answered 200.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench import bare
from tests.bench.figures import Figure, How, median
from tests.bench.load import Result, load
from tests.bench.places import Place, place
from tests.bench.processes import bot, listening

CONNECTIONS = 16
ROUNDS, QUICK_ROUNDS = 3, 1
SECONDS, QUICK_SECONDS = 5.0, 2.0
MOST_PER_SECOND = 8_000
"""Requests made ready per second of load: more than any of these servers answers."""

ECHOES = ((1, 16), (2, 8))
"""Processes and threads of the echo: those of bot/server.py, and the better it can do on two cores;
what is asked is asked beside both."""
ASKED = {"sqlite": (0.5, 100.0), "postgresql": (0.65, 40.0)}
"""Share of the echo's requests per second (at least), p99 in ms (under)."""


@dataclass
class Rounds:
    """What was measured so far, by contestant."""

    results: dict[str, list[Result]]
    rates: dict[str, list[float]]
    strays: dict[str, int]
    """Rows stored minus requests answered 200, summed over the rounds."""


def measure(how: How) -> Iterator[Figure]:
    """Run the rounds and tell each contestant's medians, then what was asked."""
    rounds = QUICK_ROUNDS if how.quick else ROUNDS
    seconds = QUICK_SECONDS if how.quick else SECONDS
    with ExitStack() as stack:
        found = Rounds(defaultdict(list), defaultdict(list), defaultdict(int))
        runs = list(_contestants(stack, how, found, seconds))
        for _ in range(rounds):
            for run in runs:
                run()
    yield from _told(found)
    for kind in how.databases:
        yield from _asked(kind, found)


def _contestants(
    stack: ExitStack, how: How, found: Rounds, seconds: float
) -> Iterator[Callable[[], None]]:
    numbers = count(0, 10_000_000)
    places = {kind: stack.enter_context(place(kind)) for kind in how.databases}
    scratch = next(iter(places.values())).folder
    for echo in ECHOES:
        yield _echo_run(stack, scratch, echo, found, seconds, numbers)
    for where in places.values():
        yield _our_run(stack, where, found, seconds, numbers)
    yield lambda: found.rates["bare disk, 4 KiB and fdatasync"].append(
        bare.disk(scratch / "disk.bin", seconds=seconds)
    )
    for where in places.values():
        yield from _bare_runs(where, found, seconds, numbers)


def _echo_run(
    stack: ExitStack,
    folder: Path,
    echo: tuple[int, int],
    found: Rounds,
    seconds: float,
    numbers: Iterator[int],
) -> Callable[[], None]:
    workers, threads = echo
    options = ("--workers", str(workers), "--threads", str(threads))
    log = folder / f"echo-{workers}.log"
    server = stack.enter_context(listening(log, {}, "tests.bench.echo", *options))

    def run() -> None:
        found.results[echo_name(echo)].append(_load(server.port, seconds, next(numbers)))

    return run


def _our_run(
    stack: ExitStack, where: Place, found: Rounds, seconds: float, numbers: Iterator[int]
) -> Callable[[], None]:
    server = stack.enter_context(bot(where, "web"))

    def run() -> None:
        before = where.number("SELECT count(*) FROM inbox_event")
        result = _load(server.port, seconds, next(numbers))
        stored = where.number("SELECT count(*) FROM inbox_event") - before
        found.results[our_name(where.kind)].append(result)
        found.strays[where.kind] += stored - result.ok

    return run


def _bare_runs(
    where: Place, found: Rounds, seconds: float, numbers: Iterator[int]
) -> Iterator[Callable[[], None]]:
    def add(name: str, rate: float) -> None:
        found.rates[name].append(rate)

    if where.kind == "sqlite":
        path = where.folder / "bare.sqlite3"
        bare.prepare_sqlite(path)
        yield lambda: add(
            "bare sqlite3, WAL, FULL", bare.sqlite(path, first=next(numbers), seconds=seconds)
        )
        return
    bare.prepare_postgresql(where.url)
    for threads in (1, 8):
        name = f"bare psycopg, {threads} connection{'s' if threads > 1 else ''}"
        yield lambda name=name, threads=threads: add(
            name, bare.postgresql(where.url, first=next(numbers), seconds=seconds, threads=threads)
        )


def _load(port: int, seconds: float, first: int) -> Result:
    return load(
        port,
        connections=CONNECTIONS,
        seconds=seconds,
        count=round(seconds * MOST_PER_SECOND),
        first=first,
    )


def echo_name(echo: tuple[int, int]) -> str:
    """Return how the echo of those processes and threads is called in the table."""
    return f"README echo {echo[0]} x {echo[1]}"


def our_name(kind: str) -> str:
    """Return how our webhook on that database is called in the table."""
    return f"webhook {kind}"


def _told(found: Rounds) -> Iterator[Figure]:
    for name, results in found.results.items():
        p50, p99 = median(r.p50_ms for r in results), median(r.p99_ms for r in results)
        longest = max(r.longest_ms for r in results)
        yield Figure(
            name,
            "",
            f"{median(r.rate for r in results):,.0f} req/s",
            detail=f"p50 {p50:.1f} p99 {p99:.1f} longest {longest:.0f} ms",
        )
    for name, rates in found.rates.items():
        yield Figure(name, "", f"{median(rates):,.0f} per s", detail="one commit each")


def _asked(kind: str, found: Rounds) -> Iterator[Figure]:
    ours = found.results[our_name(kind)]
    rate = median(r.rate for r in ours)
    share, slowest = ASKED[kind]
    for echo in ECHOES:
        ratio = rate / (median(r.rate for r in found.results[echo_name(echo)]) or 1)
        name = f"webhook {kind} : {echo_name(echo)}"
        yield Figure(name, f"≥ {share}", f"{ratio:.2f}", ratio >= share)
    p99 = median(r.p99_ms for r in ours)
    yield Figure(f"webhook {kind} p99", f"< {slowest:.0f} ms", f"{p99:.1f} ms", p99 < slowest)
    other = sum(r.unanswered + sum(r.answered.values()) - r.ok for r in ours)
    stray = found.strays[kind]
    yield Figure(
        f"webhook {kind}: rows stored less answered 200",
        "0, all 200",
        f"{stray}",
        stray == 0 and other == 0,
        f"{sum(r.ok for r in ours):,} answered 200, {other} otherwise",
    )
