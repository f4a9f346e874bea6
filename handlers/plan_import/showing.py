"""A draft that waits as the chat shows it: its summary, its table, the question that comes next."""

from handlers.plan_import import asking, drafts, incoming
from handlers.plan_import.asking import PAGE, Kind, Question
from handlers.plan_import.diff import PlanDiff
from handlers.plan_import.drafts import Waiting
from handlers.postback import plan_data
from handlers.rules.access import plan_provinces
from handlers.rules.workdays import fiscal_year_of
from handlers.turn import Answer, Turn
from messages_th import plan_chat, plan_summary
from messages_th.parts import Part
from messages_th.plan_cells import TapData
from messages_th.plan_summary import DraftFacts
from store import agencies
from store.types import DraftOrigin, FiscalYear, ProvinceId


def first_look(turn: Turn, held: Waiting) -> Answer:
    """Show a draft that has just come in; which year's and whose it is comes before all else."""
    question = asking.next_question(held.draft)
    if question and question.kind in (Kind.PROVINCE, Kind.YEAR):
        return [_asked(turn, held, question)]
    return [summary(turn, held), table(held, 1)]


def next_step(turn: Turn, held: Waiting) -> Part:
    """Ask what comes next, or show the summary when all is answered."""
    question = asking.next_question(held.draft)
    return summary(turn, held) if question is None else _asked(turn, held, question)


def summary(turn: Turn, held: Waiting) -> Part:
    """Show what putting the draft in force would do."""
    diff = drafts.difference(turn.session, held)
    return plan_summary.summary(facts(turn, held, diff), data_of(held))


def facts(turn: Turn, held: Waiting, diff: PlanDiff) -> DraftFacts:
    """Return what putting the draft in force does, for the wording."""
    kept = held.kept
    return DraftFacts(
        province=agencies.province_name(turn.session, kept.province_id),
        fiscal_year=kept.fiscal_year,
        title=held.draft.title,
        rows=len(held.draft.activities),
        left=len(held.questions),
        is_first=kept.base_version == 0,
        added=(*diff.added, *(each.after for each in diff.revived)),
        moved=tuple((each.before, each.after) for each in diff.moved),
        changed=tuple((each.before, each.after) for each in diff.changed),
        removed=tuple(each.before for each in diff.removed),
        unchanged=len(diff.unchanged),
        cancelled=diff.cancelled,
        rescheduled=diff.rescheduled,
        told=diff.told,
        unresolved=diff.unresolved,
    )


def table(held: Waiting, page: int) -> Part:
    """Show a page of the rows as they were read; a page that is not there is the first."""
    rows = held.draft.activities
    pages = max(1, -(-len(rows) // PAGE))
    shown = page if 1 <= page <= pages else 1
    return plan_chat.table(
        rows[(shown - 1) * PAGE : shown * PAGE],
        shown,
        pages,
        data_of(held),
        has_questions=bool(held.questions),
    )


def year_choices(turn: Turn, held: Waiting) -> list[FiscalYear]:
    """Return the fiscal years that a draft may be meant for, likeliest first.

    Only a file leaves a choice: a copy, and a change of what is in force, is for one year.
    """
    if held.kept.origin is not DraftOrigin.FILE:
        return [held.kept.fiscal_year]
    now = FiscalYear(fiscal_year_of(turn.today))
    return list(dict.fromkeys([*incoming.likely_years(held.draft), now, FiscalYear(now + 1)]))


def province_choices(turn: Turn) -> list[tuple[ProvinceId, str]]:
    """Return the provinces that the person may bring a plan in for, the newest post's first."""
    own = reversed(plan_provinces(turn.posts))
    return [(each, agencies.province_name(turn.session, each)) for each in own]


def data_of(held: Waiting) -> TapData:
    """Return what gives the data of the draft's buttons as it stands."""
    return plan_data(held.kept.draft_id, held.kept.revision)


def _asked(turn: Turn, held: Waiting, question: Question) -> Part:
    data = data_of(held)
    rows = {row.number: row for row in held.draft.activities}
    first = question.doubts[0]
    match question.kind:
        case Kind.PROVINCE:
            return plan_chat.ask_province(first, province_choices(turn), data)
        case Kind.YEAR:
            return plan_chat.ask_year(first, year_choices(turn, held), data)
        case Kind.ONE:
            return plan_chat.ask_one(first, rows.get(first.row), question.left, data)
        case Kind.ROWS:
            shown = [rows[each.row] for each in question.doubts]
            return plan_chat.ask_rows(shown, question.left, data)
        case Kind.PAGE:
            doubts = [(each, rows.get(each.row)) for each in question.doubts]
            return plan_chat.ask_page(doubts, question.left, data)
