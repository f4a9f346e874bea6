"""Shapes of a message, free of LINE's types: texts, cards, quick replies; to and from JSON.

`bot.line_messages` turns a part into a LINE message object; the outbox keeps parts as JSON.
Limits of the real thing are LINE's (Messaging API reference, "Message objects") and are
checked by tests over every wording, not here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from store.types import Fetch, PersonId


@dataclass(frozen=True, slots=True)
class Press:
    """A tap that sends `data` (postback, at most 300 UTF-16 units) and shows `shown` in the chat.

    With `fill_in` the tap also opens the keyboard with that text typed in
    (LINE 12.6 and newer; older ones only send the postback).
    """

    label: str
    data: str
    shown: str = ""
    fill_in: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A tap that sends `text` as the user's own message, so that its sender is always named."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Url:
    """A tap that opens an address (http or https, at most 1000 letters)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Open:
    """A tap that fetches a file by a link which is signed for that person when it is sent."""

    label: str
    what: Fetch
    row_id: int
    person_id: PersonId


Button = Press | Say | Url | Open
_BUTTONS: dict[str, type[Button]] = {"press": Press, "say": Say, "url": Url, "open": Open}


@dataclass(frozen=True, slots=True)
class Text:
    """A text message; `choices` are quick replies under it (13 at most, phones only)."""

    text: str
    choices: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: a heading, a small line below it, and the buttons that belong to it."""

    heading: str
    detail: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A lasting card (LINE: Flex bubble) with buttons per row.

    `alt` is what a notification, an old phone or a PC without Flex shows, so it must say it all
    in one line.
    """

    alt: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""
    choices: tuple[Button, ...] = ()


Part = Text | Card


def to_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return plain JSON values from which `from_json` makes equal parts."""
    return [{"part": _name(part), **_plain(part)} for part in parts]


def from_json(values: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Make parts from what `to_json` returned.

    Raises:
        KeyError: when a value is of no known part.
    """
    return [_part(value) for value in values]


def _name(part: Part) -> str:
    return "text" if isinstance(part, Text) else "card"


def _plain(part: Part) -> dict[str, Any]:
    plain = asdict(part)
    plain["choices"] = [_plain_button(button) for button in part.choices]
    if isinstance(part, Card):
        plain["rows"] = [
            {**asdict(row), "buttons": [_plain_button(button) for button in row.buttons]}
            for row in part.rows
        ]
    return plain


def _plain_button(button: Button) -> dict[str, Any]:
    name = next(name for name, kind in _BUTTONS.items() if isinstance(button, kind))
    return {"button": name, **asdict(button)}


def _part(value: Mapping[str, Any]) -> Part:
    choices = _buttons(value["choices"])
    if value["part"] == "text":
        return Text(value["text"], choices)
    rows = tuple(
        Row(row["heading"], row["detail"], _buttons(row["buttons"])) for row in value["rows"]
    )
    return Card(value["alt"], value["title"], rows, value["note"], choices)


def _buttons(values: Sequence[Mapping[str, Any]]) -> tuple[Button, ...]:
    return tuple(
        _BUTTONS[value["button"]](
            **{name: each for name, each in value.items() if name != "button"}
        )
        for value in values
    )
