"""How the bot is: alive, ready, and in figures; for the machine's own watch."""

import logging
from datetime import datetime, timedelta

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot import metrics
from bot.asking import Answer, Question
from bot.spool import Spool
from bot.wiring import House
from store import figures, outbox, schema, workers
from store.database import DatabaseError, Engine, open_reading, transaction

BEAT_IS_OLD_AFTER = timedelta(seconds=60)
EVENT_IS_OLD_AFTER = timedelta(minutes=2)
"""An event that waits longer is worked by nobody."""
MESSAGE_IS_OLD_AFTER = timedelta(minutes=5)
"""One that LINE does not take is put off, and is not due meanwhile."""
READY_WITHIN_SECONDS = 1.0
FIGURES_WITHIN_SECONDS = 3.0
"""With a million rows they take one or two."""

log = logging.getLogger(__name__)


def health(house: House, spool: Spool) -> Blueprint:
    """Return the blueprint of `/healthz`, `/readyz` and `/metrics`."""
    blueprint = Blueprint("health", __name__)
    # The engine of the house lends one connection at a time, and waits for SQLite's write lock:
    # who asks how the bot is must not take up the threads that the webhook needs.
    reading = open_reading(house.engine)
    readiness = Question(
        lambda: _ready(reading, house.clock()), _unanswered, patience=READY_WITHIN_SECONDS
    )
    figures_now = Question(
        lambda: _metrics(reading, spool, house.clock()),
        lambda: (metrics.of_process(spool).decode(), 200),
        patience=FIGURES_WITHIN_SECONDS,
        kept_times=5,  # whole tables are counted, and anybody may ask
    )

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("alive", mimetype="text/plain")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        text, status = readiness.answer()
        return Response(text, status=status, mimetype="text/plain")

    @blueprint.get("/metrics")
    def prometheus() -> Response:
        text, status = figures_now.answer()
        return Response(text, status=status, content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _ready(engine: Engine, now: datetime) -> Answer:
    try:
        schema.check(engine)
        with transaction(engine) as session:
            beat = workers.last_beat(session)
            waits_since = figures.oldest_waiting_event(session)
            due_since = figures.oldest_due_message(session, at=now)
            is_stopped = bool(outbox.stops(session, at=now))
    except (DatabaseError, schema.SchemaError) as error:
        log.warning("not ready", extra={"action": "not_ready", "reason": type(error).__name__})
        return "database not ready", 503
    if beat is not None and now - beat > BEAT_IS_OLD_AFTER:
        log.warning("not ready", extra={"action": "not_ready", "reason": "no heartbeat"})
        return "no worker has been heard of for a minute", 503
    if waits_since is not None and now - waits_since > EVENT_IS_OLD_AFTER:
        log.warning("not ready", extra={"action": "not_ready", "reason": "events wait"})
        return "events wait, and nobody works them", 503
    if due_since is not None and now - due_since > MESSAGE_IS_OLD_AFTER and not is_stopped:
        log.warning("not ready", extra={"action": "not_ready", "reason": "messages wait"})
        return "messages wait, and nobody sends them", 503
    return "ready", 200


def _metrics(engine: Engine, spool: Spool, now: datetime) -> Answer:
    try:
        return metrics.exposition(engine, spool, now=now).decode(), 200
    except DatabaseError as error:
        log.warning("no figures", extra={"action": "not_ready", "reason": type(error).__name__})
        # The spool is what one wants to see just then.
        return metrics.of_process(spool).decode(), 200


def _unanswered() -> Answer:
    return "the database does not answer", 503
