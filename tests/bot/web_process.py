"""The web part as a process of its own, and raw bytes to and from it."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bot.queue_rows import SECRET

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds that a test waits at most, so that a busy machine fails no test."""


@dataclass(frozen=True, slots=True)
class Web:
    """A running `web`: its port, its database, and the file with its log."""

    port: int
    database: Path
    log: Path

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, request: bytes) -> bytes:
        """Send bytes; return all that comes until the server hangs up."""
        with self.open() as connection:
            connection.sendall(request)
            return everything(connection)

    def get(self, path: str = "/healthz") -> bytes:
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the other side hangs up."""
    read = bytearray()
    try:
        while piece := connection.recv(65536):
            read += piece
    except ConnectionResetError:
        # Hung up on while bytes were still on their way: what was said before counts.
        pass
    return bytes(read)


@contextmanager
def web_process(folder: Path, *, files: int | None = None, **env: str) -> Iterator[Web]:
    """Start `web` on a fresh SQLite file in that folder, ready when the block begins.

    `files` is how many files each of its processes may have open.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    web = Web(port, folder / "bot.sqlite3", folder / "web.log")
    env = {
        "PATH": os.environ["PATH"],
        "LINE_CHANNEL_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{web.database}",
        "SPOOL_DIR": str(folder / "spool"),
        "PORT": str(port),
        **env,
    }
    command = [sys.executable, "-m", "bot", "web", "--listen", "127.0.0.1"]
    with (
        web.log.open("wb") as log,
        # The usual mask, by which what is made can be read by all.
        subprocess.Popen(command, cwd=ROOT, env=env, stderr=log, umask=0o022) as own,
    ):
        try:
            if files is not None:
                resource.prlimit(own.pid, resource.RLIMIT_NOFILE, (files, files))
            wait_until_serving(web)
            yield web
        finally:
            own.terminate()


def wait_until_serving(web: Web) -> None:
    """Return when the process answers.

    Raises:
        TimeoutError: with its log, when it does not.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if b" 200 " in web.get("/healthz"):
                return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise TimeoutError(web.log.read_text("utf-8"))
