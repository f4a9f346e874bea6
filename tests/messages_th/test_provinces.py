"""A province is known by any name it is commonly written with, and by no other."""

import pytest

from messages_th.provinces import ENGLISH_NAMES, PROVINCES, province, slug


def test_there_are_77_provinces_each_with_names_of_its_own() -> None:
    slugs = {slug(name) for name in PROVINCES}

    assert len(PROVINCES) == len(set(ENGLISH_NAMES.values())) == len(slugs) == 77


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("เชียงใหม่", "เชียงใหม่", id="Thai"),
        pytest.param("จังหวัดเชียงใหม่", "เชียงใหม่", id="with the word"),
        pytest.param("จ.เชียงใหม่", "เชียงใหม่", id="with the short word"),
        pytest.param(" จ. เชียงใหม่ ", "เชียงใหม่", id="with spaces"),
        pytest.param("chiangmai", "เชียงใหม่", id="slug"),
        pytest.param("Chiang Mai", "เชียงใหม่", id="English"),
        pytest.param("CHIANG-MAI", "เชียงใหม่", id="capitals and a hyphen"),
        pytest.param("Chiang Mai Province", "เชียงใหม่", id="with the English word"),
        pytest.param("ล\u0e4d\u0e32พูน", "ลำพูน", id="split sara am"),
        pytest.param("Lop Buri", "ลพบุรี", id="two English words"),
        pytest.param("lopburi", "ลพบุรี", id="two English words as one"),
        pytest.param("กทม.", "กรุงเทพมหานคร", id="the capital's short name"),
        pytest.param("กรุงเทพฯ", "กรุงเทพมหานคร", id="the capital cut short"),
        pytest.param("อยุธยา", "พระนครศรีอยุธยา", id="part of a long name"),
    ],
)
def test_a_province_is_known_by_its_names(text: str, name: str) -> None:
    assert province(text) == name


@pytest.mark.parametrize(
    "text", ["", "จังหวัด", "เชียง", "เชียงใหม", "Chiang", "province", "อำเภอแม่ริม", "ล้านนา"]
)
def test_what_is_no_province_is_none(text: str) -> None:
    assert province(text) is None


def test_every_name_and_slug_is_read_back() -> None:
    misread = [
        name
        for name in PROVINCES
        if {province(name), province(ENGLISH_NAMES[name]), province(slug(name))} != {name}
    ]

    assert misread == []
