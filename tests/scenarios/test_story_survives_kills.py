"""The story of January 2567 told by a bot whose processes are killed at every step.

The worker is a forked process that kills itself (SIGKILL) at its n-th point: before and after
each commit, before and after each call to LINE.  It is started again until a round ends by
itself, with n one higher each time, so that every point of every round is passed in pieces.
The webhook dies too, and LINE redelivers what it did not hear.
"""

import itertools
import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.clock import BANGKOK
from bot.demo import sample, story
from bot.demo.line_world import LineWorld
from bot.demo.processes import Running, running, webhook
from bot.demo.story import Play, Scene
from bot.sending import Line, Sent
from bot.settings import Settings
from bot.wiring import build, line_client
from bot.worker import tick
from store.database import Engine

RANDOM = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=· )[0-9a-f]{12}\b")
MOST_POINTS = 500
STATEMENTS: dict[Any, Any] = {}
QUIET_STEP = 5
WEB_DIES_IN = ("chatter", "week")
"""Scenes with one event each, which comes while the webhook is dead."""


class PointCounter:
    """Counts the points passed and kills this process at the chosen one."""

    def __init__(self, last: int) -> None:
        self._left = last

    def passed(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalLine:
    """The real client, with a point before and after every call."""

    def __init__(self, line: Line, points: PointCounter) -> None:
        self._line, self._points = line, points

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        return self._between(lambda: self._line.reply(reply_token, messages))

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        return self._between(lambda: self._line.push(to, messages, retry_key))

    def _between(self, call: Callable[[], Sent]) -> Sent:
        self._points.passed()
        sent = call()
        self._points.passed()
        return sent


def test_killed_at_every_point_the_story_ends_the_same(told: list[Any], tmp_path: Path) -> None:
    starts = itertools.count()
    with ExitStack() as stack:
        demo, stage = stack.enter_context(staged(tmp_path))
        deaths = Deaths(stack, demo, tmp_path / "web.log")

        def work(at: datetime) -> None:
            stage.engine.dispose()
            # Quiet days are alike: each passes only some of the points, another day the others.
            is_quiet = at.astimezone(BANGKOK).time() == story.MORNING
            points = 1 + next(starts) % QUIET_STEP if is_quiet else 1
            while not survives(demo.settings, at, points):
                points += QUIET_STEP if is_quiet else 1
                next(starts)
                assert points < MOST_POINTS

        scenes = (deaths.before_the_200(scene) for scene in story.scenes())
        for _ in story.play(scenes, stage, work):
            pass
        ledger = said(stage.world)

    assert deaths.count == len(WEB_DIES_IN)
    assert next(starts) > 100
    assert ledger == told


class Deaths:
    """Kills the webhook just before somebody speaks, starts it anew and lets LINE redeliver."""

    def __init__(self, stack: ExitStack, demo: Running, log: Path) -> None:
        self._stack, self._demo, self._log = stack, demo, log
        self._web = demo.web
        self.count = 0

    def before_the_200(self, scene: Scene) -> Scene:
        if scene.title not in WEB_DIES_IN:
            return scene
        return Scene(scene.title, scene.at, lambda stage: self._act(stage, scene), scene.check)

    def _act(self, stage: Play, scene: Scene) -> None:
        os.killpg(self._web.pid, signal.SIGKILL)
        self._web.wait()
        before = len(stage.world.read("deliveries")["entries"])
        scene.act(stage)
        unheard = stage.world.read("deliveries")["entries"][before:]
        self._web = self._stack.enter_context(webhook(self._demo.env, self._log))
        for webhook_event_id in (each for delivery in unheard for each in delivery["events"]):
            again = stage.world.act("redeliver", webhookEventId=webhook_event_id)
            assert again["delivered"]["status"] == 200
            self.count += 1


def opened(settings: Settings) -> Engine:
    """Open the database with the statements compiled so far: a new process is a fork of this."""
    return build(settings).engine.execution_options(compiled_cache=STATEMENTS)


def survives(settings: Settings, at: datetime, points: int) -> bool:
    """Let a new process do one round and die at that point; whether it came to the end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            counter = PointCounter(points)
            engine = opened(settings)
            event.listen(engine, "commit", counter.passed)
            event.listen(engine, "checkin", counter.passed)
            tick(engine, MortalLine(line_client(settings), counter), at=at)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert not (os.WIFEXITED(status) and os.WEXITSTATUS(status)), "the round itself failed"
    return os.WIFEXITED(status)


@contextmanager
def staged(folder: Path) -> Iterator[tuple[Running, Play]]:
    with running(folder / "demo.sqlite3") as demo:
        engine = opened(demo.settings)
        sample.load(engine)
        stage = Play(LineWorld(demo.line_url), engine, sample.IN_FORCE_AT)
        story.meet(stage)
        yield demo, stage
        engine.dispose()


def said(world: LineWorld) -> list[Any]:
    """Return all that LINE took from the bot, in order.

    Without the codes and the digests of the record, as both come from random numbers.
    """
    return [
        (each["endpoint"], each["chat"], RANDOM.sub("RANDOM", str(each["messages"])))
        for each in world.ledger()
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """What the bot says when nothing happens to it."""
    with staged(tmp_path_factory.mktemp("calm")) as (demo, stage):
        line = line_client(demo.settings)
        for _ in story.play(story.scenes(), stage, lambda at: tick(stage.engine, line, at=at)):
            pass
        return said(stage.world)
