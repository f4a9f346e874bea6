"""Plays the story without a screen and prints the whole conversation as people see it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.clock import BANGKOK
from bot.demo import sample, story
from bot.demo.line_world import LineWorld
from bot.demo.processes import running
from bot.demo.story import Play, Scene
from bot.desk import Desk
from bot.wiring import build, line_client
from bot.worker import tick
from messages_th import demo_words as words


def play_story(tell: Callable[[str], None]) -> None:
    """Play the story on a fresh SQLite file; `tell` gets the transcript line by line.

    Raises:
        StoryError: when the bot does not say what it must, or says what it must not.
        DidNotStartError: when a process does not start.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ita-bot-") as folder,
        running(Path(folder) / "demo.sqlite3") as demo,
    ):
        engine = build(demo.settings).engine
        sample.load(engine)
        world, line = LineWorld(demo.line_url), line_client(demo.settings)
        desk = Desk.of(demo.settings)
        stage = Play(world, engine, sample.IN_FORCE_AT)
        story.meet(stage)
        told = 0
        for scene in story.play(
            story.scenes(), stage, lambda at: tick(engine, line, at=at, desk=desk)
        ):
            for text in _scene_lines(stage, scene):
                tell(text)
                told += text.count("\n") + 1
        ledger = world.ledger()
        engine.dispose()
    pushed = sum(entry["billed"] for entry in ledger)
    replied = sum(entry["endpoint"] == "reply" for entry in ledger)
    tell(f"\n{words.END}\n{words.figures(pushed, replied, told)}")


def _scene_lines(stage: Play, scene: Scene) -> list[str]:
    names = {user_id: name for name, user_id in stage.people.items()} | {stage.group: words.GROUP}
    lines = [
        line
        for chat in stage.chats()
        for line in _chat_lines(
            names[chat], chat == stage.group, stage.world.chat(chat)[stage.heard.get(chat, 0) :]
        )
    ]
    if not lines and not words.TITLES[scene.title]:
        return []
    moment = words.moment(scene.at.astimezone(BANGKOK))
    return [f"\n━━ {moment} {words.TITLES[scene.title]}".rstrip(), *lines]


def _chat_lines(name: str, is_group: bool, entries: list[dict[str, Any]]) -> list[str]:  # noqa: FBT001
    if not entries:
        return []
    lines = [f"┌ {name if is_group else f'{words.PRIVATE} {name}'}"]
    for entry in entries:
        speaker = words.BOT if entry["from"] == "bot" else entry["from"]
        lines += _indented(f"{speaker}: {entry['text']}")
        for kind, title in (("buttons", words.BUTTONS), ("quickReplies", words.QUICK_REPLIES)):
            labels = list(dict.fromkeys(button["label"] for button in entry[kind]))
            if labels:
                lines += _indented(f"   {title}: [{'] ['.join(labels)}]")
    return lines


def _indented(text: str) -> list[str]:
    return [f"│ {line}" for line in text.split("\n")]
