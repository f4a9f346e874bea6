"""The two ways LINE counts the characters of a text.  Pure.

UTF-16 code units by default; grapheme clusters, what a reader sees as one character, for
labels and the texts of actions and templates.
"""

from unicodedata import category

ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
EXTENDING = frozenset({0x0E33, 0x0EB3, 0x200C, 0x200D})
"""Thai and Lao AM are letters by their category but never begin a cluster, nor do joiners."""
SKIN_TONES = range(0x1F3FB, 0x1F400)
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)


def utf16_units(text: str) -> int:
    """Return the number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Return the number of grapheme clusters, by rules that suit Thai, Latin and emoji."""
    count = 0
    flag_letters = 0
    before = ""
    for letter in text:
        flag_letters = flag_letters + 1 if ord(letter) in REGIONAL_INDICATORS else 0
        if not before or not _continues(before, letter, flag_letters):
            count += 1
        before = letter
    return count


def _continues(before: str, letter: str, flag_letters: int) -> bool:
    """Whether this letter belongs to the cluster of the one before it."""
    if category(before) == "Cc":
        return before + letter == "\r\n"
    if ord(letter) in EXTENDING or category(letter) in ("Mn", "Me", "Mc"):
        return True
    if ord(letter) in SKIN_TONES:
        return True
    if before == ZERO_WIDTH_JOINER and category(letter) == "So":
        return True
    return flag_letters > 0 and flag_letters % 2 == 0
