"""How the bot says that it is well: alive, ready, and in figures."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from bot import outbox
from bot.app import create_app
from bot.clock import bangkok_date, read_instant
from bot.settings import Settings
from bot.spool import Spool
from bot.wiring import House
from bot.worker import tick
from handlers.holiday_calendar import working_calendar
from store import workers
from store.database import Engine, transaction
from tests.bot.queue_rows import execute, keep, queue, said
from tests.bot.test_keeping import LINE_WAITS, locked
from tests.conftest import EMPTY
from tests.databases import SqliteFiles
from tests.fakes import FakeLine
from tests.stage import Stage

NOW = read_instant("2024-01-24T09:00")
SECOND = timedelta(seconds=1)


@dataclass
class Watch:
    """Somebody who asks the web part how it is."""

    engine: Engine
    spool: Path
    now: datetime = NOW

    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings.from_env({"SPOOL_DIR": str(self.spool)})
        house = House(settings, self.engine, lambda: self.now)
        self.client = create_app(house).test_client()

    def ready(self) -> tuple[int, str]:
        answer = self.client.get("/readyz")
        return answer.status_code, answer.text

    def figures(self) -> dict[str, float]:
        """Return every sample by its name and the values of its labels, in the labels' order."""
        families = text_string_to_metric_families(self.client.get("/metrics").text)
        return {
            sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def watch(engine: Engine, tmp_path: Path) -> Watch:
    return Watch(engine, tmp_path / "spool")


def beat(engine: Engine, at: datetime) -> None:
    with transaction(engine) as session:
        workers.beat(session, "w", at=at)


def test_a_house_without_a_worker_yet_is_ready(watch: Watch) -> None:
    assert watch.ready() == (200, "ready")


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(seconds=60), 200), (timedelta(seconds=61), 503)]
)
def test_a_worker_that_is_not_heard_of_any_more_is_missed(
    watch: Watch, age: timedelta, status: int
) -> None:
    beat(watch.engine, NOW - age)

    assert watch.ready()[0] == status


def test_a_worker_that_ended_in_order_is_not_missed(watch: Watch) -> None:
    beat(watch.engine, NOW - timedelta(hours=1))
    with transaction(watch.engine) as session:
        workers.leave(session, "w")

    assert watch.ready() == (200, "ready")


@pytest.mark.parametrize(("age", "status"), [(120 * SECOND, 200), (121 * SECOND, 503)])
def test_events_that_nobody_works_are_noticed(watch: Watch, age: timedelta, status: int) -> None:
    keep(watch.engine, said("e", "ช่วยเหลือ", NOW), at=NOW - age)

    assert watch.ready()[0] == status


@pytest.mark.parametrize(
    "harm", ["DROP TABLE worker", "UPDATE alembic_version SET version_num = '0001'"]
)
def test_a_database_in_trouble_or_of_another_version_is_not_ready(watch: Watch, harm: str) -> None:
    execute(watch.engine, harm)

    assert watch.ready() == (503, "database not ready")
    assert watch.client.get("/healthz").status_code == 200


def test_who_asks_often_makes_the_database_work_once(watch: Watch) -> None:
    first = watch.ready()
    execute(watch.engine, "DROP TABLE worker")

    again = watch.ready()

    assert (first, again) == ((200, "ready"), (200, "ready"))


def test_the_figures_of_an_empty_house_are_nought(watch: Watch) -> None:
    figures = watch.figures()

    assert figures["ita_billed_messages_total"] == 0
    assert figures["ita_oldest_waiting_event_seconds"] == 0
    ours = {name: value for name, value in figures.items() if name.startswith("ita_")}
    of_tables = {name: value for name, value in ours.items() if "webhook" not in name}
    assert set(of_tables.values()) == {0}


