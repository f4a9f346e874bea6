"""Two small provinces with plans of the same numbers, and people of every role in each of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.clock import bangkok_date
from handlers import dispatch
from handlers.plan_import import changes
from handlers.record import enter_group, enter_post
from handlers.turn import Event, Source, TextSaid
from messages_th.plan_steps import actor_of
from store import agencies, people
from store.database import Engine, Session, transaction
from store.types import ActivityDraft, PlanDraft, Post, ProvinceId, Role, StepDraft, Window
from tests.conftest import EMPTY
from tests.databases import Template
from tests.factories import NOON, YEAR, make_draft, put_province
from tests.fakes import Drawer
from tests.stage import user_id

HERE, THERE = "เชียงใหม่", "ลำพูน"
DISTRICTS = {
    HERE: {"แม่ริม": ("แม่แรม", "ริมใต้"), "ฝาง": ("เวียงฝาง",)},
    THERE: {"เมืองลับเฉพาะ": ("อุโมงค์",)},
}
MARK = "ลับเฉพาะ"
"""In whatever of the other province is written freely: titles, steps, reasons, its district."""
MARKS = (MARK, "อุโมงค์")
"""What nobody of the one province may ever read, unless they wrote it themselves."""
HERES, THERES, UNBOUND = "C" + "a" * 32, "C" + "b" * 32, "C" + "c" * 32
"""Groups: bound to the one province, to the other, to none."""
POSTS: dict[str, tuple[tuple[Role, str, str], ...]] = {
    "นภา": ((Role.OFFICER, HERE, "แม่แรม"),),
    "มานี": ((Role.OFFICER, HERE, "แม่แรม"),),
    "ปิติ": ((Role.OFFICER, HERE, "แม่แรม"), (Role.OFFICER, HERE, "เวียงฝาง")),
    "ชูใจ": ((Role.OFFICER, HERE, "ริมใต้"), (Role.OFFICER, THERE, "อุโมงค์")),
    "นายก": ((Role.EXECUTIVE, HERE, "แม่แรม"),),
    "ควบ": ((Role.OFFICER, HERE, "แม่แรม"), (Role.EXECUTIVE, HERE, "แม่แรม")),
    "ดา": ((Role.DISTRICT, HERE, "แม่ริม"),),
    "สมศรี": ((Role.COORDINATOR, HERE, ""),),
    "ตรวจ": ((Role.REVIEWER, HERE, ""),),
    "ดู": ((Role.VIEWER, HERE, ""),),
    "อุ่น": ((Role.OFFICER, THERE, "อุโมงค์"),),
    "ประธาน": ((Role.EXECUTIVE, THERE, "อุโมงค์"),),
    "อำนวย": ((Role.DISTRICT, THERE, "เมืองลับเฉพาะ"),),
    "ลำ": ((Role.COORDINATOR, THERE, ""), (Role.VIEWER, HERE, "")),
}
"""Who holds what: a role in a province, of an agency or district by its short name."""
STRANGER = "แปลก"
BEFORE = (
    ("ปิติ", "เสร็จ 1 ทต.เวียงฝาง", 40),
    ("นภา", "เสร็จ 2", 30),
    ("อุ่น", "เสร็จ 2", 5),
    ("อุ่น", f"ติดปัญหา 1 ไฟดับที่ห้อง{MARK}", 5),
    ("ลำ", f"เปลี่ยนชื่อข้อ 4 เป็น งานใหม่{MARK}", 5),
    ("ควบ", "เสร็จ 4 ขั้นที่ 2", 4),
    ("ดา", "ติดปัญหา 1 ทต.ริมใต้ ไฟดับ", 3),
    ("ชูใจ", "เสร็จ 3 ทต.ริมใต้", 2),
    ("สมศรี", "เลื่อนข้อ 1 เป็น 8 - 20 ม.ค. 67", 1),
)
"""What was said before, and how many hours ago: there is something to approve and to take back."""
PEOPLE = (*POSTS, STRANGER)
BEGAN = NOON - timedelta(days=9)
NUMBERS = ("1", "2", "3", "4")


def plan_rows(mark: str = "") -> Iterator[ActivityDraft]:
    """Yield a plain activity, one that the executive approves, a conditional one, one of steps.

    `mark` ends every text that is free.
    """
    january = Window(date(2024, 1, 1), date(2024, 1, 31))
    for number, title, steps in (
        ("1", "ประชุมชี้แจงแนวทาง", ()),
        ("2", "นำเข้าและอนุมัติข้อมูลผู้มีส่วนได้เสีย", ()),
        ("3", "หน่วยงานชี้แจง/ยืนยันผลคะแนน", ()),
        ("4", "เผยแพร่ข้อมูลสาธารณะ", ("จัดทำข้อมูล", "ผู้บริหารรับรองข้อมูล")),
    ):
        drafted = tuple(StepDraft(each + mark, actor_of(each)) for each in steps or (title,))
        plain = make_draft(number, title + mark, january, party_text=f"อปท. ทุกแห่ง{mark}")
        yield replace(plain, steps=drafted, window_text=f"{plain.window_text} {mark}".strip())


def put_two_provinces(engine: Engine) -> None:
    """Store the provinces, their plans, people and groups."""
    with transaction(engine) as session:
        provinces = {name: put_province(session, name, DISTRICTS[name]) for name in DISTRICTS}
        for name, province in provinces.items():
            mark = MARK if name == THERE else ""
            plan = PlanDraft(f"แผน{mark}", tuple(plan_rows(mark)))
            changes.confirm(session, province, YEAR, plan, now=BEGAN)
        for who, held in POSTS.items():
            person = people.keep_person(session, user_id(who), at=BEGAN)
            for role, name, place in held:
                post = _post(session, role, provinces[name], place)
                people.give_post(session, person, post, at=BEGAN)
                enter_post(session, person, post, at=BEGAN)
        for group in (HERES, THERES, UNBOUND):
            people.set_bot_inside(session, group, is_inside=True, at=BEGAN)
        for group, name, who in ((HERES, HERE, "สมศรี"), (THERES, THERE, "ลำ")):
            people.bind_chat(session, group, provinces[name], at=BEGAN)
            coordinator = people.keep_person(session, user_id(who), at=BEGAN)
            chat = people.chat_number(session, group)
            enter_group(session, provinces[name], coordinator, chat, at=BEGAN)
    for number, (who, words, hours_ago) in enumerate(BEFORE):
        _say(engine, who, words, number, hours_ago=hours_ago)


def _say(engine: Engine, who: str, words: str, number: int, *, hours_ago: int) -> None:
    at = NOON - timedelta(hours=hours_ago)
    source = Source(user_id(who), "")
    event = Event(f"before-{number}", source, "", at, TextSaid(words, mentions_bot=False))
    with transaction(engine) as session:
        dispatch.answer(session, event, now=at, today=bangkok_date(at), files=Drawer(), bot_id="")


def _post(session: Session, role: Role, province: ProvinceId, place: str) -> Post:
    if role is Role.DISTRICT:
        return Post(role, province, agencies.districts(session, province)[place], None)
    found = [each for each in agencies.agencies(session, province) if each.name.endswith(place)]
    return Post(role, province, None, found[0].agency_id if place else None)


TWO_PROVINCES = Template("two_provinces", EMPTY, put_two_provinces)
