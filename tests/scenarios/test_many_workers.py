"""Several workers on one database: everything once, and each chat in its order."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from bot import schedule
from bot.clock import read_instant
from bot.desk import NO_DESK
from bot.schedule import Job
from bot.worker import Worker
from store import agencies
from store.database import Engine, Session, open_database, transaction
from store.models import QueueState
from store.types import LOCAL_KINDS
from tests.bot.queue_rows import events, keep, message, messages, queue, said
from tests.fakes import FakeLine
from tests.stage import Stage, plain, user_id

NOW = read_instant("2024-01-24T09:00")
PATIENCE = 20.0
CHATS, EVENTS, REPORTS = 5, 60, 20


def open_again(engine: Engine) -> Engine:
    return open_database(engine.url.render_as_string(hide_password=False))


@contextmanager
def workers(engine: Engine, line: FakeLine, count: int) -> Iterator[list[Worker]]:
    """That many workers with an engine each, as processes have."""
    engines = [open_again(engine) for _ in range(count)]
    started = [Worker(each, line, lambda: NOW) for each in engines]
    with ExitStack() as stack:
        for own, worker in zip(engines, started, strict=True):
            stack.callback(own.dispose)
            worker.start()
            stack.callback(worker.stop)
        yield started


def wait_until(is_so: object) -> bool:
    quiet = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if is_so():  # type: ignore[operator]
            return True
        quiet.wait(0.05)
    return False


def test_three_workers_answer_each_event_once_and_each_chat_in_order(engine: Engine) -> None:
    keep(
        engine,
        *(
            said(
                f"e{number:02}",
                "ช่วยเหลือ",
                NOW - timedelta(seconds=EVENTS - number),
                source={"type": "user", "userId": f"U{number % CHATS:032x}"},
            )
            for number in range(EVENTS)
        ),
        at=NOW,
    )
    line = FakeLine()

    with workers(engine, line, 3):
        done = wait_until(lambda: len(line.sent) >= EVENTS)

    assert done
    assert sorted(token for _, token, _ in line.sent) == [f"token-e{n:02}" for n in range(EVENTS)]
    assert {each.state for each in events(engine)} == {QueueState.DONE}
    answered = [int(each.key.removeprefix("event:e")) for each in messages(engine)]
    for chat in range(CHATS):
        own = [number for number in answered if number % CHATS == chat]
        assert own == sorted(own)


def test_reports_at_the_same_time_are_counted_one_after_the_other(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        found = agencies.agencies_of_kinds(session, province, list(LOCAL_KINDS))
        names = [each.name for each in found][:REPORTS]
    for number, name in enumerate(names):
        stage.officer(f"p{number}", name)
    keep(
        stage.engine,
        *(
            said(f"r{n}", "เสร็จ ๓", NOW, source={"type": "user", "userId": user_id(f"p{n}")})
            for n in range(REPORTS)
        ),
        at=NOW,
    )
    line = FakeLine()

    with workers(stage.engine, line, 3):
        done = wait_until(lambda: sum(how == "reply" for how, _, _ in line.sent) >= REPORTS)

    counted = re.findall(r"เสร็จสิ้น \((\S+)/", "".join(plain(m[0]) for _, _, m in line.sent))
    assert done
    assert sorted(map(int, counted)) == list(range(1, REPORTS + 1))


def test_two_workers_send_each_message_once(engine: Engine) -> None:
    for number in range(EVENTS):
        queue(engine, f"m{number}", at=NOW)
    line = FakeLine()

    with workers(engine, line, 2):
        done = wait_until(lambda: len(line.sent) >= EVENTS)

    assert done
    assert len(line.retry_keys) == len(set(line.retry_keys)) == EVENTS
    assert {each.state for each in messages(engine)} == {QueueState.DONE}
    assert message(engine, "m0").attempts == 1


def test_of_four_bells_one_rings_a_job(engine: Engine) -> None:
    worked, lock = list[int](), threading.Lock()

    def work(_: Session, __: object, ___: object) -> int:
        with lock:
            worked.append(1)
        return 0

    job = Job("counted", timedelta(minutes=5), work)
    engines = [open_again(engine) for _ in range(4)]
    at_once = threading.Barrier(4)

    def ring(own: Engine) -> None:
        at_once.wait()
        schedule.run_job(job, own, lambda: NOW, lambda: None, NO_DESK.files)

    threads = [threading.Thread(target=ring, args=[each]) for each in engines]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for own in engines:
        own.dispose()

    assert worked == [1]
