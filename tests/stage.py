"""A province on a real database, people who speak and tap, and what the bot says to them."""

import itertools
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import inbox as inbox_loop
from bot import outbox as outbox_loop
from bot.clock import bangkok_date, read_instant
from bot.desk import Desk
from bot.file_store import FileStore
from bot.links import Links
from bot.sending import NoContent
from bot.worker import tick
from handlers import codes
from handlers.holiday_calendar import working_calendar
from store import agencies
from store.database import Engine, transaction
from store.types import AgencyId, Invited, Role
from tests.bot.queue_rows import keep
from tests.fakes import FakeLine

GROUP = "C" + "a" * 32
FILES = Path(tempfile.gettempdir()) / f"ita-files-{os.getpid()}"
"""Where files of this process of the tests lie; it goes with the run (`tests.conftest`)."""


def new_desk() -> Desk:
    """Return a desk with a folder of its own, made when a file is put, below `FILES`."""
    folder = FILES / secrets.token_hex(8)
    return Desk(FileStore(folder), Links("k" * 32, "https://ita.example.go.th"), "@ita-test")


def user_id(name: str) -> str:
    """Return a LINE user id that belongs to a name."""
    return "U" + name.encode().hex()[:32].ljust(32, "0")


@dataclass
class Stage:
    """One test's world; `now` is Bangkok time on the way in and UTC inside."""

    engine: Engine
    now: datetime = field(default_factory=lambda: read_instant("2024-01-03T09:00"))
    line: FakeLine = field(default_factory=FakeLine)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    desk: Desk = field(default_factory=lambda: new_desk())

    def at(self, text: str) -> None:
        """Move the clock to an ISO time in Bangkok."""
        self.now = read_instant(text)

    def event(self, name: str, group: str = "", **event: Any) -> list[str]:
        """Let an event come in and be worked at once; return what the bot said to it."""
        number = next(self.numbers)
        source = {"type": "group" if group else "user"}
        source |= {"groupId": group} if group else {}
        source |= {"userId": user_id(name)} if name else {}
        raw = {
            "webhookEventId": f"event-{number}",
            "timestamp": int(self.now.timestamp() * 1000) + number,
            "mode": "active",
            "source": source,
            "replyToken": f"token-{number}",
            **event,
        }
        before = len(self.line.sent)
        keep(self.engine, raw, at=self.now)
        self.work()
        return said(self.line.sent[before:])

    def say(self, name: str, text: str, group: str = "", **message: Any) -> list[str]:
        """Let somebody write a text; return what the bot answered, a string per message."""
        return self.event(
            name,
            group,
            type="message",
            message={"type": "text", "id": "1", "text": text, **message},
        )

    def send_file(
        self, name: str, file_name: str, content: bytes | NoContent, group: str = "", **more: Any
    ) -> list[str]:
        """Let somebody send a file, or one that LINE does not give away; return the answers."""
        message_id = str(len(self.line.files) + 1)
        self.line.files[message_id] = content
        size = len(content) if isinstance(content, bytes) else 1
        message = {"type": "file", "id": message_id, "fileName": file_name, "fileSize": size}
        return self.event(name, group, type="message", message=message | more)

    def send_photo(
        self, name: str, content: bytes | NoContent, group: str = "", **more: Any
    ) -> list[str]:
        """Let somebody send a photo, or one that LINE does not give away; return the answers."""
        message_id = str(len(self.line.files) + 1)
        self.line.files[message_id] = content
        message = {"type": "image", "id": message_id, "contentProvider": {"type": "line"}}
        return self.event(name, group, type="message", message=message | more)

    def unsend(self, name: str, message_id: str, group: str = "") -> list[str]:
        """Let somebody take a message back."""
        return self.event(name, group, type="unsend", unsend={"messageId": message_id})

    @property
    def last_message_id(self) -> str:
        """The id of the message that the bot sent last, as LINE gave it."""
        return f"{len(self.line.sent)}-{len(self.line.sent[-1][2]) - 1}"

    def tap(self, name: str, data: str, group: str = "") -> list[str]:
        """Let somebody tap a postback button with that data."""
        return self.event(name, group, type="postback", postback={"data": data})

    def work(self) -> None:
        """Work events and send messages until none is due; no jobs ring."""
        while inbox_loop.answer_next(self.engine, self.line, now=self.now, desk=self.desk):
            pass
        calendar = working_calendar(bangkok_date(self.now))
        while outbox_loop.send_next(self.engine, self.line, calendar, now=self.now, desk=self.desk):
            pass
        assert self.line.problems == [], self.line.problems

    def tick(self) -> list[tuple[str, str]]:
        """Do one round of all a worker does; return (to, text) of what was pushed."""
        before = len(self.line.sent)
        tick(self.engine, self.line, at=self.now, desk=self.desk)
        assert self.line.problems == [], self.line.problems
        return [
            (to, text)
            for how, to, messages in self.line.sent[before:]
            if how == "push"
            for text in map(plain, messages)
        ]

    def code(self, role: Role | None, agency: str = "", district: str = "") -> str:
        """Return a fresh one-time code for that role in Chiang Mai."""
        with transaction(self.engine) as session:
            province = agencies.province_id(session, "เชียงใหม่")
            assert province is not None
            by_name = {each.name: each.agency_id for each in agencies.agencies(session, province)}
            districts = agencies.districts(session, province)
            invited = Invited(
                role,
                province,
                districts[district] if district else None,
                AgencyId(by_name[agency]) if agency else None,
            )
            return codes.invite(session, invited, now=self.now).code

    def follow(self, name: str) -> list[str]:
        """Let somebody add the bot as a friend, and so read what is kept; return the greeting."""
        return self.event(name, type="follow")

    def join(self, name: str, code: str) -> list[str]:
        """Let somebody add the bot and type a code; return what was answered to the code."""
        self.follow(name)
        return self.say(name, code)

    def officer(self, name: str, agency: str) -> None:
        """Let somebody join as officer of an agency (its full name)."""
        self.join(name, self.code(Role.OFFICER, agency))

    def executive(self, name: str, agency: str) -> None:
        """Let somebody join as executive of an agency (its full name)."""
        self.join(name, self.code(Role.EXECUTIVE, agency))

    def coordinator(self, name: str) -> None:
        """Let somebody join as coordinator of the province."""
        self.join(name, self.code(Role.COORDINATOR))

    def bound_group(self, coordinator: str) -> str:
        """Let the bot be invited to the group and the coordinator bind it; return its id."""
        self.event("", GROUP, type="join")
        self.say(coordinator, f"ผูกกลุ่ม {self.code(None)}", GROUP)
        return GROUP

    def buttons(self, label: str) -> list[str]:
        """Return the postback data of every button so labelled in what was sent last."""
        return [
            action["data"]
            for action in actions(self.line.sent[-1][2])
            if action["type"] == "postback" and action["label"] == label
        ]

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)


def actions(value: Any) -> list[dict[str, Any]]:
    """Return every action in message objects, in order."""
    if isinstance(value, list):
        return [found for each in value for found in actions(each)]
    if not isinstance(value, dict):
        return []
    own = [value["action"]] if isinstance(value.get("action"), dict) else []
    return own + [found for each in value.values() for found in actions(each)]


def plain(message: dict[str, Any]) -> str:
    """Return what a person reads of a message: its text, or every text of a card."""
    if message["type"] == "text":
        return str(message["text"])
    return "\n".join(texts(message["contents"]))


def texts(value: Any) -> list[str]:
    """Return every text component of a Flex container, in order."""
    if isinstance(value, list):
        return [found for each in value for found in texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "text" else []
    return own + [found for each in value.values() for found in texts(each)]


def unnumbered(said: list[str]) -> list[str]:
    """Return what the bot said without the receipts: their numbers count all that was done."""
    return [re.sub("\nเลขที่ [^\n]*$| · เลขที่ [๐-๙]+(?=\n|$)", "", each) for each in said]


def said(sent: list[tuple[str, str, list[dict[str, Any]]]]) -> list[str]:
    """Return the plain text of every message sent."""
    return [plain(message) for _, _, messages in sent for message in messages]
