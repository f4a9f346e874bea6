"""Rounds in which workers and the webhook are killed at ordered points, and what is left of them.

A round: people act at T, two workers work and die as ordered.  At T + 20 s, when the leases of the
dead have run out and reply tokens still live, others take over, and may die as well; at T + 40 s
the last ones bring it to an end.  Whoever stands still (SIGSTOP) goes on when all is done.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.wiring import line_client
from bot.worker import tick
from tests.scenarios import mornings
from tests.scenarios.mornings import Round
from tests.scenarios.mortals import (
    AFTER_PUSH,
    AFTER_REPLY,
    ANYBODY,
    BEFORE_PUSH,
    BEFORE_REPLY,
    SLOTS,
    Crew,
    How,
    Order,
    Shared,
)
from tests.scenarios.place import Ground, ground, place

TAKE_OVER = timedelta(seconds=20)
"""Longer than a lease (15 s); twice that is shorter than a reply token's minute."""
PATIENCE_SECONDS = 20.0
RELEASE = "giving back dead tries"
LOOK_SECONDS = 0.02
SLOW_MS = 250


@dataclass(frozen=True, slots=True)
class Deaths:
    """What is ordered for a round: ends of workers at T and at T + 20 s, an end of the webhook.

    An order in `first` is for whoever of the two gets there first; with two orders both end.
    """

    name: str
    first: tuple[Order, ...] = ()
    then: tuple[Order, ...] = ()
    web: str = ""
    """Empty: lives.  "before", "after" its commit; "batch": keeping many; "between" events."""
    fault: tuple[str, str] | None = None
    """Endpoint and kind of a fault of LINE's that goes with it."""
    of_one: bool = True
    """Whether the orders are anybody's; else each worker has its own."""


def before(what: str) -> Order:
    """Order an end before the commit of that operation."""
    return Order(f"before the commit of {what}")


def after(what: str) -> Order:
    """Order an end after the commit of that operation."""
    return Order(f"after the commit of {what}")


REPLIES, REPLIED, PUSHES, PUSHED = map(Order, (BEFORE_REPLY, AFTER_REPLY, BEFORE_PUSH, AFTER_PUSH))
IN_REPLY = Order(BEFORE_REPLY, how=How.KILL_IN_CALL)
IN_PUSH = Order(BEFORE_PUSH, how=How.KILL_IN_CALL)
CHOSEN = (
    Deaths("an event's facts and answer written, not committed", (before("an event"),)),
    Deaths("an event's facts and answer committed", (after("an event"),)),
    Deaths("a claim not committed", (before("a claim"),)),
    Deaths("claimed, nobody called", (after("a claim"),)),
    Deaths("LINE about to be called with a reply", (REPLIES,)),
    Deaths("LINE about to be called with a push", (PUSHES,)),
    Deaths("in the call of a reply, LINE has not taken it", (IN_REPLY,), fault=("reply", "slow")),
    Deaths("in the call of a push, LINE has not taken it", (IN_PUSH,), fault=("push", "slow")),
    Deaths("in a call, LINE has taken it", (IN_REPLY,), fault=("reply", "timeout-after")),
    Deaths("LINE took a reply, not recorded", (REPLIED,)),
    Deaths("LINE took a push, not recorded", (PUSHED,)),
    Deaths("LINE took three pushes, none or few recorded", (Order(AFTER_PUSH, 3),)),
    Deaths("an outcome not committed", (before("a record"),)),
    Deaths("between a record and the next claim", (after("a record"),)),
    Deaths("a job's ring not committed", (before("a job's ring"),)),
    Deaths("a job's ring committed", (after("a job's ring"),)),
    Deaths("the second dies taking over the first one's lease", (PUSHES,), (before("a claim"),)),
    Deaths("the second dies having taken it over", (REPLIED,), (after("a claim"),)),
    Deaths("the second dies having sent a push again", (PUSHED,), (PUSHED,)),
    Deaths("both at once, before their calls", (REPLIES, REPLIES)),
    Deaths("both at once, after LINE took theirs", (REPLIED, REPLIED)),
    Deaths("alone, giving back the tries of the dead", (PUSHED,) * 2, (before(RELEASE),)),
    Deaths("frozen before a reply, past its lease", (Order(BEFORE_REPLY, how=How.FREEZE),)),
    Deaths("frozen before a push, past its lease", (Order(BEFORE_PUSH, how=How.FREEZE),)),
    Deaths("frozen after LINE took it, past its lease", (Order(AFTER_PUSH, how=How.FREEZE),)),
    Deaths("the webhook, before its commit", web="before"),
    Deaths("the webhook, committed, no 200 heard", web="after"),
    Deaths("the webhook, while it keeps a batch", web="batch"),
    Deaths("the webhook between two events, and a worker", (before("an event"),), web="between"),
)
"""Points that somebody thought of, by name."""


