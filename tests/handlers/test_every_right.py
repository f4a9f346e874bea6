"""Every command and button goes through the table of rights: who is refused, and what is done."""

from typing import get_args

from handlers.needs import FOR_ANYBODY, NEEDS
from handlers.postback import (
    ActButton,
    AnyButton,
    ApprovalButton,
    DutyButton,
    EvidenceButton,
    JoinButton,
    PlanButton,
    encode,
)
from handlers.turn import Pressed, Received
from messages_th import approval, problems, quiet, review
from messages_th.words import Command, understand
from store.types import (
    ActTap,
    DraftId,
    DutyId,
    DutyState,
    EvidenceKind,
    JoinRequestId,
    PlanTap,
    Role,
)
from tests.databases import Databases
from tests.scenarios.acting import Tally, World, spoken
from tests.scenarios.acts import Event, Say
from tests.scenarios.facts import Facts, activity_of
from tests.scenarios.two_provinces import STRANGER, TWO_PROVINCES

WHO: dict[Role, str] = {
    Role.OFFICER: "นภา",
    Role.EXECUTIVE: "นายก",
    Role.DISTRICT: "ดา",
    Role.COORDINATOR: "สมศรี",
    Role.REVIEWER: "ตรวจ",
    Role.VIEWER: "ดู",
}
ALL = set(Role)
SEE_MANY = {Role.DISTRICT, Role.COORDINATOR, Role.REVIEWER, Role.VIEWER}
COORDINATOR = {Role.COORDINATOR}
ASKED: dict[Command, tuple[str, set[Role]]] = {
    Command.DUE: ("สัปดาห์นี้มีอะไรต้องส่ง", ALL),
    Command.OVERDUE: ("งานค้าง", ALL),
    Command.MY_STATUS: ("สถานะ", ALL),
    Command.ACTIVITY: ("รายละเอียด 1", ALL),
    Command.CONTACT: ("ติดต่อผู้ประสานงาน", ALL),
    Command.HISTORY: ("ประวัติ", ALL),
    Command.AREA_STATUS: ("ภาพรวม", SEE_MANY),
    Command.WHO_IS_LATE: ("ใครยังไม่ส่ง", SEE_MANY),
    Command.REPORT: ("กำลังทำ 3", {Role.OFFICER, Role.DISTRICT}),
    Command.UNDO: ("ยกเลิก 9 ทต.แม่แรม", {Role.OFFICER, Role.DISTRICT, Role.COORDINATOR}),
    Command.APPROVE: ("อนุมัติ", {Role.EXECUTIVE, *SEE_MANY}),
    Command.RETURN: ("ส่งกลับ 9 ไม่ตรง", {Role.EXECUTIVE}),
    Command.MOVE_ACTIVITY: ("เลื่อนข้อ 1 เป็น 5 - 20 ม.ค. 67", COORDINATOR),
    Command.EDIT_ACTIVITY: ("ตัดข้อ 4 ออก", COORDINATOR),
    Command.UNDO_PLAN: ("ย้อนแผน", COORDINATOR),
    Command.COPY_PLAN: ("คัดลอกแผนปีหน้า", COORDINATOR),
    Command.PLAN_DRAFT: ("ร่างแผน", COORDINATOR),
    Command.PLAN_DOUBTS: ("ข้อสงสัย", COORDINATOR),
    Command.CONFIRM_PLAN: ("ยืนยันร่างแผน", COORDINATOR),
    Command.CANCEL_PLAN: ("ยกเลิกร่างแผน", COORDINATOR),
    Command.CORRECT_FIGURE: (
        "แก้ตัวเลข 9 ทต.แม่แรม เป็น 48",
        {Role.OFFICER, Role.DISTRICT, Role.COORDINATOR},
    ),
    Command.REVIEW: ("สอบทาน 9 ทต.แม่แรม", {Role.REVIEWER, Role.COORDINATOR}),
    Command.REVIEWS_DUE: ("รอสอบทาน", {Role.REVIEWER, Role.COORDINATOR}),
    Command.REOPEN: ("เปิดใหม่ 9 ทต.แม่แรม ผิด", COORDINATOR),
    Command.ANSWER_STUCK: ("ตอบ 9 ทต.แม่แรม ไฟมาแล้ว", COORDINATOR),
    Command.WHO_IS_STUCK: ("ใครติดปัญหา", {Role.DISTRICT, Role.COORDINATOR}),
    Command.SETTINGS: ("ตั้งค่า", COORDINATOR),
    Command.GIVE_EVIDENCE: ("หลักฐาน 9 ทต.แม่แรม", {Role.OFFICER, Role.DISTRICT}),
    Command.SHOW_EVIDENCE: ("ดูหลักฐาน 9 ทต.แม่แรม", ALL),
    Command.REQUIRE_EVIDENCE: ("ข้อ 9 ต้องมีหลักฐาน", COORDINATOR),
    Command.REQUIRE_NO_EVIDENCE: ("ข้อ 9 ไม่ต้องมีหลักฐาน", COORDINATOR),
    Command.INVITE: ("ออกรหัส ทต.ริมใต้", COORDINATOR),
    Command.INVITE_ALL: ("ออกรหัสทุกหน่วยงาน", COORDINATOR),
    Command.MY_NAME: ("ชื่อของฉัน สมปอง ใจดี ปลัดเทศบาล", ALL),
    Command.JOIN_REQUESTS: ("ใครขอเข้าร่วม", COORDINATOR),
    Command.HAND_OVER: ("ส่งมอบงาน", ALL),
    Command.LEAVE_POST: ("ออกจากหน้าที่", ALL),
    Command.RELIEVE: ("พ้นหน้าที่ ทต.ริมใต้", COORDINATOR),
    Command.WHO_HAS_JOINED: ("ใครยังไม่ลงทะเบียน", {Role.DISTRICT, Role.COORDINATOR}),
    Command.REMINDER_SETTINGS: ("ตั้งค่าการเตือน", COORDINATOR),
    Command.HOLIDAYS: ("วันหยุด", COORDINATOR),
    Command.PROMISE: ("ขอเลื่อนเตือนข้อ 9 ถึง 20 มกราคม", {Role.OFFICER}),
    Command.QUIET: ("งดเตือน ทต.แม่แรม", COORDINATOR),
    Command.RESUME: ("เตือนต่อ ทต.แม่แรม", COORDINATOR),
    Command.WHY_REMINDED: ("ทำไมเตือน", ALL),
    Command.WHY_NOT_REMINDED: ("ทำไมไม่เตือน ทต.แม่แรม", ALL),
}
"""Which roles each command answers: written down once more, apart from the table itself."""
REFUSALS = [
    spoken([each])
    for each in (
        problems.ONLY_AREA,
        problems.ONLY_OFFICERS_REPORT,
        problems.ONLY_COORDINATOR_PLAN,
        approval.ONLY_EXECUTIVES,
        review.ONLY_REVIEWERS,
        problems.ONLY_COORDINATOR,
        quiet.ONLY_OFFICERS,
    )
]
TAPPED: dict[type, set[Role]] = {
    DutyButton: {Role.OFFICER, Role.DISTRICT},
    ApprovalButton: {Role.EXECUTIVE},
    PlanButton: COORDINATOR,
    ActButton: {Role.REVIEWER, Role.COORDINATOR},
    EvidenceButton: {Role.OFFICER, Role.DISTRICT},
    JoinButton: COORDINATOR,
}
"""Whose tap does something."""
ASKS_TO_JOIN = (*("ขอเข้าร่วม ทต.แม่แรม",) * 2, "สมปอง ใจดี ปลัดเทศบาล")
"""Said by a stranger: the second time is the consent."""
AS_BEFORE: dict[type, tuple[tuple[str, str], ...]] = {
    DutyButton: (("สมศรี", "เปิดใหม่ 3 ทต.แม่แรม อีกครั้ง"),),
    ActButton: (("สมศรี", "เปิดใหม่ 1 ทต.เวียงฝาง อีกครั้ง"), ("ปิติ", "เสร็จ 1 ทต.เวียงฝาง")),
}
"""What brings a duty back to where it was, for the next who may."""


