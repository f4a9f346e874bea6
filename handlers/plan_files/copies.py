"""A table printed twice, or with its pages swapped, made one list of rows in order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from handlers.plan_files.rows import PrintedRow
from messages_th.plan_words import row_number

_ALIKE = 80.0
"""Likeness of two titles, 0-100, from which equal numbers mean the same row."""
_VERY_ALIKE = 90.0
"""The same for rows without a number, which their window identifies."""
_PRINTED_TWICE = 2
"""Rows printed twice word for word that show that the whole table was."""
_MOST_COMPARED = 20


@dataclass(frozen=True, slots=True)
class OneCopy:
    """Rows once each in their order, what the other copy says differently, what was mended."""

    rows: tuple[PrintedRow, ...]
    twice: tuple[PrintedRow, ...]
    """Rows of which another copy was left out."""
    differing: tuple[tuple[PrintedRow, str], ...]
    """A kept row and what its other copy says instead."""
    was_reordered: bool


def one_copy(rows: Sequence[PrintedRow]) -> OneCopy:
    """Return every row once; the first copy is kept."""
    exact = len(rows) - len({_words(row) for row in rows})
    kept: list[PrintedRow] = []
    twice: list[PrintedRow] = []
    differing: list[tuple[PrintedRow, str]] = []
    seen: dict[tuple[str, ...], PrintedRow] = {}
    near: defaultdict[str, list[PrintedRow]] = defaultdict(list)
    for row in rows:
        twin = seen.get(_words(row))
        if twin is None and exact >= _PRINTED_TWICE:
            twin = next((old for old in near[_place(row)] if _is_copy(row, old)), None)
            if twin is not None:
                differing.append((twin, _difference(twin, row)))
        if twin is None:
            kept.append(row)
            seen[_words(row)] = row
            if len(near[_place(row)]) < _MOST_COMPARED:
                near[_place(row)].append(row)
        else:
            twice.append(twin)
    ordered = _in_page_order(kept)
    return OneCopy(tuple(ordered), tuple(twice), tuple(differing), ordered != kept)


def _words(row: PrintedRow) -> tuple[str, ...]:
    texts = (row.number, row.title, row.detail, row.window, row.responsible)
    return tuple("".join(text.split()) for text in texts)


def _place(row: PrintedRow) -> str:
    return row_number(row.number) or f"window {''.join(row.window.split())}"


def _is_copy(row: PrintedRow, old: PrintedRow) -> bool:
    if row.page == old.page:
        return False
    alike = fuzz.ratio(row.title, old.title)
    return alike >= (_ALIKE if row.number else _VERY_ALIKE)


def _difference(kept: PrintedRow, other: PrintedRow) -> str:
    """Return what the other copy prints in the first cell that differs."""
    pairs = (
        (kept.title, other.title),
        (kept.detail, other.detail),
        (kept.window, other.window),
        (kept.responsible, other.responsible),
    )
    return next((theirs for ours, theirs in pairs if ours.split() != theirs.split()), other.number)


def _in_page_order(rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    """Return the pages by their lowest number, if no number stands on two of them.

    A page without numbers goes with the one before it.
    """
    pages: list[list[PrintedRow]] = []
    numbers: list[set[int]] = []
    for row in rows:
        number = row_number(row.number)
        main = {int(number.split(".")[0])} if number else set()
        if not pages or (row.page != pages[-1][-1].page):
            pages.append([])
            numbers.append(set())
        pages[-1].append(row)
        numbers[-1] |= main
    for index in range(len(pages) - 1, 0, -1):
        if not numbers[index]:
            pages[index - 1] += pages.pop(index)
            numbers.pop(index)
    if not all(numbers) or len(set().union(*numbers)) != sum(map(len, numbers)):
        return list(rows)
    order = sorted(range(len(pages)), key=lambda index: min(numbers[index]))
    return [row for index in order for row in pages[index]]
