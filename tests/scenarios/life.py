"""A made-up morning of two provinces as webhook events, the same for the same seed.

People register by code, report by tap and text, take back, follow and block the bot; groups are
joined, bound, left and bound again; there is chatter, kinds of events that do not exist, buttons
of older plans.  What happens in one chat never hangs on what happens in another, as nobody
promises an order between chats: who registers does so in the chat where they go on, and of the
two officers who share an agency ("rivals") either may be the faster, on duties that nobody else
reports.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.clock import read_instant
from handlers.codes import digest
from store import agencies, joining, people
from store.database import Session, transaction
from store.types import AgencyId, Invited, Post, ProvinceId, Role
from tests.factories import make_draft, put_plan, put_province
from tests.scenarios.place import Place

Raw = dict[str, Any]
BEFORE = read_instant("2023-12-01T09:00")
BEGIN = read_instant("2024-01-06T06:00")
"""A Saturday: no reminders come between."""
END = read_instant("2024-01-06T23:00")
PROVINCES = ("เชียงใหม่", "ลำพูน")
NUMBERS = ("1", "2", "3", "4", "5", "6", "7", "8")
TWO_STEPS, CHANGED, REMOVED = "5", "7", "8"
RIVALS_NUMBERS = NUMBERS[:4]
RIVALS = "คู่"
STATES = ("done", "doing", "stuck")
CHATTER = ("สวัสดีค่ะ", "ขอบคุณครับ", "พรุ่งนี้ประชุมกี่โมง", "555", "รับทราบ", "ส่งแล้วนะ", "")
QUESTIONS = ("สถานะ", "สัปดาห์นี้", "เกินกำหนด", "ช่วยเหลือ", "รายละเอียด 3")
REASONS = ("รอเอกสาร", "ระบบล่ม", "ไม่มีคนทำ")


@dataclass(frozen=True, slots=True)
class Button:
    """A button by what it says; which id its duty has depends on the database."""

    agency: str
    number: str
    step: int
    state: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An event without its common fields; `button` becomes the data of a postback."""

    raw: Raw
    button: Button | None = None


@dataclass(slots=True)
class Person:
    """Somebody with what they do next, in the one chat where they do it."""

    user: str
    agency: str
    group: str = ""
    code: str = ""
    """With which they have to register first."""


