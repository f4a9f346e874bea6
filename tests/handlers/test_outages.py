"""Reminders and digests while LINE is away: no burst afterwards, and nothing that is not true."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.sending import SendError, Trouble
from store.database import transaction
from store.models import Notice, OutboxMessage, Topic
from store.types import Window
from tests.factories import make_draft, replan
from tests.stage import Stage, plain, unnumbered, user_id

UNREACHED = SendError(Trouble.UNREACHED, "refused")
UNCERTAIN = SendError(Trouble.UNCERTAIN, "500")


@pytest.fixture
def january(town: Stage) -> Stage:
    """The plan asks for one thing, in January; only นภา (ทต.แม่แรม) has not done it."""
    replan(town, make_draft("3"))
    town.say("วิชัย", "เสร็จ ๓")
    return town


def rounds(stage: Stage, instant: str, *troubles: SendError) -> list[str]:
    """Do a round at that time with LINE in that trouble; return what นภา was told."""
    stage.at(instant)
    stage.line.troubles = list(troubles)
    told = [text for to, text in stage.tick() if to == user_id("นภา")]
    stage.line.troubles = []
    return told


def test_after_days_without_line_there_is_one_reminder(january: Stage) -> None:
    rounds(january, "2024-01-03T09:00")
    for day in ("24", "26", "30", "31"):
        rounds(january, f"2024-01-{day}T09:00", *[UNREACHED] * 9)

    told = rounds(january, "2024-02-01T09:00")

    assert [text.splitlines()[0] for text in told] == ["❗ เกินกำหนดแล้ว · ทต.แม่แรม"]


def test_what_was_true_yesterday_is_not_said_today(january: Stage) -> None:
    rounds(january, "2024-01-03T09:00")
    rounds(january, "2024-01-31T16:20", *[UNCERTAIN] * 9)

    told = rounds(january, "2024-02-01T08:30")

    assert [text.splitlines()[0] for text in told] == ["❗ เกินกำหนดแล้ว · ทต.แม่แรม"]
    with transaction(january.engine) as session:
        outcomes = session.scalars(select(Notice.outcome).where(Notice.kind == "last_day")).all()
    assert "uncertain" in outcomes


def test_each_notice_keeps_the_reason_that_was_true_for_it(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("5", "นำเข้าข้อมูลจำนวนผู้มีส่วนได้ส่วนเสีย"))
    rounds(town, "2024-01-03T09:00", *[UNREACHED] * 9)
    town.say("นภา", "เสร็จ ๓")

    told = rounds(town, "2024-01-03T09:30")

    assert "ข้อ ๓" not in told[0]
    with transaction(town.engine) as session:
        outcomes = session.scalars(select(Notice.outcome).order_by(Notice.id)).all()
    assert {"done", "sent"} <= set(outcomes)


def test_a_digest_that_is_sent_late_says_what_is_true_then(town: Stage) -> None:
    town.at("2024-02-05T08:30")
    town.line.troubles = [SendError(Trouble.UNREACHED, "away")] * 99
    town.tick()
    town.line.troubles = []
    town.at("2024-02-06T09:00")

    town.say("นภา", "เสร็จ ๓")

    said = [plain(each) for _, _, messages in town.line.sent for each in messages]
    (late,) = (text for text in said if text.startswith("📋"))
    assert late.startswith("📋 สรุป ITA จังหวัดเชียงใหม่ วันอังคารที่ ๖ กุมภาพันธ์ ๒๕๖๗")
    assert "เกินกำหนด ๖ วัน (ครบกำหนด ๓๑ ม.ค. ๖๗) · เสร็จ ๑/" in late


def test_a_digest_waits_for_office_hours_and_dies_with_its_week(town: Stage) -> None:
    town.at("2024-01-22T09:00")
    town.line.troubles = [SendError(Trouble.MONTHLY_LIMIT, "You have reached your monthly limit.")]
    town.tick()
    town.at("2024-01-29T09:00")
    town.tick()

    town.at("2024-02-01T00:01")
    at_night = town.tick()
    town.at("2024-02-01T08:30")
    in_the_morning = [text for _, text in town.tick() if text.startswith("📋")]

    assert at_night == []
    assert ["วันพฤหัสบดีที่ ๑ กุมภาพันธ์" in text for text in in_the_morning] == [True]
    with transaction(town.engine) as session:
        reasons = session.scalars(
            select(OutboxMessage.outcome).where(OutboxMessage.topic == Topic.DIGEST)
        ).all()
    assert sorted(reasons) == ["sent", "too_late"]


def test_a_receipt_that_line_never_took_comes_as_a_push(town: Stage) -> None:
    town.line.troubles = [UNREACHED] * 30
    town.say("นภา", "เสร็จ ๓")
    for _ in range(12):
        town.later(minutes=3)
        town.work()
    town.line.troubles = []

    town.later(minutes=30)
    town.work()

    how, to, messages = town.line.sent[-1]
    assert (how, to) == ("push", user_id("นภา"))
    assert unnumbered([messages[0]["text"]]) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]


def test_a_receipt_that_line_may_have_shown_is_parked(town: Stage) -> None:
    town.line.troubles = [UNCERTAIN] * 30
    town.say("นภา", "เสร็จ ๓")
    sent = len(town.line.sent)
    for _ in range(12):
        town.later(minutes=3)
        town.work()

    assert len(town.line.sent) == sent
    with transaction(town.engine) as session:
        last = select(OutboxMessage.state).order_by(OutboxMessage.id.desc()).limit(1)
        assert session.scalar(last) == "parked"


def test_a_leftover_takes_with_it_what_falls_due_that_day(january: Stage) -> None:
    rounds(january, "2024-01-30T16:25", *[UNREACHED] * 9)
    january.at("2024-01-31T08:30")
    before = len(january.line.sent)

    january.work()  # the sender is faster than the bell
    sent = january.line.sent[before:]
    first = [plain(messages[0]) for _, to, messages in sent if to == user_id("นภา")]
    later = rounds(january, "2024-01-31T08:33")

    assert [text.splitlines()[0] for text in first] == ["⏰ วันนี้วันสุดท้าย · ทต.แม่แรม"]
    assert later == []


def test_a_deadline_moved_away_and_back_is_reminded_of(january: Stage) -> None:
    rounds(january, "2024-01-31T09:00", *[UNREACHED] * 9)
    replan(january, make_draft("3", window=Window(date(2024, 1, 1), date(2024, 2, 29))))
    rounds(january, "2024-01-31T09:30", *[UNREACHED] * 9)
    replan(january, make_draft("3"))

    told = rounds(january, "2024-01-31T10:00")

    assert told == [] or told[0].startswith("⏰ วันนี้วันสุดท้าย")
    with transaction(january.engine) as session:
        outcomes = session.scalars(
            select(Notice.outcome).where(
                Notice.kind == "last_day", Notice.planned_on > date(2024, 1, 4)
            )
        ).all()
    assert "moved" not in outcomes
