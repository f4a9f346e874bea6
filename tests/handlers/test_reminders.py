"""Reminders: to whom, on which days, what they say, and that nothing comes twice or too late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import bangkok_date, read_instant
from handlers import reminders
from handlers.holiday_calendar import working_calendar
from store import workers
from store.database import transaction
from store.models import AgencyRow, Duty, Notice, OutboxMessage, Topic
from store.types import DutyState, PartyKind, Window
from tests.factories import JANUARY, make_draft, replan, state_of
from tests.stage import Stage, unnumbered, user_id

MAE_RAEM, DON_KAEO = "เทศบาลตำบลแม่แรม", "องค์การบริหารส่วนตำบลดอนแก้ว"
OPENED = (
    "📅 ถึงเวลาดำเนินการ · ทต.แม่แรม\n"
    "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS\n"
    "เหลือ ๒๘ วัน (ถึง ๓๑ ม.ค. ๖๗) · ยังไม่รายงาน"
)


@pytest.fixture
def january(town: Stage) -> Stage:
    """The plan asks for one thing, in January; only นภา (ทต.แม่แรม) has not done it."""
    replan(town, make_draft("3"))
    town.say("วิชัย", "เสร็จ ๓")
    return town


def plan(stage: Stage) -> int:
    """Let only the planner ring; return the new notices."""
    with transaction(stage.engine) as session:
        workers.ring(session, reminders.PLANNING, at=stage.now, every=reminders.PLANNED_EVERY)
        return reminders.plan_reminders(
            session, now=stage.now, calendar=working_calendar(bangkok_date(stage.now))
        )


def reminded(stage: Stage, name: str = "") -> list[tuple[str, str]]:
    """Do a round of everything; return the reminders pushed, to all or to one person."""
    return [
        (to, text)
        for to, text in stage.tick()
        if not text.startswith(("📋", "🔁")) and (not name or to == user_id(name))
    ]


def pushed(stage: Stage, before: int) -> list[str]:
    """Return to whom was pushed since the transcript had that length."""
    return [to for how, to, _ in stage.line.sent[before:] if how == "push"]


def outcomes(stage: Stage, agency: str = MAE_RAEM) -> list[str]:
    """Return what became of every notice of the agency, in the order they were planned."""
    with transaction(stage.engine) as session:
        notices = session.execute(
            select(Notice.outcome)
            .join(Duty, Notice.duty_id == Duty.id)
            .join(AgencyRow, Duty.agency_id == AgencyRow.id)
            .where(AgencyRow.name == agency)
            .order_by(Notice.id)
        )
        return [outcome for (outcome,) in notices]


def headlines(stage: Stage, first: str, last: str) -> list[tuple[str, str, str]]:
    """Let every day pass at ten; return each reminder's day, headline and deadline."""
    day, found = date.fromisoformat(first), []
    while day <= date.fromisoformat(last):
        stage.at(f"{day}T10:00")
        for to, text in stage.tick():
            if to == user_id("นภา"):
                lines = text.splitlines()
                found.append((f"{day:%m-%d}", lines[0].split(" · ")[0], lines[2].split(" (")[0]))
        day += timedelta(days=1)
    return found


