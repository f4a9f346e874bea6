"""Files over HTTP: `GET /f/TOKEN` hands out what a signed link names, and nothing else.

Who follows a link is nobody known: the link is all that is believed, and what its reader may see
is asked of the database at that moment.  Every refusal looks the same.
"""

import logging
import threading

from flask import Blueprint, Response

from bot.file_store import FileStore
from bot.links import Links, Opened
from bot.wiring import House
from handlers import dispatch
from handlers.turn import KeptFile
from messages_th.downloads import LINK_IS_OVER
from store.database import DatabaseError, Engine, open_reading, transaction

AT_A_TIME = 4
"""Slow phones must not take up the threads that the webhook needs."""

log = logging.getLogger(__name__)


def pages(house: House) -> Blueprint:
    """Return the blueprint of the files."""
    blueprint = Blueprint("pages", __name__)
    links, files = Links.of(house.settings), FileStore(house.settings.files_folder)
    reading = open_reading(house.engine)
    places = threading.BoundedSemaphore(AT_A_TIME)

    @blueprint.get("/f/<token>")
    def fetch(token: str) -> Response:
        if not places.acquire(blocking=False):
            return Response("busy", status=503, headers={"Retry-After": "5"}, mimetype="text/plain")
        try:
            response = _answer(token)
        except BaseException:
            places.release()
            raise
        response.call_on_close(places.release)
        return response

    def _answer(token: str) -> Response:
        opened = links.read(token, now=house.clock())
        try:
            found = None if opened is None else _wanted(reading, house, opened)
        except DatabaseError as error:
            log.warning(
                "no file", extra={"action": "file_not_served", "reason": type(error).__name__}
            )
            return Response("the database does not answer", status=503, mimetype="text/plain")
        content = None if found is None else files.read(found.stored_as)
        if found is None or content is None:
            log.info("no file", extra={"action": "file_not_served", "reason": "not_found"})
            return Response(LINK_IS_OVER, status=404, mimetype="text/plain")
        log.info("file served", extra={"action": "file_served", "bytes": len(content)})
        return _download(found, content)

    return blueprint


def _wanted(engine: Engine, house: House, opened: Opened) -> KeptFile | None:
    with transaction(engine) as session:
        return dispatch.kept_file(
            session, opened.what, opened.row_id, opened.person_id, now=house.clock()
        )


def _download(found: KeptFile, content: bytes) -> Response:
    # Saved rather than shown, and never run: the bytes are somebody's.
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Content-Security-Policy": "sandbox",
    }
    return Response(content, mimetype=found.media_type, headers=headers)
