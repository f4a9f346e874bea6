"""How a plan's draft is answered on the command line: `--set`, `--drop`, `--accept`."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from handlers.plan_import.edits import Edit, Field
from handlers.plan_import.settling import Answers
from messages_th.plan_sheets import number_in

ALL = "all"
Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_FIELDS = (Field.WINDOW, Field.RESPONSIBLE, Field.TITLE, Field.NUMBER)
_SET = re.compile(rf"(?P<number>.+?)\s+(?P<field>{'|'.join(_FIELDS)})\s*=(?P<text>.*)", re.DOTALL)


class RowNumber(click.ParamType[str]):
    """The number of a row, in Thai or Arabic digits."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """Return the number in Arabic digits; anything else is wrong usage."""
        number = number_in(value)
        if number is None:
            self.fail(f"{value!r} is no number of a row", param, ctx)
        return number


class RowOrAll(RowNumber):
    """The number of a row, or "all"."""

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """Return the number in Arabic digits, or "all"."""
        return ALL if value == ALL else super().convert(value, param, ctx)


class RowEdit(click.ParamType[Edit]):
    """A change of one row: `17 window=๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗`."""

    name = "number field=text"

    def convert(self, value: Any, param: Any, ctx: Any) -> Edit:
        """Return the edit; what has another form is wrong usage."""
        if isinstance(value, Edit):
            return value
        found = _SET.fullmatch(value.strip())
        number = number_in(found["number"]) if found else None
        if found is None or number is None:
            fields = ", ".join(_FIELDS)
            self.fail(f"{value!r}: write NUMBER FIELD=TEXT, FIELD one of {fields}", param, ctx)
        return Edit(number, Field(found["field"]), found["text"].strip())


def answers_options(command: Decorated) -> Decorated:
    """Give a command the options that answer a draft."""
    for option in (
        click.option(
            "--accept",
            multiple=True,
            type=RowOrAll(),
            help="Row whose doubts are right as read, or all. Repeatable.",
        ),
        click.option(
            "--drop", multiple=True, type=RowNumber(), help="Row to leave out. Repeatable."
        ),
        click.option(
            "--set",
            "changes",
            multiple=True,
            type=RowEdit(),
            help='"17 window=TEXT"; also responsible, title, number. Repeatable.',
        ),
    ):
        command = option(command)
    return command


def answers_of(changes: Sequence[Edit], drop: Sequence[str], accept: Sequence[str]) -> Answers:
    """Return what the options say: edits, then rows to leave out, then what is right as read."""
    return Answers(
        edits=(*changes, *(Edit(number, Field.DROP) for number in drop)),
        accepted=tuple(number for number in accept if number != ALL),
        accepts_all=ALL in accept,
    )
