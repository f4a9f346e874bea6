"""A plan moved to the next fiscal year: every date shifted and marked to be checked.  Pure."""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from messages_th.dates import format_window
from messages_th.plan_words import heading_year, next_year_heading
from store.types import ActivityDraft, Doubt, DoubtCode, FiscalYear, PlanDraft, Window


def shifted(draft: PlanDraft, *, into: FiscalYear) -> PlanDraft:
    """Return the plan a year later; years resemble each other, dates do not, so each is doubted.

    A window keeps its days of the month, but for one that ends with a month: it ends with that
    month again, whether February has 28 days or 29.  One day stays one day.  Rows without a
    window stay without one.  A heading that names another year than `into` is doubted as well.
    """
    title = next_year_heading(draft.title)
    named = heading_year(title)
    return PlanDraft(
        title=title,
        activities=tuple(_shifted(row) for row in draft.activities),
        doubts=(Doubt(DoubtCode.HEADING_YEAR_DIFFERS, "", named[1]),)
        if named and named[0] != into
        else (),
    )


def _shifted(row: ActivityDraft) -> ActivityDraft:
    if row.window is None:
        return replace(row, doubts=(Doubt(DoubtCode.NO_WINDOW, row.number, ""),))
    window = _later(row.window)
    return replace(
        row,
        window=window,
        window_text=format_window(window),
        doubts=(Doubt(DoubtCode.DATE_SHIFTED, row.number, row.window_text),),
    )


def _later(window: Window) -> Window:
    if window.first is None:
        return Window(None, _end(window.last))
    first = _a_year_later(window.first)
    return Window(first, first if window.first == window.last else _end(window.last))


def _end(last: date) -> date:
    later = _a_year_later(last)
    if last.day == _days_of_month(last):
        return later.replace(day=_days_of_month(later))
    return later


def _a_year_later(day: date) -> date:
    year = day.year + 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _days_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]
