"""Random edits of a plan while reminders are in every state, judged by what LINE accepted alone.

The law: once a change is confirmed no notice of an old date waits; whoever was told another date
than is true now gets exactly one correction, others none; undoing brings the same content back.
What was told is read off the accepted messages, past all that the bot remembers.
"""

import itertools
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text as sql

from bot import outbox as outbox_loop
from bot.clock import bangkok_date
from bot.sending import SendError, Sent, Trouble
from bot.worker import tick
from handlers.holiday_calendar import working_calendar
from handlers.plan_import import changes, drafts
from messages_th.dates import Unreadable, read_window
from store.database import Engine, transaction
from store.types import ActivityDraft, PartyKind, PlanDraft, ProvinceId, Window
from tests.factories import YEAR, make_draft, make_plan, put_province
from tests.stage import Stage, plain, texts, user_id

PLACES = ("แม่แรม", "ริมใต้", "ริมเหนือ", "ขี้เหล็ก")
MOST_ACTIVITIES = 4
"""Times the two agencies of one officer that is what a card shows in full."""
NAMES = tuple("กขคงจฉชซ")
GONE = "gone"
"""Told: nothing is to be done, or no date is set."""

Told = dict[tuple[str, str], str]
"""The last day each user was told of each activity, by its title."""


@dataclass
class MoodyLine:
    """Accepts, loses, refuses and forgets to answer by chance; keeps what it accepted."""

    chance: random.Random
    accepted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    lost: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    is_calm: bool = False

    def reply(self, *_: object) -> Sent:
        return Sent("r", ("1",))

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        if retry_key in self.keys:
            return Sent("r", ("1",))  # 409: accepted before
        fate = 1.0 if self.is_calm else self.chance.random()
        if fate < 0.08:
            raise SendError(Trouble.UNREACHED, "no connection")
        if fate < 0.12:
            raise SendError(Trouble.RATE_LIMIT, "429")
        if fate < 0.17:
            self.lost.append((to, messages[0]))
            raise SendError(Trouble.UNCERTAIN, "500")
        if fate < 0.19 and messages[0]["type"] != "text":
            raise SendError(Trouble.REFUSED, "400")
        self.keys.add(retry_key)
        self.accepted.append((to, messages[0]))
        if fate < 0.24:
            raise SendError(Trouble.UNCERTAIN, "no answer")
        return Sent("r", ("1",))


