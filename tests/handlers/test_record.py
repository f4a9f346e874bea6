"""Every act is entered in the record, once, and its number is told to who acted."""

from store import agencies, people, record
from store.database import transaction
from store.types import Act, EntryTold
from tests.factories import make_draft, replan, state_of
from tests.handlers.conftest import DON_KAEO, MAE_RAEM
from tests.stage import GROUP, Stage, user_id


def entries(stage: Stage) -> list[EntryTold]:
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        return list(record.told(session, province))


def last(stage: Stage) -> EntryTold:
    return entries(stage)[-1]


def test_a_report_in_private_is_answered_with_its_number_and_time(town: Stage) -> None:
    before = last(town).entry.number

    said = town.say("นภา", "เสร็จ ๓")

    assert before == 9
    assert said == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)\nเลขที่ ๑๐ · ๓ ม.ค. ๖๗ ๐๙.๐๐ น."]


def test_several_reports_have_consecutive_numbers_in_one_receipt(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ ๓,๒,๕")

    assert said[0].splitlines()[-1] == "เลขที่ ๑๐-๑๑ · ๓ ม.ค. ๖๗ ๐๙.๐๐ น."
    assert [each.number for each in entries(town)[-2:]] == ["3", "5"]


def test_in_the_group_the_one_line_ends_with_the_number(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ ๓", GROUP)

    assert said == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒) · เลขที่ ๑๐"]


def test_in_the_group_each_line_has_its_own_number(town: Stage) -> None:
    said = town.say("นภา", "เสร็จ ๓,๒,๕", GROUP)

    assert said[0].splitlines() == [
        "✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒) · เลขที่ ๑๐",
        "ข้อ ๒ ไม่ใช่งานของหน่วยงานท่าน จึงไม่ได้บันทึก",
        "✅ ทต.แม่แรม ข้อ ๕ เสร็จสิ้น (๑/๒๑๒) · เลขที่ ๑๑",
    ]


def test_what_changes_nothing_has_no_number_and_no_entry(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    before = len(entries(town))

    again = town.say("นภา", "เสร็จ ๓")
    refused = town.say("แปลก", "เสร็จ ๓")

    assert "เลขที่" not in "".join(again + refused)
    assert len(entries(town)) == before


def test_a_report_is_entered_with_who_and_as_what_and_without_a_word_of_theirs(town: Stage) -> None:
    town.say("นภา", "ติดปัญหา ๓ คุณสมชายลาป่วย")

    told = last(town)
    with transaction(town.engine) as session:
        person = people.person(session, user_id("นภา"), at=town.now)
    assert person is not None
    assert (told.entry.act, told.entry.person_id) == (Act.REPORTED, person.person_id)
    assert told.agency is not None
    assert (told.agency.name, told.number) == (MAE_RAEM, "3")
    assert {"state": "stuck", "by": "officer"}.items() <= told.entry.facts.items()
    assert "สมชาย" not in str(told.entry.facts)
    assert user_id("นภา") not in told.entry.details


def test_what_a_coordinator_takes_back_is_entered_as_theirs(town: Stage) -> None:
    town.say("วิชัย", "เสร็จ ๓")

    town.say("สมศรี", "ยกเลิก ๓ อบต.ดอนแก้ว")

    told = last(town)
    assert told.entry.act == Act.TAKEN_BACK
    assert told.agency is not None
    assert told.agency.name == DON_KAEO
    assert told.entry.facts["by"] == "coordinator"


def test_posts_groups_and_plans_are_entered(town: Stage) -> None:
    replan(town, make_draft("3"))

    acts = [each.entry.act for each in entries(town)]

    assert acts == [
        Act.PLAN_IN_FORCE,
        *[Act.POST_GIVEN] * 5,  # two officers, a coordinator with two offices
        Act.INVITED,  # the code for the group, which the coordinator was given
        Act.POST_GIVEN,  # a district officer
        Act.GROUP_BOUND,
        Act.PLAN_IN_FORCE,
    ]


def test_a_code_that_gives_nothing_new_is_no_entry(town: Stage) -> None:
    before = len(entries(town))

    town.officer("นภา", MAE_RAEM)

    assert len(entries(town)) == before


def test_a_redelivered_report_is_entered_once(town: Stage) -> None:
    before = len(entries(town))
    event = {
        "type": "message",
        "message": {"type": "text", "id": "1", "text": "เสร็จ ๓"},
        "webhookEventId": "the-same",
    }

    town.event("นภา", **event)
    town.event("นภา", **event)

    assert len(entries(town)) == before + 1


def test_what_an_act_of_another_province_did_is_in_that_provinces_record(border: Stage) -> None:
    before = len(entries(border))

    said = border.say("เมือง", "เสร็จ ๓")

    assert "เลขที่ ๗ ·" in said[0]
    assert len(entries(border)) == before
    assert state_of(border, MAE_RAEM) == "open"
