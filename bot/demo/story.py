"""The story of January and February 2567: scenes in order, and what must be said in each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clock import BANGKOK, bangkok_date
from bot.demo import sample
from bot.demo.line_world import LineWorld
from handlers.holiday_calendar import working_calendar
from messages_th import demo_words as words
from store.database import Engine

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


class StoryError(Exception):
    """The bot said what it must not, or did not say what it must: a bug."""


@dataclass
class Play:
    """A story being played: the world outside, and who is who in it."""

    world: LineWorld
    engine: Engine
    now: datetime
    people: dict[str, str] = field(default_factory=dict)
    group: str = ""
    heard: dict[str, int] = field(default_factory=dict)

    def news(self, person: str) -> str:
        """Return all that the bot has said in the person's 1:1 chat since the last scene."""
        return self._news(self.people[person])

    def group_news(self) -> str:
        """Return all that the bot has said in the group since the last scene."""
        return self._news(self.group) if self.group else ""

    def close_scene(self) -> None:
        """Let what was said so far be old."""
        for chat in self.chats():
            self.heard[chat] = len(self.world.chat(chat))

    def chats(self) -> list[str]:
        """Return the ids of all chats, the group first."""
        return [*([self.group] if self.group else []), *self.people.values()]

    def say(self, person: str, text: str, *, in_group: bool = False) -> None:
        """Let somebody write."""
        self.world.act("say", userId=self.people[person], text=text, **self._place(in_group))

    def tap(self, person: str, label: str, *, in_group: bool = False, near: str = "") -> None:
        """Let somebody tap the newest button with that label, `near` being a text before it."""
        place = self._place(in_group) | ({"near": near} if near else {})
        self.world.act("tap", userId=self.people[person], label=label, **place)

    def _place(self, in_group: bool) -> dict[str, Any]:  # noqa: FBT001 - private
        return {"groupId": self.group} if in_group else {}

    def _news(self, chat: str) -> str:
        entries = self.world.chat(chat)[self.heard.get(chat, 0) :]
        return "\n".join(entry["text"] for entry in entries if entry["from"] == "bot")


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens at one moment (Bangkok time), and what must be true when the bot is done."""

    title: str
    at: datetime
    act: Callable[[Play], None] = lambda _: None
    check: Callable[[Play], None] = lambda _: None


def play(
    scenes: Iterator[Scene], stage: Play, work: Callable[[datetime], object]
) -> Iterator[Scene]:
    """Play the scenes one by one: clock, act, the bot's work, check; yield each when it is over.

    Raises:
        StoryError: when a check fails.
    """
    for scene in scenes:
        stage.now = scene.at
        stage.world.set_clock(scene.at)
        scene.act(stage)
        work(scene.at)
        scene.check(stage)
        yield scene
        stage.close_scene()


def meet(stage: Play) -> None:
    """Bring the people of the story into the stand-in; nobody has met the bot yet."""
    for name in (words.COORDINATOR, *words.OFFICERS, words.STRANGER):
        made = stage.world.act("people", displayName=name, friend=False)
        stage.people[name] = made["userId"]


def scenes() -> Iterator[Scene]:
    """Return the whole story, a round of reminders on every working day included."""
    by_day: dict[date, list[Scene]] = {}
    for scene in _told():
        by_day.setdefault(bangkok_date(scene.at), []).append(scene)
    day, last = min(by_day), max(by_day)
    while day <= last:
        told = by_day.get(day, [])
        morning = datetime.combine(day, MORNING, BANGKOK)
        if working_calendar(day).is_working_day(day) and not any(s.at == morning for s in told):
            told = sorted([*told, Scene("day", morning)], key=lambda scene: scene.at)
        yield from told
        day += timedelta(days=1)


MORNING = time(8, 30)


def _told() -> Iterator[Scene]:
    yield Scene("invite", _at(3, "08:00"), _invite, _check_invited)
    yield Scene("bind", _at(3, "08:10"), _bind, _check_bound)
    yield Scene("join", _at(3, "08:15"), _join, _check_joined)
    yield Scene("opens", _at(3, "08:30"), check=_check_opened)
    yield Scene("chatter", _at(3, "09:00"), _chat, _check_silent)
    yield Scene("ask", _at(3, "09:05"), _ask_in_group)
    yield Scene("ask", _at(3, "09:06"), _report_by_quick_reply, _check_acknowledged)
    yield Scene("others", _at(3, "09:10"), _others_tap, _check_others)
    yield Scene("typed", _at(10, "14:00"), _type_reports)
    yield Scene("week", _at(29, "10:00"), _ask_in_private, _check_week)
    yield Scene("last_day", _at(31, "08:30"), check=_check_last_day)
    yield Scene("report_last", _at(31, "15:40"), _report_on_last_day)
    yield Scene("overdue", _at(1, "08:30", month=2), check=_check_overdue)
    yield Scene("digest", _at(5, "08:30", month=2), check=_check_digest)
    yield Scene("digest", _at(5, "08:45", month=2), _ask_who_is_late)
    yield Scene("move", _at(5, "09:00", month=2), _move_a_date, _check_preview)
    yield Scene("move", _at(5, "09:05", month=2), _confirm_the_move, _check_corrected)


def _at(day: int, clock: str, *, month: int = 1) -> datetime:
    return datetime.combine(date(2024, month, day), time.fromisoformat(clock), BANGKOK)


def _invite(stage: Play) -> None:
    stage.world.act("follow", userId=stage.people[words.COORDINATOR])
    stage.say(words.COORDINATOR, sample.coordinator_code(stage.engine, now=stage.now))


def _check_invited(stage: Play) -> None:
    _must(CODE.search(stage.news(words.COORDINATOR)), "the coordinator gets a group code")


def _bind(stage: Play) -> None:
    members = list(stage.people.values())
    made = stage.world.act("groups", name=words.GROUP, members=members, botInside=False)
    stage.group = made["groupId"]
    stage.world.act("join", groupId=stage.group)
    entries = stage.world.chat(stage.people[words.COORDINATOR])
    told = "\n".join(entry["text"] for entry in entries if entry["from"] == "bot")
    code = CODE.search(told)
    if code is not None:
        stage.say(words.COORDINATOR, f"{words.BIND} {code.group()}", in_group=True)


def _check_bound(stage: Play) -> None:
    _must(words.PROVINCE in stage.group_news(), "the group is told its province")


def _join(stage: Play) -> None:
    for name, agency in words.OFFICERS.items():
        stage.world.act("follow", userId=stage.people[name])
        stage.say(name, sample.officer_code(stage.engine, agency, now=stage.now))
    stage.say(words.COORDINATOR, words.DONE_BEFORE)


def _check_joined(stage: Play) -> None:
    for name in words.OFFICERS:
        agency = name[name.index("(") + 1 : -1]
        _must(agency in stage.news(name), f"{name} is registered")


def _check_opened(stage: Play) -> None:
    for name in (words.COORDINATOR, *words.OFFICERS):
        news = stage.news(name)
        _must(words.OPEN_NOW in news and words.NUMBER_THREE in news, f"{name} hears of the opening")
    _must(not stage.news(words.STRANGER), "a stranger hears nothing")


def _chat(stage: Play) -> None:
    stage.say(words.LATE, words.HAPPY_NEW_YEAR, in_group=True)


def _check_silent(stage: Play) -> None:
    _must(not stage.group_news(), "chatter is not answered")


def _ask_in_group(stage: Play) -> None:
    stage.say(words.EARLY, words.THIS_WEEK, in_group=True)


def _report_by_quick_reply(stage: Play) -> None:
    stage.tap(words.EARLY, words.QUICK_DONE_THREE, in_group=True)


def _check_acknowledged(stage: Play) -> None:
    _must(words.ACKNOWLEDGED_FIRST in stage.group_news(), "the report is acknowledged")


def _others_tap(stage: Play) -> None:
    for name in (words.LAST_MINUTE, words.STRANGER, words.EARLY):
        stage.tap(name, words.DONE_BUTTON, in_group=True, near=words.NUMBER_THREE)


def _check_others(stage: Play) -> None:
    news = stage.group_news()
    for said in (words.NOT_REGISTERED, words.ALREADY):
        _must(said in news, f"the group reads: {said}")
    _must(words.NOT_YOURS not in news, "nobody is corrected before the others")
    _must(words.NOT_YOURS in stage.news(words.LAST_MINUTE), "who tapped amiss reads it in private")
    _must(words.TWO_DONE not in news, "nobody's tap counts for another")


def _type_reports(stage: Play) -> None:
    stage.say(words.EARLY, words.DONE_FIVE)
    stage.say(words.COORDINATOR, words.DONE_OFFICE)


def _ask_in_private(stage: Play) -> None:
    stage.say(words.LAST_MINUTE, words.THIS_WEEK)


def _check_week(stage: Play) -> None:
    _must(words.NUMBER_THREE in stage.news(words.LAST_MINUTE), "what is due is answered")


def _check_last_day(stage: Play) -> None:
    for name in (words.LAST_MINUTE, words.LATE):
        news = stage.news(name)
        _must(words.LAST_DAY in news and words.NUMBER_THREE in news, f"{name} is reminded")
    for name in (words.EARLY, words.COORDINATOR):
        _must(words.NUMBER_THREE not in stage.news(name), f"{name} has reported: not reminded")


def _report_on_last_day(stage: Play) -> None:
    stage.say(words.LAST_MINUTE, words.DONE_BOTH)
    stage.say(words.LATE, words.STUCK)


def _check_overdue(stage: Play) -> None:
    _must(words.OVERDUE in stage.news(words.LATE), "who is late is told so")
    for name in (words.EARLY, words.LAST_MINUTE):
        _must(words.OVERDUE not in stage.news(name), f"{name} is not late")


def _check_digest(stage: Play) -> None:
    digest = stage.news(words.COORDINATOR)
    _must(words.DIGEST in digest, "the coordinator gets the digest")
    _must(words.LATE_AGENCY in digest, "the digest names the late")
    _must(words.EARLY_AGENCY not in digest, "the digest does not name who is done")


def _ask_who_is_late(stage: Play) -> None:
    stage.say(words.COORDINATOR, words.WHO_IS_LATE, in_group=True)
    stage.say(words.LATE, words.STATUS)
    stage.say(words.LATE, words.HELP)


def _move_a_date(stage: Play) -> None:
    stage.say(words.COORDINATOR, words.MOVE_THREE)


def _check_preview(stage: Play) -> None:
    _must(words.MOVED in stage.news(words.COORDINATOR), "the coordinator sees what would move")
    _must(not stage.news(words.LATE), "nobody is told before it is confirmed")


def _confirm_the_move(stage: Play) -> None:
    stage.tap(words.COORDINATOR, words.CONFIRM)


def _check_corrected(stage: Play) -> None:
    _must(words.IN_FORCE in stage.news(words.COORDINATOR), "the plan is in force")
    for name in words.OFFICERS:
        corrections = stage.news(name).count(words.CORRECTION)
        _must(corrections == 1, f"{name} was told the old date: one correction")


def _must(holds: object, what: str) -> None:
    if not holds:
        raise StoryError(f"The story failed: {what}.")
