"""Letters and ruled lines of a printed page to its tables.  Pure geometry, in PDF points.

x grows to the right, y upwards, as on the page when it is looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handlers.plan_files.grids import Grid, Place

_NEAR = 3.0
"""Points within which two lines are one: double borders, corners that do not quite meet."""
_DRAWN = 0.6
"""Share of a cell's side along which a line must run to part two cells."""
_GAP = 0.8
"""Share of the type size from which a gap is a space: ำ may seem half as wide as it is."""
_SAME_LINE = 0.5
"""Share of the type size by which letters of one line may stand higher or lower."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its vowels and marks and the spaces behind it, at its point on the line."""

    text: str
    x: float
    """Where its line is told to go on; orders the letters of a line."""
    left: float
    right: float
    """Where what is seen of it begins and ends."""
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: across at height `at`, or down at `at` from the left."""

    is_across: bool
    at: float
    first: float
    last: float


class NotRectangularError(Exception):
    """The lines of a table leave a cell of odd shape, so its texts cannot be told apart."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The lines of one table: where its columns and rows are parted."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    """From the top downwards."""
    rules: tuple[Rule, ...]

    def place_of(self, letter: Letter) -> Place | None:
        """Return the smallest place that a letter stands in, None outside the table."""
        column = sum(x <= (letter.left + letter.right) / 2 for x in self.xs) - 1
        row = sum(y > letter.y for y in self.ys) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return (row, column) if inside else None


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Return a point of a page that is looked at after so many quarter turns to the right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def page_grids(letters: Sequence[Letter], rules: Sequence[Rule]) -> tuple[list[Grid], list[str]]:
    """Return the tables of a page from the top down, and all lines of a page without any.

    Raises:
        NotRectangularError: when lines are missing inside a table.
    """
    frames = sorted(_frames(_merged(rules)), key=lambda frame: -frame.ys[0])
    loose: list[list[Letter]] = [[] for _ in range(len(frames) + 1)]
    placed: list[defaultdict[Place, list[Letter]]] = [defaultdict(list) for _ in frames]
    for letter in letters:
        for index, frame in enumerate(frames):
            place = frame.place_of(letter)
            if place is not None:
                placed[index][place].append(letter)
                break
        else:
            loose[sum(frame.ys[-1] > letter.y for frame in frames)].append(letter)
    if not frames:
        return [], lines_of(letters)
    lines = [lines_of(each) for each in loose]
    return [
        _grid(frame, placed[index], lines[index], lines[-1] if frame is frames[-1] else [])
        for index, frame in enumerate(frames)
    ], []


