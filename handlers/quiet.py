"""Reminders put off: by an officer until an own date, by a coordinator for an agency or all."""

from datetime import date

from handlers.holiday_calendar import working_calendar
from handlers.meant import agencies_meant, duties_meant, not_found
from handlers.naming import named_in
from handlers.record import enter_reminders
from handlers.rhythm import rhythm_of
from handlers.rules.access import Action, may_at, own_agencies, provinces_of
from handlers.rules.quiet import MOST_QUIET_DAYS, judge_promise, judge_quiet
from handlers.rules.workdays import BANGKOK, ONE_DAY
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import quiet as say
from messages_th.days_ahead import read_day
from messages_th.parts import Text
from messages_th.reminder_settings import IN_PRIVATE
from messages_th.reporting import receipt
from messages_th.words import Understood
from store import quiet
from store.types import Act, Agency, DutyFacts, PersonId, ProvinceId, QuietKind


def promise(turn: Turn, asked: Understood) -> Answer:
    """Put the reminders of the sender's own duties off until a day that they name."""
    if turn.in_group:
        return [IN_PRIVATE]
    if turn.person is None or not own_agencies(turn.posts, Action.PROMISE):
        return [say.ONLY_OFFICERS]
    read = read_day(asked.text, turn.today)
    if read is None or read[1]:
        return [say.ask_until(asked.activities[0])]
    meant = agencies_meant(turn, asked, Action.PROMISE)
    if isinstance(meant, Text):
        return [meant]
    said = []
    for number, found in duties_meant(turn, asked, meant).items():
        if not found:
            said.append(not_found(turn, number))
        for duty in found:
            answer = _promised(turn, turn.person.person_id, duty, read[0])
            if isinstance(answer, Text):
                return [*([Text("\n".join(said))] if said else []), answer]
            said.append(answer)
    return [Text("\n".join(said))]


def put_off(turn: Turn, asked: Understood) -> Answer:
    """Let an agency, or where none is named the whole province, be quiet until a day."""
    found = _meant(turn, asked)
    if not isinstance(found, tuple):
        return found
    province, person, agency = found
    read = read_day(asked.text, turn.today)
    if read is None or read[1] or not asked.reason:
        return [say.ask_mute(agency)]
    refusal = judge_quiet(read[0], turn.today)
    if refusal is not None:
        return [say.quiet_refused(agency, refusal.why, refusal.latest, MOST_QUIET_DAYS)]
    kept = quiet.keep(
        turn.session,
        province,
        QuietKind.PAUSE if agency is None else QuietKind.MUTE,
        until_on=read[0],
        person=person,
        at=turn.now,
        agency=None if agency is None else agency.agency_id,
        reason=asked.reason,
    )
    entered = _entered(turn, province, person, Act.QUIETED, kept, read[0])
    return [say.quiet(agency, read[0], entered)]


def resume(turn: Turn, asked: Understood) -> Answer:
    """Let an agency, or the whole province, be reminded again before the day."""
    found = _meant(turn, asked)
    if not isinstance(found, tuple):
        return found
    province, person, agency = found
    kind = QuietKind.PAUSE if agency is None else QuietKind.MUTE
    agency_id = None if agency is None else agency.agency_id
    if not quiet.end(turn.session, province, kind, agency=agency_id, at=turn.now):
        return [say.resumed(agency, "")]
    at = min(turn.event.at, turn.now)
    details = {"kind": kind, "agency": agency_id}
    number = enter_reminders(turn.session, province, Act.RESUMED, person, details, at=at)
    return [say.resumed(agency, receipt(number, number, at.astimezone(BANGKOK)))]


def _meant(turn: Turn, asked: Understood) -> tuple[ProvinceId, PersonId, Agency | None] | Answer:
    if turn.in_group:
        return [IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.QUIET)
    if not provinces or turn.person is None:
        return [problems.ONLY_COORDINATOR]
    person = turn.person.person_id
    if asked.agency is None:
        return provinces[-1], person, None
    agency = named_in(turn, asked.agency, provinces).agency
    if agency is None or not may_at(turn.posts, Action.QUIET, agency):
        return [problems.agency_not_yours(asked.agency)]
    return agency.province_id, person, agency


def _promised(turn: Turn, person: PersonId, duty: DutyFacts, until: date) -> str | Text:
    province = duty.agency.province_id
    rhythm = rhythm_of(turn.session, province, working_calendar(until))
    refusal = judge_promise(duty, until, turn.today, rhythm.policy)
    if refusal is not None:
        days = rhythm.policy.promise_days
        return say.promise_refused(duty, refusal.why, refusal.latest, days)
    kept = quiet.keep(
        turn.session,
        province,
        QuietKind.PROMISE,
        until_on=until,
        person=person,
        at=turn.now,
        duty=duty.duty_id,
    )
    again_on = rhythm.calendar.next_working_day_on_or_after(until + ONE_DAY)
    entered = _entered(turn, province, person, Act.QUIETED, kept, until)
    return say.promised(duty, until, again_on, entered)


def _entered(
    turn: Turn,
    province: ProvinceId,
    person: PersonId,
    act: Act,
    kept: quiet.KeptQuiet,
    until: date,
) -> str:
    at = min(turn.event.at, turn.now)
    details = {
        "quiet": kept.quiet_id,
        "kind": kept.kind,
        "agency": kept.agency_id,
        "duty": kept.duty_id,
        "until": until.isoformat(),
        "reason": kept.reason_digest,
    }
    number = enter_reminders(turn.session, province, act, person, details, at=at)
    return receipt(number, number, at.astimezone(BANGKOK))
