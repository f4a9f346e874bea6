"""Reminders: planned from windows and duties, made into words only when they are sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.postback import button_data
from handlers.rhythm import Rhythm, rhythm_of_person, rhythms
from handlers.rules.access import Action, own_agencies
from handlers.rules.reminders import Offset, decisions, due_today, urgency
from handlers.rules.workdays import BANGKOK, ONE_DAY, Calendar
from messages_th.reminders import reminder
from store import duties, notices, outbox, people, plans, posts, quiet, workers
from store.database import Session
from store.notices import CarriedNotice
from store.types import (
    AT_REST,
    FINISHED,
    ActivityFacts,
    DutyFacts,
    NoticeKind,
    OutboxId,
    PersonId,
    ProvinceId,
    Reason,
)

PLANNING = "reminders_planned"
"""Name of the job that plans; where it was rung in today's office hours, today is planned."""
PLANNED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Due:
    activity: ActivityFacts
    rhythm: Rhythm
    spread: notices.Spread


def plan_reminders(session: Session, *, now: datetime, calendar: Calendar) -> int:
    """Decide what is due today and put it on one message per person; return the new decisions.

    `calendar` has the days off of all provinces; each adds its own.  Asking again, on this day or
    after a restart, plans nothing twice: each notice has a unique key, and each person one message
    a day.
    """
    open_now = {
        province: rhythm
        for province, rhythm in rhythms(session, calendar).items()
        if rhythm.is_office_time(now)
    }
    if not open_now:
        return 0
    today, paused = _today(now), quiet.paused(session, _today(now))
    due = [
        _Due(activity, rhythm, _spread_of(activity, offset, paused))
        for activity in plans.activities_with_window(session)
        if (rhythm := open_now.get(activity.province_id))
        and (offset := _due(activity, rhythm, today))
    ]
    first = set(notices.undecided(session, [each.spread for each in due]))
    planned = notices.plan_notices(session, [each.spread for each in due], today=today, at=now)
    _close_earlier(session, [each for each in due if each.spread in first], today)
    planned += _plan_promised(session, open_now, paused, now)
    notices.close_without_contact(session, Reason.NO_CONTACT, at=now)
    _keep_messages(session, notices.readers_waiting(session, at=now), now, calendar)
    notices.carry(session, at=now)
    return planned


def plan_before_sending(session: Session, *, now: datetime, calendar: Calendar) -> None:
    """Plan today's reminders where nobody has yet, before any that waits is made into words.

    One left over from another day then takes with it what falls due today, which would follow it
    else.  To be called before `compose`: what is planned afterwards must not hang on a message
    whose words are made.
    """
    open_now = [each for each in rhythms(session, calendar).values() if each.is_office_time(now)]
    if not open_now:
        return
    opened_last = max(each.policy.office_opens for each in open_now)
    opening = datetime.combine(_today(now), opened_last, BANGKOK)
    rung_at = workers.last_ring(session, PLANNING)
    if rung_at is not None and opening <= rung_at < opening + ONE_DAY:
        return
    if workers.ring(session, PLANNING, at=now, every=PLANNED_EVERY):
        plan_reminders(session, now=now, calendar=calendar)


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Ask again, at the moment of sending, what of a reminder is still wanted.

    A try that may have arrived is repeated that day even after hours, as it was begun in time.
    """
    today = _today(now)
    if message.may_have_arrived and _day(message.first_try_at) != today:
        # The retry key wants that day's words, and they are no longer true.
        notices.close_abandoned(session, message.outbox_id, Reason.UNCERTAIN)
        return DoNotSend(Reason.UNCERTAIN)
    person = message.person_id
    if person is None or not people.is_reachable(session, person):
        notices.close_abandoned(session, message.outbox_id, Reason.NO_CONTACT)
        return DoNotSend(Reason.NO_CONTACT)
    rhythm = rhythm_of_person(session, person, calendar, at=now)
    if not message.may_have_arrived and not rhythm.is_office_time(now):
        return SendLater(rhythm.next_office_instant(now))
    carried = notices.carried(session, message.outbox_id)
    if message.may_have_arrived and posts.has_ended_since(
        session, person, message.first_try_at or message.created_at, at=now
    ):
        # The retry key wants words that may be about that post.
        notices.unload(session, message.outbox_id, _of_others(session, person, carried, now))
        notices.close_abandoned(session, message.outbox_id, Reason.UNCERTAIN)
        return DoNotSend(Reason.POST_ENDED)
    of_others = _of_others(session, person, carried, now)
    notices.unload(session, message.outbox_id, of_others)
    carried = [each for each in carried if each.notice_id not in of_others]
    if of_others and not carried:
        return DoNotSend(Reason.POST_ENDED)
    wanted, unsaid = _still_wanted(session, carried, today)
    if not message.may_have_arrived:
        notices.unload(session, message.outbox_id, unsaid)
    if not wanted:
        return DoNotSend(Reason.NOT_WANTED)
    first = {each.kind for each in carried if each.duty_id == wanted[0].duty_id}
    is_promised = NoticeKind.PROMISE in first
    return SendNow([reminder(wanted, today, button_data, is_promised=is_promised)])


def sent(session: Session, message: OutboxId) -> None:
    """Close the notices of a message that LINE has accepted."""
    carried = [each.notice_id for each in notices.carried(session, message)]
    # What failed on a colleague's message has reached somebody now; what moved while the message
    # was on its way was told as well, and is corrected.
    closed_otherwise = [Reason.NO_CONTACT, Reason.PARKED, Reason.UNCERTAIN, Reason.MOVED]
    notices.mark_sent(session, carried, closed_otherwise)


def given_up(session: Session, message: OutboxId) -> None:
    """Close the notices of a message that was parked; a colleague's may still be sent."""
    carried = [each.notice_id for each in notices.carried(session, message)]
    notices.close_open(session, carried, Reason.PARKED)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.astimezone(BANGKOK).date()


