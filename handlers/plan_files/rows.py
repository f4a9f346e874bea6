"""Tables to the rows of one plan: headers found, broken rows joined, single lines set apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from handlers.plan_files.cells import Cell, clean_cell
from handlers.plan_files.columns import (
    completed,
    has_window,
    is_window,
    read_header,
    whole_header,
)
from handlers.plan_files.grids import Place, PlanFileError, Table
from messages_th.plan_problems import FileProblem
from messages_th.plan_words import (
    Column,
    is_chart,
    is_note,
    is_page_number,
    is_section,
    leading_number,
    row_number,
    window_of_ends,
)
from store.types import Doubt, DoubtCode


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of a plan as printed, its cells cleaned; `page` counts the headers before it."""

    page: int
    number: str
    title: str
    detail: str
    window: str
    responsible: str
    continued: tuple[str, ...] = ()
    """Texts of rows that went on with this one."""
    markup: tuple[str, ...] = ()
    unclosed: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    """Texts of merged cells that began in a row above."""
    is_from_pdf: bool = False


@dataclass(slots=True)
class PrintedPlan:
    """All rows of a file in printed order, the lines around them, and doubts about its shape."""

    rows: list[PrintedRow] = field(default_factory=list)
    headings: list[list[str]] = field(default_factory=list)
    """Lines above each header, one list for each."""
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_rows(tables: Sequence[Table]) -> PrintedPlan:
    """Return the rows of every table that has windows.

    Raises:
        PlanFileError: when no table has both titles and windows, or none has a row.
    """
    plan = PrintedPlan()
    columns: dict[Column, int] | None = None
    openings: list[str] = []
    for table in tables:
        rows = _with_whole_headers([[clean_cell(cell) for cell in row] for row in table.rows])
        found = _columns(plan, rows, columns)
        if found is None:
            continue
        columns = found
        openings.append(" ".join(cell.text for cell in rows[0] if cell.text))
        plan.headings.append(list(table.above))
        _read_table(plan, table, rows, columns)
        plan.notes += table.below
    if len(openings) > 1:
        plan.doubts.append(Doubt(DoubtCode.TABLES_JOINED, "", ", ".join(openings[1:])))
    if columns is None:
        has_header = any(read_header(row) for table in tables for row in table.rows)
        code = FileProblem.NO_WINDOW_COLUMN if has_header else FileProblem.NO_TABLE
        if any(is_chart(row) for table in tables for row in table.rows):
            code = FileProblem.MONTH_COLUMNS
        raise PlanFileError(code)
    if not plan.rows:
        raise PlanFileError(FileProblem.NO_ROWS)
    plan.rows = _numbered_by_titles(plan.rows)
    return plan


