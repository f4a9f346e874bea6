"""A plan in a chat with the bot: a file or a pasted table comes in, a typed line changes it.

Only coordinators, only in 1:1, and nothing is in force before they have confirmed it.
"""

from datetime import date

from handlers.plan_import import drafts, incoming, showing
from handlers.plan_import.drafts import Waiting
from handlers.plan_import.edits import Edit, EditError, Field
from handlers.rules.access import plan_provinces
from handlers.rules.progress import newest
from handlers.rules.workdays import fiscal_year_of
from handlers.turn import Answer, Event, FileSent, PhotoSent, Turn
from messages_th import plan_chat, problems
from messages_th.commands import PlanField, Understood
from messages_th.dates import Unreadable, format_window, read_window
from messages_th.parts import Text
from messages_th.plan_drafts import NoDraft, edit_refused, no_draft
from messages_th.plan_problems import FileProblem, file_problem
from store import agencies, people, plans
from store.database import Session
from store.types import (
    ActivityDraft,
    DraftOrigin,
    FiscalYear,
    PersonId,
    PlanDraft,
    ProvinceId,
    Window,
)


def wanted_file(session: Session, event: Event) -> FileSent | None:
    """Return the file that an event brings if it has to be fetched: a coordinator's, in 1:1."""
    file, source = event.happening, event.source
    if not isinstance(file, FileSent) or source.group_id or not source.user_id:
        return None
    person = people.person(session, source.user_id, at=event.at)
    is_ours = person is not None and bool(plan_provinces(person.posts))
    return file if is_ours and incoming.is_worth_fetching(file) else None


def file_sent(turn: Turn, file: FileSent) -> Answer:
    """Take a coordinator's file for a plan, or say why it is none."""
    if turn.in_group:
        return []
    if not plan_provinces(turn.posts):
        return [problems.ONLY_COORDINATOR_PLAN if turn.posts else problems.NOT_REGISTERED]
    # Unread where the right came after the event: what is sent again will be read.
    read = incoming.refusal_unread(file) or file.read or FileProblem.NOT_FETCHED
    return _taken(turn, read)


def photo_sent(turn: Turn, _: PhotoSent) -> Answer:
    """Tell a coordinator that a photo of a plan cannot be read; others are left alone."""
    may_send_plans = not turn.in_group and plan_provinces(turn.posts)
    return [problems.PHOTO_OF_PLAN] if may_send_plans else []


def pasted(turn: Turn, text: str) -> Answer:
    """Take a pasted table for a plan; only where `incoming.is_pasted_plan` is sure of it."""
    if not plan_provinces(turn.posts):
        return [problems.ONLY_COORDINATOR_PLAN if turn.posts else problems.NOT_REGISTERED]
    return _taken(turn, incoming.read_pasted(text))


def edit(turn: Turn, asked: Understood) -> Answer:
    """Change a row: of the draft that waits, where one does, else of the plan in force."""
    refused = refusal(turn)
    if refused or asked.field is None or turn.person is None:
        return refused
    number = asked.activities[0]
    held = _fresh(turn, waiting_of(turn))
    try:
        if held is not None:
            said = _edit_of(asked, {row.number: row for row in held.draft.activities}, held)
            held = drafts.edit(turn.session, held, said, now=turn.now)
            province = agencies.province_name(turn.session, held.kept.province_id)
            said_so = plan_chat.edited(number, province, held.kept.fiscal_year)
            return [said_so, showing.next_step(turn, held)]
        return _edit_in_force(turn, asked, number)
    except EditError as error:
        return [Text(edit_refused(error.problem, error.text, error.doubt))]


def undo(turn: Turn, _: Understood) -> Answer:
    """Let the version before the one in force wait to be confirmed."""
    refused = refusal(turn)
    if refused or turn.person is None:
        return refused
    province, replaced = _province(turn), _replaced(turn)
    made = drafts.of_undo(
        turn.session,
        province,
        _year(turn, province),
        person=turn.person.person_id,
        now=turn.now,
    )
    return _made(turn, made, replaced)


def copy(turn: Turn, asked: Understood) -> Answer:
    """Let this year's plan wait as the next year's, every date to be checked."""
    refused = refusal(turn)
    if refused or turn.person is None:
        return refused
    province, replaced = _province(turn), _replaced(turn)
    year = FiscalYear(int(asked.text) - 1) if asked.text else _year(turn, province)
    made = drafts.of_next_year(
        turn.session, province, year, person=turn.person.person_id, now=turn.now
    )
    return _made(turn, made, replaced)


