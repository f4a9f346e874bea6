"""Each threat of docs/threats.md names tests that show what stops it, and they exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "threats.md").read_text("utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ASKED_FOR = (
    "forges a webhook",
    "recorded webhook",
    "old button",
    "another province",
    "code",
    "floods",
    "giant bodies",
    "SQL",
    "forges lines of the log",
    "NUL",
    "SSRF",
    "package",
    "certificates",
    "the machine",
    "clock",
    "backup",
)
"""What a threat model of this bot must speak of."""


def threats() -> list[tuple[str, str]]:
    """Every row of every table: the threat and the cell with its tests."""
    rows = [line.strip("|").split(" | ") for line in TEXT.splitlines() if line.startswith("|")]
    return [
        (cells[0].strip(), cells[-1])
        for cells in rows
        if cells[0].strip() not in ("Threat",) and not cells[0].startswith(" ---")
    ]


@cache
def named_in(file: str) -> frozenset[str]:
    path = ROOT / file
    tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


@pytest.mark.parametrize(("threat", "shown_by"), threats())
def test_a_threat_names_tests_that_exist(threat: str, shown_by: str) -> None:
    named = TEST.findall(shown_by)

    assert named != [], threat
    assert [f"{file}::{name}" for file, name in named if name not in named_in(file)] == []
    assert TEST.sub("", shown_by).strip(" |") == ""


def test_the_tables_are_read_whole() -> None:
    assert len(threats()) > 30
    assert len(TEST.findall(TEXT)) == sum(len(TEST.findall(tests)) for _, tests in threats())


@pytest.mark.parametrize("subject", ASKED_FOR)
def test_the_usual_threats_are_spoken_of(subject: str) -> None:
    assert subject in TEXT


def test_what_is_open_is_not_called_covered() -> None:
    still_open = TEXT.split("\n## Open\n")[1]

    assert "|" not in still_open
    assert still_open.count("\n- **") > 5
