"""One-time codes: eight letters and digits that nobody mixes up; only a digest is kept."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""


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
