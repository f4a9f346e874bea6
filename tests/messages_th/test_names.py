"""Names of agencies: equal when they look equal, found when typed in a hurry, never confused."""

import unicodedata
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.names import KIND_NAMES, full_name, kind_of, normalise, resolve, short_name
from store.types import Agency, AgencyKind
from tests.messages_th.hurried import HURRIED
from tests.messages_th.misspellings import (
    MUTATIONS,
    PROVINCES,
    Outcome,
    make_agency,
    outcomes,
    place_of,
    sample_agencies,
)

THAI = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5C)], max_size=30)


@cache
def sampled() -> list[Outcome]:
    """A seeded eighth of all names x all misspellings."""
    return list(outcomes([*MUTATIONS, *HURRIED], Random(2568), share=0.125))


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        pytest.param("ตํา", "ตำ", id="sara am in halves"),
        pytest.param("น\u0e49\u0e4d\u0e32", "น้ำ", id="halves behind the tone mark"),
        pytest.param("น\u0e4d\u0e49\u0e32", "น้ำ", id="halves around the tone mark"),
        pytest.param("น\u0e33\u0e49", "น้ำ", id="tone mark behind sara am"),
        pytest.param("เเม่เเรม", "แม่แรม", id="two sara e"),
        pytest.param("แม่่แรม", "แม่แรม", id="tone mark twice"),
        pytest.param("ท\u0e48\u0e35", "ที่", id="tone mark before a vowel above"),
        pytest.param("ก\u0e48\u0e38", "กุ่", id="tone mark before a vowel below"),
        pytest.param("แม่\u200bแรม\ufeff", "แม่แรม", id="zero width"),
        pytest.param("แม่\u200f\u202eแรม", "แม่แรม", id="right to left"),
        pytest.param("อบต.\u00a0แม่แรม", "อบต. แม่แรม", id="no-break space"),
        pytest.param("แม่\x00\x07แรม", "แม่แรม", id="control characters"),
        pytest.param("แม่แรม\r\nแม่ริม\t๑", "แม่แรม\nแม่ริม\t๑", id="line ends and tabs stay"),
        pytest.param("สิทธิ์", "สิทธิ์", id="vowel and silencer stay in order"),
        pytest.param("½ ﬁ ๑", "½ ﬁ ๑", id="nothing is made compatible"),
    ],
)
def test_what_looks_equal_is_spelled_equally(typed: str, spelled: str) -> None:
    assert normalise(typed) == spelled


@given(st.one_of(st.text(max_size=40), THAI))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("องค์การบริหารส่วนจังหวัด", AgencyKind.PAO, id="type column"),
        pytest.param("อบจ.เชียงใหม่", AgencyKind.PAO, id="short"),
        pytest.param("อ.บ.ต.แม่แรม", AgencyKind.SAO, id="dotted"),
        pytest.param("องค์กรบริหารส่วนตำบลแม่แรม", AgencyKind.SAO, id="common misspelling"),
        pytest.param("ท.ต. แม่แรม", AgencyKind.SUBDISTRICT_MUNICIPALITY, id="dotted, two letters"),
        pytest.param("เทศบาล เมือง กระบี่", AgencyKind.TOWN_MUNICIPALITY, id="torn apart"),
        pytest.param("สำนักงานจังหวัด กระบี่", AgencyKind.PROVINCIAL_OFFICE, id="office"),
        pytest.param(
            "สำนักงานส่งเสริม การปกครองส่วน ท้องถิ่นจังหวัดกระบี่",
            AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
            id="as Krabi prints it",
        ),
        pytest.param("ส่วนราชการประจำจังหวัดลำพูน", AgencyKind.REGIONAL_OFFICE, id="regional"),
        pytest.param("คณะทำงานฯ", AgencyKind.WORKING_GROUP, id="working group"),
        pytest.param("แม่แรม", None, id="a place"),
        pytest.param("อบทม", None, id="a place like a kind"),
        pytest.param("ทนายความ", None, id="a word that starts like a kind"),
        pytest.param("สำนักงาน ป.ป.ช. ประจำจังหวัดกระบี่", None, id="another office"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_name_starts_with_its_kind(text: str, kind: AgencyKind | None) -> None:
    assert kind_of(text) is kind


def test_every_word_of_a_type_column_is_its_kind() -> None:
    assert {word: kind_of(word) for word in KIND_NAMES} == dict(KIND_NAMES)
    assert set(KIND_NAMES.values()) == set(AgencyKind)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("องค์การบริหารส่วนตำบลแม่แรม", "อบต.แม่แรม"),
        ("เทศบาลตำบลแม่แรม", "ทต.แม่แรม"),
        ("เทศบาลเมืองเมืองแกนพัฒนา", "ทม.เมืองแกนพัฒนา"),
        ("เทศบาลนครเชียงใหม่", "ทน.เชียงใหม่"),
        ("องค์การบริหารส่วนจังหวัดเชียงใหม่", "อบจ.เชียงใหม่"),
        ("สำนักงานจังหวัดเชียงใหม่", "สนจ.เชียงใหม่"),
        ("สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดเชียงใหม่", "สถจ.เชียงใหม่"),
        ("ส่วนราชการประจำจังหวัดลำพูน", "ส่วนราชการประจำจังหวัดลำพูน"),
        ("สาธารณสุขจังหวัดลำพูน", "สาธารณสุขจังหวัดลำพูน"),
    ],
)
def test_a_kind_is_shortened_as_officers_do(name: str, short: str) -> None:
    assert short_name(name, make_agency(1, name).kind) == short


