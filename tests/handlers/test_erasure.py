"""“ลบข้อมูลของฉัน”: nothing of the person is left in any column, and the agency's facts stay."""

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Text, cast, select, update

from handlers import record_audit
from messages_th import problems
from messages_th.parts import Text as Said
from messages_th.parts import to_json
from store import agencies, joining, outbox, people, posts
from store.code_tries import digest_of
from store.copies import copy_in, copy_out
from store.database import Engine, open_database, open_snapshot, transaction
from store.models import (
    Base,
    CodeTry,
    Download,
    Duty,
    EvidenceWait,
    InboxEvent,
    JoinRequest,
    OutboxMessage,
    PersonRow,
    PlanDraftRow,
    PrivacyNotice,
    QueueState,
    Quiet,
    Told,
    Topic,
)
from store.types import DraftState, DutyState, JoinOutcome, PersonId, Post, Role
from tests.bot.queue_rows import message
from tests.factories import posts_of, state_of
from tests.handlers.conftest import DON_KAEO, MAE_RAEM
from tests.stage import GROUP, Stage, actions, user_id

SECRET = "ผู้บริหารลาคลอด"


def traces(engine: Engine, *words: str) -> list[str]:
    """Return every column of every table that holds one of the words anywhere."""
    found = []
    with transaction(engine) as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                values = session.scalars(select(cast(column, Text)).where(column.is_not(None)))
                found += [
                    f"{table.name}.{column.name}"
                    for value in values
                    if any(word in value or json.dumps(word)[1:-1] in value for word in words)
                ]
    return found


def confirmation(stage: Stage) -> str:
    return str(actions(stage.line.sent[-1][2])[0]["text"])


def put_traces(stage: Stage, person: PersonId) -> None:
    """Leave a trace of a person wherever there may be one."""
    line_user_id = user_id("นภา")
    with transaction(stage.engine) as session:
        duty = session.scalars(select(Duty.id).order_by(Duty.id)).first()
        agency = session.scalars(select(Duty.agency_id).order_by(Duty.id)).first()
        assert duty is not None
        assert agency is not None
        session.get_one(PersonRow, person).display_name = "นภา ใจงาม"
        at, later = stage.now, stage.now + timedelta(minutes=30)
        session.add_all(
            [
                PrivacyNotice(who=digest_of(line_user_id), shown_at=at),
                EvidenceWait(person_id=person, duty_id=duty, then_done=False, until_at=later),
                JoinRequest(
                    person_id=person, province_id=1, agency_id=agency, role="officer", asked_at=at
                ),
                Download(
                    person_id=person,
                    stored_as="a" * 32,
                    name="codes.xlsx",
                    media_type="x",
                    expires_at=later,
                ),
                Quiet(
                    province_id=1,
                    kind="mute",
                    agency_id=agency,
                    until_on=at.date(),
                    reason=SECRET,
                    salt="s",
                    person_id=person,
                    made_at=at,
                ),
                PlanDraftRow(
                    province_id=1,
                    fiscal_year=2567,
                    person_id=person,
                    origin="file",
                    base_version=0,
                    revision=1,
                    content={},
                    answers=[],
                    state=DraftState.OPEN,
                    made_at=at,
                ),
            ]
        )
        session.flush()
        asked = session.scalars(select(JoinRequest.id).where(JoinRequest.person_id == person))
        outbox.add_message(
            session,
            key="parked",
            topic=Topic.JOIN,
            line_to=user_id("สมศรี"),
            about_id=asked.one(),
            parts=to_json([Said("นภา ใจงาม ขอเข้าร่วม")]),
            at=at,
        )
        parked = update(OutboxMessage).where(OutboxMessage.key == "parked")
        session.execute(parked.values(state=QueueState.PARKED))
        outbox.add_message(
            session,
            key="waits",
            topic=Topic.HINT,
            line_to=line_user_id,
            person_id=person,
            parts=to_json([Said(SECRET)]),
            at=at,
            next_at=later,
        )


