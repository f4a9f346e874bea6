"""Signed links to files, short-lived and made for one person.

A link names the file's row and its reader and says until when it is good; nothing of it can be
changed without the key.  What its reader may see is asked again when it is opened.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from bot.settings import Settings
from store.types import Fetch, PersonId

LINK_LASTS = timedelta(minutes=10)
"""From the sending of the message that holds it."""
OUTSIDE_LINE = "?openExternalBrowser=1"
"""Has LINE open the phone's own browser, which saves files (LINE: URL scheme)."""
SALT = "file-link-1"
LONGEST_TOKEN = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link is for: a row of that kind, and who may fetch it."""

    what: Fetch
    row_id: int
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links; those that it makes without a key open nothing."""

    key: str = field(repr=False)
    public_url: str

    @staticmethod
    def of(settings: Settings) -> "Links":
        """Return the maker of links that belongs to the settings.

        Without SECRET_KEY the key comes from the channel secret, of which it tells nothing.
        """
        secret = next(iter(settings.channel_secrets), "")
        derived = hmac.new(secret.encode(), SALT.encode(), sha256).hexdigest() if secret else ""
        address = settings.public_url or f"http://localhost:{settings.port}"
        return Links(settings.secret_key or derived, address)

    def url(self, opened: Opened, *, now: datetime) -> str:
        """Return a link that is good for `LINK_LASTS` from now on."""
        if not self.key:
            return f"{self.public_url}/f/-"
        until = int((now + LINK_LASTS).timestamp())
        token = self._signer().dumps([opened.what, opened.row_id, opened.person_id, until])
        return f"{self.public_url}/f/{token!s}{OUTSIDE_LINE}"

    def read(self, token: str, *, now: datetime) -> Opened | None:
        """Return what a link is for, or None when it is not ours or over."""
        if not self.key or len(token) > LONGEST_TOKEN:
            return None
        try:
            what, row_id, person_id, until = self._signer().loads(token)
            opened = Opened(Fetch(what), int(row_id), PersonId(int(person_id)))
            return opened if now.timestamp() < until else None
        except (BadData, ValueError, TypeError):
            return None

    def _signer(self) -> URLSafeSerializer:
        # Signed by a digest of the key; LINE's secret changes, and old links with it.
        return URLSafeSerializer(self.key, salt=SALT, signer_kwargs={"digest_method": sha256})
