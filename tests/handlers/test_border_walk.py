"""Nothing of one province reaches another: every command, button, message, file and export walked.

All that is written freely in Lamphun bears a mark.  People of every role in Chiang Mai ask for
everything there is, tap every kind of button with Lamphun's ids, and are sent what is due; an
operator asks the terminal about Chiang Mai.  No mark may show up, and no row of Lamphun change.
A command, kind of button, message or file that has no line here fails the walk.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.clock import bangkok_date
from handlers import dispatch
from handlers.postback import (
    REPORTABLE,
    ActButton,
    AnyButton,
    ApprovalButton,
    DutyButton,
    EvidenceButton,
    JoinButton,
    PlanButton,
    encode,
)
from handlers.turn import Event, Happening, Pressed, Source, TextSaid
from messages_th.words import Command, understand
from store import evidence, files
from store.database import Engine, transaction
from store.models import Topic
from store.types import (
    ActTap,
    DraftId,
    DutyId,
    DutyState,
    EvidenceKind,
    Fetch,
    JoinRequestId,
    NewEvidence,
    PersonId,
    PlanTap,
)
from tests.bot.queue_rows import messages
from tests.databases import Databases
from tests.factories import NOON
from tests.fakes import Drawer
from tests.scenarios.acting import spoken
from tests.scenarios.facts import Facts, Row, activity_of, look, of_province
from tests.scenarios.two_provinces import (
    HERE,
    HERES,
    MARK,
    MARKS,
    STRANGER,
    THERE,
    THERES,
    TWO_PROVINCES,
)
from tests.stage import Stage, plain, user_id

ASKERS = ("นภา", "นายก", "ดา", "สมศรี", "ตรวจ", "ดู", STRANGER)
"""Each role of Chiang Mai, and nobody known."""
IN_GROUP = ("นภา", "สมศรี", STRANGER)
PHRASES: dict[Command, tuple[str, ...]] = {
    Command.DUE: ("สัปดาห์นี้มีอะไรต้องส่ง", "เดือนนี้มีอะไรต้องส่ง"),
    Command.OVERDUE: ("งานค้าง",),
    Command.MY_STATUS: ("สถานะ", "สถานะ ทต.อุโมงค์"),
    Command.AREA_STATUS: ("ภาพรวม", "ภาพรวม จ.ลำพูน", f"ภาพรวม อ.เมือง{MARK}"),
    Command.WHO_IS_LATE: ("ใครยังไม่ส่ง", "ใครยังไม่ส่ง 1"),
    Command.REPORT: ("เสร็จ 1 ทต.อุโมงค์", "ติดปัญหา 3 ทต.อุโมงค์ ไฟดับ", "เสร็จ 3"),
    Command.ACTIVITY: ("รายละเอียด 1", "รายละเอียด 2", "รายละเอียด 3", "รายละเอียด 4"),
    Command.REGISTER: ("ลงทะเบียน",),
    Command.APPROVE: ("อนุมัติ", "อนุมัติ 2 ทต.อุโมงค์"),
    Command.RETURN: ("ส่งกลับ 2 ทต.อุโมงค์ ไม่ตรง",),
    Command.UNDO: ("ยกเลิก 2 ทต.อุโมงค์", "ยกเลิก 1 ทต.อุโมงค์"),
    Command.CONTACT: ("ติดต่อผู้ประสานงาน",),
    Command.HELP: ("ช่วยเหลือ",),
    Command.HISTORY: ("ประวัติ", "ประวัติ 1", "ประวัติ ทต.อุโมงค์"),
    Command.MOVE_ACTIVITY: ("เลื่อนข้อ 3 เป็น 5 - 20 ม.ค. 67",),
    Command.EDIT_ACTIVITY: ("ตัดข้อ 4 ออก",),
    Command.PLAN_DRAFT: ("ร่างแผน",),
    Command.PLAN_DOUBTS: ("ข้อสงสัย",),
    Command.CONFIRM_PLAN: ("ยืนยันร่างแผน",),
    Command.UNDO_PLAN: ("ย้อนแผน",),
    Command.COPY_PLAN: ("คัดลอกแผนปีหน้า",),
    Command.CANCEL_PLAN: ("ยกเลิกร่างแผน",),
    Command.CORRECT_FIGURE: ("แก้ตัวเลข 2 ทต.อุโมงค์ เป็น 48",),
    Command.REVIEW: ("สอบทาน 2 ทต.อุโมงค์", "สอบทาน 2"),
    Command.REVIEWS_DUE: ("รอสอบทาน", "รอสอบทาน 4"),
    Command.REOPEN: ("เปิดใหม่ 2 ทต.อุโมงค์ ผิด",),
    Command.ANSWER_STUCK: ("ตอบ 3 ทต.อุโมงค์ ไฟมาแล้ว", "ตอบ 3 ไฟมาแล้ว"),
    Command.WHO_IS_STUCK: ("ใครติดปัญหา",),
    Command.SETTINGS: ("ตั้งค่า",),
    Command.GIVE_EVIDENCE: ("หลักฐาน 1 ทต.อุโมงค์ https://example.go.th/a",),
    Command.SHOW_EVIDENCE: ("ดูหลักฐาน 1 ทต.อุโมงค์", "ดูหลักฐาน 1"),
    Command.REQUIRE_EVIDENCE: ("ข้อ 4 ต้องมีหลักฐาน",),
    Command.REQUIRE_NO_EVIDENCE: ("ข้อ 4 ไม่ต้องมีหลักฐาน",),
    Command.INVITE: ("ออกรหัส ทต.อุโมงค์", f"ออกรหัสอำเภอ เมือง{MARK}"),
    Command.INVITE_ALL: ("ออกรหัสทุกหน่วยงาน",),
    Command.JOIN: ("ขอเข้าร่วม ทต.อุโมงค์",),
    Command.MY_NAME: ("ชื่อของฉัน สมปอง ใจดี",),
    Command.JOIN_REQUESTS: ("ใครขอเข้าร่วม",),
    Command.HAND_OVER: (
        *(f"ส่งมอบงาน {each}" for each in ("ทต.อุโมงค์", f"อ.เมือง{MARK}", "ผู้ประสานงานจังหวัด")),
        *(f"ส่งมอบงาน รายการ {post}" for post in range(14, 19)),
    ),
    Command.LEAVE_POST: ("ออกจากหน้าที่", "ยืนยันออกจากหน้าที่ รายการ 14"),
    Command.RELIEVE: (
        *(f"พ้นหน้าที่ {each}" for each in ("ทต.อุโมงค์", f"อ.เมือง{MARK}", "ผู้ประสานงานจังหวัด")),
        *(f"ยืนยันพ้นหน้าที่ รายการ {post}" for post in range(14, 18)),
    ),
    Command.ERASE_ME: ("ลบข้อมูลของฉัน",),
    Command.REMINDER_SETTINGS: ("ตั้งค่าการเตือน", "ตั้งค่าการเตือน ครึ่งทาง 60"),
    Command.HOLIDAYS: ("วันหยุด", "เพิ่มวันหยุด 16 กุมภาพันธ์ 2567"),
    Command.PROMISE: ("ขอเลื่อนเตือนข้อ 3 ทต.อุโมงค์ ถึง 20 มกราคม", "ขอเลื่อนเตือนข้อ 3 ถึง 20 มกราคม"),
    Command.QUIET: (
        "งดเตือน ทต.อุโมงค์ ถึง 31 มกราคม เพราะ ย้ายสำนักงาน",
        "พักการเตือนทั้งหมด ถึง 10 มกราคม เพราะ น้ำท่วม",
    ),
    Command.RESUME: ("เตือนต่อ ทต.อุโมงค์", "เตือนต่อทั้งหมด"),
    Command.WHY_REMINDED: ("ทำไมเตือน",),
    Command.WHY_NOT_REMINDED: ("ทำไมไม่เตือน ทต.อุโมงค์", "ทำไมไม่เตือน ทต.อุโมงค์ ข้อ 3"),
    Command.WHO_HAS_JOINED: ("ใครยังไม่ลงทะเบียน", f"ใครยังไม่ลงทะเบียน อ.เมือง{MARK}"),
}
OF_ANY_PROVINCE = {Command.JOIN}
"""Who is known nowhere asks to join wherever they like."""
BEFORE = (
    ("อุ่น", f"ติดปัญหา 3 ของหายจากห้อง{MARK}"),
    ("ประธาน", f"ส่งกลับ 2 ตัวเลข{MARK}"),
    ("อุ่น", "เสร็จ 2"),
    ("อุ่น", f"หลักฐาน 1 https://example.go.th/{MARK}"),
    ("ลำ", f"ตอบ 3 ทต.อุโมงค์ ไปที่ห้อง{MARK}"),
    ("อุ่น", f"เสร็จ 4 ขั้นที่ 1 https://example.go.th/{MARK}"),
    ("ลำ", f"เปลี่ยนชื่อข้อ 3 เป็น ชี้แจง/ยืนยันผลใหม่{MARK}"),
)
"""What is done in Lamphun first, so that there is something to tell."""
JOINS = "ขอเข้าร่วม ทต.อุโมงค์"
"""What somebody asks in Lamphun, who waits to be let in."""
MOVED = ("เลื่อนข้อ 1 เป็น 5 - 25 ม.ค. 67", "ยืนยันร่างแผน")
"""After people were reminded: they get a correction."""
ALL = "all provinces"
TERMINAL: dict[str, tuple[str, ...]] = {
    "verify-record": ("--province", HERE),
    "export-record": ("FILE", "--province", HERE),
    "people": ("--province", HERE),
    "find-agency": ("ทต.อุโมงค์", "--province", HERE),
    "plan-versions": ("--province", HERE, "--fiscal-year", "2567"),
    "edit-plan": ("--province", HERE, "--fiscal-year", "2567", "--set", "1 window=8 - 20 ม.ค. 67"),
    "undo-plan": ("--province", HERE, "--fiscal-year", "2567"),
    "copy-plan": ("--province", HERE, "--fiscal-year", "2567"),
    "import-plan": ("PLAN", "--province", HERE, "--fiscal-year", "2567"),
    "import-agencies": ("AGENCIES", "--province", HERE),
    "set-province": ("--province", HERE, "--one-person-approves", "yes"),
    "invite": ("--province", HERE, "--role", "officer", "--agency", "ทต.อุโมงค์"),
    "invite-all": ("--province", HERE, "--out", "FILE.xlsx"),
    **dict.fromkeys(
        (
            "read-plan",
            "when",
            "understand",
            "run",
            "web",
            "work",
            "tick",
            "migrate",
            "parked",
            "doctor",
            "backup",
            "restore",
            "demo",
            "demo-script",
        ),
        (ALL,),
    ),
}
"""What an operator asks about Chiang Mai; `ALL` where a command is about no one province."""
EXAMPLES = {
    "PLAN": "handlers/plan_files/samples/chiangmai-2567.txt",
    "AGENCIES": "handlers/plan_files/samples/agencies-chiangmai.csv",
}


def _duty_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for duty, revision, _ in there.duties:
        yield from (DutyButton(state, duty, revision) for state in REPORTABLE)


def _approval_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for duty, _, report in there.duties:
        yield from (ApprovalButton(approves, duty, report) for approves in (True, False))


def _plan_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for draft in there.drafts:
        yield from (PlanButton(tap, DraftId(draft["id"]), draft["revision"]) for tap in PlanTap)


def _act_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for duty, _, report in there.duties:
        yield from (ActButton(tap, duty, report) for tap in ActTap)


def _evidence_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for duty, _, _ in there.duties:
        yield EvidenceButton(duty, EvidenceKind.PHOTO, "1234", ".jpg")


def _join_buttons(there: "Theirs") -> Iterator[AnyButton]:
    for request in there.requests:
        yield from (JoinButton(admits, request) for admits in (True, False))


BUTTONS: dict[type, Callable[["Theirs"], Iterator[AnyButton]]] = {
    DutyButton: _duty_buttons,
    ApprovalButton: _approval_buttons,
    PlanButton: _plan_buttons,
    ActButton: _act_buttons,
    EvidenceButton: _evidence_buttons,
    JoinButton: _join_buttons,
}


@dataclass(frozen=True, slots=True)
class Theirs:
    """What there is of Lamphun to be tapped for."""

    duties: list[tuple[DutyId, int, int]]
    """Some, with the revision of the activity and the newest report."""
    drafts: list[Row]
    requests: list[JoinRequestId]

    @staticmethod
    def of(facts: Facts, rows: dict[str, list[Row]]) -> "Theirs":
        newest = {report["duty_id"]: report["id"] for report in rows["report"]}
        duties = [
            (
                DutyId(duty["id"]),
                activity_of(facts, duty)["revision"],
                newest.get(duty["id"], 0),
            )
            for duty in rows["duty"]
        ]
        requests = [JoinRequestId(each["id"]) for each in rows["join_request"]]
        return Theirs(duties[:3], rows["plan_draft"], requests)


@dataclass
class Walk:
    """Somebody goes through everything; `found` is where a mark of Lamphun showed up."""

    engine: Engine
    now: datetime = NOON
    number: int = 0
    found: list[str] = field(default_factory=list)

    def tell(self, who: str, group: str, happening: Happening) -> str:
        self.number += 1
        self.now += timedelta(seconds=1)
        event = Event(
            f"walk-{self.number}", Source(user_id(who), group), "token", self.now, happening
        )
        with transaction(self.engine) as session:
            outcome = dispatch.answer(
                session,
                event,
                now=self.now,
                today=bangkok_date(self.now),
                files=Drawer(),
                bot_id="",
            )
        return spoken(outcome.answer)

    def say(self, who: str, words: str, group: str = "") -> str:
        return self.tell(who, group, TextSaid(words, mentions_bot=False))

    def asked(self, who: str, words: str, group: str) -> None:
        self.look_at(f"{who}: {words}", self.say(who, words, group), allowed=words)

    def look_at(self, where: str, text: str, *, allowed: str = "") -> None:
        self.found += [f"{where}: {text}" for m in MARKS if m in text and m not in allowed]


@pytest.fixture
def walk(databases: Databases) -> Walk:
    made = Walk(databases.fresh(TWO_PROVINCES))
    for who, words in BEFORE:
        said = made.say(who, words)
        assert "เลขที่" in said or "ร่างแผน" in said, said
    for words in (JOINS, JOINS, f"สมปอง{MARK} ปลัด"):
        said = made.say("สมปอง", words)
    assert "ส่งคำขอแล้ว" in said, said
    return made


def there_id(facts: Facts) -> int:
    return next(int(each["id"]) for each in facts.all("province") if each["name"] == THERE)


def of_lamphun(engine: Engine) -> tuple[Facts, dict[str, list[Row]]]:
    facts = look(engine)
    return facts, of_province(facts, there_id(facts))


def test_the_walk_goes_past_every_command_button_file_and_terminal_command() -> None:
    understood = {
        command: {said.command for p in phrases if (said := understand(p, in_group=False))}
        for command, phrases in PHRASES.items()
    }

    assert understood == {command: {command} for command in Command}
    assert set(BUTTONS) == set(get_args(AnyButton))
    assert set(TERMINAL) == set(main.commands)
    assert set(FILES) == set(Fetch)


def test_whoever_asks_and_taps_for_whatever_of_another_province_learns_and_changes_nothing(
    walk: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    facts, before = of_lamphun(walk.engine)
    buttons = [each for make in BUTTONS.values() for each in make(Theirs.of(facts, before))]

    for who in ASKERS:
        for group in ("", HERES) if who in IN_GROUP else ("",):
            asked = PHRASES.keys() - (OF_ANY_PROVINCE if who == STRANGER else set())
            for words in (each for command in asked for each in PHRASES[command]):
                walk.asked(who, words, group)
            for button in buttons:
                said = walk.tell(who, group, Pressed(encode(button)))
                walk.look_at(f"{who} {button}", said)

    assert walk.found == []
    assert of_lamphun(walk.engine)[1] == before
    assert [m for m in MARKS if m in caplog.text] == []
    assert len(buttons) > 20


def test_what_is_sent_by_itself_speaks_of_another_province_to_nobody(walk: Walk) -> None:
    stage = Stage(walk.engine, now=walk.now)
    _, before = of_lamphun(walk.engine)
    theirs = {user_id(who) for who in ("อุ่น", "ประธาน", "อำนวย", "ลำ", "ชูใจ")}

    # Who taps what is not theirs is told in private.
    duty = before["duty"][0]["id"]
    stage.tap("ลำ", encode(DutyButton(DutyState.DONE, DutyId(duty), 1)), THERES)
    for day in range(8):
        if day == 4:
            for words in MOVED:
                stage.say("ลำ", words)
                stage.say("สมศรี", words)
        stage.tick()
        stage.later(days=4)

    pushes = [(to, plain(m)) for how, to, ms in stage.line.sent if how == "push" for m in ms]
    for to, text in pushes:
        if to not in theirs:
            walk.look_at(to, text)
    queued = {each.topic for each in messages(walk.engine) if each.line_to in theirs}
    assert walk.found == []
    assert any(MARK in text for to, text in pushes if to in theirs)
    assert queued >= SENT_BY_ITSELF
    assert {r["id"] for r in before["report"]} == {
        r["id"] for r in of_lamphun(walk.engine)[1]["report"]
    }


SENT_BY_ITSELF = set(Topic) - {Topic.ANSWER}
"""All of it must have been sent to somebody of Lamphun in this walk."""


def _downloads(engine: Engine, person: PersonId) -> list[int]:
    with transaction(engine) as session:
        until = NOON + timedelta(days=1)
        return [files.add_download(session, person, "0" * 32, "a", "text/csv", expires_at=until)]


def _pieces(engine: Engine, person: PersonId) -> list[int]:
    _, rows = of_lamphun(engine)
    duty = DutyId(rows["duty"][0]["id"])
    given = NewEvidence(EvidenceKind.PHOTO, "1", "1" * 32, "image/jpeg", 10, "ab" * 32)
    with transaction(engine) as session:
        kept = evidence.add(session, duty, person, given, at=NOON)
    assert kept is not None
    return [kept.evidence_id]


FILES: dict[Fetch, Callable[[Engine, PersonId], list[int]]] = {
    Fetch.DOWNLOAD: _downloads,
    Fetch.EVIDENCE: _pieces,
}
"""How a file of each kind comes to be somebody's of Lamphun; returns the rows."""


