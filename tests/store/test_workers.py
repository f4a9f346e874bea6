"""Rings of jobs and heartbeats: one of many wins a ring, the dead are forgotten."""

from datetime import timedelta

from store import workers
from store.database import Engine, transaction
from tests.factories import NOON

FIVE_MINUTES = timedelta(minutes=5)


def test_a_ring_is_won_once(engine: Engine) -> None:
    with transaction(engine) as session:
        won = [workers.ring(session, "job", at=NOON) for _ in range(2)]
        another = workers.ring(session, "another", at=NOON)
        late = workers.ring(session, "job", at=NOON - FIVE_MINUTES)
        following = workers.ring(session, "job", at=NOON + FIVE_MINUTES)

        assert (won, another, late, following) == ([True, False], True, False, True)
        assert workers.last_ring(session, "job") == NOON + FIVE_MINUTES
        assert workers.last_ring(session, "never") is None


def test_a_ring_whose_work_came_to_nothing_may_be_won_again(engine: Engine) -> None:
    try:
        with transaction(engine) as session:
            workers.ring(session, "job", at=NOON)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

    with transaction(engine) as session:
        assert workers.ring(session, "job", at=NOON)


def test_the_last_to_be_heard_of_counts(engine: Engine) -> None:
    with transaction(engine) as session:
        nobody = workers.last_beat(session)
        workers.beat(session, "a", at=NOON)
        workers.beat(session, "b", at=NOON - FIVE_MINUTES)
        workers.beat(session, "a", at=NOON + FIVE_MINUTES)

        assert nobody is None
        assert workers.last_beat(session) == NOON + FIVE_MINUTES
        assert workers.alive_since(session, NOON) == 1
        assert workers.alive_since(session, NOON - FIVE_MINUTES) == 2


def test_who_ends_in_order_is_forgotten_at_once_and_the_dead_later(engine: Engine) -> None:
    with transaction(engine) as session:
        for name in ("ended", "dead", "alive"):
            workers.beat(session, name, at=NOON)
        workers.beat(session, "alive", at=NOON + FIVE_MINUTES)

        workers.leave(session, "ended")
        forgotten = workers.forget_dead(session, before=NOON + FIVE_MINUTES)

        assert forgotten == 1
        assert workers.alive_since(session, NOON) == 1
