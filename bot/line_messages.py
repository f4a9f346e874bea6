"""Parts of a message → LINE message objects, as plain dicts.

Sources: Messaging API reference, "Message objects", "Flex Message" and "Action objects".
Plain dicts cost a fiftieth of the SDK's models, which also lose unknown fields silently.
"""

from collections.abc import Callable, Sequence
from typing import Any

from messages_th.parts import Button, Card, Open, Part, Press, Row, Text, Url

LONGEST_TEXT = 5000
"""UTF-16 code units of a text message (LINE: text message)."""
GREEN = "#06784A"
GREY = "#6B7280"


Linked = Callable[[Open], str]
"""Gives the link that a button which fetches a file opens."""


def line_messages(parts: Sequence[Part], linked: Linked) -> list[dict[str, Any]]:
    """Return the message objects of one request; quick replies belong on the last (LINE's rule)."""
    return [_message(part, linked) for part in parts]


def _message(part: Part, linked: Linked) -> dict[str, Any]:
    message: dict[str, Any]
    if isinstance(part, Text):
        message = {"type": "text", "text": _cut(part.text)}
    else:
        message = {"type": "flex", "altText": part.alt, "contents": _bubble(part, linked)}
    if part.choices:
        message["quickReply"] = {
            "items": [{"type": "action", "action": _action(each, linked)} for each in part.choices]
        }
    return message


def _cut(text: str) -> str:
    """Return the text within LINE's limit; what is too long is said in part rather than not."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _action(button: Button, linked: Linked) -> dict[str, Any]:
    if isinstance(button, Url):
        return {"type": "uri", "label": button.label, "uri": button.url}
    if isinstance(button, Open):
        return {"type": "uri", "label": button.label, "uri": linked(button)}
    if not isinstance(button, Press):
        return {"type": "message", "label": button.label, "text": button.text}
    action = {"type": "postback", "label": button.label, "data": button.data}
    if button.shown:
        action["displayText"] = button.shown
    if button.fill_in:
        action |= {"inputOption": "openKeyboard", "fillInText": button.fill_in}
    return action


def _bubble(card: Card, linked: Linked) -> dict[str, Any]:
    contents: list[dict[str, Any]] = [
        {"type": "text", "text": card.title, "weight": "bold", "wrap": True, "color": GREEN}
    ]
    for row in card.rows:
        contents.append({"type": "separator", "margin": "md"})
        contents.append(_row(row, linked))
    if card.note:
        contents.append({"type": "separator", "margin": "md"})
        contents.append(_small(card.note) | {"margin": "md"})
    body = {"type": "box", "layout": "vertical", "contents": contents}
    return {"type": "bubble", "size": "mega", "body": body}


def _row(row: Row, linked: Linked) -> dict[str, Any]:
    contents: list[dict[str, Any]] = [
        {"type": "text", "text": row.heading, "wrap": True, "size": "sm"},
        _small(row.detail),
    ]
    if row.buttons:
        contents.append(
            {
                "type": "box",
                "layout": "horizontal",
                "spacing": "sm",
                "margin": "sm",
                "contents": [
                    _button(each, linked, is_first=i == 0) for i, each in enumerate(row.buttons)
                ],
            }
        )
    return {"type": "box", "layout": "vertical", "margin": "md", "contents": contents}


def _small(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, "size": "xs", "color": GREY}


def _button(button: Button, linked: Linked, *, is_first: bool) -> dict[str, Any]:
    look = {"style": "primary", "color": GREEN} if is_first else {"style": "secondary"}
    return {"type": "button", "height": "sm", "action": _action(button, linked), **look}