def test_figures_tell_what_waits_and_for_how_long(watch: Watch) -> None:
    keep(watch.engine, said("e", "ช่วยเหลือ", NOW), at=NOW - 5 * SECOND)
    queue(watch.engine, "m", at=NOW - 7 * SECOND)
    beat(watch.engine, NOW - 3 * SECOND)

    figures = watch.figures()

    assert figures["ita_events waiting"] == 1
    assert figures["ita_oldest_waiting_event_seconds"] == 5
    assert figures["ita_oldest_due_message_seconds"] == 7
    assert figures["ita_last_heartbeat_seconds"] == 3


def test_figures_tell_what_was_sent_and_what_it_costs(stage: Stage, tmp_path: Path) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    keep(stage.engine, said("e", "ช่วยเหลือ", NOW), at=NOW - 2 * SECOND)
    tick(stage.engine, FakeLine(), at=NOW)
    calendar = working_calendar(bangkok_date(NOW))
    queue(stage.engine, "refused", at=NOW)
    execute(stage.engine, "UPDATE outbox_message SET topic = 'odd' WHERE key = 'refused'")
    outbox.send_next(stage.engine, FakeLine(), calendar, now=NOW)

    figures = Watch(stage.engine, tmp_path).figures()

    assert figures["ita_messages sent done reminder"] == 1
    assert figures["ita_messages sent done answer"] >= 1
    assert figures["ita_messages ValueError parked odd"] == 1
    assert figures["ita_billed_messages_total"] == 1
    assert figures["ita_billed_messages_this_month"] == 1
    assert figures["ita_event_wait_seconds 0.95"] == 2
    assert figures["ita_watch_differences"] == 0


def test_a_reminder_that_has_not_gone_by_the_next_day_is_a_difference(
    stage: Stage, tmp_path: Path
) -> None:
    stage.officer("a", "เทศบาลนครเชียงใหม่")
    tick(stage.engine, FakeLine(), at=NOW)
    execute(stage.engine, "UPDATE notice SET outcome = ''")

    same_day = Watch(stage.engine, tmp_path).figures()
    next_day = Watch(stage.engine, tmp_path, NOW + timedelta(days=1)).figures()

    assert same_day["ita_watch_differences"] == 0
    assert next_day["ita_watch_differences"] > 0


def test_a_stop_of_sending_is_told(watch: Watch) -> None:
    execute(watch.engine, "INSERT INTO stop (kind, until_at) VALUES ('token', NULL)")

    assert watch.figures()["ita_sending_stopped token"] == 1


def test_without_a_database_the_process_tells_what_it_knows_itself(watch: Watch) -> None:
    execute(watch.engine, "DROP TABLE worker")

    figures = watch.figures()

    assert figures["ita_spool_files"] == 0
    assert "ita_webhook_refused_total signature" in figures
    assert "ita_billed_messages_total" not in figures


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_while_the_database_is_locked_nobody_who_asks_takes_long(watch: Watch, path: str) -> None:
    def ask(_number: int) -> float:
        began = monotonic()
        watch.client.application.test_client().get(path)
        return monotonic() - began

    with locked(watch.engine), ThreadPoolExecutor(20) as callers:
        seconds = list(callers.map(ask, range(20)))

    assert max(seconds) < LINE_WAITS


def test_a_writer_that_holds_sqlites_lock_hides_no_figures(sqlite: SqliteFiles) -> None:
    engine = sqlite.fresh(EMPTY)
    watch = Watch(engine, Path("nowhere"))

    with locked(engine):
        ready, figures = watch.ready(), watch.figures()

    assert ready == (200, "ready")
    assert figures["ita_billed_messages_total"] == 0


def test_a_spool_that_cannot_be_read_hides_no_other_figure(engine: Engine, tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()

    figures = Watch(engine, no_folder).figures()

    assert figures["ita_billed_messages_total"] == 0
    assert "ita_spool_files" not in figures


def test_what_is_in_the_spool_is_told(watch: Watch) -> None:
    spool = Spool(watch.spool, 1024 * 1024)
    spool.append("[]", at=NOW, tick=1.0)

    figures = watch.figures()

    assert figures["ita_spool_files"] == 1
    assert figures["ita_spool_bytes"] > 0
