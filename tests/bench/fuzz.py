"""Bench: the webhook under odd requests, a worker beside it: no 500, no growth, nothing given up.

Sending waits while many events wait for the worker, so that the odd ones are worked as well.
"""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from bot.emulator import limits
from tests.bench.bodies import user_id
from tests.bench.figures import Figure, How, median
from tests.bench.mutate import Mutator, Odd
from tests.bench.places import Place, place
from tests.bench.processes import Running, bot, ledger, quick_line
from tests.bench.seed import country

SECONDS, QUICK_SECONDS = 300.0, 20.0
SEED = 2567
ANSWER_SECONDS = 10.0
MOST_WAITING = 2_000
"""Events that may wait for the worker before sending pauses."""
LOOKED_AT_EVERY = 100
DRAIN_SECONDS = 180.0
WAITING = "SELECT count(*) FROM inbox_event WHERE state = 'waiting' AND attempts = 0"
FAILED = """SELECT kind, attempts, count(*) FROM inbox_event
    WHERE state <> 'done' AND attempts > 0 GROUP BY 1, 2"""
PARKED = "SELECT outcome, count(*) FROM outbox_message WHERE state = 'parked' GROUP BY 1"
OURS = ("event_failed", "event_parked", "alarm_message_parked", "send_failed", "loop_failed")


@dataclass
class Seen:
    """What the fuzz saw: answers by status, examples of bad ones, memory by process over time."""

    answers: Counter[int] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    sound: int = 0
    memory: dict[str, list[float]] = field(default_factory=lambda: {"web": [], "worker": []})


def measure(how: How) -> Iterator[Figure]:
    """Fuzz the webhook on each database."""
    for kind in how.databases:
        with place(kind) as where, ExitStack() as stack:
            people = country(where, 1)
            line = stack.enter_context(quick_line(where.folder))
            web = stack.enter_context(bot(where, "web", line_url=line))
            worker = stack.enter_context(bot(where, "work", line_url=line))
            users = [user_id(each) for each in range(1, people + 20)]
            seen = Seen()
            _send_all(where, web, worker, users, seen, QUICK_SECONDS if how.quick else SECONDS)
            left = _drained(where)
            yield from _figures(where, web, worker, seen)
            yield from _growth(where, seen, is_asked=not how.quick)
            yield from _worked(where, line, worker, left)


def _send_all(
    where: Place, web: Running, worker: Running, users: list[str], seen: Seen, seconds: float
) -> None:
    mutator = Mutator(SEED, users, at=round(time.time() * 1000))
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(web, worker, seen, ended))
    watch.start()
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end and web.is_alive():
            for _ in range(LOOKED_AT_EVERY):
                _count(seen, mutator.next(), web.port)
            while where.number(WAITING) > MOST_WAITING and time.monotonic() < end:
                time.sleep(0.1)
    finally:
        ended.set()
        watch.join()


def _watch(web: Running, worker: Running, seen: Seen, ended: threading.Event) -> None:
    while not ended.wait(0.5):
        seen.memory["web"].append(sum(web.memory()))
        seen.memory["worker"].append(sum(worker.memory()))


def _count(seen: Seen, odd: Odd, port: int) -> None:
    status = answer_status(odd.request, port)
    seen.answers[status] += 1
    seen.sound += odd.is_sound
    is_bad = status >= 500 or (odd.is_sound and status != 200) or (odd.is_http and status == 0)
    if is_bad:
        seen.bad[f"{odd.what}: {status}"] += 1


def answer_status(request: bytes, port: int) -> int:
    """Return the status of the answer to exactly these bytes; 0 when the server just hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
        # The server may have refused it already, and said so.
        with suppress(OSError):
            connection.sendall(request)
            # Whatever length the request promised: nothing more comes.
            connection.shutdown(socket.SHUT_WR)
        try:
            answer = connection.recv(4096)
            if answer.startswith(b"HTTP/1.1 100"):
                answer = answer.partition(b"\r\n\r\n")[2] or connection.recv(4096)
        except OSError:
            return 0
    is_answer = answer.startswith(b"HTTP/1.") and answer[9:12].isdigit()
    return int(answer[9:12]) if is_answer else 0


def _drained(where: Place) -> int:
    """Wait for the worker to have tried every event; return how many it has not."""
    end = time.monotonic() + DRAIN_SECONDS
    while (left := where.number(WAITING)) and time.monotonic() < end:
        time.sleep(0.5)
    return left


def _figures(where: Place, web: Running, worker: Running, seen: Seen) -> Iterator[Figure]:
    name = f"fuzz {where.kind}"
    answers = ", ".join(f"{status}: {n:,}" for status, n in sorted(seen.answers.items()))
    bad = ", ".join(f"{what} × {n}" for what, n in seen.bad.most_common(5))  # noqa: RUF001
    yield Figure(
        f"{name}: 5xx, unanswered, or a sound event refused",
        "0",
        f"{seen.bad.total()}",
        seen.bad.total() == 0 and seen.sound > 0,
        f"{seen.answers.total():,} requests, {seen.sound:,} sound; {answers} {bad}",
    )
    alive = {"web": web.is_alive(), "worker": worker.is_alive()}
    dead = [each for each, lives in alive.items() if not lives]
    yield Figure(f"{name}: processes that ended", "none", ", ".join(dead) or "none", not dead)


def _growth(where: Place, seen: Seen, *, is_asked: bool) -> Iterator[Figure]:
    """Compare the memory's last quarter with the second; a quick run is still warming up."""
    for each, series in seen.memory.items():
        second, last = quarter(series, 1), quarter(series, 3)
        may_be = second * 1.1 + 5
        yield Figure(
            f"fuzz {where.kind}: memory of {each}, last quarter",
            f"< {may_be:.0f} MB" if is_asked else "",
            f"{last:.0f} MB",
            0 < last < may_be if is_asked else None,
            f"second quarter {second:.0f} MB; may grow by 10 % and 5 MB",
        )


def quarter(series: list[float], which: int) -> float:
    """Return the median of the quarter (0 to 3) of a series."""
    size = len(series) // 4
    return median(series[which * size : (which + 1) * size])


def _worked(where: Place, line: str, worker: Running, left: int) -> Iterator[Figure]:
    name = f"fuzz {where.kind}"
    failed = where.rows(FAILED)
    parked = where.rows(PARKED)
    logged = {action: len(worker.logged(action)) for action in OURS}
    trouble = {action: times for action, times in logged.items() if times}
    reasons = {
        each["traceback"].strip().splitlines()[-1][:120]
        for action in OURS
        for each in worker.logged(action)
        if "traceback" in each
    }
    yield Figure(
        f"{name}: events that raised, messages given up",
        "0, 0",
        f"{sum(row[-1] for row in failed)}, {sum(row[-1] for row in parked)}",
        not failed and not parked and not trouble,
        " ".join(str(each) for each in (failed, parked, trouble, sorted(reasons)) if each),
    )
    worked = where.number("SELECT count(*) FROM inbox_event WHERE state = 'done'")
    yield Figure(f"{name}: events not tried", "0", f"{left}", left == 0, f"{worked:,} worked")
    entries = ledger(line)
    refused = sum(bool(limits.problems(entry["messages"])) for entry in entries)
    yield Figure(
        f"{name}: answers that LINE's limits refuse",
        "0",
        f"{refused}",
        refused == 0,
        f"of {len(entries):,}",
    )
