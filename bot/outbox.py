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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import BANGKOK
from bot.line_messages import line_messages
from bot.sending import Line, SendError, Sent, Trouble
from handlers import digests, reminders
from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.rules.workdays import Calendar
from messages_th.parts import from_json, to_json
from store import outbox
from store.database import DatabaseError, Engine, Session, is_passing, transaction
from store.models import QueueState, Topic
from store.outbox import Message, Try
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
"""How long a try may take before another process takes the message over: longer than LINE is
waited for (`bot.line_out`, 13 s), much shorter than the minute that a reply token lives."""
BAD_TOKEN, MONTH_USED_UP = "token", "month"
COMPOSED = {Topic.REMINDER: reminders.compose, Topic.DIGEST: digests.compose}
"""Topics whose words are made when they are sent, and by whom; an answer has its words."""

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


def send_next(engine: Engine, line: Line, calendar: Calendar, *, now: datetime) -> str | None:
    """Send, put off or close one message; return what became of it, None when none is due."""
    claimed = claim(engine, calendar, now=now, most=1)
    for each in claimed.ready:
        return record(engine, each, call(line, each), now=now)
    return next(iter(claimed.decided), None)


def claim(
    engine: Engine, calendar: Calendar, *, now: datetime, most: int, most_pushes: int | None = None
) -> Claimed:
    """Begin a try of what is due, replies first, at most so many; decide what is not wanted.

    A message that cannot even be made (a bug, a row of an older version) is parked, so that
    those behind it go out.
    """
    ready: list[Ready] = []
    decided: list[str] = []
    with transaction(engine) as session:
        for outbox_id in _due(session, now, most, most if most_pushes is None else most_pushes):
            begun = _begin_or_park(session, outbox_id, now, calendar)
            if isinstance(begun, Ready):
                ready.append(begun)
            else:
                decided.append(begun)
    return Claimed(ready, decided)


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


def record(engine: Engine, ready: Ready, said: Sent | SendError, *, now: datetime) -> str:
    """Write down what LINE said to a try; return what became of the message.

    Nothing is written where the lease ran out and somebody else has taken the message over.
    """
    if isinstance(said, SendError):
        return _record_trouble(engine, ready, said, now)
    return _record_sent(engine, ready, said, "sent", now)


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


def _due(session: Session, now: datetime, most: int, most_pushes: int) -> list[OutboxId]:
    stops = outbox.stops(session, at=now)
    if BAD_TOKEN in stops:
        return []
    pushes = 0 if MONTH_USED_UP in stops else most_pushes
    return outbox.next_due(session, at=now, replies=most, pushes=pushes)[:most]


def _begin_or_park(
    session: Session, outbox_id: OutboxId, now: datetime, calendar: Calendar
) -> Ready | str:
    try:
        with session.begin_nested():
            message = outbox.message(session, outbox_id)
            return _begin(session, message, now, calendar)
    except Exception as error:
        if isinstance(error, DatabaseError) and is_passing(error):
            raise
        log.exception("message failed", extra={"action": "alarm_message_parked", "row": outbox_id})
        _close_parked(session, outbox_id, type(error).__name__, now)
        return "failed"


def _begin(session: Session, message: Message, now: datetime, calendar: Calendar) -> Ready | str:
    """Return the try that has begun, or what became of the message instead."""
    if _is_key_old(message, now):
        return _give_up(session, message, now)
    decision = _decide(session, message, now, calendar)
    if isinstance(decision, DoNotSend | SendLater):
        return _record_decision(session, message, decision, now)
    messages = line_messages(decision.parts)
    this_try = outbox.begin_try(
        session, message, to_json(decision.parts), at=now, leased_until=now + LEASE
    )
    return Ready(message, this_try, messages)


def _decide(session: Session, message: Message, now: datetime, calendar: Calendar) -> Decision:
    if message.topic in COMPOSED:
        decision = COMPOSED[message.topic](session, message, now=now, calendar=calendar)
        # If LINE may know the retry key, it must bring the same body; else today's words are true.
        if isinstance(decision, SendNow) and message.may_have_arrived and message.parts:
            return SendNow(from_json(message.parts))
        return decision
    if message.reply_token is None:
        if not message.line_to:
            return DoNotSend("token_dead")
        if now - message.created_at > ANSWER_USEFUL_FOR:
            return DoNotSend("too_late")
    return SendNow(from_json(message.parts or []))


def _record_decision(
    session: Session, message: Message, decision: SendLater | DoNotSend, now: datetime
) -> str:
    if isinstance(decision, SendLater):
        outbox.wait(session, message.outbox_id, until=decision.until)
        return _told("message_waits", message, "office_hours")
    outbox.close(session, message.outbox_id, QueueState.DROPPED, decision.reason, at=now)
    return _told("message_dropped", message, decision.reason)


def _give_up(session: Session, message: Message, now: datetime) -> str:
    _close_parked(session, message.outbox_id, "retry_key_old", now)
    log.error("given up", extra={"action": "alarm_message_parked", "row": message.outbox_id})
    return _told("message_parked", message, "retry_key_old")


def _close_parked(session: Session, outbox_id: OutboxId, outcome: str, now: datetime) -> None:
    outbox.close(session, outbox_id, QueueState.PARKED, outcome[:LONGEST_OUTCOME], at=now)
    reminders.given_up(session, outbox_id)


def _record_sent(engine: Engine, ready: Ready, sent: Sent, how: str, now: datetime) -> str:
    message = ready.message
    with transaction(engine) as session:
        is_ours = outbox.finish(
            session,
            ready.this_try,
            QueueState.DONE,
            how,
            at=now,
            line_request_id=sent.request_id,
            sent_message_ids=sent.message_ids,
        )
        if is_ours and message.topic is Topic.REMINDER:
            reminders.sent(session, message.outbox_id)
    if not is_ours:
        return _told("outcome_came_late", message, how)
    return _told("message_sent", message, how)


def _record_trouble(engine: Engine, ready: Ready, error: SendError, now: datetime) -> str:
    message, trouble = ready.message, error.trouble
    if trouble is Trouble.TOKEN_DEAD and message.may_have_arrived:
        # An earlier try got no answer; the token is used, so most likely by that try.
        return _record_sent(engine, ready, Sent("", ()), "probably_sent", now)
    with transaction(engine) as session:
        is_parked = _is_for_ever(message, trouble, now)
        is_ours = _end_try(session, ready, error, now, is_parked=is_parked)
        if trouble is Trouble.UNAUTHORIZED:
            outbox.stop_sending(session, BAD_TOKEN, until=None)
        if trouble is Trouble.MONTHLY_LIMIT:
            outbox.stop_sending(session, MONTH_USED_UP, until=_next_month(now))
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
        is_ours = outbox.finish(session, ready.this_try, QueueState.PARKED, outcome, at=now)
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


LONGEST_OUTCOME = 500
ALARMS = {
    Trouble.UNAUTHORIZED: "alarm_bad_token",
    Trouble.MONTHLY_LIMIT: "alarm_month_used_up",
}


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


def _next_month(now: datetime) -> datetime:
    local = now.astimezone(BANGKOK).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (local + timedelta(days=32)).replace(day=1)


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
