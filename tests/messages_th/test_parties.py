"""Responsible parties: every form that plans print, and what is left for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.parties import has_space_in_name, is_known_form, is_misspelt, read_parties
from store.types import PartyDraft, PartyKind

LOCAL = PartyKind.EVERY_LOCAL
MUNICIPALITIES = PartyKind.EVERY_MUNICIPALITY
EVERY_SAO = PartyKind.EVERY_SAO
REGIONAL = PartyKind.EVERY_REGIONAL
OFFICE = PartyKind.PROVINCIAL_OFFICE
LOCAL_OFFICE = PartyKind.LOCAL_ADMINISTRATION_OFFICE
GROUP = PartyKind.WORKING_GROUP
OUTSIDE = PartyKind.OUTSIDE
NAMED = PartyKind.NAMED
UNNAMED = PartyKind.UNNAMED


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("สนจ.เชียงใหม่", OFFICE),
        ("สถจ.เชียงใหม่", LOCAL_OFFICE),
        ("สถจ.ชม.", LOCAL_OFFICE),
        ("อปท. ทุกแห่ง", LOCAL),
        ("อปท.", LOCAL),
        ("อปท.ทุกแห่งในจังหวัดเชียงใหม่", LOCAL),
        ("ส่วนราชการสังกัดภูมิภาค", REGIONAL),
        ("ส่วนราชการสังกัดราชการบริหารส่วนภูมิภาค", REGIONAL),
        ("คณะทำงาน", GROUP),
        ("คณะทำงานฯ", GROUP),
        ("คณะทำงานขับเคลื่อนการประเมินคุณธรรมและความโปร่งใส จังหวัดน่าน", GROUP),
        ("สำนักงาน ป.ป.ช.", OUTSIDE),
        ("องค์กรปกครองส่วนท้องถิ่น", LOCAL),
        ("คณะที่ปรึกษา", OUTSIDE),
        ("คณะที่ปรึกษาการประเมิน", OUTSIDE),
        ("สำนักงานจังหวัด กระบี่", OFFICE),
        ("สำนักงานจังหวัดกระบี่", OFFICE),
        ("สำนักงานจังหวัดเชียงใหม่ (กลุ่มงานยุทธศาสตร์)", OFFICE),
        ("สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่", OUTSIDE),
        ("สำนักงาน ป.ป.ช.ประจำจังหวัดกระบี่", OUTSIDE),
        ("สำนักงาน ป.ป.ท. เขต ๕", OUTSIDE),
        ("กระทรวงมหาดไทย", OUTSIDE),
        ("สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดกระบี่", LOCAL_OFFICE),
        ("สำนักงานส่งเสริม การปกครองส่วน ท้องถิ่นจังหวัดกระบี่", LOCAL_OFFICE),
        ("สำนักงานส่งเสริม การปกครองท้องถิ่น จังหวัดลำพูน", LOCAL_OFFICE),
        ("หน่วยงานองค์กรปกครองส่วนท้องถิ่นทุกแห่ง", LOCAL),
        ("ส่วนราชการประจำจังหวัด ลำพูน", REGIONAL),
        ("องค์กรปกครอง ส่วนท้องถิ่นในพื้นที่", LOCAL),
        ("หน่วยงานที่เกี่ยวข้อง", UNNAMED),
        ("หน่วยงานที่เกี่ยวข้อง จำนวน ๓๓ หน่วยงาน", UNNAMED),
        ("สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัดเลย", NAMED),
        ("สำนักงานประชาสัมพันธ์จังหวัดกระบี่", NAMED),
        ("อบต.แม่แรม", NAMED),
        ("เทศบาลนครเชียงใหม่", NAMED),
        ("ที่ทำการปกครองอำเภอหางดง", NAMED),
        ("องค์กรปกครองส่วนท้องถิ่น (อปท.) ทุกแห่ง", LOCAL),
        ("เทศบาลทุกแห่ง", MUNICIPALITIES),
        ("เทศบาล ทุกแห่งในจังหวัดเชียงใหม่", MUNICIPALITIES),
        ("อบต. ทุกแห่ง", EVERY_SAO),
        ("องค์การบริหารส่วนตำบลทุกแห่ง", EVERY_SAO),
        ("หน่วยงานภูมิภาค", REGIONAL),
        ("ราชการส่วนภูมิภาค", REGIONAL),
        ("สนง.จังหวัดตาก", OFFICE),
        ("อบต.", UNNAMED),
        ("องค์การบริหารส่วนตำบล", UNNAMED),
        ("เทศบาลตำบลทุกแห่ง", UNNAMED),
        ("อบต.ทุกแห่งในอำเภอหางดง", UNNAMED),
        ("อำเภอทุกอำเภอ", UNNAMED),
        ("นายอำเภอทุกอำเภอ", UNNAMED),
        ("ทสจ.", UNNAMED),
        ("อปท. ๕๘ แห่ง", UNNAMED),
        ("อปท. นำร่อง", UNNAMED),
        ("อปท. ยกเว้น อบจ.", UNNAMED),
        ("อปท. (ยกเว้น อบจ.)", UNNAMED),
        ("คณะทำงาน ITA ของ อปท.", UNNAMED),
        ("คณะทำงานระดับอำเภอ", UNNAMED),
        ("ที่ทำการปกครองอำเภอ", UNNAMED),
        ("อปท. ที่ไม่ผ่านเกณฑ์", UNNAMED),
        ("อปท. อำเภอหางดง", UNNAMED),
        ("ทุกหน่วยงาน", UNNAMED),
        ("ผู้ดูแลระบบ", UNNAMED),
        ("นาง ก.", UNNAMED),
    ],
)
def test_one_printed_party_is_of_one_kind(printed: str, kind: PartyKind) -> None:
    assert read_parties(printed) == [PartyDraft(kind, printed)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "- สนจ.เชียงใหม่ - ส่วนราชการสังกัดภูมิภาค - อปท. ทุกแห่ง",
            [OFFICE, REGIONAL, LOCAL],
            id="dashes",
        ),
        pytest.param("๑. สนจ. ๒. สถจ.", [OFFICE, LOCAL_OFFICE], id="numbers"),
        pytest.param("สนจ./สถจ.", [OFFICE, LOCAL_OFFICE], id="a stroke"),
        pytest.param("อปท.ทุกแห่ง/หน่วยงานภูมิภาค", [LOCAL, REGIONAL], id="two kinds and a stroke"),
        pytest.param("เทศบาลนครเชียงใหม่/ทม.แม่โจ้", [NAMED, NAMED], id="two names and a stroke"),
        pytest.param("เทศบาลทุกแห่ง และ อบต.ทุกแห่ง", [MUNICIPALITIES, EVERY_SAO], id="two kinds"),
        pytest.param("สนจ. & สถจ.", [OFFICE, LOCAL_OFFICE], id="an ampersand"),
        pytest.param("หน่วยงานหลัก : สนจ. หน่วยงานสนับสนุน : สถจ.", [OFFICE, LOCAL_OFFICE], id="labels"),
        pytest.param("สนจ., อบต.แม่แรม\nทต.หางดง", [OFFICE, NAMED, NAMED], id="commas and lines"),
        pytest.param(
            "สำนักงานจังหวัดลำพูนและหน่วยงานที่เกี่ยวข้อง จำนวน ๓๓ หน่วยงาน",
            [OFFICE, UNNAMED],
            id="และ touching",
        ),
        pytest.param(
            "สำนักงานจังหวัดลำพูน ร่วมกับสำนักงาน ป.ป.ช. ประจำจังหวัดลำพูน "
            "ส่วนราชการประจำจังหวัด ลำพูน และองค์กรปกครอง ส่วนท้องถิ่นในพื้นที่",
            [OFFICE, OUTSIDE, REGIONAL, LOCAL],
            id="prose and a bare space",
        ),
        pytest.param(
            "สำนักงานจังหวัดลำพูน ร่วมกับ สำนักงาน ป.ป.ช. ประจำจังหวัดลำพูน และ "
            "สำนักงานส่งเสริม การปกครองท้องถิ่น จังหวัดลำพูน",
            [OFFICE, OUTSIDE, LOCAL_OFFICE],
            id="prose with torn names",
        ),
        pytest.param(
            "สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดตาก และสนจ.ตาก",
            [NAMED, OFFICE],
            id="และ inside a name",
        ),
        pytest.param("", [], id="empty"),
        pytest.param(" - ", [], id="a dash"),
    ],
)
def test_several_parties_of_a_cell_are_told_apart(printed: str, expected: list[PartyKind]) -> None:
    assert [party.kind for party in read_parties(printed)] == expected


def test_each_party_keeps_its_printed_text() -> None:
    parties = read_parties("- สำนักงานจังหวัด กระบี่ - อปท. ทุกแห่ง")

    assert [party.text for party in parties] == ["สำนักงานจังหวัด กระบี่", "อปท. ทุกแห่ง"]


def test_only_the_name_with_a_word_too_many_is_misspelt() -> None:
    assert is_misspelt(read_parties("สำนักงานส่งเสริม การปกครองส่วน ท้องถิ่นจังหวัดกระบี่")[0])
    assert not is_misspelt(read_parties("สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดกระบี่")[0])
    assert not is_misspelt(read_parties("องค์กรปกครองส่วนท้องถิ่น")[0])


def test_only_a_space_inside_a_known_name_is_noticed() -> None:
    assert has_space_in_name(read_parties("สำนักงานจังหวัด กระบี่")[0])
    assert not has_space_in_name(read_parties("สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่")[0])
    assert not has_space_in_name(read_parties("อปท. ทุกแห่ง")[0])


def test_agencies_concerned_are_a_known_form_and_stray_text_is_not() -> None:
    assert is_known_form(read_parties("หน่วยงานที่เกี่ยวข้อง จำนวน ๓๓ หน่วยงาน")[0])
    assert not is_known_form(read_parties("กลุ่มงานยุทธศาสตร์")[0])


@given(text=st.text(alphabet="สำนักงานจวดอปท.ุแห่งและร่วมกับ -,()๑กระบี่ ", max_size=40))
def test_no_letter_of_any_cell_is_lost(text: str) -> None:
    parties = "".join(party.text for party in read_parties(text))

    assert set(text) & set("สงจด") <= set(parties)
