"""A file is fetched from LINE's data host alone, within a size and a time, or is told why not."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.line_content import MOST_BYTES, LineContents
from bot.line_out import LineClient
from bot.sending import NoContent, NoContentError
from tests.bot.emulator_stage import TOKEN, Stage, fresh, open_stage

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def line(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def sent(line: Stage, content: str = "a plan") -> str:
    """Let somebody send a file; return the message's id."""
    body = base64.b64encode(content.encode()).decode()
    person = line.person()
    told = line.control("send", userId=person, kind="file", fileName="a.txt", contentBase64=body)
    return str(told["messageId"])


def refusal(contents: LineContents, message_id: str = "1") -> NoContent:
    with pytest.raises(NoContentError) as caught:
        contents.content(message_id)
    return caught.value.why


@contextmanager
def answering(*pieces: bytes, pause: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """Answer each call with these bytes, a pause after each, and hang up; note what was asked."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(65536))
                    try:
                        for piece in pieces:
                            connection.sendall(piece)
                            time.sleep(pause)
                    except OSError:
                        continue  # who asked has hung up

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_the_bytes_of_a_file_come_as_they_were_sent(line: Stage) -> None:
    message_id = sent(line, "แผน\r\n\0")

    read = LineClient(TOKEN, line.stand_in.url).content(message_id)

    assert read == "แผน\r\n\0".encode()


def test_files_are_asked_for_at_their_own_host(line: Stage) -> None:
    message_id = sent(line)

    read = LineClient(TOKEN, "http://127.0.0.1:9", data_host=line.stand_in.url).content(message_id)

    assert read == b"a plan"


def test_a_file_that_line_still_prepares_is_asked_for_again(line: Stage) -> None:
    line.control("options", content_pending_calls=1)
    message_id = sent(line)

    read = LineContents(TOKEN, line.stand_in.url).content(message_id)

    assert read == b"a plan"
    calls = [each["status"] for each in line.read("calls")["entries"]]
    assert calls == [202, 200]


def test_a_file_that_line_never_finishes_is_given_up_in_time(line: Stage) -> None:
    line.control("options", content_pending_calls=1000)
    message_id = sent(line)

    why = refusal(LineContents(TOKEN, line.stand_in.url, patience_seconds=0.2), message_id)

    assert why is NoContent.NOT_NOW


def test_a_file_that_was_unsent_or_never_there_is_gone(line: Stage) -> None:
    message_id = sent(line)
    line.control("unsend", messageId=message_id)
    contents = LineContents(TOKEN, line.stand_in.url)

    assert (refusal(contents, message_id), refusal(contents, "404")) == (NoContent.GONE,) * 2


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        pytest.param("404", NoContent.GONE, id="unknown"),
        pytest.param("500", NoContent.NOT_NOW, id="an error of LINE's"),
        pytest.param("429", NoContent.NOT_NOW, id="too many calls"),
        pytest.param("drop-before", NoContent.NOT_NOW, id="dropped"),
        pytest.param("drop-after", NoContent.NOT_NOW, id="the answer dropped"),
        pytest.param("hang-before", NoContent.NOT_NOW, id="no answer"),
    ],
)
def test_a_call_that_goes_wrong_is_told_and_not_repeated(
    line: Stage, kind: str, why: NoContent
) -> None:
    message_id = sent(line)
    line.control("faults", endpoint="content", kind=kind, times=1, ms=2000)

    told = refusal(LineContents(TOKEN, line.stand_in.url, patience_seconds=0.5), message_id)

    assert told is why
    assert len(line.read("calls")["entries"]) <= 1  # one that hangs is noted when it has ended


def test_a_slow_answer_is_waited_for(line: Stage) -> None:
    message_id = sent(line)
    line.control("faults", endpoint="content", kind="slow", ms=300)

    assert LineContents(TOKEN, line.stand_in.url).content(message_id) == b"a plan"


def test_a_wrong_token_gets_no_bytes(line: Stage) -> None:
    message_id = sent(line)

    assert refusal(LineContents("another", line.stand_in.url), message_id) is NoContent.NOT_NOW


def test_no_more_is_read_than_a_plan_may_have() -> None:
    endless = [b"x" * 1024 * 1024] * (2 * MOST_BYTES // (1024 * 1024))

    with answering(HEAD, b"Connection: close\r\n\r\n", *endless) as (url, _):
        why = refusal(LineContents(TOKEN, url))

    assert why is NoContent.TOO_LARGE


def test_a_body_that_drips_in_is_given_up_in_time() -> None:
    with answering(HEAD, b"\r\n", *[b"x"] * 100, pause=0.05) as (url, _):
        began = time.monotonic()
        why = refusal(LineContents(TOKEN, url, patience_seconds=0.5))

    assert why is NoContent.NOT_NOW
    assert time.monotonic() - began < 4


def test_a_body_that_ends_early_is_not_taken_for_the_file() -> None:
    with answering(HEAD, b"Content-Length: 100\r\n\r\nhalf") as (url, _):
        why = refusal(LineContents(TOKEN, url))

    assert why is NoContent.NOT_NOW


def test_nobody_is_followed_to_another_address() -> None:
    with answering(HEAD, b"Content-Length: 6\r\n\r\nsecret") as (elsewhere, asked_there):
        moved = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n"
        with answering(moved.encode()) as (url, asked):
            why = refusal(LineContents(TOKEN, url))

    assert why is NoContent.NOT_NOW
    assert (len(asked), asked_there) == (1, [])


def test_a_packed_body_is_not_unpacked() -> None:
    packed = b"\x1f\x8b not really"
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    with answering(head + packed) as (url, asked):
        read = LineContents(TOKEN, url).content("7")

    assert read == packed
    assert asked[0].startswith(b"GET /v2/bot/message/7/content HTTP/1.1\r\n")
