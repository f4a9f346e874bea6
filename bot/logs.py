"""Logging: one JSON line per event on standard error; ids, counts and durations, no contents.

What an exception says may hold what a person said (PostgreSQL quotes the row that it refuses), so
a traceback names places and kinds of errors, and repeats only what cannot hold any of it.  Should
a secret or a LINE id come along in spite of all, it is blacked out.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Collection
from typing import Any

from bot.clock import system_clock
from store.database import DatabaseError, reason_without_values

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; all else came in by `extra`."""
BLACK = "***"
SHORTEST_SECRET = 8
"""Characters: a shorter one would black out half of the log."""
LINE_ID = re.compile(r"\b([UCR])[0-9a-f]{32}\b")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, action and its figures.

    `secrets` are blacked out wherever they stand.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        written = {json.dumps(each)[1:-1] for each in secrets if len(each) >= SHORTEST_SECRET}
        self._secrets = sorted(written, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": system_clock().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in PLAIN},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # In ASCII: no letter of a name or a text can end a line or move a terminal's cursor.
        return self._blackened(json.dumps(line, ensure_ascii=True, default=str))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the base class's
        """Return where the exception and those that led to it came from, the first one first."""
        return "\n".join(map(_without_values, reversed(_chain(ei[1]))))

    def _blackened(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, BLACK)
        return LINE_ID.sub(rf"\1{BLACK}", line)


def set_up(level: int = logging.INFO, *, secrets: Collection[str] = ()) -> None:
    """Send every log record to standard error as JSON; a second call replaces the first."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Alembic and APScheduler tell every step at INFO.
    for noisy in ("alembic", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _without_values(error: BaseException) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{places}{kind}: {_harmless(error)}".removesuffix(": ")


def _harmless(error: BaseException) -> str:
    if isinstance(error, DatabaseError):
        return reason_without_values(error)
    return str(error.strerror or "") if isinstance(error, OSError) else ""
