"""LINE's side of the Messaging API, under /v2/bot: what the bot calls.

The name of a view is the name of its endpoint for ordered faults.  Every call is recorded with
its status, 0 when the connection broke without an answer.
"""

import json
from collections.abc import Callable
from hmac import compare_digest
from threading import Event
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.http import http_date

from bot.emulator import faults, sending
from bot.emulator.faults import AFTER, ANSWERS, Fault, FaultKind
from bot.emulator.limits import BODY_BYTES
from bot.emulator.sending import Answer, refused
from bot.emulator.state import Json, World

HANG_UP = "stand_in.hang_up"
"""Key in the WSGI environment of an Event that makes the server hang up instead of answering."""
RETRY_KEY = "X-Line-Retry-Key"
RETRIABLE = frozenset({"push", "multicast", "narrowcast", "broadcast"})
"""On any other endpoint the retry key itself is an error."""
NOT_FOUND = refused("Not found", 404)


def line_api(world: World, access_token: str, stopping: Event) -> Blueprint:
    """Return LINE's gate: every call passes its checks and ordered faults, and is recorded."""
    routes = Blueprint("line", __name__, url_prefix="/v2/bot")

    @routes.before_request
    def check() -> Response | None:
        with world.lock:
            g.request_id = world.ids.request()
            g.fault = faults.take(world.faults, endpoint())
        g.broken = False
        return _before(g.fault, stopping) or _refusal(access_token)

    @routes.after_request
    def record(response: Response) -> Response:
        response = _after(g.fault, response, stopping)
        response.headers["x-line-request-id"] = g.request_id
        with world.lock:
            response.headers["Date"] = http_date(world.instant())
            world.call_count += 1
            world.calls.append(_call(world, response))
        return response

    return routes


def add_sending(routes: Blueprint, world: World) -> None:
    """Add the calls that send messages, or check them only."""

    def send(decide: Callable[[World, sending.Request], Answer]) -> Response:
        made = sending.Request(
            endpoint(), json_body(), g.request_id, request.headers.get(RETRY_KEY)
        )
        try:
            with world.lock:
                return answered(decide(world, made))
        except RecursionError:
            return answered(refused("The request body is nested too deeply"))

    @routes.post("/message/reply")
    def reply() -> Response:
        return send(sending.reply)

    @routes.post("/message/push")
    def push() -> Response:
        return send(sending.push)

    @routes.post("/message/multicast")
    def multicast() -> Response:
        return send(sending.multicast)

    @routes.post("/message/validate/<any(reply, push, multicast, narrowcast, broadcast):_kind>")
    def validate(_kind: str) -> Response:
        return send(lambda _world, made: sending.validate(made.body))


def add_unknown(routes: Blueprint) -> None:
    """Answer 404 to every other path, through the same gate."""

    @routes.route("/<path:_path>", methods=["GET", "POST", "PUT", "DELETE"])
    def unknown(_path: str) -> Response:
        return answered(NOT_FOUND)


def endpoint() -> str:
    """Return the name of the endpoint being called."""
    return (request.endpoint or "").rpartition(".")[2]


def answered(answer: Answer) -> Response:
    """Return an answer as an HTTP response."""
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers.extend(answer.headers)
    return response


def json_body() -> Any:
    """Return the JSON of the call's body; None when it is none, which no check accepts."""
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None


def _refusal(access_token: str) -> Response | None:
    """Answer a call that LINE would not even look into."""
    given = request.headers.get("Authorization", "")
    if not compare_digest(given.encode(), f"Bearer {access_token}".encode()):
        return answered(refused(faults.UNAUTHORIZED, 401))
    if len(request.get_data()) > BODY_BYTES:
        return answered(refused("Request Entity Too Large", 413))
    if request.method == "POST" and request.get_data() and not request.is_json:
        return answered(refused("Unsupported Media Type", 415))
    if RETRY_KEY in request.headers and endpoint() not in RETRIABLE:
        return answered(refused(f"{RETRY_KEY} is not supported on this endpoint"))
    return None


def _before(fault: Fault | None, stopping: Event) -> Response | None:
    """Let a fault happen instead of the call; None goes on with it."""
    if fault is None or fault.kind in AFTER:
        return None
    if fault.kind is FaultKind.SLOW:
        stopping.wait(fault.ms / 1000)
        return None
    return _broken(fault, stopping)


def _after(fault: Fault | None, response: Response, stopping: Event) -> Response:
    """Let a fault happen to the answer of a call that was accepted."""
    if fault is None or fault.kind not in AFTER or g.broken:
        return response
    return _broken(fault, stopping)


def _broken(fault: Fault, stopping: Event) -> Response:
    g.broken = True
    if fault.kind in ANSWERS:
        status, message = ANSWERS[fault.kind]
        return answered(refused(message, status))
    if fault.kind in (FaultKind.HANG_BEFORE, FaultKind.TIMEOUT_AFTER):
        faults.hold_open(request.environ.get("werkzeug.socket"), fault.ms, stopping)
    request.environ[HANG_UP].set()
    return Response(status=204)


def _call(world: World, response: Response) -> Json:
    body = json_body()
    return {
        "seq": world.call_count,
        "at": world.instant().isoformat(),
        "endpoint": endpoint(),
        "method": request.method,
        "path": request.path,
        "body": body,
        "retryKey": request.headers.get(RETRY_KEY),
        "requestId": g.request_id,
        "status": 0 if request.environ[HANG_UP].is_set() else response.status_code,
        "fault": str(g.fault.kind) if g.fault else None,
        "answer": response.get_json(silent=True) if response.is_json else None,
    }