def random_deaths(chance: random.Random) -> Deaths:
    """Return ends at random points and instants, at T and often at T + 20 s."""

    def order() -> Order:
        if chance.random() < 0.3:
            return Order("", chance.randint(20, 400), How.KILL_AFTER_MS)
        return Order("", chance.randint(1, 25))

    return Deaths(
        "random",
        tuple(order() for _ in range(chance.choice((1, 2, 2)))),
        tuple(order() for _ in range(chance.choice((0, 1, 2)))),
        web=chance.choice(("",) * 8 + tuple(WEB_DEATHS)),
        of_one=False,
    )


@dataclass
class Told:
    """What came of the rounds."""

    points: Counter[str] = field(default_factory=Counter)
    """Ends by place; those at random are told apart from the chosen ones by the caller."""
    lost: list[Any] = field(default_factory=list)
    twice: list[Any] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)
    """Facts that differ from a calm run's, and rounds that did not come to an end."""


@dataclass(frozen=True, slots=True)
class Calm:
    """What the same rounds lead to when nobody dies."""

    taken: Counter[tuple[str, str, str]]
    facts: dict[str, Counter[tuple[str, ...]]]


@contextmanager
def staged(kind: str, count: int) -> Iterator[Ground]:
    """Make a ground with the provinces of so many rounds on it."""
    with place(kind) as where:
        mornings.settle(where, days=2 * count)
        with ground(where) as stage:
            mornings.meet(stage.world)
            yield stage


def calm(rounds: Sequence[Round]) -> Calm:
    """Live through the rounds with one worker that nobody kills."""
    with staged("sqlite", len(rounds)) as stage:
        engine, line = stage.place.engine(), line_client(stage.settings)
        for each in rounds:
            stage.world.set_clock(each.at)
            for act in each.acts:
                assert mornings.perform(stage.world, act) == []
            tick(engine, line, at=each.at)
        engine.dispose()
        return Calm(mornings.taken(stage.world), mornings.facts(stage.place))


def killed(kind: str, rounds: Sequence[Round], deaths: Sequence[Deaths], expected: Calm) -> Told:
    """Live through the rounds while processes die as ordered; compare with the calm run."""
    told = Told()
    with staged(kind, len(rounds)) as stage:
        line_client(stage.settings)  # imports the SDK here, once, and not in every process
        with closing(Shared(stage.place.folder)) as shared:
            crew = Crew(stage.place, shared, lambda: line_client(stage.settings))
            for each, ends in zip(rounds, deaths, strict=True):
                _Round(stage, crew, each, ends, told).play()
        told.points += crew.ends
        taken, facts = mornings.taken(stage.world), mornings.facts(stage.place)
    told.lost += (expected.taken - taken).elements()
    told.twice += (taken - expected.taken).elements()
    for name in expected.facts:
        told.wrong += [("missing", name, row) for row in expected.facts[name] - facts[name]]
        told.wrong += [("too many", name, row) for row in facts[name] - expected.facts[name]]
    return told