def refusal(turn: Turn) -> Answer:
    """Return why plans cannot be changed here or by this person; empty when they can."""
    if turn.in_group:
        return [problems.PLAN_IN_PRIVATE]
    return [] if plan_provinces(turn.posts) else [problems.ONLY_COORDINATOR_PLAN]


def keep(turn: Turn, draft: PlanDraft, province: ProvinceId, year: FiscalYear) -> Waiting:
    """Let a draft that the sender brought in wait."""
    return drafts.wait(
        turn.session,
        province,
        year,
        draft,
        origin=DraftOrigin.FILE,
        person=_person(turn),
        now=turn.now,
    )


def waiting_of(turn: Turn) -> Waiting | None:
    """Return the sender's draft that waits, of a province whose plan is still theirs to change."""
    held = turn.person and drafts.waiting_of(turn.session, turn.person.person_id)
    return held if held and held.kept.province_id in plan_provinces(turn.posts) else None


def _taken(turn: Turn, read: PlanDraft | FileProblem) -> Answer:
    if isinstance(read, FileProblem):
        return [Text(file_problem(read))]
    province, draft = incoming.province_of(read, dict(showing.province_choices(turn)))
    # Where it is not sure the draft holds a doubt about it, so it cannot be confirmed before.
    year = incoming.sure_year(draft) or FiscalYear(fiscal_year_of(turn.today))
    replaced = _replaced(turn)
    return [*replaced, *showing.first_look(turn, keep(turn, draft, province, year))]


def _made(turn: Turn, made: Waiting | NoDraft, replaced: Answer) -> Answer:
    if isinstance(made, NoDraft):
        return [Text(no_draft(made))]
    return [*replaced, showing.summary(turn, made)]


def _replaced(turn: Turn) -> Answer:
    """Return what is said of the draft that waits when another takes its place, answers and all.

    Whoever answers doubts and types "ย้อนแผน" may mean the last answer.
    """
    held = turn.person and drafts.waiting_of(turn.session, turn.person.person_id)
    if not held or held.kept.province_id not in plan_provinces(turn.posts):
        return []
    province = agencies.province_name(turn.session, held.kept.province_id)
    return [plan_chat.replaced(province, held.kept.fiscal_year)]


def _fresh(turn: Turn, held: Waiting | None) -> Waiting | None:
    """Return the draft unless another version came into force since: then it is of no use."""
    if held is None:
        return None
    kept = held.kept
    in_force = plans.plan_in_force(turn.session, kept.province_id, kept.fiscal_year)
    return held if kept.base_version == (in_force[1] if in_force else 0) else None


def _edit_in_force(turn: Turn, asked: Understood, number: str) -> Answer:
    province = _province(turn)
    known = plans.activities(turn.session, province)
    found = newest(known, number, today=turn.today)
    year = found.fiscal_year if found else _year(turn, province)
    in_force = plans.plan_in_force(turn.session, province, year)
    rows = plans.drafts_in_force(turn.session, in_force[0]).values() if in_force else []
    said = _edit_of(asked, {row.number: row for row in rows}, year)
    replaced = _replaced(turn)
    made = drafts.of_edit(turn.session, province, year, said, person=_person(turn), now=turn.now)
    return _made(turn, made, replaced)


def _edit_of(asked: Understood, rows: dict[str, ActivityDraft], of: Waiting | FiscalYear) -> Edit:
    """Return the edit that was asked for; a new last day keeps the first day that there is."""
    number, text = asked.activities[0], asked.text
    if asked.field is not PlanField.LAST_DAY:
        return Edit(number, Field(str(asked.field)), text)
    year = of.kept.fiscal_year if isinstance(of, Waiting) else of
    window = read_window(text, fiscal_year=year)
    present = rows[number].window if number in rows else None
    if isinstance(window, Unreadable) or present is None or not _is_after(present, window.last):
        return Edit(number, Field.WINDOW, text)
    return Edit(number, Field.WINDOW, format_window(Window(present.first, window.last)))


def _is_after(present: Window, last: date) -> bool:
    return present.first is None or present.first <= last


def _province(turn: Turn) -> ProvinceId:
    """Return the province meant by a typed line: that of the newest post that may change plans."""
    return plan_provinces(turn.posts)[-1]


def _year(turn: Turn, province: ProvinceId) -> FiscalYear:
    """Return this fiscal year if a plan of it is in force, else the newest that has one."""
    now = FiscalYear(fiscal_year_of(turn.today))
    years = {each.fiscal_year for each in plans.activities(turn.session, province)}
    return now if now in years else max(years, default=now)


def _person(turn: Turn) -> PersonId | None:
    return turn.person.person_id if turn.person else None
