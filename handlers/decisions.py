"""What is decided about a queued message at the moment of sending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.rhythm import rhythm_of_person
from handlers.rules.workdays import Calendar
from messages_th.parts import Part
from store import outbox, people
from store.database import Session
from store.types import PersonId, Post


@dataclass(frozen=True, slots=True)
class SendNow:
    """The message as it is to be sent now."""

    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class SendLater:
    """Not now: offices are closed until that instant (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class DoNotSend:
    """Not at all, for that reason."""

    reason: str


Decision = SendNow | SendLater | DoNotSend


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a message is for, with the posts held at the moment of sending it."""

    person: PersonId
    posts: tuple[Post, ...]


def reader(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Reader | DoNotSend | SendLater:
    """Return who reads a message that is for one person in office hours, or why not now."""
    person = message.person_id
    if person is None or not people.is_reachable(session, person):
        return DoNotSend("no_contact")
    # What may have arrived is tried again with the same key, at any hour.
    rhythm = rhythm_of_person(session, person, calendar, at=now)
    if not message.may_have_arrived and not rhythm.is_office_time(now):
        return SendLater(rhythm.next_office_instant(now))
    return Reader(person, people.posts(session, person, at=now))
