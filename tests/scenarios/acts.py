"""Everything that people do to the bot, as a table: a new act is a line or two here.

An act is drawn by dice without a look at the database.  What it means there (which duty, which
report, which draft) is looked up when it is done, so that it fits whatever has happened before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from handlers.postback import (
    REPORTABLE,
    ActButton,
    ApprovalButton,
    DutyButton,
    EvidenceButton,
    JoinButton,
    PlanButton,
    encode,
)
from handlers.turn import (
    BotJoined,
    Followed,
    Happening,
    MembersJoined,
    MembersLeft,
    PhotoSent,
    Pressed,
    Received,
    TextSaid,
    Unfollowed,
    Unsent,
)
from store.types import ActTap, DraftId, DutyId, DutyState, EvidenceKind, JoinRequestId, PlanTap
from tests.scenarios.facts import Facts, Row, activity_of
from tests.scenarios.two_provinces import NUMBERS, PEOPLE, STRANGER


class Doing(Protocol):
    """Something done, as drawn."""

    def happening(self, facts: Facts, user: str, /) -> Happening:
        """Return what reaches the bot of it, done by that LINE user as things stand."""


@dataclass(frozen=True, slots=True)
class Say:
    """Something said."""

    text: str

    def happening(self, _: Facts, __: str, /) -> Happening:
        return TextSaid(self.text, mentions_bot=False)


@dataclass(frozen=True, slots=True)
class Tap:
    """A button for a duty's state, the newest one or one of before the plan was changed."""

    state: DutyState
    duty: int
    is_stale: bool = False

    def happening(self, facts: Facts, user: str) -> Happening:
        duty = meant(facts, user, self.duty)
        revision = activity_of(facts, duty)["revision"] - self.is_stale
        return Pressed(encode(DutyButton(self.state, DutyId(duty["id"]), revision)))


@dataclass(frozen=True, slots=True)
class Judge:
    """An executive's button: for the report that waits, for an older one, or for none."""

    approves: bool
    duty: int
    age: int

    def happening(self, facts: Facts, user: str) -> Happening:
        waiting = [each for each in facts.all("duty") if each["state"] == DutyState.REPORTED]
        duty = waiting[self.duty % len(waiting)] if waiting else meant(facts, user, self.duty)
        reports = [each["id"] for each in facts.all("report") if each["duty_id"] == duty["id"]]
        report = sorted([0, *reports], reverse=True)[min(self.age, len(reports))]
        return Pressed(encode(ApprovalButton(self.approves, DutyId(duty["id"]), report)))


@dataclass(frozen=True, slots=True)
class Unsend:
    """A message is taken back by which its sender gave evidence, or another one."""

    which: int

    def happening(self, facts: Facts, user: str) -> Happening:
        persons = {each["id"] for each in facts.all("person") if each["line_user_id"] == user}
        own = [each for each in facts.all("evidence") if each["person_id"] in persons]
        found = own[self.which % len(own)]["line_message_id"] if own else "999"
        return Unsent(found)


@dataclass(frozen=True, slots=True)
class Admit:
    """A button that lets in who asked to join, or refuses: the newest request or one before."""

    admits: bool
    age: int

    def happening(self, facts: Facts, _: str) -> Happening:
        requests = [0, *sorted(each["id"] for each in facts.all("join_request"))]
        request = requests[max(0, len(requests) - 1 - self.age)]
        return Pressed(encode(JoinButton(self.admits, JoinRequestId(request))))


@dataclass(frozen=True, slots=True)
class PressAct:
    """A button about the report that stands on a duty, about an older one, or about none."""

    tap: ActTap
    duty: int
    age: int

    def happening(self, facts: Facts, user: str) -> Happening:
        duty = meant(facts, user, self.duty)
        reports = [each["id"] for each in facts.all("report") if each["duty_id"] == duty["id"]]
        report = sorted([0, *reports], reverse=True)[min(self.age, len(reports))]
        return Pressed(encode(ActButton(self.tap, DutyId(duty["id"]), report)))


