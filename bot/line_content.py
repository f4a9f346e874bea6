"""Fetches the bytes of a file that somebody sent: from LINE's data host alone, in one bounded go.

The SDK's blob client reads a whole body into memory, however long it is, and waits for ever; so
this is urllib3 with a cap and a deadline.  Source: Messaging API reference, "Get content".
"""

import time

import urllib3

from bot.sending import NoContent, NoContentError

MOST_BYTES = 10 * 1024 * 1024
"""As `handlers.plan_files.readers.MOST_BYTES`: of a longer file nothing is kept."""
PATIENCE_SECONDS = 10.0
"""For all of it, asking again after a 202 included: events of others wait meanwhile."""
CONNECT_SECONDS = 3.0
PENDING_RESTS_SECONDS = 0.5
"""Between two questions while LINE is still preparing the file (202)."""
CHUNK_BYTES = 64 * 1024


class LineContents:
    """LINE's content endpoint; used by threads."""

    def __init__(
        self, access_token: str, host: str, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._url = f"{host}/v2/bot/message/{{}}/content"
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._patience = patience_seconds
        self._pool = urllib3.PoolManager(retries=False)

    def content(self, message_id: str) -> bytes:
        """Return the bytes of a file; see `bot.sending.Contents`."""
        until = time.monotonic() + self._patience
        try:
            while (found := self._ask(message_id, until)) is None:
                if time.monotonic() + PENDING_RESTS_SECONDS >= until:
                    raise NoContentError(NoContent.NOT_NOW, "202 until the end")
                time.sleep(PENDING_RESTS_SECONDS)
        except urllib3.exceptions.HTTPError as error:
            raise NoContentError(NoContent.NOT_NOW, type(error).__name__) from error
        return found

    def _ask(self, message_id: str, until: float) -> bytes | None:
        """Ask once; None while LINE is still preparing the file."""
        left = max(0.1, until - time.monotonic())
        response = self._pool.request(
            "GET",
            self._url.format(message_id),
            headers=self._headers,
            timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            # Another address would be one that somebody else chose.
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return self._body(response, until)
        finally:
            # What is left unread must not wait in the pool for the next question.
            response.close()

    def _body(self, response: urllib3.BaseHTTPResponse, until: float) -> bytes | None:
        if response.status == 202:
            return None
        if response.status in (404, 410):
            raise NoContentError(NoContent.GONE, str(response.status))
        if response.status != 200:
            raise NoContentError(NoContent.NOT_NOW, str(response.status))
        read = bytearray()
        # `read1` gives what has come: a body that drips in cannot outlast the deadline in one call.
        while chunk := response.read1(CHUNK_BYTES):
            read += chunk
            if len(read) > MOST_BYTES:
                raise NoContentError(NoContent.TOO_LARGE, f"more than {MOST_BYTES} bytes")
            if time.monotonic() > until:
                raise NoContentError(NoContent.NOT_NOW, "too slow")
        return bytes(read)
