"""Corrections: whoever was told a date that moved is told the new one, once, and nobody else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot import outbox as outbox_loop
from bot.clock import bangkok_date
from bot.sending import SendError, Sent, Trouble
from handlers.holiday_calendar import working_calendar
from handlers.plan_import import changes
from store import agencies
from store.database import transaction
from store.models import Notice, OutboxMessage, Topic
from store.types import ActivityDraft, PartyKind, Window
from tests.factories import YEAR, make_draft, make_plan, replan
from tests.stage import Stage, user_id

FEBRUARY = Window(date(2024, 2, 1), date(2024, 2, 29))
MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))
TO_FEBRUARY = (
    "🔁 กำหนดการเปลี่ยน · ทต.แม่แรม\nข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\nเดิมถึง ๓๑ ม.ค. ๖๗ → ใหม่ กุมภาพันธ์ ๒๕๖๗"
)


@pytest.fixture
def january(town: Stage) -> Stage:
    """The plan asks for one thing, in January; วิชัย (อบต.ดอนแก้ว) has done it, นภา not yet."""
    replan(town, make_draft("3"))
    town.say("วิชัย", "เสร็จ ๓")
    return town


@pytest.fixture
def told(january: Stage) -> Stage:
    """นภา was reminded of January, at 09:00 on the 3rd; it is an hour later."""
    assert [to for to, _ in january.tick()] == [user_id("นภา")]
    january.later(hours=1)
    return january


def corrections(stage: Stage) -> list[tuple[str, str]]:
    """Do a round of everything; return the corrections pushed."""
    return [(to, text) for to, text in stage.tick() if text.startswith("🔁")]


def told_of(stage: Stage, *activities: ActivityDraft) -> Sequence[str]:
    """Return the agencies that a change would be corrected to, as its preview says."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        diff = changes.compare(session, province, YEAR, make_plan(*activities))
        return [agency.name for agency in diff.told]


def waiting_notices(stage: Stage) -> list[date]:
    """Return the deadlines of the notices that are still to be sent."""
    with transaction(stage.engine) as session:
        return list(session.scalars(select(Notice.last_on).where(Notice.outcome == "")))


def claimed(stage: Stage) -> Sequence[outbox_loop.Ready]:
    """Begin a try of what is due, LINE not called yet."""
    calendar = working_calendar(bangkok_date(stage.now))
    return outbox_loop.claim(stage.engine, calendar, now=stage.now, most=9).ready


def planned(stage: Stage) -> None:
    """Let reminders be planned, none sent: LINE is away for a minute."""
    stage.line.troubles = [SendError(Trouble.UNREACHED, "away")] * 3
    stage.tick()
    stage.line.troubles.clear()
    stage.later(minutes=5)


def test_who_was_told_the_old_date_is_told_the_new_one_once(told: Stage) -> None:
    preview = told_of(told, make_draft("3", window=FEBRUARY))
    replan(told, make_draft("3", window=FEBRUARY))

    first, second = corrections(told), corrections(told)

    assert preview == ["เทศบาลตำบลแม่แรม"]
    assert first == [(user_id("นภา"), TO_FEBRUARY)]
    assert second == []


def test_who_was_told_nothing_is_corrected_in_nothing(january: Stage) -> None:
    preview = told_of(january, make_draft("3", window=FEBRUARY))
    replan(january, make_draft("3", window=FEBRUARY))

    assert (preview, corrections(january)) == ([], [])


def test_notices_of_an_old_date_are_closed_as_soon_as_it_moves(january: Stage) -> None:
    planned(january)
    before = waiting_notices(january)

    replan(january, make_draft("3", window=FEBRUARY))

    assert before
    assert waiting_notices(january) == []
    assert january.tick() == []


def test_a_date_that_moves_back_before_anybody_was_told_costs_nothing(told: Stage) -> None:
    replan(told, make_draft("3", window=FEBRUARY))
    replan(told, make_draft("3"))

    assert corrections(told) == []


def test_a_date_that_moves_twice_is_told_once_as_it_is_now(told: Stage) -> None:
    replan(told, make_draft("3", window=FEBRUARY))
    replan(told, make_draft("3", window=MARCH))

    [(to, text)] = corrections(told)

    assert to == user_id("นภา")
    assert text.endswith("เดิมถึง ๓๑ ม.ค. ๖๗ → ใหม่ มีนาคม ๒๕๖๗")


def test_a_correction_is_corrected_like_any_date_that_was_told(told: Stage) -> None:
    replan(told, make_draft("3", window=FEBRUARY))
    corrections(told)
    replan(told, make_draft("3"))

    [(_, text)] = corrections(told)

    assert text.endswith("เดิมถึง ๒๙ ก.พ. ๖๗ → ใหม่ มกราคม ๒๕๖๗")


def test_a_date_that_moves_while_its_reminder_is_on_its_way_is_corrected_after_it(
    january: Stage,
) -> None:
    planned(january)
    tries = [each for each in claimed(january) if each.message.topic is Topic.REMINDER]
    replan(january, make_draft("3", window=FEBRUARY))
    said = len(january.line.sent)
    january.work()
    before = january.line.sent[said:]

    outbox_loop.record(
        january.engine, [(each, Sent("r", ("1",))) for each in tries], now=january.now
    )

    assert len(tries) == 1
    assert before == []
    assert corrections(january) == [(user_id("นภา"), TO_FEBRUARY)]


