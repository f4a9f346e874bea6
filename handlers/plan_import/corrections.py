"""Corrections: whoever was told a date that moved is told the new one, once.

What LINE accepted is what was told (`store.told`), reminders and corrections alike.  Both sides
look: who moves a date, at what was told before; who records a message as sent, at whether its
date has moved meanwhile.  Each locks the activity first, so that one of them sees the other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.rhythm import rhythm_of_person
from handlers.rules.workdays import Calendar
from messages_th.corrections import correction
from messages_th.parts import from_json
from store import outbox, people, told
from store.database import Session
from store.models import Topic
from store.types import OutboxId, PersonId, PlanId

LOOK_AGAIN = timedelta(minutes=1)
"""How long one correction waits for another of which nobody knows yet whether it arrived."""


def queue_for_plan(session: Session, plan: PlanId, version: int, *, at: datetime) -> int:
    """Queue a correction for everybody who was told otherwise; return how many."""
    return _queue(session, told.people_owed(session, at=at, plan=plan), f"{plan}:{version}", at)


def after_sent(session: Session, messages: Collection[OutboxId], *, at: datetime) -> None:
    """Remember what messages told that LINE has accepted, and correct what moved meanwhile."""
    told.lock_activities(session, messages)
    for message in messages:
        told.tell(session, message)
        owed = told.people_owed(session, at=at, message=message)
        _queue(session, owed, f"after:{message}", at)


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Say, at the moment of sending, what is true now; nothing where the date has moved back."""
    if message.may_have_arrived and message.parts:
        return SendNow(from_json(message.parts))
    person = message.person_id
    if person is None or not people.is_reachable(session, person):
        return DoNotSend("no_contact")
    rhythm = rhythm_of_person(session, person, calendar, at=now)
    if not rhythm.is_office_time(now):
        return SendLater(rhythm.next_office_instant(now))
    if outbox.has_uncertain(session, person, Topic.CORRECTION):
        return SendLater(now + LOOK_AGAIN)
    owed = told.owed_to(session, person, at=now)
    if not owed:
        return DoNotSend("nothing_to_correct")
    told.word_correction(session, message.outbox_id, owed)
    return SendNow([correction(owed)])


def _queue(session: Session, owed: Sequence[tuple[PersonId, str]], key: str, at: datetime) -> int:
    # One a change, even where another waits: the first that is sent says it all, the other then
    # finds nothing to say.
    return outbox.add_messages(
        session, owed, key=f"correction:{key}", topic=Topic.CORRECTION, at=at
    )
