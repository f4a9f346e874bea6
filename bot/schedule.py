"""APScheduler as a bell: what it rings, when, and nothing that it would have to remember.

What is due stands in our tables under unique keys, so a ring that is missed or doubled does no
harm; the job store is memory only.  Every worker has a bell: which of them rings a job is decided
by a unique row.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.executors.base import run_job as run_in_apscheduler
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import inbox
from bot.clock import BANGKOK, Clock, bangkok_date, system_clock
from bot.desk import NO_DESK
from bot.file_store import FileStore
from handlers import approval, digests, joining, registration, reminders
from handlers.holiday_calendar import working_calendar
from store import evidence, files, workers
from store.database import DatabaseError, Engine, Session, is_contended, transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to look after regularly, at the whole multiples of `every`, an hour at most.

    `work` is done in one transaction with the ring itself; it returns how many things it did.
    """

    name: str
    every: timedelta
    work: Callable[[Session, datetime, FileStore], int]


def _plan_reminders(session: Session, now: datetime, _: FileStore) -> int:
    calendar = working_calendar(bangkok_date(now))
    planned = reminders.plan_reminders(session, now=now, calendar=calendar)
    return planned + approval.remind(session, now=now, calendar=calendar)


def _plan_digests(session: Session, now: datetime, _: FileStore) -> int:
    return digests.plan_digests(session, now=now, calendar=working_calendar(bangkok_date(now)))


def _purge(session: Session, now: datetime, _: FileStore) -> int:
    workers.forget_dead(session, before=now - timedelta(days=1))
    registration.forget(session, now=now)
    joining.forget(session, now=now)
    evidence.stop_waiting(session, before=now - timedelta(days=1))
    return inbox.purge(session, now=now)


def _sweep(session: Session, now: datetime, store: FileStore) -> int:
    """Remove the files that nobody may fetch any more, and those that no row knows."""
    old = store.old_names(now=now)
    over = files.forget_downloads(session, at=now)
    gone = set(over) | (set(old) - files.known(session, old))
    for name in gone:
        store.remove(name)
    return len(gone)


JOBS = (
    Job(reminders.PLANNING, reminders.PLANNED_EVERY, _plan_reminders),
    Job("digests_queued", timedelta(minutes=5), _plan_digests),
    Job("bodies_purged", timedelta(hours=1), _purge),
    Job("files_swept", timedelta(hours=1), _sweep),
)
BEAT_EVERY = timedelta(seconds=10)
"""How often a worker says that it is alive."""


class _Daemons(BaseExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """A thread for each run; APScheduler's own pool keeps a process from ending while one waits."""

    def __init__(self) -> None:
        super().__init__()
        self._running: set[threading.Thread] = set()

    def shutdown(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - APScheduler's own
        """Let the runs in hand end."""
        for each in [*self._running] if wait else []:
            each.join()

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        run = threading.Thread(target=self._work, args=(job, run_times), name="job", daemon=True)
        self._running.add(run)
        run.start()

    def _work(self, job: Any, run_times: Any) -> None:
        events = run_in_apscheduler(job, job._jobstore_alias, run_times, log.name)
        self._run_job_success(job.id, events)
        self._running.discard(threading.current_thread())


def start_bell(
    engine: Engine,
    clock: Clock,
    ring: Callable[[], None],
    *,
    worker: str,
    store: FileStore = NO_DESK.files,
) -> BackgroundScheduler:
    """Start the scheduler's thread; `ring` wakes the senders after each job.

    `worker` is the name under which the process says that it is alive, `store` the folder that is
    swept.
    """
    scheduler = BackgroundScheduler(timezone=BANGKOK, executors={"default": _Daemons()})
    for job in JOBS:
        _add(scheduler, job.every, run_job, job, engine, clock, ring, store)
    _add(scheduler, BEAT_EVERY, _beat, engine, clock, worker)
    scheduler.start()
    return scheduler


def run_job(
    job: Job,
    engine: Engine,
    clock: Clock,
    ring: Callable[[], None],
    store: FileStore,
) -> None:
    """Do what a job has due, unless another worker has for the same ring; `ring` wakes senders."""
    now = clock()
    try:
        with transaction(engine) as session:
            # Of many workers one wins; the others wait for its work and then find it done.
            wins = workers.ring(session, job.name, at=_slot(job, now), every=job.every)
            done = job.work(session, now, store) if wins else 0
    except Exception as error:
        if isinstance(error, DatabaseError) and is_contended(error):
            return  # another worker is still at it
        # The next ring finds the same rows due.
        log.exception("job failed", extra={"action": "job_failed", "job": job.name})
        return
    if done:
        log.info("job done", extra={"action": job.name, "count": done})
        ring()


def _add(
    scheduler: BackgroundScheduler, every: timedelta, work: Callable[..., None], *args: object
) -> None:
    scheduler.add_job(
        work,
        _at_whole_multiples(every),
        args=args,
        # At once: by the real time, which APScheduler goes by, whatever the bot's own clock says.
        next_run_time=system_clock(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )


def _at_whole_multiples(every: timedelta) -> CronTrigger:
    minutes, seconds = divmod(int(every.total_seconds()), 60)
    if minutes == 0:
        return CronTrigger(second=f"*/{seconds}", timezone=BANGKOK)
    return CronTrigger(minute="0" if minutes == 60 else f"*/{minutes}", timezone=BANGKOK)


def _slot(job: Job, now: datetime) -> datetime:
    return now - (now - EPOCH) % job.every


def _beat(engine: Engine, clock: Clock, worker: str) -> None:
    try:
        with transaction(engine) as session:
            workers.beat(session, worker, at=clock())
    except Exception as error:
        log.warning(
            "no heartbeat", extra={"action": "heartbeat_failed", "error": type(error).__name__}
        )
