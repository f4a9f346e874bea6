"""What PDFium tells of the drawings on a page to ruled lines, and to how much is a picture."""

import ctypes
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from handlers.plan_files.ruled import Rule, turned

MOST_RULES = 5_000
"""Most ruled lines of a page that are read: a drawing has more, a plan has not."""

_THIN = 3.0
"""Points up to which a filled box is a ruled line."""
_STRAIGHT = 0.5
_MOST_FORMS = 8
"""Forms that may stand inside one another."""

_Point = tuple[float, float]


def rules_of(page: pypdfium2.PdfPage, turn: int) -> list[Rule]:
    """Return the ruled lines of a page, one more than `MOST_RULES` where there are too many.

    `turn` is by how many quarter turns to the right the page is looked at.
    """
    rules: list[Rule] = []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_MOST_FORMS):
        rules += _rules(path, turn)
        if len(rules) > MOST_RULES:
            break
    return rules[: MOST_RULES + 1]


def pictured(page: pypdfium2.PdfPage) -> float:
    """Return the share of a page that pictures cover, from 0; more than 1 where they overlap."""
    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_MOST_FORMS)
    return sum(map(_area, pictures)) / float(page.get_width() * page.get_height())


def _rules(path: pypdfium2.PdfObject, turn: int) -> Iterator[Rule]:
    """Yield the straight lines across and down that a path draws, thin filled boxes too."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, filled, stroked)
    for outline in _outlines(path, turn):
        if filled.value and not stroked.value:
            yield from _thin_box(outline)
        elif stroked.value:
            for (x1, y1), (x2, y2) in pairwise(outline):
                if abs(y1 - y2) <= _STRAIGHT < abs(x1 - x2):
                    yield Rule(
                        is_across=True, at=(y1 + y2) / 2, first=min(x1, x2), last=max(x1, x2)
                    )
                elif abs(x1 - x2) <= _STRAIGHT < abs(y1 - y2):
                    yield Rule(
                        is_across=False, at=(x1 + x2) / 2, first=min(y1, y2), last=max(y1, y2)
                    )


def _thin_box(outline: Sequence[_Point]) -> Iterator[Rule]:
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    low, high = min(y for _, y in outline), max(y for _, y in outline)
    if high - low <= _THIN < right - left:
        yield Rule(is_across=True, at=(low + high) / 2, first=left, last=right)
    elif right - left <= _THIN < high - low:
        yield Rule(is_across=False, at=(left + right) / 2, first=low, last=high)


def _outlines(path: pypdfium2.PdfObject, turn: int) -> list[list[_Point]]:
    """Return the corners of each part of a path on the page; a curve keeps only its ends."""
    matrix = _matrix(path)
    outlines: list[list[_Point]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO or not outlines:
            outlines.append([])
        across, up = matrix.on_point(x.value, y.value)
        outlines[-1].append(turned(across, up, turn))
        if raw.FPDFPathSegment_GetClose(segment):
            outlines[-1].append(outlines[-1][0])
    return outlines


def _matrix(drawn: pypdfium2.PdfObject) -> pypdfium2.PdfMatrix:
    """Return what takes an object's points to the page, through the forms it stands in."""
    matrix = drawn.get_matrix()
    form = drawn.container
    while form is not None:
        matrix = matrix.multiply(form.get_matrix())
        form = form.container
    return matrix


def _area(picture: pypdfium2.PdfObject) -> float:
    """Return how much of the page a picture covers, in square points."""
    matrix = _matrix(picture)  # of the unit square
    return float(abs(matrix.a * matrix.d - matrix.b * matrix.c))
