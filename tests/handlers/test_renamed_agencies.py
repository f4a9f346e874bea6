"""A body that takes another name or kind keeps its history, and is never guessed in silence."""

import re

import pytest

from handlers import agency_import
from handlers.agency_import import NOTHING_DECIDED, Decided, Imported, read_directory
from handlers.plan_import import changes
from store import agencies, duties
from store.database import Engine, transaction
from store.types import AgencyKind, DutyState, PartyKind
from tests.factories import NOON, YEAR, duty_of, make_draft, make_plan, put_plan

HEAD = "name,district,former_name\n"
REST = "ทต.แม่แรม,แม่ริม,\nอบต.สะลวง,แม่ริม,\nอบต.ห้วยทราย,แม่ริม,\n"
BEFORE = HEAD + REST + "อบต.ดอนแก้ว,แม่ริม,\n"
AFTER = HEAD + REST + "ทม.ดอนแก้ว,แม่ริม,\n"
OLD, NEW = "องค์การบริหารส่วนตำบลดอนแก้ว", "เทศบาลเมืองดอนแก้ว"


def imported(engine: Engine, text: str, decided: Decided = NOTHING_DECIDED) -> Imported:
    rows, problems = read_directory("agencies.csv", text.encode(), province="เชียงใหม่")
    with transaction(engine) as session:
        return agency_import.import_agencies(session, "เชียงใหม่", rows, problems, decided)


def closed_and_imported(engine: Engine, text: str, name: str) -> Imported:
    rows, problems = read_directory("agencies.csv", text.encode(), province="เชียงใหม่")
    with transaction(engine) as session:
        agency_import.close_agencies(session, "เชียงใหม่", [name], rows, now=NOON)
        return agency_import.import_agencies(session, "เชียงใหม่", rows, problems)


@pytest.fixture
def before(engine: Engine) -> Engine:
    """A directory in which the old body has done its duty."""
    imported(engine, BEFORE)
    with transaction(engine) as session:
        put_plan(session, agencies.provinces(session)[0], make_draft("3"))
        duties.move_duty(session, duty_of(session, OLD), DutyState.DONE, reason="", at=NOON)
    return engine


def names(engine: Engine) -> set[str]:
    with transaction(engine) as session:
        return {each.name for each in agencies.agencies(session, agencies.provinces(session)[0])}


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        pytest.param(AFTER, Decided(renamed=((OLD, NEW),)), id="decided"),
        pytest.param(AFTER, Decided(renamed=(("อบต. ดอนแก้ว ", "ทม.ดอนแก้ว"),)), id="short forms"),
        pytest.param(
            AFTER.replace("ทม.ดอนแก้ว,แม่ริม,", f"{NEW},แม่ริม,{OLD}"), NOTHING_DECIDED, id="column"
        ),
    ],
)
def test_a_renamed_body_keeps_its_reports_and_twice_changes_nothing(
    before: Engine, text: str, decided: Decided
) -> None:
    first = imported(before, text, decided)
    again = imported(before, text, decided)

    assert (first.added, first.changed, first.renamed) == ((), (NEW,), ((OLD, NEW),))
    assert (first.problems, first.missing) == ((), ())
    assert (again.changed, again.renamed, len(again.unchanged)) == ((), (), 4)
    with transaction(before) as session:
        kept = duty_of(session, NEW)
    assert (kept.state, kept.agency.kind) == (DutyState.DONE, AgencyKind.TOWN_MUNICIPALITY)
    assert OLD not in names(before)


@pytest.mark.parametrize("printed", ["อบต.ดอนแก้ว", "ทม.ดอนแก้ว"])
def test_a_plan_that_prints_the_old_or_the_new_name_means_the_renamed_body(
    before: Engine, printed: str
) -> None:
    named = make_draft("3", party=PartyKind.NAMED, party_text=printed)
    imported(before, AFTER, Decided(renamed=((OLD, NEW),)))
    with transaction(before) as session:
        province = agencies.provinces(session)[0]
        put_plan(session, province, named)
        unresolved = changes.compare(session, province, YEAR, make_plan(named)).unresolved

        assert duty_of(session, NEW).state is DutyState.DONE
        assert unresolved == ()


def test_an_old_name_that_another_body_bears_now_is_that_bodys(before: Engine) -> None:
    imported(before, AFTER, Decided(renamed=((OLD, NEW),)))

    imported(before, AFTER + "อบต.ดอนแก้ว,แม่ริม,\n", Decided(new=(OLD,)))

    with transaction(before) as session:
        named = make_draft("3", party=PartyKind.NAMED, party_text="อบต.ดอนแก้ว")
        put_plan(session, agencies.provinces(session)[0], named)
        assert duty_of(session, OLD).state is DutyState.OPEN
        with pytest.raises(StopIteration):
            duty_of(session, NEW)


def test_a_closed_body_has_no_duties_until_a_file_lists_it_again(before: Engine) -> None:
    gone = closed_and_imported(before, HEAD + REST, "อบต.ดอนแก้ว")
    again = closed_and_imported(before, HEAD + REST, "อบต.ดอนแก้ว")
    left = names(before)

    back = imported(before, BEFORE)

    assert (gone.missing, again.missing, OLD in left) == ((), (), False)
    assert (gone.problems, len(gone.unchanged)) == ((), 3)
    assert (back.changed, back.added, len(back.unchanged)) == ((OLD,), (), 3)
    with transaction(before) as session:
        assert duty_of(session, OLD).state is DutyState.DONE


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        pytest.param("อบต.สะลวง", "“องค์การบริหารส่วนตำบลสะลวง” ยังอยู่ในไฟล์นี้", id="listed"),
        pytest.param("อบต.ดาวอังคาร", "ไม่พบหน่วยงานชื่อ “องค์การบริหารส่วนตำบลดาวอังคาร”", id="unknown"),
        pytest.param("สนจ.เชียงใหม่", "ไม่พบหน่วยงานชื่อ “สำนักงานจังหวัดเชียงใหม่”", id="the province's"),
    ],
)
def test_what_cannot_be_closed_is_refused(before: Engine, name: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}"):
        closed_and_imported(before, HEAD + REST, name)


