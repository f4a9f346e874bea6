"""The bell: what it rings, and that a ring too many does no harm."""

import logging
import threading

import pytest

from bot.clock import read_instant
from bot.desk import NO_DESK
from bot.schedule import JOBS, Job, start_bell
from store.database import Engine, transaction
from tests.bot.queue_rows import execute, messages
from tests.stage import Stage

NOW = read_instant("2024-01-24T09:00")
FAR_FROM_TODAY = ["2020-01-01T09:00", "2090-01-01T09:00"]


def work(engine: Engine, job: Job) -> int:
    with transaction(engine) as session:
        return job.work(session, NOW, NO_DESK.files)


def test_every_job_has_a_name_of_its_own() -> None:
    names = [job.name for job in JOBS]

    assert len(set(names)) == len(names)


# What `files_swept` sweeps is told in test_files.
@pytest.mark.parametrize(
    "job", [job for job in JOBS if job.name != "files_swept"], ids=lambda job: job.name
)
def test_a_second_ring_does_nothing_more(stage: Stage, job: Job) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.coordinator("c")
    stage.say("c", "ช่วยเหลือ")
    # Three weeks later a window's last week begins, and nobody has had this week's digest.

    first = work(stage.engine, job)
    queued = len(messages(stage.engine))
    second = work(stage.engine, job)

    assert first > 0
    assert second == 0
    assert len(messages(stage.engine)) == queued


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_has_nothing_to_do_in_an_empty_house(engine: Engine, job: Job) -> None:
    assert work(engine, job) == 0


@pytest.mark.parametrize("now", FAR_FROM_TODAY)
def test_the_bell_rings_at_once_whatever_the_bots_clock_says(stage: Stage, now: str) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    stage.say("a", "ช่วยเหลือ")
    rung = threading.Event()
    late = read_instant(now)
    execute(stage.engine, "UPDATE inbox_event SET sent_at = '2019-01-01 00:00:00.000000'")

    bell = start_bell(stage.engine, lambda: late, rung.set, worker="w")
    in_time = rung.wait(5)
    bell.shutdown()

    assert in_time


class Listening(logging.Handler):
    """Notes which jobs failed, and that one did."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[str] = []
        self.heard = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.__dict__.get("action") == "job_failed":
            self.failed.append(record.__dict__["job"])
            self.heard.set()


def test_a_job_that_meets_a_database_in_trouble_is_told_and_forgiven(engine: Engine) -> None:
    execute(engine, "DROP TABLE inbox_event")
    listening, rings = Listening(), list[str]()
    logging.getLogger("bot.schedule").addHandler(listening)

    bell = start_bell(engine, lambda: NOW, lambda: rings.append("rung"), worker="w")
    in_time = listening.heard.wait(5)
    bell.shutdown()
    logging.getLogger("bot.schedule").removeHandler(listening)

    assert in_time
    assert listening.failed == ["bodies_purged"]
    assert rings == []
