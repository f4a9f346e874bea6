"""One spelling for what looks the same, and the kinds of agencies with their short forms.

`messages_th.names` hands these out together with finding the agency that a name means.  Pure.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from store.types import AgencyKind

FULL_KINDS: Mapping[AgencyKind, str] = {
    AgencyKind.PAO: "องค์การบริหารส่วนจังหวัด",
    AgencyKind.SAO: "องค์การบริหารส่วนตำบล",
    AgencyKind.CITY_MUNICIPALITY: "เทศบาลนคร",
    AgencyKind.TOWN_MUNICIPALITY: "เทศบาลเมือง",
    AgencyKind.SUBDISTRICT_MUNICIPALITY: "เทศบาลตำบล",
    AgencyKind.LOCAL_ADMINISTRATION_OFFICE: "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด",
    AgencyKind.PROVINCIAL_OFFICE: "สำนักงานจังหวัด",
}
SHORT_KINDS: Mapping[AgencyKind, str] = {
    AgencyKind.PAO: "อบจ",
    AgencyKind.SAO: "อบต",
    AgencyKind.CITY_MUNICIPALITY: "ทน",
    AgencyKind.TOWN_MUNICIPALITY: "ทม",
    AgencyKind.SUBDISTRICT_MUNICIPALITY: "ทต",
    AgencyKind.LOCAL_ADMINISTRATION_OFFICE: "สถจ",
    AgencyKind.PROVINCIAL_OFFICE: "สนจ",
}
"""Without dots; `short_name` puts the one that stands before the place."""

_OTHER_WORDS: Mapping[str, AgencyKind] = {
    "องค์กรบริหารส่วนจังหวัด": AgencyKind.PAO,
    "องค์กรบริหารส่วนตำบล": AgencyKind.SAO,
    "สำนักงานส่งเสริมการปกครองส่วนท้องถิ่นจังหวัด": AgencyKind.LOCAL_ADMINISTRATION_OFFICE,
    "ส่วนราชการประจำจังหวัด": AgencyKind.REGIONAL_OFFICE,
    "ส่วนราชการสังกัดราชการบริหารส่วนภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "ส่วนราชการสังกัดภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "ส่วนราชการส่วนภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "สังกัดราชการบริหารส่วนภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "ราชการบริหารส่วนภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "ราชการส่วนภูมิภาค": AgencyKind.REGIONAL_OFFICE,
    "คณะทำงาน": AgencyKind.WORKING_GROUP,
}

KIND_NAMES: Mapping[str, AgencyKind] = {
    **{full: kind for kind, full in FULL_KINDS.items()},
    **_OTHER_WORDS,
    **{short: kind for kind, short in SHORT_KINDS.items()},
    **{f"{short}.": kind for kind, short in SHORT_KINDS.items()},
}
"""What the type column of a directory (ประเภท) may hold, normalised -> the kind."""

_LETTER = "[\u0e01-\u0e4e]"
_HANGING = "[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]"
"""Vowels and marks that no word starts with."""


def _spread(word: str) -> str:
    """Return a pattern for the word with spaces or a line break between any two letters."""
    return r"\s*".join(word)


def _dotted(short: str) -> str:
    """Return a pattern for อบต, อบต., อ.บ.ต. and อ บ ต, but not for the start of a word."""
    return r"\s*\.?\s*".join(short) + rf"(?!{_HANGING})\s*\.?"


def _kind_pattern(kind: AgencyKind) -> str:
    shorts = {short for short in KIND_NAMES if len(short.rstrip(".")) <= 3}
    words = [word for word, of in KIND_NAMES.items() if of is kind and word not in shorts]
    forms = [_spread(word) for word in sorted(words, key=len, reverse=True)]
    if kind in SHORT_KINDS:
        forms.append(_dotted(SHORT_KINDS[kind]))
    return f"(?P<{kind.name}>{'|'.join(forms)})"


KIND_WORD = re.compile(
    rf"(?<!{_LETTER})(?:" + "|".join(map(_kind_pattern, dict.fromkeys(KIND_NAMES.values()))) + ")"
)
"""The word for a kind, full or short, where a word may start; `kind_in` says which kind."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_ODD = re.compile(f"[{_UNSEEN.pattern[1:-1]}{_CONTROL.pattern[1:-1]}{_SPACES.pattern[1:-1]}]|เเ")
"""What of all this most texts have none of; a carriage return is a control character."""
_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_SPLIT_AM = re.compile(f"\u0e4d([{_MARK}]*)\u0e32")
_MARKS = re.compile(f"[{_MARK}\u0e33]{{2,}}")


def normalise(text: str) -> str:
    """Return the text in one spelling, so that what looks equal is equal.

    NFC; invisible, direction and control characters out (tab and line feed stay), odd spaces
    made plain; ำ as one character behind its tone mark; เเ made แ; the marks of one letter in
    order and once each.  NFKC is not used: it splits ำ, and this text is shown again.
    """
    plain = text
    if _ODD.search(text):
        plain = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        plain = _SPACES.sub(" ", _CONTROL.sub("", plain)).replace("เเ", "แ")
    plain = _SPLIT_AM.sub("\\1\u0e33", unicodedata.normalize("NFC", plain))
    return _MARKS.sub(lambda run: _in_order(run[0]), plain)


def one_line(text: str) -> str:
    """Return the text normalised, with single spaces for all white space and none at the ends."""
    return " ".join(normalise(text).split())


def kind_in(found: re.Match[str]) -> AgencyKind:
    """Return the kind that a match of `KIND_WORD` stands for."""
    return AgencyKind[found.lastgroup or ""]


def kind_of(text: str) -> AgencyKind | None:
    """Return the kind that a name, or the word of a type column, starts with."""
    found = KIND_WORD.match(one_line(text))
    return kind_in(found) if found else None


def short_name(name: str, kind: AgencyKind) -> str:
    """Return the name as officers write it: "อบต.แม่แรม".

    Unchanged where the kind has no short form or the name does not start with its words.
    """
    found = KIND_WORD.match(name)
    if found is None or kind_in(found) is not kind or kind not in SHORT_KINDS:
        return name
    return f"{SHORT_KINDS[kind]}.{name[found.end() :].strip()}"


def full_name(text: str) -> str:
    """Return the official form of a name however shortened ("อ.บ.ต. แม่แรม"), else the text.

    Either way normalised and on one line.
    """
    plain = one_line(text)
    found = KIND_WORD.match(plain)
    if found is None or kind_in(found) not in FULL_KINDS:
        return plain
    return FULL_KINDS[kind_in(found)] + plain[found.end() :].strip()


@lru_cache(maxsize=1024)
def _in_order(marks: str) -> str:
    return "".join(sorted(dict.fromkeys(marks), key=_mark_order))


def _mark_order(mark: str) -> int:
    """Order on one letter: phinthu, vowels, tone, silencer, nikhahit, ำ; agrees with NFC."""
    if "\u0e48" <= mark <= "\u0e4b":
        return 2
    return {"\u0e3a": 0, "\u0e4c": 3, "\u0e4e": 3, "\u0e4d": 4, "\u0e33": 5}.get(mark, 1)
