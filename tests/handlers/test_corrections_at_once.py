"""Who confirms a change and who records what was sent, at the same moment on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from handlers.plan_import import changes, corrections
from store import agencies
from store.database import Engine, transaction
from store.models import Activity, OutboxMessage, Topic
from store.types import OutboxId, Window
from tests.databases import PostgresqlDatabases
from tests.factories import YEAR, make_draft, make_plan, replan
from tests.handlers.conftest import TOWN
from tests.stage import Stage

MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))
FIRST, SECOND = make_draft("3"), make_draft("4", title="จัดทำแผนของหน่วยงาน")


@pytest.fixture
def reminded(postgresql: PostgresqlDatabases) -> Stage:
    """Officers were reminded of two activities in one message each."""
    stage = Stage(postgresql.fresh(TOWN))
    replan(stage, FIRST, SECOND)
    stage.tick()
    stage.later(hours=1)
    return stage


def wait_for_waiting(engine: Engine, sessions: int) -> None:
    """Return when so many sessions wait for a lock."""
    for _ in range(100):
        with transaction(engine) as session:
            asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if session.scalar(asked) == sessions:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_confirm_and_a_sender_do_not_lock_each_other_out(reminded: Stage) -> None:
    engine = reminded.engine
    moved_and_swapped = make_plan(replace(SECOND, window=MARCH), FIRST)

    def confirm() -> None:
        with transaction(engine) as session:
            province = agencies.province_id(session, "เชียงใหม่")
            assert province is not None
            changes.confirm(session, province, YEAR, moved_and_swapped, now=reminded.now)

    def record() -> None:
        with transaction(engine) as session:
            spoken = select(OutboxMessage.id).where(OutboxMessage.topic == Topic.REMINDER)
            messages = [OutboxId(each) for each in session.scalars(spoken)]
            corrections.after_sent(session, messages, at=reminded.now)

    with ThreadPoolExecutor() as pool:
        with transaction(engine) as session:
            lock_first(session)
            confirming = pool.submit(confirm)
            wait_for_waiting(engine, 1)
            recording = pool.submit(record)
            time.sleep(0.3)
        done = [each.exception() for each in (recording, confirming)]

    assert done == [None, None]


def lock_first(session: Session) -> None:
    """Lock the activity of the smaller id, as another sender does."""
    first = select(func.min(Activity.id)).where(Activity.removed_at.is_(None)).scalar_subquery()
    session.execute(select(Activity.id).where(Activity.id == first).with_for_update(read=True))
