"""The log: a line of JSON per record, and nothing of what people say or who they are."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import pytest

from bot import logs
from bot.sending import SendError, Trouble
from store.database import DatabaseError
from store.types import Role
from tests.bot.queue_rows import execute
from tests.stage import Stage, user_id

AGENCY = "เทศบาลนครเชียงใหม่"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything that any logger writes, as the process would write it."""
    stream, root = StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_with_its_figures(written: StringIO) -> None:
    log = logging.getLogger("bot.somewhere")

    log.warning("two\nlines %s", "and more", extra={"action": "tried", "count": 3})

    (line,) = lines(written)
    at = str(line.pop("at"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", at)
    assert line == {
        "level": "warning",
        "logger": "bot.somewhere",
        "message": "two\nlines and more",
        "action": "tried",
        "count": 3,
    }


def test_a_traceback_stays_on_its_line(written: StringIO) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("bot").exception("failed", extra={"row": 7})

    (line,) = lines(written)
    assert line["row"] == 7
    assert "test_a_traceback_stays_on_its_line" in str(line["traceback"])


def test_anything_can_be_logged(written: StringIO) -> None:
    logging.getLogger("bot").info("odd", extra={"action": {1, 2}, "text": "\ud83d"})

    assert lines(written)[0]["action"] == "{1, 2}"


def test_no_letter_ends_a_line_or_moves_a_terminal(written: StringIO) -> None:
    logging.getLogger("bot").info("a\nb\r\x1b[2J\x9b2J\u2028\x85ก", extra={"action": "\nodd"})

    text = written.getvalue()
    assert re.fullmatch(r"[ -~]+\n", text)
    assert lines(written)[0]["message"] == "a\nb\r\x1b[2J\x9b2J\u2028\x85ก"


def play(stage: Stage) -> list[str]:
    """Let a whole conversation happen, troubles included; return what must not be logged."""
    code = stage.code(Role.OFFICER, AGENCY)
    stage.join("Somchai", code)
    stage.coordinator("Malee")
    group = stage.bound_group("Malee")
    stage.say("Somchai", "วันนี้แดดแรงมากกกก", group)
    stage.event("Somchai", group, type="memberJoined", joined={"members": [{"userId": "U77777"}]})
    stage.say("Somchai", "ติดปัญหา 3 เพราะเครื่องเสียหมดทั้งสำนักงาน")
    stage.say("Somchai", "สัปดาห์นี้มีอะไรต้องส่ง")
    stage.tap("Somchai", stage.buttons("เสร็จ")[0])
    for trouble in Trouble:
        if trouble is not Trouble.UNAUTHORIZED:
            stage.line.troubles = [SendError(trouble, "400 as LINE says")]
            stage.say("Somchai", "สถานะ")
    for table in ("person", "duty", "report", "outbox_message"):
        execute(stage.engine, f"ALTER TABLE {table} RENAME TO away")
        with suppress(DatabaseError):
            stage.say("Somchai", "ติดปัญหา 5 เพราะน้ำท่วมชั้นล่างทั้งหมด")
        execute(stage.engine, f"ALTER TABLE away RENAME TO {table}")
    stage.at("2024-01-24T09:00")
    stage.tick()
    said = ["แดดแรง", "เครื่องเสีย", "น้ำท่วม", "มีอะไรต้องส่ง", "เทศบาล", "สถานะ", "Somchai"]
    ids = [user_id("Somchai"), user_id("Malee"), group, "U77777"]
    return [*said, *ids, code, code.replace("-", "")]


def test_a_whole_conversation_leaves_no_words_tokens_or_ids(
    stage: Stage, written: StringIO
) -> None:
    forbidden = play(stage)

    text = "\n".join(map(str, lines(written)))

    actions = {str(line.get("action")) for line in lines(written)}
    assert {"event_worked", "event_failed", "message_sent", "alarm_message_parked"} <= actions
    assert [each for each in forbidden if each in text] == []
    assert re.findall(r"token-\d+", text) == []
    assert re.findall("[\u0e00-\u0e7f]+", text) == []


def test_a_process_writes_its_log_to_standard_error_only() -> None:
    program = (
        "import logging; from bot import logs; logs.set_up();"
        "logging.getLogger('bot').info('begun', extra={'action': 'begun'});"
        "logging.getLogger('alembic.x').info('noise'); logging.getLogger('bot').debug('noise')"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout == ""
    assert [json.loads(line)["action"] for line in done.stderr.splitlines()] == ["begun"]
