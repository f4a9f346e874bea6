"""The command line of the benches: python -m tests.bench [NAME ...] [--quick] [--database KIND].

Without a name all are run, one after the other.  A table on standard output, progress on standard
error; exit code 1 when a figure that was asked for is missed, 0 otherwise.
"""

import signal
import sys
import time
import traceback
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence

from tests.bench import (
    acts,
    chaos,
    codes,
    edits,
    fuzz,
    interleavings,
    kills,
    kit,
    memory,
    outbox,
    planning,
    plans,
    resolver,
    taps,
    webhook,
)
from tests.bench.figures import BOTH, Figure, How, table

Measure = Callable[[How], Iterator[Figure]]
BENCHES: dict[str, Measure] = {
    "kit": kit.measure,
    "webhook": webhook.measure,
    "taps": taps.measure,
    "outbox": outbox.measure,
    "fuzz": fuzz.measure,
    "memory": memory.measure,
    "kills": kills.measure,
    "chaos": chaos.measure,
    "acts": acts.measure,
    "interleavings": interleavings.measure,
    "codes": codes.measure,
    "edits": edits.measure,
    "resolver": resolver.measure,
    "plans": plans.measure,
    "planning": planning.measure,
}
"""Every bench by name: a generator of figures in a module of its own.  New ones are added here."""


def main(arguments: Sequence[str]) -> int:
    """Run the benches that were asked for and print their figures; return the exit code."""
    parser = ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="minutes instead of an hour")
    parser.add_argument("--database", choices=[*BOTH, "both"], default="both")
    parser.add_argument("--workers", type=int, default=2, help="processes `work` (default: 2)")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in BENCHES]
    if unknown:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    kinds = BOTH if given.database == "both" else (given.database,)
    how = How(given.quick, kinds, given.workers)
    names = given.names or list(BENCHES)
    figures = [each for name in names for each in run(name, BENCHES[name], how)]
    sys.stdout.write(table(figures) + "\n")
    return 1 if any(figure.ok is False for figure in figures) else 0


def run(name: str, measure: Measure, how: How) -> Iterator[Figure]:
    """Run one bench, telling on standard error what it found as it goes.

    One that breaks off is a figure missed, so that the others still run and the table is printed.
    """
    start = time.monotonic()
    _say(f"bench {name} ...")
    try:
        for figure in measure(how):
            _say(f"  {figure.name}: {figure.measured}  {figure.detail}")
            yield figure
    except Exception as error:
        traceback.print_exc()
        yield Figure(f"{name}: runs to its end", "yes", type(error).__name__, ok=False)
    _say(f"bench {name}: {time.monotonic() - start:.0f} s")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _end_in_order(*_: object) -> None:
    """End by an exception, so that every process and folder of the bench goes too."""
    sys.exit(143)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end_in_order)
    sys.exit(main(sys.argv[1:]))
