"""Queries: which files of the folder are whose, and which are nobody's any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import Download, Evidence
from store.types import PersonId

_AT_A_TIME = 1000
"""Files that one statement asks about: no database takes any number of parameters."""


def add_download(
    session: Session,
    person: PersonId,
    stored_as: str,
    name: str,
    media_type: str,
    *,
    expires_at: datetime,
) -> int:
    """Keep that a file was made for somebody, until `expires_at` (exclusive); return its row."""
    row = Download(
        person_id=person,
        stored_as=stored_as,
        name=name,
        media_type=media_type,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row.id


def download(
    session: Session, row_id: int, person: PersonId, *, at: datetime
) -> tuple[str, str, str] | None:
    """Return where the file lies, its name and its media type, while it is this person's."""
    found = select(Download.stored_as, Download.name, Download.media_type).where(
        Download.id == row_id, Download.person_id == person, Download.expires_at > at
    )
    row = session.execute(found).one_or_none()
    return None if row is None else (row.stored_as, row.name, row.media_type)


def forget_downloads(session: Session, *, at: datetime) -> list[str]:
    """Forget the downloads that are over, and return where their files lie."""
    over = delete(Download).where(Download.expires_at <= at).returning(Download.stored_as)
    return list(session.scalars(over))


def known(session: Session, names: Sequence[str]) -> set[str]:
    """Return which of the files a row knows of."""
    found: set[str] = set()
    for start in range(0, len(names), _AT_A_TIME):
        some = names[start : start + _AT_A_TIME]
        for column in (Download.stored_as, Evidence.stored_as):
            rows = session.scalars(select(column).where(column.in_(some)))
            found.update(each for each in rows if each)
    return found