def test_every_command_says_which_right_it_asks_for() -> None:
    phrases = {c: u and u.command for c in ASKED if (u := understand(ASKED[c][0], in_group=False))}

    assert set(NEEDS) == set(Command) - FOR_ANYBODY == set(ASKED)
    assert phrases == {command: command for command in ASKED}
    assert set(TAPPED) == set(get_args(AnyButton))


def test_a_command_answers_exactly_the_roles_that_may(databases: Databases) -> None:
    world = World(databases.fresh(TWO_PROVINCES), Tally())

    answered = {
        command: {
            role for role in Role if world.act(WHO[role], "", Say(words)).said not in REFUSALS
        }
        for command, (words, _) in ASKED.items()
    }

    assert answered == {command: roles for command, (_, roles) in ASKED.items()}


def test_a_button_does_something_for_exactly_the_roles_that_may(databases: Databases) -> None:
    done: dict[type, set[Role]] = {}

    for kind, roles in TAPPED.items():
        world = World(databases.fresh(TWO_PROVINCES), Tally())
        for words in ASKS_TO_JOIN if kind is JoinButton else ():
            world.act(STRANGER, "", Say(words))
        # Who may comes last, as it is done then.
        for role in sorted(Role, key=lambda each: each in roles):
            taken = Received(f"{list(Role).index(role):032x}", "image/jpeg", 10, role.value * 8)
            tap = Pressed(encode(button(world.facts, kind, role)), taken=taken)
            if world.act(WHO[role], "", Event(tap)).entries:
                done.setdefault(kind, set()).add(role)
            if role in roles:
                for who, words in AS_BEFORE.get(kind, ()):
                    world.act(who, "", Say(words))

    assert done == TAPPED


