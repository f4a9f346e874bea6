"""LINE's limits on message objects: what the real API would refuse, and where.  Pure.

Messaging API reference, "Message objects".  Stricter than LINE where the reference is silent:
a property it does not name is a problem, and so is a blank text.  Imagemap and coupon messages
are not known here and refused.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.emulator.counting import graphemes
from bot.emulator.limits_actions import IMAGE_CAROUSEL, QUICK_REPLY, TEMPLATE, action
from bot.emulator.limits_flex import COLOR, container
from bot.emulator.shapes import (
    Check,
    Problem,
    anything,
    below,
    boolean,
    by_type,
    listed,
    number,
    one_of,
    problem,
    shaped,
    string,
    typed,
    uri,
)

MOST_MESSAGES = 5
BODY_BYTES = 2 * 1024 * 1024
"""A request body may have this many bytes, inclusive; LINE answers 413 to a longer one."""

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}|[{}]")
"""What braces can mean in textV2: two are a literal one, a lone one is an error."""
MENTIONS_MOST = 20
EMOJIS_MOST = 20


def problems(messages: list[dict[str, Any]], *, path: str = "messages") -> list[Problem]:
    """Return everything LINE would refuse in the messages of one request, in order.

    Each problem is {"property": where below `path`, "message": what}.  Whether a mentioned
    person is in the chat shows at the sending only.
    """
    return list(listed(_message, 1, MOST_MESSAGES)(messages, path))


def request_problems(body: Any, others: dict[str, Check], *optional: str) -> list[Problem]:
    """Return what is wrong with the body of a sending request besides its messages.

    `others` are the properties it must have beside `messages`; `optional` names those of
    `OPTIONAL` that it may have.
    """
    known = {name: OPTIONAL[name] for name in optional}
    return list(shaped({**others, "messages": anything}, known)(body, ""))


def placeholders(text: str) -> list[str]:
    """Return the keys between braces in the text of a textV2 message, in order."""
    return [found[1] for found in PLACEHOLDER.finditer(text) if found[1]]


def _message(value: Any, path: str) -> Iterator[Problem]:
    yield from by_type(MESSAGES)(value, path)


def _sender_name(value: Any, path: str) -> Iterator[Problem]:
    yield from string(20)(value, path)
    if isinstance(value, str) and "line" in value.lower():
        yield problem(path, "May not contain LINE")


def _emojis_stand_on_dollars(value: dict[str, Any], path: str) -> Iterator[Problem]:
    units = value["text"].encode("utf-16-le")
    for number_, emoji in enumerate(value.get("emojis", ())):
        at = emoji["index"] * 2
        if units[at : at + 2] != b"$\x00":
            yield problem(f"{path}.emojis[{number_}].index", "Must point at a $ of the text")


def _substitutions(value: dict[str, Any], path: str) -> Iterator[Problem]:
    text, given = value["text"], value.get("substitution", {})
    if any(found[0] in "{}" for found in PLACEHOLDER.finditer(text)):
        yield problem(below(path, "text"), "A literal brace must be doubled")
    for key in placeholders(text):
        if key not in given:
            yield problem(below(path, "text"), f"Nothing is substituted for {{{key}}}")
    kinds = [given[key]["type"] for key in placeholders(text) if key in given]
    for kind, most in (("mention", MENTIONS_MOST), ("emoji", EMOJIS_MOST)):
        if kinds.count(kind) > most:
            yield problem(below(path, "text"), f"At most {most} of the kind {kind}")


def _substitution(value: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict) or len(value) > 100:
        yield problem(path, "Must be an object of at most 100 substitutions")
        return
    for key, item in value.items():
        place = below(path, key)
        if not re.fullmatch(r"[0-9A-Za-z_]{1,20}", key):
            yield problem(place, "Key must be 1 to 20 of 0-9, A-Z, a-z and _")
        yield from SUBSTITUTES(item, place)


def _short_with_picture(long: int, short: int) -> Check:
    def check(value: dict[str, Any], path: str) -> Iterator[Problem]:
        has_more = {"title", "thumbnailImageUrl"} & value.keys()
        most = short if has_more else long
        yield from string(most, count=graphemes)(value["text"], below(path, "text"))

    return check


def _columns_agree(value: dict[str, Any], path: str) -> Iterator[Problem]:
    columns = value["columns"]
    place = below(path, "columns")
    if len({len(column["actions"]) for column in columns}) > 1:
        yield problem(place, "Columns must have the same number of actions")
    for name in ("title", "thumbnailImageUrl"):
        if len({name in column for column in columns}) > 1:
            yield problem(place, f"All columns or none must have {name}")


OPTIONAL: dict[str, Check] = {
    "notificationDisabled": boolean,
    "customAggregationUnits": listed(string(30), 0, 1),
}
IMAGE_URL = uri(2000, "https")
SENT = {
    "quickReply": shaped(
        {
            "items": listed(
                by_type(
                    {"action": typed({"action": action(QUICK_REPLY)}, {"imageUrl": IMAGE_URL})}
                ),
                1,
                13,
            )
        }
    ),
    "sender": shaped({}, {"name": _sender_name, "iconUrl": IMAGE_URL}),
}
QUOTING = {"quoteToken": string(1000)}
MEDIA = {"originalContentUrl": IMAGE_URL, "previewImageUrl": IMAGE_URL}
EMOJI = {"productId": string(100), "emojiId": string(100)}
SUBSTITUTES = by_type(
    {
        "mention": typed(
            {"mentionee": by_type({"user": typed({"userId": string(100)}), "all": typed({})})}
        ),
        "emoji": typed(EMOJI),
    }
)
PICTURE = {
    "imageAspectRatio": one_of("rectangle", "square"),
    "imageSize": one_of("cover", "contain"),
}
TITLED = {
    "thumbnailImageUrl": IMAGE_URL,
    "imageBackgroundColor": COLOR,
    "title": string(40, count=graphemes),
    "defaultAction": action(TEMPLATE),
}
TEMPLATES = by_type(
    {
        "buttons": typed(
            {"text": string(160, count=graphemes), "actions": listed(action(TEMPLATE), 1, 4)},
            {**TITLED, **PICTURE},
            _short_with_picture(160, 60),
        ),
        "confirm": typed(
            {"text": string(240, count=graphemes), "actions": listed(action(TEMPLATE), 2, 2)}
        ),
        "carousel": typed(
            {
                "columns": listed(
                    shaped(
                        {
                            "text": string(120, count=graphemes),
                            "actions": listed(action(TEMPLATE), 1, 3),
                        },
                        TITLED,
                        _short_with_picture(120, 60),
                    ),
                    1,
                    10,
                )
            },
            PICTURE,
            _columns_agree,
        ),
        "image_carousel": typed(
            {
                "columns": listed(
                    shaped({"imageUrl": IMAGE_URL, "action": action(IMAGE_CAROUSEL)}), 1, 10
                )
            }
        ),
    }
)
MESSAGES: dict[str, Check] = {
    "text": typed(
        {"text": string(5000)},
        {
            **SENT,
            **QUOTING,
            "emojis": listed(shaped({"index": number(0, 5000), **EMOJI}), 1, EMOJIS_MOST),
        },
        _emojis_stand_on_dollars,
    ),
    "textV2": typed(
        {"text": string(5000)}, {**SENT, **QUOTING, "substitution": _substitution}, _substitutions
    ),
    "sticker": typed({"packageId": string(20), "stickerId": string(20)}, {**SENT, **QUOTING}),
    "image": typed(MEDIA, SENT),
    "video": typed(MEDIA, {**SENT, "trackingId": string(100)}),
    "audio": typed({"originalContentUrl": IMAGE_URL, "duration": number(1, 86_400_000)}, SENT),
    "location": typed(
        {
            "title": string(100),
            "address": string(100),
            "latitude": number(-90, 90, kind=float),
            "longitude": number(-180, 180, kind=float),
        },
        SENT,
    ),
    "template": typed({"altText": string(1500), "template": TEMPLATES}, SENT),
    "flex": typed({"altText": string(1500), "contents": container}, SENT),
}
