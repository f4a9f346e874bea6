"""The words of Thai dates, and the cutting of a printed date into them.  Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from babel.dates import get_day_names, get_month_names

from messages_th.digits import to_arabic_digits
from messages_th.spelling import normalise

MONTHS: dict[int, str] = dict(get_month_names("wide", locale="th"))
"""1-12 to มกราคม ... ธันวาคม."""
SHORT_MONTHS: dict[int, str] = dict(get_month_names("abbreviated", locale="th"))
"""1-12 to ม.ค. ... ธ.ค."""
WEEKDAYS: dict[int, str] = dict(get_day_names("wide", locale="th"))
"""0 (Monday) to 6 to วันจันทร์ ... วันอาทิตย์."""

# What people write besides: common misspellings, which mean one month only.
_MISSPELT_MONTHS = {"กุมภาพันธุ์": 2, "กรกฏาคม": 7, "พฤษจิกายน": 11}


class Word(StrEnum):
    """What a piece of a printed date is."""

    NUMBER = "number"
    MONTH = "month"
    WEEKDAY = "weekday"
    FULL_DATE = "full_date"
    DASH = "dash"
    UNTIL = "until"
    WITHIN = "within"
    FROM = "from"
    NOW = "now"
    ONWARD = "onward"
    END_OF = "end_of"
    QUARTER = "quarter"
    SLASH = "slash"
    FISCAL_YEAR = "fiscal_year"
    ALL_YEAR = "all_year"
    YEAR = "year"
    ERA_BE = "era_be"
    ERA_CE = "era_ce"
    FILLER = "filler"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a printed date with its text, digits as Arabic ones."""

    word: Word
    text: str


_WORDS: dict[Word, tuple[str, ...]] = {
    Word.UNTIL: ("จนถึง", "ถึง", "สิ้นสุด", "จน"),
    Word.WITHIN: ("ภายใน", "ไม่เกิน"),
    Word.FROM: ("ตั้งแต่", "เริ่มตั้งแต่", "เริ่ม", "นับแต่", "นับตั้งแต่"),
    Word.NOW: ("บัดนี้",),
    Word.ONWARD: ("เป็นต้นไป",),
    Word.END_OF: ("สิ้น",),
    Word.QUARTER: ("ไตรมาส",),
    Word.FISCAL_YEAR: ("ตลอดทั้งปีงบประมาณ", "ตลอดปีงบประมาณ", "ทั้งปีงบประมาณ", "ปีงบประมาณ"),
    Word.ALL_YEAR: ("ตลอดทั้งปี", "ตลอดปี", "ทั้งปี"),
    Word.YEAR: ("ปี",),
    Word.ERA_BE: ("พุทธศักราช", "พ.ศ.", "พ.ศ", "พศ.", "พศ"),
    Word.ERA_CE: ("คริสต์ศักราช", "ค.ศ.", "ค.ศ", "คศ.", "คศ"),
    Word.FILLER: (
        "ระหว่าง", "ประจำ", "เมื่อ", "เดือน", "วันที่", "ช่วง", "ที่", "ของ", "ใน", "ลง", "ณ",
    ),
    Word.DASH: ("-",),
    Word.SLASH: ("/",),
}  # fmt: skip


def _month_texts() -> dict[str, int]:
    """Return every spelling of a month: full, short, without dots, spoken ("มกรา")."""
    texts = dict(_MISSPELT_MONTHS)
    for number in MONTHS:
        full, short = MONTHS[number], SHORT_MONTHS[number]
        spoken = re.sub("(คม|ยน|พันธ์)$", "", full)
        for text in (full, short, short.removesuffix("."), short.replace(".", ""), spoken):
            texts[text] = number
        texts[short.replace(".", "") + "."] = number
    return texts


def _weekday_texts() -> dict[str, int]:
    texts = {name: number for number, name in WEEKDAYS.items()}
    return {**texts, "วันพฤหัส": 3}


_MONTH_TEXTS = _month_texts()
_WEEKDAY_TEXTS = _weekday_texts()

_FULL_DATE = (
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}-\d{1,2}-(?:\d{4}|[5-9]\d)"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}\.\d{1,2}\.\d{2,4}"
)