@dataclass(frozen=True, slots=True)
class PressEvidence:
    """A button that says for which duty a photo is."""

    duty: int
    message_id: str
    taken: Received

    def happening(self, facts: Facts, user: str) -> Happening:
        duty = DutyId(meant(facts, user, self.duty)["id"])
        button = EvidenceButton(duty, EvidenceKind.PHOTO, str(int(self.message_id, 16))[:18], "")
        return Pressed(encode(button), taken=self.taken)


@dataclass(frozen=True, slots=True)
class PressDraft:
    """A button of a draft of a plan, of whomever's, as it stands or as it stood."""

    tap: PlanTap
    draft: int
    is_stale: bool
    number: int

    def happening(self, facts: Facts, _: str) -> Happening:
        drafts = list(facts.all("plan_draft"))
        if not drafts:
            return Pressed(encode(PlanButton(self.tap, DraftId(1), 1)))
        draft = drafts[-1 - self.draft % len(drafts)]
        revision = draft["revision"] - self.is_stale
        return Pressed(encode(PlanButton(self.tap, DraftId(draft["id"]), revision, self.number)))


@dataclass(frozen=True, slots=True)
class Event:
    """An event without words."""

    value: Any

    def happening(self, _: Facts, __: str, /) -> Happening:
        found: Happening = self.value
        return found


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is typed: a made-up one, or the one that was handed out last."""

    text: str

    def happening(self, facts: Facts, _: str) -> Happening:
        return TextSaid(self.text.format(code=facts.newest_code), mentions_bot=False)


@dataclass(frozen=True, slots=True)
class OfPost:
    """What is said of a post by its number: of an own one, or of whomever's."""

    text: str
    post: int
    is_own: bool

    def happening(self, facts: Facts, user: str) -> Happening:
        persons = {each["id"] for each in facts.all("person") if each["line_user_id"] == user}
        posts = list(facts.all("post"))
        own = [each for each in posts if each["person_id"] in persons]
        chosen = own if own and self.is_own else posts
        row = chosen[self.post % len(chosen)]["id"]
        return TextSaid(self.text.format(row=row), mentions_bot=False)


ASKED = (
    "ดูหลักฐาน {n}{of}",
    "ใครยังไม่ลงทะเบียน",
    "ประวัติ",
    "ประวัติ {n}{of}",
    "สถานะ{of}",
    "ภาพรวม",
    "ใครยังไม่ส่ง",
    "สัปดาห์นี้มีอะไรต้องส่ง",
    "งานค้าง",
    "รายละเอียดข้อ {n}",
    "ร่างแผน",
    "ช่วยเหลือ",
    "สวัสดี",
)


Draw = Callable[[Random], Doing]


def said(*words: str, **blanks: Sequence[str]) -> Draw:
    """Return what says one of the lines, each blank filled with one of its fillings."""
    return lambda dice: Say(
        dice.choice(words).format(**{name: dice.choice(fits) for name, fits in blanks.items()})
    )


def tap(*states: DutyState, is_stale: bool = False) -> Draw:
    """Return what taps the button for one of the states, of any duty."""
    return lambda dice: Tap(dice.choice(states), dice.randrange(40), is_stale)


def judge(dice: Random) -> Doing:
    """Tap a button of an executive's card, mostly one of a report that waits."""
    return Judge(dice.random() < 0.5, dice.randrange(40), dice.choice((0, 0, 0, 1, 9)))


def send_photo(dice: Random) -> Doing:
    """Send a photo, fetched and found to be one; for a duty by a button, else for what waits."""
    number = f"{dice.getrandbits(128):032x}"
    taken = Received(number, "image/jpeg", 10, number * 2)
    if dice.random() < 0.5:
        return Event(PhotoSent(number, taken=taken))
    return PressEvidence(dice.randrange(40), number, taken)


def press_act(dice: Random) -> Doing:
    """Tap a button about one report: reviewed, opened again, answered."""
    return PressAct(dice.choice(list(ActTap)), dice.randrange(40), dice.choice((0, 0, 0, 1, 9)))


def press_draft(dice: Random) -> Doing:
    """Tap a button of a draft, most often the one that puts it in force."""
    taps = (*PlanTap, *(PlanTap.CONFIRM,) * 5)
    return PressDraft(dice.choice(taps), dice.randrange(2), dice.random() < 0.2, dice.randrange(3))


