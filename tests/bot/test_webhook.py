"""The web part: what LINE may post, what is kept of it, and what is refused."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.clock import read_instant
from bot.line_in import MOST_EVENTS
from bot.settings import Settings
from bot.webhook import LARGEST_BODY
from bot.wiring import House
from store.database import Engine
from store.models import QueueState
from tests.bot.queue_rows import SECRET, USER, events, execute, messages, said, signature
from tests.bot.test_keeping import POISON, REFUSE_POISON

OLD_SECRET = "0123456789abcdef0123456789abcdef"
NOW = read_instant("2024-01-31T09:00")
OFFICIAL_BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
OFFICIAL_SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


@dataclass
class Door:
    """The web part with LINE before it; `rings` counts how often the worker was woken."""

    engine: Engine
    client: FlaskClient
    rings: list[datetime] = field(default_factory=list)

    def post(self, body: bytes, *, signed: str | None = "right", **more: Any) -> TestResponse:
        value = signature(body) if signed == "right" else signed
        headers = {} if value is None else {"X-Line-Signature": value}
        headers |= more.pop("headers", {})
        return self.client.post("/callback", data=body, headers=headers, **more)

    def send(self, *sent: Any) -> TestResponse:
        return self.post(json.dumps({"destination": "U", "events": sent}).encode())

    @property
    def kept(self) -> list[str]:
        return [each.webhook_event_id for each in events(self.engine)]


@pytest.fixture
def door(engine: Engine, tmp_path: Path) -> Iterator[Door]:
    env = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_SECRET_OLD": OLD_SECRET,
        "SPOOL_DIR": str(tmp_path / "spool"),
    }
    rings: list[datetime] = []
    house = House(Settings.from_env(env), engine, lambda: NOW)
    app = create_app(house, ring=lambda: rings.append(NOW))
    yield Door(engine, app.test_client(), rings)
    app.extensions["writer"].stop()


def test_lines_own_example_of_a_signed_body_is_accepted(door: Door) -> None:
    answer = door.post(OFFICIAL_BODY, signed=OFFICIAL_SIGNATURE)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param(OFFICIAL_SIGNATURE, id="of another body"),
        pytest.param("not base64 at all", id="no base64"),
        pytest.param("ลายเซ็น".encode().decode("latin-1"), id="not ASCII"),
        pytest.param("é", id="Latin"),
    ],
)
def test_a_wrong_signature_is_refused_and_nothing_is_kept(door: Door, wrong: str | None) -> None:
    body = json.dumps({"events": [said("e1", "สถานะ", NOW)]}).encode()

    answer = door.post(body, signed=wrong)

    assert answer.status_code == 401
    assert door.kept == []
    assert door.rings == []


def test_a_signature_is_of_the_bytes_not_of_their_meaning(door: Door) -> None:
    body = json.dumps({"events": [said("e1", "สถานะ", NOW)]}).encode()

    answer = door.post(body + b" ", signed=signature(body))

    assert answer.status_code == 401
    assert door.kept == []


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_both_secrets_count_while_the_secret_is_being_changed(door: Door, secret: str) -> None:
    body = json.dumps({"events": [said("e1", "สถานะ", NOW)]}).encode()

    answer = door.post(body, signed=signature(body, secret))

    assert answer.status_code == 200
    assert door.kept == ["e1"]


def test_a_bot_without_secrets_accepts_nothing(engine: Engine) -> None:
    app = create_app(House(Settings.from_env({}), engine, lambda: NOW))

    answer = Door(engine, app.test_client()).post(OFFICIAL_BODY, signed=signature(b"", ""))

    assert answer.status_code == 401


def padded(size: int) -> bytes:
    return json.dumps({"events": [said("e1", "สถานะ", NOW)]}).encode().ljust(size)


def test_a_body_of_two_megabytes_is_still_read(door: Door) -> None:
    assert door.post(padded(LARGEST_BODY)).status_code == 200
    assert door.kept == ["e1"]


def test_a_longer_body_is_refused_and_nothing_is_kept(door: Door) -> None:
    answer = door.post(padded(LARGEST_BODY + 1))

    assert answer.status_code == 413
    assert door.kept == []


@pytest.mark.parametrize(
    ("size", "status", "kept"), [(1_000, 200, ["e1"]), (LARGEST_BODY + 1, 413, [])]
)
def test_a_body_in_chunks_has_the_same_limit(
    door: Door, size: int, status: int, kept: list[str]
) -> None:
    body = padded(size)

    answer = door.client.post(
        "/callback",
        input_stream=BytesIO(body),
        headers={"X-Line-Signature": signature(body), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == status
    assert door.kept == kept


def test_an_empty_batch_is_fine_and_wakes_nobody(door: Door) -> None:
    assert door.send().status_code == 200
    assert door.rings == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="not JSON"),
        pytest.param(b"\xff\xfe\xfa", id="not UTF-8"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"events"', id="a text"),
        pytest.param(b'{"destination":"U"}', id="no events"),
        pytest.param(b'{"events":null}', id="events null"),
        pytest.param(b'{"events":{"0":{}}}', id="events an object"),
        pytest.param(b'{"events":[{"timestamp":' + b"9" * 5000 + b"}]}", id="endless number"),
        pytest.param(b'{"events":[' + b"{}," * MOST_EVENTS + b"{}]}", id="too many events"),
        pytest.param(b'{"events":[' + b"0," * 1_000_000 + b"0]}", id="a million numbers"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="100,000 brackets"),
        pytest.param(b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="brackets inside"),
    ],
)
def test_a_signed_body_that_is_no_webhook_is_refused(door: Door, body: bytes) -> None:
    answer = door.post(body)

    assert answer.status_code == 400
    assert answer.text == "not a webhook body"
    assert door.kept == []


def test_the_same_event_twice_is_kept_once(door: Door) -> None:
    event = said("e1", "สถานะ", NOW)

    door.send(event)
    again = door.send({**event, "deliveryContext": {"isRedelivery": True}})

    assert again.status_code == 200
    assert door.kept == ["e1"]


def test_an_event_twice_in_one_body_is_kept_once(door: Door) -> None:
    event = said("e1", "สถานะ", NOW)

    door.send(event, said("e2", "สถานะ", NOW), event)

    assert door.kept == ["e1", "e2"]


def test_malformed_events_do_not_cost_the_good_ones(door: Door) -> None:
    malformed: list[Any] = [None, "text", 7, [], {}, 1.5]

    answer = door.send(*malformed, said("e1", "สถานะ", NOW), *malformed, said("e2", "สถานะ", NOW))

    assert answer.status_code == 200
    assert [each for each in door.kept if not each.startswith("sha256:")] == ["e1", "e2"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"webhookEventId": None}, id="no id"),
        pytest.param({"webhookEventId": ""}, id="empty id"),
        pytest.param({"webhookEventId": 12}, id="id a number"),
        pytest.param({"webhookEventId": "x" * 5000}, id="endless id"),
        pytest.param({"webhookEventId": "ก"}, id="Thai id"),
        pytest.param({"mode": "sideways"}, id="unknown mode"),
        pytest.param({"mode": None}, id="no mode"),
        pytest.param({"timestamp": "yesterday"}, id="timestamp a text"),
        pytest.param({"timestamp": 10**30}, id="timestamp beyond time"),
        pytest.param({"timestamp": -(10**30)}, id="timestamp before time"),
        pytest.param({"timestamp": float("nan")}, id="timestamp no number"),
        pytest.param({"timestamp": True}, id="timestamp yes"),
        pytest.param({"source": None}, id="no source"),
        pytest.param({"source": "user"}, id="source a text"),
        pytest.param({"source": {"type": "planet", "userId": {"a": 1}}}, id="unknown source"),
        pytest.param({"type": "somethingNew"}, id="unknown type"),
        pytest.param({"type": ["message"]}, id="type a list"),
        pytest.param({"message": {"type": "text", "text": "\ud83d"}}, id="half a pair"),
        pytest.param({"message": {"type": "text", "text": "a\0b"}}, id="NUL"),
        pytest.param({"source": {"userId": "U\0\ud83d"}}, id="NUL in the id"),
    ],
)
def test_an_odd_event_is_kept_once_beside_a_good_one(door: Door, changes: dict[str, Any]) -> None:
    odd = said("odd", "สถานะ", NOW) | changes

    for _ in range(2):
        assert door.send(odd, said("good", "สถานะ", NOW)).status_code == 200

    assert len(door.kept) == 2
    assert "good" in door.kept


def test_two_events_without_ids_are_told_apart_by_their_content(door: Door) -> None:
    one, other = said("", "สถานะ", NOW), said("", "ช่วยเหลือ", NOW)

    door.send(one, other)
    door.send(other)

    assert len(door.kept) == 2


def test_what_is_needed_for_order_stands_beside_the_body(door: Door) -> None:
    door.send(said("e1", "สถานะ", NOW - timedelta(minutes=1)))

    (event,) = events(door.engine)

    assert event.sent_at == NOW - timedelta(minutes=1)
    assert event.received_at == NOW
    assert event.chat_key == USER
    assert event.kind == "message"


def test_nothing_is_worked_in_the_request(door: Door) -> None:
    door.send(said("e1", "ช่วยเหลือ", NOW))

    assert [each.state for each in events(door.engine)] == [QueueState.WAITING]
    assert messages(door.engine) == []
    assert len(door.rings) == 1


def test_a_body_full_of_small_events_is_kept_whole(door: Door) -> None:
    answer = door.send(*({"type": "x", "n": number} for number in range(MOST_EVENTS)))

    assert answer.status_code == 200
    assert len(door.kept) == MOST_EVENTS


def test_no_depth_of_brackets_is_an_error_of_ours(door: Door) -> None:
    """Where the reader of JSON gives up and its writer does not, or the other way round."""
    bodies = [
        b'{"events":[{"a":' + b"[" * depth + b"]" * depth + b"}]}" for depth in range(880, 1010)
    ]

    statuses = [door.post(body).status_code for body in bodies]

    assert set(statuses) == {200, 400}
    assert sorted(statuses) == statuses


def test_the_webhook_is_for_posting_only(door: Door) -> None:
    assert door.client.get("/callback").status_code == 405


def test_an_event_that_the_database_refuses_is_told_without_a_trace(door: Door) -> None:
    for statement in REFUSE_POISON[door.engine.dialect.name]:
        execute(door.engine, statement)

    answer = door.send(said("e1", "สถานะ", NOW) | {"type": POISON})

    assert (answer.status_code, answer.text) == (500, "internal error")
    assert door.rings == []


def test_a_bug_on_the_way_is_answered_and_counted(engine: Engine, tmp_path: Path) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError

    env = {"LINE_CHANNEL_SECRET": SECRET, "SPOOL_DIR": str(tmp_path)}
    door = Door(engine, create_app(House(Settings.from_env(env), engine, broken)).test_client())
    before = failures()

    answer = door.send(said("e1", "สถานะ", NOW))

    assert (answer.status_code, answer.text) == (500, "internal error")
    assert failures() == before + 1


def failures() -> float:
    """Return how many calls were answered 500 so far."""
    return REGISTRY.get_sample_value("ita_webhook_refused_total", {"reason": "failed"}) or 0.0


@pytest.mark.parametrize(
    ("prepare", "status"),
    [
        pytest.param("SELECT 1", 200, id="as it should be"),
        pytest.param("UPDATE alembic_version SET version_num = '9999'", 503, id="newer tables"),
        pytest.param("DROP TABLE alembic_version", 503, id="no tables"),
    ],
)
def test_ready_means_that_the_tables_are_right(door: Door, prepare: str, status: int) -> None:
    execute(door.engine, prepare)

    assert door.client.get("/readyz").status_code == status
    assert door.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("ask", [lambda c: c.get("/nothing"), lambda c: c.delete("/callback")])
def test_other_addresses_answer_plain_text(
    door: Door, ask: Callable[[FlaskClient], TestResponse]
) -> None:
    answer = ask(door.client)

    assert answer.status_code in (404, 405)
    assert answer.mimetype == "text/plain"


def test_the_web_part_does_without_the_sdk() -> None:
    program = "import sys, bot.app; print(sorted({m.split('.')[0] for m in sys.modules}))"

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "'bot'" in found.stdout, found.stderr
    assert "'linebot'" not in found.stdout
