"""The bench kit works: each part in seconds, none of the long runs."""

import json
import re
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bot.line_in import Signatures, split_batch
from tests.bench import bodies, outbox, planning, plans, taps
from tests.bench.__main__ import BENCHES, main, run
from tests.bench.figures import Figure, How, percentile, table
from tests.bench.fuzz import answer_status
from tests.bench.load import answer_end, drive
from tests.bench.mutate import Mutator
from tests.bench.processes import TOKEN, Running, counts, ledger, listening, quick_line
from tests.factories import NOON

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trivial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("trivial") / "log"
    with listening(log, {}, "tests.bench.trivial") as server:
        yield server


@pytest.fixture
def line(tmp_path: Path) -> Iterator[str]:
    with quick_line(tmp_path) as url:
        yield url


def call(url: str, path: str, body: object, *, token: str = TOKEN, key: str = "") -> int:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=10)
    head = {"Authorization": f"Bearer {token}"} | ({"X-Line-Retry-Key": key} if key else {})
    try:
        connection.request("POST", f"/v2/bot/message/{path}", json.dumps(body), head)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_load_client_counts_every_answer_once(trivial: Running) -> None:
    requests = bodies.text_requests(0, 200)

    result = drive(trivial.port, requests, connections=4, seconds=30)

    assert (result.answered, result.unanswered) == ({"200": 200}, 0)
    assert 0 < result.p50_ms <= result.p99_ms <= result.longest_ms


def test_the_load_client_stops_when_its_time_is_over(trivial: Running) -> None:
    requests = bodies.text_requests(0, 20)

    result = drive(trivial.port, requests, connections=2, seconds=0)

    assert result.ok == 2


def test_the_load_client_tells_of_requests_that_got_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.listen(0)
        port = deaf.getsockname()[1]

        result = drive(port, bodies.text_requests(0, 1), connections=1, seconds=-15)

    assert (result.ok, result.unanswered) == (0, 1)


@pytest.mark.parametrize(
    ("answer", "end", "closes"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", None, False, id="half a head"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no", None, False, id="half"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 40, False, id="whole"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            57,
            True,
            id="closing",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            52,
            False,
            id="chunks",
        ),
    ],
)
def test_the_end_of_an_answer_is_found(*, answer: bytes, end: int | None, closes: bool) -> None:
    assert answer_end(answer) == (end, closes)


def test_bodies_are_signed_all_different_and_as_long_as_the_baseline() -> None:
    requests = bodies.text_requests(7, 50)

    kept = []
    for request in requests:
        head, _, body = request.partition(b"\r\n\r\n")
        signed = re.search(rb"X-Line-Signature: (\S+)", head)
        assert signed is not None
        assert Signatures([bodies.SECRET]).is_signed(body, signed[1].decode())
        assert 560 <= len(body) <= 580
        kept += split_batch(body, received_at=NOON)[0]
    assert len({event.webhook_event_id for event in kept}) == 50


def test_the_readme_echo_answers_what_is_signed_and_refuses_the_rest(tmp_path: Path) -> None:
    body = bodies.compact(bodies.text(1, "สวัสดี"))
    with listening(tmp_path / "log", {}, "tests.bench.echo", "--threads", "2") as echo:
        signed = answer_status(bodies.http_request(body), echo.port)
        foreign = answer_status(bodies.http_request(body, secret="another"), echo.port)

    assert (signed, foreign) == (200, 400)


def test_the_minimal_line_takes_a_push_once_and_a_reply_token_once(line: str) -> None:
    push = {"to": bodies.user_id(1), "messages": [{"type": "text", "text": "ก"}]}
    reply = {"replyToken": "t", "messages": []}

    pushed = [call(line, "push", push, key="k") for _ in range(2)]
    replied = [call(line, "reply", reply) for _ in range(2)]
    foreign = call(line, "push", push, token="another")

    assert (pushed, replied, foreign) == ([200, 409], [200, 400], 401)
    assert [(e["endpoint"], e["to"], e["key"]) for e in ledger(line)] == [
        ("push", bodies.user_id(1), "k"),
        ("reply", "", "t"),
    ]
    assert counts(line)["accepted"] == 2