def lines_of(letters: Iterable[Letter]) -> list[str]:
    """Return the lines that letters stand on, from the top, each read from the left."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda each: -each.y):
        if not lines or lines[-1][0].y - letter.y > _SAME_LINE * letter.size:
            lines.append([])
        lines[-1].append(letter)
    # Sorting keeps letters of one point in the order the file gives them.
    texts = (_spaced(sorted(line, key=lambda letter: letter.x)) for line in lines)
    return [text.strip() for text in texts if text.strip()]


def _spaced(line: Sequence[Letter]) -> str:
    """Return the text of a line, with a space where a wide gap stands for one."""
    text = line[0].text
    for before, letter in pairwise(line):
        is_wide = letter.left - before.right > _GAP * letter.size
        text += f" {letter.text}" if is_wide else letter.text
    return text


def _grid(
    frame: _Frame,
    letters: dict[Place, list[Letter]],
    above: Sequence[str],
    below: Sequence[str],
) -> Grid:
    rows = [[""] * (len(frame.xs) - 1) for _ in range(len(frame.ys) - 1)]
    covered: dict[Place, str] = {}
    for cell in _cells(frame):
        (top, left), (bottom, _) = cell[0], cell[-1]
        text = "\n".join(lines_of(each for place in cell for each in letters.get(place, ())))
        rows[top][left] = text
        if text:
            covered.update(dict.fromkeys(((row, left) for row in range(top + 1, bottom + 1)), text))
    return Grid(rows, covered, tuple(above), tuple(below), is_ruled=True, is_from_pdf=True)


def _cells(frame: _Frame) -> list[list[Place]]:
    """Return the places that each cell is made of, in rows from its upper left."""
    down, across = _drawn_sides(frame)
    height, width = len(frame.ys) - 1, len(frame.xs) - 1
    owner: dict[Place, Place] = {}
    cells: list[list[Place]] = []
    for row in range(height):
        for column in range(width):
            if (row, column) in owner:
                continue
            right = column
            while right + 1 < width and (row, right + 1) not in down:
                right += 1
            bottom = row
            while bottom + 1 < height and (bottom + 1, column) not in across:
                bottom += 1
            cell = [(r, c) for r in range(row, bottom + 1) for c in range(column, right + 1)]
            if not _is_closed(cell, down, across):
                raise NotRectangularError
            owner.update(dict.fromkeys(cell, (row, column)))
            cells.append(cell)
    return cells


def _is_closed(cell: Sequence[Place], down: set[Place], across: set[Place]) -> bool:
    """Whether no line runs through a cell and none of its places is open to one outside."""
    (top, left), (bottom, right) = cell[0], cell[-1]
    inner = not any(
        ((row, column) in down and column > left) or ((row, column) in across and row > top)
        for row, column in cell
    )
    sides = all((row, left) in down and (row, right + 1) in down for row in range(top, bottom + 1))
    ends = all(
        (top, column) in across and (bottom + 1, column) in across
        for column in range(left, right + 1)
    )
    return inner and sides and ends


def _drawn_sides(frame: _Frame) -> tuple[set[Place], set[Place]]:
    """Return the places with a line on their left and those with one on their top.

    The outer sides of a table count as drawn: many are open to the left and right.
    """
    height, width = len(frame.ys) - 1, len(frame.xs) - 1
    down = {(row, column) for row in range(height) for column in (0, width)}
    across = {(row, column) for row in (0, height) for column in range(width)}
    for rule in frame.rules:
        if rule.is_across:
            row = _index(frame.ys, rule.at)
            for column in range(width):
                if _runs_along(rule, frame.xs[column], frame.xs[column + 1]):
                    across.add((row, column))
        else:
            column = _index(frame.xs, rule.at)
            for row in range(height):
                if _runs_along(rule, frame.ys[row + 1], frame.ys[row]):
                    down.add((row, column))
    return down, across


def _runs_along(rule: Rule, first: float, last: float) -> bool:
    shared = min(rule.last, last) - max(rule.first, first)
    return shared >= _DRAWN * (last - first)


def _index(places: Sequence[float], at: float) -> int:
    return min(range(len(places)), key=lambda index: abs(places[index] - at))


def _frames(rules: Sequence[Rule]) -> list[_Frame]:
    """Return the lines that touch one another as tables, if they part at least two cells."""
    waiting = list(rules)
    frames: list[_Frame] = []
    while waiting:
        joined = [waiting.pop()]
        for rule in joined:  # grows while it is gone through
            touching = [other for other in waiting if _touch(rule, other)]
            joined += touching
            waiting = [other for other in waiting if other not in touching]
        columns = _apart(_parting(joined, is_across=False))
        lines = _apart(_parting(joined, is_across=True))[::-1]
        if len(columns) > 2 and len(lines) > 1:
            frames.append(_Frame(tuple(columns), tuple(lines), tuple(joined)))
    return frames


def _parting(rules: Sequence[Rule], *, is_across: bool) -> set[float]:
    """Return where lines of one kind stand, and where those of the other kind end.

    A table may be open on its sides, and where it goes on over the end of a page.
    """
    ends = [end for rule in rules if rule.is_across is not is_across for end in _ends(rule)]
    outer = {min(ends), max(ends)} if ends else set()
    return outer | {rule.at for rule in rules if rule.is_across is is_across}


def _ends(rule: Rule) -> tuple[float, float]:
    return rule.first, rule.last


def _touch(one: Rule, other: Rule) -> bool:
    if one.is_across is other.is_across:
        return False
    return (
        one.first - _NEAR <= other.at <= one.last + _NEAR
        and other.first - _NEAR <= one.at <= other.last + _NEAR
    )


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Return the lines with the pieces of each drawn as one."""
    merged: list[Rule] = []
    for is_across in (False, True):
        lines: list[list[Rule]] = []
        for rule in sorted(rules, key=lambda each: each.at):
            if rule.is_across is not is_across:
                continue
            if not lines or rule.at - lines[-1][0].at > _NEAR:
                lines.append([])
            lines[-1].append(rule)
        for line in lines:
            merged += _end_to_end(line[0].at, sorted(line, key=lambda each: each.first))
    return merged


def _end_to_end(at: float, pieces: Sequence[Rule]) -> list[Rule]:
    whole: list[Rule] = []
    for piece in pieces:
        if whole and piece.first <= whole[-1].last + _NEAR:
            last = max(whole[-1].last, piece.last)
            whole[-1] = Rule(piece.is_across, at, whole[-1].first, last)
        else:
            whole.append(Rule(piece.is_across, at, piece.first, piece.last))
    return whole


def _apart(places: Iterable[float]) -> list[float]:
    """Return the places in order without those near the one before."""
    apart: list[float] = []
    for place in sorted(places):
        if not apart or place - apart[-1] > _NEAR:
            apart.append(place)
    return apart
