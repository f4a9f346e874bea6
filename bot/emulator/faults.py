"""Faults that can be ordered for the next calls of an endpoint, as a network has them.

"Before" means that LINE did not accept the call, "after" that it did and the answer got lost.
"""

import select
import socket
from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Any

RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
MONTHLY_LIMIT = "You have reached your monthly limit."
UNAUTHORIZED = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)
ANY_ENDPOINT = "*"
GIVE_UP_AFTER_MS = 60_000
"""How long an unanswered call is held open, in milliseconds, when the order does not say."""


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    INTERNAL_ERROR = "500"
    BAD_GATEWAY = "502"
    RATE_LIMIT = "429"
    MONTHLY_LIMIT = "429-monthly"
    UNAUTHORIZED = "401"
    BAD_REQUEST = "400"
    NOT_FOUND = "404"
    ERROR_AFTER = "500-after"
    TIMEOUT_AFTER = "timeout-after"
    HANG_BEFORE = "hang-before"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    SLOW = "slow"


ANSWERS: dict[FaultKind, tuple[int, str]] = {
    FaultKind.INTERNAL_ERROR: (500, "Internal Server Error"),
    FaultKind.BAD_GATEWAY: (502, "Bad Gateway"),
    FaultKind.RATE_LIMIT: (429, RATE_LIMIT),
    FaultKind.MONTHLY_LIMIT: (429, MONTHLY_LIMIT),
    FaultKind.UNAUTHORIZED: (401, UNAUTHORIZED),
    FaultKind.BAD_REQUEST: (400, "Bad Request"),
    FaultKind.NOT_FOUND: (404, "Not found"),
    FaultKind.ERROR_AFTER: (500, "Internal Server Error"),
}
"""Status and message of the kinds that answer; the others break the connection or delay."""

AFTER = frozenset({FaultKind.ERROR_AFTER, FaultKind.TIMEOUT_AFTER, FaultKind.DROP_AFTER})
"""The kinds whose call is accepted and recorded first."""


@dataclass(slots=True)
class Fault:
    """An order: the next `times` calls of this endpoint ("*": of any) go wrong this way.

    `ms` is the delay of SLOW, or how long the call is held open, in milliseconds.
    """

    endpoint: str
    kind: FaultKind
    times: int
    ms: int

    def to_json(self) -> dict[str, Any]:
        """Return the order as the control interface shows it."""
        return {
            "endpoint": self.endpoint,
            "kind": str(self.kind),
            "times": self.times,
            "ms": self.ms,
        }


def take(faults: list[Fault], endpoint: str) -> Fault | None:
    """Use up one call of the oldest order for this endpoint; None when there is none."""
    for fault in faults:
        if fault.endpoint in (endpoint, ANY_ENDPOINT):
            fault.times -= 1
            if not fault.times:
                faults.remove(fault)
            return fault
    return None


def hold_open(connection: socket.socket | None, at_most_ms: int, stopping: Event) -> None:
    """Wait until the client hangs up, the time is over, or the server stops."""
    for _ in range(max(1, at_most_ms // 20)):
        if stopping.wait(0.02) or (connection is not None and _hung_up(connection)):
            return


def _hung_up(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    if not readable:
        return False
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True