def of_post(*words: str) -> Draw:
    """Return what says one of the lines of a post, most often of an own one."""
    return lambda dice: OfPost(dice.choice(words), dice.randrange(40), dice.random() < 0.6)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act: how often it is done, mostly by whom, and what draws it."""

    weight: int
    often_by: Sequence[str]
    draw: Draw


OFFICERS = ("นภา", "ปิติ", "ชูใจ", "ควบ", "อุ่น", "ดา", "อำนวย")
EXECUTIVES = ("นายก", "นายก", "นายก", "ควบ", "ประธาน", "ประธาน")
COORDINATORS = ("สมศรี", "สมศรี", "สมศรี", "ลำ", "ลำ")
NUMBER = ("2", "1", "4 ขั้นที่ 1", "4 ขั้นที่ 2", "3", "4", "1,2", "1,2,3", "9")
FOR = ("", "", "", "", "", " ทต.แม่แรม", " ทต.ริมใต้", " ทต.เวียงฝาง", " ทต.อุโมงค์", " เทศบาลตำบลอุโมงค์")
EDITS = ("เลื่อนข้อ {n} เป็น {to}", "เลื่อนข้อ {n} เป็น {to}", "เปลี่ยนชื่อข้อ {n} เป็น งานใหม่", "ตัดข้อ {n} ออก")
DAYS = ("5 - 20 ม.ค. 67", "1 - 29 ก.พ. 67")
OF_DRAFTS = ("ยืนยันร่างแผน", "ยืนยันร่างแผน", "ยกเลิกร่างแผน", "ย้อนแผน", "คัดลอกแผนปีหน้า")
CODES = ("ลงทะเบียน ABCD-1234", "ผูกกลุ่ม ABCD-1234", "ลงทะเบียน", "ผูกกลุ่ม {code}", "ลงทะเบียน {code}")
HAPPENS = (
    Followed(),
    Unfollowed(),
    BotJoined(),
    MembersJoined(("U1",)),
    MembersLeft(("U1",)),
    PhotoSent(),
    *map(Pressed, ("1:done:999999:1", "1:done:1", "9:x", "1:approve:1:x", "")),
)

ACTS: dict[str, Kind] = {
    "done": Kind(3, OFFICERS, said("เสร็จ {n}{of}", n=NUMBER, of=FOR)),
    "doing": Kind(1, OFFICERS, said("กำลังทำ {n}{of}", n=NUMBER, of=FOR)),
    "stuck": Kind(1, OFFICERS, said("ติดปัญหา {n}{of} ไฟดับ", "ติดปัญหา {n}{of}", n=NUMBER, of=FOR)),
    "not needed": Kind(
        1, OFFICERS, said("ไม่ต้องดำเนินการ {n}{of} ยืนยันผลเดิม", n=("3", "3", "1"), of=FOR)
    ),
    "a tap": Kind(4, OFFICERS, tap(DutyState.DONE, *REPORTABLE)),
    "a stale tap": Kind(1, OFFICERS, tap(*REPORTABLE, is_stale=True)),
    "undo": Kind(3, ("สมศรี", "ลำ", *OFFICERS), said("ยกเลิก {n}{of}", n=NUMBER, of=FOR)),
    "judge": Kind(3, EXECUTIVES, judge),
    "judge by words": Kind(
        2,
        EXECUTIVES,
        said("อนุมัติ {n}{of}", "ส่งกลับ {n}{of} ไม่ตรง", "ส่งกลับ {n}", "อนุมัติ", n=NUMBER, of=FOR),
    ),
    "edit the plan": Kind(2, COORDINATORS, said(*EDITS, n=NUMBERS, to=DAYS)),
    "the draft": Kind(2, COORDINATORS, said(*OF_DRAFTS)),
    "press a draft": Kind(2, COORDINATORS, press_draft),
    "a number": Kind(
        2,
        OFFICERS,
        said("เสร็จ {n} จำนวน 45 ชุด", "เสร็จ {n} https://example.go.th/a", n=NUMBERS),
    ),
    "correct": Kind(2, ("สมศรี", *OFFICERS), said("แก้ตัวเลข {n}{of} เป็น 48", n=NUMBERS, of=FOR)),
    "review": Kind(
        2, ("ตรวจ", "ตรวจ", "สมศรี"), said("สอบทาน {n}{of}", "รอสอบทาน", n=NUMBERS, of=FOR[4:])
    ),
    "reopen": Kind(
        2, COORDINATORS, said("เปิดใหม่ {n}{of} ผิด", "เปิดใหม่ {n}{of}", n=NUMBERS, of=FOR[4:])
    ),
    "answer": Kind(2, COORDINATORS, said("ตอบ {n}{of} ไฟมาแล้ว", "ใครติดปัญหา", n=NUMBERS, of=FOR)),
    "settings": Kind(1, COORDINATORS, said("ตั้งค่า", "ตั้งค่า อนุมัติคนเดียวได้", "ตั้งค่า อนุมัติคนเดียวไม่ได้")),
    "a button of an act": Kind(2, ("ตรวจ", "สมศรี", "ลำ"), press_act),
    "evidence": Kind(
        2,
        OFFICERS,
        said("หลักฐาน {n}{of}", "หลักฐาน {n}{of} https://example.go.th/b", n=NUMBERS, of=FOR),
    ),
    "a file": Kind(2, OFFICERS, send_photo),
    "unsent": Kind(1, OFFICERS, lambda dice: Unsend(dice.randrange(3))),
    "evidence needed": Kind(
        1, COORDINATORS, said("ข้อ {n} ต้องมีหลักฐาน", "ข้อ {n} ไม่ต้องมีหลักฐาน", n=NUMBERS)
    ),
    "join": Kind(
        3,
        (STRANGER,),
        said("ขอเข้าร่วม{of}", "ขอเข้าร่วมผู้บริหาร{of}", *("สมปอง ใจดี ปลัดเทศบาล",) * 3, of=FOR[5:]),
    ),
    "invite": Kind(
        1, COORDINATORS, said("ออกรหัส{of}", "ออกรหัสผู้บริหาร{of}", "ใครขอเข้าร่วม", of=FOR[5:])
    ),
    "admit": Kind(2, COORDINATORS, lambda dice: Admit(dice.random() < 0.7, dice.randrange(2))),
    "ask": Kind(3, (), said(*ASKED, n=NUMBERS, of=FOR)),
    "hand over": Kind(
        2,
        ("สมศรี", *OFFICERS),
        of_post("ส่งมอบงาน รายการ {row}", "ส่งมอบงาน รายการ {row}", "ส่งมอบงาน"),
    ),
    "take over": Kind(2, (STRANGER, "ดู"), lambda _: Code("ลงทะเบียน {code}")),
    "leave": Kind(
        1,
        ("สมศรี", "สมศรี", *OFFICERS),
        of_post("ยืนยันออกจากหน้าที่ รายการ {row}", "ยืนยันพ้นหน้าที่ รายการ {row}", "พ้นหน้าที่ รายการ {row}"),
    ),
    "a code": Kind(1, ("สมศรี", "ลำ", STRANGER), lambda dice: Code(dice.choice(CODES))),
    "anything else": Kind(1, (), lambda dice: Event(dice.choice(HAPPENS))),
}
"""Every act by name."""
KINDS = [kind for kind in ACTS.values() for _ in range(kind.weight)]


def drawn(dice: Random) -> tuple[str, Doing]:
    """Draw who acts and what they do: half of the time it is somebody who often does that."""
    kind = dice.choice(KINDS)
    by = kind.often_by if kind.often_by and dice.random() < 0.6 else PEOPLE
    return dice.choice(by), kind.draw(dice)


def meant(facts: Facts, user: str, number: int) -> Row:
    """Return the duty that a number stands for: an even one for one of the user's own agencies."""
    persons = {each["id"] for each in facts.all("person") if each["line_user_id"] == user}
    own = {each["agency_id"] for each in facts.all("post") if each["person_id"] in persons}
    duties = list(facts.all("duty"))
    some = [each for each in duties if each["agency_id"] in own]
    chosen = some if some and number % 2 == 0 else duties
    return chosen[number // 2 % len(chosen)]
