"""Three steps of sending: claim what is due and still wanted, call LINE, record what it said.

A claim leases a message to its try; no transaction is open while LINE is waited for.  `send_next`
does the three in turn for one message; `bot/sender.py` does them for many at once.

What each outcome leads to is LINE's advice (Messaging API: status codes, retrying requests):
200 and 409 are success; 5xx, time-outs and lost connections are tried again with the same retry
key for less than its 24 hours; the rate limit waits; the monthly limit stops pushes, not
replies; 401 stops everything and calls for help; other 4xx are parked with LINE's words.
"""

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import month_start
from bot.desk import NO_DESK, Desk
from bot.line_messages import line_messages
from bot.links import Links, Opened
from bot.sending import Line, SendError, Sent, Trouble
from handlers import approval, digests, joining, reminders, stuck
from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.plan_import import corrections
from handlers.rules.workdays import Calendar
from messages_th.parts import Part, from_json, to_json
from store import outbox, post_messages, posts
from store.database import DatabaseError, Engine, Session, is_away, is_contended, transaction
from store.models import QueueState, Topic
from store.outbox import Accepted, DueRow, Message, Try
from store.types import OutboxId

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=20)
"""A retry key counts as new after 24 hours: a try after that could be a second message."""
REPLY_GIVE_UP_AFTER = timedelta(minutes=20)
"""No reply token lives longer, whatever was redelivered (reply reference)."""
ANSWER_USEFUL_FOR = timedelta(hours=12)
"""An answer that had to become a push is of no use later."""
LEASE = timedelta(seconds=15)
"""How long a try is its process's without another word: longer than most calls take, much shorter
than the minute that a reply token lives.  Who lives renews it (`bot.sender`)."""
BAD_TOKEN, MONTH_USED_UP = "token", "month"
COMPOSED = {
    Topic.REMINDER: reminders.compose,
    Topic.DIGEST: digests.compose,
    Topic.CORRECTION: corrections.compose,
    Topic.APPROVAL: approval.compose,
    Topic.RETURNED: approval.compose_returned,
    Topic.STUCK: stuck.compose,
    Topic.STUCK_ANSWER: stuck.compose_answer,
    Topic.JOIN: joining.compose,
}
"""Topics whose words are made when they are sent, and by whom; an answer has its words."""
TELL_DATES = (Topic.REMINDER, Topic.CORRECTION)
"""Topics that tell people dates, which are corrected when they move."""
LONGEST_OUTCOME = 500
"""Letters that are kept of why a message was parked."""
ALARMS = {
    Trouble.UNAUTHORIZED: "alarm_bad_token",
    Trouble.MONTHLY_LIMIT: "alarm_month_used_up",
}
"""Log actions of what stops sending until a person acts."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A try that has begun: the message as it stood before, and what LINE is to be given."""

    message: Message
    this_try: Try
    messages: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What came of a claim: tries that have begun, and what was decided of other messages."""

    ready: Sequence[Ready]
    decided: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Wanted:
    message: Message
    parts: Sequence[Part]
    messages: Sequence[dict[str, Any]]


def send_next(
    engine: Engine, line: Line, calendar: Calendar, *, now: datetime, desk: Desk = NO_DESK
) -> str | None:
    """Send, put off or close one message; return what became of it, None when none is due."""
    claimed = claim(engine, calendar, now=now, most=1, links=desk.links)
    said = [(each, call(line, each)) for each in claimed.ready]
    return next(iter([*record(engine, said, now=now), *claimed.decided]), None)


def claim(
    engine: Engine,
    calendar: Calendar,
    *,
    now: datetime,
    most: int,
    most_pushes: int | None = None,
    but: Collection[OutboxId] = (),
    links: Links = NO_DESK.links,
) -> Claimed:
    """Begin a try of what is due, replies first, at most so many; decide what is not wanted.

    `but` names messages that the caller has in hand already; `links` makes the links of buttons.

    A message that cannot even be made (a bug, a row of an older version) is parked, so that
    those behind it go out.
    """
    with transaction(engine) as session:
        due = _due(session, now, most, most if most_pushes is None else most_pushes, but)
        if any(row.is_of(Topic.REMINDER) for row in due):
            reminders.plan_before_sending(session, now=now, calendar=calendar)
        looked_at = [_look_at(session, row, now, calendar, links) for row in due]
        wanted = [each for each in looked_at if isinstance(each, _Wanted)]
        tries = outbox.begin_tries(
            session,
            [(each.message, to_json(each.parts)) for each in wanted],
            at=now,
            leased_until=now + LEASE,
        )
    ready = [
        Ready(each.message, this_try, each.messages)
        for each, this_try in zip(wanted, tries, strict=True)
    ]
    return Claimed(ready, [each for each in looked_at if isinstance(each, str)])


def call(line: Line, ready: Ready) -> Sent | SendError:
    """Bring a message to LINE and return what it said; to be called with no transaction open."""
    message = ready.message
    try:
        if message.reply_token is not None:
            return line.reply(message.reply_token, ready.messages)
        return line.push(message.line_to, ready.messages, message.retry_key)
    except SendError as error:
        return error
    except Exception as error:
        # A bug on the way out: nobody knows how far the message came.
        log.exception("send failed", extra={"action": "send_failed", "row": message.outbox_id})
        return SendError(Trouble.UNCERTAIN, type(error).__name__)


def record(
    engine: Engine, said: Sequence[tuple[Ready, Sent | SendError]], *, now: datetime
) -> list[str]:
    """Write down what LINE said to tries; return what became of each message.

    Nothing is written of a try whose lease ran out where somebody else has taken it over.
    """
    accepted = [(ready, *each) for ready, answer in said if (each := _accepted(ready, answer))]
    outcomes = _record_accepted(engine, accepted, now) if accepted else []
    for ready, answer in said:
        if isinstance(answer, SendError) and _accepted(ready, answer) is None:
            outcomes.append(_record_trouble(engine, ready, answer, now))
    return outcomes


def renew(engine: Engine, tries: Sequence[Try], *, now: datetime) -> None:
    """Lease tries anew that are still on their way: who has them lives, and will hear from LINE."""
    with transaction(engine) as session:
        outbox.renew_leases(session, tries, until=now + LEASE)


def release_tries(engine: Engine, *, now: datetime) -> None:
    """Give back at once what dead processes were sending; call only while nobody else works."""
    with transaction(engine) as session:
        released = outbox.release_tries(session, at=now)
    if released:
        log.warning("tries released", extra={"action": "tries_released", "count": released})


def start_anew(engine: Engine) -> None:
    """Try again after a bad token was replaced: a process that starts has read the settings."""
    with transaction(engine) as session:
        outbox.resume(session, BAD_TOKEN)


def _due(
    session: Session, now: datetime, most: int, most_pushes: int, but: Collection[OutboxId]
) -> list[DueRow]:
    stops = outbox.stops(session, at=now)
    if BAD_TOKEN in stops:
        return []
    pushes = 0 if MONTH_USED_UP in stops else most_pushes
    return outbox.next_due(session, at=now, replies=most, pushes=pushes, but=but)[:most]


def _look_at(
    session: Session, row: DueRow, now: datetime, calendar: Calendar, links: Links
) -> _Wanted | str:
    """Return what is to be sent, or what became of the message instead."""
    try:
        message = row.read()
        if message.topic not in COMPOSED:
            return _begin(session, message, now, calendar, links)
        with session.begin_nested():  # what wording it did to the database goes with it
            return _begin(session, message, now, calendar, links)
    except Exception as error:
        if isinstance(error, DatabaseError) and (is_away(error) or is_contended(error)):
            raise
        outbox_id = row.outbox_id
        log.exception("message failed", extra={"action": "alarm_message_parked", "row": outbox_id})
        _close_parked(session, outbox_id, type(error).__name__, now)
        return "failed"


def _begin(
    session: Session, message: Message, now: datetime, calendar: Calendar, links: Links
) -> _Wanted | str:
    if _is_key_old(message, now):
        return _give_up(session, message, now)
    decision = _decide(session, message, now, calendar)
    if isinstance(decision, DoNotSend | SendLater):
        return _record_decision(session, message, decision, now)
    messages = line_messages(
        decision.parts,
        lambda each: links.url(Opened(each.what, each.row_id, each.person_id), now=now),
    )
    return _Wanted(message, decision.parts, messages)


def _decide(session: Session, message: Message, now: datetime, calendar: Calendar) -> Decision:
    if message.topic in COMPOSED:
        decision = COMPOSED[message.topic](session, message, now=now, calendar=calendar)
        # If LINE may know the retry key, it must bring the same body; else today's words are true.
        if isinstance(decision, SendNow) and message.may_have_arrived and message.parts:
            words_made_at = message.first_try_at or message.created_at
            if _has_left_since(session, message, words_made_at, now):
                return DoNotSend(post_messages.ENDED)
            return SendNow(from_json(message.parts))
        return decision
    if _has_left_since(session, message, message.created_at, now):
        return DoNotSend(post_messages.ENDED)
    if not message.parts:
        return DoNotSend("nothing_to_say")
    if message.reply_token is None:
        if not message.line_to:
            return DoNotSend("token_dead")
        if now - message.created_at > ANSWER_USEFUL_FOR:
            return DoNotSend("too_late")
    return SendNow(from_json(message.parts or []))


def _has_left_since(
    session: Session, message: Message, words_made_at: datetime, now: datetime
) -> bool:
    """Return whether a post of the reader has ended since: the words may be about that."""
    person = message.person_id
    return person is not None and posts.has_ended_since(session, person, words_made_at, at=now)


def _record_decision(
    session: Session, message: Message, decision: SendLater | DoNotSend, now: datetime
) -> str:
    if isinstance(decision, SendLater):
        outbox.wait(session, message.outbox_id, until=decision.until)
        return _told("message_waits", message, "office_hours")
    outbox.close(session, message.outbox_id, QueueState.DROPPED, decision.reason, at=now)
    _may_have_told(session, message, now)
    return _told("message_dropped", message, decision.reason)


def _may_have_told(session: Session, message: Message, now: datetime) -> None:
    """Count the dates of a message as told that is given up though it may have arrived."""
    if message.may_have_arrived and message.topic in TELL_DATES:
        corrections.after_sent(session, [message.outbox_id], at=now)


def _give_up(session: Session, message: Message, now: datetime) -> str:
    _close_parked(session, message.outbox_id, "retry_key_old", now)
    _may_have_told(session, message, now)
    log.error("given up", extra={"action": "alarm_message_parked", "row": message.outbox_id})
    return _told("message_parked", message, "retry_key_old")


def _close_parked(session: Session, outbox_id: OutboxId, outcome: str, now: datetime) -> None:
    outbox.close(session, outbox_id, QueueState.PARKED, outcome[:LONGEST_OUTCOME], at=now)
    reminders.given_up(session, outbox_id)


def _accepted(ready: Ready, answer: Sent | SendError) -> tuple[Sent, str] | None:
    """Return what LINE took and how we know, None when it did not."""
    if isinstance(answer, Sent):
        return answer, "sent"
    if answer.trouble is Trouble.TOKEN_DEAD and ready.message.may_have_arrived:
        # An earlier try got no answer; the token is used, so most likely by that try.
        return Sent("", ()), "probably_sent"
    return None


def _record_accepted(
    engine: Engine, accepted: Sequence[tuple[Ready, Sent, str]], now: datetime
) -> list[str]:
    with transaction(engine) as session:
        closed = outbox.finish_accepted(
            session,
            [
                Accepted(ready.this_try, how, sent.request_id, sent.message_ids)
                for ready, sent, how in accepted
            ],
            at=now,
        )
        sent_now = [ready.message for ready, _, _ in accepted if ready.this_try in closed]
        for message in sent_now:
            if message.topic is Topic.REMINDER:
                reminders.sent(session, message.outbox_id)
        told = [each.outbox_id for each in sent_now if each.topic in TELL_DATES]
        if told:
            corrections.after_sent(session, told, at=now)
    return [
        _told(
            "message_sent" if ready.this_try in closed else "outcome_came_late", ready.message, how
        )
        for ready, _, how in accepted
    ]


def _record_trouble(engine: Engine, ready: Ready, error: SendError, now: datetime) -> str:
    message, trouble = ready.message, error.trouble
    is_parked = _is_for_ever(message, trouble, now)
    with transaction(engine) as session:
        is_ours = _end_try(session, ready, error, now, is_parked=is_parked)
        if trouble is Trouble.UNAUTHORIZED:
            outbox.stop_sending(session, BAD_TOKEN, until=None)
        if trouble is Trouble.MONTHLY_LIMIT:
            outbox.stop_sending(session, MONTH_USED_UP, until=month_start(now, months=1))
    row = {"row": message.outbox_id, "detail": error.detail}
    if is_parked and is_ours:
        log.error("LINE refused", extra={"action": "alarm_message_parked", **row})
    if trouble in ALARMS:
        log.error("LINE refused", extra={"action": ALARMS[trouble], **row})
    return _told("message_refused" if is_ours else "outcome_came_late", message, trouble)


def _is_for_ever(message: Message, trouble: Trouble, now: datetime) -> bool:
    """Return whether no further try makes sense, and none would be safe as a push either."""
    may_have_arrived = message.may_have_arrived or trouble is Trouble.UNCERTAIN
    return trouble is Trouble.REFUSED or (_is_reply_old(message, now) and may_have_arrived)


def _end_try(
    session: Session, ready: Ready, error: SendError, now: datetime, *, is_parked: bool
) -> bool:
    message, trouble = ready.message, error.trouble
    if is_parked:
        outcome = str(error)[:LONGEST_OUTCOME]
        is_ours = outbox.park(session, ready.this_try, outcome, at=now)
        if is_ours:
            reminders.given_up(session, message.outbox_id)
        return is_ours
    if trouble is Trouble.TOKEN_DEAD or _is_reply_old(message, now):
        return outbox.turn_into_push(session, ready.this_try, at=now)
    return outbox.put_off(
        session,
        ready.this_try,
        trouble,
        until=now + _wait(message),
        may_have_arrived=message.may_have_arrived or trouble is Trouble.UNCERTAIN,
    )


def _is_reply_old(message: Message, now: datetime) -> bool:
    return message.reply_token is not None and now - message.created_at > REPLY_GIVE_UP_AFTER


def _is_key_old(message: Message, now: datetime) -> bool:
    if message.reply_token is not None or not message.may_have_arrived:
        return False
    return message.first_try_at is not None and now - message.first_try_at > GIVE_UP_AFTER


def _wait(message: Message) -> timedelta:
    longest = min(FIRST_WAIT * (1 << min(message.attempts, 12)), LONGEST_WAIT)
    # Spread by the message's own key, so that a thousand of them do not come back at once.
    return longest * random.Random(f"{message.retry_key}{message.attempts}").uniform(0.5, 1)


def _told(action: str, message: Message, outcome: str) -> str:
    log.info(
        "outbox",
        extra={
            "action": action,
            "row": message.outbox_id,
            "topic": message.topic,
            "outcome": outcome,
            "attempt": message.attempts + 1,
        },
    )
    return outcome
