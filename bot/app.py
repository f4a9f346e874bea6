"""The Flask application: the webhook and health."""

import logging
from collections.abc import Callable

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.health import health
from bot.webhook import LARGEST_BODY, webhook
from bot.wiring import House

log = logging.getLogger(__name__)


def create_app(house: House, ring: Callable[[], None] = lambda: None) -> Flask:
    """Return the web application; `ring` is called when events were kept."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.register_blueprint(webhook(house.engine, house.clock, house.settings.channel_secrets, ring))
    app.register_blueprint(health(house))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return Response(error.name, status=error.code or 500, mimetype="text/plain")
        log.exception("request failed", extra={"action": "request_failed"})
        return Response("internal error", status=500, mimetype="text/plain")

    return app
