"""The processes of a demonstration: the stand-in for LINE and the webhook, on free ports."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings, with_environment

SECRET, TOKEN = "demo-channel-secret", "demo-access-token"
LOOPBACK = "127.0.0.1"
START_SECONDS = 30


class DidNotStartError(Exception):
    """A process of the demonstration ended before it was ready; the message is its own, if any."""


@dataclass(frozen=True, slots=True)
class Running:
    """The running demonstration: settings for a worker, the stand-in's address, the webhook."""

    settings: Settings
    line_url: str
    web: subprocess.Popen[str]
    env: Mapping[str, str]
    """With which the webhook was started."""


@contextmanager
def running(database: Path, *, line_port: int = 0) -> Iterator[Running]:
    """Start the stand-in and the webhook on an SQLite file, and end both with the block.

    `line_port` 0 takes a free one.

    Raises:
        DidNotStartError: when one of them cannot start, such as on a port in use.
    """
    web_port = _free_port()
    env = with_environment(
        {
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "DATABASE_URL": f"sqlite:///{database}",
            "SPOOL_DIR": str(database.with_suffix(".spool")),
            "FILES_DIR": str(database.with_suffix(".files")),
            "LINE_BOT_ID": "@ita-demo",
            "PORT": str(web_port),
            "PUBLIC_URL": f"http://{LOOPBACK}:{web_port}",
        }
    )
    bot_url = f"http://{LOOPBACK}:{web_port}/callback"
    address = ("--port", str(line_port), "--bot-url", bot_url)
    line_log = database.with_suffix(".line.log")
    with _process(env, "bot.emulator", *address, log=line_log) as line:
        line_url = _announced_url(line, line_log)
        env |= {"LINE_API_HOST": line_url, "LINE_DATA_HOST": line_url}
        log = database.with_suffix(".log")
        with webhook(env, log) as web:
            yield Running(Settings.from_env(env), line_url, web, env)


@contextmanager
def webhook(env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the webhook with that environment, ready when the block begins, ended with it.

    Raises:
        DidNotStartError: when it cannot start; `log` holds what it said.
    """
    with _process(env, "bot", "web", "--listen", LOOPBACK, log=log) as web:
        _wait_for(f"http://{LOOPBACK}:{env['PORT']}/healthz", web)
        yield web


@contextmanager
def _process(
    env: Mapping[str, str], module: str, *args: str, log: Path
) -> Iterator[subprocess.Popen[str]]:
    with ExitStack() as stack:
        errors = stack.enter_context(log.open("a", encoding="utf-8"))
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", module, *args],
                env=env,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # Its own group: Ctrl-C ends the demonstration, which ends the process in order.
                start_new_session=True,
            )
        )
        stack.callback(process.terminate)
        yield process


def _announced_url(process: subprocess.Popen[str], log: Path) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if "http" not in line:
        last_words = log.read_text("utf-8").strip().splitlines()[-1:]
        raise DidNotStartError(*last_words or ["The LINE stand-in did not start."])
    return line[line.index("http") :].strip().rstrip("/")


def _wait_for(url: str, process: subprocess.Popen[str]) -> None:
    # The kernel queues the connection as soon as the socket listens; before that it is refused.
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=START_SECONDS):
                return
        except OSError:
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
    raise DidNotStartError("The webhook did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
