"""Queries: how often codes are tried."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import CodeTry

EVERYBODY = ""


def count_try(session: Session, line_id: str, *, at: datetime) -> int:
    """Count one more try of that LINE user or group, or of `EVERYBODY`, in the clock hour (UTC).

    Returns how many it has been by now, this one included.  Others who count for the same wait
    until the transaction ends, so no try goes uncounted.
    """
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    tried = insert_new(session, CodeTry).values(who=digest_of(line_id), hour_at=hour, tries=1)
    return int(
        session.execute(
            tried.on_conflict_do_update(
                index_elements=["who", "hour_at"], set_={"tries": CodeTry.tries + 1}
            ).returning(CodeTry.tries)
        ).scalar_one()
    )


def forget_tries(session: Session, *, before: datetime) -> None:
    """Forget the hours that began before that instant."""
    session.execute(delete(CodeTry).where(CodeTry.hour_at < before))


def digest_of(line_id: str) -> str:
    """Return what is kept of a LINE id of whom nothing else is known; "" of none.

    The id has 128 random bits, so nobody guesses it.
    """
    return line_id and hashlib.sha256(line_id.encode()).hexdigest()
