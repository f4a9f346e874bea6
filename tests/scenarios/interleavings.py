"""Two acts at once on the same thing, worked by two processes: one of them counts, or both in turn.

An interleaving: a duty is brought to a state, then people act on it nearly at the same time, in
chats of their own, in random order and with small delays, and two real workers work what is kept.
What the record then has must be what some order of the acts leads to; a case names them all.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.sending import Sent
from handlers import record_audit
from handlers.postback import DutyButton, approval_data, encode
from store import agencies
from store.database import Engine, transaction
from store.types import ABOUT_DUTIES, OF_REPORTS, Act, DutyId, DutyState
from tests.bot.queue_rows import keep
from tests.factories import NOON
from tests.fakes import FakeLine
from tests.scenarios.acting import receipts
from tests.scenarios.facts import Facts, Row, activity_of, look
from tests.scenarios.mortals import SLOTS, Crew, Shared
from tests.scenarios.place import Place, place
from tests.scenarios.two_provinces import HERES, put_two_provinces
from tests.stage import plain, user_id

AGENCY = "ทต.แม่แรม"
PATIENCE_SECONDS = 20.0
LOOK_SECONDS, LOSER_SECONDS = 0.003, 1.1
LONGEST_DELAY_SECONDS = 0.02
REPLIES = "replies.jsonl"
CHECK_EVERY = 50
"""Interleavings after which the record is read through."""

DONE_TAP, APPROVE_TAP = "done!", "approve!"
"""Buttons as they stand when the interleaving begins; everything else is said."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who acts: who, in which chat ("" for 1:1), and what they say or tap."""

    who: str
    what: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Who acts at once on activity `number` that stands so, and what may be recorded of it."""

    name: str
    number: str
    state: DutyState
    hands: tuple[Hand, ...]
    right: frozenset[tuple[Act, ...]]
    """Each a list of acts in their order, one of which must be what comes."""
    is_redelivered: bool = False
    """The same event, with one id, comes as often as there are hands."""


def _right(*orders: tuple[Act, ...]) -> frozenset[tuple[Act, ...]]:
    return frozenset(orders)


REPORTED, TAKEN_BACK = Act.REPORTED, Act.TAKEN_BACK
APPROVED, RETURNED = Act.APPROVED, Act.RETURNED
REVIEWED, REOPENED, CORRECTED = Act.REVIEWED, Act.REOPENED, Act.CORRECTED
CASES = (
    Case(
        "one person taps twice, once in the group",
        "1",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP), Hand("นภา", DONE_TAP, HERES)),
        _right((REPORTED,)),
    ),
    Case(
        "one person taps twice in one chat",
        "1",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP), Hand("นภา", DONE_TAP)),
        _right((REPORTED,)),
    ),
    Case(
        "the same tap delivered three times",
        "1",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP),) * 3,
        _right((REPORTED,)),
        is_redelivered=True,
    ),
    Case(
        "two officers of one agency and their district",
        "1",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP), Hand("มานี", DONE_TAP), Hand("ดา", f"เสร็จ 1 {AGENCY}")),
        _right((REPORTED,)),
    ),
    Case(
        "a typed and a tapped report that waits for the executive",
        "2",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP), Hand("มานี", "เสร็จ 2")),
        _right((REPORTED,)),
    ),
    Case(
        "done against the coordinator's undo, nothing reported before",
        "1",
        DutyState.OPEN,
        (Hand("นภา", DONE_TAP), Hand("สมศรี", f"ยกเลิก 1 {AGENCY}")),
        _right((REPORTED,), (REPORTED, TAKEN_BACK)),
    ),
    Case(
        "done again against the coordinator's undo",
        "1",
        DutyState.DONE,
        (Hand("นภา", DONE_TAP), Hand("สมศรี", f"ยกเลิก 1 {AGENCY}")),
        _right((TAKEN_BACK,), (TAKEN_BACK, REPORTED)),
    ),
    Case(
        "two undo the same",
        "1",
        DutyState.DONE,
        (Hand("มานี", "ยกเลิก 1"), Hand("สมศรี", f"ยกเลิก 1 {AGENCY}")),
        _right((TAKEN_BACK,)),
    ),
    Case(
        "two executives approve",
        "2",
        DutyState.REPORTED,
        (Hand("นายก", APPROVE_TAP), Hand("ควบ", APPROVE_TAP)),
        _right((APPROVED,)),
    ),
    Case(
        "one executive approves, the other returns",
        "2",
        DutyState.REPORTED,
        (Hand("นายก", APPROVE_TAP), Hand("ควบ", f"ส่งกลับ 2 {AGENCY} ตัวเลขไม่ตรง")),
        _right((APPROVED,), (RETURNED,)),
    ),
    Case(
        "the officer's undo against the executive's approval",
        "2",
        DutyState.REPORTED,
        (Hand("นภา", "ยกเลิก 2"), Hand("นายก", APPROVE_TAP)),
        _right((TAKEN_BACK,), (APPROVED, TAKEN_BACK)),
    ),
    Case(
        "the officer's undo against the executive's return",
        "2",
        DutyState.REPORTED,
        (Hand("นภา", "ยกเลิก 2"), Hand("นายก", "ส่งกลับ 2 ตัวเลขไม่ตรง")),
        _right((TAKEN_BACK,), (RETURNED,)),
    ),
    Case(
        "a review against the officer's undo",
        "1",
        DutyState.DONE,
        (Hand("ตรวจ", f"สอบทาน 1 {AGENCY}"), Hand("นภา", "ยกเลิก 1")),
        _right((REVIEWED,), (TAKEN_BACK,)),
    ),
    Case(
        "two review the same",
        "1",
        DutyState.DONE,
        (Hand("ตรวจ", f"สอบทาน 1 {AGENCY}"), Hand("สมศรี", f"สอบทาน 1 {AGENCY}")),
        _right((REVIEWED,)),
    ),
    Case(
        "a review against the coordinator's opening it again",
        "1",
        DutyState.DONE,
        (Hand("ตรวจ", f"สอบทาน 1 {AGENCY}"), Hand("สมศรี", f"เปิดใหม่ 1 {AGENCY} ผิด")),
        _right((REOPENED,), (REVIEWED, REOPENED)),
    ),
    Case(
        "a number corrected against a review",
        "1",
        DutyState.DONE,
        (Hand("นภา", "แก้ตัวเลข 1 เป็น 48"), Hand("ตรวจ", f"สอบทาน 1 {AGENCY}")),
        _right((REVIEWED,), (CORRECTED, REVIEWED)),
    ),
    Case(
        "two correct the number",
        "1",
        DutyState.DONE,
        (Hand("นภา", "แก้ตัวเลข 1 เป็น 48"), Hand("มานี", "แก้ตัวเลข 1 เป็น 50")),
        _right((CORRECTED, CORRECTED)),
    ),
    Case(
        "two correct the number alike",
        "1",
        DutyState.DONE,
        (Hand("นภา", "แก้ตัวเลข 1 เป็น 48"), Hand("มานี", "แก้ตัวเลข 1 เป็น 48")),
        _right((CORRECTED,)),
    ),
)
"""What happens at once; a new one is a `Case` more."""


@dataclass
class WritingLine(FakeLine):
    """Takes all, and writes down each reply with its token in a file that all workers share."""

    file: Path = field(default_factory=Path)

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        sent = super().reply(reply_token, messages)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps([reply_token, list(messages)]) + "\n")
        return sent


@dataclass
class Told:
    """What came of the interleavings."""

    orders: Counter[tuple[str, tuple[Act, ...]]] = field(default_factory=Counter)
    """How often each case led to which acts."""
    faults: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many interleavings there were."""
        return self.orders.total()


