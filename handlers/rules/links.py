"""Which links may be kept: of the public web by their looks, and never fetched by us.  Pure.

A link is shown to coordinators, who tap it inside their office's network; so one that leads to an
address in there is refused, however it is written.  What a public name resolves to is not asked:
that would be a question to a server of the sender's choice.
Sources: RFC 6761, RFC 6762, RFC 8375 and ICANN (2024) for the names that are never public;
WHATWG URL, "host parser", for what browsers take for an IPv4 address.
"""

import re
from unicodedata import category
from urllib.parse import urlsplit

LONGEST = 500
"""Characters of a link, as it was written and as it is kept."""

_SCHEMES = ("http", "https")
# A browser reads a backslash as a slash, and drops tabs and line ends inside a link.
_NEVER_IN_A_LINK = re.compile(r'[\s\\<>"`{}|^]')
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What ends in a number, "0x7f" included, is an IPv4 address to browsers: no top level domain is.
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_OF_A_HOUSE = frozenset(
    {
        "alt",
        "arpa",
        "corp",
        "home",
        "internal",
        "intranet",
        "lan",
        "local",
        "localdomain",
        "private",
    }
)
_OF_NOBODY = frozenset({"example", "invalid", "localhost", "mail", "onion", "test"})


def public_link(text: str) -> str | None:
    """Return the link as it is kept, or None where it may lead anywhere but to the public web.

    Scheme and host come back in small ASCII letters, an international name as its "xn--" form,
    so that no letter can pass for another; the rest stays as it was written.
    """
    link = text.strip()
    if len(link) > LONGEST or _NEVER_IN_A_LINK.search(link) or _has_unseen(link):
        return None
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return None
    if parts.scheme not in _SCHEMES or "@" in parts.netloc or port == 0:
        return None
    host = _public_host(parts.hostname or "")
    if host is None:
        return None
    netloc = host if port is None else f"{host}:{port}"
    kept = parts._replace(netloc=netloc).geturl()
    return kept if len(kept) <= LONGEST else None


def _public_host(name: str) -> str | None:
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:  # a label that is empty, too long, or holds what no name may
        return None
    *labels, top = host.split(".")
    is_name = bool(labels) and len(host) <= 253 and all(map(_LABEL.fullmatch, labels))
    is_public = _TOP.fullmatch(top) is not None and top not in _OF_A_HOUSE | _OF_NOBODY
    return host if is_name and is_public else None


def _has_unseen(text: str) -> bool:
    """Whether a character is there that nobody sees, or that turns what is read around."""
    return any(category(each) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp") for each in text)
