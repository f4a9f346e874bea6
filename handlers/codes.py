"""One-time codes: eight letters and digits that nobody mixes up; only a digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.rules.workdays import BANGKOK
from store import agencies, people
from store.database import Session
from store.types import Invited

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
CODE_LASTS = timedelta(days=14)
MOST_UNUSED = 5
"""Unused codes that count for one agency, or district, and role: what a guess may hit."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A code, the instant (UTC) from which it is void, and how many older ones it made void."""

    code: str
    expires_at: datetime
    voided: int

    @property
    def last_day(self) -> date:
        """The last day (Bangkok) on which the code is still good at some hour."""
        return last_day_of(self.expires_at)


def invite(session: Session, invited: Invited, *, now: datetime) -> Issued:
    """Make a one-time code; that it was issued is still to be entered in the record."""
    code = new_code()
    voided = keep_code(session, digest(code), invited, now=now)
    return Issued(code, good_until(now), voided)


def good_until(now: datetime) -> datetime:
    """Return the instant (UTC) from which a code that is issued now is void."""
    return now + CODE_LASTS


def last_day_of(expires_at: datetime) -> date:
    """Return the last day (Bangkok) on which a code that is void from then on is good."""
    return (expires_at - timedelta(microseconds=1)).astimezone(BANGKOK).date()


def keep_code(session: Session, code_digest: str, invited: Invited, *, now: datetime) -> int:
    """Keep a code by its digest, and void the oldest of too many; return how many were."""
    if invited.agency_id is not None:
        # Two who issue codes for one agency at a time would not see each other's.
        agencies.take_turn(session, invited.agency_id)
    people.add_invitation(session, code_digest, invited, expires_at=good_until(now))
    if invited.agency_id is None and invited.district_id is None:
        return 0
    return people.void_invitations(session, invited, but_newest=MOST_UNUSED, at=now)


def new_code() -> str:
    """Return a fresh code as it is printed, "A2CD-EF7H" (39.9 random bits).

    One half at least mixes letters and digits: a word with a year ("ITAS-2567") is no code.
    """
    while True:
        halves = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2)]
        if any(not half.isalpha() and not half.isdigit() for half in halves):
            return "-".join(halves)


def digest(code: str) -> str:
    """Return what is kept of a printed code.

    scrypt makes each guess at a stolen table cost 4 MiB and milliseconds; the salt is shared, as
    the code itself is all there is to look it up by.
    """
    return hashlib.scrypt(code.encode(), salt=b"ita-invitation", n=4096, r=8, p=1).hex()