def test_a_name_of_another_kind_is_not_shortened() -> None:
    assert short_name("เทศบาลตำบลแม่แรม", AgencyKind.SAO) == "เทศบาลตำบลแม่แรม"


@pytest.mark.parametrize("province", PROVINCES)
def test_shortening_and_expanding_gives_every_name_back(province: str) -> None:
    agencies = sample_agencies(province)

    again = [full_name(short_name(agency.name, agency.kind)) for agency in agencies]

    assert again == [agency.name for agency in agencies]


@pytest.mark.parametrize(
    "text",
    [
        "อบต.แม่แรม",
        "อบต. แม่แรม",
        "อบต แม่แรม",
        "อบตแม่แรม",
        "อ.บ.ต.แม่แรม",
        "อ.บ.ต. แม่แรม",
        "อ บ ต แม่แรม",
        "องค์การบริหารส่วนตําบลแม่แรม",
        "องค์การบริหารส่วนตำบล แม่แรม",
        "องค์การบริหาร\nส่วนตำบล เเม่่แรม",
        "องค์กรบริหารส่วนตำบลแม่แรม",
    ],
)
def test_every_short_form_is_expanded(text: str) -> None:
    assert full_name(text) == "องค์การบริหารส่วนตำบลแม่แรม"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("ทต.แม่แรม", "เทศบาลตำบลแม่แรม", id="short"),
        pytest.param("เทศบาลแม่แรม", "เทศบาลตำบลแม่แรม", id="level of municipality left out"),
        pytest.param("แม่แรม", "เทศบาลตำบลแม่แรม", id="the only one of that place"),
        pytest.param("ต.แม่แรม", "เทศบาลตำบลแม่แรม", id="sub-district said"),
        pytest.param("ทต.แม่แรม จ.เชียงใหม่", "เทศบาลตำบลแม่แรม", id="own province"),
        pytest.param("เทศบาลตำบลแม่แรม อำเภอแม่ริม จังหวัดเชียงใหม่", "เทศบาลตำบลแม่แรม", id="in full"),
        pytest.param("อบต.สันทราย", "องค์การบริหารส่วนตำบลสันทราย", id="kind tells twins apart"),
        pytest.param("อบต.สันทราย พร้าว", "องค์การบริหารส่วนตำบลสันทราย", id="district behind"),
        pytest.param("สันทราย อ.พร้าว", "องค์การบริหารส่วนตำบลสันทราย", id="district, no kind"),
        pytest.param("พร้าว สันทราย", "องค์การบริหารส่วนตำบลสันทราย", id="district before"),
        pytest.param("(ฝาง) ทต.สันทราย", "เทศบาลตำบลสันทราย", id="district in brackets"),
        pytest.param("ทต.ช้างเผือก อ.เมือง", "เทศบาลตำบลช้างเผือก", id="capital district"),
        pytest.param("ทต.เวียงพร้าว", "เทศบาลตำบลเวียงพร้าว", id="a district inside a place"),
        pytest.param("เทศบาลเมืองแกนพัฒนา", "เทศบาลเมืองเมืองแกนพัฒนา", id="one เมือง for two"),
        pytest.param("ท่าเดื่อ มืดกา", "เทศบาลตำบลท่าเดื่อ-มืดกา", id="hyphen left out"),
        pytest.param("อบจ.", "องค์การบริหารส่วนจังหวัดเชียงใหม่", id="one per province"),
        pytest.param("ทต.สันผักหวาม", "เทศบาลตำบลสันผักหวาน", id="one slip in a long place"),
        pytest.param("ทต.น้ำแพรพัฒนา", "เทศบาลตำบลน้ำแพร่พัฒนา", id="tone mark missing"),
        pytest.param("องค์การบริหารส่วนตำบน แม่สูน", "องค์การบริหารส่วนตำบลแม่สูน", id="kind misspelt"),
        pytest.param("องค์การบริหารส่วนแม่สูน", "องค์การบริหารส่วนตำบลแม่สูน", id="ตำบล left out"),
        pytest.param("องคการบริหารส่วน ต.แม่สูน", "องค์การบริหารส่วนตำบลแม่สูน", id="ตำบล shortened"),
        pytest.param("เทศบาลต.แม่แรม", "เทศบาลตำบลแม่แรม", id="ตำบล of a municipality shortened"),
        pytest.param("สำนักงานเทศบาลตำบลแม่แรม", "เทศบาลตำบลแม่แรม", id="its house"),
        pytest.param("นายก อบต.สันทราย", "องค์การบริหารส่วนตำบลสันทราย", id="its head"),
        pytest.param("จ.เชียงใหม่ อ.พร้าว อบต.สันทราย", "องค์การบริหารส่วนตำบลสันทราย", id="area first"),
        pytest.param("สันทราย พร้าว เชียงใหม่", "องค์การบริหารส่วนตำบลสันทราย", id="area without marks"),
        pytest.param("ทต.สันทราย อ.ฝาง เชียงใหม่", "เทศบาลตำบลสันทราย", id="province without mark"),
        pytest.param("แม่แรม อ.แม่ริม จ.เชียงใหม่ ๕๐๑๘๐", "เทศบาลตำบลแม่แรม", id="postcode"),
        pytest.param("ทต.แม่แรม อ.แม่ลิม", "เทศบาลตำบลแม่แรม", id="one slip in the district"),
    ],
)
def test_a_clear_name_is_taken(text: str, name: str) -> None:
    match = resolve(text, sample_agencies("chiangmai"))

    assert match.agency is not None
    assert match.agency.name == name
    assert match.candidates[0].agency == match.agency


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        pytest.param("อบต.แม่ริม", "เทศบาลตำบลแม่ริม", id="only another kind exists"),
        pytest.param("ทต.แม่ริน", "เทศบาลตำบลแม่ริม", id="one slip in a short place"),
        pytest.param("ทต.สันทราย พร้าว", "องค์การบริหารส่วนตำบลสันทราย", id="kind against district"),
        pytest.param("ทต.แม่แรม อ.หางดง", "เทศบาลตำบลแม่แรม", id="another district"),
        pytest.param("ทต.แม่แรม จ.ลำพูน", "เทศบาลตำบลแม่แรม", id="another province"),
        pytest.param("เทศบาลเมืองงาย", "เทศบาลตำบลเมืองงาย", id="kind and place run together"),
        pytest.param("รพ.สต.แม่แรม", "เทศบาลตำบลแม่แรม", id="a health station"),
        pytest.param("ทต.แม่แรมค่ะ", "เทศบาลตำบลแม่แรม", id="a word too many"),
        pytest.param("สันผักหวาม", "เทศบาลตำบลสันผักหวาน", id="one slip and no kind"),
        pytest.param("เทศบาลสันทราย อ.แม่แตง", "เทศบาลตำบลสันทราย", id="known district, not its own"),
        pytest.param("หางดง อบต.ฮอด", "องค์การบริหารส่วนตำบลฮอด", id="place torn by the kind"),
        pytest.param("อบค.สันกำแพง", "องค์การบริหารส่วนตำบลสันกำแพง", id="twins, kind misspelt"),
    ],
)
def test_an_unclear_name_is_asked_about(text: str, likely: str) -> None:
    match = resolve(text, sample_agencies("chiangmai"))

    assert match.agency is None
    assert match.candidates[0].agency.name == likely


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("อ.เวียงแหง", {"ทต", "อบต"}, id="district alone"),
        pytest.param("อำเภอเวียงแหง จ.เชียงใหม่", {"ทต", "อบต"}, id="with its province"),
        pytest.param("อบต. อ.เวียงแหง", {"อบต"}, id="kind and district"),
    ],
)
def test_a_district_alone_is_asked_about_by_its_own_agencies(text: str, kinds: set[str]) -> None:
    agencies = sample_agencies("chiangmai")
    own = {each.name for each in agencies if each.district == "เวียงแหง"}
    wanted = {
        name for name in own if short_name(name, make_agency(1, name).kind).split(".")[0] in kinds
    }

    match = resolve(text, agencies)

    assert match.agency is None
    assert wanted
    assert {each.agency.name for each in match.candidates[: len(wanted)]} == wanted


