"""The route that LINE calls: raw bytes → verified events → inbox or spool → 200, nothing else.

A plain WSGI callable in front of Flask: the framework's request, route and response would take
more time than all that is done here.
"""

import logging
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot import counters
from bot.clock import Clock
from bot.flood import Tally
from bot.keeping import Outcome, Writer
from bot.line_in import BadWebhookError, Signatures, split_batch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/callback"
LARGEST_BODY = 2 * 1024 * 1024
"""Bytes: the size that LINE itself allows for a request (status code 413)."""

log = logging.getLogger(__name__)

Answer = tuple[HTTPStatus, str]
OK: Answer = (HTTPStatus.OK, "ok")
FAILED: Answer = (HTTPStatus.INTERNAL_SERVER_ERROR, "internal error")
ANSWERS = {
    Outcome.KEPT: OK,
    Outcome.SPOOLED: OK,
    Outcome.FULL: (HTTPStatus.SERVICE_UNAVAILABLE, "try again later"),
    Outcome.FAILED: FAILED,
}
UNKEPT = {Outcome.FULL: counters.SPOOL_FULL, Outcome.FAILED: counters.FAILED}


class TooLargeError(Exception):
    """The body is longer than LINE sends any."""


class CutShortError(Exception):
    """The body ended before its end, or came in chunks that are none."""


def webhook(
    inner: "WSGIApplication", writer: Writer, clock: Clock, channel_secrets: Iterable[str]
) -> "WSGIApplication":
    """Return an application that answers `POST /callback` and leaves all else to `inner`."""
    signatures, unsigned = Signatures(channel_secrets), Tally()

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return inner(environ, start_response)
        began = time.perf_counter()
        status, text = _answer(environ, signatures, unsigned, writer, clock)
        content = text.encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(content))),
        ]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        start_response(f"{status.value} {status.phrase}", headers)
        counters.SECONDS.observe(time.perf_counter() - began)
        return [content]

    return serve


def _answer(
    environ: "WSGIEnvironment",
    signatures: Signatures,
    unsigned: Tally,
    writer: Writer,
    clock: Clock,
) -> Answer:
    if environ["REQUEST_METHOD"] != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED, "Method Not Allowed"
    try:
        body = _read(environ)
        if not signatures.is_signed(body, environ.get("HTTP_X_LINE_SIGNATURE")):
            return _refuse_unsigned(unsigned)
        return _take_in(body, writer, clock)
    except TooLargeError:
        counters.TOO_LARGE.inc()
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large"
    except CutShortError:
        counters.BAD_BODY.inc()
        return HTTPStatus.BAD_REQUEST, "Bad Request"
    except BadWebhookError as error:
        counters.BAD_BODY.inc()
        log.warning("body refused", extra={"action": "body_refused", "reason": str(error)})
        return HTTPStatus.BAD_REQUEST, "not a webhook body"
    except Exception:
        counters.FAILED.inc()
        log.exception("request failed", extra={"action": "request_failed"})
        return FAILED


def _refuse_unsigned(unsigned: Tally) -> Answer:
    counters.BAD_SIGNATURE.inc()
    if count := unsigned.add(now=time.monotonic()):
        log.warning("signature refused", extra={"action": "signature_refused", "count": count})
    return HTTPStatus.UNAUTHORIZED, "signature refused"


def _take_in(body: bytes, writer: Writer, clock: Clock) -> Answer:
    events, malformed = split_batch(body, received_at=clock())
    if malformed:
        counters.MALFORMED.inc(malformed)
        log.warning("no events", extra={"action": "event_malformed", "count": malformed})
    if not events:
        return OK
    outcome = writer.keep(events)
    if outcome in UNKEPT:
        UNKEPT[outcome].inc()
    return ANSWERS[outcome]


def _read(environ: "WSGIEnvironment") -> bytes:
    """Return the body.

    Raises:
        TooLargeError: before anything is read where the length is told, else at the limit.
        CutShortError: when it does not come whole.
    """
    try:
        return _read_whole(environ)
    except TooLargeError:
        raise
    except Exception as error:  # of the server's own kinds
        raise CutShortError from error


def _read_whole(environ: "WSGIEnvironment") -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        if int(length) > LARGEST_BODY:
            raise TooLargeError
        return bytes(environ["wsgi.input"].read(int(length)))
    # In chunks, whose end the server knows; without either there is no body.
    if not environ.get("wsgi.input_terminated"):
        return b""
    body = bytes(environ["wsgi.input"].read(LARGEST_BODY + 1))
    if len(body) > LARGEST_BODY:
        raise TooLargeError
    return body
