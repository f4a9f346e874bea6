"""Serves the web part under gunicorn, alone or with the worker's threads in the same process."""

import errno
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot import logs
from bot.app import create_app
from bot.desk import Desk
from bot.flood import Refusals, with_refusals_limited
from bot.headers import with_security_headers
from bot.keeping import Writer
from bot.settings import Settings
from bot.spool import Spool
from bot.wiring import build, line_client
from bot.worker import Worker
from store import schema
from store.database import DatabaseError, is_away, open_reading, reason_without_values

PROCESSES, THREADS = 1, 16
"""One process, on PostgreSQL too: its writer commits for all sixteen, where two processes with
eight threads each make twice the commits (on two cores 860 calls a second against 1,399)."""
CONNECTIONS = 250
"""How many may be open at once, well below the usual limit of 1,024 files; others wait."""
GRACE_SECONDS = 10
"""How long a request or a message in hand may take to finish when the process is asked to end."""

NARROW = {
    "limit_request_line": 1024,
    "limit_request_fields": 50,
    "limit_request_field_size": 4096,
}
"""Bytes of the request line, number of headers, bytes of each: LINE and a proxy need far less."""

log = logging.getLogger(__name__)


class PortTakenError(Exception):
    """Another program listens on the port: stop it or set PORT."""


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make, self._options = make, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        # In the worker process, after the fork: engine and connections are its own.
        return guarded(self._make())


def guarded(app: WSGIApplication) -> WSGIApplication:
    """Return the application as it may stand in the open; nothing is to be wrapped around it."""
    return with_security_headers(with_refusals_limited(app, Refusals()))


def serve(settings: Settings, *, with_worker: bool, listen: str = "0.0.0.0") -> None:
    """Serve until the process is asked to end; with the worker, in one process.

    Raises:
        PortTakenError: when the port is in use.
        SchemaError: when the database is there, and not at this program's version.
        SpoolFolderError: when the spool cannot be written.
    """
    _make_sure_free(listen, settings.port)
    Spool(settings.spool_folder, settings.spool_bytes).make_sure()
    _refuse_other_version(settings)
    to_stop: list[Worker | Writer] = []

    def make() -> Flask:
        logs.set_up(secrets=settings.secrets)
        house = build(settings)
        if with_worker:
            worker = Worker(house.engine, line_client(settings), house.clock, Desk.of(settings))
            # A process that is started anew while the database is away spools from the first call.
            worker.start_when_there()
            app = create_app(house, ring=worker.ring)
        else:
            app = create_app(house)
        writer: Writer = app.extensions["writer"]
        writer.start()
        to_stop.extend([writer, worker] if with_worker else [writer])
        return app

    def stop_all(_arbiter: object, _process: object) -> None:
        # Side by side, as gunicorn ends a process that takes longer than the grace.
        farewells = [threading.Thread(target=each.stop) for each in to_stop]
        for thread in farewells:
            thread.start()
        for thread in farewells:
            thread.join()

    options = {
        "bind": f"{listen}:{settings.port}",
        "workers": PROCESSES,
        "worker_class": "bot.http_worker.HttpWorker",
        "logger_class": "bot.http_worker.JsonLog",
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        **NARROW,
        # Nothing that a proxy adds is needed; what a stranger sends through it must not count.
        "forwarded_allow_ips": "",
        "graceful_timeout": GRACE_SECONDS,
        "worker_exit": stop_all,
        "control_socket_disable": True,
        "loglevel": "warning",
    }
    _Server(make, options).run()


def _refuse_other_version(settings: Settings) -> None:
    engine = build(settings).engine
    try:
        schema.check(open_reading(engine))
    except DatabaseError as error:
        if not is_away(error):
            raise
        # To wait for it would lose what LINE sends meanwhile, and that can be spooled.
        reason = reason_without_values(error)
        log.warning("database away", extra={"action": "database_away", "reason": reason})
    finally:
        engine.dispose()


def _make_sure_free(listen: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else "cannot be opened"
            raise PortTakenError(
                f"Port {port} {why}: stop the program that uses it, or set PORT to another."
            ) from error
