"""Mornings of two provinces in LINE: in one people report, in the other they are reminded.

A day has two rounds.  At 08:31 the reporting province writes while reminders and digests of the
other fall due; at 10:00 the reminded tap the buttons of their cards.  So no answer or reminder
depends on which of two things at the same instant came first, but for how many are done.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.error import HTTPError

from bot.clock import BANGKOK
from bot.demo.line_world import LineWorld
from handlers.holiday_calendar import working_calendar
from store import agencies, people
from store.database import Session, transaction
from store.types import AgencyId, Post, ProvinceId, Role, Window
from tests.factories import make_draft, put_plan, put_province
from tests.scenarios.place import Place
from tests.stage import plain

FIRST_DAY = date(2024, 1, 3)
BEFORE = datetime(2023, 12, 1, 2, tzinfo=BANGKOK)
NUMBERS = 60
"""Activities of the reporting province, none of them dated."""
DAYS_APART = 4
"""How far apart the last days of the reminded province's activities are."""
REPORTERS, REMINDED = 3, 4
GROUP = "C" + "a" * 32
COORDINATOR = "U" + "c" * 32
COUNT = re.compile(r"(?<=\()[๐-๙]+/[๐-๙]+(?=\))|(?<=เลขที่ )[๐-๙]+(?:-[๐-๙]+)?|(?<=ตรา: ).+")
"""How many are done, and the numbers of the record: it depends on who was faster."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: the stand-in's call and its values."""

    call: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """An instant, and what people do at it."""

    at: datetime
    acts: tuple[Act, ...]


def rounds(mornings: int, others: int) -> list[Round]:
    """Return so many mornings, then rounds of both kinds in turn, two on every working day."""
    coming = _rounds()
    first: list[Round] = []
    while len(first) < mornings:
        first.append(next(coming))
        next(coming)
    return [*first, *itertools.islice(coming, others)]


def _rounds() -> Iterator[Round]:
    day, number = FIRST_DAY, 0
    while True:
        if working_calendar(day).is_working_day(day):
            yield Round(_at(day, time(8, 31)), tuple(_reports(number)))
            taps = tuple(
                Act("tap", {"userId": reminded(each), "label": ("กำลังทำ", "เสร็จ")[number % 2]})
                for each in range(REMINDED)
            )
            yield Round(_at(day, time(10)), (*_reports(number + 1), *taps))
            number += 2
        day += timedelta(days=1)


def _reports(round_number: int) -> Iterator[Act]:
    activity, is_done = divmod(round_number, 2)
    text = f"{'เสร็จ' if is_done else 'กำลังทำ'} {activity % NUMBERS + 1}"
    for each in range(REPORTERS):
        said = "สถานะ" if each == round_number % (2 * REPORTERS) else text
        group = {"groupId": GROUP} if each == 0 else {}
        yield Act("say", {"userId": reporter(each), "text": said, **group})


def reporter(number: int) -> str:
    """Return the LINE id of an officer of the reporting province."""
    return f"U{1:016x}{number:016x}"


def reminded(number: int) -> str:
    """Return the LINE id of an officer of the province that is reminded."""
    return f"U{2:016x}{number:016x}"


def settle(where: Place, days: int) -> None:
    """Put the provinces, their plans and people into a database."""
    engine = where.engine()
    with transaction(engine) as session:
        first = _province(session, "เชียงใหม่", REPORTERS)
        second = _province(session, "ลำพูน", REMINDED)
        put_plan(
            session,
            first,
            *(make_draft(str(each + 1), f"งานที่ {each + 1}", None) for each in range(NUMBERS)),
        )
        lasts = [FIRST_DAY + timedelta(days=each) for each in range(0, days + 30, DAYS_APART)]
        windows = [Window(last - timedelta(days=20), last) for last in lasts]
        put_plan(
            session,
            second,
            *(make_draft(str(n + 1), f"งานที่ {n + 1}", each) for n, each in enumerate(windows)),
        )
        _posts(session, first, reporter)
        _posts(session, second, reminded)
        _post(session, COORDINATOR, Post(Role.COORDINATOR, second, None, None))
        people.bind_chat(session, GROUP, first, at=BEFORE)
    engine.dispose()


def meet(world: LineWorld) -> None:
    """Put the people and the group into LINE."""
    world.set_clock(BEFORE)
    everybody = [reporter(each) for each in range(REPORTERS)]
    everybody += [reminded(each) for each in range(REMINDED)]
    for user in (*everybody, COORDINATOR):
        world.act("people", userId=user, displayName=user[-4:])
    world.act("groups", groupId=GROUP, name="ITA", members=everybody[:REPORTERS])


def perform(world: LineWorld, act: Act) -> list[str]:
    """Let somebody act; return the events that LINE did not hear a 200 for.

    Who finds no such button does nothing.
    """
    with suppress(HTTPError):
        told = world.act(act.call, **act.values)
        delivered = told["delivered"]
        if delivered is not None and delivered["status"] != 200:
            return list(told["webhookEventIds"])
    return []


def taken(world: LineWorld) -> Counter[tuple[str, str, str]]:
    """Return what LINE took from the bot: how, in which chat, which words, and how often."""
    return Counter(
        (each["endpoint"], each["chat"], COUNT.sub("…", "\n".join(map(plain, each["messages"]))))
        for each in world.ledger()
    )


FACTS = {
    "reports": """
        SELECT agency.name, activity.number, report.state, report.reason, report.reported_at
        FROM report JOIN duty ON duty.id = report.duty_id JOIN agency ON agency.id = agency_id
        JOIN step ON step.id = step_id JOIN activity ON activity.id = activity_id""",
    "duties": """
        SELECT agency.name, activity.number, duty.state FROM duty
        JOIN agency ON agency.id = agency_id
        JOIN step ON step.id = step_id JOIN activity ON activity.id = activity_id""",
    "notices": """
        SELECT agency.name, activity.number, notice.kind, notice.days, notice.outcome FROM notice
        JOIN duty ON duty.id = notice.duty_id JOIN agency ON agency.id = agency_id
        JOIN step ON step.id = step_id JOIN activity ON activity.id = activity_id""",
    "events": "SELECT state FROM inbox_event",
    "messages": "SELECT topic, state FROM outbox_message",
}
"""What must be the same at the end whoever died: rows by what they say, not by their ids."""


def facts(where: Place) -> dict[str, Counter[tuple[str, ...]]]:
    """Return what the database says in the end."""
    return {name: Counter(where.facts(sql)) for name, sql in FACTS.items()}


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, BANGKOK)


def _province(session: Session, name: str, count: int) -> ProvinceId:
    return put_province(session, name, {"เมือง": tuple(f"{name}{each}" for each in range(count))})


def _posts(session: Session, province: ProvinceId, user_of: Any) -> None:
    for number, each in enumerate(agencies.agencies(session, province)):
        post = Post(Role.OFFICER, province, None, AgencyId(each.agency_id))
        _post(session, user_of(number), post)


def _post(session: Session, user: str, post: Post) -> None:
    person = people.keep_person(session, user, at=BEFORE)
    people.give_post(session, person, post, at=BEFORE)
