"""A directory of agencies comes in: what changes is told, odd districts too, twice is harmless."""

import pytest

from handlers import agency_import
from handlers.agency_import import (
    NOTHING_DECIDED,
    Decided,
    DirectoryRow,
    Imported,
    read_directory,
)
from store import agencies
from store.database import Engine, transaction
from store.types import AgencyKind, DutyState, PartyKind
from tests.factories import duty_of, make_draft, put_plan, put_province
from tests.messages_th.hurried import PROVINCE_NAMES
from tests.messages_th.misspellings import PROVINCES, SAMPLES
from tests.stage import Stage

MUNICIPALITY = AgencyKind.SUBDISTRICT_MUNICIPALITY
HEAD = "name,type,district,province\n"


def imported(engine: Engine, text: str, decided: Decided = NOTHING_DECIDED) -> Imported:
    rows, problems = read_directory("agencies.csv", text.encode(), province="เชียงใหม่")
    with transaction(engine) as session:
        return agency_import.import_agencies(session, "เชียงใหม่", rows, problems, decided)


def test_the_directory_of_chiang_mai_has_no_problems(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        everybody = agencies.agencies(session, agencies.provinces(session)[0])
        districts = agencies.districts(session, agencies.provinces(session)[0])

    assert len(everybody) == 211 + 3
    assert len(districts) == 25
    assert [agency.name for agency in everybody if not agency.district] == [
        "สำนักงานจังหวัดเชียงใหม่",
        "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดเชียงใหม่",
        "คณะทำงาน ITA จังหวัดเชียงใหม่",
    ]


def test_the_same_file_twice_changes_nothing(engine: Engine) -> None:
    text = HEAD + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\nอบจ.เชียงใหม่,อบจ.,,เชียงใหม่\n"
    first = imported(engine, text)

    again = imported(engine, text)

    assert first == Imported(("เทศบาลตำบลแม่แรม", "องค์การบริหารส่วนจังหวัดเชียงใหม่"), (), (), ())
    assert again == Imported((), (), ("เทศบาลตำบลแม่แรม", "องค์การบริหารส่วนจังหวัดเชียงใหม่"), ())


def test_another_kind_or_district_is_a_change(engine: Engine) -> None:
    imported(engine, HEAD + "ก,ส่วนราชการส่วนภูมิภาค,แม่ริม,\nทต.ข,เทศบาลตำบล,แม่ริม,\n")

    again = imported(engine, HEAD + "ก,คณะทำงาน,แม่ริม,\nทต.ข,เทศบาลตำบล,ฝาง,\n")

    assert again.changed == ("ก", "เทศบาลตำบลข")
    with transaction(engine) as session:
        found = agencies.agencies(session, agencies.provinces(session)[0])
    assert [(a.kind, a.district) for a in found if a.name in again.changed] == [
        (AgencyKind.WORKING_GROUP, "แม่ริม"),
        (MUNICIPALITY, "ฝาง"),
    ]


def test_an_agency_that_comes_later_gets_its_duties(town: Stage) -> None:
    with transaction(town.engine) as session:
        rows = [DirectoryRow(2, "เทศบาลตำบลใหม่เอี่ยม", MUNICIPALITY, "แม่ริม")]
        agency_import.import_agencies(session, "เชียงใหม่", rows, [])

        assert duty_of(session, "เทศบาลตำบลใหม่เอี่ยม").state is DutyState.OPEN


@pytest.mark.parametrize("is_new", [True, False])
def test_a_plan_that_came_before_the_agencies_finds_those_it_names(
    engine: Engine, *, is_new: bool
) -> None:
    text = HEAD + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,\nเทศบาลตำบลเวียงฝาง,เทศบาลตำบล,ฝาง,\n"
    with transaction(engine) as session:
        province = agency_import.keep_province(session, "เชียงใหม่")
        put_plan(session, province, make_draft("3", party=PartyKind.NAMED, party_text="ทต.แม่แรม"))
        if not is_new:  # it came in by a version of the bot that did not look for it
            put_province(session)

    imported(engine, text)

    with transaction(engine) as session:
        assert duty_of(session, "เทศบาลตำบลแม่แรม").state is DutyState.OPEN
        with pytest.raises(StopIteration):
            duty_of(session, "เทศบาลตำบลเวียงฝาง")


def test_an_agency_whose_kind_is_mistaken_for_a_while_keeps_its_reports(engine: Engine) -> None:
    row = "สาธารณสุขจังหวัดเชียงใหม่,{},แม่ริม,เชียงใหม่\n"
    imported(engine, HEAD + row.format("ส่วนราชการส่วนภูมิภาค"))
    with transaction(engine) as session:
        plan = make_draft("3", party=PartyKind.EVERY_REGIONAL)
        put_plan(session, agencies.provinces(session)[0], plan)
        kept = duty_of(session, "สาธารณสุขจังหวัดเชียงใหม่")

    imported(engine, HEAD + row.format("คณะทำงาน"))
    with transaction(engine) as session, pytest.raises(StopIteration):
        duty_of(session, "สาธารณสุขจังหวัดเชียงใหม่")
    imported(engine, HEAD + row.format("ส่วนราชการส่วนภูมิภาค"))

    with transaction(engine) as session:
        assert duty_of(session, "สาธารณสุขจังหวัดเชียงใหม่").duty_id == kept.duty_id


def test_a_file_that_says_no_district_changes_none(engine: Engine) -> None:
    imported(engine, HEAD + "ทต.แม่แรม,,แม่ริม,\n")

    again = imported(engine, "name,type\nทต.แม่แรม,ทต.\n")

    assert again == Imported((), (), ("เทศบาลตำบลแม่แรม",), ())


def test_a_district_that_is_none_of_the_province_is_a_problem_until_it_is_said_to_be_right(
    engine: Engine,
) -> None:
    text = HEAD + "ทต.แม่แรม,,แม่ลิม,\nทต.ใหม่,,ดาวอังคาร,\nทต.เก่า,,อ.เมือง,\n"

    first = imported(engine, text)
    again = imported(engine, text, Decided(districts=("ดาวอังคาร",)))

    assert first.added == ("เทศบาลตำบลเก่า",)
    assert [(each.row, each.problem) for each in first.problems] == [
        (
            2,
            "ไม่รู้จักอำเภอ “แม่ลิม” น่าจะเป็น “แม่ริม” จึงไม่ได้นำเข้า กรุณาแก้แล้วนำเข้าใหม่"
            ' หรือยืนยันว่าถูกด้วย --new-district "แม่ลิม"',
        ),
        (
            3,
            "ไม่รู้จักอำเภอ “ดาวอังคาร” จึงไม่ได้นำเข้า กรุณาแก้แล้วนำเข้าใหม่"
            ' หรือยืนยันว่าถูกด้วย --new-district "ดาวอังคาร"',
        ),
    ]
    assert (again.added, again.unchanged) == (("เทศบาลตำบลใหม่",), ("เทศบาลตำบลเก่า",))
    with transaction(engine) as session:
        found = agencies.districts(session, agencies.provinces(session)[0])
    assert set(found) == {"เมืองเชียงใหม่", "ดาวอังคาร"}


def test_a_province_without_a_list_learns_its_districts_from_the_file(engine: Engine) -> None:
    rows = "ทต.ก,,เชียงของ\nทต.ข,,เชียงของ\nทต.ค,,เชียงของง\nทต.ง,,เทิง\n"
    content = ("name,type,district\n" + rows).encode()
    with transaction(engine) as session:
        read_rows = read_directory("a.csv", content, province="เชียงราย")
        done = agency_import.import_agencies(session, "เชียงราย", *read_rows)

    assert done.added == ("เทศบาลตำบลก", "เทศบาลตำบลข", "เทศบาลตำบลง")
    assert [(each.row, "“เชียงของ”" in each.problem) for each in done.problems] == [(4, True)]


@pytest.mark.parametrize("province", PROVINCES)
def test_a_sample_directory_comes_in_whole_and_a_second_time_changes_nothing(
    engine: Engine, province: str
) -> None:
    name = PROVINCE_NAMES[PROVINCES.index(province)]
    content = (SAMPLES / f"agencies-{province}.csv").read_bytes()
    rows, problems = read_directory("a.csv", content, province=name)

    with transaction(engine) as session:
        first = agency_import.import_agencies(session, name, rows, problems)
    with transaction(engine) as session:
        again = agency_import.import_agencies(session, name, rows, problems)

    assert (len(first.added), first.problems, first.missing) == (len(rows), (), ())
    assert again == Imported((), (), first.added, ())


def test_a_province_is_made_once_with_the_bodies_that_every_province_has(engine: Engine) -> None:
    with transaction(engine) as session:
        first = agency_import.keep_province(session, "ลำพูน")
        again = agency_import.keep_province(session, "ลำพูน")
        bodies = agencies.agencies(session, first)

    assert first == again
    assert [body.kind for body in bodies] == [
        AgencyKind.PROVINCIAL_OFFICE,
        AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
        AgencyKind.WORKING_GROUP,
    ]
