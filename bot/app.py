"""The Flask application: the webhook, files by link, and health."""

import logging
from collections.abc import Callable

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.health import health
from bot.keeping import Writer
from bot.pages import pages
from bot.spool import Spool
from bot.webhook import webhook
from bot.wiring import House
from store.inbox import InboxDoor

log = logging.getLogger(__name__)


def create_app(house: House, ring: Callable[[], None] = lambda: None) -> Flask:
    """Return the web application; `ring` is called when events were kept.

    `app.extensions["writer"]` keeps them: to be started after any fork, and stopped at the end.
    """
    app = Flask(__name__)
    settings = house.settings
    spool = Spool(settings.spool_folder, settings.spool_bytes)
    writer = Writer(InboxDoor(house.engine), spool, house.clock, ring)
    app.extensions["writer"] = writer
    app.wsgi_app = webhook(  # type: ignore[method-assign, assignment]  # Flask's place for it
        app.wsgi_app, writer, house.clock, settings.channel_secrets
    )
    app.register_blueprint(health(house, spool))
    app.register_blueprint(pages(house))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return Response(error.name, status=error.code or 500, mimetype="text/plain")
        log.exception("request failed", extra={"action": "request_failed"})
        return Response("internal error", status=500, mimetype="text/plain")

    return app
