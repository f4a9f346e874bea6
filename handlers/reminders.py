"""Reminders: planned from windows and duties, made into words only when they are sent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.postback import button_data
from handlers.rules.access import Action, own_agencies
from handlers.rules.reminders import DEFAULT_POLICY, Offset, due_today, urgency
from handlers.rules.workdays import (
    BANGKOK,
    ONE_DAY,
    Calendar,
    is_office_time,
    next_office_instant,
)
from messages_th.reminders import reminder
from store import duties, notices, outbox, people, plans, post_messages, posts, workers
from store.database import Session
from store.models import Topic
from store.notices import CarriedNotice
from store.types import AT_REST, FINISHED, DutyFacts, NoticeKind, OutboxId, PersonId

PLANNING = "reminders_planned"
"""Name of the job that plans; where it was rung in today's office hours, today is planned."""
PLANNED_EVERY = timedelta(minutes=5)


class Why(StrEnum):
    """Final reasons of a notice that was not sent."""

    NO_CONTACT = "no_contact"
    DONE = "done"
    NOT_WANTED = "not_wanted"
    """Of a message: each of its notices says why, done or moved."""
    APPROVAL = "approval"
    """It waits for the executive."""
    MOVED = notices.MOVED
    POST_ENDED = post_messages.ENDED
    """Of a message: its reader does not answer for the agency any more."""
    PARKED = "parked"
    UNCERTAIN = "uncertain"
    """LINE gave no answer that day, and what was said then is no longer true."""


def plan_reminders(session: Session, *, now: datetime, calendar: Calendar) -> int:
    """Plan what is due today and put it on one message per person; return the new notices.

    Asking again, on this day or after a restart, plans nothing twice: each notice has a unique
    key, and each person one message a day.
    """
    if not is_office_time(now, calendar, DEFAULT_POLICY):
        return 0
    today = now.astimezone(BANGKOK).date()
    planned = 0
    for activity in plans.activities_with_window(session):
        if activity.window is None:
            continue
        offset = due_today(activity.window, today, policy=DEFAULT_POLICY, calendar=calendar)
        if offset is not None:
            planned += notices.plan_notices(
                session,
                activity.activity_id,
                kind=offset.kind,
                days=offset.days,
                last_on=activity.window.last,
                today=today,
            )
    notices.close_without_contact(session, Why.NO_CONTACT, at=now)
    for person, line_user_id in notices.readers_waiting(session, at=now):
        _keep_message(session, person, line_user_id, now, calendar)
    notices.carry(session, at=now)
    return planned


