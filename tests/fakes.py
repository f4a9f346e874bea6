"""A LINE that keeps a transcript, for tests that are not about HTTP."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.emulator import limits
from bot.sending import NoContent, NoContentError, SendError, Sent, Trouble
from messages_th.parts import Open


@dataclass
class FakeLine:
    """Takes replies and pushes as LINE would, and refuses what exceeds its limits.

    `troubles` are raised one per call, before anything is taken; None lets a call pass.  What was
    refused by the limits is kept in `problems`: the bot lives with a refusal, so a test has to
    ask for them, or such a message would go unnoticed.  `files` are what people have sent, by
    the message's id, or why they cannot be had; `fetched` which of them were asked for.
    """

    sent: list[tuple[str, str, list[dict[str, Any]]]] = field(default_factory=list)
    troubles: list[SendError | None] = field(default_factory=list)
    retry_keys: list[str] = field(default_factory=list)
    problems: list[Any] = field(default_factory=list)
    files: dict[str, bytes | NoContent] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def reply(self, reply_token: str, messages: Sequence[dict[str, Any]]) -> Sent:
        return self._take("reply", reply_token, messages)

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> Sent:
        self.retry_keys.append(retry_key)
        return self._take("push", to, messages)

    def content(self, message_id: str) -> bytes:
        self.fetched.append(message_id)
        found = self.files[message_id]
        if isinstance(found, NoContent):
            raise NoContentError(found, "as ordered")
        return found

    def _take(self, how: str, to: str, messages: Sequence[dict[str, Any]]) -> Sent:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
        if problems := limits.problems(list(messages)):
            self.problems += problems
            raise SendError(Trouble.REFUSED, f"400 {problems}")
        self.sent.append((how, to, list(messages)))
        number = len(self.sent)
        return Sent(f"request-{number}", tuple(f"{number}-{i}" for i in range(len(messages))))


@dataclass
class Drawer:
    """Files as a handler keeps them, in memory."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, content: bytes) -> str:
        name = f"{len(self.files):032x}"
        self.files[name] = content
        return name

    def remove(self, name: str) -> None:
        self.files.pop(name, None)


def linked(button: Open) -> str:
    """Return a link that a button which fetches a file could open."""
    return f"https://ita.example.go.th/f/{button.what}{button.row_id}"


def reasons(records: Sequence[logging.LogRecord]) -> list[str]:
    """Return why acts were refused, as the log says it."""
    refused = [r for r in records if getattr(r, "action", "") == "act_refused"]
    return [str(getattr(each, "reason", "")) for each in refused]
