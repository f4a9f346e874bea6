"""LINE's limits on Flex containers and components.  Pure.

Messaging API reference, "Flex Message".  The size of a bubble or carousel is taken as compact
JSON with Thai letters escaped (six bytes each): which way LINE measures is not documented, and
this is the stricter one.  The video component is not known here and refused.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.emulator.limits_actions import FLEX_AREA, FLEX_BUTTON, action
from bot.emulator.shapes import (
    Check,
    Problem,
    anything,
    below,
    boolean,
    by_type,
    listed,
    matching,
    number,
    one_of,
    problem,
    shaped,
    string,
    typed,
    uri,
)

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
MANY = 100_000

STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
PIXELS = r"\d+(\.\d+)?px"
PERCENT = r"\d+(\.\d+)?%"
OF_BASELINE = ("icon", "text", "filler")
OF_BOX = ("box", "button", "image", "text", "separator", "filler")


def container(value: Any, path: str) -> Iterator[Problem]:
    """Check the `contents` of a Flex Message: a bubble or a carousel of 1 to 12 bubbles."""
    yield from by_type({"bubble": _bubble, "carousel": CAROUSEL})(value, path)


def _length(*keywords: str, percent: bool = False, negative: bool = False) -> Check:
    pixels = f"-?{PIXELS}" if negative else PIXELS
    sign = "-?" if negative else ""
    measures = [*keywords, pixels, *([sign + PERCENT] if percent else [])]
    return matching("|".join(measures), "Must be a keyword or a length in px or %")


def _sized(most: int) -> Check:
    def check(value: Any, path: str) -> Iterator[Problem]:
        size = len(json.dumps(value, separators=(",", ":")))
        if size > most:
            yield problem(path, f"Size of JSON must be at most {most} bytes, is {size}")

    return check


def _block(value: Any, path: str) -> Iterator[Problem]:
    yield from by_type({"box": _box})(value, path)


def _hero(value: Any, path: str) -> Iterator[Problem]:
    yield from by_type({"box": _box, "image": IMAGE})(value, path)


def _bubble(value: Any, path: str) -> Iterator[Problem]:
    yield from BUBBLE(value, path)


def _box(value: Any, path: str) -> Iterator[Problem]:
    yield from BOX(value, path)


def _has_a_block(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if not {"header", "hero", "body", "footer"} & value.keys():
        yield problem(path, "At least one block must be specified")


def _same_width(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if len({bubble.get("size", "mega") for bubble in value["contents"]}) > 1:
        yield problem(below(path, "contents"), "Bubbles must all be of the same size")


def _contents(value: dict[str, Any], path: str) -> Iterator[Problem]:
    """Check the components of a box, of which a baseline box takes only some."""
    is_baseline = value["layout"] == "baseline"
    kinds = OF_BASELINE if is_baseline else OF_BOX
    place = below(path, "contents")
    yield from listed(by_type({kind: COMPONENTS[kind] for kind in kinds}), 0, MANY)(
        value["contents"], place
    )
    for index, item in enumerate(value["contents"] if is_baseline else ()):
        for name in {"gravity", "offsetBottom"} & item.keys():
            yield problem(below(f"{place}[{index}]", name), "Not available in a baseline box")


def _has_text(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if not {"text", "contents"} & value.keys():
        yield problem(below(path, "text"), "Either text or contents must be specified")


def _ratio(value: Any, path: str) -> Iterator[Problem]:
    yield from matching(r"\d+(\.\d+)?:\d+(\.\d+)?", "Must be {width}:{height}")(value, path)
    if isinstance(value, str) and value.count(":") == 1:
        width, _, height = value.partition(":")
        try:
            fits = 1 <= float(width) <= MANY and 1 <= float(height) <= 3 * float(width)
        except ValueError:
            return
        if not fits:
            yield problem(path, "Height must be at most three times the width")


COLOR = matching(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", "Must be #RRGGBB or #RRGGBBAA")
WORDS = string(BUBBLE_BYTES)
IMAGE_URL = uri(2000, "https")
SHARE = {"flex": number(0, MANY)}
MARGIN = {"margin": _length(*STEPS)}
OFFSET = _length(*STEPS, percent=True, negative=True)
PLACED = {
    **MARGIN,
    "position": one_of("relative", "absolute"),
    **{f"offset{side}": OFFSET for side in ("Top", "Bottom", "Start", "End")},
}
GRAVITY = {"gravity": one_of("top", "bottom", "center")}
ALIGN = {"align": one_of("start", "end", "center")}
FITTED = {"adjustMode": one_of("shrink-to-fit"), "scaling": boolean}
TAPPED = {"action": action(FLEX_AREA)}
LETTERS = {
    "size": _length(*SIZES),
    "color": COLOR,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}
BACKGROUND = by_type(
    {
        "linearGradient": typed(
            {
                "angle": matching(r"\d{1,3}(\.\d+)?deg", "Must be an angle in deg"),
                "startColor": COLOR,
                "endColor": COLOR,
            },
            {"centerColor": COLOR, "centerPosition": matching(PERCENT, "Must be a percentage")},
        )
    }
)
BOX = typed(
    {"layout": one_of("horizontal", "vertical", "baseline"), "contents": listed(anything, 0, MANY)},
    {
        **SHARE,
        **PLACED,
        **TAPPED,
        "spacing": _length(*STEPS),
        "backgroundColor": COLOR,
        "borderColor": COLOR,
        "borderWidth": _length("none", "light", "normal", "medium", "semi-bold", "bold"),
        "cornerRadius": _length(*STEPS),
        **{name: _length(percent=True) for name in ("width", "maxWidth", "height", "maxHeight")},
        **{
            f"padding{side}": _length(*STEPS, percent=True)
            for side in ("All", "Top", "Bottom", "Start", "End")
        },
        "justifyContent": one_of(
            "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
        ),
        "alignItems": one_of("center", "flex-start", "flex-end"),
        "background": BACKGROUND,
    },
    _contents,
)
BUTTON = typed(
    {"action": action(FLEX_BUTTON)},
    {
        **SHARE,
        **PLACED,
        **GRAVITY,
        **FITTED,
        "color": COLOR,
        "style": one_of("primary", "secondary", "link"),
        "height": one_of("md", "sm"),
    },
)
IMAGE = typed(
    {"url": IMAGE_URL},
    {
        **SHARE,
        **PLACED,
        **ALIGN,
        **GRAVITY,
        **TAPPED,
        "size": _length(*SIZES, "full", percent=True),
        "aspectRatio": _ratio,
        "aspectMode": one_of("fit", "cover"),
        "backgroundColor": COLOR,
        "animated": boolean,
    },
)
ICON = typed(
    {"url": IMAGE_URL},
    {**PLACED, "size": _length(*SIZES), "aspectRatio": _ratio, "scaling": boolean},
)
SPAN = typed({"text": WORDS}, LETTERS)
TEXT = typed(
    {},
    {
        **SHARE,
        **PLACED,
        **ALIGN,
        **GRAVITY,
        **FITTED,
        **TAPPED,
        **LETTERS,
        "text": WORDS,
        "contents": listed(by_type({"span": SPAN}), 1, MANY),
        "wrap": boolean,
        "lineSpacing": matching(PIXELS, "Must be a length in px"),
        "maxLines": number(0, MANY),
    },
    _has_text,
)
COMPONENTS: dict[str, Check] = {
    "box": _box,
    "button": BUTTON,
    "image": IMAGE,
    "icon": ICON,
    "text": TEXT,
    "separator": typed({}, {**MARGIN, "color": COLOR}),
    "filler": typed({}, SHARE),
}
STYLE = shaped({}, {"backgroundColor": COLOR, "separator": boolean, "separatorColor": COLOR})
BUBBLE = typed(
    {},
    {
        **TAPPED,
        "size": one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
        "direction": one_of("ltr", "rtl"),
        "header": _block,
        "hero": _hero,
        "body": _block,
        "footer": _block,
        "styles": shaped({}, dict.fromkeys(("header", "hero", "body", "footer"), STYLE)),
    },
    _has_a_block,
    _sized(BUBBLE_BYTES),
)
CAROUSEL = typed(
    {"contents": listed(by_type({"bubble": _bubble}), 1, 12)},
    {},
    _same_width,
    _sized(CAROUSEL_BYTES),
)