@dataclass
class Tally:
    """What a run saw; every list but `edits` has to stay empty."""

    edits: Counter[str] = field(default_factory=Counter)
    corrections: int = 0
    stale: list[str] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that breaks the law."""
        return [*self.stale, *self.owed, *self.undone]


class Edits:
    """A small province whose plan is edited again and again."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.chance = random.Random(seed)
        self.stage = Stage(engine)
        self.line = MoodyLine(self.chance)
        self.tally = Tally()
        with transaction(engine) as session:
            self.province: ProvinceId = put_province(session, districts={"แม่ริม": PLACES})
        for name, places in (("นภา", PLACES[:1]), ("มานี", PLACES[:1]), ("ปิติ", PLACES[1:3])):
            for place in places:
                self.stage.officer(name, f"เทศบาลตำบล{place}")
        self.users = [user_id(name) for name in ("นภา", "มานี", "ปิติ")]
        self.rows: list[ActivityDraft] = []
        for name in NAMES[:3]:
            self.rows.append(self._new_row(name))
        self._confirm(make_plan(*self.rows))

    def run(self, edits: int) -> Tally:
        """Edit that many times; most edits are followed by a day's sending, some by none."""
        for _ in range(edits):
            self._live()
            told = self._told()
            tries = self._begin_tries()
            begun = len(self.line.accepted)
            for _ in range(self.chance.choice((1, 1, 1, 2))):
                self._edit()
            self._end_tries(tries)
            told |= self._told(self.line.accepted[begun:])
            self._settle_and_judge(told)
        return self.tally

    def _live(self) -> None:
        """Let some days pass on which reminders are planned, sent, lost and reported on."""
        self.line.is_calm = False
        for _ in range(self.chance.randint(1, 3)):
            self._next_day()
            tick(self.stage.engine, self.line, at=self.stage.now)
            if self.chance.random() < 0.3:
                row = self.chance.choice(self.rows)
                self.stage.say(self.chance.choice(("นภา", "ปิติ")), f"เสร็จ {row.number}")

    def _next_day(self) -> None:
        day = bangkok_date(self.stage.now) + timedelta(days=1)
        self.stage.at(f"{day}T{self.chance.choice(('09', '10', '13'))}:00")

    def _begin_tries(self) -> Sequence[outbox_loop.Ready]:
        calendar = working_calendar(bangkok_date(self.stage.now))
        return outbox_loop.claim(
            self.stage.engine, calendar, now=self.stage.now, most=self.chance.randint(0, 2)
        ).ready

    def _end_tries(self, tries: Sequence[outbox_loop.Ready]) -> None:
        said = [(each, outbox_loop.call(self.line, each)) for each in tries]
        outbox_loop.record(self.stage.engine, said, now=self.stage.now)

    def _edit(self) -> None:
        kinds = [self._move, self._move, self._move, self._drop, self._add, self._hand_over]
        kind = self.chance.choice([*kinds, self._retitle, self._turn_round, self._undo])
        kind()
        self.tally.edits[kind.__name__.strip("_")] += 1
        self.tally.stale += self._stale()

    def _move(self) -> None:
        self._change(window=self._window())

    def _drop(self) -> None:
        if len(self.rows) > 1:
            self.rows.remove(self.chance.choice(self.rows))
        self._confirm(make_plan(*self.rows))

    def _add(self) -> None:
        free = [each for each in NAMES if all(_title(each) != row.title for row in self.rows)]
        if len(self.rows) < MOST_ACTIVITIES:
            self.rows.append(self._new_row(self.chance.choice(free)))
        self._confirm(make_plan(*self.rows))

    def _hand_over(self) -> None:
        kind = self.chance.choice((PartyKind.EVERY_LOCAL, PartyKind.PROVINCIAL_OFFICE))
        row = make_draft(party=kind, party_text=kind.value)
        self._change(parties=row.parties, responsible_text=row.responsible_text)

    def _retitle(self) -> None:
        self._change(window_text=f"พิมพ์ใหม่ครั้งที่ {self.tally.edits.total()}")

    def _turn_round(self) -> None:
        self.chance.shuffle(self.rows)
        self._confirm(make_plan(*self.rows))

    def _undo(self) -> None:
        before = self.before
        with transaction(self.stage.engine) as session:
            held = drafts.of_undo(session, self.province, YEAR, person=None, now=self.stage.now)
            if not isinstance(held, drafts.Waiting):
                return
            self.before = changes.plan_as_draft(session, self.province, YEAR)
            drafts.put_in_force(session, held, now=self.stage.now)
            now = changes.plan_as_draft(session, self.province, YEAR)
        if now != before:
            self.tally.undone.append(f"undone: {now} instead of {before}")
        self.rows = list(now.activities)

    def _change(self, **values: Any) -> None:
        place = self.chance.randrange(len(self.rows))
        self.rows[place] = replace(self.rows[place], **values)
        self._confirm(make_plan(*self.rows))

    def _confirm(self, draft: PlanDraft) -> None:
        with transaction(self.stage.engine) as session:
            before = changes.plan_as_draft(session, self.province, YEAR)
            changes.confirm(session, self.province, YEAR, draft, now=self.stage.now)
            if changes.plan_as_draft(session, self.province, YEAR) != before:
                self.before = before

    def _new_row(self, name: str) -> ActivityDraft:
        used = {row.number for row in self.rows}
        number = next(str(each) for each in range(1, 20) if str(each) not in used)
        return make_draft(number, _title(name), self._window())

    def _window(self) -> Window | None:
        if self.chance.random() < 0.05:
            return None
        first = bangkok_date(self.stage.now) + timedelta(days=self.chance.randint(-20, 20))
        return Window(first, first + timedelta(days=self.chance.randint(0, 30)))

    def _settle_and_judge(self, told: Told) -> None:
        begun, lost = len(self.line.accepted), list(self.line.lost)
        self.line.is_calm = True
        self._next_day()
        while self._correction_waits():
            tick(self.stage.engine, self.line, at=self.stage.now)
            self.stage.later(minutes=20)
            if not f"{self.stage.now:%H}" > "08" or self.stage.now.hour > 8:
                self._next_day()
        said = Counter(
            (to, title)
            for to, message in self.line.accepted[begun:]
            if _is_correction(message)
            for title, _ in _dates(message)
        )
        self.tally.corrections += said.total()
        unsure = self._told(lost)
        true_now = {
            row.title: str(row.window.last) if row.window and _is_theirs(row) else GONE
            for row in self.rows
        }
        for user in self.users:
            for title in map(_title, NAMES):
                was, now = told.get((user, title)), true_now.get(title, GONE)
                wanted = {1} if was is not None and was != now else {0}
                if (user, title) in unsure:
                    wanted = {0, 1}
                if said[user, title] not in wanted:
                    self.tally.owed.append(
                        f"after {self.tally.edits.total()} edits {title}: was told {was},"
                        f" is {now}, got {said[user, title]} corrections"
                    )

    def _told(self, messages: Sequence[tuple[str, dict[str, Any]]] | None = None) -> Told:
        told: Told = {}
        for to, message in self.line.accepted if messages is None else messages:
            for title, day in _dates(message):
                told[to, title] = day
        return told

    def _correction_waits(self) -> bool:
        return (
            self._number(
                "SELECT count(*) FROM outbox_message"
                " WHERE topic = 'correction' AND state IN ('waiting', 'sending')"
            )
            > 0
        )

    def _stale(self) -> list[str]:
        """Count, past our own queries, the notices that wait for what is no longer in force."""
        found = self._number(
            "SELECT count(*) FROM notice"
            " JOIN duty ON duty.id = notice.duty_id JOIN step ON step.id = duty.step_id"
            " JOIN activity ON activity.id = step.activity_id"
            " WHERE notice.outcome = '' AND (activity.removed_at IS NOT NULL"
            "  OR activity.last_on IS NULL OR activity.last_on <> notice.last_on"
            "  OR NOT duty.is_in_force)"
            " AND NOT EXISTS (SELECT 1 FROM outbox_notice JOIN outbox_message"
            "  ON outbox_message.id = outbox_notice.outbox_id"
            "  WHERE outbox_notice.notice_id = notice.id AND (outbox_message.state = 'sending'"
            "   OR outbox_message.state = 'waiting' AND outbox_message.may_have_arrived))"
        )
        return [f"{found} stale notices"] if found else []

    def _number(self, statement: str) -> int:
        with transaction(self.stage.engine) as session:
            return int(session.execute(sql(statement)).scalar_one())