def test_nothing_of_the_person_is_left_and_the_record_is_whole(town: Stage) -> None:
    members = {"members": [{"type": "user", "userId": user_id("นภา")}]}
    town.event("", GROUP, type="memberJoined", joined=members)
    town.tick()
    town.say("นภา", f"ติดปัญหา ๓ {SECRET}")
    town.say("นภา", "เสร็จ ๕", GROUP)
    town.coordinator("นภา")
    town.say("นภา", f"ตอบ ๓ ทต.แม่แรม {SECRET}")
    with transaction(town.engine) as session:
        mine = select(PersonRow.id).where(PersonRow.line_user_id == user_id("นภา"))
        person = PersonId(session.execute(mine).scalar_one())
    put_traces(town, person)
    before = set(
        traces(town.engine, user_id("นภา"), SECRET, "นภา ใจงาม", digest_of(user_id("นภา")))
    )

    asked = town.say("นภา", "ลบข้อมูลของฉัน")
    confirmed = confirmation(town)
    said = town.say("นภา", confirmed)
    sent_again = town.say("นภา", confirmed, webhookEventId="event-again")

    assert {"chat_member.who", "report.reason", "duty.reason"} < before
    assert {"person.display_name", "inbox_event.chat_key", "inbox_event.body"} < before
    assert {"privacy_notice.who", "code_try.who", "stuck_answer.answer", "quiet.reason"} < before
    assert {"outbox_message.line_to", "outbox_message.chat_key", "outbox_message.parts"} < before
    assert "รหัสผู้ใช้ LINE ชื่อ หน้าที่ทั้งหมด" in asked[0]
    assert said[0].startswith("✅ ลบข้อมูลของท่านแล้ว")
    assert sent_again == ["บอตไม่มีข้อมูลของท่านอยู่แล้ว"]
    words = (user_id("นภา"), SECRET, "นภา ใจงาม", digest_of(user_id("นภา")))
    # How often codes were tried in this hour goes with the hour: `test_code_limits`.
    assert traces(town.engine, *words) == ["code_try.who"]
    with transaction(open_snapshot(town.engine)) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        assert record_audit.check(session, province).faults == []
        row = session.get_one(PersonRow, person)
        assert (row.line_user_id, row.display_name) == (f"erased:{person}", "")
        assert row.erased_at == town.now
        for table in (Told, EvidenceWait, JoinRequest):
            assert session.scalars(select(table.id).where(table.person_id == person)).all() == []
        assert session.scalars(select(PlanDraftRow.state)).all() == [DraftState.CANCELLED]
        assert session.scalars(select(Download.expires_at)).all() == [town.now]
    # What the agency reported stays, and nothing more reaches the person.
    assert state_of(town, MAE_RAEM, "3") is DutyState.STUCK
    assert [to for to, _ in town.tick() if to == user_id("นภา")] == []


def test_who_is_let_in_at_the_same_time_leaves_nothing_either(town: Stage) -> None:
    town.follow("ใหม่")
    town.say("ใหม่", "ขอเข้าร่วม ทต.แม่แรม")
    town.say("ใหม่", "ใหม่ มาแล้ว นักวิชาการ")
    town.say("ใหม่", "ลบข้อมูลของฉัน")
    confirmed = confirmation(town)

    with ThreadPoolExecutor() as pool:
        with transaction(town.engine) as session:
            person = people.person(session, user_id("ใหม่"), at=town.now)
            assert person is not None
            [asked] = joining.waiting_of_person(session, person.person_id)
            joining.decide(
                session, asked.request_id, JoinOutcome.ADMITTED, by=person.person_id, at=town.now
            )
            said = pool.submit(town.say, "ใหม่", confirmed)
            time.sleep(0.3)  # what is to be deleted is being added meanwhile
            agency = asked.agency
            post = Post(Role.EXECUTIVE, agency.province_id, None, agency.agency_id)
            people.give_post(session, person.person_id, post, at=town.now)
            to = [(person.person_id, user_id("ใหม่"))]
            outbox.add_messages(session, to, key="joined", topic=Topic.JOIN, at=town.now)
        said.result()

    with transaction(town.engine) as session:
        assert posts.held_by(session, person.person_id, at=town.now) == []
    assert traces(town.engine, user_id("ใหม่")) == []


