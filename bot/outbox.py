"""Loop: take one message, ask whether it is still wanted, send it with nothing open, record.

What each outcome leads to is LINE's advice (Messaging API: status codes, retrying requests):
200 and 409 are success; 5xx, time-outs and lost connections are tried again with the same retry
key for less than its 24 hours; the rate limit waits; the monthly limit stops pushes, not
replies; 401 stops everything and calls for help; other 4xx are parked with LINE's words.
"""

import logging
import random
from collections.abc import Sequence
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
from store.database import DatabaseError, Engine, Session, transaction
from store.models import QueueState, Topic
from store.outbox import Message
from store.types import OutboxId

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=20)
"""A retry key counts as new after 24 hours: a try after that could be a second message."""
REPLY_GIVE_UP_AFTER = timedelta(minutes=20)
"""No reply token lives longer, whatever was redelivered (reply reference)."""
ANSWER_USEFUL_FOR = timedelta(hours=12)
"""An answer that had to become a push is of no use later."""
BAD_TOKEN, MONTH_USED_UP = "token", "month"

log = logging.getLogger(__name__)


def send_next(engine: Engine, line: Line, calendar: Calendar, *, now: datetime) -> str | None:
    """Send, put off or close one message; return what became of it, None when none is due.

    A message that cannot even be made (a bug, a row of an older version) is parked, so that
    those behind it go out.
    """
    outbox_id = None
    try:
        with transaction(engine) as session:
            outbox_id = _next(session, now)
            if outbox_id is None:
                return None
            message = outbox.message(session, outbox_id)
            messages = _begin(session, message, now, calendar)
    except DatabaseError:
        raise
    except Exception as error:
        if outbox_id is None:
            raise
        return _park(engine, outbox_id, error, now)
    if isinstance(messages, str):
        return messages

    # No transaction is open while LINE is waited for: a slow answer holds up nobody else.
    try:
        sent = _send(line, message, messages)
    except SendError as error:
        return _record_trouble(engine, message, error, now)
    return _record_sent(engine, message, sent, "sent", now)


def start_anew(engine: Engine) -> None:
    """Give back what a dead process was sending; try again after a bad token was replaced.

    To be called by the one sending process, before its first `send_next`.
    """
    with transaction(engine) as session:
        released = outbox.release_tries(session)
        outbox.resume(session, BAD_TOKEN)
    if released:
        log.warning("tries released", extra={"action": "tries_released", "count": released})


def _next(session: Session, now: datetime) -> OutboxId | None:
    stops = outbox.stops(session, at=now)
    if BAD_TOKEN in stops:
        return None
    return outbox.next_due(session, at=now, pushes=MONTH_USED_UP not in stops)


def _begin(
    session: Session, message: Message, now: datetime, calendar: Calendar
) -> list[dict[str, Any]] | str:
    """Return what is to be sent now, the try marked as begun, or what became of it instead."""
    if _is_key_old(message, now):
        return _give_up(session, message, now)
    decision = _decide(session, message, now, calendar)
    if isinstance(decision, DoNotSend | SendLater):
        return _record_decision(session, message, decision, now)
    outbox.begin_try(session, message, to_json(decision.parts), at=now)
    return line_messages(decision.parts)


def _decide(session: Session, message: Message, now: datetime, calendar: Calendar) -> Decision:
    if message.topic is Topic.REMINDER:
        decision = reminders.compose(session, message, now=now, calendar=calendar)
        # If LINE may know the retry key, it must bring the same body; else today's words are true.
        if isinstance(decision, SendNow) and message.may_have_arrived and message.parts:
            return SendNow(from_json(message.parts))
        return decision
    if message.topic is Topic.DIGEST:
        return digests.compose(message, now=now, calendar=calendar)
    if message.reply_token is None and message.topic is Topic.ANSWER:
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
    outbox.finish(session, message.outbox_id, QueueState.DROPPED, decision.reason, at=now)
    return _told("message_dropped", message, decision.reason)


def _give_up(session: Session, message: Message, now: datetime) -> str:
    _close_parked(session, message.outbox_id, "retry_key_old", now)
    log.error("given up", extra={"action": "alarm_message_parked", "row": message.outbox_id})
    return _told("message_parked", message, "retry_key_old")


def _park(engine: Engine, outbox_id: OutboxId, error: Exception, now: datetime) -> str:
    log.exception("message failed", extra={"action": "alarm_message_parked", "row": outbox_id})
    with transaction(engine) as session:
        _close_parked(session, outbox_id, type(error).__name__, now)
    return "failed"


def _close_parked(session: Session, outbox_id: OutboxId, outcome: str, now: datetime) -> None:
    outbox.finish(session, outbox_id, QueueState.PARKED, outcome[:LONGEST_OUTCOME], at=now)
    reminders.given_up(session, outbox_id)


def _send(line: Line, message: Message, messages: Sequence[dict[str, Any]]) -> Sent:
    try:
        if message.reply_token is not None:
            return line.reply(message.reply_token, messages)
        return line.push(message.line_to, messages, message.retry_key)
    except SendError:
        raise
    except Exception as error:
        # A bug on the way out: nobody knows how far the message came.
        log.exception("send failed", extra={"action": "send_failed", "row": message.outbox_id})
        raise SendError(Trouble.UNCERTAIN, type(error).__name__) from error


def _record_sent(engine: Engine, message: Message, sent: Sent, how: str, now: datetime) -> str:
    with transaction(engine) as session:
        outbox.finish(
            session,
            message.outbox_id,
            QueueState.DONE,
            how,
            at=now,
            line_request_id=sent.request_id,
            sent_message_ids=sent.message_ids,
        )
        if message.topic is Topic.REMINDER:
            reminders.sent(session, message.outbox_id)
    return _told("message_sent", message, how)


def _record_trouble(engine: Engine, message: Message, error: SendError, now: datetime) -> str:
    trouble = error.trouble
    if trouble is Trouble.TOKEN_DEAD and message.may_have_arrived:
        # An earlier try got no answer; the token is used, so most likely by that try.
        return _record_sent(engine, message, Sent("", ()), "probably_sent", now)
    may_have_arrived = message.may_have_arrived or trouble is Trouble.UNCERTAIN
    is_old = _is_reply_old(message, now)
    is_parked = trouble is Trouble.REFUSED or (is_old and may_have_arrived)
    with transaction(engine) as session:
        if is_parked:
            _close_parked(session, message.outbox_id, str(error), now)
        elif trouble is Trouble.TOKEN_DEAD or is_old:
            outbox.turn_into_push(session, message.outbox_id, at=now)
        else:
            until = now + _wait(message)
            outbox.put_off(
                session,
                message.outbox_id,
                trouble,
                until=until,
                may_have_arrived=may_have_arrived,
            )
        if trouble is Trouble.UNAUTHORIZED:
            outbox.stop_sending(session, BAD_TOKEN, until=None)
        if trouble is Trouble.MONTHLY_LIMIT:
            outbox.stop_sending(session, MONTH_USED_UP, until=_next_month(now))
    row = {"row": message.outbox_id, "detail": error.detail}
    if is_parked:
        log.error("LINE refused", extra={"action": "alarm_message_parked", **row})
    if trouble in ALARMS:
        log.error("LINE refused", extra={"action": ALARMS[trouble], **row})
    return _told("message_refused", message, trouble)


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
