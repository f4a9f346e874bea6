"""The people's side of the stand-in for LINE, over HTTP: they speak, tap and are read."""

import json
import urllib.request
from datetime import datetime
from typing import Any


class LineWorld:
    """What people do in LINE, and what is seen there; ids are the stand-in's."""

    def __init__(self, url: str) -> None:
        self._url = url

    def set_clock(self, at: datetime) -> None:
        """Stop the stand-in's clock at an instant."""
        self.act("clock", now=at.isoformat())

    def clock(self) -> datetime:
        """Return the stand-in's present instant."""
        return datetime.fromisoformat(self.read("state")["now"])

    def act(self, call: str, **body: Any) -> Any:
        """Do what a control call names; see docs/emulator.md."""
        request = urllib.request.Request(
            f"{self._url}/stand-in/{call}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        return _opened(request)

    def read(self, what: str) -> Any:
        """Return what the stand-in shows of itself."""
        return _opened(urllib.request.Request(f"{self._url}/stand-in/{what}"))

    def chat(self, chat_id: str) -> list[dict[str, Any]]:
        """Return a chat as people see it, oldest first; a 1:1 chat is named by the user's id."""
        entries: list[dict[str, Any]] = self.read(f"transcript?chat={chat_id}")
        return entries

    def ledger(self) -> list[dict[str, Any]]:
        """Return every message that LINE took from the bot."""
        entries: list[dict[str, Any]] = self.read("ledger")["entries"]
        return entries


def _opened(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
