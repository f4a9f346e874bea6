"""Fills a database for a bench: a made-up country like Chiang Mai, and its officers."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from handlers import agency_import
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes
from handlers.postback import DutyButton, encode
from messages_th.parts import Text, to_json
from store import outbox
from store.database import Engine, Session, open_database, transaction
from store.models import Activity, AgencyRow, Duty, PersonRow, PostRow, Step, Topic
from store.types import DutyId, DutyState, FiscalYear, Role
from tests.bench.bodies import user_id
from tests.bench.places import Place

SAMPLES = Path(agency_import.__file__).parent / "plan_files" / "samples"
YEAR = FiscalYear(2567)
IN_FORCE_AT = datetime(2023, 9, 25, 2, 0, tzinfo=UTC)
"""A week before the fiscal year begins, so that a simulated year has its whole plan."""


@dataclass(frozen=True, slots=True)
class Tap:
    """What one officer taps: a LINE user id and the data of a "done" button."""

    user: str
    data: str


@contextmanager
def opened(where: Place) -> Iterator[Engine]:
    """Lend an engine on the database, closed afterwards."""
    engine = open_database(where.url)
    try:
        yield engine
    finally:
        engine.dispose()


def country(where: Place, provinces: int) -> int:
    """Make that many provinces with agencies, plan and one officer each; return the officers."""
    directory = (SAMPLES / "agencies-chiangmai.csv").read_bytes()
    rows, problems = agency_import.read_directory("a.csv", directory, province="เชียงใหม่")
    plan = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    draft = read_plan("plan.txt", plan, fiscal_year=YEAR)
    with opened(where) as engine:
        for number in range(1, provinces + 1):
            name = f"ตัวอย่าง{number}"
            with transaction(engine) as session:
                agency_import.import_agencies(session, name, rows, problems)
                province = agency_import.keep_province(session, name)
                changes.confirm(session, province, YEAR, draft, now=IN_FORCE_AT)
        with transaction(engine) as session:
            return _officers(session)


def _officers(session: Session) -> int:
    """Register one officer for every agency, and as coordinator where there is none yet."""
    agencies = session.execute(select(AgencyRow.id, AgencyRow.province_id)).all()
    who = {"is_reachable": True, "reachable_changed_at": IN_FORCE_AT, "first_seen_at": IN_FORCE_AT}
    session.execute(
        insert(PersonRow), [{"line_user_id": user_id(agency), **who} for agency, _ in agencies]
    )
    # A list first: `dict` takes a result, which has keys, for a mapping.
    people = dict(session.execute(select(PersonRow.line_user_id, PersonRow.id)).all())
    held = {"district_id": None, "from_at": IN_FORCE_AT, "until_at": None}
    posts = [
        {
            "person_id": people[user_id(agency)],
            "role": Role.OFFICER,
            "province_id": province,
            "agency_id": agency,
            **held,
        }
        for agency, province in agencies
    ]
    first_of_each = {post["province_id"]: post for post in reversed(posts)}
    posts += [
        {**post, "role": Role.COORDINATOR, "agency_id": None} for post in first_of_each.values()
    ]
    session.execute(insert(PostRow), posts)
    return len(agencies)


def taps(where: Place, count: int, *, seed: int) -> list[Tap]:
    """Return that many taps, each of another agency's officer on one of its open duties."""
    with opened(where) as engine, transaction(engine) as session:
        found = session.execute(
            select(Duty.agency_id, Duty.id, Activity.revision)
            .join(Step, Duty.step_id == Step.id)
            .join(Activity, Step.activity_id == Activity.id)
            .where(Duty.is_in_force.is_(True), Duty.state == DutyState.OPEN)
            .order_by(Duty.id)
        ).all()
    choice = random.Random(seed)
    by_agency: dict[int, list[tuple[int, int]]] = {}
    for agency, duty, revision in found:
        by_agency.setdefault(agency, []).append((duty, revision))
    chosen = choice.sample(sorted(by_agency), count)
    return [
        Tap(user_id(agency), encode(DutyButton(DutyState.DONE, DutyId(duty), revision)))
        for agency in chosen
        for duty, revision in [choice.choice(by_agency[agency])]
    ]


def queue_pushes(where: Place, count: int) -> None:
    """Queue that many texts, each to somebody else, due at once."""
    now = datetime.now(UTC)
    with opened(where) as engine, transaction(engine) as session:
        for number in range(count):
            outbox.add_message(
                session,
                key=f"bench:{number}",
                topic=Topic.ANSWER,
                line_to=user_id(number),
                parts=to_json([Text(f"ข้อความที่ {number}")]),
                at=now,
            )
