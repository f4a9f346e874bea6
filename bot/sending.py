"""What the worker's loops need of LINE, and how a refusal is told; free of the SDK."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Trouble(StrEnum):
    """Why a message was not accepted (LINE: status codes, error messages)."""

    UNREACHED = "unreached"
    """No connection: LINE certainly does not have it."""
    UNCERTAIN = "uncertain"
    """5xx, time-out, connection lost: LINE may have it."""
    RATE_LIMIT = "rate_limit"
    MONTHLY_LIMIT = "monthly_limit"
    UNAUTHORIZED = "unauthorized"
    TOKEN_DEAD = "token_dead"
    """The reply token was used or is too old."""
    REFUSED = "refused"
    """400, 403, 404, 410, 413, 415: for ever."""


class SendError(Exception):
    """LINE did not accept a message; `trouble` says what the outbox does about it."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Sent:
    """What LINE accepted: its request id and the ids of the messages."""

    request_id: str
    message_ids: tuple[str, ...]


class NoContent(StrEnum):
    """Why the bytes of a file that somebody sent were not had."""

    GONE = "gone"
    """404, 410: unsent, deleted or never there."""
    TOO_LARGE = "too_large"
    NOT_NOW = "not_now"
    """LINE was not reached, refused, or took too long: it may go well another time."""


class NoContentError(Exception):
    """The bytes of a file were not had; `why` says what the sender is told."""

    def __init__(self, why: NoContent, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why


class Contents(Protocol):
    """Where the bytes of what people sent are fetched from."""

    def content(self, message_id: str) -> bytes:
        """Return the bytes of a file, within `line_content.PATIENCE_SECONDS` in all.

        Raises:
            NoContentError: when they were not had.
        """


class Line(Contents, Protocol):
    """What a worker needs of LINE; tests hand in a stand-in that keeps a transcript."""

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        """Answer an event, free of charge.

        Raises:
            SendError: when it was not accepted.
        """

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        """Write to a user or group unasked, billed per recipient.

        Raises:
            SendError: when it was not accepted.
        """
