"""Bench: one day's reminders decided for the whole country, in a process of its own."""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.settings import from_environment
from bot.wiring import build
from handlers import reminders
from handlers.holiday_calendar import working_calendar
from store.database import transaction
from store.models import (
    Activity,
    AgencyRow,
    Duty,
    PersonRow,
    Plan,
    PostRow,
    Province,
    Step,
)
from store.types import AgencyKind, DutyState, Role
from tests.bench.bodies import user_id
from tests.bench.figures import Figure, How
from tests.bench.places import Place, place
from tests.bench.processes import ROOT, bot_env, resident_mb
from tests.bench.seed import opened

AGENCIES, ACTIVITIES, PROVINCES = 8_300, 18, 76
QUICK_AGENCIES = 830
SECONDS, MEGABYTES = 1.0, 100.0
DAY = date(2024, 2, 1)
AT = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)
"""A Thursday, 09:00 in Bangkok: all activities open that day."""
BEFORE = AT - timedelta(days=100)


def measure(how: How) -> Iterator[Figure]:
    """Tell how long a day takes to be decided, put on messages, and again when nothing is new."""
    agencies = QUICK_AGENCIES if how.quick else AGENCIES
    for kind in how.databases:
        for has_officers in (False, True):
            yield from planned(kind, agencies, has_officers=has_officers)


def planned(kind: str, agencies: int, *, has_officers: bool) -> Iterator[Figure]:
    """Tell it of so many agencies, with an officer each or none."""
    with place(kind) as where:
        _country(where, agencies, has_officers=has_officers)
        yield from _timed(where, agencies, has_officers=has_officers)


def main() -> None:
    """Plan the day of the database in the environment, twice, and print what it took."""
    engine = build(from_environment()).engine
    calendar = working_calendar(DAY)
    with transaction(engine) as session:
        session.scalar(select(func.count()).select_from(Province))
    gc.collect()
    idle = resident_mb(os.getpid()) or 0.0
    told: dict[str, float] = {}
    for name, at in (("first", AT), ("again", AT + timedelta(minutes=5))):
        began = time.monotonic()
        with transaction(engine) as session:
            told[f"{name}_decided"] = reminders.plan_reminders(session, now=at, calendar=calendar)
        told[f"{name}_seconds"] = time.monotonic() - began
    told["grown_mb"] = (resident_mb(os.getpid(), "VmHWM") or 0.0) - idle
    sys.stdout.write(json.dumps(told) + "\n")


def _timed(where: Place, agencies: int, *, has_officers: bool) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.planning"],
        cwd=ROOT,
        env={**os.environ, **bot_env(where, "http://127.0.0.1:9")},
        capture_output=True,
        check=True,
        timeout=300,
    )
    told = json.loads(done.stdout)
    pairs = agencies * ACTIVITIES
    kept = where.number("SELECT count(*) FROM notice")
    is_whole = kept == told["first_decided"] == pairs
    is_light = told["grown_mb"] < MEGABYTES
    sized = f"planning {where.kind}: {agencies:,} x {ACTIVITIES}"
    measured = f"{told['first_seconds']:.2f} s, {told['grown_mb']:.0f} MB"
    if has_officers:
        messages = where.number("SELECT count(*) FROM outbox_message")
        sized += f", {messages:,} messages"
        yield Figure(sized, f"< {MEGABYTES:.0f} MB", measured, is_whole and is_light)
    else:
        yield Figure(
            f"{sized}, decided",
            f"< {SECONDS:.0f} s, < {MEGABYTES:.0f} MB",
            measured,
            is_whole and is_light and told["first_seconds"] < SECONDS,
            f"{kept:,} decisions",
        )
    yield Figure(
        f"{sized}, nothing new",
        f"< {SECONDS:.0f} s",
        f"{told['again_seconds']:.2f} s",
        told["again_decided"] == 0 and told["again_seconds"] < SECONDS,
    )


def _country(where: Place, agencies: int, *, has_officers: bool) -> None:
    """Store provinces with so many agencies in all, an officer each or none, and a plan."""
    with opened(where) as engine, transaction(engine) as session:
        each = range(1, PROVINCES + 1)
        session.execute(insert(Province), [{"name": f"จังหวัดที่ {number}"} for number in each])
        plan = {"fiscal_year": 2567, "title": "แผน", "version": 1}
        session.execute(insert(Plan), [{"province_id": number, **plan} for number in each])
        bodies = [
            {
                "province_id": number % PROVINCES + 1,
                "name": f"แห่งที่ {number}",
                "kind": AgencyKind.SAO,
            }
            for number in range(agencies)
        ]
        session.execute(insert(AgencyRow), bodies)
        _plans(session)
        if has_officers:
            _officers(session)


def _plans(session: Session) -> None:
    activities = [
        {
            "plan_id": plan,
            "position": number,
            "number": str(number),
            "printed_number": str(number),
            "title": f"กิจกรรมที่ {number}",
            "window_text": "",
            "first_on": DAY,
            "last_on": DAY + timedelta(days=20 + number),
            "responsible_text": "",
            "revision": 1,
        }
        for plan in range(1, PROVINCES + 1)
        for number in range(1, ACTIVITIES + 1)
    ]
    session.execute(insert(Activity), activities)
    step = {"position": 1, "title": "ขั้น", "actor": "agency", "is_printed": True}
    ids = session.scalars(select(Activity.id)).all()
    session.execute(insert(Step), [{"activity_id": each, **step} for each in ids])
    duty = {"state": DutyState.OPEN, "reason": "", "is_in_force": True}
    pairs = session.execute(
        select(Step.id, AgencyRow.id)
        .join(Activity, Step.activity_id == Activity.id)
        .join(Plan, Activity.plan_id == Plan.id)
        .join(AgencyRow, AgencyRow.province_id == Plan.province_id)
    ).all()
    session.execute(
        insert(Duty), [{"step_id": step_id, "agency_id": each, **duty} for step_id, each in pairs]
    )


def _officers(session: Session) -> None:
    found = session.execute(select(AgencyRow.id, AgencyRow.province_id)).all()
    who = {"is_reachable": True, "reachable_changed_at": BEFORE, "first_seen_at": BEFORE}
    session.execute(
        insert(PersonRow),
        [{"id": agency, "line_user_id": user_id(agency), **who} for agency, _ in found],
    )
    held = {"role": Role.OFFICER, "from_at": BEFORE}
    session.execute(
        insert(PostRow),
        [
            {"person_id": agency, "agency_id": agency, "province_id": province, **held}
            for agency, province in found
        ],
    )


if __name__ == "__main__":
    main()
