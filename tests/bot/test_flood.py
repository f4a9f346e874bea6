"""Callers whose requests are refused are held off; whoever signs rightly never is."""

import itertools
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from bot.app import create_app
from bot.flood import (
    MOST_IN_A_ROW,
    QUIET_SECONDS,
    SECONDS_PER_REFUSAL,
    Refusals,
    Tally,
    with_refusals_limited,
)
from bot.settings import Settings
from bot.wiring import House
from store.database import Engine
from tests.bot.queue_rows import SECRET, signature

EMPTY = b'{"events":[]}'


class Hand:
    """A clock in monotonic seconds, moved by hand."""

    now = 0.0


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def client(engine: Engine, hand: Hand, tmp_path: Path) -> Iterator[Client]:
    env = {"LINE_CHANNEL_SECRET": SECRET, "SPOOL_DIR": str(tmp_path / "spool")}
    house = House(Settings.from_env(env), engine, lambda: datetime(2024, 1, 31, tzinfo=UTC))
    app = create_app(house)
    yield Client(with_refusals_limited(app, Refusals(), lambda: hand.now))
    app.extensions["writer"].stop()


def unsigned(client: Client, address: str = "192.0.2.1") -> TestResponse:
    return client.post("/callback", data=EMPTY, environ_overrides={"REMOTE_ADDR": address})


def signed(client: Client, body: bytes = EMPTY, address: str = "192.0.2.1") -> TestResponse:
    return client.post(
        "/callback",
        data=body,
        headers={"X-Line-Signature": signature(body)},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_unsigned_calls_are_held_off_after_so_many(client: Client) -> None:
    statuses = [unsigned(client).status_code for _ in range(MOST_IN_A_ROW + 2)]

    assert statuses == [401] * MOST_IN_A_ROW + [429] * 2


def test_who_is_held_off_is_told_when_to_come_back(client: Client, hand: Hand) -> None:
    for _ in range(MOST_IN_A_ROW):
        unsigned(client)

    held = unsigned(client)
    hand.now += int(held.headers["Retry-After"])
    again = unsigned(client)

    assert held.text == "too many refused requests"
    assert held.headers["Retry-After"] == str(math.ceil(SECONDS_PER_REFUSAL))
    assert again.status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/.env", "/callback/"])
def test_who_looks_for_other_addresses_is_held_off_too(client: Client, path: str) -> None:
    statuses = [client.get(path).status_code for _ in range(MOST_IN_A_ROW + 1)]

    assert statuses == [404] * MOST_IN_A_ROW + [429]


def test_another_address_is_not_held_off(client: Client) -> None:
    for _ in range(MOST_IN_A_ROW + 1):
        unsigned(client)

    assert unsigned(client, "192.0.2.2").status_code == 401


def test_a_rightly_signed_call_is_never_held_off_however_many_others_are(client: Client) -> None:
    """Behind a proxy LINE and all strangers come from one address."""
    strange = b"not a webhook body"

    statuses = {
        (
            unsigned(client).status_code,
            signed(client).status_code,
            signed(client, strange).status_code,
        )
        for _ in range(3 * MOST_IN_A_ROW)
    }

    assert statuses == {(401, 200, 400), (429, 200, 400)}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_can_be_asked_from_an_address_that_is_held_off(client: Client, path: str) -> None:
    for _ in range(MOST_IN_A_ROW + 1):
        client.get("/nothing")

    assert client.get(path).status_code == 200
    assert client.get("/nothing").status_code == 429


def test_only_so_many_addresses_are_remembered_and_the_oldest_is_forgotten() -> None:
    refusals = Refusals(most=1, most_addresses=2)

    first = [refusals.take(each, now=0.0) == 0 for each in ("a", "a", "b", "a", "c")]
    after = {each: refusals.take(each, now=0.0) == 0 for each in ("a", "b")}

    assert first == [True, False, True, False, True]
    assert after == {"a": False, "b": True}


@settings(deadline=None)
@given(st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200))
def test_no_address_has_more_than_its_share_in_any_time(pauses: list[float]) -> None:
    refusals = Refusals()
    instants = list(itertools.accumulate(pauses))

    had = [now for now in instants if refusals.take("a", now=now) == 0]

    for first, since in enumerate(had):
        for last in range(first, len(had)):
            share = MOST_IN_A_ROW + (had[last] - since) / SECONDS_PER_REFUSAL
            assert last - first + 1 <= share + 1e-6


@settings(deadline=None)
@given(st.floats(0, 1e6, allow_nan=False), st.integers(1, 200))
def test_the_wait_that_is_told_is_long_enough(now: float, calls: int) -> None:
    refusals = Refusals()
    waits = [refusals.take("a", now=now) for _ in range(calls)]

    after = refusals.take("a", now=now + waits[-1] + 1e-6)

    assert all(0 <= each <= SECONDS_PER_REFUSAL + 1e-6 for each in waits)
    assert after == 0 or waits[-1] == 0


def test_the_log_is_told_at_once_and_then_once_a_minute_with_the_count() -> None:
    tally = Tally()
    seconds = [0, 1, 2, QUIET_SECONDS, QUIET_SECONDS + 1, 3 * QUIET_SECONDS]

    told = [tally.add(now=float(each)) for each in seconds]

    assert told == [1, 0, 0, 3, 0, 2]


def test_a_flood_of_unsigned_calls_is_one_line_of_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        unsigned(client)

    actions = [vars(each).get("action") for each in caplog.records]
    assert actions == ["signature_refused"]
