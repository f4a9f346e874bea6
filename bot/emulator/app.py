"""The stand-in for LINE as a Flask app: LINE's API, the control calls and the page."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from threading import Event

from flask import Flask, Response, jsonify, request

from bot.emulator.acts import ActError
from bot.emulator.api import add_sending, add_unknown, line_api
from bot.emulator.api_channel import add_channel, add_contents, add_numbers
from bot.emulator.api_chats import add_groups, add_people
from bot.emulator.control import PREFIX, setting
from bot.emulator.play import playing
from bot.emulator.state import World
from bot.emulator.webhooks import Webhooks


def create_app(
    *, bot_url: str, channel_secret: str, access_token: str, stopping: Event | None = None
) -> Flask:
    """Return the stand-in as a Flask app; `stopping` ends what faults hold open."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    world = World(bot_url)
    webhooks = Webhooks(world, channel_secret)
    line = line_api(world, access_token, stopping or Event())
    add_sending(line, world)
    add_people(line, world)
    add_groups(line, world, webhooks)
    add_numbers(line, world)
    add_contents(line, world)
    add_channel(line, world, webhooks)
    add_unknown(line)
    app.register_blueprint(line)
    app.register_blueprint(setting(world))
    app.register_blueprint(playing(world, webhooks))
    _add_page(app)
    _add_guards(app)
    return app


def _add_page(app: Flask) -> None:
    page = files("bot.emulator").joinpath("page.html").read_text(encoding="utf-8")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_inline_hash(page, 'script')}",
            f"style-src {_inline_hash(page, 'style')}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )

    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    @app.get("/")
    def show_page() -> Response:
        return Response(page, mimetype="text/html", headers=headers)


def _inline_hash(page: str, tag: str) -> str:
    """Return the source expression that allows the page's one element of this tag."""
    found = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    content = found[1] if found else ""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _add_guards(app: Flask) -> None:
    @app.before_request
    def refuse_other_sites() -> tuple[Response, int] | None:
        """Keep pages of other sites, open in the same browser, from playing here."""
        origin = request.headers.get("Origin")
        if request.path.startswith(PREFIX) and origin not in (None, request.host_url.rstrip("/")):
            return jsonify(error="this may be called from the stand-in's own page only"), 403
        return None

    @app.errorhandler(ActError)
    def refuse(error: ActError) -> tuple[Response, int]:
        return jsonify(error=str(error)), error.status
