"""Cell texts freed of the html that text extraction leaves in them."""

import html
import re
from collections import Counter
from dataclasses import dataclass

from messages_th.spelling import one_line

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,9})\b([^<>]{0,500})>")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_LIST_ITEM = re.compile(r"<li\b[^<>]*>(?!\s*[-–•])", re.IGNORECASE)
_NEVER_CLOSED = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a reader sees it, with the kinds of tags and entities that were taken out."""

    text: str
    markup: tuple[str, ...] = ()
    unclosed: tuple[str, ...] = ()


def clean_cell(printed: str) -> Cell:
    """Return a cell on one line without tags and entities; a list item keeps a dash."""
    tags = [f"<{match[2].lower()}>" for match in _TAG.finditer(printed)]
    entities = _ENTITY.findall(printed)
    bulleted = _LIST_ITEM.sub(" - ", printed)
    text = one_line(html.unescape(_TAG.sub(" ", bulleted)))
    return Cell(text, tuple(dict.fromkeys([*tags, *entities])), _unclosed(printed))


def _unclosed(printed: str) -> tuple[str, ...]:
    """Return the opening tags whose closing ones are wanting."""
    open_tags: Counter[str] = Counter()
    for match in _TAG.finditer(printed):
        name = match[2].lower()
        if name not in _NEVER_CLOSED and not match[3].endswith("/"):
            open_tags[name] += -1 if match[1] else 1
    return tuple(f"<{name}>" for name, count in open_tags.items() if count > 0)
