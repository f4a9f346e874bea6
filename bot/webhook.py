"""The route that LINE calls: raw bytes → verified events → inbox → 200, and nothing else."""

import logging
import time
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from bot.clock import Clock
from bot.flood import Tally
from bot.line_in import BadWebhookError, is_signed, split_batch
from store import inbox
from store.database import Engine, transaction

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes: the size that LINE itself allows for a request (status code 413)."""

log = logging.getLogger(__name__)


def webhook(
    engine: Engine, clock: Clock, channel_secrets: tuple[str, ...], ring: Callable[[], None]
) -> Blueprint:
    """Return the blueprint of `POST /callback`; `ring` wakes the worker once events are kept."""
    blueprint = Blueprint("webhook", __name__)
    unsigned = Tally()

    @blueprint.post("/callback")
    def callback() -> Response:
        body = request.get_data(cache=False)
        # A body without a length is cut at the limit: one byte more raises 413.
        request.stream.read(1)
        if not is_signed(body, request.headers.get("X-Line-Signature"), channel_secrets):
            if count := unsigned.add(now=time.monotonic()):
                log.warning(
                    "signature refused", extra={"action": "signature_refused", "count": count}
                )
            return _plain("signature refused", 401)
        try:
            events, malformed = split_batch(body, received_at=clock())
        except BadWebhookError as error:
            log.warning("body refused", extra={"action": "body_refused", "reason": str(error)})
            return _plain("not a webhook body", 400)
        if malformed:
            log.warning("no events", extra={"action": "event_malformed", "count": malformed})
        if events:
            with transaction(engine) as session:
                kept = inbox.keep_events(session, events)
            log.info("kept", extra={"action": "events_kept", "count": kept})
            ring()
        return _plain("ok", 200)

    return blueprint


def _plain(text: str, status: int) -> Response:
    return current_app.response_class(text, status=status, mimetype="text/plain")