def _with_whole_headers(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Return the rows with a header that is printed over two of them in the upper one."""
    for index, (upper, lower) in enumerate(pairwise(rows)):
        whole = whole_header([cell.text for cell in upper], [cell.text for cell in lower])
        if whole:
            return [*rows[:index], [Cell(text) for text in whole], [], *rows[index + 2 :]]
        if read_header([cell.text for cell in upper]):
            break
    return rows


def _columns(
    plan: PrintedPlan, rows: Sequence[Sequence[Cell]], before: dict[Column, int] | None
) -> dict[Column, int] | None:
    """Return the columns of a table, None (and a doubt) where it has no window or title.

    A table without a header goes on with the columns of the one before where they fit.
    """
    texts = [[cell.text for cell in row] for row in rows]
    header = next(filter(None, map(read_header, texts)), {})
    if not header and before and _fit(before, texts):
        return before
    body = [row for row in texts if not read_header(row) and not is_chart(row)]
    columns = completed(header, body)
    is_marked = any(map(is_chart, texts)) and not any(_has(row, columns) for row in body)
    if not has_window(columns) or Column.TITLE not in columns or is_marked:
        plan.doubts.append(Doubt(DoubtCode.TABLE_IGNORED, "", " ".join(filter(None, texts[0]))))
        return None
    if not has_window(header):
        sample = next((row[_when(columns)] for row in body if _has(row, columns)), "")
        plan.doubts.append(Doubt(DoubtCode.COLUMNS_GUESSED, "", sample))
    if Column.SUPPORT in header:
        printed = next(row for row in texts if read_header(row))[header[Column.SUPPORT]]
        plan.doubts.append(Doubt(DoubtCode.SECOND_OWNER_COLUMN, "", printed))
    return columns


def _fit(columns: Mapping[Column, int], rows: Sequence[Sequence[str]]) -> bool:
    """Whether windows stand in their column, or nothing does, as where only one row goes on."""
    places = [
        columns[name] for name in (Column.WINDOW, Column.START, Column.END) if name in columns
    ]
    cells = [row[at] for row in rows for at in places if at < len(row) and row[at]]
    is_wide = max(map(len, rows)) > max(columns.values())
    return is_wide and (not cells or any(map(is_window, cells)))


def _when(columns: Mapping[Column, int]) -> int:
    return columns.get(Column.WINDOW, columns.get(Column.END, -1))


def _has(row: Sequence[str], columns: Mapping[Column, int]) -> bool:
    return 0 <= _when(columns) < len(row) and is_window(row[_when(columns)])


def _read_table(
    plan: PrintedPlan,
    table: Table,
    rows: Sequence[Sequence[Cell]],
    columns: dict[Column, int],
) -> None:
    page = plan.rows[-1].page + 1 if plan.rows else 0
    is_first_header = True
    loose: list[str] = []
    for index, row in enumerate(rows):
        texts = [cell.text for cell in row]
        header = read_header(texts)
        if header is not None:
            columns = _renewed(columns, header)
            if not is_first_header and plan.rows and plan.rows[-1].page == page:
                page += 1
                _note_repeated(plan, texts)
            is_first_header = False
            plan.headings.append(loose)
            loose = []
        elif is_chart(texts):
            continue
        elif _is_loose(texts, columns):
            loose.append(" ".join(filter(None, texts)))
        else:
            _put_aside(plan, loose)
            loose = []
            printed = _printed_row(row, columns, page, is_from_pdf=table.is_from_pdf)
            printed = _filled_down(printed, index, columns, table.covered)
            if _is_row(printed):
                _add_row(plan, printed)
            else:
                _put_aside(plan, [" ".join(filter(None, texts))])
    plan.notes += loose


def _renewed(columns: dict[Column, int], header: dict[Column, int]) -> dict[Column, int]:
    """Return the columns as a later header announces them, where it leaves window and title."""
    kept = {name: at for name, at in columns.items() if at not in header.values()}
    renewed = {**kept, **header}
    return renewed if has_window(renewed) and Column.TITLE in renewed else columns


def _note_repeated(plan: PrintedPlan, texts: Sequence[str]) -> None:
    if all(doubt.code is not DoubtCode.HEADER_REPEATED for doubt in plan.doubts):
        printed = " ".join(filter(None, texts))
        plan.doubts.append(Doubt(DoubtCode.HEADER_REPEATED, "", printed))


def _is_loose(texts: Sequence[str], columns: dict[Column, int]) -> bool:
    """Whether a row is a single line: its only text stands where no title or number would.

    Where a file parts no cells off it, that is anywhere: the reader of texts has joined what
    goes on with a row.
    """
    filled = [index for index, text in enumerate(texts) if text]
    if len(filled) != 1:
        return not filled
    index = filled[0]
    if len(texts) == 1:
        return row_number(texts[index]) is None
    if index == columns[Column.TITLE]:
        return is_section(texts[index])
    return row_number(texts[index]) is None and index not in _when_and_who(columns)


def _when_and_who(columns: dict[Column, int]) -> set[int]:
    others = (Column.NUMBER, Column.TITLE)
    return {place for name, place in columns.items() if name not in others}


def _put_aside(plan: PrintedPlan, loose: Sequence[str]) -> None:
    """Keep what single lines between two rows say: a part's heading, a note, or a doubt."""
    for line in loose:
        if is_section(line):
            plan.doubts.append(Doubt(DoubtCode.GROUP_HEADING, "", line))
        elif is_note(line):
            plan.notes.append(line)
        elif not is_page_number(line):
            plan.doubts.append(Doubt(DoubtCode.LINE_IGNORED, "", line))


def _printed_row(
    row: Sequence[Cell], columns: Mapping[Column, int], page: int, *, is_from_pdf: bool
) -> PrintedRow:
    def at(column: Column) -> str:
        index = columns.get(column)
        return row[index].text if index is not None and index < len(row) else ""

    return PrintedRow(
        page=page,
        number=at(Column.NUMBER),
        title=at(Column.TITLE),
        detail=at(Column.DETAIL),
        window=at(Column.WINDOW) or window_of_ends(at(Column.START), at(Column.END)),
        responsible=", ".join(filter(None, (at(Column.RESPONSIBLE), at(Column.SUPPORT)))),
        markup=tuple(dict.fromkeys(tag for cell in row for tag in cell.markup)),
        unclosed=tuple(dict.fromkeys(tag for cell in row for tag in cell.unclosed)),
        is_from_pdf=is_from_pdf,
    )


def _filled_down(
    row: PrintedRow, index: int, columns: Mapping[Column, int], covered: Mapping[Place, str]
) -> PrintedRow:
    """Return a row with the window and owner of merged cells that reach down to it.

    A row whose number is merged as well, and which has no window of its own, is the rest of
    the row above: there is nothing to fill in.
    """

    def above(*names: Column) -> str:
        texts = [covered.get((index, columns[name]), "") for name in names if name in columns]
        return " - ".join(clean_cell(text).text for text in texts if text)

    if above(Column.NUMBER) and not row.window:
        return row
    window = "" if row.window else above(Column.WINDOW) or above(Column.START, Column.END)
    responsible = "" if row.responsible else above(Column.RESPONSIBLE)
    if not (window or responsible):
        return row
    return replace(
        row,
        window=row.window or window,
        responsible=row.responsible or responsible,
        merged=tuple(filter(None, (window, responsible))),
    )


def _is_row(row: PrintedRow) -> bool:
    """Whether it says anything of a plan; words for a number and no more are a signature."""
    says_when_or_who = row.window or row.responsible
    if not (says_when_or_who or row.title or row.detail):
        return False
    return bool(says_when_or_who or not row.number or row_number(row.number))


def _add_row(plan: PrintedPlan, row: PrintedRow) -> None:
    previous = plan.rows[-1] if plan.rows else None
    if previous is not None and _goes_on(row, previous):
        plan.rows[-1] = _joined(previous, row)
    elif row.title:
        plan.rows.append(row)
    else:
        plan.rows.append(replace(row, title=row.detail, detail=""))


def _goes_on(row: PrintedRow, previous: PrintedRow) -> bool:
    """Whether a row without a number is the rest of the one before.

    Right below a heading (no window, no owner, same page) a title alone is a row of its own.
    At the top of a page, an owner may be the rest of one as well.
    """
    is_torn = row.page != previous.page and bool(previous.number) and _is_rest(row, previous)
    text = row.title or row.detail
    if row.number or (text and (row.window or row.responsible) and not is_torn):
        return False
    is_heading = previous.number and not (previous.window or previous.responsible)
    return not (is_heading and text and row.page == previous.page)


def _is_rest(row: PrintedRow, previous: PrintedRow) -> bool:
    """Whether a row has no window, or half of one whose other half stands in the row before."""
    if not row.window:
        return True
    are_whole = is_window(previous.window) and is_window(row.window)
    whole = _together(previous.window, row.window)
    return bool(previous.window) and not are_whole and is_window(whole)


def _joined(previous: PrintedRow, row: PrintedRow) -> PrintedRow:
    texts = (row.title, row.detail, row.window, row.responsible)
    return replace(
        previous,
        title=_together(previous.title, row.title),
        detail=_together(previous.detail, row.detail),
        window=_together(previous.window, row.window),
        responsible=_together(previous.responsible, row.responsible),
        continued=(*previous.continued, " ".join(filter(None, texts))),
        markup=tuple(dict.fromkeys(previous.markup + row.markup)),
        unclosed=tuple(dict.fromkeys(previous.unclosed + row.unclosed)),
    )


def _numbered_by_titles(rows: list[PrintedRow]) -> list[PrintedRow]:
    """Return the rows with the numbers that their titles open with, if these count from one."""
    opened = [(row, leading_number(row.title)) for row in rows]
    numbers = [row_number(found[0]) for _, found in opened if found]
    if any(row.number for row in rows) or len(numbers) < 2:
        return rows
    if numbers != [str(count) for count in range(1, len(numbers) + 1)]:
        return rows
    return [
        replace(row, number=found[0], title=found[1]) if found else row for row, found in opened
    ]


def _together(first: str, second: str) -> str:
    return " ".join(filter(None, (first, second)))


def headings_of(plan: PrintedPlan) -> Iterator[str]:
    """Yield each heading above a header, its lines as one."""
    for lines in plan.headings:
        heading = " ".join(clean_cell(line).text for line in lines).strip(" ➤•-*")
        if heading:
            yield heading
