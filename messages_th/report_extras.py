"""What may go with a report: a number with its unit, a link ("เสร็จ ๑๑ จำนวน ๔๕ ชุด").  Pure."""

import re
from dataclasses import dataclass

from messages_th.digits import to_thai_digits
from messages_th.names import kind_of
from store.types import DutyFacts

MOST_DIGITS = 9
MOST_DECIMALS = 4

_LINK = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?:เป็น)?จำนวน(?:รวม)?\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?:\s*(?P<unit>[ก-๎A-Za-z%]{1,20}?))?(?:แล้ว|เรียบร้อย)*(?=\s|$)"
)
_NO_FIGURE = re.compile(r"จำนวน(?:รวม)?\s*\S*\d")
"""A number is meant, and it is none that we read: "จำนวน -5", "จำนวน 45<b>"."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes with a report, and the text without it.

    `figure` is in Arabic digits with its unit behind ("45 ชุด"), "" where none was said and None
    where it cannot be read.  `link` is as it was written; several stand in one, with spaces.
    """

    figure: str | None
    link: str
    shown: str
    plain: str


def taken_out(shown: str, plain: str) -> Extras:
    """Take number and link out of a text; `plain` is `shown` with Arabic digits."""
    links = [*_LINK.finditer(shown)]
    for found in reversed(links):
        shown, plain = (_without(each, found.span()) for each in (shown, plain))
    link = " ".join(found[0] for found in links)
    found_figure = _FIGURE.search(plain)
    if found_figure is None:
        is_meant = _NO_FIGURE.search(plain) is not None
        return Extras(None if is_meant else "", link, shown, plain)
    # "จำนวน ๔๕ เทศบาลเมืองลำพูน": what follows the number is whose it is.
    is_agency = kind_of(found_figure["unit"] or "") is not None
    end = found_figure.start("unit") if is_agency else found_figure.end()
    span = (found_figure.start(), end)
    figure = _figure(found_figure, "" if is_agency else found_figure["unit"] or "")
    return Extras(figure, link, _without(shown, span), _without(plain, span))


def read_figure(text: str) -> str | None:
    """Return a number with its unit as it is kept, None where the text is none."""
    found = _FIGURE.fullmatch(f"จำนวน {text.strip()}")
    return None if found is None else _figure(found, found["unit"] or "")


def figure_label(figure: str) -> str:
    """Return a kept number as people read it: "๔๕ ชุด", from a thousand on with commas."""
    number, _, unit = figure.partition(" ")
    whole, dot, decimals = number.partition(".")
    grouped = f"{int(whole):,}" if whole.isascii() and whole.isdigit() else whole
    return f"{to_thai_digits(grouped + dot + decimals)} {unit}".rstrip()


def in_words(figure: str, link: str) -> str:
    """Return what people type to give the same again."""
    return " ".join(each for each in (f"จำนวน {figure}" if figure else "", link) if each)


def given(duty: DutyFacts, *, with_link: bool) -> str:
    """Return the number and the link of a duty's newest report, "" where it has neither."""
    number = figure_label(duty.figure) if duty.figure else ""
    return " · ".join(each for each in (number, duty.link if with_link else "") if each)


def _figure(found: re.Match[str], unit: str) -> str | None:
    whole = found["whole"].replace(",", "")
    decimals = found["decimals"] or ""
    if len(whole) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
        return None
    number = str(int(whole)) + (f".{decimals}" if decimals else "")
    return f"{number} {unit}".strip()


def _without(text: str, span: tuple[int, int]) -> str:
    # The same letters go from both forms of a text, so that both stay of one length.
    return f"{text[: span[0]]} {text[span[1] :]}"
