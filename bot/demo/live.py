"""The demonstration with a page: the bot follows the stand-in's clock, which a person moves."""

import itertools
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from bot.demo import sample, story
from bot.demo.line_world import LineWorld
from bot.demo.processes import running
from bot.demo.story import Play
from bot.desk import Desk
from bot.wiring import build, line_client
from bot.worker import tick
from messages_th import demo_words as words

ROUND_SECONDS = 0.3
SCENES_BEFORE = 3
"""Scenes that are over when the page opens: everybody has joined."""


def play_live(tell: Callable[[str], None], *, port: int, ended: threading.Event) -> None:
    """Serve the page on that port of this machine, and work, until `ended` is set.

    Raises:
        DidNotStartError: when a process does not start, such as on a port in use.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ita-bot-") as folder,
        running(Path(folder) / "demo.sqlite3", line_port=port) as demo,
    ):
        engine = build(demo.settings).engine
        sample.load(engine)
        world, line = LineWorld(demo.line_url), line_client(demo.settings)
        desk = Desk.of(demo.settings)
        stage = Play(world, engine, sample.IN_FORCE_AT)
        story.meet(stage)
        first = itertools.islice(story.scenes(), SCENES_BEFORE)
        for _ in story.play(first, stage, lambda at: tick(engine, line, at=at, desk=desk)):
            pass
        codes = {
            agency: sample.officer_code(engine, agency, now=stage.now) for agency in words.NEWCOMERS
        }
        tell(words.where_to_go(demo.line_url, codes))
        while not ended.wait(ROUND_SECONDS):
            tick(engine, line, at=world.clock(), desk=desk)
        engine.dispose()