def plan_before_sending(session: Session, *, now: datetime, calendar: Calendar) -> None:
    """Plan today's reminders where nobody has yet, before any that waits is made into words.

    One left over from another day then takes with it what falls due today, which would follow it
    else.  To be called before `compose`: what is planned afterwards must not hang on a message
    whose words are made.
    """
    today = now.astimezone(BANGKOK).date()
    opening = datetime.combine(today, DEFAULT_POLICY.office_opens, BANGKOK)
    rung_at = workers.last_ring(session, PLANNING)
    if rung_at is not None and opening <= rung_at < opening + ONE_DAY:
        return
    if is_office_time(now, calendar, DEFAULT_POLICY) and workers.ring(
        session, PLANNING, at=now, every=PLANNED_EVERY
    ):
        plan_reminders(session, now=now, calendar=calendar)


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Ask again, at the moment of sending, what of a reminder is still wanted.

    A try that may have arrived is repeated that day even after hours, as it was begun in time.
    """
    today = now.astimezone(BANGKOK).date()
    if message.may_have_arrived and _day(message.first_try_at) != today:
        # The retry key wants that day's words, and they are no longer true.
        notices.close_abandoned(session, message.outbox_id, Why.UNCERTAIN)
        return DoNotSend(Why.UNCERTAIN)
    if not message.may_have_arrived and not is_office_time(now, calendar, DEFAULT_POLICY):
        return SendLater(next_office_instant(now, calendar, DEFAULT_POLICY))
    carried = notices.carried(session, message.outbox_id)
    person = message.person_id
    if person is None or not people.is_reachable(session, person):
        notices.close_abandoned(session, message.outbox_id, Why.NO_CONTACT)
        return DoNotSend(Why.NO_CONTACT)
    if message.may_have_arrived and posts.has_ended_since(
        session, person, message.first_try_at or message.created_at, at=now
    ):
        # The retry key wants words that may be about that post.
        notices.unload(session, message.outbox_id, _of_others(session, person, carried, now))
        notices.close_abandoned(session, message.outbox_id, Why.UNCERTAIN)
        return DoNotSend(Why.POST_ENDED)
    of_others = _of_others(session, person, carried, now)
    notices.unload(session, message.outbox_id, of_others)
    carried = [each for each in carried if each.notice_id not in of_others]
    if of_others and not carried:
        return DoNotSend(Why.POST_ENDED)
    wanted, unsaid = _still_wanted(session, carried, today)
    if not message.may_have_arrived:
        notices.unload(session, message.outbox_id, unsaid)
    if not wanted:
        return DoNotSend(Why.NOT_WANTED)
    return SendNow([reminder(wanted, today, button_data)])


def sent(session: Session, message: OutboxId) -> None:
    """Close the notices of a message that LINE has accepted."""
    carried = [each.notice_id for each in notices.carried(session, message)]
    # What failed on a colleague's message has reached somebody now; what moved while the message
    # was on its way was told as well, and is corrected.
    closed_otherwise = [Why.NO_CONTACT, Why.PARKED, Why.UNCERTAIN, Why.MOVED]
    notices.mark_sent(session, carried, closed_otherwise)


def given_up(session: Session, message: OutboxId) -> None:
    """Close the notices of a message that was parked; a colleague's may still be sent."""
    carried = [each.notice_id for each in notices.carried(session, message)]
    notices.close_open(session, carried, Why.PARKED)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.astimezone(BANGKOK).date()


def _keep_message(
    session: Session, person: PersonId, line_user_id: str, now: datetime, calendar: Calendar
) -> None:
    if outbox.has_open_reminder(session, person):
        return
    day, next_at = now.astimezone(BANGKOK).date(), now
    while not outbox.add_message(
        session,
        key=f"reminder:{person}:{day.isoformat()}",
        topic=Topic.REMINDER,
        line_to=line_user_id,
        person_id=person,
        parts=None,
        at=now,
        next_at=next_at,
    ):
        # That day's message has gone out: one a day, so the rest waits for the next office day.
        day = calendar.next_working_day_on_or_after(day + ONE_DAY)
        next_at = datetime.combine(day, DEFAULT_POLICY.office_opens, BANGKOK)


def _of_others(
    session: Session, person: PersonId, carried: Sequence[CarriedNotice], now: datetime
) -> list[int]:
    """Return the notices of agencies that the person does not answer for; others may carry them."""
    own = own_agencies(people.posts(session, person, at=now), Action.REPORT)
    return [each.notice_id for each in carried if each.agency_id not in own]


def _still_wanted(
    session: Session, carried: Sequence[CarriedNotice], today: date
) -> tuple[list[DutyFacts], list[int]]:
    """Return the duties to speak of, most urgent first, and the notices not to speak of."""
    wanted: dict[DutyFacts, tuple[int, int]] = {}
    unsaid: list[int] = []
    for notice in carried:
        duty = duties.duty(session, notice.duty_id)
        window = duty.activity.window if duty else None
        has_moved = window is None or window.last != notice.last_on or notice.outcome == Why.MOVED
        if duty is None or window is None or has_moved:
            notices.close_unsent(session, [notice.notice_id], Why.MOVED)
            unsaid.append(notice.notice_id)
        elif duty.state in AT_REST:
            why = Why.DONE if duty.state in FINISHED else Why.APPROVAL
            notices.close_unsent(session, [notice.notice_id], why)
            unsaid.append(notice.notice_id)
        else:
            offset = Offset(NoticeKind(notice.kind), notice.days, today)
            wanted[duty] = min(wanted.get(duty, (99, 0)), urgency(offset, today, window))
    return sorted(wanted, key=lambda duty: wanted[duty]), unsaid
