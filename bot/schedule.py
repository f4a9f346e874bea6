"""APScheduler as a bell: what it rings, when, and nothing that it would have to remember.

What is due stands in our tables under unique keys, so a ring that is missed or doubled does no
harm; the job store is memory only.  Every worker has a bell: which of them rings a job is decided
by a unique row.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot import inbox
from bot.clock import BANGKOK, Clock, bangkok_date, system_clock
from handlers import digests, reminders
from handlers.holiday_calendar import working_calendar
from store import workers
from store.database import DatabaseError, Engine, Session, transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to look after regularly, at the whole multiples of `every` since 1970.

    `work` is done in one transaction with the ring itself; it returns how many things it did.
    """

    name: str
    every: timedelta
    work: Callable[[Session, datetime], int]


def _plan_reminders(session: Session, now: datetime) -> int:
    return reminders.plan_reminders(session, now=now, calendar=working_calendar(bangkok_date(now)))


def _plan_digests(session: Session, now: datetime) -> int:
    return digests.plan_digests(session, now=now, calendar=working_calendar(bangkok_date(now)))


def _purge(session: Session, now: datetime) -> int:
    workers.forget_dead(session, before=now - timedelta(days=1))
    return inbox.purge(session, now=now)


JOBS = (
    Job(reminders.PLANNING, timedelta(minutes=5), _plan_reminders),
    Job("digests_queued", timedelta(minutes=5), _plan_digests),
    Job("bodies_purged", timedelta(hours=1), _purge),
)
BEAT_SECONDS = 10
"""How often a worker says that it is alive."""


def start_bell(
    engine: Engine, clock: Clock, ring: Callable[[], None], *, worker: str
) -> BackgroundScheduler:
    """Start the scheduler's thread; `ring` wakes the senders after each job.

    `worker` is the name under which the process says that it is alive.
    """
    scheduler = BackgroundScheduler(timezone=BANGKOK)
    for job in JOBS:
        _add(scheduler, job.every.total_seconds(), run_job, job, engine, clock, ring)
    _add(scheduler, BEAT_SECONDS, _beat, engine, clock, worker)
    scheduler.start()
    return scheduler


def run_job(job: Job, engine: Engine, clock: Clock, ring: Callable[[], None]) -> None:
    """Do what a job has due, unless another worker has for the same ring; `ring` wakes senders."""
    now = clock()
    try:
        with transaction(engine) as session:
            # Of many workers one wins; the others wait for its work and then find it done.
            done = (
                job.work(session, now) if workers.ring(session, job.name, at=_slot(job, now)) else 0
            )
    except DatabaseError:
        # The next ring finds the same rows due.
        log.exception("job failed", extra={"action": "job_failed", "job": job.name})
        return
    if done:
        log.info("job done", extra={"action": job.name, "count": done})
        ring()


def _add(
    scheduler: BackgroundScheduler, seconds: float, work: Callable[..., None], *args: object
) -> None:
    scheduler.add_job(
        work,
        "interval",
        seconds=seconds,
        args=args,
        # By the real time, which APScheduler goes by, whatever the bot's own clock says.
        next_run_time=system_clock(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )


def _slot(job: Job, now: datetime) -> datetime:
    return now - (now - EPOCH) % job.every


def _beat(engine: Engine, clock: Clock, worker: str) -> None:
    try:
        with transaction(engine) as session:
            workers.beat(session, worker, at=clock())
    except DatabaseError:
        log.warning("no heartbeat", extra={"action": "heartbeat_failed"})
