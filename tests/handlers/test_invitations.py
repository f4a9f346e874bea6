"""Codes that coordinators get in the chat, one at a time and for all agencies at once."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from handlers.codes import MOST_UNUSED
from handlers.invitations.sheet import MEDIA_TYPE
from messages_th import invitations as say
from messages_th import problems
from store import agencies, files, people, record
from store.database import Engine, transaction
from store.types import Act, Entry, Role
from tests.factories import posts_of, put_province
from tests.stage import GROUP, Stage, actions, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
ONLY = problems.ONLY_COORDINATOR.text


def code_in(text: str) -> str:
    """Return the code in what the bot said of it."""
    return text.splitlines()[0].rpartition(": ")[2]


def entries(stage: Stage, act: Act) -> list[Entry]:
    with transaction(stage.engine) as session:
        province = agencies.provinces(session)[0]
        return [each for each in record.entries(session, province) if each.act == act]


def download(stage: Stage, name: str) -> bytes | None:
    """Return the file behind the newest download of somebody, while it is kept."""
    with transaction(stage.engine) as session:
        person = people.person(session, user_id(name), at=stage.now)
        assert person is not None
        found = files.download(session, 1, person.person_id, at=stage.now)
    if found is None:
        return None
    assert found[1:] == ("ita-codes.xlsx", MEDIA_TYPE)
    return stage.desk.files.read(found[0])


def test_a_coordinator_gets_codes_with_a_link_and_others_get_none(town: Stage) -> None:
    before = len(entries(town, Act.INVITED))

    officer = town.say("สมศรี", "ออกรหัส ทต.แม่แรม")[0]
    executive = town.say("สมศรี", "ออกรหัสผู้บริหาร ทต.แม่แรม")[0]
    district = town.say("สมศรี", "ออกรหัสอำเภอ แม่ริม")[0]
    refused = [town.say(who, "ออกรหัส ทต.แม่แรม") for who in ("นภา", "ดา")]
    in_group = town.say("สมศรี", "ออกรหัส ทต.แม่แรม", GROUP)

    code = code_in(officer)
    assert officer == (
        f"รหัสผู้รับผิดชอบของ ทต.แม่แรม: {code}\n"
        "ใช้ได้ครั้งเดียวถึง ๑๗ มกราคม ๒๕๖๗ ส่งต่อให้เจ้าตัวโดยตรง อย่าพิมพ์ในกลุ่ม\n"
        f"หรือส่งลิงก์นี้ แตะแล้วกดส่ง: https://line.me/R/oaMessage/%40ita-test/?{code}"
    )
    town.join("ก", code)
    town.join("ข", code_in(executive))
    town.join("ค", code_in(district))
    assert posts_of(town, user_id("ก")) == [(Role.OFFICER, MAE_RAEM)]
    assert posts_of(town, user_id("ข")) == [(Role.EXECUTIVE, MAE_RAEM)]
    assert posts_of(town, user_id("ค")) == [(Role.DISTRICT, "")]
    assert refused == [[ONLY], [ONLY]]
    assert in_group == []
    told = entries(town, Act.INVITED)[before:]
    assert [(each.facts["role"], each.facts["codes"]) for each in told] == [
        ("officer", 1),
        ("executive", 1),
        ("district", 1),
    ]
    assert code not in "".join(each.details for each in told)


def test_of_unused_codes_for_one_agency_and_role_the_sixth_voids_the_oldest(town: Stage) -> None:
    executive = town.say("สมศรี", "ออกรหัสผู้บริหาร ทต.แม่แรม")[0]
    said = [town.say("สมศรี", "ออกรหัส ทต.แม่แรม")[0] for _ in range(MOST_UNUSED + 1)]

    first, second = (town.join("ก", code_in(each)) for each in said[:2])

    assert ["ถูกยกเลิก" in each for each in said] == [False] * MOST_UNUSED + [True]
    assert first == [problems.CODE_UNKNOWN.text]
    assert second[0].startswith("✅ ลงทะเบียนแล้ว")
    assert town.join("ข", code_in(executive))[0].startswith("✅ ลงทะเบียนแล้ว: ผู้บริหาร")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("ออกรหัส", say.HOW.text),
        ("ออกรหัส ดาวอังคาร", "“ดาวอังคาร” หมายถึงหน่วยงานใด ยังไม่ได้ออกรหัส"),
        ("ออกรหัส abcdefg hij", "ไม่พบหน่วยงาน “abcdefg hij”"),
        ("ออกรหัส สันทราย", "“สันทราย” หมายถึงหน่วยงานใด ยังไม่ได้ออกรหัส"),
        ("ออกรหัสอำเภอ ดาวอังคาร", "ไม่พบอำเภอ “ดาวอังคาร”"),
        ("ออกรหัส ทม.ลำพูน", "“ทม.ลำพูน” หมายถึงหน่วยงานใด"),
    ],
)
def test_where_it_is_not_sure_for_whom_no_code_is_issued(
    border: Stage, words: str, answer: str
) -> None:
    before = len(entries(border, Act.INVITED))

    said = border.say("สมศรี", words)

    assert said[0].startswith(answer)
    assert len(entries(border, Act.INVITED)) == before
    labels = [each["label"] for each in actions(border.line.sent[-1][2])]
    assert "ทม.ลำพูน" not in labels


def test_all_agencies_without_an_officer_get_a_code_on_one_list(engine: Engine) -> None:
    stage = Stage(engine)
    with transaction(engine) as session:
        put_province(session, districts={"แม่ริม": ("แม่แรม", "=1+1"), "ฝาง": ("เวียงฝาง",)})
    stage.officer("นภา", MAE_RAEM)
    stage.coordinator("สมศรี")
    refused = stage.say("นภา", "ออกรหัสทุกหน่วยงาน")
    said = stage.say("สมศรี", "ออกรหัสทุกหน่วยงาน")
    [tap] = actions(stage.line.sent[-1][2])
    content = download(stage, "สมศรี")
    assert content is not None
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    pictures = [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if "media/" in name]
    rows = {str(row[1]): row for row in sheet[3:]}
    fang = rows["ทต.เวียงฝาง"]

    joined = stage.join("ก", str(fang[2]))
    told = entries(stage, Act.INVITED)[-1]
    stage.join("ข", str(rows["ทต.=1+1"][2]))
    again = stage.say("สมศรี", "ออกรหัสทุกหน่วยงาน")
    stage.later(minutes=30)

    assert refused == [ONLY]
    assert said[0].startswith("ออกรหัสเจ้าหน้าที่ให้ ๒ หน่วยงานที่ยังไม่มีผู้ลงทะเบียนแล้ว")
    assert tap["uri"].startswith("https://ita.example.go.th/f/")
    assert sheet[0][0].startswith("รหัสลงทะเบียนผู้รับผิดชอบ บอตติดตามงาน ITA จังหวัดเชียงใหม่")
    assert sheet[2] == list(say.HEADERS)
    assert (len(rows), len(pictures)) == (2, 2)
    assert (fang[0], fang[3]) == ("ฝาง", f"https://line.me/R/oaMessage/%40ita-test/?{fang[2]}")
    assert joined[0].startswith("✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ ทต.เวียงฝาง")
    assert (told.facts["codes"], told.facts["agency"]) == (2, None)
    assert again == [say.EVERYBODY_HAS_ONE.text]
    assert download(stage, "สมศรี") is None
