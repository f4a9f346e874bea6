"""APScheduler as a bell: what it rings, when, and nothing that it would have to remember.

What is due stands in our tables under unique keys, so a ring that is missed or doubled does no
harm; the job store is memory only.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot import inbox
from bot.clock import BANGKOK, Clock, bangkok_date, system_clock
from handlers import digests, reminders
from handlers.holiday_calendar import working_calendar
from store.database import DatabaseError, Engine, transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to look after regularly; `work` returns how many things it did."""

    name: str
    every: timedelta
    work: Callable[[Engine, datetime], int]


def _plan_reminders(engine: Engine, now: datetime) -> int:
    with transaction(engine) as session:
        return reminders.plan_reminders(
            session, now=now, calendar=working_calendar(bangkok_date(now))
        )


def _plan_digests(engine: Engine, now: datetime) -> int:
    with transaction(engine) as session:
        return digests.plan_digests(session, now=now, calendar=working_calendar(bangkok_date(now)))


def _purge(engine: Engine, now: datetime) -> int:
    return inbox.purge(engine, now=now)


JOBS = (
    Job("reminders_planned", timedelta(minutes=5), _plan_reminders),
    Job("digests_queued", timedelta(minutes=5), _plan_digests),
    Job("bodies_purged", timedelta(hours=1), _purge),
)


def start_bell(engine: Engine, clock: Clock, ring: Callable[[], None]) -> BackgroundScheduler:
    """Start the scheduler's thread; `ring` wakes the senders after each job."""
    scheduler = BackgroundScheduler(timezone=BANGKOK)
    for job in JOBS:
        scheduler.add_job(
            _run,
            "interval",
            seconds=job.every.total_seconds(),
            args=[job, engine, clock, ring],
            id=job.name,
            # By the real time, which APScheduler goes by, whatever the bot's own clock says.
            next_run_time=system_clock(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler


def _run(job: Job, engine: Engine, clock: Clock, ring: Callable[[], None]) -> None:
    try:
        done = job.work(engine, clock())
    except DatabaseError:
        # The next ring finds the same rows due.
        log.exception("job failed", extra={"action": "job_failed", "job": job.name})
        return
    if done:
        log.info("job done", extra={"action": job.name, "count": done})
        ring()
