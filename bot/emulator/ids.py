"""Ids in LINE's formats, from counters: the same story played twice gets the same ids."""

from collections import Counter
from datetime import datetime
from hashlib import sha256

from bot.emulator.clock import milliseconds

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST_MESSAGE_ID = 500_000_000_000_000_000


class Ids:
    """Hands out ids, each once; which one depends only on how many came before."""

    def __init__(self, seed: str = "stand-in") -> None:
        self._seed = seed
        self._made: Counter[str] = Counter()

    def user(self) -> str:
        """Return a user id: U and 32 hexadecimal digits."""
        return "U" + self._hex("user")

    def group(self) -> str:
        """Return a group id: C and 32 hexadecimal digits."""
        return "C" + self._hex("group")

    def message(self) -> str:
        """Return a message id: decimal digits, growing."""
        self._made["message"] += 1
        return str(FIRST_MESSAGE_ID + self._made["message"])

    def reply_token(self) -> str:
        """Return a reply token."""
        return self._hex("reply token")

    def quote_token(self) -> str:
        """Return a quote token."""
        return "q" + self._hex("quote token")

    def request(self) -> str:
        """Return a request id in the form of a UUID."""
        made = self._hex("request")
        return "-".join((made[:8], made[8:12], made[12:16], made[16:20], made[20:]))

    def event(self, at: datetime) -> str:
        """Return a webhook event id: a ULID, its first ten characters telling the time."""
        number = milliseconds(at) << 80 | int(self._hex("event")[:20], 16)
        return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    def _hex(self, kind: str) -> str:
        self._made[kind] += 1
        return sha256(f"{self._seed}:{kind}:{self._made[kind]}".encode()).hexdigest()[:32]
