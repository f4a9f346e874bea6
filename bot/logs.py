"""Logging: one JSON line per event on standard error; ids, counts and durations, no contents."""

import json
import logging
import sys

from bot.clock import system_clock

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; all else came in by `extra`."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, action and its figures."""

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
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: int = logging.INFO) -> None:
    """Send every log record to standard error as JSON; to be called once per process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Alembic and APScheduler tell every step at INFO.
    for noisy in ("alembic", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
