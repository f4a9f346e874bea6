"""Approval: the executive approves what was reported, or returns it with a reason (กฎสองขั้น)."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers.decisions import Decision, DoNotSend, Reader, SendNow, reader
from handlers.meant import duty_pressed
from handlers.naming import named_in
from handlers.postback import ApprovalButton, approval_data, button_data
from handlers.record import enter_report
from handlers.refusals import note
from handlers.rhythm import rhythms
from handlers.rules.access import Action, own_agencies, visible_area
from handlers.rules.approval import ApprovalRefusal, judge_approval
from handlers.rules.progress import current_duties, of_number
from handlers.rules.reminders import due_today
from handlers.rules.workdays import BANGKOK, Calendar
from handlers.turn import Answer, Turn
from messages_th import approval as say
from messages_th import reporting as say_reporting
from messages_th.cards import duty_card
from messages_th.parts import Text
from messages_th.words import Command, Understood
from store import duties, evidence, outbox, people, province_settings, quiet
from store.database import Session
from store.models import Topic
from store.types import (
    AgencyId,
    DistrictId,
    DutyFacts,
    DutyState,
    NoticeKind,
    PersonId,
    ProvinceId,
    Role,
)


def pressed(turn: Turn, button: ApprovalButton) -> Answer:
    """Record what a button of an executive's card says of the report it was made for."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    found = duty_pressed(turn, button.duty_id)
    if isinstance(found, Text):
        return [found]
    person, duty = found
    to = DutyState.DONE if button.approves else DutyState.RETURNED
    said = _judge(turn, person, duty, to, reason="", report=button.report_id)
    return [said if isinstance(said, Text) else Text(said)]


def typed(turn: Turn, asked: Understood) -> Answer:
    """Record what an executive writes of reports; without numbers, show what waits."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    own = own_agencies(turn.posts, Action.APPROVE)
    if asked.agency:
        meant = named_in(turn, asked.agency, {post.province_id for post in turn.posts}).agency
        own = [each for each in own if meant is not None and each == meant.agency_id]
    area = visible_area(turn.posts)
    if not own and area is not None and asked == Understood(Command.APPROVE):
        return [_counts(turn, *area)]
    if not own or turn.person is None:
        return [say.ONLY_EXECUTIVES]
    waiting = _waiting(turn.session, own)
    if not asked.activities:
        return _card(turn.session, waiting, turn.today) or [say.NOTHING_WAITS]
    to = DutyState.DONE if asked.command is Command.APPROVE else DutyState.RETURNED
    found_of = {
        number: [
            duty
            for duty in of_number(waiting, number, today=turn.today)
            if asked.step in (None, duty.step_number)
        ]
        for number in asked.activities
    }
    # All steps at once, before the record: nobody may wait for a step who has the record.
    duties.take_turns(turn.session, {duty.step_id for found in found_of.values() for duty in found})
    lines: list[str] = []
    for number, found in found_of.items():
        if len(found) > 1:
            return [*_texts(lines), *_card(turn.session, found, turn.today)]
        if not found:
            lines.append(say.not_waiting(number))
            continue
        said = _judge(turn, turn.person.person_id, found[0], to, reason=asked.reason, report=None)
        if isinstance(said, Text):
            return [*_texts(lines), said]
        lines.append(said)
    return _texts(lines)


def remind(session: Session, *, now: datetime, calendar: Calendar) -> int:
    """Queue the card again on the last day of what still waits; once a day for each executive."""
    today = now.astimezone(BANGKOK).date()
    by_province = rhythms(session, calendar)
    waiting = [
        duty
        for duty in duties.waiting_for_approval(session)
        if by_province[duty.agency.province_id].is_office_time(now)
    ]
    held = quiet.of_duties(session, waiting, today)
    queued = 0
    for duty in waiting:
        window, rhythm = duty.activity.window, by_province[duty.agency.province_id]
        offset = window and due_today(window, today, policy=rhythm.policy, calendar=rhythm.calendar)
        if duty.duty_id in held or not offset or offset.kind is not NoticeKind.LAST_DAY:
            continue
        to = people.reachable_of(session, duty.agency.agency_id, Role.EXECUTIVE, at=now)
        key = f"approval:{today.isoformat()}"
        queued += outbox.add_messages(session, to, key=key, topic=Topic.APPROVAL, at=now)
    return queued


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Word an executive's card at the moment of sending: of what waits then, and is not theirs."""
    held = reader(session, message, now=now, calendar=calendar)
    if not isinstance(held, Reader):
        return held
    person, posts = held.person, held.posts
    waiting = [
        duty
        for duty in _waiting(session, own_agencies(posts, Action.APPROVE))
        if duties.last_report(session, duty.duty_id)[1] != person
        or province_settings.one_person_may_approve(session, duty.agency.province_id)
    ]
    card = _card(session, waiting, now.astimezone(BANGKOK).date())
    return SendNow(card) if card else DoNotSend("done")


