"""The outbox: each message once by its key, replies before pushes, stops that hold and lift."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from store import inbox, outbox, people
from store.database import Engine, Session, transaction
from store.models import OutboxMessage, QueueState, Topic
from store.outbox import Accepted, DueRow, Message, Try
from tests.conftest import EMPTY
from tests.databases import PostgresqlDatabases, SqliteFiles
from tests.factories import NOON


def add(session: Session, key: str, **changes: Any) -> bool:
    values: dict[str, Any] = {"topic": Topic.ANSWER, "line_to": "U1", "parts": [], "at": NOON}
    values["chat_key"] = key  # of different chats, where a test does not say otherwise
    return outbox.add_message(session, key=key, **values | changes)


def due(session: Session, at: datetime = NOON, **options: bool) -> Message:
    return next_due(session, at, **options)[0].read()


def next_due(session: Session, at: datetime = NOON, *, pushes: bool = True) -> list[DueRow]:
    return outbox.next_due(session, at=at, replies=9, pushes=9 if pushes else 0)


def begin(session: Session, at: datetime = NOON, parts: Sequence[Any] = ()) -> Try:
    (begun,) = outbox.begin_tries(
        session, [(due(session, at), parts)], at=at, leased_until=at + timedelta(seconds=15)
    )
    session.expire_all()
    return begun


def finish(session: Session, ended: Try, at: datetime = NOON) -> bool:
    accepted = Accepted(ended, "sent", "r1", ["m1"])
    closed = outbox.finish_accepted(session, [accepted], at=at)
    session.expire_all()
    return closed == {ended}


def row(session: Session) -> OutboxMessage:
    return session.execute(select(OutboxMessage)).scalar_one()


def test_a_key_is_queued_once_for_ever(engine: Engine) -> None:
    with transaction(engine) as session:
        first, again = add(session, "k"), add(session, "k")
        finish(session, begin(session))

        assert (first, again, add(session, "k")) == (True, False, False)


def test_what_many_are_told_is_queued_once_for_each(engine: Engine) -> None:
    with transaction(engine) as session:
        to = [(people.keep_person(session, each, at=NOON), each) for each in ("U1", "U2", "U3")]

        counts = [
            outbox.add_messages(session, whom, key="k", topic=Topic.CORRECTION, at=NOON)
            for whom in (to[:2], to, [])
        ]

        assert counts == [2, 1, 0]
        assert [due.read().line_to for due in next_due(session)] == ["U1", "U2", "U3"]


def test_a_retry_key_is_a_uuid_made_of_the_key_beforehand(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "a")
        add(session, "b")

        keys = list(session.scalars(select(OutboxMessage.retry_key)))

    assert [str(uuid.UUID(each)) for each in keys] == keys
    assert len(set(keys)) == 2


def test_replies_go_before_pushes_and_the_oldest_first(engine: Engine) -> None:
    with transaction(engine) as session:
        for key, token, minutes in (("a", None, 0), ("b", "t1", 2), ("c", "t2", 1)):
            add(session, key, reply_token=token, next_at=NOON + timedelta(minutes=minutes))
        later = NOON + timedelta(hours=1)

        order = []
        for found in next_due(session, later):
            order.append(found.read().reply_token)

    assert order == ["t2", "t1", None]


def test_without_an_allowance_only_replies_go(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "push")

        assert next_due(session, pushes=False) == []
        add(session, "reply", reply_token="t")
        assert due(session, pushes=False).reply_token == "t"


def test_a_message_waits_for_its_hour(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k", next_at=NOON + timedelta(hours=1))
        too_early = next_due(session)

        message = due(session, NOON + timedelta(hours=1))
        outbox.wait(session, message.outbox_id, until=NOON + timedelta(hours=2))

        assert too_early == []
        assert next_due(session, NOON + timedelta(hours=1)) == []
        assert due(session, NOON + timedelta(hours=2)).attempts == 0


def test_a_try_is_marked_before_anything_leaves(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k", parts=None)

        begin(session, parts=[{"part": "text"}])

        assert next_due(session) == []
        assert (row(session).state, row(session).attempts) == ("sending", 1)
        assert row(session).may_have_arrived is True
        assert row(session).parts == [{"part": "text"}]


@pytest.mark.parametrize(
    ("may_have_arrived", "first_try_at"),
    [
        pytest.param(True, NOON, id="it may have arrived"),
        pytest.param(False, NOON + timedelta(minutes=1), id="it certainly did not arrive"),
    ],
)
def test_the_retry_keys_time_runs_from_the_first_try_that_may_have_arrived(
    engine: Engine,
    may_have_arrived: bool,  # noqa: FBT001
    first_try_at: datetime,
) -> None:
    with transaction(engine) as session:
        add(session, "k")
        first = begin(session)
        outbox.put_off(session, first, "later", until=NOON, may_have_arrived=may_have_arrived)

        begin(session, NOON + timedelta(minutes=1))

        session.expire_all()
        assert row(session).first_try_at == first_try_at
        assert row(session).attempts == 2


@pytest.mark.parametrize(
    ("state", "kept"), [(QueueState.PARKED, ["words"]), (QueueState.DONE, None)]
)
def test_only_a_parked_message_keeps_what_it_was_to_say(
    engine: Engine, state: QueueState, kept: list[str] | None
) -> None:
    with transaction(engine) as session:
        add(session, "k", parts=["words"])

        outbox.close(session, due(session).outbox_id, state, "why", at=NOON)

        session.expire_all()
        assert row(session).parts == kept


@pytest.mark.parametrize("may_have_arrived", [True, False])
def test_what_is_put_off_says_whether_it_may_have_arrived(
    engine: Engine,
    may_have_arrived: bool,  # noqa: FBT001
) -> None:
    with transaction(engine) as session:
        add(session, "k")
        tried, later = begin(session), NOON + timedelta(minutes=1)

        outbox.put_off(session, tried, "uncertain", until=later, may_have_arrived=may_have_arrived)

        assert next_due(session) == []
        assert due(session, later).may_have_arrived is may_have_arrived


def test_a_reply_may_go_on_as_a_push(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k", reply_token="t")
        tried = begin(session)

        outbox.turn_into_push(session, tried, at=NOON)

        message = due(session)
        assert (message.reply_token, message.line_to) == (None, "U1")
        assert message.may_have_arrived is False


def test_a_finished_message_keeps_why_and_what_line_called_it(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k")

        finish(session, begin(session))

        session.expire_all()
        done = row(session)
        assert (done.state, done.outcome, done.finished_at) == ("done", "sent", NOON)
        assert (done.line_request_id, done.sent_message_ids) == ("r1", ["m1"])
        assert next_due(session) == []


def test_what_a_dead_process_was_sending_is_given_back(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k")
        begin(session)

        released = outbox.release_tries(session, at=NOON)

        assert released == 1
        assert due(session).may_have_arrived is True
        assert outbox.release_tries(session, at=NOON) == 0


def test_a_try_whose_lease_has_run_out_is_anybodys_again(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k")
        begin(session)
        end = NOON + timedelta(seconds=15)

        before, after = next_due(session, end - timedelta(microseconds=1)), next_due(session, end)

        assert before == []
        assert [each.outbox_id for each in after] == [row(session).id]
        assert due(session, end).may_have_arrived is True


@pytest.mark.parametrize("late", ["finish", "park", "put_off", "turn_into_push"])
def test_an_outcome_that_comes_after_the_lease_changes_nothing(engine: Engine, late: str) -> None:
    with transaction(engine) as session:
        add(session, "k", reply_token="t")
        first = begin(session)
        second = begin(session, NOON + timedelta(seconds=15))
        end: dict[str, Callable[[Try], bool]] = {
            "finish": lambda t: finish(session, t),
            "park": lambda t: outbox.park(session, t, "refused", at=NOON),
            "put_off": lambda t: outbox.put_off(
                session, t, "why", until=NOON, may_have_arrived=False
            ),
            "turn_into_push": lambda t: outbox.turn_into_push(session, t, at=NOON),
        }

        of_the_first = end[late](first)
        untouched = (row(session).state, row(session).reply_token)
        of_the_second, again = end[late](second), end[late](second)

        assert (of_the_first, of_the_second, again) == (False, True, False)
        assert untouched == ("sending", "t")


def test_of_one_chat_only_the_oldest_of_a_kind_is_handed_out(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "r1", reply_token="t1", chat_key="C1")
        add(session, "r2", reply_token="t2", chat_key="C1")
        add(session, "of another chat", reply_token="t3", chat_key="C2")
        add(session, "p1", chat_key="C1")
        add(session, "p2", chat_key="C1")

        first = [each.read().reply_token for each in next_due(session)]
        on_its_way = begin(session)
        meanwhile = [each.read().reply_token for each in next_due(session)]
        finish(session, on_its_way)
        then = [each.read().reply_token for each in next_due(session)]

        assert first == ["t1", "t3", None]
        assert meanwhile == ["t3", None]
        assert then == ["t2", "t3", None]


def test_what_was_put_off_holds_up_nobody_in_its_chat(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "r1", reply_token="t1", chat_key="C1")
        add(session, "r2", reply_token="t2", chat_key="C1")
        later = NOON + timedelta(minutes=1)
        outbox.put_off(session, begin(session), "uncertain", until=later, may_have_arrived=True)

        assert due(session).reply_token == "t2"


def test_who_lives_keeps_a_lease(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k")
        first = begin(session)
        end = NOON + timedelta(seconds=15)

        outbox.renew_leases(session, [first], until=end + timedelta(seconds=15))

        session.expire_all()
        assert next_due(session, end) == []
        assert len(next_due(session, end + timedelta(seconds=15))) == 1


def test_a_lease_that_somebody_has_taken_over_is_not_renewed(engine: Engine) -> None:
    with transaction(engine) as session:
        add(session, "k")
        first = begin(session)
        begin(session, NOON + timedelta(seconds=15))

        outbox.renew_leases(session, [first], until=NOON + timedelta(hours=1))

        session.expire_all()
        assert row(session).next_at == NOON + timedelta(seconds=30)


def test_what_is_done_long_ago_is_not_looked_through_for_what_is_due(sqlite: SqliteFiles) -> None:
    engine = sqlite.fresh(EMPTY)
    asked: list[tuple[str, Any]] = []

    def note(*each: Any) -> None:
        asked.append((each[2], each[3]))

    event.listen(engine, "before_cursor_execute", note)

    with transaction(engine) as session:
        next_due(session)
        inbox.take_next(session, at=NOON)
        event.remove(engine, "before_cursor_execute", note)
        queries = [each for each in asked if each[0].startswith("SELECT")]
        plans = [
            [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {q}", p)]
            for q, p in queries
        ]

    searches = [line for plan in plans for line in plan if "SEARCH" in line or "SCAN" in line]
    assert len(searches) == 6
    assert all("_next" in line or "_of_chat" in line for line in searches)


def test_whether_a_message_is_the_first_of_its_chat_is_asked_of_that_chat_alone(
    postgresql: PostgresqlDatabases,
) -> None:
    engine = postgresql.fresh(EMPTY)
    asked: list[tuple[str, Any]] = []

    with transaction(engine) as session:
        for number in range(300):
            add(session, f"p{number}", line_to=f"U{number}")
        event.listen(engine, "before_cursor_execute", lambda *all_: asked.append(all_[2:4]))
        next_due(session)

        statement, given = next(each for each in asked if "reply_token IS NULL" in each[0])
        plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}", given).scalars().all()

    # The table is new and nobody has counted its rows: so it is on the morning of a first batch.
    assert any("ix_outbox_message_of_chat" in line for line in plan)
    assert sum("ix_outbox_message_next" in line for line in plan) == 1


def test_a_claim_takes_so_many_of_each_kind(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(4):
            add(session, f"p{number}")
            add(session, f"r{number}", reply_token=f"t{number}")

        taken = outbox.next_due(session, at=NOON, replies=3, pushes=1)

        tokens = [each.read().reply_token for each in taken]
        assert tokens == ["t0", "t1", "t2", None]
        assert len(outbox.next_due(session, at=NOON, replies=0, pushes=9)) == 4


def test_a_stop_holds_until_its_instant_or_until_lifted(engine: Engine) -> None:
    with transaction(engine) as session:
        end = NOON + timedelta(days=1)
        outbox.stop_sending(session, "month", until=end)
        outbox.stop_sending(session, "token", until=None)
        outbox.stop_sending(session, "token", until=None)

        before = outbox.stops(session, at=NOON)
        at_the_end = outbox.stops(session, at=end)
        outbox.resume(session, "token")

        assert before == {"month", "token"}
        assert at_the_end == {"token"}
        assert outbox.stops(session, at=end) == set()


def test_a_person_gets_one_reminder_a_day(engine: Engine) -> None:
    with transaction(engine) as session:
        person = people.keep_person(session, "U1", at=NOON)
        to, day = [(person, "U1")], NOON.date()

        had_theirs = [
            outbox.add_reminders(session, to, day=each, at=NOON)
            for each in (day, day, day + timedelta(days=1))
        ]

        assert had_theirs == [[], to, []]
        assert session.scalar(select(func.count(OutboxMessage.id))) == 2