def test_a_likely_new_name_is_a_problem_and_nothing_is_half_done(before: Engine) -> None:
    first = imported(before, AFTER)
    again = imported(before, AFTER)

    assert (first.added, first.changed, first.missing) == ((), (), (OLD,))
    assert [(each.row, each.name, each.problem) for each in first.problems] == [
        (
            5,
            NEW,
            f"น่าจะเป็น “{OLD}” ที่เปลี่ยนชื่อหรือยกฐานะ จึงยังไม่ได้นำเข้า"
            f' ถ้าใช่ให้นำเข้าใหม่ด้วย --renamed "{OLD}={NEW}" ถ้าเป็นคนละแห่งใช้ --new "{NEW}"',
        )
    ]
    assert again == first
    assert NEW not in names(before)


def test_a_body_said_to_be_new_stands_beside_the_old_one(before: Engine) -> None:
    done = imported(before, AFTER, Decided(new=("ทม. ดอนแก้ว",)))
    again = imported(before, AFTER)

    assert (done.added, done.problems, done.missing) == ((NEW,), (), (OLD,))
    assert (again.problems, len(again.unchanged)) == ((), 4)
    with transaction(before) as session:
        assert duty_of(session, NEW).state is DutyState.OPEN
        assert duty_of(session, OLD).state is DutyState.DONE


def test_two_kinds_of_one_place_are_two_bodies_while_both_are_listed(before: Engine) -> None:
    done = imported(before, BEFORE + "ทต.ดอนแก้ว,แม่ริม,\n")

    assert done.added == ("เทศบาลตำบลดอนแก้ว",)
    assert (done.problems, done.missing) == ((), ())


def test_what_the_file_leaves_out_is_told_and_stays(before: Engine) -> None:
    done = imported(before, HEAD + REST)

    assert done.missing == (OLD,)
    with transaction(before) as session:
        assert duty_of(session, OLD).state is DutyState.DONE


def test_a_list_of_regional_offices_says_nothing_of_the_others(before: Engine) -> None:
    text = "name,type\nสาธารณสุขจังหวัดเชียงใหม่,ราชการส่วนภูมิภาค\n"

    done = imported(before, text)

    assert (len(done.added), done.missing) == (1, ())


def test_a_row_with_a_problem_is_not_missing(before: Engine) -> None:
    done = imported(before, BEFORE.replace("ดอนแก้ว,แม่ริม", "ดอนแก้ว,แม่ลิม"))

    assert [each.row for each in done.problems] == [5]
    assert done.missing == ()


def test_nothing_takes_the_name_of_a_closed_body(before: Engine) -> None:
    imported(before, AFTER, Decided(new=(NEW,)))
    closed_and_imported(before, BEFORE, NEW)

    done = imported(before, AFTER, Decided(renamed=((OLD, NEW),)))

    assert [(each.row, OLD in each.problem) for each in done.problems] == [(5, True)]
    assert OLD in names(before)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BEFORE + f"{NEW},แม่ริม,{OLD}\n", id="the old one is listed, too"),
        pytest.param(
            AFTER.replace("ทม.ดอนแก้ว,แม่ริม,", f"{NEW},แม่ริม,{OLD}") + f"ทต.ใหม่,แม่ริม,{OLD}\n",
            id="two claim it",
        ),
    ],
)
def test_a_former_name_that_is_not_free_is_a_problem(before: Engine, text: str) -> None:
    done = imported(before, text)

    assert [(each.row, each.problem) for each in done.problems] == [
        (
            6,
            f"ชื่อเดิม “{OLD}” ยังเป็นหน่วยงานอีกแห่งอยู่ จึงไม่ได้เปลี่ยนชื่อ กรุณาตรวจช่องชื่อเดิมแล้วนำเข้าใหม่",
        )
    ]


@pytest.mark.parametrize(
    ("decided", "problem"),
    [
        pytest.param(
            Decided(renamed=((OLD, "ทม.ดาวอังคาร"),)),
            "ไม่พบ “เทศบาลเมืองดาวอังคาร” ในแถวที่นำเข้าได้ของไฟล์นี้ กรุณาตรวจชื่อที่ระบุกับ --renamed หรือ --new",
            id="not in the file",
        ),
        pytest.param(
            Decided(renamed=(("อบต.ดาวอังคาร", NEW),)),
            "ไม่พบหน่วยงานชื่อ “องค์การบริหารส่วนตำบลดาวอังคาร” ในจังหวัดนี้ กรุณาใช้ชื่อเต็มที่เคยนำเข้า",
            id="no such body",
        ),
        pytest.param(
            Decided(new=("ทม.ดาวอังคาร",)),
            "ไม่พบ “เทศบาลเมืองดาวอังคาร” ในแถวที่นำเข้าได้ของไฟล์นี้ กรุณาตรวจชื่อที่ระบุกับ --renamed หรือ --new",
            id="new, not in the file",
        ),
    ],
)
def test_a_decision_that_fits_nothing_is_refused(
    before: Engine, decided: Decided, problem: str
) -> None:
    with pytest.raises(ValueError, match=r"^ไม่พบ") as refused:
        imported(before, AFTER, decided)

    assert str(refused.value) == problem
    assert NEW not in names(before)