def compose_returned(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Tell an officer, when it is sent, what came back and is not yet mended."""
    held = reader(session, message, now=now, calendar=calendar)
    if not isinstance(held, Reader):
        return held
    own = duties.duties_of_agencies(session, own_agencies(held.posts, Action.REPORT))
    found = [
        duty
        for duty in own
        # What a coordinator opened again is open with a reason, as nothing else is.
        if duty.state is DutyState.RETURNED or (duty.state is DutyState.OPEN and duty.reason)
    ]
    if not found:
        return DoNotSend("done")
    text = say.returned(found)
    title = text.text.splitlines()[0]
    today = now.astimezone(BANGKOK).date()
    return SendNow([text, duty_card(title[:60], title[:300], found, today, button_data)])


def _judge(
    turn: Turn,
    person: PersonId,
    duty: DutyFacts,
    to: DutyState,
    *,
    reason: str,
    report: int | None,
) -> str | Text:
    duties.take_turns(turn.session, [duty.step_id])
    fresh = duties.duty(turn.session, duty.duty_id) or duty
    if fresh.state is not DutyState.REPORTED:
        newest, reporter = 0, None
    else:
        newest, reporter = duties.last_report(turn.session, duty.duty_id)
    verdict = judge_approval(
        fresh,
        turn.posts,
        person=person,
        reporter=reporter or PersonId(0),
        is_newest=report in (None, newest),
        needs_reason=to is DutyState.RETURNED and not reason,
        one_person_may=province_settings.one_person_may_approve(
            turn.session, fresh.agency.province_id
        ),
    )
    if verdict is not None:
        return _refused(verdict, fresh)
    return _moved(turn, person, fresh, to, reason)


def _moved(turn: Turn, person: PersonId, duty: DutyFacts, to: DutyState, reason: str) -> str:
    session, at = turn.session, min(turn.event.at, turn.now)
    if not duties.move_duty(session, duty, to, reason=reason, at=at):
        return say.no_longer_waiting(duties.duty(session, duty.duty_id) or duty)
    event = turn.event.webhook_event_id
    approves = to is DutyState.DONE
    report = duties.add_report(
        session,
        duty,
        person,
        to,
        reason=reason,
        at=at,
        webhook_event_id=event,
        # What is approved is the number and the link as they were reported.
        figure=duty.figure if approves else "",
        link=duty.link if approves else "",
    )
    if to is DutyState.RETURNED:
        officers = people.reachable_of(session, duty.agency.agency_id, Role.OFFICER, at=turn.now)
        key = f"returned:{report.report_id}"
        outbox.add_messages(session, officers, key=key, topic=Topic.RETURNED, at=turn.now)
    line = say_reporting.recorded(duty, to, duties.step_count(session, duty.step_id))
    number = enter_report(session, duty, report, by=Role.EXECUTIVE)
    return f"{line}\n{say_reporting.receipt(number, number, at.astimezone(BANGKOK))}"


def _refused(verdict: ApprovalRefusal, duty: DutyFacts) -> str | Text:
    note(verdict)
    if verdict is ApprovalRefusal.NOT_THE_EXECUTIVE:
        return say.ONLY_EXECUTIVES
    if verdict is ApprovalRefusal.OWN_REPORT:
        return say.own_report(duty)
    if verdict is ApprovalRefusal.REASON_NEEDED:
        return say.ask_reason(duty)
    return say.no_longer_waiting(duty)


def _waiting(session: Session, own: Sequence[AgencyId]) -> list[DutyFacts]:
    found = duties.duties_of_agencies(session, own)
    return [duty for duty in found if duty.state is DutyState.REPORTED]


def _card(session: Session, waiting: Sequence[DutyFacts], today: date) -> Answer:
    pieces = evidence.counts(session, [duty.duty_id for duty in waiting])
    rows = [
        say.Waiting(
            duty,
            approval_data(duty.duty_id, duties.last_report(session, duty.duty_id)[0]),
            pieces.get(duty.duty_id, 0),
        )
        for duty in waiting
    ]
    return [say.card(rows, today)] if rows else []


def _counts(turn: Turn, province: ProvinceId, district: DistrictId | None) -> Text:
    """Return how much waits in a district or province, for who may see it and not judge it."""
    waiting = [
        duty
        for duty in duties.waiting_for_approval(turn.session, province)
        if district in (None, duty.agency.district_id)
    ]
    since: dict[str, list[date]] = {}
    for duty in current_duties(waiting, today=turn.today):
        at = duty.changed_at or turn.now
        since.setdefault(duty.activity.number, []).append(at.astimezone(BANGKOK).date())
    return say.counts({number: (len(days), min(days)) for number, days in since.items()})


def _texts(lines: Sequence[str]) -> Answer:
    return [Text("\n".join(lines))] if lines else []