def test_the_fuzz_makes_the_same_odd_requests_from_the_same_seed() -> None:
    users = [bodies.user_id(1), bodies.user_id(2)]

    one, same, other = (Mutator(seed, users, at=0) for seed in (1, 1, 2))
    made = [one.next() for _ in range(1_000)]

    assert made == [same.next() for _ in range(1_000)]
    assert made != [other.next() for _ in range(1_000)]
    assert {"sound", "field", "batch", "chunked"} <= {odd.what for odd in made}


def test_officers_tap_and_each_is_acknowledged_once() -> None:
    figures = list(taps.tapped("sqlite", 9, 1.0, workers=1))

    of_time, *of_facts = figures
    assert of_time.measured != "0.000 s"
    assert [figure.ok for figure in of_facts] == [True] * 3, table(figures)


def test_a_worker_drains_what_waits_and_each_message_is_sent_once() -> None:
    figures = list(outbox.drained("sqlite", 10, workers=1))

    of_time, *of_facts = figures
    assert "10 messages" in of_time.name
    assert [figure.ok for figure in of_facts] == [True] * 3, table(figures)


def test_a_day_is_decided_for_every_duty_once() -> None:
    figures = list(planning.planned("sqlite", 152, has_officers=True))

    assert "152 messages" in figures[0].name
    assert figures[0].ok, table(figures)


def test_the_table_says_what_was_missed() -> None:
    figures = [
        Figure("rate", "> 5", "4", ok=False),
        Figure("p99", "< 9 ms", "8 ms", ok=True, detail="p50 2 ms"),
        Figure("disk", "", "3 per s"),
    ]

    lines = [line.split() for line in table(figures).splitlines()]

    assert lines[0] == ["what", "asked", "measured", "more"]
    assert lines[2:] == [
        ["rate", ">", "5", "4", "MISSED"],
        ["p99", "<", "9", "ms", "8", "ms", "pass", "p50", "2", "ms"],
        ["disk", "3", "per", "s"],
    ]


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.0, 1)]
)
def test_a_percentile_is_one_of_the_values(*, share: float, value: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_a_bench_that_breaks_off_is_a_figure_missed() -> None:
    def breaks_off(_: How) -> Iterator[Figure]:
        yield Figure("first", "", "1")
        raise OSError("no disk")

    figures = list(run("disk", breaks_off, How()))

    assert [(f.name, f.measured, f.ok) for f in figures] == [
        ("first", "1", None),
        ("disk: runs to its end", "OSError", False),
    ]


def test_an_unknown_bench_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])

    assert ended.value.code == 2
    assert "webhook" in capsys.readouterr().err


def test_every_bench_is_described() -> None:
    text = (ROOT / "docs" / "bench.md").read_text("utf-8")

    described = re.findall(r"^\| `(\w+)` \|", text, re.M)

    assert described == list(BENCHES)


@pytest.mark.parametrize("name", list(plans.CAREFUL))
def test_a_printed_plan_is_read_to_the_last_title_step_and_doubt(name: str) -> None:
    figure = plans.reading(name, (plans.SAMPLES / f"{name}.txt").read_bytes())

    assert figure.ok, figure.detail


@pytest.mark.parametrize(
    ("printed", "instead", "measured"),
    [
        pytest.param("๓๑ มีนาคม", "๓๐ มีนาคม", "17 of 18; 6 doubts", id="another day"),
        pytest.param("- คณะทำงานฯ", "- อปท.", "17 of 18; 6 doubts", id="another party"),
        pytest.param("กันยายน ๒๕๖๖", "ตุลาคม ๒๕๖๖", "17 of 18; 5 doubts", id="a doubt less"),
        pytest.param("\n๑๘\t", "\n๑๗\t", "17 of 18; 6 doubts", id="another number"),
    ],
)
def test_a_plan_that_is_read_otherwise_is_missed(printed: str, instead: str, measured: str) -> None:
    text = (plans.SAMPLES / "chiangmai-2567.txt").read_text("utf-8")

    figure = plans.reading("chiangmai-2567", text.replace(printed, instead).encode())

    assert (figure.ok, figure.measured) == (False, measured)


def test_the_long_sheet_holds_every_row_and_its_reader_tells_what_it_took(tmp_path: Path) -> None:
    sheet = tmp_path / "long.xlsx"
    sheet.write_bytes(plans.long_sheet(101))

    told = plans.read_in_a_process(sheet)

    assert told["rows"] == 100
    assert told["seconds"] > 0
    assert told["peak_mb"] > 0
