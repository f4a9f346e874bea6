"""Running a command in a test as it is typed, and reading what it prints."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.settings import SETTINGS

Run = Callable[..., Result]


def environment(database_url: str, **env: str) -> dict[str, str]:
    """Return an environment with no settings but those named."""
    return {
        **dict.fromkeys((each.name for each in SETTINGS), ""),
        "DATABASE_URL": database_url,
        "LINE_API_HOST": "http://127.0.0.1:9",
        **env,
    }


def runner(database_url: str) -> Run:
    """Return what runs a command on that database; `typed` is what stands on standard input."""

    def run(*arguments: str, typed: str | io.BytesIO = "", **env: str) -> Result:
        with own_logging():
            return CliRunner().invoke(
                main, arguments, input=typed, env=environment(database_url, **env), prog_name="bot"
            )

    return run


@contextmanager
def own_logging() -> Iterator[None]:
    """Give a command a root logger to set up, and take it back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def as_json(result: Result) -> Any:
    """Return the one line of JSON that a command printed, and nothing else."""
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert result.stdout.endswith("\n")
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def refusal(result: Result) -> str:
    """Return the one sentence with which a command refused, having printed nothing else."""
    assert result.stdout == ""
    return sentence(result)


def sentence(result: Result) -> str:
    """Return the one sentence with which a command refused, whatever it showed before."""
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1
    assert isinstance(result.exception, SystemExit)
    return result.stderr.strip()
