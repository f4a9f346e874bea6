"""A plan against what is in force: the difference shown, and what confirming it does and keeps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import bangkok_date
from handlers.holiday_calendar import working_calendar
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes, content
from handlers.reminders import plan_reminders
from store import agencies, duties, plans
from store.database import Engine, Session, transaction
from store.models import Activity, Duty, PlanVersion, Report
from store.types import (
    ActivityDraft,
    Actor,
    DutyState,
    PartyDraft,
    PartyKind,
    PlanDraft,
    ProvinceId,
    StepDraft,
    Window,
)
from tests.factories import (
    NOON,
    SAMPLES,
    YEAR,
    drafts_of,
    duty_of,
    make_draft,
    make_plan,
    put_plan,
    put_province,
    replan,
    state_of,
)
from tests.stage import Stage

FEBRUARY = Window(date(2024, 2, 1), date(2024, 2, 29))
MAE_RAEM = "เทศบาลตำบลแม่แรม"


def province_of(session: Session) -> ProvinceId:
    return agencies.provinces(session)[0]


def compared(stage: Stage, activities: Sequence[ActivityDraft]) -> dict[str, Any]:
    with transaction(stage.engine) as session:
        diff = changes.compare(session, province_of(session), YEAR, make_plan(*activities))
    return content.diff_json(diff)


def duty_counts(session: Session) -> dict[str, int]:
    """Return how many duties each activity in force makes, by its number."""
    province = province_of(session)
    counts = duties.counts_by_activity(session, province)
    return {
        each.number: counts[each.activity_id].total if each.activity_id in counts else 0
        for each in plans.activities(session, province)
    }


def named(*texts: str) -> ActivityDraft:
    return replace(
        make_draft("1"), parties=tuple(PartyDraft(PartyKind.NAMED, text) for text in texts)
    )


def chiang_mai() -> PlanDraft:
    content = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    return read_plan("plan.txt", content, fiscal_year=YEAR)


def test_the_plan_of_chiang_mai_makes_these_duties(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        counts = duty_counts(session)

    assert counts == {
        "1": 1,  # สนจ.
        "2": 1,
        "3": 212,  # สนจ. and 211 อปท.
        "4": 1,
        "5": 212,
        "6": 2,  # สถจ. and สนจ.
        "7": 1,
        "8": 1,
        "9": 2,  # the working group and สนจ.
        "10": 212,  # no regional office is in the directory
        "11": 211,
        "12": 211,
        "13": 211,
        "14": 1,  # the working group
        "15": 212,
        "16": 1,
        "17": 212,
        "18": 0,  # ป.ป.ช.: shown, never chased
    }


def test_the_printed_texts_are_kept_beside_what_was_read(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        row = session.execute(
            select(
                Activity.printed_number,
                Activity.title,
                Activity.window_text,
                Activity.responsible_text,
                Activity.first_on,
                Activity.last_on,
            ).where(Activity.number == "11")
        ).one()

    assert tuple(row) == (
        "๑๑",
        "การดำเนินการเก็บรวบรวมข้อมูลตามแบบวัดการเปิดเผย ข้อมูลสาธารณะ (OIT)",
        "๑ มกราคม - ๓๑ มีนาคม ๒๕๖๗",
        "- ส่วนราชการสังกัดภูมิภาค - อปท. ทุกแห่ง",
        date(2024, 1, 1),
        date(2024, 3, 31),
    )


def test_the_same_file_twice_changes_nothing(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        diff = changes.compare(session, province_of(session), YEAR, chiang_mai())

    assert content.diff_json(diff) == {
        "added": [],
        "revived": [],
        "moved": [],
        "changed": [],
        "removed": [],
        "unchanged": [str(number) for number in range(1, 19)],
        "notices": {"cancelled": 0, "rescheduled": 0, "corrections": 0},
        "told": [],
        "unresolved": [],
    }


def test_confirming_the_same_file_keeps_every_duty_and_button(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        before = duty_of(session, MAE_RAEM)
        changes.confirm(session, province_of(session), YEAR, chiang_mai(), now=NOON)

        assert duty_of(session, MAE_RAEM) == before


def test_a_first_plan_is_all_new(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        other = put_province(session, "ลำพูน")
        diff = changes.compare(session, other, YEAR, chiang_mai())

    assert len(diff.added) == 18
    assert (diff.moved, diff.changed, diff.removed, diff.unchanged) == ((), (), (), ())


def test_the_difference_names_what_moved_changed_came_and_went(stage: Stage) -> None:
    plan = drafts_of(stage)
    old_title = plan["4"].title
    del plan["2"]
    plan["3"] = replace(plan["3"], window=FEBRUARY, window_text="๑ - ๒๙ กุมภาพันธ์ ๒๕๖๗")
    new_title = f"{old_title} (ฉบับแก้ไข)"
    plan["4"] = replace(plan["4"], title=new_title)
    plan["19"] = make_draft("19", "ถอดบทเรียน")

    diff = compared(stage, list(plan.values()))

    january = {"text": "๑ - ๓๑ มกราคม ๒๕๖๗", "first": "2024-01-01", "last": "2024-01-31"}
    assert diff["added"] == [{"number": "19", "title": "ถอดบทเรียน", "window": january}]
    assert diff["moved"] == [
        {
            "number": "3",
            "title": "ลงทะเบียนเข้าสู่ระบบ ITAS",
            "from": january,
            "to": {
                "text": "๑ - ๒๙ กุมภาพันธ์ ๒๕๖๗",
                "first": "2024-02-01",
                "last": "2024-02-29",
            },
        }
    ]
    was = {"number": "4", "title": old_title}
    assert diff["changed"] == [{"number": "4", "title": new_title, "was": was}]
    assert [each["number"] for each in diff["removed"]] == ["2"]
    assert diff["unchanged"] == [str(number) for number in (1, *range(5, 19))]


def test_reports_stay_with_their_activity_when_a_row_comes_in_before_it(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    rows = list(drafts_of(town).values())
    new = make_draft("1", "จัดทำคำสั่งแต่งตั้งคณะทำงานของหน่วยงาน")
    renumbered = [
        replace(row, number=str(place), printed_number=str(place))
        for place, row in enumerate([new, *rows], start=1)
    ]

    diff = compared(town, renumbered)
    replan(town, *renumbered)

    assert [each["number"] for each in diff["added"]] == ["1"]
    assert (diff["removed"], diff["moved"]) == ([], [])
    assert diff["changed"][2] == {
        "number": "4",
        "title": "ลงทะเบียนเข้าสู่ระบบ ITAS",
        "was": {"number": "3", "title": "ลงทะเบียนเข้าสู่ระบบ ITAS"},
    }
    assert state_of(town, MAE_RAEM, "4") is DutyState.DONE
    assert state_of(town, MAE_RAEM, "1") is DutyState.OPEN


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(make_draft(title="ลงทะเบียนเข้าสู่ระบบ ITAS ปี ๒๕๖๗"), id="title"),
        pytest.param(make_draft(steps=("ก", "ข")), id="steps"),
        pytest.param(make_draft(party=PartyKind.WORKING_GROUP), id="party"),
        pytest.param(make_draft(party_text="อปท."), id="printed party"),
        pytest.param(replace(make_draft(), printed_number="๓."), id="printed number"),
        pytest.param(replace(make_draft(), window_text="ม.ค. ๖๗"), id="printed window"),
    ],
)
def test_whatever_is_printed_otherwise_is_a_change(town: Stage, after: ActivityDraft) -> None:
    replan(town, make_draft())

    diff = compared(town, [after])

    assert [each["number"] for each in diff["changed"]] == ["3"]


def test_a_window_that_was_taken_away_has_moved(town: Stage) -> None:
    replan(town, make_draft())

    diff = compared(town, [make_draft(window=None)])

    assert diff["moved"][0]["to"]["last"] is None
    assert diff["notices"]["rescheduled"] == 0


def test_the_difference_counts_the_notices_on_their_way(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("5"))
    with transaction(town.engine) as session:
        plan_reminders(session, now=town.now, calendar=working_calendar(bangkok_date(town.now)))

    diff = compared(town, [make_draft("3", window=FEBRUARY)])

    # Two agencies can be written to, for each of the two activities.
    assert diff["notices"] == {"cancelled": 4, "rescheduled": 2, "corrections": 0}


def test_a_removed_activity_is_gone_and_its_reports_stay(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    plan = drafts_of(town)
    del plan["3"]

    replan(town, *plan.values())

    assert town.say("นภา", "ข้อ ๓")[0].startswith("ไม่พบข้อ ๓")
    assert town.say("นภา", "เสร็จ ๓")[0].startswith("ไม่พบข้อ ๓")
    assert "๐/๗" in town.say("นภา", "สถานะ")[0]
    with transaction(town.engine) as session:
        assert session.scalar(select(func.count(Report.id))) == 1


def test_a_moved_activity_keeps_its_reports(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    plan = drafts_of(town)
    plan["3"] = replace(plan["3"], window=FEBRUARY)

    replan(town, *plan.values())

    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_a_change_of_one_activity_makes_only_its_buttons_stale(town: Stage) -> None:
    plan = drafts_of(town)
    plan["3"] = replace(plan["3"], title="ชื่อใหม่")

    replan(town, *plan.values())

    with transaction(town.engine) as session:
        assert duty_of(session, MAE_RAEM, "3").activity.revision == 2
        assert duty_of(session, MAE_RAEM, "5").activity.revision == 1


def test_a_party_that_is_dropped_has_no_duty_any_more(town: Stage) -> None:
    replan(town, make_draft("3"))
    town.say("นภา", "เสร็จ ๓")
    replan(town, make_draft("3", party=PartyKind.WORKING_GROUP, party_text="คณะทำงาน"))
    without = town.say("นภา", "เสร็จ ๓")

    replan(town, make_draft("3"))

    assert without == ["ข้อ ๓ ไม่ใช่งานของหน่วยงานท่าน จึงไม่ได้บันทึก"]
    assert state_of(town, MAE_RAEM) is DutyState.DONE


def test_a_step_that_is_dropped_is_counted_no_more(town: Stage) -> None:
    replan(town, make_draft("8", steps=("ก", "ข", "ค")))

    replan(town, make_draft("8", steps=("ก",)))

    with transaction(town.engine) as session:
        duty = duty_of(session, MAE_RAEM, "8")
    assert (duty.step_number, duty.step_count) == (1, 1)
    assert "๐/๑ " in town.say("นภา", "สถานะ")[0]


def test_a_step_of_an_outside_body_makes_no_duty(town: Stage) -> None:
    outside = replace(
        make_draft("8"), steps=(StepDraft("ตรวจ", Actor.OUTSIDE), StepDraft("แก้", Actor.ADMIN))
    )

    replan(town, outside)

    with transaction(town.engine) as session:
        only = plans.activities(session, province_of(session))[0].activity_id
        rows = duties.unfinished_of_activities(session, [only])
    assert {duty.step_number for duty in rows} == {2}
    assert len(rows) == 211


def test_an_agency_printed_by_name_gets_the_duty_alone(town: Stage) -> None:
    replan(town, named("อบต.ดอนแก้ว"))

    with transaction(town.engine) as session:
        assert duty_counts(session) == {"1": 1}
        assert duty_of(session, "องค์การบริหารส่วนตำบลดอนแก้ว", "1").state is DutyState.OPEN


def test_a_name_that_nobody_bears_gets_no_duty(town: Stage) -> None:
    replan(town, named("อบต.ไม่มีจริง"))

    with transaction(town.engine) as session:
        assert session.scalar(select(func.count(Duty.id)).where(Duty.is_in_force.is_(True))) == 0


def test_names_that_nobody_bears_are_told_once_each_in_printed_order(town: Stage) -> None:
    draft = [named("อบต.ไม่มีจริง", "อบต.ดอนแก้ว", "ทต.ไหนก็ไม่รู้"), make_draft("2"), named("อบต.ไม่มีจริง")]

    told = compared(town, draft)["unresolved"]

    assert told == ["อบต.ไม่มีจริง", "ทต.ไหนก็ไม่รู้"]


def test_before_any_agency_came_no_name_is_known(engine: Engine) -> None:
    with transaction(engine) as session:
        diff = changes.compare(session, None, YEAR, make_plan(named("อบต.ดอนแก้ว")))

    assert diff.unresolved == ("อบต.ดอนแก้ว",)


def test_an_unchanged_plan_put_in_force_again_finds_the_agencies_that_came(engine: Engine) -> None:
    with transaction(engine) as session:
        province = agencies.keep_province(session, "เชียงใหม่")
        put_plan(session, province, named("ทต.แม่แรม"))
        before = duty_counts(session)
        put_province(session)

        put_plan(session, province, named("ทต.แม่แรม"))

        assert before == {"1": 0}
        assert duty_counts(session) == {"1": 1}
        assert duty_of(session, MAE_RAEM, "1").state is DutyState.OPEN


def test_an_inserted_row_takes_its_printed_place(town: Stage) -> None:
    replan(town, make_draft("1"), make_draft("2"), make_draft("3"))

    replan(town, make_draft("1"), make_draft("1.1"), make_draft("2"), make_draft("3"))

    with transaction(town.engine) as session:
        found = plans.activities(session, province_of(session))
    assert [activity.number for activity in found] == ["1", "1.1", "2", "3"]
    assert [activity.revision for activity in found] == [2, 3, 2, 2]


def test_every_version_is_kept_as_it_was_read(town: Stage) -> None:
    replan(town, make_draft("1"), now=NOON + timedelta(days=1))

    with transaction(town.engine) as session:
        rows = session.execute(
            select(PlanVersion.version, PlanVersion.content, PlanVersion.in_force_at).order_by(
                PlanVersion.version
            )
        ).all()
    assert [(version, len(content["activities"])) for version, content, _ in rows] == [
        (1, 18),
        (2, 1),
    ]
    assert rows[1][2] == datetime(2024, 1, 4, 5, tzinfo=UTC)


def test_each_fiscal_year_has_its_own_plan(town: Stage) -> None:
    with transaction(town.engine) as session:
        province = province_of(session)
        put_plan(session, province, make_draft("3"), year=type(YEAR)(2568))

        diff = changes.compare(session, province, YEAR, chiang_mai())

    assert (diff.added, diff.moved, diff.changed, diff.removed) == ((), (), (), ())
    assert len(diff.unchanged) == 18


def test_a_draft_as_plain_values_says_what_was_printed_and_read() -> None:
    said = content.draft_json(chiang_mai())

    last = said["activities"][17]
    assert last["printed_number"] == "๑๘"
    assert last["window"] == {
        "text": "๑ - ๓๑ สิงหาคม ๒๕๖๗",
        "first": "2024-08-01",
        "last": "2024-08-31",
    }
    assert last["responsible"] == {
        "text": "สำนักงาน ป.ป.ช.",
        "parties": [{"kind": "outside", "text": "สำนักงาน ป.ป.ช."}],
    }
    assert all({"code", "row", "printed", "question"} == set(each) for each in said["doubts"])
