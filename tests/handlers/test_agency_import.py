"""A directory of agencies: columns found, odd rows told by number, one file twice harmless."""

import pytest

from handlers import agency_import
from handlers.agency_import import DirectoryRow, Imported, RowProblem, read_directory
from store import agencies
from store.database import Engine, transaction
from store.types import AgencyKind, DutyState, PartyKind
from tests.factories import duty_of, make_draft, put_plan, put_province
from tests.stage import Stage

MUNICIPALITY = AgencyKind.SUBDISTRICT_MUNICIPALITY
HEAD = "name,type,district,province\n"


def read(text: str) -> tuple[list[DirectoryRow], list[RowProblem]]:
    return read_directory("agencies.csv", text.encode(), province="เชียงใหม่")


def imported(engine: Engine, text: str) -> Imported:
    with transaction(engine) as session:
        return agency_import.import_agencies(session, "เชียงใหม่", *read(text))


def test_a_row_is_read_by_the_names_of_its_columns() -> None:
    rows, problems = read("อำเภอ,ประเภท,ชื่อหน่วยงาน\nแม่ริม,ทต.,เทศบาลตำบลแม่แรม\n")

    assert rows == [DirectoryRow(2, "เทศบาลตำบลแม่แรม", MUNICIPALITY, "แม่ริม")]
    assert problems == []


def test_a_head_below_a_title_is_found() -> None:
    rows, _ = read("รายชื่อ อปท.,,\n" + HEAD + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\n")

    assert [(row.row, row.name) for row in rows] == [(3, "เทศบาลตำบลแม่แรม")]


def test_problems_are_told_by_row() -> None:
    rows, problems = read(
        HEAD
        + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
        + ",เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
        + "เทศบาลตำบลเหมืองแก้ว,เทศบาลอะไร,แม่ริม,เชียงใหม่\n"
        + "เทศบาลเมืองลำพูน,เทศบาลเมือง,เมืองลำพูน,ลำพูน\n"
        + ",,,\n"
        + "เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม,เชียงใหม่\n"
    )

    assert [row.name for row in rows] == ["เทศบาลตำบลแม่แรม"]
    assert problems == [
        RowProblem(3, "", "ไม่มีชื่อหน่วยงาน กรุณาเติมชื่อแล้วนำเข้าใหม่"),
        RowProblem(
            4,
            "เทศบาลตำบลเหมืองแก้ว",
            "ไม่รู้จักประเภท “เทศบาลอะไร” ใช้ชื่อเต็มหรือย่อ เช่น เทศบาลตำบล ทต. องค์การบริหารส่วนตำบล อบต.",
        ),
        RowProblem(5, "เทศบาลเมืองลำพูน", "แถวนี้เป็นของจังหวัด “ลำพูน” จึงไม่ได้นำเข้า"),
        RowProblem(7, "เทศบาลตำบลแม่แรม", "“เทศบาลตำบลแม่แรม” ซ้ำกับแถวก่อนหน้า จึงไม่ได้นำเข้าอีก"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ชื่อ,อำเภอ\nเทศบาลตำบลแม่แรม,แม่ริม\n", id="no type"),
        pytest.param("เทศบาลตำบลแม่แรม,เทศบาลตำบล,แม่ริม\n", id="no head"),
    ],
)
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^ไม่พบหัวตาราง name, type, district ในไฟล์ กรุณาส่งไฟล์ CSV หรือ XLSX"
    ):
        read(text)


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
    imported(engine, HEAD + "ก,เทศบาลตำบล,แม่ริม,\nข,เทศบาลตำบล,แม่ริม,\n")

    again = imported(engine, HEAD + "ก,เทศบาลเมือง,แม่ริม,\nข,เทศบาลตำบล,ฝาง,\n")

    assert again.changed == ("ก", "ข")
    with transaction(engine) as session:
        found = agencies.agencies(session, agencies.provinces(session)[0])
    assert [(a.kind, a.district) for a in found if a.name in "กข"] == [
        (AgencyKind.TOWN_MUNICIPALITY, "แม่ริม"),
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
    row = "เทศบาลตำบลแม่แรม,{},แม่ริม,เชียงใหม่\n"
    imported(engine, HEAD + row.format("เทศบาลตำบล"))
    with transaction(engine) as session:
        put_plan(session, agencies.provinces(session)[0], make_draft("3"))
        kept = duty_of(session, "เทศบาลตำบลแม่แรม")

    imported(engine, HEAD + row.format("ส่วนราชการส่วนภูมิภาค"))
    with transaction(engine) as session, pytest.raises(StopIteration):
        duty_of(session, "เทศบาลตำบลแม่แรม")
    imported(engine, HEAD + row.format("เทศบาลตำบล"))

    with transaction(engine) as session:
        assert duty_of(session, "เทศบาลตำบลแม่แรม").duty_id == kept.duty_id


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
