"""What every reader of files gives: tables of cell texts, with what merged cells cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from messages_th.plan_problems import FileProblem
from messages_th.plan_words import is_page_number, is_plan_title

MOST_ROWS = 5_000
"""Most rows with text that are read, all tables of a file together."""
MOST_COLUMNS = 200
MOST_LETTERS_OF_A_CELL = 20_000
"""A printed plan has as many altogether."""

_MOST_HEADING_LINES = 8

Place = tuple[int, int]
"""Row and column, both from 0."""


class PlanFileError(Exception):
    """A file cannot be read as a plan; show `plan_problems.file_problem(error.code)`.

    The sentence says what was found and what to send instead; nothing was changed.
    """

    def __init__(self, code: FileProblem) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet, text or printed table as they stand, empty rows and all.

    A merged cell has its text in its first place; the places below are `covered` by it.
    """

    rows: Sequence[Sequence[str]]
    covered: Mapping[Place, str] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    is_ruled: bool = False
    """Whether it was drawn as one table, so that all its rows belong to it."""
    is_from_pdf: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet or text, with the single lines that stand around them.

    Rows keep their lines in between, such as headings of the next page, as rows of one cell.
    `covered` holds the text of the merged cell above for each empty place that it covers.
    Every row of a table out of a PDF is to be checked by a person.
    `places` tells where each row stands in the file, the first being 1; empty rows count there.
    """

    rows: tuple[tuple[str, ...], ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    covered: Mapping[Place, str] = field(default_factory=dict)
    is_from_pdf: bool = False
    places: tuple[int, ...] = field(default=(), compare=False)


def table_of(grid: Grid) -> Table | None:
    """Return the rows with text, single lines before and after them set apart; None if none."""
    cells = [tuple(cell.strip() for cell in row) for row in grid.rows]
    places = [index for index, row in enumerate(cells) if any(row)]
    filled = [cells[index] for index in places]
    is_row = [(grid.is_ruled and len(row) > 1) or sum(map(bool, row)) > 1 for row in filled]
    several = [index for index, is_one in enumerate(is_row) if is_one]
    if not several:
        return None
    first, last = several[0], several[-1]
    while last + 1 < len(filled) and not filled[last + 1][0]:
        last += 1  # a row whose only text stands in a later column still belongs to the table
    index_of = {place: index for index, place in enumerate(places[first : last + 1])}
    return Table(
        rows=tuple(filled[first : last + 1]),
        above=(*grid.above, *(" ".join(filter(None, row)) for row in filled[:first])),
        below=(*(" ".join(filter(None, row)) for row in filled[last + 1 :]), *grid.below),
        covered={
            (index_of[row], column): text
            for (row, column), text in grid.covered.items()
            if row in index_of
        },
        is_from_pdf=grid.is_from_pdf,
        places=tuple(place + 1 for place in places[first : last + 1]),
    )


def heading_in(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the heading of a table among the lines of a letter above it, "" for empty ones.

    It starts where a line names a plan, else behind the last empty line.
    """
    printed = [line.strip() for line in lines if not is_page_number(line) or not line.strip()]
    while printed and not printed[-1]:
        printed.pop()
    nearest = printed[-_MOST_HEADING_LINES:]
    starts = [index for index, line in enumerate(nearest) if is_plan_title(line)]
    if not starts:
        starts = [index + 1 for index, line in enumerate(nearest) if not line][-1:]
    return tuple(filter(None, nearest[starts[0] if starts else 0 :]))