@pytest.mark.parametrize("province", PROVINCES)
def test_a_place_name_of_two_agencies_is_never_taken_alone(province: str) -> None:
    agencies = sample_agencies(province)
    places = [place_of(agency) for agency in agencies]
    twins = {place for place in places if places.count(place) > 1}

    matches = {place: resolve(place, agencies) for place in twins}

    assert twins
    for place, match in matches.items():
        assert match.agency is None
        assert {place_of(each.agency) for each in match.candidates[:2]} == {place}


@pytest.mark.parametrize("province", PROVINCES)
def test_a_place_of_another_kind_is_never_taken(province: str) -> None:
    agencies = sample_agencies(province)
    names = {agency.name for agency in agencies}

    taken = [
        name
        for agency in agencies
        for short in ("อบจ.", "อบต.", "ทต.", "ทม.", "ทน.")
        if full_name(name := short + place_of(agency)) not in names
        and resolve(name, agencies).agency is not None
    ]

    assert taken == []


def test_agencies_of_one_name_in_two_provinces_are_told_apart_by_the_province() -> None:
    agencies = sample_agencies("chiangmai") + sample_agencies("lamphun")

    unclear = resolve("ทต.ป่าไผ่", agencies)
    clear = resolve("ทต.ป่าไผ่ จ.ลำพูน", agencies)

    assert unclear.agency is None
    assert clear.agency is not None
    assert clear.agency.district == "ลี้"


