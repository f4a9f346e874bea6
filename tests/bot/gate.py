"""A gate between the bot and a PostgreSQL server, which tests open, shut or let go mute."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Gate:
    """Listens in a folder as the server does in its own, and passes bytes on while open."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder
        self._path, self._server = folder / SOCKET, server / SOCKET
        self._flows = {"asks": threading.Event(), "answers": threading.Event()}
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.open()

    def open(self) -> None:
        """Let everything pass, also what was held back."""
        for each in self._flows.values():
            each.set()
        if self._listener is None:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(self._path))
            self._listener.listen()
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def mute(self, *directions: str) -> None:
        """Take connections and bytes, and pass on nothing in these directions (all)."""
        for each in directions or tuple(self._flows):
            self._flows[each].clear()

    def cut(self) -> None:
        """Break every connection; new ones are taken."""
        pairs, self._pairs = self._pairs, []
        for each in pairs:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def shut(self) -> None:
        """Break every connection and take no new ones."""
        if self._listener is not None:
            self._path.unlink()
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()
        for each in self._flows.values():
            each.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._server))
            self._pairs += [client, server]
            for source, target, direction in (
                (client, server, "asks"),
                (server, client, "answers"),
            ):
                threading.Thread(
                    target=self._pass, args=(source, target, direction), daemon=True
                ).start()

    def _pass(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                self._flows[direction].wait()
                target.sendall(content)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        source.close()
