"""The inbox loop: order, one transaction per event, bad events stepping aside, forgetting."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import event, select

from bot import inbox as loop
from bot.clock import read_instant
from handlers.turn import TextSaid
from store import inbox, people
from store.database import Engine, open_database, transaction
from store.inbox import NewEvent
from store.models import Duty, InboxEvent, QueueState, Report
from store.types import DutyState
from tests.bot.queue_rows import GROUP, USER, events, execute, keep, keep_events, messages, said
from tests.conftest import EMPTY
from tests.databases import PostgresqlDatabases
from tests.fakes import FakeLine
from tests.stage import Stage, user_id

NOW = read_instant("2024-01-31T09:00")
SECOND = timedelta(seconds=1)
AGENCY = "เทศบาลนครเชียงใหม่"
OTHER = {"source": {"type": "user", "userId": "U" + "2" * 32}}


def work(engine: Engine, at: Any = NOW) -> int:
    done = 0
    while loop.answer_next(engine, FakeLine(), now=at):
        done += 1
    return done


def broken(key: str) -> NewEvent:
    return NewEvent(key, USER, "message", NOW - 10 * SECOND, NOW, "no JSON")


def purge(engine: Engine, now: datetime) -> int:
    with transaction(engine) as session:
        return loop.purge(session, now=now)


def keep_broken(engine: Engine, key: str = "bad") -> None:
    with transaction(engine) as session:
        keep_events(session, [broken(key)])


def row(engine: Engine, event_id: str) -> InboxEvent:
    (found,) = (each for each in events(engine) if each.webhook_event_id == event_id)
    return found


def answered(engine: Engine) -> list[str]:
    return [each.key for each in messages(engine)]


@pytest.mark.parametrize("arrival", list(permutations((0, 1, 2))))
def test_events_are_worked_by_timestamp_however_they_came_in(
    engine: Engine, arrival: tuple[int, ...]
) -> None:
    for number in arrival:
        keep(engine, said(f"e{number}", "ช่วยเหลือ", NOW + number * SECOND), at=NOW)

    work(engine)

    assert answered(engine) == ["event:e0", "event:e1", "event:e2"]


def test_the_last_word_of_a_chat_counts_even_when_it_came_in_first(stage: Stage) -> None:
    stage.officer("a", AGENCY)
    source = {"type": "user", "userId": user_id("a")}
    keep(
        stage.engine,
        said("later", "เสร็จ 3", stage.now + 9 * SECOND, source=source),
        said("earlier", "กำลังทำ 3", stage.now + 8 * SECOND, source=source),
        at=stage.now,
    )

    work(stage.engine, stage.now)

    assert [each.state for each in reports(stage.engine)] == [DutyState.DOING, DutyState.DONE]


def reports(engine: Engine) -> list[Report]:
    with transaction(engine) as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def done_duties(engine: Engine) -> int:
    with transaction(engine) as session:
        return len(session.scalars(select(Duty.id).where(Duty.state == DutyState.DONE)).all())


def test_an_answer_is_queued_once_with_its_token_and_receiver(engine: Engine) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)

    assert work(engine) == 1
    assert work(engine) == 0

    (queued,) = messages(engine)
    assert (queued.reply_token, queued.line_to) == ("token-e1", USER)
    assert row(engine, "e1").state == QueueState.DONE


def test_an_answer_in_a_group_names_no_receiver_for_a_push(engine: Engine) -> None:
    source = {"type": "group", "groupId": GROUP, "userId": USER}
    keep(engine, said("e1", "ช่วยเหลือ", NOW, source=source), at=NOW)

    work(engine)

    assert [each.line_to for each in messages(engine)] == [""]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"replyToken": ""}, id="no token"),
        pytest.param({"mode": "standby"}, id="another bot has the floor"),
    ],
)
def test_where_no_reply_is_possible_none_is_queued(engine: Engine, changes: dict[str, Any]) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW, **changes), at=NOW)

    assert work(engine) == 1
    assert messages(engine) == []


def test_a_bad_event_does_not_hold_up_those_behind_it(engine: Engine) -> None:
    keep_broken(engine)
    keep(engine, said("good", "ช่วยเหลือ", NOW), at=NOW)

    work(engine)

    assert answered(engine) == ["event:good"]
    assert row(engine, "bad").state == QueueState.WAITING


def test_a_bad_event_is_tried_again_after_half_a_minute(engine: Engine) -> None:
    keep_broken(engine)
    work(engine)

    too_early = work(engine, NOW + 29 * SECOND)
    in_time = work(engine, NOW + 30 * SECOND)

    assert (too_early, in_time) == (0, 1)
    assert row(engine, "bad").attempts == 2


def test_a_bad_event_is_parked_after_five_tries(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    keep_broken(engine)
    now, tries = NOW, 0

    while row(engine, "bad").state == QueueState.WAITING and tries < 9:
        tries += work(engine, now)
        now += timedelta(minutes=10)

    assert tries == 5
    assert row(engine, "bad").state == QueueState.PARKED
    assert work(engine, now + timedelta(days=1)) == 0
    actions = [each.__dict__["action"] for each in caplog.records]
    assert actions == ["event_failed"] * 4 + ["alarm_event_parked"]


def test_an_event_that_failed_is_answered_once_the_trouble_is_over(engine: Engine) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
    execute(engine, "ALTER TABLE person RENAME TO away")
    work(engine)
    execute(engine, "ALTER TABLE away RENAME TO person")

    work(engine, NOW + 31 * SECOND)

    assert answered(engine) == ["event:e1"]


def test_a_report_and_its_answer_come_about_together_or_not_at_all(stage: Stage) -> None:
    stage.officer("a", AGENCY)
    execute(stage.engine, "ALTER TABLE outbox_message RENAME TO away")
    source = {"type": "user", "userId": user_id("a")}
    keep(stage.engine, said("e9", "เสร็จ 3", stage.now, source=source), at=stage.now)

    work(stage.engine, stage.now)
    without_outbox = done_duties(stage.engine)
    execute(stage.engine, "ALTER TABLE away RENAME TO outbox_message")
    work(stage.engine, stage.now + 31 * SECOND)

    assert without_outbox == 0
    assert done_duties(stage.engine) == 1
    assert len(reports(stage.engine)) == 1
    assert answered(stage.engine).count("event:e9") == 1


def test_when_nothing_can_be_read_the_loop_is_told(engine: Engine) -> None:
    execute(engine, "DROP TABLE inbox_event")

    with pytest.raises(Exception, match="inbox_event"):
        loop.answer_next(engine, FakeLine(), now=NOW)


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        pytest.param({}, True, id="a command in 1:1"),
        pytest.param(
            {"source": {"type": "group", "groupId": GROUP, "userId": USER}},
            True,
            id="a command in a group",
        ),
        pytest.param(
            {
                "source": {"type": "group", "groupId": GROUP, "userId": USER},
                "message": {"type": "text", "text": "กินข้าวกันไหม"},
            },
            False,
            id="chatter in a group",
        ),
        pytest.param(
            {"message": {"type": "text", "text": "กินข้าวกันไหม"}}, False, id="no command in 1:1"
        ),
        pytest.param({"message": {"type": "image", "id": "1"}}, False, id="a photo"),
        pytest.param({"type": "postback", "postback": {"data": "x"}}, True, id="a tap"),
        pytest.param({"type": "somethingNew"}, False, id="a new kind of event"),
    ],
)
def test_chatter_is_forgotten_at_once_and_commands_are_kept(
    engine: Engine, changes: dict[str, Any], *, is_kept: bool
) -> None:
    with transaction(engine) as session:
        people.keep_person(session, USER, at=NOW)
    keep(engine, said("e1", "ช่วยเหลือ", NOW, **changes), at=NOW)

    work(engine)

    assert (row(engine, "e1").body is not None) is is_kept
    assert row(engine, "e1").state == QueueState.DONE


@pytest.mark.parametrize("kind", ["message", "follow", "postback"])
def test_whatever_a_stranger_does_is_forgotten_at_once(engine: Engine, kind: str) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW, type=kind, postback={"data": "x"}), at=NOW)

    work(engine)

    assert row(engine, "e1").body is None


def test_what_a_command_said_is_forgotten_after_three_days(engine: Engine) -> None:
    with transaction(engine) as session:
        people.keep_person(session, USER, at=NOW)
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
    work(engine)

    early = purge(engine, NOW + timedelta(days=3))
    in_time = purge(engine, NOW + timedelta(days=3) + SECOND)
    again = purge(engine, NOW + timedelta(days=4))

    assert (early, in_time, again) == (0, 1, 0)
    assert row(engine, "e1").body is None
    assert row(engine, "e1").state == QueueState.DONE


def test_an_event_that_waited_for_days_is_still_worked(engine: Engine) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)

    purge(engine, NOW + timedelta(days=4))

    assert row(engine, "e1").state == QueueState.WAITING
    assert work(engine, NOW + timedelta(days=4)) == 1


def test_the_log_tells_the_kind_of_an_event(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)

    work(engine)

    (record,) = (each for each in caplog.records if each.__dict__["action"] == "event_worked")
    assert record.__dict__["happening"] == TextSaid.__name__
    assert record.__dict__["answered"] is True


def test_an_event_that_another_worker_has_worked_since_does_not_step_aside(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    keep(engine, said("e1", "ช่วยเหลือ", NOW), at=NOW)
    with transaction(engine) as session:
        event = inbox.take_next(session, at=NOW)
    assert event is not None
    work(engine)

    with transaction(engine) as session:
        stepped_aside = inbox.put_off(session, event, until=NOW + SECOND)

    assert not stepped_aside
    assert row(engine, "e1").state == QueueState.DONE
    assert work(engine, NOW + timedelta(days=1)) == 0
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


def test_two_workers_that_fail_on_one_event_count_one_failure(engine: Engine) -> None:
    keep_broken(engine)
    with transaction(engine) as session:
        event = inbox.take_next(session, at=NOW)
    assert event is not None

    with transaction(engine) as session:
        moved = [inbox.put_off(session, event, until=NOW) for _ in range(2)]

    assert moved == [True, False]
    assert row(engine, "bad").attempts == 1


def test_an_event_that_lost_a_lock_to_others_is_tried_again_in_a_moment(
    postgresql: PostgresqlDatabases,
) -> None:
    engine = postgresql.fresh(EMPTY)
    keep(engine, said("e1", "ช่วยเหลือ", NOW), said("e2", "ช่วยเหลือ", NOW, **OTHER), at=NOW)
    impatient = open_database(engine.url.render_as_string(hide_password=False))
    event.listen(impatient, "connect", lambda each, _: each.execute("SET lock_timeout = 50"))

    with engine.connect() as another, another.begin():
        another.exec_driver_sql("LOCK TABLE outbox_message IN EXCLUSIVE MODE")
        tried = [loop.answer_next(impatient, FakeLine(), now=NOW) for _ in range(3)]
    later = work(impatient, NOW + 2 * SECOND)
    impatient.dispose()

    assert tried == [True, True, False]
    assert later == 2
    assert row(engine, "e1").attempts == 1


def file_sent(stage: Stage, name: str, message_id: str) -> None:
    """Let a file come in that is not yet worked."""
    raw = said("file", "", stage.now, source={"type": "user", "userId": user_id(name)})
    raw["message"] = {"type": "file", "id": message_id, "fileName": "แผน.txt", "fileSize": 9}
    keep(stage.engine, raw, at=stage.now)


def test_a_file_is_fetched_with_no_transaction_open(stage: Stage) -> None:
    class Looking(FakeLine):
        """While it is asked for a file, the event can be taken by another worker."""

        def content(self, message_id: str) -> bytes:
            self.fetched.append(message_id)
            with transaction(stage.engine) as session:
                taken = inbox.take_next(session, at=stage.now)
                assert taken is not None
                self.taken = taken.webhook_event_id
            return b"no plan"

    stage.coordinator("สมศรี")
    file_sent(stage, "สมศรี", "7")
    line = Looking()

    assert loop.answer_next(stage.engine, line, now=stage.now)
    assert line.taken == "file"
    assert row(stage.engine, "file").state == QueueState.DONE


def test_a_file_whose_event_another_worker_has_worked_meanwhile_is_let_go(stage: Stage) -> None:
    class Overtaken(FakeLine):
        """While it is asked for a file, another worker fetches it and answers."""

        def content(self, message_id: str) -> bytes:
            other = FakeLine(files={message_id: b"no plan"})
            assert loop.answer_next(stage.engine, other, now=stage.now)
            return b"no plan"

    stage.coordinator("สมศรี")
    file_sent(stage, "สมศรี", "7")

    assert not loop.answer_next(stage.engine, Overtaken(), now=stage.now)
    assert answered(stage.engine).count("event:file") == 1


def test_a_file_that_breaks_its_reader_steps_aside(stage: Stage) -> None:
    class Breaking(FakeLine):
        def content(self, message_id: str) -> bytes:
            raise MemoryError(message_id)

    stage.coordinator("สมศรี")
    file_sent(stage, "สมศรี", "7")

    assert loop.answer_next(stage.engine, Breaking(), now=stage.now)
    kept = row(stage.engine, "file")
    assert (kept.state, kept.attempts, kept.outcome) == (QueueState.WAITING, 1, "MemoryError")


def test_a_file_that_ended_every_worker_that_read_it_is_read_no_more(stage: Stage) -> None:
    class Killing(FakeLine):
        """Ends the process, as the system does where memory runs out; no code of ours goes on."""

        def content(self, message_id: str) -> bytes:
            raise SystemExit(message_id)

    stage.coordinator("สมศรี")
    file_sent(stage, "สมศรี", "7")
    for _ in range(loop.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            loop.answer_next(stage.engine, Killing(), now=stage.now)

    assert loop.answer_next(stage.engine, Killing(), now=stage.now)
    assert row(stage.engine, "file").state == QueueState.DONE
    assert answered(stage.engine).count("event:file") == 1


def test_what_a_file_is_called_is_forgotten_where_the_bot_has_no_use_for_it(stage: Stage) -> None:
    stage.send_file("ใคร", "รายชื่อ.docx", b"", group=GROUP)

    with transaction(stage.engine) as session:
        assert session.scalars(select(InboxEvent.body)).all()[-1] is None