def test_thai_and_arabic_digits_in_a_name_are_the_same() -> None:
    office = make_agency(1, "สำนักงานคลังเขต ๕")

    assert resolve("สำนักงานคลังเขต 5", [office]).agency == office


@pytest.mark.parametrize(
    "text", ["อบต.ดอนแก้ว", "ทม.ดอนแก้ว", "ดอนแก้ว", "ทม.ดอนแก้ว อ.แม่ริม", "อบต.ดอนแก้ว แม่ริม"]
)
def test_an_agency_is_found_by_a_name_it_bore_before(text: str) -> None:
    now = make_agency(1, "เทศบาลเมืองดอนแก้ว", "แม่ริม")
    before = make_agency(1, "องค์การบริหารส่วนตำบลดอนแก้ว", "แม่ริม")
    other = make_agency(2, "เทศบาลตำบลแม่แรม", "แม่ริม")

    match = resolve(text, [now, other, before])

    assert match.agency == now
    assert [each.agency for each in match.candidates].count(now) == 1
    assert before not in [each.agency for each in match.candidates]


def test_a_slip_in_a_name_that_hardly_changed_is_overlooked() -> None:
    names = ("เทศบาลตำบลสันผักหวาน", "เทศบาลตำบลสันผักหวาร")
    now, before = (make_agency(1, name) for name in names)

    assert resolve("ทต.สันผักหวาม", [now, make_agency(2, "เทศบาลตำบลแม่แรม"), before]).agency == now


def test_an_office_without_a_known_kind_is_found_by_its_whole_name() -> None:
    health = make_agency(1, "สำนักงานสาธารณสุขจังหวัดเชียงใหม่")
    office = make_agency(2, "สำนักงานจังหวัดเชียงใหม่")

    found = [resolve(name, [health, office]).agency for name in (health.name, "สนจ.เชียงใหม่")]

    assert found == [health, office]


def test_misspelt_names_come_first_in_98_of_100() -> None:
    right = sum(each.first == each.agency for each in sampled())

    assert right / len(sampled()) >= 0.98


def test_fewer_than_one_misspelt_name_in_200_is_taken_for_another() -> None:
    wrong = [each for each in sampled() if each.taken not in (None, each.agency)]

    assert len(wrong) / len(sampled()) < 0.005


def test_no_misspelt_twin_is_taken_for_another() -> None:
    twins = [each for each in sampled() if each.is_twin]

    assert len(twins) > 50
    assert [each for each in twins if each.taken not in (None, each.agency)] == []


def test_most_misspelt_names_need_no_question() -> None:
    taken = sum(each.taken is not None for each in sampled())

    assert taken / len(sampled()) > 0.65


@given(st.one_of(st.text(max_size=60), THAI))
def test_any_text_gives_at_most_five_candidates_best_first(text: str) -> None:
    match = resolve(text, sample_few())

    scores = [each.score for each in match.candidates]

    assert len(scores) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


@pytest.mark.parametrize("text", ["", "   ", "ก" * 5000, "อบต." * 2000, "<b>" * 1500])
def test_what_is_no_name_has_no_candidates(text: str) -> None:
    assert resolve(text, sample_few()).candidates == ()


def test_an_empty_directory_names_nobody() -> None:
    assert resolve("อบต.แม่แรม", []).agency is None


@cache
def sample_few() -> tuple[Agency, ...]:
    """A list short enough for many examples."""
    return tuple(sample_agencies("lamphun"))
