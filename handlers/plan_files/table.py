"""A file to the draft of a plan: every row read, every uncertainty kept as a doubt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from handlers.plan_files.copies import OneCopy, one_copy
from handlers.plan_files.doubts import party_doubts, text_doubts, torn_name_doubts, window_doubts
from handlers.plan_files.grids import PlanFileError
from handlers.plan_files.numbering import NumberedRow, numbered
from handlers.plan_files.readers import read_tables
from handlers.plan_files.rows import PrintedPlan, PrintedRow, headings_of, read_rows
from messages_th.dates import Unreadable, fiscal_year_of, read_window
from messages_th.parties import read_parties
from messages_th.plan_problems import FileProblem
from messages_th.plan_steps import actor_in, split_steps
from messages_th.plan_words import heading_year, is_plan_title, owners_in_notes, row_number
from store.types import (
    ActivityDraft,
    Actor,
    Doubt,
    DoubtCode,
    FiscalYear,
    PartyDraft,
    PartyKind,
    PlanDraft,
    StepDraft,
    Window,
)


def read_plan(name: str, content: bytes, *, fiscal_year: FiscalYear | None = None) -> PlanDraft:
    """Return the plan a file holds, as a draft to be confirmed.

    `fiscal_year` (BE) is the year the plan is imported for.  A window without a year takes it
    from there, or from the heading, and is doubted.  Every row out of a PDF is doubted.

    Raises:
        PlanFileError: when the file cannot be read or holds no plan.
    """
    printed = read_rows(read_tables(name, content, takes_pdf=True))
    copy = one_copy(printed.rows)
    if _are_several(printed, copy):
        raise PlanFileError(FileProblem.SEVERAL_PLANS)
    rows = numbered(copy.rows)
    title = _title(printed)
    named_year = heading_year(title)
    usual_year = fiscal_year or (named_year[0] if named_year else None)
    windows = {row.number: read_window(row.row.window, fiscal_year=usual_year) for row in rows}
    plan_year = fiscal_year or _most_common_year(list(windows.values()))
    owners = owners_in_notes(printed.notes)
    activities = tuple(
        _activity(row, windows[row.number], plan_year, owners.get(row.number, ""))
        for row in rows
        if not row.is_heading
    )
    doubts = [
        *_heading_doubts(named_year, plan_year),
        *printed.doubts,
        *_order_doubts(rows, copy, windows),
        *_heading_row_doubts(rows),
        *torn_name_doubts([party for activity in activities for party in activity.parties]),
    ]
    return PlanDraft(title, _with_differences(activities, rows, copy), tuple(doubts))


def _are_several(printed: PrintedPlan, copy: OneCopy) -> bool:
    """Whether headings name different plans and the numbers start again below the second one."""
    titles = {
        "".join(heading.split()) for heading in headings_of(printed) if is_plan_title(heading)
    }
    firsts = [row for row in copy.rows if row_number(row.number) == "1"]
    return len(titles) > 1 and len(firsts) > 1


def _title(printed: PrintedPlan) -> str:
    """Return the heading that calls itself a plan, else the first one."""
    headings = list(headings_of(printed))
    return next(filter(is_plan_title, headings), headings[0] if headings else "")


def _most_common_year(windows: Sequence[Window | Unreadable]) -> FiscalYear | None:
    years = Counter(fiscal_year_of(window.last) for window in windows if isinstance(window, Window))
    return years.most_common(1)[0][0] if years else None


def _activity(
    numbered_row: NumberedRow,
    window: Window | Unreadable,
    plan_year: FiscalYear | None,
    owner_in_note: str,
) -> ActivityDraft:
    row, number = numbered_row.row, numbered_row.number
    is_from_note = not row.responsible and bool(owner_in_note)
    responsible = row.responsible or owner_in_note
    parties = tuple(read_parties(responsible))
    title, steps = _title_and_steps(row, parties)
    return ActivityDraft(
        number=number,
        printed_number=row.number,
        title=title,
        steps=steps,
        window=window if isinstance(window, Window) else None,
        window_text=row.window,
        parties=parties,
        responsible_text=responsible,
        doubts=(
            *numbered_row.doubts,
            *text_doubts(number, row),
            *window_doubts(number, row.window, window, plan_year),
            *party_doubts(number, parties, is_from_note=is_from_note),
        ),
    )


def _title_and_steps(
    row: PrintedRow, parties: Sequence[PartyDraft]
) -> tuple[str, tuple[StepDraft, ...]]:
    """Return the title and its steps; what only outside bodies answer for is theirs to do."""
    title, steps = split_steps(row.title)
    if row.detail:
        title, steps = row.title, split_steps(row.detail)[1] or steps
    steps = steps or (StepDraft(title, actor_in(row.detail)),)
    if parties and all(party.kind is PartyKind.OUTSIDE for party in parties):
        steps = tuple(
            replace(step, actor=Actor.OUTSIDE) if step.actor is Actor.AGENCY else step
            for step in steps
        )
    return title, steps


def _heading_doubts(
    named_year: tuple[FiscalYear, str] | None, plan_year: FiscalYear | None
) -> list[Doubt]:
    if named_year is None or plan_year in {None, named_year[0]}:
        return []
    return [Doubt(DoubtCode.HEADING_YEAR_DIFFERS, "", named_year[1])]


def _heading_row_doubts(rows: Sequence[NumberedRow]) -> list[Doubt]:
    return [
        Doubt(DoubtCode.GROUP_HEADING, row.number, row.row.title) for row in rows if row.is_heading
    ]


def _order_doubts(
    rows: Sequence[NumberedRow], copy: OneCopy, windows: dict[str, Window | Unreadable]
) -> list[Doubt]:
    """Return the doubts about the order of pages and rows, and about rows printed twice."""
    doubts: list[Doubt] = []
    names = {row.row: row.number for row in rows}
    if copy.twice:
        printed = ", ".join(dict.fromkeys(names[row] for row in copy.twice))
        doubts.append(Doubt(DoubtCode.ROW_PRINTED_TWICE, "", printed))
    if copy.was_reordered:
        printed = f"{rows[0].number} - {rows[-1].number}"
        doubts.append(Doubt(DoubtCode.PAGES_OUT_OF_ORDER, "", printed))
    if not any(row_number(row.row.number) for row in rows):
        doubts.append(Doubt(DoubtCode.NUMBER_MISSING, "", rows[0].row.title))
    backward = _first_backward_row(rows, windows)
    if backward is not None:
        doubts.append(Doubt(DoubtCode.ROWS_NOT_IN_DATE_ORDER, "", backward))
    return doubts


def _first_backward_row(
    rows: Sequence[NumberedRow], windows: dict[str, Window | Unreadable]
) -> str | None:
    """Return the window of the first row that begins before the row above it."""
    latest = None
    for row in rows:
        window = windows[row.number]
        if not isinstance(window, Window):
            continue
        begins = window.first or window.last.replace(day=1)
        if latest is not None and begins < latest:
            return f"{row.number}: {row.row.window}"
        latest = begins
    return None


def _with_differences(
    activities: Sequence[ActivityDraft], rows: Sequence[NumberedRow], copy: OneCopy
) -> tuple[ActivityDraft, ...]:
    """Add to each activity what another copy of its row says instead."""
    names = {row.row: row.number for row in rows}
    more = {names[row]: other for row, other in copy.differing}
    return tuple(
        replace(
            activity,
            doubts=(
                *activity.doubts,
                Doubt(DoubtCode.COPIES_DIFFER, activity.number, more[activity.number]),
            ),
        )
        if activity.number in more
        else activity
        for activity in activities
    )
