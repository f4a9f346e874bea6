"""Text out of a page is believed as printed, and refused with any kind of letter damaged."""

from pathlib import Path

import pytest

from messages_th.text_layers import hangs, is_sound, without_bullets
from tests.factories import SAMPLES

PLANS = ["chiangmai-2567", "angthong-2564", "krabi-2568", "lamphun-2568"]

FREQUENT = "\u0e30\u0e31\u0e32\u0e33\u0e34\u0e35\u0e38\u0e40\u0e48\u0e49"
"""Vowels and tone marks that every plan has dozens of."""


def printed(name: str) -> str:
    return Path(SAMPLES, f"{name}.txt").read_text(encoding="utf-8").replace("&amp;", "&")


@pytest.mark.parametrize("name", PLANS)
def test_a_printed_plan_is_sound(name: str) -> None:
    assert is_sound(printed(name))


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("letter", FREQUENT)
def test_a_vowel_or_mark_lost_throughout_is_noticed(name: str, letter: str) -> None:
    assert not is_sound(printed(name).replace(letter, ""))
    assert not is_sound(printed(name).replace(letter, " "))


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize(
    ("letter", "read_as"),
    [
        pytest.param("\u0e33", "\u0e32", id="ำ without its ring"),
        pytest.param("\u0e33", " \u0e32", id="a space for the ring"),
        pytest.param("\u0e33", " \u0e33", id="a space before ำ"),
        pytest.param("\u0e33", "\u0e33\u0e32", id="ำ and า"),
        pytest.param("\u0e32", "\u0e33", id="ำ for า"),
        pytest.param("\u0e32", "\u0e49\u0e33", id="tone and ำ for า"),
        pytest.param("\u0e48", "\uf70a", id="a letter of a private font"),
        pytest.param("\u0e48", "\u0e49", id="another tone"),
        pytest.param("\u0e19", "(cid:12)", id="a number for a letter"),
        pytest.param("\u0e19", "\u013b", id="a foreign letter"),
        pytest.param("\u0e19", "\u0e01", id="another consonant"),
    ],
)
def test_a_letter_read_as_another_is_noticed(name: str, letter: str, read_as: str) -> None:
    assert not is_sound(printed(name).replace(letter, read_as))


@pytest.mark.parametrize("name", PLANS)
def test_letters_in_the_order_of_the_eye_are_noticed(name: str) -> None:
    lines = printed(name).splitlines()

    assert not is_sound("\n".join(line[::-1] for line in lines))


@pytest.mark.parametrize("name", PLANS)
def test_ends_of_lines_and_a_split_am_are_harmless(name: str) -> None:
    text = printed(name).replace("\u0e33", "\u0e4d\u0e32")

    assert is_sound(text)
    assert is_sound("\n".join(text[start : start + 30] for start in range(0, len(text), 30)))


def test_one_misprint_is_no_damage() -> None:
    assert is_sound(printed("krabi-2568").replace("หน่วยงาน", "หนวยงาน", 1))


def test_text_without_the_words_of_a_plan_is_not_believed() -> None:
    assert not is_sound("")
    assert not is_sound("Annual plan of integrity and transparency assessment " * 20)
    assert not is_sound("สวัสดีครับ ขอบคุณครับ " * 30)


def test_only_a_bullet_that_stands_alone_is_a_dash() -> None:
    assert without_bullets("\uf0b7 อปท.\n\uf0a7 สนจ.") == "- อปท.\n- สนจ."
    assert without_bullets("\uf70aก") == "\uf70aก"


def test_marks_hang_and_vowels_with_a_place_of_their_own_do_not() -> None:
    assert [letter for letter in "\u0e01\u0e32\u0e33\u0e40\u0e48\u0e34\u0e4c" if hangs(letter)] == [
        "\u0e48",
        "\u0e34",
        "\u0e4c",
    ]