def interleaved(kind: str, count: int, seed: int) -> Told:
    """Play so many, the cases in turn, with two workers on a database of that kind."""
    told = Told()
    with place(kind) as where:
        engine = where.engine()
        put_two_provinces(engine)
        engine.dispose()
        with _working(where) as crew:
            engine = where.engine()
            try:
                race = _Race(where, engine, crew, random.Random(seed), told)
                for number in range(count):
                    race.run(CASES[number % len(CASES)])
                    if number % CHECK_EVERY == CHECK_EVERY - 1:
                        race.check_record()
                race.check_record()
            finally:
                engine.dispose()
    return told


@contextmanager
def _working(where: Place) -> Iterator[Crew]:
    shared = Shared(where.folder)
    shared.set_clock(NOON)
    (where.folder / REPLIES).touch()
    crew = Crew(where, shared, lambda: WritingLine(file=where.folder / REPLIES))
    for slot in range(SLOTS):
        crew.start(slot, None)
    try:
        yield crew
    finally:
        crew.stop()
        shared.close()


class _Race:
    def __init__(
        self, where: Place, engine: Engine, crew: Crew, chance: random.Random, told: Told
    ) -> None:
        self._where, self._engine, self._crew = where, engine, crew
        self._chance, self._told = chance, told
        self._now, self._number = NOON, 0
        self._replies = where.folder / REPLIES

    def run(self, case: Case) -> None:
        """Bring the duty to its state, let all act at once, and judge what came of it."""
        self._bring_to(case)
        before = look(self._engine)
        events = self._events(case, before)
        self._chance.shuffle(events)
        for each in events:
            self._keep(each)
            time.sleep(self._chance.uniform(0, LONGEST_DELAY_SECONDS) * self._chance.randrange(2))
        self._wait()
        self._judge(case, before, events)

    def check_record(self) -> None:
        """Look whether every province's record is whole and adds up to what stands."""
        with transaction(self._engine) as session:
            for province in agencies.provinces(session):
                found = record_audit.check(session, province)
                self._told.faults += [str(fault) for fault in found.faults]

    def _bring_to(self, case: Case) -> None:
        state = self._state(case)
        if state == DutyState.RETURNED:
            # What was sent back is open again, but is not taken back by anybody.
            self._alone("นภา", f"เสร็จ {case.number}")
        if state != DutyState.OPEN:
            # It may be reviewed by now: that is opened again in so many words alone.
            self._alone("สมศรี", f"เปิดใหม่ {case.number} {AGENCY} ทำอีกครั้ง")
        if case.state is not DutyState.OPEN:
            self._alone("นภา", f"เสร็จ {case.number}")
        stands = self._state(case)
        assert stands == case.state, f"{case.name}: stands {stands}\n{self._crew.log()}"

    def _state(self, case: Case) -> str:
        return str(self._duty(look(self._engine), case)["state"])

    def _alone(self, who: str, words: str) -> None:
        self._keep(self._event(Hand(who, words), words))
        self._wait()

    def _duty(self, facts: Facts, case: Case) -> Row:
        agency = next(each for each in facts.all("agency") if each["name"].endswith("แม่แรม"))
        return next(
            duty
            for duty in facts.all("duty")
            if duty["agency_id"] == agency["id"]
            and activity_of(facts, duty)["number"] == case.number
        )

    def _events(self, case: Case, facts: Facts) -> list[dict[str, Any]]:
        duty = self._duty(facts, case)
        reports = [each["id"] for each in facts.all("report") if each["duty_id"] == duty["id"]]
        revision = activity_of(facts, duty)["revision"]
        newest = max(reports, default=0)
        data = {
            DONE_TAP: encode(DutyButton(DutyState.DONE, DutyId(duty["id"]), revision)),
            APPROVE_TAP: approval_data(DutyId(duty["id"]), newest)(True),  # noqa: FBT003
        }
        events = [self._event(hand, data.get(hand.what, "")) for hand in case.hands]
        return [events[0]] * len(events) if case.is_redelivered else events

    def _event(self, hand: Hand, data: str) -> dict[str, Any]:
        self._number += 1
        self._now += timedelta(milliseconds=10)
        is_tap = hand.what in (DONE_TAP, APPROVE_TAP)
        where = {"type": "group", "groupId": hand.group} if hand.group else {"type": "user"}
        return {
            "webhookEventId": f"race-{self._number}",
            "timestamp": int(self._now.timestamp() * 1000),
            "mode": "active",
            "source": {**where, "userId": user_id(hand.who)},
            "replyToken": f"token-{self._number}",
            **(
                {"type": "postback", "postback": {"data": data}}
                if is_tap
                else {
                    "type": "message",
                    "message": {"type": "text", "id": "1", "text": hand.what},
                }
            ),
        }

    def _keep(self, event: dict[str, Any]) -> None:
        keep(self._engine, event, at=self._now)
        self._pass(0)

    def _wait(self) -> None:
        waiting = (
            "SELECT (SELECT count(*) FROM inbox_event WHERE state = 'waiting')"
            " + (SELECT count(*) FROM outbox_message WHERE reply_token IS NOT NULL"
            " AND state IN ('waiting', 'sending'))"
        )
        start = rung = time.monotonic()
        while self._where.rows(waiting)[0][0]:
            assert time.monotonic() - start < PATIENCE_SECONDS, self._crew.log()
            assert len(self._crew.alive()) == SLOTS, self._crew.log()
            if time.monotonic() - rung > LOSER_SECONDS:
                self._pass(LOSER_SECONDS)
                rung = time.monotonic()
            time.sleep(LOOK_SECONDS)

    def _pass(self, seconds: float) -> None:
        """Let time pass for the workers: one that lost a lock to the other steps aside a while."""
        self._now += timedelta(seconds=seconds)
        self._crew.shared.set_clock(self._now)
        self._crew.ring()

    def _judge(self, case: Case, before: Facts, events: Sequence[dict[str, Any]]) -> None:
        after = look(self._engine)
        known = {each["id"] for each in before.all("record_entry")}
        entries = [each for each in after.all("record_entry") if each["id"] not in known]
        acts = tuple(Act(each["act"]) for each in sorted(entries, key=lambda each: each["number"]))
        self._told.orders[case.name, acts] += 1
        faults = []
        if acts not in case.right:
            faults.append(f"recorded {acts}")
        reports = {each["id"] for each in before.all("report")}
        new = {each["id"] for each in after.all("report")} - reports
        entered = [
            json.loads(each["details"])["report"] for each in entries if each["act"] in OF_REPORTS
        ]
        if sorted(new) != sorted(entered):
            faults.append(f"reports {new}, entered {entered}")
        told = Counter(each["number"] for each in entries if each["act"] in ABOUT_DUTIES)
        said = self._acknowledged(events)
        if said != told:
            faults.append(f"entered {sorted(told)}, acknowledged {sorted(said.elements())}")
        self._told.faults += [f"{case.name}: {each}" for each in faults]

    def _acknowledged(self, events: Sequence[dict[str, Any]]) -> Counter[int]:
        lines = map(json.loads, self._replies.read_text("utf-8").splitlines())
        # LINE takes a token once, whatever a worker has lost track of.
        replies = dict(lines)
        self._replies.write_text("", "utf-8")
        said: Counter[int] = Counter()
        for token in {each["replyToken"] for each in events} & replies.keys():
            said += receipts("\n".join(map(plain, replies[token])))
        return said
