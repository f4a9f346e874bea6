"""What is decided about a queued message at the moment of sending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages_th.parts import Part


@dataclass(frozen=True, slots=True)
class SendNow:
    """The message as it is to be sent now."""

    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class SendLater:
    """Not now: offices are closed until that instant (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class DoNotSend:
    """Not at all, for that reason."""

    reason: str


Decision = SendNow | SendLater | DoNotSend