class _Round:
    def __init__(
        self, stage: Ground, crew: Crew, planned: Round, deaths: Deaths, told: Told
    ) -> None:
        self._stage, self._crew, self._planned = stage, crew, planned
        self._deaths, self._told = deaths, told
        self._unheard: list[str] = []

    def play(self) -> None:
        """Act, die, be taken over, come to an end."""
        crew, deaths, at = self._crew, self._deaths, self._planned.at
        self._set_clock(at)
        if deaths.fault is not None:
            endpoint, kind = deaths.fault
            self._stage.world.act("faults", endpoint=endpoint, kind=kind, ms=SLOW_MS)
        if deaths.web:
            # Before the workers start: it takes threads here, and they must be gone at a fork.
            WEB_DEATHS[deaths.web](self)
            self._told.points[f"the webhook, {deaths.web}"] += 1
        self._man(deaths.first)
        if not deaths.web:
            self._act(self._planned.acts)
        self._work(deaths.first, at=at)

        self._set_clock(at + TAKE_OVER)
        self._let_redeliver()
        self._man(deaths.then)
        self._work(deaths.then, at=at + TAKE_OVER)

        self._set_clock(at + 2 * TAKE_OVER)
        self._man(())
        self._work((), at=at + 2 * TAKE_OVER)
        crew.thaw()
        crew.stop()
        if self._under_way() or self._left(at + 2 * TAKE_OVER):
            self._told.wrong.append(("not ended", deaths.name, crew.log()[-2000:]))

    def _man(self, orders: Sequence[Order]) -> None:
        """Start workers where there are none, and tell them where to end."""
        crew, is_anybodys = self._crew, self._deaths.of_one and len(orders) == 1
        crew.shared.give(ANYBODY, orders[0] if is_anybodys else None)
        for slot in range(SLOTS):
            own = None if is_anybodys or slot >= len(orders) else orders[slot]
            if slot in crew.alive():
                crew.shared.give(slot, own)
            else:
                crew.start(slot, own)

    def _act(self, acts: Sequence[mornings.Act]) -> None:
        for act in acts:
            self._unheard += mornings.perform(self._stage.world, act)

    def _let_redeliver(self) -> None:
        if not self._stage.web.is_alive:
            self._stage.web.start()
        for each in self._unheard:
            again = self._stage.world.act("redeliver", webhookEventId=each)
            if again["delivered"]["status"] != 200:
                self._told.wrong.append(("redelivery refused", self._deaths.name, again))
        self._unheard.clear()

    def _work(self, orders: Sequence[Order], *, at: datetime) -> None:
        """Let the crew work until the ordered ends have come, or nothing is left to do.

        An end that has not come by then comes at rest.
        """
        crew, until = self._crew, time.monotonic() + PATIENCE_SECONDS
        everybody = set(range(SLOTS))
        crew.ring()
        while time.monotonic() < until:
            gone = (everybody - crew.alive()) | crew.frozen()
            if orders and len(gone) >= len(orders):
                break
            # What the dead had under way waits for the end of its lease, in the next act.
            if not self._left(at) and ((gone and orders) or not self._under_way()):
                break
            time.sleep(LOOK_SECONDS)
        missing = len(orders) - len((everybody - crew.alive()) | crew.frozen())
        for slot in sorted(crew.alive() - crew.frozen())[: max(0, missing)]:
            crew.kill(slot)

    def _left(self, at: datetime) -> bool:
        """Whether somebody who lives has work at that instant."""
        stamp = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        zone = "" if self._stage.place.kind == "sqlite" else "+00"
        slot = (at - timedelta(minutes=at.minute % 5, seconds=at.second)).astimezone(UTC)
        rung = slot.replace(tzinfo=None).isoformat(" ")
        ((events, messages, rings),) = self._stage.place.rows(
            "SELECT (SELECT count(*) FROM inbox_event WHERE state = 'waiting'),"
            " (SELECT count(*) FROM outbox_message WHERE state IN ('waiting', 'sending')"
            f" AND next_at <= '{stamp}.000000{zone}'),"
            f" (SELECT count(*) FROM job_ring WHERE rung_at >= '{rung}.000000{zone}'"
            " AND name <> 'bodies_purged')"
        )
        return bool(events or messages or rings < 2)

    def _under_way(self) -> bool:
        sending = "SELECT count(*) FROM outbox_message WHERE state = 'sending'"
        return bool(self._stage.place.rows(sending)[0][0])

    def _set_clock(self, at: datetime) -> None:
        self._stage.world.set_clock(at)
        self._crew.shared.set_clock(at)

    def _kept(self) -> int:
        return int(self._stage.place.rows("SELECT count(*) FROM inbox_event")[0][0])

    def die_before(self) -> None:
        """Kill the webhook while the database lets it keep nothing."""
        acts = self._planned.acts
        with self._stage.place.held(), ThreadPoolExecutor(len(acts)) as people:
            acting = [people.submit(self._act, [act]) for act in acts]
            time.sleep(0.1)
            self._stage.web.kill()
            for each in acting:
                each.result()

    def die_after(self) -> None:
        """Kill the webhook when it has kept the events, while LINE has not heard so."""
        before = self._kept()
        self._stage.world.act("options", webhook_timeout_seconds=0.001)
        self._act(self._planned.acts)
        self._stage.world.act("options", webhook_timeout_seconds=2.0)
        until = time.monotonic() + 2
        while self._kept() < before + len(self._planned.acts) and time.monotonic() < until:
            time.sleep(0.005)
        self._stage.web.kill()

    def die_with_batch(self) -> None:
        """Kill the webhook at the moment when what has piled up is being kept."""
        acts = self._planned.acts
        with ThreadPoolExecutor(len(acts)) as people:
            with self._stage.place.held():
                acting = [people.submit(self._act, [act]) for act in acts]
                time.sleep(0.1)
            time.sleep(random.Random(str(self._planned.at)).uniform(0, 0.03))
            self._stage.web.kill()
            for each in acting:
                each.result()

    def die_between(self) -> None:
        """Kill the webhook when half of the people have been heard."""
        half = len(self._planned.acts) // 2
        self._act(self._planned.acts[:half])
        self._stage.web.kill()
        self._act(self._planned.acts[half:])


WEB_DEATHS: dict[str, Callable[[_Round], None]] = {
    "before": _Round.die_before,
    "after": _Round.die_after,
    "batch": _Round.die_with_batch,
    "between": _Round.die_between,
}
