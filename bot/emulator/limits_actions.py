"""LINE's limits on actions, which depend on the object that carries them.  Pure.

Messaging API reference, "Action objects"; labels and the texts of actions are counted in
grapheme clusters, `data` in UTF-16 units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.emulator.counting import graphemes
from bot.emulator.shapes import (
    Check,
    Problem,
    below,
    by_type,
    matching,
    one_of,
    problem,
    shaped,
    string,
    typed,
    uri,
)

LINKS = ("http", "https", "line", "tel")
PICKER_FORMATS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
PICKER_LENGTHS = {"date": 10, "time": 5, "datetime": 16}
INPUT_OPTION = one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
PICKED = matching(r"[0-9Tt:-]+", "Must be a date or time")


@dataclass(frozen=True, slots=True)
class Place:
    """What the object that carries an action asks of it; a label's length is in graphemes."""

    label_most: int
    needs_label: bool
    is_quick_reply: bool = False
    is_flex: bool = False


QUICK_REPLY = Place(20, needs_label=True, is_quick_reply=True)
TEMPLATE = Place(20, needs_label=True)
IMAGE_CAROUSEL = Place(12, needs_label=False)
FLEX_BUTTON = Place(40, needs_label=True, is_flex=True)
FLEX_AREA = Place(40, needs_label=False, is_flex=True)


def action(place: Place) -> Check:
    """Return the check of an action at this place."""
    label = {"label": string(place.label_most, count=graphemes)}
    required = label if place.needs_label else {}
    optional = {} if place.needs_label else label
    spoken = string(300, count=graphemes)
    postback = {"displayText": spoken, "inputOption": INPUT_OPTION, "fillInText": spoken}
    # "This property shouldn't be used with quick reply buttons."
    old_text = {} if place.is_quick_reply else {"text": spoken}
    desktop = {"altUri": shaped({"desktop": uri(1000, *LINKS)})} if place.is_flex else {}
    checks = {
        "postback": typed(
            {**required, "data": string(300)}, {**optional, **postback, **old_text}, _postback
        ),
        "message": typed({**required, "text": spoken}, optional),
        "uri": typed({**required, "uri": uri(1000, *LINKS)}, {**optional, **desktop}),
        "datetimepicker": typed(
            {**required, "data": string(300), "mode": one_of(*PICKER_FORMATS)},
            {**optional, "initial": PICKED, "min": PICKED, "max": PICKED},
            _picker,
        ),
        "clipboard": typed({**required, "clipboardText": string(1000)}, optional),
    }
    if place.is_quick_reply:
        checks |= {kind: typed(label) for kind in ("camera", "cameraRoll", "location")}
    return by_type(checks)


def picked_moment(text: str, mode: str) -> datetime | None:
    """Return what a datetime picker's text stands for in this mode, without zone; None if wrong.

    A time alone falls on an arbitrary day.
    """
    if len(text) != PICKER_LENGTHS[mode]:
        return None
    try:
        moment = datetime.strptime(text.replace("t", "T"), PICKER_FORMATS[mode])  # noqa: DTZ007
    except ValueError:
        return None
    in_range = mode == "time" or 1900 <= moment.year <= 2100
    return moment if in_range else None


def _postback(value: dict[str, Any], path: str) -> Iterator[Problem]:
    if "displayText" in value and "text" in value:
        yield problem(below(path, "text"), "Must not be specified with displayText")
    if "fillInText" in value and value.get("inputOption") != "openKeyboard":
        yield problem(below(path, "fillInText"), "Must be specified with openKeyboard only")


def _picker(value: dict[str, Any], path: str) -> Iterator[Problem]:
    moments = {
        name: picked_moment(value[name], value["mode"])
        for name in ("min", "initial", "max")
        if name in value
    }
    for name, moment in moments.items():
        if moment is None:
            yield problem(below(path, name), f"Must be of the mode {value['mode']}")
    ordered = [(name, moment) for name, moment in moments.items() if moment is not None]
    for (name, earlier), (later_name, later) in pairwise(ordered):
        if later < earlier or (later == earlier and {name, later_name} == {"min", "max"}):
            yield problem(below(path, later_name), f"Must not be before {name}")