def _title(name: str) -> str:
    """Return a title that is like no other: one that is like another renames it."""
    return f"งาน{name * 9}"


def _is_theirs(row: ActivityDraft) -> bool:
    return row.parties[0].kind is PartyKind.EVERY_LOCAL


def _is_correction(message: dict[str, Any]) -> bool:
    return message["type"] == "text" and plain(message).startswith("🔁")


def _dates(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each activity that a message speaks of, by title, with the last day it tells."""
    if _is_correction(message):
        lines = plain(message).splitlines()[1:]
        return [
            (_title_in(head), _day(line.split("→ ")[1].split(" (")[0]))
            for head, line in zip(lines[::2], lines[1::2], strict=True)
        ]
    lines = texts(message.get("contents", {}))
    return [
        (_title_in(head), _day(_SHORT_DAY.findall(line)[-1]))
        for head, line in itertools.pairwise(lines)
        if "ข้อ" in head and "งาน" in head and _SHORT_DAY.search(line)
    ]


_SHORT_DAY = re.compile(r"[๐-๙]{1,2} \S+\.\S+\. [๐-๙]{2}")


def _title_in(head: str) -> str:
    return head.split(" ")[-1]


def _day(words: str) -> str:
    if words.startswith(("ยกเลิก", "ยังไม่มี")):
        return GONE
    window = read_window(words.removeprefix("ใหม่ "))
    assert not isinstance(window, Unreadable), words
    return str(window.last)
