"""Which column of a table holds what: by its header, and by the shape of its cells."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from messages_th.dates import read_window
from messages_th.parties import read_parties
from messages_th.plan_words import Column, column_of, row_number
from store.types import FiscalYear, PartyKind, Window

_ANY_YEAR = FiscalYear(2568)
"""Lets a window without a year count as one where only the shape of a cell matters."""
_SAMPLE = 50
"""Rows looked at to tell a column by its cells."""
_SECOND = {Column.TITLE: Column.DETAIL, Column.RESPONSIBLE: Column.SUPPORT}
"""What a column is where another one before it announces the same."""
_LONGEST_PARTIES = 300
"""Longer cells are prose, even where they open with an office's name."""


def read_header(cells: Sequence[str]) -> dict[Column, int] | None:
    """Return where each column stands if the row is a header, else None.

    Two announced columns make a header, unless a cell holds a number or window as rows do;
    the word ลำดับ settles it, so that a header of months ("ต.ค.") is one too.
    """
    columns: dict[Column, int] = {}
    others: list[str] = []
    for index, cell in enumerate(cells):
        column = column_of(cell)
        if column in columns:
            column = _SECOND.get(column, column)
        if column is not None:
            columns.setdefault(column, index)
        else:
            others.append(cell)
    if len(columns) < 2 or (Column.NUMBER not in columns and any(map(_is_of_a_row, others))):
        return None
    if Column.TITLE not in columns and Column.DETAIL in columns:
        columns[Column.TITLE] = columns.pop(Column.DETAIL)
    if Column.RESPONSIBLE not in columns and Column.SUPPORT in columns:
        columns[Column.RESPONSIBLE] = columns.pop(Column.SUPPORT)
    return columns


def _is_of_a_row(cell: str) -> bool:
    return row_number(cell) is not None or is_window(cell) or _is_known_party(cell)


def whole_header(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Return two rows as one header where only both together announce all columns, else None."""
    if any(is_window(cell) or row_number(cell) for cell in lower):
        return None
    together = [
        f"{above} {below}".strip() for above, below in zip_longest(upper, lower, fillvalue="")
    ]
    known, more = _announced(upper), _announced(lower)
    columns = (read_header(together) or {}).keys() if known else set()
    return together if columns >= known | more and len(columns) > len(known) else None


def _announced(cells: Sequence[str]) -> set[Column]:
    return {column for column in map(column_of, cells) if column is not None}


def has_window(columns: Mapping[Column, int]) -> bool:
    """Whether the columns say when: as one cell, or as an end with a start or without."""
    return Column.WINDOW in columns or Column.END in columns


def completed(columns: Mapping[Column, int], rows: Sequence[Sequence[str]]) -> dict[Column, int]:
    """Return the columns with those a header does not announce found by the cells' shape."""
    found = dict(columns)
    sample = rows[:_SAMPLE]
    width = max((len(row) for row in sample), default=0)
    if not has_window(found):
        wanting = Column.END if Column.START in found else Column.WINDOW
        _add(found, wanting, _scores(sample, width, _window_or_against))
    if Column.NUMBER not in found:
        _add(found, Column.NUMBER, _scores(sample, width, _is_number))
    if Column.RESPONSIBLE not in found:
        _add(found, Column.RESPONSIBLE, _scores(sample, width, _is_known_party))
    if Column.TITLE not in found:
        _add(found, Column.TITLE, _scores(sample, width, len))
    return found


def is_window(cell: str) -> bool:
    """Whether a cell reads as a window, with or without a year."""
    return isinstance(read_window(cell, fiscal_year=_ANY_YEAR), Window)


def _add(found: dict[Column, int], column: Column, scores: Sequence[int]) -> None:
    """Take the free column with the highest score, if any is above nought."""
    free = [index for index in range(len(scores)) if index not in found.values()]
    best = max(free, key=lambda index: scores[index], default=None)
    if best is not None and scores[best] > 0:
        found[column] = best


def _scores(rows: Sequence[Sequence[str]], width: int, score: Callable[[str], int]) -> list[int]:
    return [sum(score(row[index]) for row in rows if index < len(row)) for index in range(width)]


def _window_or_against(cell: str) -> int:
    """Count for a column that holds windows, against it where a cell holds anything else."""
    return (1 if is_window(cell) else -1) if cell else 0


def _is_number(cell: str) -> bool:
    return row_number(cell) is not None


def _is_known_party(cell: str) -> bool:
    kinds = {party.kind for party in read_parties(cell)} if len(cell) < _LONGEST_PARTIES else set()
    return bool(kinds - {PartyKind.NAMED, PartyKind.UNNAMED})
