"""Security headers on every answer of the web process, whatever its status.

The bot has no pages: a browser that is lured to it may run, load, frame and remember nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# Named here, as what stands in the signature of an inner function is worked out at each call.
Headers = list[tuple[str, str]]
Write = Callable[[bytes], object]

SECURITY_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), clipboard-read=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    # Always: who stands in front is not known here, browsers pass it over on plain HTTP, and the
    # webhook cannot be had without HTTPS.  Other hosts of the domain are none of ours.
    ("Strict-Transport-Security", "max-age=31536000"),
)


def with_security_headers(app: WSGIApplication) -> WSGIApplication:
    """Return the application with the headers on each of its answers; to be the outermost."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, exc_info: Any = None, /) -> Write:
            return start_response(status, [*headers, *SECURITY_HEADERS], exc_info)

        return app(environ, start)

    return answer