@pytest.mark.parametrize("what", Fetch)
def test_a_link_for_anybody_of_here_opens_no_file_of_another_province(
    walk: Walk, what: Fetch
) -> None:
    facts = look(walk.engine)
    person = {each["line_user_id"]: PersonId(each["id"]) for each in facts.all("person")}
    rows = FILES[what](walk.engine, person[user_id("อุ่น")])

    with transaction(walk.engine) as session:
        opened = {
            who: [
                dispatch.kept_file(session, what, row, person[user_id(who)], now=NOON)
                for row in rows
            ]
            for who in (*ASKERS[:-1], "อุ่น")
        }

    assert opened.pop("อุ่น") != [None] * len(rows)
    assert {tuple(each) for each in opened.values()} == {(None,) * len(rows)}


def test_the_terminal_tells_of_the_province_asked_about_alone(
    walk: Walk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, before = of_lamphun(walk.engine)
    url = walk.engine.url.render_as_string(hide_password=False)
    exported = tmp_path / "record.csv"
    answers: dict[str, Any] = {}

    for command, arguments in TERMINAL.items():
        if arguments == (ALL,):
            continue
        given = [EXAMPLES.get(each, each).replace("FILE", str(exported)) for each in arguments]
        result = CliRunner().invoke(main, [command, *given], env={"DATABASE_URL": url})
        answers[command] = result.exit_code
        allowed = " ".join(given)
        walk.look_at(command, result.output + result.stderr, allowed=allowed)
    walk.look_at("the export", exported.read_text("utf-8"))

    assert walk.found == []
    assert of_lamphun(walk.engine)[1] == before
    assert 2 not in answers.values(), answers
    assert [m for m in MARKS if m in caplog.text] == []