def test_a_month_is_reminded_of_on_its_days_until_it_is_weeks_overdue(january: Stage) -> None:
    told = headlines(january, "2024-01-03", "2024-03-15")

    assert told == [
        ("01-03", "📅 ถึงเวลาดำเนินการ", "เหลือ ๒๘ วัน"),  # opened on the 1st, a holiday
        ("01-17", "📅 ถึงเวลาดำเนินการ", "เหลือ ๑๔ วัน"),
        ("01-24", "⏰ ใกล้ครบกำหนด", "เหลือ ๗ วัน"),
        ("01-26", "⏰ ใกล้ครบกำหนด", "เหลือ ๕ วัน"),  # three days before is a Sunday
        ("01-30", "⏰ ใกล้ครบกำหนด", "พรุ่งนี้วันสุดท้าย"),
        ("01-31", "⏰ วันนี้วันสุดท้าย", "วันนี้วันสุดท้าย"),
        ("02-01", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๑ วัน"),
        ("02-05", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๕ วัน"),  # three days after is a Saturday
        ("02-07", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๗ วัน"),
        ("02-14", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๑๔ วัน"),
        ("02-21", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๒๑ วัน"),
        ("02-28", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๒๘ วัน"),
        ("03-06", "❗ เกินกำหนดแล้ว", "เกินกำหนด ๓๕ วัน"),
    ]


def test_only_who_has_not_reported_is_reminded(january: Stage) -> None:
    assert january.tick() == [(user_id("นภา"), OPENED)]


def test_a_reminder_is_reported_on_with_its_own_buttons(january: Stage) -> None:
    january.tick()

    said = january.tap("นภา", january.buttons("เสร็จ")[0])

    assert unnumbered(said) == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๒/๒๑๑)"]


def test_who_is_working_on_it_is_still_reminded(january: Stage) -> None:
    january.say("นภา", "กำลังทำ ๓")

    assert [to for to, _ in january.tick()] == [user_id("นภา")]


def test_once_reported_there_is_silence(january: Stage) -> None:
    january.say("นภา", "เสร็จ ๓")

    assert headlines(january, "2024-01-24", "2024-02-07") == []


def test_two_officers_of_one_agency_both_get_it(january: Stage) -> None:
    january.officer("มานี", MAE_RAEM)

    assert sorted(january.tick()) == sorted([(user_id("นภา"), OPENED), (user_id("มานี"), OPENED)])


def test_what_one_officer_reports_silences_the_other(january: Stage) -> None:
    january.officer("มานี", MAE_RAEM)
    january.say("มานี", "เสร็จ ๓")

    assert january.tick() == []


def test_who_answers_for_two_agencies_gets_one_card(town: Stage) -> None:
    replan(town, make_draft("3"))
    town.officer("นภา", DON_KAEO)

    cards = [text for to, text in town.tick() if to == user_id("นภา")]

    assert len(cards) == 1
    assert cards[0].splitlines()[0] == "📅 ถึงเวลาดำเนินการ · ๒ หน่วยงานของท่าน"
    assert "ทต.แม่แรม · ข้อ ๓ " in cards[0]
    assert "อบต.ดอนแก้ว · ข้อ ๓ " in cards[0]


def test_all_that_is_due_is_one_card_with_the_most_urgent_first(town: Stage) -> None:
    day = date(2024, 2, 1)
    replan(
        town,
        make_draft("1", window=Window(day, date(2024, 3, 31))),
        make_draft("2", window=Window(date(2024, 1, 10), day + timedelta(days=1))),
        make_draft("3", window=Window(date(2024, 1, 10), day)),
        make_draft("4", window=JANUARY),
    )
    town.at("2024-02-01T09:00")

    cards = [text for to, text in town.tick() if to == user_id("นภา")]

    assert len(cards) == 1
    assert [line.split()[1] for line in cards[0].splitlines() if line.startswith("ข้อ")] == [
        "๔",
        "๓",
        "๒",
        "๑",
    ]


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param("2024-01-24T08:29:59", id="before the offices open"),
        pytest.param("2024-01-24T16:30", id="after they close"),
        pytest.param("2024-01-27T10:00", id="saturday"),
        pytest.param("2024-01-28T10:00", id="sunday"),
        pytest.param("2024-02-26T10:00", id="a holiday in lieu"),
    ],
)
def test_nobody_is_written_to_while_offices_are_closed(town: Stage, instant: str) -> None:
    town.at(instant)

    assert town.tick() == []


@pytest.mark.parametrize("instant", ["2024-01-24T08:30", "2024-01-24T16:29:59"])
def test_in_office_hours_reminders_go_out(january: Stage, instant: str) -> None:
    january.at(instant)

    assert len(reminded(january)) == 1


def test_what_was_planned_before_closing_time_waits_for_the_morning(january: Stage) -> None:
    january.at("2024-01-24T16:29")
    plan(january)
    january.at("2024-01-24T16:31")
    before = len(january.line.sent)

    january.work()
    january.at("2024-01-25T08:29")
    january.work()
    at_night = pushed(january, before)
    january.at("2024-01-25T08:30")
    january.work()

    assert at_night == []
    assert pushed(january, before) == [user_id("นภา")]


def test_a_report_between_planning_and_sending_stops_the_reminder(january: Stage) -> None:
    plan(january)
    before = len(january.line.sent)

    january.say("นภา", "เสร็จ ๓")

    assert pushed(january, before) == []
    assert outcomes(january) == ["done"]


def test_what_is_left_of_a_card_is_sent(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("5"))
    plan(town)
    before = len(town.line.sent)

    town.say("นภา", "เสร็จ ๓")

    to_napha = [
        messages[0]["altText"]
        for how, to, messages in town.line.sent[before:]
        if how == "push" and to == user_id("นภา")
    ]
    assert to_napha == ["📅 ถึงเวลาดำเนินการ: ทต.แม่แรม ข้อ ๕"]


def test_a_date_moved_between_planning_and_sending_stops_the_reminder(january: Stage) -> None:
    plan(january)
    replan(january, make_draft("3", window=Window(date(2024, 2, 1), date(2024, 2, 29))))
    before = len(january.line.sent)

    january.work()

    assert pushed(january, before) == []
    assert outcomes(january) == ["moved"]


def test_an_activity_dropped_between_planning_and_sending_is_not_reminded_of(
    january: Stage,
) -> None:
    plan(january)
    replan(january, make_draft("5", "ประชุมคณะทำงาน"))
    before = len(january.line.sent)

    january.work()

    assert pushed(january, before) == []
    assert outcomes(january) == ["moved"]


def test_a_moved_deadline_is_reminded_of_anew(january: Stage) -> None:
    january.at("2024-01-31T09:00")
    first = reminded(january)
    replan(january, make_draft("3", window=Window(date(2024, 1, 1), date(2024, 2, 1))))
    january.at("2024-02-01T09:00")

    again = reminded(january)

    assert [text.splitlines()[0] for _, text in (*first, *again)] == [
        "⏰ วันนี้วันสุดท้าย · ทต.แม่แรม"
    ] * 2


def test_a_deadline_moved_to_and_fro_is_not_reminded_of_twice(january: Stage) -> None:
    january.tick()
    replan(january, make_draft("3", window=Window(date(2024, 2, 1), date(2024, 2, 29))))
    replan(january, make_draft("3"))
    january.later(hours=1)

    assert january.tick() == []


@pytest.mark.parametrize(
    ("asleep_until", "said"),
    [
        pytest.param("2024-01-25T09:00", "เหลือ ๖ วัน", id="one day"),
        pytest.param("2024-02-01T09:00", "เกินกำหนด ๑ วัน", id="eight days"),
    ],
)
def test_after_a_sleep_there_is_one_catch_up(january: Stage, asleep_until: str, said: str) -> None:
    january.tick()
    january.at(asleep_until)

    caught_up = reminded(january)
    january.later(hours=1)
    again = reminded(january)

    assert len(caught_up) == 1
    assert said in caught_up[0][1]
    assert again == []


def test_a_restart_on_the_same_day_plans_and_sends_nothing_twice(january: Stage) -> None:
    january.tick()

    planned = plan(january)
    january.later(minutes=5)

    assert planned == 0
    assert january.tick() == []


def test_a_restart_between_planning_and_sending_loses_nothing(january: Stage) -> None:
    plan(january)

    assert plan(january) == 0
    assert january.tick() == [(user_id("นภา"), OPENED)]


def test_a_second_reminder_on_one_day_waits_for_the_next_office_day(january: Stage) -> None:
    january.at("2024-01-05T09:00")  # a Friday
    january.tick()
    replan(january, make_draft("3"), make_draft("5"))
    january.later(hours=1)
    same_day = reminded(january, "นภา")

    january.at("2024-01-08T08:30")

    assert same_day == []
    assert [
        (to, "ข้อ ๕" in text, "ข้อ ๓" in text) for to, text in january.tick() if to == user_id("นภา")
    ] == [(user_id("นภา"), True, False)]


def test_nobody_gets_two_reminders_on_one_day(town: Stage) -> None:
    replan(
        town,
        *(
            make_draft(str(number), window=Window(date(2024, 1, 2 + number), date(2024, 1, 20)))
            for number in range(1, 9)
        ),
    )

    for day in range(3, 13):
        for hour in ("08:30", "16:00"):
            town.at(f"2024-01-{day:02}T{hour}")
            town.tick()

    with transaction(town.engine) as session:
        days = session.execute(
            select(OutboxMessage.person_id, func.date(OutboxMessage.finished_at), func.count())
            .where(OutboxMessage.topic == Topic.REMINDER, OutboxMessage.outcome == "sent")
            .group_by(OutboxMessage.person_id, func.date(OutboxMessage.finished_at))
        ).all()
    assert len(days) > 10
    assert {count for _, _, count in days} == {1}


def test_what_became_of_a_notice_is_kept(january: Stage) -> None:
    january.tick()

    assert outcomes(january) == ["sent"]
    assert outcomes(january, DON_KAEO) == ["done"]
    assert outcomes(january, "เทศบาลตำบลแม่ริม") == ["no_contact"]


def test_who_joins_later_is_not_flooded_with_what_was(january: Stage) -> None:
    january.tick()
    january.officer("มานี", "เทศบาลตำบลแม่ริม")

    assert january.tick() == []


def test_who_blocks_the_bot_between_planning_and_sending_is_not_written_to(
    january: Stage,
) -> None:
    plan(january)
    before = len(january.line.sent)

    january.event("นภา", type="unfollow")

    assert pushed(january, before) == []
    assert outcomes(january) == ["no_contact"]


def test_a_colleague_still_gets_what_a_blocked_one_cannot(january: Stage) -> None:
    january.officer("มานี", MAE_RAEM)
    plan(january)
    before = len(january.line.sent)

    january.event("นภา", type="unfollow")

    assert pushed(january, before) == [user_id("มานี")]
    assert outcomes(january) == ["sent"]


def test_the_coordinator_is_reminded_for_the_secretariat(town: Stage) -> None:
    replan(town, make_draft("9", party=PartyKind.WORKING_GROUP, party_text="คณะทำงาน"))

    assert [(to, text.splitlines()[0]) for to, text in town.tick()] == [
        (user_id("สมศรี"), "📅 ถึงเวลาดำเนินการ · คณะทำงาน ITA จังหวัดเชียงใหม่")
    ]


def test_an_outside_body_is_never_chased(town: Stage) -> None:
    replan(town, make_draft("18", party=PartyKind.OUTSIDE, party_text="สำนักงาน ป.ป.ช."))

    assert [text for to, text in town.tick() if "ข้อ ๑๘" in text] == []
    assert plan(town) == 0


def test_each_province_is_reminded_of_its_own(border: Stage) -> None:
    border.say("เมือง", "เสร็จ ๓")

    cards = dict(border.tick())

    assert "ข้อ ๓ " in cards[user_id("นภา")]
    assert "ลำพูน" not in cards[user_id("นภา")]
    assert cards[user_id("เมือง")].startswith("📅 ถึงเวลาดำเนินการ · ทม.ลำพูน\nข้อ ๕ ")


def test_a_window_without_a_start_is_not_announced(town: Stage) -> None:
    replan(town, make_draft("3", window=replace(JANUARY, first=None)))

    assert town.tick() == []
    town.at("2024-01-24T09:00")
    assert user_id("นภา") in dict(town.tick())


def test_an_activity_without_dates_is_not_reminded_of(town: Stage) -> None:
    replan(town, make_draft("3", window=None))

    assert plan(town) == 0


def test_planning_before_the_offices_open_does_nothing(january: Stage) -> None:
    january.now = read_instant("2024-01-24T08:00")

    assert plan(january) == 0
    assert state_of(january, MAE_RAEM) is DutyState.OPEN
