"""How the bot is: alive, ready, and in figures; for the machine's own watch."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot import metrics
from bot.spool import Spool
from bot.wiring import House
from store import figures, outbox, schema, workers
from store.database import DatabaseError, Engine, transaction

BEAT_IS_OLD_AFTER = timedelta(seconds=60)
EVENT_IS_OLD_AFTER = timedelta(minutes=2)
"""An event that waits longer is worked by nobody."""
MESSAGE_IS_OLD_AFTER = timedelta(minutes=5)
"""One that LINE does not take is put off, and is not due meanwhile."""
ASK_AGAIN_SECONDS = 1.0
"""Answers are kept so long, so that no caller can make the database work by asking often."""

log = logging.getLogger(__name__)

Answer = tuple[str, int]


def health(house: House, spool: Spool) -> Blueprint:
    """Return the blueprint of `/healthz`, `/readyz` and `/metrics`."""
    blueprint = Blueprint("health", __name__)
    readiness = _kept(lambda: _ready(house.engine, house.clock()))
    figures_now = _kept(lambda: _metrics(house.engine, spool, house.clock()))

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("alive", mimetype="text/plain")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        text, status = readiness()
        return Response(text, status=status, mimetype="text/plain")

    @blueprint.get("/metrics")
    def prometheus() -> Response:
        text, status = figures_now()
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


def _kept(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """Return `ask` with its answer kept for a while; one caller at a time asks."""
    lock = Lock()
    kept: tuple[float, Answer] | None = None

    def answer() -> Answer:
        nonlocal kept
        with lock:
            if kept is None or time.monotonic() - kept[0] >= ASK_AGAIN_SECONDS:
                kept = (time.monotonic(), ask())
            return kept[1]

    return answer
