"""The faults that can be ordered, as the bot meets them."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from time import perf_counter
from urllib.parse import urlsplit

import pytest

from tests.bot.emulator_stage import KEY, TOKEN, Stage, fresh, open_stage


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def sent(stage: Stage) -> int:
    return len(stage.read("ledger")["entries"])


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
        ("429", 429, "The API rate limit has been exceeded. Try again later."),
        ("429-monthly", 429, "You have reached your monthly limit."),
        ("401", 401, "Authentication failed due to the following reason: invalid token. "),
        ("400", 400, "Bad Request"),
    ],
)
def test_an_ordered_answer_comes_instead_of_the_send(
    stage: Stage, kind: str, status: int, message: str
) -> None:
    user = stage.person()
    stage.control("faults", endpoint="push", kind=kind, times=2)

    answers = [stage.push(user, X_Line_Retry_Key=KEY) for _ in range(3)]

    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].body["message"].startswith(message)
    assert "x-line-request-id" in answers[0].headers
    assert sent(stage) == 1


def test_a_fault_is_for_its_endpoint_only(stage: Stage) -> None:
    stage.control("faults", endpoint="reply", kind="500")

    assert stage.push(stage.person()).status == 200
    assert [fault["times"] for fault in stage.read("state")["faults"]] == [1]


def test_a_fault_of_any_endpoint_hits_the_next_call(stage: Stage) -> None:
    stage.control("faults", endpoint="*", kind="502")

    assert [stage.line("message/quota").status for _ in range(2)] == [502, 200]


def test_an_error_after_the_delivery_hides_it(stage: Stage) -> None:
    user = stage.person()
    stage.control("faults", endpoint="push", kind="500-after")

    first = stage.push(user, X_Line_Retry_Key=KEY)
    again = stage.push(user, X_Line_Retry_Key=KEY)

    assert (first.status, again.status) == (500, 409)
    assert sent(stage) == 1


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [
        pytest.param("drop-before", 0, id="dropped before delivery"),
        pytest.param("drop-after", 1, id="dropped after delivery"),
        pytest.param("hang-before", 0, id="held open before delivery"),
        pytest.param("timeout-after", 1, id="held open after delivery"),
    ],
)
def test_a_connection_breaks_before_or_after_the_delivery(
    stage: Stage, kind: str, delivered: int
) -> None:
    user = stage.person()
    stage.control("faults", endpoint="push", kind=kind, ms=60)

    with pytest.raises((HTTPException, ConnectionError)):
        stage.push(user, X_Line_Retry_Key=KEY)

    assert sent(stage) == delivered
    assert stage.read("calls")["entries"][-1]["status"] == 0
    assert stage.push(user, X_Line_Retry_Key=KEY).status == (409 if delivered else 200)


def test_a_held_call_ends_when_the_client_gives_up(stage: Stage) -> None:
    stage.control("faults", endpoint="info", kind="hang-before", ms=60_000)
    parts = urlsplit(stage.stand_in.url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=0.05)

    connection.request("GET", "/v2/bot/info", headers={"Authorization": f"Bearer {TOKEN}"})

    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()

    start = perf_counter()
    while not stage.read("calls")["entries"]:
        assert perf_counter() - start < 3


def test_a_slow_call_is_answered_late_but_well(stage: Stage) -> None:
    user = stage.person()
    stage.control("faults", endpoint="push", kind="slow", ms=80)
    start = perf_counter()

    answer = stage.push(user)

    assert answer.status == 200
    assert perf_counter() - start >= 0.08


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"endpoint": "push", "kind": "fire"}, "kind must be one of"),
        ({"endpoint": "pusch", "kind": "500"}, "endpoint must be one of"),
        ({"endpoint": "push", "kind": "500", "times": 0}, "times must be 1 or more"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    stage: Stage, order: dict[str, object], told: str
) -> None:
    answer = stage.ask("POST", "/stand-in/faults", order)

    assert answer.status == 400
    assert told in answer.body["error"]
