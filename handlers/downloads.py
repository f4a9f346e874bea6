"""Files that were made for one person, to be fetched by a link for half an hour."""

from datetime import datetime, timedelta

from handlers.turn import KeptFile, Turn
from messages_th.parts import Open
from store import files
from store.database import Session
from store.types import Fetch, PersonId

KEPT_FOR = timedelta(minutes=30)


def offer(
    turn: Turn, person: PersonId, content: bytes, *, name: str, media: str, label: str
) -> Open:
    """Keep a file for the person alone, and return the button that fetches it.

    `name` is what it is saved as, in ASCII letters that need no quoting; `media` its media type.
    """
    stored_as = turn.files.put(content)
    until = turn.now + KEPT_FOR
    row = files.add_download(turn.session, person, stored_as, name, media, expires_at=until)
    return Open(label, Fetch.DOWNLOAD, row, person)


def kept_file(session: Session, row_id: int, person: PersonId, *, now: datetime) -> KeptFile | None:
    """Return the file that was made for this person, while it is kept."""
    found = files.download(session, row_id, person, at=now)
    return None if found is None else KeptFile(*found)
