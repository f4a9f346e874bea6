"""What the doctor looks at and what it says: values without any judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from store.checkup import Kept


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    """The bot works, or may work; somebody should look."""
    FAIL = "fail"
    """The bot does not do its work until somebody acts."""
    BY_EYE = "by_eye"
    """LINE offers no call to read it: a person has to look."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do ("" where there is nothing)."""

    name: str
    verdict: Verdict
    found: str
    do: str = ""


class Silence(StrEnum):
    """Why LINE did not answer a question."""

    NOT_ASKED = "not_asked"
    """There is no token or no address to ask with."""
    NO_CONNECTION = "no_connection"
    NO_ANSWER = "no_answer"
    """The connection broke, or the time was over."""


@dataclass(frozen=True, slots=True)
class Heard:
    """LINE's answer to one question; status 0 where there was none, then `silence` says why.

    `line_clock` is the answer's own date, to the second, and `our_clock` when it was here.
    """

    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    silence: Silence | None = None
    line_clock: datetime | None = None
    our_clock: datetime | None = None

    @property
    def our_lead(self) -> timedelta | None:
        """How far our clock is ahead of LINE's, negative behind; None where LINE gave no date."""
        if self.line_clock is None or self.our_clock is None:
            return None
        return self.our_clock - self.line_clock


NOT_ASKED = Heard(silence=Silence.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Account:
    """What LINE tells about the account and its channel."""

    bot: Heard = NOT_ASKED
    webhook: Heard = NOT_ASKED
    webhook_test: Heard = NOT_ASKED
    quota: Heard = NOT_ASKED
    consumption: Heard = NOT_ASKED

    @property
    def answers(self) -> tuple[Heard, ...]:
        """All answers, in the order in which they are believed about what they share."""
        return (self.bot, self.webhook, self.quota, self.consumption, self.webhook_test)


class DatabaseState(StrEnum):
    """How far opening the database came."""

    OPEN = "open"
    """Reached, of this program's version, and takes changes."""
    NO_ADDRESS = "no_address"
    NO_FILE = "no_file"
    NOT_SQLITE = "not_sqlite"
    OLDER = "older"
    NEWER = "newer"
    READ_ONLY = "read_only"
    FAILED = "failed"
    SILENT = "silent"
    """No answer in time."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Where a SQLite file lies: its folder's free bytes and the file system's type ("" unknown)."""

    file: str
    free_bytes: int
    file_system: str


@dataclass(frozen=True, slots=True)
class Database:
    """The database as found; `why` names the error class where it failed.

    `disk` is there for a SQLite file only, `kept` for an open database only.
    """

    state: DatabaseState
    why: str = ""
    disk: Disk | None = None
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the doctor judges.  No secret is among them.

    `settings_problems` are sentences; `secrets_look_right` says of each channel secret whether it
    looks like one of LINE's; `line_host` is the address that LINE was asked at.
    """

    now: datetime
    settings_problems: tuple[str, ...]
    secrets_look_right: tuple[bool, ...]
    line_host: str
    public_url: str
    account: Account
    database: Database
