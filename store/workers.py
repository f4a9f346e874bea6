"""Queries: who works, and which of many workers rings a job."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import JobRing, WorkerRow


def ring(session: Session, job: str, *, at: datetime, every: timedelta) -> bool:
    """Ring a job for that instant; False when it was rung for it, or for a later one, before.

    One rung for later than the next ring was rung by a clock that went wrong, and does not count.

    The row is written in the transaction of the job's own work: a second worker that rings waits
    for the first, and wins only where the first one's work came to nothing.
    """
    rung = session.scalar(
        insert_new(session, JobRing)
        .values(name=job, rung_at=at)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"rung_at": at},
            where=or_(JobRing.rung_at < at, JobRing.rung_at > at + every),
        )
        .returning(JobRing.id)
    )
    return rung is not None


def last_ring(session: Session, job: str) -> datetime | None:
    """Return the instant that a job was last rung for, None when it never was."""
    return session.scalar(select(JobRing.rung_at).where(JobRing.name == job))


def beat(session: Session, name: str, *, at: datetime) -> None:
    """Say that a worker is alive at that instant."""
    session.execute(
        insert_new(session, WorkerRow)
        .values(name=name, started_at=at, beat_at=at)
        .on_conflict_do_update(index_elements=["name"], set_={"beat_at": at})
    )


def leave(session: Session, name: str) -> None:
    """Say that a worker has ended in order."""
    session.execute(delete(WorkerRow).where(WorkerRow.name == name))


def forget_dead(session: Session, *, before: datetime) -> int:
    """Forget workers that were last heard of before that instant; return how many."""
    gone = session.execute(
        delete(WorkerRow).where(WorkerRow.beat_at < before).returning(WorkerRow.id)
    )
    return len(gone.all())


def last_beat(session: Session) -> datetime | None:
    """Return when a worker was last heard of; None when none has started, or all ended in order."""
    return session.scalar(select(func.max(WorkerRow.beat_at)))
