"""Reads the JSON body of a control call: each value by name and kind, or a clear refusal."""

import json
from datetime import datetime
from typing import Any, TypeVar

from bot.emulator.acts import ActError
from bot.emulator.state import Json

T = TypeVar("T")


class Asked:
    """The values of one control call.

    Raises:
        ActError: by every method, when a value is missing or of another kind.
    """

    def __init__(self, raw: bytes) -> None:
        try:
            body = json.loads(raw or b"{}")
            # A lone half of a surrogate pair could not be sent on in a webhook.
            json.dumps(body, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ActError("the body is not JSON in UTF-8") from None
        if not isinstance(body, dict):
            raise ActError("the body is not a JSON object")
        self._body: Json = body

    def text(self, name: str) -> str:
        """Return a text that must be given and not be empty."""
        value = self._body.get(name)
        if not isinstance(value, str) or not value:
            raise ActError(f"{name} must be a text")
        return value

    def maybe(self, name: str, kind: type[T]) -> T | None:
        """Return a value of this kind, or None when it is not given or null."""
        value = self._body.get(name)
        if value is None:
            return None
        kinds = (int, float) if kind is float else kind
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise ActError(f"{name} must be a {kind.__name__}")
        return kind(value)  # type: ignore[call-arg]

    def given(self, name: str, kind: type[T], *, default: T) -> T:
        """Return a value of this kind, or the default when it is not given."""
        value = self.maybe(name, kind)
        return default if value is None else value

    def has(self, name: str) -> bool:
        """Whether the body names it, be it null."""
        return name in self._body

    def anything(self, name: str) -> Any:
        """Return what was given as it is; None when nothing was."""
        return self._body.get(name)

    def items(self) -> list[tuple[str, Any]]:
        """Return everything that was given."""
        return list(self._body.items())

    def instant(self, name: str) -> datetime | None:
        """Return a moment given in ISO 8601 with its zone, or None when it is null."""
        text = self.maybe(name, str)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ActError(f"{name} must be a moment in ISO 8601") from None
        if moment.tzinfo is None:
            raise ActError(f"{name} must have a zone, as in 2027-01-05T09:00:00+07:00")
        return moment