def test_a_reminder_that_was_refused_while_its_date_moved_leaves_nothing_to_correct(
    january: Stage,
) -> None:
    planned(january)
    tries = [each for each in claimed(january) if each.message.topic is Topic.REMINDER]
    replan(january, make_draft("3", window=FEBRUARY))
    refused = SendError(Trouble.UNREACHED, "away")

    outbox_loop.record(january.engine, [(each, refused) for each in tries], now=january.now)
    january.later(hours=1)

    assert january.tick() == []


def test_an_outcome_that_nobody_knows_counts_as_told(january: Stage) -> None:
    january.line.troubles = [SendError(Trouble.UNCERTAIN, "no answer")]
    january.tick()
    replan(january, make_draft("3", window=FEBRUARY))
    january.later(hours=1)

    assert corrections(january) == [(user_id("นภา"), TO_FEBRUARY)]


def test_what_is_no_longer_asked_is_taken_back(told: Stage) -> None:
    replan(told, make_draft("5", title="อบรมเจ้าหน้าที่", window=MARCH))

    assert corrections(told) == [
        (
            user_id("นภา"),
            "🔁 กำหนดการเปลี่ยน · ทต.แม่แรม\n"
            "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
            "เดิมถึง ๓๑ ม.ค. ๖๗ → ยกเลิกแล้ว ไม่ต้องดำเนินการ",
        )
    ]


def test_who_is_no_longer_asked_is_told_so_and_named_before_it_is_confirmed(told: Stage) -> None:
    handed_over = make_draft("3", party=PartyKind.PROVINCIAL_OFFICE, party_text="สนจ.เชียงใหม่")
    preview = told_of(told, handed_over)
    replan(told, handed_over)

    [(to, text)] = corrections(told)

    assert preview == ["เทศบาลตำบลแม่แรม"]
    assert to == user_id("นภา")
    assert text.endswith("→ ยกเลิกแล้ว ไม่ต้องดำเนินการ")


def test_another_wording_of_the_same_asks_nobody_to_be_corrected(told: Stage) -> None:
    reworded = make_draft("3", party_text="องค์กรปกครองส่วนท้องถิ่นทุกแห่ง")

    preview = told_of(told, reworded)
    replan(told, reworded)

    assert (preview, corrections(told)) == ([], [])


def test_who_has_reported_since_is_told_that_nothing_is_left_to_do(told: Stage) -> None:
    told.say("นภา", "เสร็จ ๓")
    replan(told, make_draft("3", window=FEBRUARY))

    [(_, text)] = corrections(told)

    assert text.endswith("ใหม่ กุมภาพันธ์ ๒๕๖๗ (ท่านรายงานเสร็จแล้ว ไม่ต้องทำเพิ่ม)")


def test_both_officers_of_an_agency_who_were_told_are_corrected(january: Stage) -> None:
    january.officer("มานี", "เทศบาลตำบลแม่แรม")
    january.tick()
    january.later(hours=1)
    replan(january, make_draft("3", window=FEBRUARY))

    assert sorted(corrections(january)) == sorted(
        [(user_id("นภา"), TO_FEBRUARY), (user_id("มานี"), TO_FEBRUARY)]
    )


def test_a_correction_waits_for_office_hours(told: Stage) -> None:
    told.at("2024-01-03T20:00")
    replan(told, make_draft("3", window=FEBRUARY))

    at_night = corrections(told)
    told.at("2024-01-04T08:30")

    assert at_night == []
    assert corrections(told) == [(user_id("นภา"), TO_FEBRUARY)]


def test_who_has_blocked_the_bot_is_not_written_to(told: Stage) -> None:
    told.event("นภา", type="unfollow")
    replan(told, make_draft("3", window=FEBRUARY))

    assert corrections(told) == []


def test_a_correction_that_may_have_arrived_is_repeated_word_for_word(told: Stage) -> None:
    replan(told, make_draft("3", window=FEBRUARY))
    told.line.troubles = [SendError(Trouble.UNCERTAIN, "no answer")]
    first = corrections(told)
    replan(told, make_draft("3", window=MARCH))
    told.later(hours=1)

    second = corrections(told)
    told.later(hours=1)
    third = corrections(told)

    # The first try is not in what was accepted; what was said then is said again, and corrected.
    assert first == []
    assert [text.rsplit("ใหม่ ", 1)[1] for _, text in (*second, *third)] == [
        "กุมภาพันธ์ ๒๕๖๗",
        "มีนาคม ๒๕๖๗",
    ]


def test_an_opening_that_moves_takes_its_notice_along_and_nothing_else(january: Stage) -> None:
    later = Window(date(2024, 1, 10), date(2024, 1, 31))
    planned(january)
    replan(january, make_draft("3", window=later))
    january.later(hours=2)

    now = january.tick()
    january.at("2024-01-10T09:00")

    assert now == []
    assert [text.splitlines()[0] for to, text in january.tick() if to == user_id("นภา")] == [
        "📅 ถึงเวลาดำเนินการ · ทต.แม่แรม"
    ]


def test_several_dates_that_move_at_once_are_one_message(town: Stage) -> None:
    first, second = make_draft("3"), make_draft("4", title="จัดทำแผน")
    replan(town, first, second)
    town.tick()
    town.later(hours=1)
    replan(town, replace(first, window=FEBRUARY), replace(second, window=MARCH))

    found = corrections(town)

    assert sorted(to for to, _ in found) == sorted([user_id("นภา"), user_id("วิชัย")])
    assert all(text.count("→") == 2 for _, text in found)


def test_a_correction_is_not_planned_again_by_the_same_plan(told: Stage) -> None:
    for _ in range(3):
        replan(told, make_draft("3", window=FEBRUARY))

    with transaction(told.engine) as session:
        queued = session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.topic == Topic.CORRECTION)
        ).all()

    assert len(queued) == 1
