"""What PDFium tells of the characters on a page to letters with their marks, once each."""

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from handlers.plan_files.ruled import Letter, turned
from messages_th.text_layers import SARA_AM, hangs

_LOST = "\ufffd"
_UNSEEN = frozenset({"Zs", "Cf"})
"""Kinds of characters without a shape: spaces, and hints where a line may break."""
_LINE = 0.6
"""Share of the type size by which a mark's own point may be off the line of its letter."""


@dataclass(frozen=True, slots=True)
class _Char:
    """A character as PDFium gives it; one it made up (a space, a line's end) has no `drawing`."""

    text: str
    drawing: int
    """What it was drawn by: equal for characters drawn in one go, 0 for none."""
    is_replaced: bool
    """Whether the file says what it stands for apart from its shape, whose box is not its own."""
    x: float
    left: float
    right: float
    y: float
    size: float


@dataclass(slots=True)
class _Open:
    """A letter that marks and spaces may still join."""

    char: _Char
    text: str
    marks: str = ""


def letters_of(text: pypdfium2.PdfTextPage, turn: int) -> list[Letter]:
    """Return the letters that can be seen, each with the marks upon it and the space behind it.

    `turn` is by how many quarter turns to the right the page is looked at.  What stands for
    no known character is U+FFFD.
    """
    letters: list[_Open] = []
    stray: list[_Char] = []
    previous: _Char | None = None
    for char in _chars(text, turn):
        if hangs(char.text) and (previous is None or char.drawing != previous.drawing):
            stray.append(char)
            continue
        if letters and _joins(char, previous):
            letters[-1].text += char.text
        elif not char.text.isspace() and not _is_half_am(char, letters):
            letters.append(_Open(char, char.text))
        previous = char if char.drawing else previous
    _put_back(stray, letters)
    return [_letter(each) for each in letters]


def _joins(char: _Char, previous: _Char | None) -> bool:
    """Whether a mark or space belongs to the letter before it.

    PDFium sees gaps behind a replaced piece of text, as it takes its first shape for all.
    """
    if char.text.isspace():
        return char.drawing != 0 or not (previous and previous.is_replaced)
    return hangs(char.text)


def _is_half_am(char: _Char, letters: list[_Open]) -> bool:
    """Whether it is the rest of ำ, drawn as two shapes of which the first stands for both."""
    return char.text == _LOST and bool(letters) and SARA_AM in letters[-1].text


def _put_back(stray: Iterable[_Char], letters: list[_Open]) -> None:
    """Put marks that were drawn apart from their letters upon the ones below or above them."""
    for mark in stray:
        middle = (mark.left + mark.right) / 2
        near = [
            letter
            for letter in letters
            if abs(letter.char.y - mark.y) <= _LINE * letter.char.size
            and not letter.char.text.isspace()
        ]
        below = min(near, key=lambda each: _apart(each.char, middle), default=None)
        if below is None:
            letters.append(_Open(mark, mark.text))
        else:
            below.marks += mark.text


def _apart(char: _Char, x: float) -> float:
    return max(char.left - x, x - char.right, 0.0)


def _letter(found: _Open) -> Letter:
    char = found.char
    body = found.text.rstrip()
    text = body + found.marks + found.text[len(body) :]
    return Letter(text, char.x, char.left, char.right, char.y, char.size)


def _chars(text: pypdfium2.PdfTextPage, turn: int) -> Iterator[_Char]:
    """Yield the characters that can be seen; a replaced piece of text once, at its first place."""
    replaced: dict[int, int] = {}
    drawings: dict[int, int] = {}
    was_left_out = False
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, index) == 1:
            # The ends of lines that PDFium makes up are not needed: lines are told by height.
            if not was_left_out and raw.FPDFText_GetUnicode(text, index) == ord(" "):
                yield _char(text, index, turn, drawing=0, is_replaced=False)
            continue
        drawn = raw.FPDFText_GetTextObject(text, index)
        drawing = ctypes.cast(drawn, ctypes.c_void_p).value or -1
        if drawing not in drawings:
            drawings[drawing] = _replacement(drawn)
        replacement = drawings[drawing]
        was_left_out = _is_unseen(drawn) or (
            replacement != 0 and replaced.setdefault(replacement, drawing) != drawing
        )
        if not was_left_out:
            yield _char(text, index, turn, drawing=drawing, is_replaced=replacement != 0)


def _char(
    text: pypdfium2.PdfTextPage, index: int, turn: int, *, drawing: int, is_replaced: bool
) -> _Char:
    code = raw.FPDFText_GetUnicode(text, index)
    if raw.FPDFText_IsHyphen(text, index) == 1:
        code = ord("-")
    is_lost = raw.FPDFText_HasUnicodeMapError(text, index) == 1 or code < ord(" ")
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    sides = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text, index, *sides)
    left, right, bottom, top = (side.value for side in sides)
    corners = [turned(left, bottom, turn)[0], turned(right, top, turn)[0]]
    across, up = turned(x.value, y.value, turn)
    size = max(raw.FPDFText_GetFontSize(text, index), 1.0)
    # A font that is not in the file and has no stand-in draws nothing, and PDFium leaves out
    # some of its letters without a word: none of them is to be believed.
    is_lost = is_lost or (bottom == top and unicodedata.category(chr(code)) not in _UNSEEN)
    printed = _LOST if is_lost and drawing else chr(code)
    return _Char(printed, drawing, is_replaced, across, min(corners), max(corners), up, size)


def _is_unseen(drawn: raw.FPDF_PAGEOBJECT) -> bool:
    """Whether a text is laid over a picture for searching only, such as a scan's."""
    return bool(drawn) and (
        raw.FPDFTextObj_GetTextRenderMode(drawn) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _replacement(drawn: raw.FPDF_PAGEOBJECT) -> int:
    """Return which piece of replaced text (ActualText) a drawn text belongs to, 0 for none."""
    for index in range(raw.FPDFPageObj_CountMarks(drawn) if drawn else 0):
        mark = raw.FPDFPageObj_GetMark(drawn, index)
        if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
            return ctypes.cast(mark, ctypes.c_void_p).value or 0
    return 0
