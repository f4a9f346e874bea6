"""Building blocks for checking JSON values: each check yields what is wrong, and where.  Pure.

A check is a function of a value and its path ("messages[0].text").
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.emulator.counting import utf16_units

Problem = dict[str, str]
Check = Callable[[Any, str], Iterator[Problem]]


def problem(path: str, message: str) -> Problem:
    """Return one entry of the `details` of LINE's error answer."""
    return {"property": path, "message": message}


def anything(_value: Any, _path: str) -> Iterator[Problem]:
    """Accept every value."""
    yield from ()


def boolean(value: Any, path: str) -> Iterator[Problem]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield problem(path, "Must be a boolean")


def string(most: int, *, least: int = 1, count: Callable[[str], int] = utf16_units) -> Check:
    """Accept a text of `least` to `most` characters, both inclusive, that is not blank."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield problem(path, "Must be a string")
        elif any("\ud800" <= letter <= "\udfff" for letter in value):
            yield problem(path, "Must not contain half of a surrogate pair")
        elif not value.strip() and least:
            yield problem(path, "May not be empty")
        elif not least <= count(value) <= most:
            yield problem(path, f"Length must be between {least} and {most}")

    return check


def number(least: float, most: float, *, kind: type[int] | type[float] = int) -> Check:
    """Accept a number from `least` to `most`, both inclusive; an integer unless `kind` is float."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        kinds = (int,) if kind is int else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool):
            yield problem(path, "Must be a number")
        elif not least <= value <= most:
            yield problem(path, f"Must be between {least} and {most}")

    return check


def one_of(*values: str) -> Check:
    """Accept one of these words."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if value not in values:
            yield problem(path, f"Must be one of the following values: [{', '.join(values)}]")

    return check


def matching(pattern: str, says: str) -> Check:
    """Accept a text that matches the whole pattern; `says` is what is told otherwise."""
    compiled = re.compile(pattern)

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield problem(path, says)

    return check


def uri(most: int, *schemes: str) -> Check:
    """Accept a percent-encoded URI of one of these schemes and at most `most` characters."""
    pattern = re.compile(rf"(?:{'|'.join(schemes)}):[!-~]+", re.IGNORECASE)

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield problem(path, f"Must be a percent-encoded URI of {', '.join(schemes)}")
        elif len(value) > most:
            yield problem(path, f"Length must be between 1 and {most}")

    return check


def listed(check_item: Check, least: int, most: int) -> Check:
    """Accept an array of `least` to `most` items, both inclusive, each passing the check."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield problem(path, "Must be an array")
        elif not least <= len(value) <= most:
            yield problem(path, f"Size must be between {least} and {most}")
        else:
            for index, item in enumerate(value):
                yield from check_item(item, f"{path}[{index}]")

    return check


def shaped(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check
) -> Check:
    """Accept an object with these properties and no others.

    The `rules` look at the whole object, and only once each property is right by itself.
    """
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield problem(path, "Must be an object")
            return
        found = [
            problem(below(path, name), "May not be empty") for name in required if name not in value
        ]
        for name, item in value.items():
            found.extend(known.get(name, _unknown)(item, below(path, name)))
        if not found:
            found = [each for rule in rules for each in rule(value, path)]
        yield from found

    return check


def typed(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check
) -> Check:
    """Accept an object as `shaped` does, whose `type` was checked by `by_type` before."""
    return shaped({"type": anything, **required}, optional, *rules)


def by_type(checks: Mapping[str, Check]) -> Check:
    """Accept an object whose `type` names one of these checks, and which passes that."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield problem(path, "Must be an object")
            return
        kind = value.get("type")
        chosen = checks.get(kind) if isinstance(kind, str) else None
        if chosen is None:
            yield from one_of(*checks)(None, below(path, "type"))
        else:
            yield from chosen(value, path)

    return check


def below(path: str, name: str) -> str:
    """Return the path of a property of the object at `path`."""
    return f"{path}.{name}" if path else name


def _unknown(_value: Any, path: str) -> Iterator[Problem]:
    yield problem(path, "Unknown property")
