"""Bench: from an officer's tap to the acknowledgement that LINE took, a country within minutes.

The taps come at their planned instants whatever the bot does (an open loop), each on a connection
of its own as LINE's webhooks may.  The wait is from the POST to the instant at which the minimal
LINE accepted the reply; both are read from the machine's monotonic clock.
"""

import http.client
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from bot.emulator import limits
from tests.bench import bodies
from tests.bench.figures import Figure, How, percentile
from tests.bench.places import Place, place
from tests.bench.processes import bot, counts, ledger, quick_line
from tests.bench.seed import country, taps

TAPS, MINUTES_10 = 8_300, 600.0
QUICK_TAPS, QUICK_SECONDS = 500, 40.0
AGENCIES_OF_A_PROVINCE = 214
ONE_QUESTION_IN = 10
QUESTIONS = ("สัปดาห์นี้", "สถานะ", "เกินกำหนด", "เดือนนี้", "ช่วยเหลือ")
SENDERS = 32
PATIENCE_SECONDS = 30
SEED = 2567
WARM_UPS = 5
FIRST_WARM_UP = 9_000_000
"""Number of the first event that is answered before the clock starts: processes come slowly."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One webhook to come: seconds after the start, its bytes, its reply token."""

    after: float
    body: bytes
    token: str


def measure(how: How) -> Iterator[Figure]:
    """Let the country tap, on each database."""
    number, seconds = (QUICK_TAPS, QUICK_SECONDS) if how.quick else (TAPS, MINUTES_10)
    for kind in how.databases:
        yield from tapped(kind, number, seconds, how.workers)


def tapped(kind: str, number: int, seconds: float, workers: int) -> Iterator[Figure]:
    """Let that many officers tap within that time, on one kind of database."""
    with place(kind) as where, ExitStack() as stack:
        country(where, -(-number // AGENCIES_OF_A_PROVINCE))
        line = stack.enter_context(quick_line(where.folder))
        port = _start(stack, where, line, workers)
        coming = plan(where, number, seconds)
        _warm_up(port, line, coming)
        posted, statuses = _post_all(port, coming)
        _wait_for(line, WARM_UPS + len(coming))
        yield from _figures(where, line, number, coming, posted, statuses)


def _start(stack: ExitStack, where: Place, line: str, workers: int) -> int:
    """Start the bot as one would run it on that database; return the webhook's port."""
    if where.kind == "sqlite":
        return stack.enter_context(bot(where, "run", line_url=line)).port
    for _ in range(workers):
        stack.enter_context(bot(where, "work", line_url=line))
    return stack.enter_context(bot(where, "web", line_url=line)).port


def plan(where: Place, number: int, seconds: float) -> list[Planned]:
    """Return taps and questions in the order of their instants, spread evenly with jitter."""
    choice = random.Random(SEED)
    acts = [(tap.user, tap.data) for tap in taps(where, number, seed=SEED)]
    asked = number // (ONE_QUESTION_IN - 1)
    acts += [(user, "") for user, _ in choice.choices(acts, k=asked)]
    choice.shuffle(acts)
    gap = seconds / len(acts)
    at_first = round(time.time() * 1000)
    coming = []
    for place_in_line, (user, data) in enumerate(acts):
        after = (place_in_line + choice.random()) * gap
        stamp = {"at": at_first + round(after * 1000), "user": user}
        event = (
            bodies.postback(place_in_line, data, **stamp)
            if data
            else bodies.text(place_in_line, choice.choice(QUESTIONS), **stamp)
        )
        coming.append(Planned(after, bodies.compact(event), bodies.reply_token(place_in_line)))
    return coming


def _post_all(port: int, coming: list[Planned]) -> tuple[dict[str, float], Counter[int]]:
    """Post each at its instant; return when (monotonic) by token, and the answers by status."""
    posted: dict[str, float] = {}
    start = time.monotonic() + 1

    def post(each: Planned) -> int:
        posted[each.token] = time.monotonic()
        return _post(port, each.body)

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = []
        for each in coming:
            time.sleep(max(0.0, start + each.after - time.monotonic()))
            answers.append(senders.submit(post, each))
        return posted, Counter(answer.result() for answer in answers)


def _warm_up(port: int, line: str, coming: list[Planned]) -> None:
    """Let the bot answer a few questions, one after the other."""
    user = json.loads(coming[0].body)["events"][0]["source"]["userId"]
    for number in range(WARM_UPS):
        event = bodies.text(FIRST_WARM_UP + number, QUESTIONS[0], user=user)
        _post(port, bodies.compact(event))
        _wait_for(line, number + 1)


def _post(port: int, body: bytes) -> int:
    """Deliver a body on a connection of its own; return the status, 0 when no answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    head = {"Content-Type": "application/json", "X-Line-Signature": bodies.signature(body)}
    try:
        connection.request("POST", "/callback", body, head)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _wait_for(line: str, number: int) -> None:
    """Wait until LINE has taken that many messages, or nothing more can be expected."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while counts(line)["accepted"] < number and time.monotonic() < give_up:
        time.sleep(0.1)


def _figures(
    where: Place,
    line: str,
    number: int,
    coming: list[Planned],
    posted: dict[str, float],
    statuses: Counter[int],
) -> Iterator[Figure]:
    entries = ledger(line)[WARM_UPS:]
    answered = Counter(entry["key"] for entry in entries if entry["endpoint"] == "reply")
    waits = [entry["at"] - posted[entry["key"]] for entry in entries if entry["key"] in posted]
    name = f"taps {where.kind}"
    p50, p95, p99 = (percentile(waits, share) for share in (0.5, 0.95, 0.99))
    detail = f"p50 {p50 * 1000:.0f} p99 {p99 * 1000:.0f} longest {max(waits, default=0):.2f} s"
    p95_ok = bool(waits) and p95 < 1
    yield Figure(f"{name}: tap to acknowledgement, p95", "< 1 s", f"{p95:.3f} s", p95_ok, detail)
    lost = [each.token for each in coming if answered[each.token] == 0]
    twice = [token for token, times in answered.items() if times > 1]
    pushed = sum(entry["endpoint"] == "push" for entry in entries)
    yield Figure(
        f"{name}: lost, answered twice, turned into pushes",
        "0, 0, 0",
        f"{len(lost)}, {len(twice)}, {pushed}",
        (len(lost), len(twice), pushed) == (0, 0, 0),
        f"{len(coming):,} events, {number:,} of them taps, {statuses[200]:,} answered 200",
    )
    done = where.number("SELECT count(*) FROM duty WHERE state = 'done'")
    yield Figure(f"{name}: duties done", f"{number:,}", f"{done:,}", done == number)
    refused = sum(bool(limits.problems(entry["messages"])) for entry in entries)
    yield Figure(f"{name}: answers that LINE's limits refuse", "0", f"{refused}", refused == 0)
