"""Werkzeug's threaded server with HTTP/1.1 keep-alive, on the loopback interface only."""

import socket
from contextlib import suppress
from io import BytesIO
from threading import Event, Lock
from typing import Any

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

from bot.emulator.api import HANG_UP

LOOPBACK = "127.0.0.1"


class PortTakenError(OSError):
    """The port cannot be listened on.  Choose another, or stop the program that has it."""


class KeepAliveHandler(WSGIRequestHandler):
    """Answers and keeps the connection, which Werkzeug's own handler always closes.

    It can, because it reads the whole body before the app runs and sends the answer at once.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request, or hang up when the app asks for that."""
        environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self._read_body(environ))
        environ[HANG_UP] = hang_up = Event()
        response = Response.from_app(self.server.app, environ, buffered=True)
        if hang_up.is_set():
            self.close_connection = True
            return
        self.send_response_only(response.status_code)
        if "Date" not in response.headers:
            self.send_header("Date", self.date_time_string())
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.get_data())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the page asks every second, and calls are recorded anyway."""

    def _read_body(self, environ: dict[str, Any]) -> bytes:
        body = environ["wsgi.input"]
        if isinstance(body, DechunkedInput):
            return body.read()
        return bytes(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))


class KeepAliveServer(ThreadedWSGIServer):
    """Serves a WSGI app on a port of the loopback interface; port 0 takes a free one.

    Raises:
        PortTakenError: when the port cannot be listened on.
    """

    def __init__(self, port: int, app: Any) -> None:
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        with _listening(port) as listening:
            taken = listening.getsockname()[1]
            super().__init__(LOOPBACK, taken, app, KeepAliveHandler, fd=listening.fileno())

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, remembered as long as it lasts."""
        with self._lock:
            self._connections.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.discard(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        with self._lock:
            for connection in self._connections:
                # The client may have gone in the meantime.
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listening.close()
        why = error.strerror if isinstance(error, OSError) else error
        raise PortTakenError(
            f"Port {port} of {LOOPBACK} cannot be listened on ({why}):"
            " choose another one with --port."
        ) from error
    listening.listen(128)
    return listening