def _today(now: datetime) -> date:
    return now.astimezone(BANGKOK).date()


def _due(activity: ActivityFacts, rhythm: Rhythm, today: date) -> Offset | None:
    if activity.window is None:
        return None
    return due_today(activity.window, today, policy=rhythm.policy, calendar=rhythm.calendar)


def _spread_of(
    activity: ActivityFacts, offset: Offset, paused: Collection[ProvinceId]
) -> notices.Spread:
    if activity.window is None:
        raise ValueError("an activity without a window has no offsets")
    held = Reason.PAUSED if activity.province_id in paused else None
    last = activity.window.last
    return notices.Spread(activity.activity_id, offset.kind, offset.days, last, held)


def _close_earlier(session: Session, first: Sequence[_Due], today: date) -> None:
    """Keep why what led up to offsets that are due for the first time went to nobody.

    Back to what was decided before: one step a round, of all activities at once.
    """
    earlier = [_earlier(each, today) for each in first]
    while earlier := [each for each in earlier if each]:
        unknown = set(notices.undecided(session, [each[-1] for each in earlier]))
        notices.close_unplanned(session, list(unknown), today=today)
        earlier = [each[:-1] for each in earlier if each[-1] in unknown]


def _earlier(due: _Due, today: date) -> list[notices.Spread]:
    """Return the offsets before one that is due, each held by its reason, the oldest first."""
    window, rhythm = due.activity.window, due.rhythm
    if window is None:
        return []
    spreads = []
    for each in decisions(window, today, policy=rhythm.policy, calendar=rhythm.calendar):
        if each.reason is None:
            break
        kind, days = each.offset.kind, each.offset.days
        spreads.append(replace(due.spread, kind=kind, days=days, held=each.reason))
    return spreads


def _plan_promised(
    session: Session,
    open_now: Mapping[ProvinceId, Rhythm],
    paused: Collection[ProvinceId],
    now: datetime,
) -> int:
    today, planned = _today(now), 0
    for province, until_on, spread in notices.promises_over(session, today=today):
        rhythm = open_now.get(province)
        if rhythm and today - until_on <= timedelta(days=rhythm.policy.catch_up_days):
            held = Reason.PAUSED if province in paused else None
            what = replace(spread, held=held)
            planned += notices.plan_promised(session, what, until_on, today=today, at=now)
    return planned


def _keep_messages(
    session: Session, to: Sequence[tuple[PersonId, str]], now: datetime, calendar: Calendar
) -> None:
    """Queue a message for each, today's or, where that has gone out, the next office day's."""
    for person, line_user_id in outbox.add_reminders(session, to, day=_today(now), at=now):
        rhythm = rhythm_of_person(session, person, calendar, at=now)
        day, still = _today(now), [(person, line_user_id)]
        while still:
            # One a day, so the rest waits for the next office day.
            day = rhythm.calendar.next_working_day_on_or_after(day + ONE_DAY)
            next_at = datetime.combine(day, rhythm.policy.office_opens, BANGKOK)
            still = outbox.add_reminders(session, still, day=day, at=now, next_at=next_at)


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
    found = {each.duty_id: duties.duty(session, each.duty_id) for each in carried}
    held = quiet.of_duties(session, [duty for duty in found.values() if duty], today)
    for notice in carried:
        duty = found[notice.duty_id]
        window = duty.activity.window if duty else None
        has_moved = (
            window is None or window.last != notice.last_on or notice.outcome == Reason.MOVED
        )
        if duty is None or window is None or has_moved:
            notices.close_unsent(session, [notice.notice_id], Reason.MOVED)
            unsaid.append(notice.notice_id)
        elif duty.state in AT_REST:
            why = Reason.DONE if duty.state in FINISHED else Reason.APPROVAL
            notices.close_unsent(session, [notice.notice_id], why)
            unsaid.append(notice.notice_id)
        elif duty.duty_id in held:
            why = quiet.reason_of(held[duty.duty_id])
            notices.close_unsent(session, [notice.notice_id], why)
            unsaid.append(notice.notice_id)
        else:
            offset = Offset(NoticeKind(notice.kind), notice.days, today)
            wanted[duty] = min(wanted.get(duty, (99, 0)), urgency(offset, today, window))
    return sorted(wanted, key=lambda duty: wanted[duty]), unsaid