def _any_of(texts: list[str]) -> str:
    """Return a pattern of the texts, longer ones first, so that none hides another."""
    return "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))


_KNOWN = {text: word for word, texts in _WORDS.items() for text in texts}
_PIECE = re.compile(
    rf"(?P<full_date>(?<!\d)(?:{_FULL_DATE})(?!\d))|(?P<number>\d+)"
    rf"|(?P<weekday>{_any_of(list(_WEEKDAY_TEXTS))})|(?P<month>{_any_of(list(_MONTH_TEXTS))})"
    rf"|(?P<known>{_any_of(list(_KNOWN))})|(?P<space> +)"
)
_DASHES = re.compile(
    "[\u2010-\u2015\u2212\u2043\u2e3a\u2e3b\ufe58\ufe63\uff0d~\uff5e\u301c_]|-{2,}"
)
# A line break tears a number; a year is told by its first two digits, a day only where the
# halves cannot be two days ("- ๓ ๑ มกราคม"), else the reader has to ask.
_TORN_YEAR = re.compile(r"(?<!\d)2\s*5\s*\d\s*\d(?!\d)")
_TORN_LAST_DAY = re.compile(r"(?<=-)\s*([1-3])\s+(\d)(?!\d)(?=\s*[^\d\s/.:-])")
# Spreadsheets write "31-ม.ค.-67" and "ม.ค.-67"; what no day can be is a year.
_DASHED = re.compile(
    rf"(?<!\d)(?:(\d{{1,2}})-)?({_any_of(list(_MONTH_TEXTS))})-(\d{{4}}|[5-9]\d)(?!\d)"
)
_SPACE_NOT_IN_NUMBERS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_CLOCK_TIME = re.compile(
    r"(?:เวลา)?\d{1,2}[.:]\d{2}(?:(?:น\.?)?(?:-|ถึง)\d{1,2}[.:]\d{2})?(?:น\.?|นาฬิกา)$"
)


def month_of(text: str) -> int | None:
    """Return 1-12 for a month's name in any spelling this module knows."""
    condensed = re.sub(r"\s+", "", normalise(text))
    return _MONTH_TEXTS.get(condensed.removeprefix("เดือน"))


def weekday_of(text: str) -> int:
    """Return 0 (Monday) to 6 for a weekday's name as `cut` gives it."""
    return _WEEKDAY_TEXTS[text]


@lru_cache(maxsize=1024)
def condense(text: str) -> str:
    """Return the printed date in one spelling.

    Arabic digits, one dash, no space but between numbers, no clock time, torn numbers whole.
    """
    text = _DASHES.sub("-", to_arabic_digits(normalise(text)))
    text = _TORN_YEAR.sub(lambda match: re.sub(r"\s+", "", match[0]), text)
    text = _TORN_LAST_DAY.sub(r"\1\2", text)
    text = _SPACE_NOT_IN_NUMBERS.sub("", text)
    text = _CLOCK_TIME.sub("", re.sub(r"\s+", " ", text))
    text = _DASHED.sub(r"\1\2\3", text)
    # A dash before all is a bullet; a dash after all has lost its second day.
    return text.lstrip("-,;:• ").rstrip(",;:• ")


@lru_cache(maxsize=1024)
def cut(condensed: str) -> tuple[Piece, ...] | None:
    """Return the words of a condensed date without its fillers, or None if one is unknown."""
    pieces = []
    position = 0
    while position < len(condensed):
        match = _PIECE.match(condensed, position)
        if match is None:
            return None
        position = match.end()
        if match.lastgroup == "space":
            continue
        word = _KNOWN[match[0]] if match.lastgroup == "known" else Word(str(match.lastgroup))
        if word is not Word.FILLER:
            pieces.append(Piece(word, match[0]))
    return tuple(pieces)


PRINTED_DAY = re.compile(
    rf"(?<!\d)\d{{1,2}}\s*(?:{_any_of(list(_MONTH_TEXTS))})\s*(?:พ\.?\s?ศ\.?\s*)?\d{{4}}(?!\d)"
)
"""A whole date inside running text: day, month, year of four digits."""
