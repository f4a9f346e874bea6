"""Why somebody was reminded, and why not: answered from what was decided and kept."""

from collections.abc import Sequence

from handlers.holiday_calendar import working_calendar
from handlers.naming import named_in
from handlers.rhythm import rhythm_of
from handlers.rules.access import Action, may_at
from handlers.rules.progress import current_duties, of_number
from handlers.rules.reminders import decisions
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import reminder_reasons as say
from messages_th.quiet import in_force, resume_button
from messages_th.reminder_settings import IN_PRIVATE
from messages_th.words import Understood
from store import agencies, duties, notices, quiet
from store.notices import KeptNotice
from store.types import Agency, DutyFacts, NoticeKind, QuietKind, Reason

LAST_OF_ONE = 4
"""Offsets that are told of each duty where its number was said; else the last one."""


def why(turn: Turn, _: Understood) -> Answer:
    """Say why the sender got the last reminder that they got."""
    if turn.in_group:
        return [IN_PRIVATE]
    sent = turn.person and notices.last_sent(turn.session, turn.person.person_id)
    if not sent:
        return [say.NEVER]
    at, kept = sent
    lines = [
        say.Line(duty, each.kind, each.days, each.planned_on, Reason.SENT)
        for each in kept
        if (duty := duties.duty(turn.session, each.duty_id))
    ]
    return [say.reminded(at.astimezone(BANGKOK), lines)] if lines else [say.NEVER]


def why_not(turn: Turn, asked: Understood) -> Answer:
    """Say what became of the last offsets of an agency that the sender may see, or of their own."""
    if turn.in_group:
        return [IN_PRIVATE]
    meant = _agencies_meant(turn, asked)
    if not meant:
        return [problems.agency_not_seen(asked.agency) if asked.agency else say.NAME_AN_AGENCY]
    return [answer for each in meant[:5] for answer in _of_agency(turn, each, asked.activities)]


def _agencies_meant(turn: Turn, asked: Understood) -> list[Agency]:
    if not asked.agency:
        return [agencies.agency(turn.session, each) for each in turn.agency_ids]
    found = named_in(turn, asked.agency, {post.province_id for post in turn.posts}).agency
    may_see = found is not None and (
        may_at(turn.posts, Action.SEE_AREA, found) or may_at(turn.posts, Action.SEE_OWN, found)
    )
    return [found] if found is not None and may_see else []


def _of_agency(turn: Turn, agency: Agency, numbers: Sequence[str]) -> Answer:
    own = duties.duties_of_agencies(turn.session, [agency.agency_id])
    current = current_duties(own, today=turn.today)
    if numbers:
        current = of_number(current, numbers[0], today=turn.today)
    kept: dict[int, list[KeptNotice]] = {}
    for each in notices.of_duties(turn.session, [duty.duty_id for duty in current]):
        kept.setdefault(each.duty_id, []).append(each)
    most = LAST_OF_ONE if numbers else 1
    lines = [
        line for duty in current for line in _lines(turn, duty, kept.get(duty.duty_id, []))[:most]
    ]
    lines.sort(key=lambda each: each.on, reverse=True)
    held = quiet.of_duties(turn.session, current, turn.today)
    first = next(iter(held.values()), None)
    if first is None:
        return [say.not_reminded(agency, lines, "", ())]
    about = None if first.kind is QuietKind.PAUSE else agency
    may_resume = first.kind is not QuietKind.PROMISE and may_at(turn.posts, Action.QUIET, agency)
    choices = (resume_button(about),) if may_resume else ()
    told = in_force(about, first.until_on, first.reason)
    return [say.not_reminded(agency, lines, told, choices)]


def _lines(turn: Turn, duty: DutyFacts, kept: Sequence[KeptNotice]) -> list[say.Line]:
    """Return what became of a duty's offsets whose day has come, the last first."""
    window = duty.activity.window
    if window is None:
        return []
    usual = working_calendar(turn.today)
    rhythm = rhythm_of(turn.session, duty.agency.province_id, usual)
    of_window = [each for each in kept if each.last_on == window.last]
    stored = {(each.kind, each.days): each.outcome for each in of_window if each.outcome}
    decided = decisions(
        window, turn.today, policy=rhythm.policy, calendar=rhythm.calendar, stored=stored
    )
    lines = [
        say.Line(duty, each.offset.kind, each.offset.days, each.offset.send_on, each.reason)
        for each in decided
        if each.reason is not Reason.NOT_YET
    ]
    lines += [
        say.Line(duty, each.kind, each.days, each.planned_on, each.outcome)
        for each in of_window
        if each.kind is NoticeKind.PROMISE
    ]
    return sorted(lines, key=lambda each: each.on, reverse=True)