@dataclass
class Life:
    """All that happens, in the order of its timestamps, and whom it happens to."""

    seed: int
    count: int
    people: list[Person] = field(default_factory=list)
    codes: dict[str, tuple[int, Role | None, str]] = field(default_factory=dict)
    """What each prepared code is good for: province, role, agency."""
    happenings: list[Happening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.agencies = max(4, self.count // 200)
        self._settle()
        self.happenings = [self._stamped(number) for number in range(self.count)]

    def group(self, province: int) -> str:
        """Return the LINE id of the province's group."""
        return f"C{province:032x}"

    def coordinator(self, province: int) -> str:
        """Return the LINE id of who binds the province's group, in the group."""
        return _user(90, province)

    def agency(self, province: int, number: int) -> str:
        """Return the full name of an agency."""
        return f"เทศบาลตำบล{PROVINCES[province]}{number}"

    def put(self, where: Place) -> None:
        """Store provinces, plans, who is known from the beginning, and the codes."""
        engine = where.engine()
        with transaction(engine) as session:
            for number, name in enumerate(PROVINCES):
                self._put_province(session, number, name)
        engine.dispose()

    def events(self, where: Place) -> list[Raw]:
        """Return the events with the buttons of that database's duties."""
        duties = {
            (agency, number, step): (duty, revision)
            for agency, number, step, duty, revision in where.rows(
                "SELECT agency.name, activity.number, step.position, duty.id, activity.revision"
                " FROM duty JOIN agency ON agency.id = duty.agency_id"
                " JOIN step ON step.id = duty.step_id"
                " JOIN activity ON activity.id = step.activity_id"
            )
        }
        return [_with_button(each, duties) for each in self.happenings]

    def _settle(self) -> None:
        for province in range(len(PROVINCES)):
            for number in range(self.agencies):
                user, agency = _user(province, number), self.agency(province, number)
                match number % 3:
                    case 0:
                        self.people.append(Person(user, agency))
                    case 1:
                        self.people.append(Person(user, agency, group=self.group(province)))
                    case _:
                        code = self._code(province, Role.OFFICER, agency)
                        self.people.append(Person(user, agency, code=code))
            for number in (1000, 1001):
                self.people.append(Person(_user(province, number), _rivals(province)))
            for _ in range(max(3, self.count // 250)):
                self._code(province, None, "")

    def _code(self, province: int, role: Role | None, agency: str) -> str:
        number = len(self.codes)
        code = f"A{number // 1000 % 10}B{number // 100 % 10}-{number // 10 % 10}C{number % 10}D"
        self.codes[code] = (province, role, agency)
        return code

    def _put_province(self, session: Session, number: int, name: str) -> None:
        names = [f"{name}{each}" for each in range(self.agencies)] + [f"{RIVALS}{number}"]
        province = put_province(session, name, {"เมือง": tuple(names)})
        first = [make_draft(each, f"งานที่ {each}", None, steps=_steps(each)) for each in NUMBERS]
        put_plan(session, province, *first)
        again = {CHANGED: "งานที่ 7 ฉบับแก้ไข"}
        second = [
            make_draft(each, again.get(each, f"งานที่ {each}"), None, steps=_steps(each))
            for each in NUMBERS
            if each != REMOVED
        ]
        put_plan(session, province, *second)
        by_name = {a.name: a.agency_id for a in agencies.agencies(session, province)}
        mine = [each for each in self.people if each.agency in by_name]
        for each in mine:
            if each.code:
                joining.keep_notice(session, each.user, at=BEGIN)
            else:
                _post(session, each.user, Role.OFFICER, province, by_name[each.agency])
        _post(session, self.coordinator(number), Role.COORDINATOR, province, None)
        for code, (of, role, agency) in self.codes.items():
            if of == number:
                invited = Invited(role, province, None, by_name[agency] if agency else None)
                expires_at = END + timedelta(days=1)
                people.add_invitation(session, digest(code), invited, expires_at=expires_at)

    def _stamped(self, number: int) -> Happening:
        share = (END - BEGIN) * number / (self.count + 1)
        happening = self._chance.choices(list(KINDS), list(KINDS.values()))[0](self)
        common = {
            "webhookEventId": f"01{number:024d}",
            "timestamp": round((BEGIN + share).timestamp() * 1000),
            "mode": "active",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": f"token{number:027d}",
        }
        return Happening({**common, **happening.raw}, happening.button)

    def _somebody(self) -> Person:
        return self._chance.choice(self.people)

    def _is_rival(self, person: Person) -> bool:
        return person.agency.startswith(f"เทศบาลตำบล{RIVALS}")

    def registers(self) -> Happening:
        """A code, right or wrong, in 1:1; who has registered may try again."""
        who = self._somebody()
        code = who.code if who.code and self._chance.random() < 0.9 else "A9B9-9C9D"
        return _text(_one_to_one(who.user), f"ลงทะเบียน {code}")

    def taps(self) -> Happening:
        """A button of the own agency, now and then of another's or of an older plan."""
        who = self._somebody()
        if self._is_rival(who):
            button = Button(who.agency, self._chance.choice(RIVALS_NUMBERS), 1, "done")
            return Happening(_postback(_source(who)), button)
        agency = who.agency
        number = self._chance.choice(NUMBERS)
        step = self._chance.choice((1, 2)) if number == TWO_STEPS else 1
        stale = self._chance.random() < 0.15
        state = self._chance.choice(STATES)
        return Happening(
            _postback(_source(who)), Button(agency, number, step, state, is_stale=stale)
        )

    def taps_anothers(self) -> Happening:
        """A stranger, or an officer of another agency, taps: nothing may come of it."""
        who, other = self._somebody(), self._somebody()
        if who.agency == other.agency:
            who = Person(_user(50, 1), "")
        button = Button(other.agency, "1", 1, "done")
        return Happening(_postback(_one_to_one(who.user)), button)

    def taps_nameless(self) -> Happening:
        """A button tapped in a group by somebody whom LINE does not name."""
        who = self._somebody()
        group = who.group or self.group(0)
        button = Button(who.agency, "2", 1, "done")
        return Happening(_postback({"type": "group", "groupId": group}), button)

    def taps_nonsense(self) -> Happening:
        """Data that no button has."""
        data = self._chance.choice(("", "0:done:1:1", "1:done:999999999:1", "1:done:x:1", "{}", 7))
        return Happening({**_postback(_source(self._somebody())), "postback": {"data": data}})

    def types(self) -> Happening:
        """A typed report."""
        who, number = self._somebody(), self._chance.choice(NUMBERS)
        if self._is_rival(who):
            return _text(_source(who), f"เสร็จ {self._chance.choice(RIVALS_NUMBERS)}")
        step = f" ขั้นตอนที่ {self._chance.choice((1, 2))}" if number == TWO_STEPS else ""
        said = self._chance.choice(
            (
                f"เสร็จ {number}{step}",
                f"กำลังทำ {number}{step}",
                f"ติดปัญหา {number} {self._chance.choice(REASONS)}",
                f"เสร็จ {number},{self._chance.choice(NUMBERS)}",
            )
        )
        return _text(_source(who), said)

    def takes_back(self) -> Happening:
        """An officer takes back a report; in the group a coordinator an agency's there."""
        who = self._somebody()
        if self._is_rival(who):
            return _text(_source(who), "สถานะ")
        number = self._chance.choice(NUMBERS)
        if who.group and self._chance.random() < 0.3:
            province = int(who.group[1:], 16)
            source = {**_group(who.group), "userId": self.coordinator(province)}
            return _text(source, f"ยกเลิก {number} {who.agency}")
        return _text(_source(who), f"ยกเลิก {number}")

    def asks(self) -> Happening:
        """A question."""
        return _text(_source(self._somebody()), self._chance.choice(QUESTIONS))

    def chats(self) -> Happening:
        """Chatter, of people known and unknown."""
        who = self._chance.choice((self._somebody(), Person(_user(50, 2), "")))
        return _text(_source(who), self._chance.choice(CHATTER))

    def follows(self) -> Happening:
        """Adds or blocks the bot."""
        who = self._chance.choice(
            (self._somebody(), Person(_user(51, self._chance.randint(0, 99)), ""))
        )
        kind = self._chance.choice(("follow", "unfollow"))
        return Happening({"type": kind, "source": _one_to_one(who.user), "replyToken": None})

    def group_lives(self) -> Happening:
        """The bot joins or leaves a group, members come and go."""
        province = self._chance.randrange(len(PROVINCES))
        source = _group(self.group(province))
        match self._chance.choice(("join", "leave", "in", "in", "out", "out")):
            case "in":
                return Happening(
                    {"type": "memberJoined", "source": source, "joined": self._members()}
                )
            case "out":
                return Happening({"type": "memberLeft", "source": source, "left": self._members()})
            case kind:
                return Happening({"type": kind, "source": source})

    def binds(self) -> Happening:
        """The coordinator binds the group by code; other codes typed there are void."""
        province = self._chance.randrange(len(PROVINCES))
        source = {**_group(self.group(province)), "userId": self.coordinator(province)}
        codes = [
            each for each, (of, role, _) in self.codes.items() if (of, role) == (province, None)
        ]
        return _text(source, f"ผูกกลุ่ม {self._chance.choice(codes)}")

    def is_strange(self) -> Happening:
        """A kind of event that nobody knows, or one whose fields are of the wrong kind."""
        source = _source(self._somebody())
        return Happening(
            self._chance.choice(
                (
                    {"type": "somethingNew", "source": source, "new": {"a": [1, None]}},
                    {"type": "message", "source": source, "message": {"type": "hologram"}},
                    {"type": "message", "source": source, "message": "เสร็จ 1"},
                    {"type": "message", "source": source, "message": {"type": "text", "text": 5}},
                    {"type": "postback", "source": source, "postback": [1]},
                    {"type": ["message"], "source": source},
                    {"type": "memberJoined", "source": source, "joined": {"members": [5, {}]}},
                    {
                        "type": "message",
                        "source": "nobody",
                        "message": {"type": "text", "text": "สถานะ"},
                    },
                    {**_text(source, "เสร็จ 1").raw, "mode": "standby"},
                    _text(source, "a\ud800\x00b").raw,
                    {"type": "unsend", "source": source, "unsend": {"messageId": "1"}},
                )
            )
        )

    def _members(self) -> Raw:
        count = self._chance.randint(1, 3)
        return {
            "members": [{"type": "user", "userId": self._somebody().user} for _ in range(count)]
        }


KINDS: dict[Callable[[Life], Happening], int] = {
    Life.registers: 6,
    Life.taps: 26,
    Life.taps_anothers: 3,
    Life.taps_nameless: 2,
    Life.taps_nonsense: 2,
    Life.types: 24,
    Life.takes_back: 8,
    Life.asks: 5,
    Life.chats: 10,
    Life.follows: 6,
    Life.group_lives: 3,
    Life.binds: 3,
    Life.is_strange: 4,
}
"""What happens, and how often."""


def noise(chance: random.Random) -> Iterator[Any]:
    """Yield, for ever, what is no event, or says neither who nor when: nothing may come of it."""
    while True:
        yield chance.choice(
            (
                None,
                7,
                "event",
                [],
                {},
                {"type": None},
                {"type": "message", "timestamp": "now", "source": {}},
                {"type": "message", "message": {"type": "text", "text": "เสร็จ 1"}},
                {"type": "follow", "timestamp": True, "source": {"userId": 5}},
                {"webhookEventId": "x" * 200, "type": "join", "timestamp": 10**30},
                {"webhookEventId": "\ud800", "source": {"groupId": None}, "timestamp": -(10**30)},
            )
        )


def _steps(number: str) -> tuple[str, ...]:
    return ("ขั้นแรก", "ขั้นสอง") if number == TWO_STEPS else ()


def _rivals(province: int) -> str:
    return f"เทศบาลตำบล{RIVALS}{province}"


def _user(kind: int, number: int) -> str:
    return f"U{kind:016x}{number:016x}"


def _one_to_one(user: str) -> Raw:
    return {"type": "user", "userId": user}


def _group(group: str) -> Raw:
    return {"type": "group", "groupId": group}


def _source(who: Person) -> Raw:
    return {**_group(who.group), "userId": who.user} if who.group else _one_to_one(who.user)


def _text(source: Raw, text: str) -> Happening:
    message = {"type": "text", "id": "1", "quoteToken": "q", "text": text}
    return Happening({"type": "message", "source": source, "message": message})


def _postback(source: Raw) -> Raw:
    return {"type": "postback", "source": source, "postback": {"data": ""}}


def _with_button(happening: Happening, duties: dict[Any, tuple[int, int]]) -> Raw:
    button = happening.button
    if button is None:
        return happening.raw
    duty, revision = duties[button.agency, button.number, button.step]
    data = f"1:{button.state}:{duty}:{revision - 1 if button.is_stale else revision}"
    return {**happening.raw, "postback": {"data": data}}


def _post(
    session: Session, user: str, role: Role, province: ProvinceId, agency: AgencyId | None
) -> None:
    person = people.keep_person(session, user, at=BEFORE)
    people.give_post(session, person, Post(role, province, None, agency), at=BEFORE)
