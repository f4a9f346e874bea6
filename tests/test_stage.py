"""The stage of our tests is strict: what LINE would refuse fails the test that let it be said."""

from collections.abc import Callable

import pytest

from bot.sending import SendError
from messages_th.parts import Text
from tests.bot.queue_rows import queue
from tests.fakes import FakeLine
from tests.stage import Stage


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda stage: stage.say("นภา", "ช่วยเหลือ"), id="an event"),
        pytest.param(Stage.tick, id="a tick"),
        pytest.param(Stage.work, id="only the queues"),
    ],
)
def test_a_message_beyond_the_limits_of_line_fails_the_test(
    stage: Stage, happens: Callable[[Stage], object]
) -> None:
    queue(stage.engine, "m", at=stage.now, reply_token="token", parts=[Text("")])

    with pytest.raises(AssertionError, match="text"):
        happens(stage)


def test_a_line_that_refused_something_remembers_it() -> None:
    line = FakeLine()

    with pytest.raises(SendError, match="refused"):
        line.push("U1", [{"type": "text", "text": ""}], "key")

    assert [problem["property"] for problem in line.problems] == ["messages[0].text"]
    assert line.sent == []
