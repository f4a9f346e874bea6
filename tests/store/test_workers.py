"""Rings of jobs and heartbeats: one of many wins a ring, the dead are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import select

from store import workers
from store.database import Engine, Session, transaction
from store.models import WorkerRow
from tests.factories import NOON

FIVE_MINUTES = timedelta(minutes=5)


def ring(session: Session, at: datetime, job: str = "job") -> bool:
    return workers.ring(session, job, at=at, every=FIVE_MINUTES)


def test_a_ring_by_a_clock_that_went_wrong_silences_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        ring(session, NOON + timedelta(days=365))

        assert ring(session, NOON)
        assert not ring(session, NOON)
        assert workers.last_ring(session, "job") == NOON


def test_a_ring_is_won_once(engine: Engine) -> None:
    with transaction(engine) as session:
        won = [ring(session, NOON) for _ in range(2)]
        another = ring(session, NOON, "another")
        late = ring(session, NOON - FIVE_MINUTES)
        following = ring(session, NOON + FIVE_MINUTES)

        assert (won, another, late, following) == ([True, False], True, False, True)
        assert workers.last_ring(session, "job") == NOON + FIVE_MINUTES
        assert workers.last_ring(session, "never") is None


def test_a_ring_whose_work_came_to_nothing_may_be_won_again(engine: Engine) -> None:
    try:
        with transaction(engine) as session:
            ring(session, NOON)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

    with transaction(engine) as session:
        assert ring(session, NOON)


def test_the_last_to_be_heard_of_counts(engine: Engine) -> None:
    with transaction(engine) as session:
        nobody = workers.last_beat(session)
        workers.beat(session, "a", at=NOON)
        workers.beat(session, "b", at=NOON - FIVE_MINUTES)
        workers.beat(session, "a", at=NOON + FIVE_MINUTES)

        assert nobody is None
        assert workers.last_beat(session) == NOON + FIVE_MINUTES


def test_who_ends_in_order_is_forgotten_at_once_and_the_dead_later(engine: Engine) -> None:
    with transaction(engine) as session:
        for name in ("ended", "dead", "alive"):
            workers.beat(session, name, at=NOON)
        workers.beat(session, "alive", at=NOON + FIVE_MINUTES)

        workers.leave(session, "ended")
        forgotten = workers.forget_dead(session, before=NOON + FIVE_MINUTES)

        assert forgotten == 1
        assert list(session.scalars(select(WorkerRow.name))) == ["alive"]
