"""Whether text taken out of a page is the Thai that was printed on it.  Pure.

A PDF keeps what a page looks like; the text beside it may be damaged without anybody
seeing it: vowels lost or moved, letters that no font but its own can show, spaces for ำ.
"""

import re
from collections import Counter
from collections.abc import Sequence

from messages_th.spelling import normalise

SARA_AM = "\u0e33"
"""ำ, which some fonts draw as two shapes."""

_LONG = (
    "สำนักงาน ดำเนินการ ดำเนินงาน ผู้รับผิดชอบ กิจกรรม หน่วยงาน ประเมิน คุณธรรม โปร่งใส จังหวัด"
    " ระยะเวลา งบประมาณ ประจำปี ส่วนราชการ ท้องถิ่น ข้อมูล ส่วนเสีย เปิดเผย สาธารณะ คณะกรรมการ"
    " คณะทำงาน เจ้าหน้าที่ ขับเคลื่อน เผยแพร่ ลงทะเบียน ผู้บริหาร ผู้ดูแลระบบ เว็บไซต์ ป้องกัน ทุจริต"
    " ภูมิภาค ปกครอง ที่ปรึกษา บันทึก เกี่ยวข้อง และความโปร่งใส ส่วนได้ส่วนเสีย"
    " ภายในเดือน มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน"
    " ตุลาคม พฤศจิกายน ธันวาคม"
)
"""Words of every plan, long enough that no other word has the same consonants in a row."""

_COMMON = _LONG.split()
_SHORT = ("เป็น", "เก็บ", "เสร็จ", "เพื่อ", "เดือน", "แห่ง")
"""Words that their first vowel tells from all others."""

_ENOUGH_LETTERS = 150
"""Thai letters from which a plan must hold its share of the words above."""
_LEAST_SHARE = 0.1
"""Share of the letters that common words make up: a third to a half in the plans known."""
_FEWEST_WORDS = 3
_MISPRINTS = 0.03
"""Share of common words that may be misprinted on the page itself, besides one."""
_STEADILY = 0.2
"""Share of its places in common words that a vowel or mark may not be missing from twice."""
_STRAY = 0.005
"""Share of marks that may stand alone (ไม้ยมก in quotes, a mark shown as an example)."""

_SIGN = "[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]"
"""Vowels and marks that stand behind or upon a letter."""
_BEFORE = "[\u0e40-\u0e44]"
"""Vowels that stand before their letter."""
_MARK = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
_THAI = re.compile("[\u0e01-\u0e4e]")
_BULLET = re.compile("(?<!\\S)[\uf000-\uf0ff\ufffd](?!\\S)")
_FOREIGN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00c0-\u024f\ue000-\uf8ff\ufffd]"
_UNREADABLE = re.compile(rf"[\ue000-\uf8ff\ufffd]|\(cid:\d+\)|{_THAI.pattern}{_FOREIGN}")
_MISPLACED = re.compile(
    rf"(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]){_MARK}"  # a mark upon nothing
    r"|(?<![\u0e01-\u0e2e\u0e31\u0e32\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e30\u0e32\u0e33]"
    rf"|{_BEFORE}(?![\u0e01-\u0e2e])"
    r"|[\u0e48-\u0e4b]{2}|\u0e33[\u0e32\u0e33]|\u0e32[\u0e32\u0e33]|\u0e4d"
)


def hangs(letter: str) -> bool:
    """Whether a character is a mark upon the letter before it, with no place of its own."""
    return re.fullmatch(_MARK, letter) is not None


def without_bullets(text: str) -> str:
    """Return the text with a dash for each bullet that only its own font can show."""
    return _BULLET.sub("-", text)


def is_sound(text: str) -> bool:
    """Whether the Thai text of a plan is spelt as people spell, so that it may be believed.

    Asked of a whole plan: a misprint passes, a kind of letter lost again and again does not.
    """
    plain = normalise(text).replace("\n", "")  # a line may end between any two letters
    if _UNREADABLE.search(without_bullets(text)):
        return False
    letters = len(_THAI.findall(plain))
    if len(_MISPLACED.findall(plain)) > 1 + _STRAY * letters:
        return False
    solid = re.sub(r"\s", "", plain)
    if any(_is_misspelt(solid, patterns) for patterns in (_OTHER_SIGNS, _OTHER_LETTERS)):
        return False
    words = [word for word in _COMMON for _ in range(solid.count(word))]
    if letters < _ENOUGH_LETTERS:
        return len(words) >= _FEWEST_WORDS
    return sum(map(len, words)) >= _LEAST_SHARE * letters


def _is_misspelt(solid: str, likenesses: Sequence[tuple[str, re.Pattern[str]]]) -> bool:
    """Whether common words have other letters or marks, many at random or one steadily."""
    printed = [
        (word, found[0]) for word, likeness in likenesses for found in likeness.finditer(solid)
    ]
    wrong = [(word, found) for word, found in printed if found != word]
    if len(wrong) > 1 + _MISPRINTS * len(printed):
        return True
    with_sign = Counter(sign for word, _ in printed for sign in set(word))
    without = Counter(
        sign for word, found in wrong for sign in set(word) if found.count(sign) < word.count(sign)
    )
    return any(
        times > 1 and times >= _STEADILY * with_sign[sign] for sign, times in without.items()
    )


def _skeleton(word: str, *, needs_vowel: bool) -> re.Pattern[str]:
    """Return a pattern for the consonants of a word with any vowels and marks in between."""
    consonants = re.findall("[\u0e01-\u0e2e]", word)
    between = rf"(?:{_SIGN}|{_BEFORE}){{0,4}}"
    opening = word[0] if needs_vowel else rf"{_BEFORE}?" if re.match(_BEFORE, word) else ""
    return re.compile(opening + between.join(consonants) + rf"{_SIGN}{{0,4}}")


def _with_gaps(word: str) -> list[re.Pattern[str]]:
    """Return a pattern for each consonant of a word, with another or none in its places."""
    consonants = dict.fromkeys(re.findall("[\u0e01-\u0e2e]", word))
    return [re.compile(word.replace(letter, "[\u0e01-\u0e2e]?")) for letter in consonants]


_OTHER_SIGNS = [
    *((word, _skeleton(word, needs_vowel=False)) for word in _COMMON),
    *((word, _skeleton(word, needs_vowel=True)) for word in _SHORT),
]
_OTHER_LETTERS = [(word, pattern) for word in _COMMON for pattern in _with_gaps(word)]
"""Common words, each with a pattern of what it may have been damaged to."""
