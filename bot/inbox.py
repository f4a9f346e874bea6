"""Loop: take one event, let it be answered, commit facts and reply together."""

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import bangkok_date
from bot.desk import NO_DESK, Desk
from bot.file_store import HandedIn
from bot.line_in import read_event
from bot.sending import Contents, NoContent, NoContentError
from handlers import dispatch
from handlers.dispatch import Outcome
from handlers.rules.evidence import Unfit
from handlers.turn import Brought, CodesMade, CodesWanted, Event, TextSaid, Wanted
from messages_th.parts import to_json
from messages_th.plan_problems import FileProblem
from store import inbox, outbox
from store.database import (
    DatabaseError,
    Engine,
    Session,
    is_away,
    is_contended,
    transaction,
)
from store.inbox import WaitingEvent
from store.models import Topic
from store.types import EventRowId

RETRY_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 5
SPARED_FAILURES = 3
"""How often a process lets the database go away under an event before the event steps aside."""
CONTENDED_PAUSE = timedelta(seconds=1)
"""How long an event steps aside that lost a lock to others: the next try will most likely win."""
BODIES_KEPT = timedelta(days=3)
"""How long commands and taps are kept to clear up doubts about who said what."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """A file as it was read, or codes as they were made, for one event, before it is worked."""

    row_id: EventRowId
    brought: Brought | CodesMade


def answer_next(
    engine: Engine,
    contents: Contents,
    *,
    now: datetime,
    failures: Counter[EventRowId] | None = None,
    desk: Desk = NO_DESK,
) -> bool:
    """Work the oldest waiting event; False when none may be worked now.

    One event is one transaction: its facts, its reply and its end come about together or not at
    all.  A file that it brings is fetched and read before, and a list of codes that it asks for
    is made, with no transaction open; a worker
    that takes the event meanwhile does it too, which does no harm.  An event that raises steps
    aside, so that those behind it are worked.  One whose database goes away in the middle is not
    to blame, and is tried again in its turn; `failures`, a process's own, counts how often, as an
    event that always ends so is to blame after all.  Files that it brings or has made are on the
    desk's disk before the commit, and go again where there is certainly none.

    Raises:
        DatabaseError: when the database is away; nothing has changed.
    """
    event = None
    read: _ReadFile | None = None
    files = HandedIn(desk.files)
    try:
        while True:
            with transaction(engine) as session:
                event = inbox.take_next(session, at=now)
                if read is not None and (event is None or event.row_id != read.row_id):
                    files.settle(is_committed=False)  # another worker has worked it meanwhile
                    read = None
                if event is None:
                    return False
                wanted = None if read else _wanted(session, event, now, files, desk.bot_id)
                if wanted is None:
                    _work(session, event, read, now, files, desk.bot_id)
                    break
                # A file can end the process that reads it, where no exception is raised.
                event = inbox.count_attempt(session, event)
            read = _ReadFile(event.row_id, _got(contents, event, wanted, now, desk, files))
    except Exception as error:
        is_passing = isinstance(error, DatabaseError) and is_away(error)
        # A commit that got no answer may have come about: what no row knows is swept away later.
        if not is_passing:
            files.settle(is_committed=False)
        if event is None or (is_passing and _is_spared(event, failures)):
            raise
        _step_aside(engine, event, error, now)
    else:
        files.settle(is_committed=True)
    return True


def purge(session: Session, *, now: datetime) -> int:
    """Forget the bodies of old events, and who was answered; return how many bodies."""
    before = now - BODIES_KEPT
    inbox.forget_chats(session, before=before)
    outbox.forget_recipients(session, before=before)
    return inbox.purge_bodies(session, before=before)


def _is_spared(event: WaitingEvent, failures: Counter[EventRowId] | None) -> bool:
    if failures is None:
        return False
    failures[event.row_id] += 1
    if failures[event.row_id] <= SPARED_FAILURES:
        return True
    del failures[event.row_id]
    return False


def _wanted(
    session: Session, row: WaitingEvent, now: datetime, files: HandedIn, bot_id: str
) -> Wanted | CodesWanted | None:
    """Return what has to be fetched or made before this event is worked, if there is anything."""
    event = read_event(row.webhook_event_id, row.body)
    return dispatch.wanted_file(
        session, event, now=now, today=bangkok_date(now), files=files, bot_id=bot_id
    ) or dispatch.wanted_codes(session, event)


def _got(
    contents: Contents,
    row: WaitingEvent,
    wanted: Wanted | CodesWanted,
    now: datetime,
    desk: Desk,
    files: HandedIn,
) -> Brought | CodesMade:
    if isinstance(wanted, CodesWanted):
        return dispatch.make_codes(wanted, now=now, bot_id=desk.bot_id)
    return _fetched(contents, row, wanted, files)


def _fetched(contents: Contents, row: WaitingEvent, wanted: Wanted, files: HandedIn) -> Brought:
    if row.attempts > MOST_ATTEMPTS:
        log.error("file given up", extra={"action": "alarm_file_given_up", "row": row.row_id})
        return wanted.unread(FileProblem.BROKEN, Unfit.UNKNOWN_TYPE)
    try:
        content = contents.content(wanted.message_id)
    except NoContentError as error:
        log.warning(
            "file not fetched",
            extra={"action": "file_not_fetched", "row": row.row_id, "why": error.why},
        )
        return wanted.unread(*_PROBLEMS[error.why])
    read = dispatch.read_file(wanted, content, files)
    log.info(
        "file read",
        extra={"action": "file_read", "row": row.row_id, "bytes": len(content)},
    )
    return read


_PROBLEMS = {
    NoContent.GONE: (FileProblem.GONE, Unfit.GONE),
    NoContent.TOO_LARGE: (FileProblem.TOO_LARGE, Unfit.TOO_LARGE),
    NoContent.NOT_NOW: (FileProblem.NOT_FETCHED, Unfit.NOT_FETCHED),
}


def _work(
    session: Session,
    row: WaitingEvent,
    read: _ReadFile | None,
    now: datetime,
    files: HandedIn,
    bot_id: str,
) -> None:
    event = read_event(row.webhook_event_id, row.body)
    if read is not None and read.row_id == row.row_id:
        event = _with(event, read.brought)
    outcome = dispatch.answer(
        session, event, now=now, today=bangkok_date(now), files=files, bot_id=bot_id
    )
    if outcome.answer and event.reply_token:
        _queue_reply(session, event, outcome, now)
    inbox.finish(session, row.row_id, keep_body=not outcome.is_forgotten, at=now)
    log.info(
        "event worked",
        extra={
            "action": "event_worked",
            "row": row.row_id,
            "happening": type(event.happening).__name__,
            "answered": bool(outcome.answer),
        },
    )


def _with(event: Event, brought: Brought | CodesMade) -> Event:
    if not isinstance(brought, CodesMade):
        return replace(event, happening=brought)
    if isinstance(event.happening, TextSaid):
        return replace(event, happening=replace(event.happening, codes=brought))
    return event


def _queue_reply(session: Session, event: Event, outcome: Outcome, now: datetime) -> None:
    source = event.source
    person = "" if outcome.forgets_sender else source.user_id
    outbox.add_message(
        session,
        key=f"event:{event.webhook_event_id}",
        topic=Topic.ANSWER,
        # Where the token is dead by the time, only a 1:1 chat is worth a billed message.
        line_to="" if source.group_id else person,
        chat_key=source.group_id or person,
        reply_token=event.reply_token,
        parts=to_json(outcome.answer),
        at=now,
    )


def _step_aside(engine: Engine, event: WaitingEvent, error: Exception, now: datetime) -> None:
    is_last = event.attempts_with_this >= MOST_ATTEMPTS
    lost_out = isinstance(error, DatabaseError) and is_contended(error)
    pause = CONTENDED_PAUSE if lost_out else RETRY_AFTER * 2 ** (event.attempts_with_this - 1)
    with transaction(engine) as session:
        is_ours = inbox.put_off(
            session, event, until=None if is_last else now + pause, outcome=type(error).__name__
        )
    if not is_ours:
        return  # another worker has worked it since: it is well
    log.error(
        "event failed",
        exc_info=error,
        extra={"action": "alarm_event_parked" if is_last else "event_failed", "row": event.row_id},
    )
