"""The processes of a bench: the bot's by their command lines, others of the kit."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.bodies import SECRET
from tests.bench.places import Place

ROOT = Path(__file__).parents[2]
TOKEN = "bench-access-token"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60
END_SECONDS = 30


class DidNotStartError(Exception):
    """A process of the bench ended before it was ready; the message is the end of its log."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that runs, and the file that holds what it wrote on standard error."""

    process: subprocess.Popen[str]
    log: Path
    port: int = 0

    def memory(self) -> list[float]:
        """Return the resident memory in MB of the process and of each of its children."""
        return [mb for pid in family(self.process.pid) if (mb := resident_mb(pid)) is not None]

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def logged(self, action: str) -> list[dict[str, Any]]:
        """Return the log lines of that action."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines if f'"action": "{action}"' in line]


@contextmanager
def module(log: Path, env: Mapping[str, str], *command: str) -> Iterator[Running]:
    """Run `python -m COMMAND` until the block ends; standard output is a pipe."""
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # Its own group: Ctrl-C ends the bench, which ends the process in order.
            start_new_session=True,
        )
        try:
            yield Running(process, log)
        finally:
            _end(process)


@contextmanager
def listening(log: Path, env: Mapping[str, str], *command: str) -> Iterator[Running]:
    """Run a module with `--port` and a free port, and wait until somebody listens there."""
    port = free_port()
    with module(log, env, *command, "--port", str(port)) as running:
        _wait_for_port(port, running)
        yield Running(running.process, log, port)


@contextmanager
def bot(where: Place, command: str, *, line_url: str = "http://127.0.0.1:9") -> Iterator[Running]:
    """Run a command of the bot on that database: web, work or run.

    What serves is waited for at /healthz; `work` has no address and is only seen to be alive.
    """
    serves = command in ("web", "run")
    port = free_port()
    log = where.folder / f"{command}-{port}.log"
    listen = ("--listen", LOOPBACK) if serves else ()
    with module(log, bot_env(where, line_url, port), "bot", command, *listen) as running:
        if serves:
            _wait_for_port(port, running)
            ask(f"http://{LOOPBACK}:{port}/healthz")
        yield Running(running.process, log, port)


def bot_env(where: Place, line_url: str, port: int = 8000) -> dict[str, str]:
    """Return the environment of a process of the bot."""
    return {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_HOST": line_url,
        "LINE_DATA_HOST": line_url,
        "DATABASE_URL": where.url,
        "SPOOL_DIR": str(where.folder / "spool"),
        "PORT": str(port),
    }


@contextmanager
def quick_line(folder: Path, *, delay_ms: float = 0) -> Iterator[str]:
    """Run the minimal LINE; give its address."""
    options = ("--token", TOKEN, "--delay-ms", str(delay_ms))
    with module(folder / "line.log", {}, "tests.bench.quick_line", *options) as running:
        url = running.process.stdout.readline().strip() if running.process.stdout else ""
        if not url:
            raise DidNotStartError(last_words(running.log))
        yield url


def ask(url: str) -> str:
    """Return the body of a GET on this machine."""
    assert url.startswith(f"http://{LOOPBACK}:")
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def ledger(line_url: str) -> list[dict[str, Any]]:
    """Return all that the minimal LINE accepted, in order."""
    entries: list[dict[str, Any]] = json.loads(ask(f"{line_url}/ledger"))
    return entries


def counts(line_url: str) -> dict[str, Any]:
    """Return the minimal LINE's answers by endpoint and status, accepted, mostConnections."""
    found: dict[str, Any] = json.loads(ask(f"{line_url}/counts"))
    return found


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """Return a process and its children, by /proc."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        return []
    listed = [each.read_text() for each in tasks.glob("*/children")]
    return [pid, *(int(child) for line in listed for child in line.split())]


def resident_mb(pid: int, what: str = "VmRSS") -> float | None:
    """Return the resident memory of a process in MB (VmHWM: its peak); None when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith(f"{what}:")]
    return int(found[0]) / 1024 if found else None


def _wait_for_port(port: int, running: Running) -> None:
    give_up = time.monotonic() + START_SECONDS
    while running.is_alive() and time.monotonic() < give_up:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DidNotStartError(last_words(running.log))


def last_words(log: Path) -> str:
    """Return the last line that a process wrote on standard error."""
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else f"no word in {log.name}"


def _end(process: subprocess.Popen[str]) -> None:
    """End a process in order, and its whole group when it does not end."""
    process.terminate()
    try:
        process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()