def button(facts: Facts, kind: type, role: Role) -> AnyButton:
    """Return a button of that kind that does something for who may; of each role another file."""
    if kind is PlanButton:
        draft = next(each for each in facts.all("plan_draft") if each["province_id"] == 1)
        return PlanButton(PlanTap.CONFIRM, DraftId(draft["id"]), draft["revision"])
    if kind is JoinButton:
        (asked,) = facts.all("join_request")
        return JoinButton(admits=True, request_id=JoinRequestId(asked["id"]))
    number, place = PLACES[kind]
    agency = next(each for each in facts.all("agency") if each["name"].endswith(place))
    duty = next(
        each
        for each in facts.all("duty")
        if each["agency_id"] == agency["id"] and activity_of(facts, each)["number"] == number
    )
    if kind is DutyButton:
        revision = activity_of(facts, duty)["revision"]
        return DutyButton(DutyState.DONE, DutyId(duty["id"]), revision)
    if kind is EvidenceButton:
        file = str(list(Role).index(role))
        return EvidenceButton(DutyId(duty["id"]), EvidenceKind.PHOTO, file, "")
    report = max(each["id"] for each in facts.all("report") if each["duty_id"] == duty["id"])
    if kind is ActButton:
        return ActButton(ActTap.REVIEW, DutyId(duty["id"]), report)
    return ApprovalButton(approves=True, duty_id=DutyId(duty["id"]), report_id=report)


PLACES = {
    DutyButton: ("3", "แม่แรม"),
    ApprovalButton: ("2", "แม่แรม"),
    ActButton: ("1", "เวียงฝาง"),
    EvidenceButton: ("1", "แม่แรม"),
}
"""Of which activity and agency there is such a button."""
