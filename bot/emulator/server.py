"""Runs the stand-in for LINE as an HTTP server of its own, on the loopback interface only."""

from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from bot.emulator.app import create_app
from bot.emulator.http_server import LOOPBACK, KeepAliveServer

POLL_SECONDS = 0.02


class Server:
    """A stand-in that listens; `url` is its address.

    Raises:
        PortTakenError: when somebody else listens on the port; port 0 takes a free one.
    """

    def __init__(self, *, port: int, bot_url: str, channel_secret: str, access_token: str) -> None:
        self._stopping = Event()
        app = create_app(
            bot_url=bot_url,
            channel_secret=channel_secret,
            access_token=access_token,
            stopping=self._stopping,
        )
        self._server = KeepAliveServer(port, app)
        self.port = self._server.port
        self.url = f"http://{LOOPBACK}:{self.port}"

    def run(self) -> None:
        """Serve until `stop` is called or the process is interrupted."""
        self._server.serve_forever(poll_interval=POLL_SECONDS)

    def stop(self) -> None:
        """End `run`, and every connection that a fault holds open."""
        self._stopping.set()
        self._server.shutdown()
        self._server.hang_up()


class InThread:
    """A stand-in that serves from a thread of this process; leaving the context stops it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread = Thread(target=server.run, name="line-stand-in", daemon=True)
        self._thread.start()
        self.url = server.url

    def stop(self) -> None:
        """Stop serving; harmless when it is stopped already."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(
    *,
    port: int,
    bot_url: str,
    channel_secret: str,
    access_token: str,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until interrupted; `ready` is told the port once calls are taken.

    Raises:
        PortTakenError: when somebody else listens on the port; port 0 takes a free one.
    """
    server = Server(
        port=port, bot_url=bot_url, channel_secret=channel_secret, access_token=access_token
    )
    if ready is not None:
        ready(server.port)
    server.run()


def in_thread(*, bot_url: str, channel_secret: str, access_token: str, port: int = 0) -> InThread:
    """Start a stand-in in a thread and return it, a context manager with `url` and `stop()`.

    Raises:
        PortTakenError: when somebody else listens on the port; port 0 takes a free one.
    """
    return InThread(
        Server(port=port, bot_url=bot_url, channel_secret=channel_secret, access_token=access_token)
    )
