"""What `/metrics` tells, in Prometheus' text format: the tables' figures, the spool's, our own.

The tables are the truth across processes and restarts, so what they hold is counted nowhere else.
What they cannot tell (calls refused, seconds to an answer, memory) the web process that is asked
tells of itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.clock import bangkok_date, month_start
from bot.spool import Spool
from store import figures, outbox, workers
from store.database import Engine, Session, transaction

QUANTILES = (0.5, 0.95, 0.99)


def exposition(engine: Engine, spool: Spool, *, now: datetime) -> bytes:
    """Return all figures as of an instant.

    Raises:
        DatabaseError: when the database is away; `of_process` works all the same.
    """
    registry = CollectorRegistry()
    with transaction(engine) as session:
        registry.register(_Facts(session, now))
        facts = generate_latest(registry)
    return facts + of_process(spool)


def of_process(spool: Spool) -> bytes:
    """Return what this web process knows without a database; no spool that cannot be read."""
    registry = CollectorRegistry()
    with suppress(OSError):
        size = spool.size()
        files = GaugeMetricFamily("ita_spool_files", "Files in the spool.", size.waiting)
        registry.register(_Given(files))
        registry.register(
            _Given(GaugeMetricFamily("ita_spool_bytes", "What they take.", size.bytes))
        )
    return generate_latest(registry) + generate_latest(REGISTRY)


@dataclass(frozen=True, slots=True, eq=False)
class _Given(Collector):
    metric: Metric

    def collect(self) -> Iterator[Metric]:
        """Yield the one figure."""
        yield self.metric


@dataclass(frozen=True, slots=True, eq=False)
class _Facts(Collector):
    session: Session
    now: datetime

    def collect(self) -> Iterator[Metric]:
        """Yield every family of figures."""
        yield from _events(self.session, self.now)
        yield from _messages(self.session, self.now)
        yield from _watch(self.session, self.now)
        yield from _latencies(self.session)


def _events(session: Session, now: datetime) -> Iterator[Metric]:
    events = GaugeMetricFamily("ita_events", "Webhook events kept, by state.", labels=["state"])
    for state, count in sorted(figures.events_by_state(session).items()):
        events.add_metric([state], count)
    yield events
    yield GaugeMetricFamily(
        "ita_oldest_waiting_event_seconds",
        "Age of the oldest event that waits to be worked; 0 where none does.",
        value=_age(figures.oldest_waiting_event(session), now),
    )


def _messages(session: Session, now: datetime) -> Iterator[Metric]:
    messages = GaugeMetricFamily(
        "ita_messages",
        "Messages by topic, state and what became of them.",
        labels=["topic", "state", "outcome"],
    )
    for each in figures.messages_by_outcome(session):
        messages.add_metric([each.topic, each.state, each.outcome], each.count)
    yield messages
    yield GaugeMetricFamily(
        "ita_oldest_due_message_seconds",
        "For how long a message could have been sent; 0 where none is due.",
        value=_age(figures.oldest_due_message(session, at=now), now),
    )
    yield CounterMetricFamily(
        "ita_billed_messages", "Messages that LINE bills.", value=figures.billed_messages(session)
    )
    yield GaugeMetricFamily(
        "ita_billed_messages_this_month",
        "Messages that LINE bills in this month (Bangkok time).",
        value=figures.billed_messages(session, since=month_start(now)),
    )
    stopped = GaugeMetricFamily(
        "ita_sending_stopped", "1 where sending stands still.", labels=["reason"]
    )
    for reason in sorted(outbox.stops(session, at=now)):
        stopped.add_metric([reason], 1)
    yield stopped


def _watch(session: Session, now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "ita_watch_differences",
        "Reminders planned for an earlier day of which nothing has become yet.",
        value=figures.notices_left(session, before=bangkok_date(now)),
    )
    yield GaugeMetricFamily(
        "ita_last_heartbeat_seconds",
        "Age of the newest heartbeat of a worker; 0 where none has started.",
        value=_age(workers.last_beat(session), now),
    )


def _latencies(session: Session) -> Iterator[Metric]:
    for name, what, seconds in (
        ("ita_event_wait_seconds", "From webhook to worked", figures.event_waits(session)),
        ("ita_answer_wait_seconds", "From worked to LINE's yes", figures.answer_waits(session)),
    ):
        family = GaugeMetricFamily(
            name, f"{what}, of the last {figures.RECENT}.", labels=["quantile"]
        )
        for quantile in QUANTILES if seconds else ():
            family.add_metric([str(quantile)], _quantile(seconds, quantile))
        yield family


def _quantile(values: Sequence[float], quantile: float) -> float:
    return sorted(values)[min(len(values) - 1, int(quantile * len(values)))]


def _age(instant: datetime | None, now: datetime) -> float:
    return 0.0 if instant is None else max(0.0, (now - instant).total_seconds())
