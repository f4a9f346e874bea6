"""What a person sees of a message object: its text, and the buttons that can be tapped.  Pure."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from bot.emulator.limits import PLACEHOLDER
from bot.emulator.state import Json

Leaf = str | tuple[Json, str]
"""A line of text, or an action with the label it is shown under."""


@dataclass(frozen=True, slots=True)
class Button:
    """An action that a person can tap; `near` is the text right before it, in reading order.

    `index` counts the actions of one message, quick replies last.
    """

    index: int
    label: str
    action: Json
    near: str
    is_quick_reply: bool

    def to_json(self) -> Json:
        """Return what the transcript shows of it."""
        shown: Json = {
            name: self.action[name] for name in ("data", "text", "uri") if name in self.action
        }
        return {
            "index": self.index,
            "label": self.label,
            "type": self.action["type"],
            "near": self.near,
            **shown,
        }


def text_of(message: Json, names: dict[str, str]) -> str:
    """Return the words of a message as read in the chat; `names` are display names by user id."""
    kind = message["type"]
    if kind == "text":
        return str(message["text"])
    if kind == "textV2":
        return _substituted(message, names)
    if kind in ("flex", "template"):
        return "\n".join(leaf for leaf in _leaves(message) if isinstance(leaf, str))
    return str(message.get("title", f"[{kind}]"))


def buttons(message: Json) -> list[Button]:
    """Return everything that can be tapped, lasting buttons before quick replies."""
    found: list[Button] = []
    near: list[str] = []
    is_fresh = True
    for leaf in _leaves(message):
        if isinstance(leaf, str):
            near = [leaf] if is_fresh else [*near, leaf]
            is_fresh = False
        else:
            action, label = leaf
            found.append(Button(len(found), label, action, "\n".join(near), is_quick_reply=False))
            is_fresh = True
    for item in message.get("quickReply", {}).get("items", ()):
        action = item["action"]
        found.append(Button(len(found), action["label"], action, "", is_quick_reply=True))
    return found


def marked(message: Json) -> Json:
    """Return a copy in which each action carries its `index`, for a page that draws it."""
    copy = deepcopy(message)
    for button in buttons(copy):
        button.action["index"] = button.index
    return copy


def mentioned(message: Json) -> dict[str, str]:
    """Return the user ids that a textV2 message mentions, by key; "all" is not among them."""
    return {
        key: given["mentionee"]["userId"]
        for key, given in message.get("substitution", {}).items()
        if given["type"] == "mention" and given["mentionee"]["type"] == "user"
    }


def mentions_anybody(message: Json) -> bool:
    """Whether a message holds a mention, of a person or of all."""
    return any(given["type"] == "mention" for given in message.get("substitution", {}).values())


def _substituted(message: Json, names: dict[str, str]) -> str:
    people = mentioned(message)
    shown = {
        key: "@" + names.get(people[key], "?") if key in people else "@All"
        for key, given in message.get("substitution", {}).items()
        if given["type"] == "mention"
    }
    return PLACEHOLDER.sub(
        lambda found: shown.get(found[1], "") if found[1] else found[0][0], message["text"]
    )


def _leaves(message: Json) -> Iterator[Leaf]:
    if message["type"] == "flex":
        yield from _container(message["contents"])
    elif message["type"] == "template":
        yield from _template(message["template"])


def _container(container: Json) -> Iterator[Leaf]:
    for bubble in container.get("contents", [container]):
        for block in ("header", "hero", "body", "footer"):
            if block in bubble:
                yield from _component(bubble[block])
        yield from _own_action(bubble, "")


def _component(component: Json) -> Iterator[Leaf]:
    words = ""
    if component["type"] == "text":
        words = _words(component)
        yield words
    elif component["type"] == "box":
        for child in component["contents"]:
            yield from _component(child)
    yield from _own_action(component, words)


def _own_action(component: Json, words: str) -> Iterator[Leaf]:
    if "action" in component:
        yield component["action"], component["action"].get("label", words)


def _words(component: Json) -> str:
    spans: list[dict[str, Any]] = component.get("contents", [])
    return "".join(span["text"] for span in spans) if spans else str(component["text"])


def _template(template: Json) -> Iterator[Leaf]:
    for column in template.get("columns", [template]):
        yield from (column[name] for name in ("title", "text") if name in column)
        for action in column.get("actions", [column["action"]] if "action" in column else []):
            yield action, action.get("label", "")
        if "defaultAction" in column:
            yield column["defaultAction"], column["defaultAction"].get("label", "")