def test_a_copy_restored_knows_no_more_and_who_comes_back_is_somebody_else(
    town: Stage, tmp_path: Path
) -> None:
    town.say("นภา", "ลบข้อมูลของฉัน")
    old = confirmation(town)
    town.say("นภา", old)

    (tmp_path / "copy").touch()
    copy_out(town.engine, tmp_path / "copy")
    restored = Stage(open_database(f"sqlite:///{tmp_path}/new.sqlite3"), numbers=count(300))
    copy_in(restored.engine, tmp_path / "copy")
    restored.officer("นภา", DON_KAEO)
    pressed = restored.say("นภา", old)

    assert posts_of(restored, user_id("นภา")) == [(Role.OFFICER, DON_KAEO)]
    assert pressed[0].startswith("ลบข้อมูลของท่าน\n")
    assert confirmation(restored) != old
    restored.engine.dispose()


def test_the_last_coordinator_is_warned_and_may(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    warned = town.say("สมศรี", "ลบข้อมูลของฉัน")

    said = town.say("สมศรี", confirmation(town))

    assert "⚠️ ท่านเป็นผู้ประสานงานคนเดียวของจังหวัดเชียงใหม่" in warned[0]
    assert said[0].startswith("✅")
    actions_logged = [getattr(each, "action", "") for each in caplog.records]
    assert actions_logged.count("alarm_no_coordinator") == 1
    assert actions_logged.count("person_erased") == 1
    assert posts_of(town, user_id("สมศรี")) == []


def test_who_is_not_named_by_line_deletes_nothing_of_anybody(town: Stage) -> None:
    town.say("นภา", "ติดปัญหา ๓ ไฟดับ")
    with transaction(town.engine) as session:
        bodies = select(InboxEvent.body).where(InboxEvent.body.is_not(None))
        before = len(session.scalars(bodies).all())

    said = town.say("", "ลบข้อมูลของฉัน")

    assert said == [problems.SENDER_UNKNOWN.text]
    with transaction(town.engine) as session:
        assert len(session.scalars(bodies).all()) >= before > 0
        assert session.scalars(select(CodeTry.who).where(CodeTry.who == "")).all() == [""]


def test_in_the_group_nothing_is_deleted_and_a_stranger_has_nothing(town: Stage) -> None:
    mention = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}

    in_group = town.say("นภา", "@bot ลบข้อมูลของฉัน", GROUP, mention=mention)
    chatter = town.say("นภา", "ลบข้อมูลของฉัน", GROUP)
    with transaction(town.engine) as session:
        at, later = town.now, town.now + timedelta(minutes=30)
        outbox.add_message(
            session,
            key="theirs",
            topic=Topic.ANSWER,
            line_to=user_id("นภา"),
            parts=[],
            at=at,
            next_at=later,
        )
    stranger = town.say("แปลก", "ลบข้อมูลของฉัน")

    assert in_group == ["การลบข้อมูลทำในแชตส่วนตัวกับบอต โดยพิมพ์ “ลบข้อมูลของฉัน”"]
    assert chatter == []
    assert stranger == ["บอตไม่มีข้อมูลของท่านอยู่แล้ว"]
    assert traces(town.engine, user_id("แปลก")) == []
    assert message(town.engine, "theirs").line_to == user_id("นภา")
    assert message(town.engine, "theirs").state == QueueState.WAITING
    assert posts_of(town, user_id("นภา")) == [(Role.OFFICER, MAE_RAEM)]
