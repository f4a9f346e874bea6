"""The audit of dependencies is green only when all was looked up; lock files pin by hash."""

import json
import re
from pathlib import Path

import pytest

from tests.audit import CLEAN, HOLES, LOCK_FILES, UNKNOWN, best, read, verdict

ROOT = Path(__file__).parent.parent

GOOD = {"name": "flask", "version": "3.1.3", "vulns": []}
BAD = {
    "name": "werkzeug",
    "version": "3.0.0",
    "vulns": [
        {"id": "PYSEC-2023-221", "fix_versions": ["3.0.1"], "aliases": [], "description": "Slow."},
        {"id": "GHSA-0000", "fix_versions": [], "aliases": [], "description": "Open."},
    ],
}
UNKNOWN_THERE = {
    "name": "click",
    "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.3.1)",
}


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("reports", "code", "told"),
    [
        pytest.param(
            [report(GOOD), report(GOOD, GOOD)],
            CLEAN,
            "No known holes in 3 entries of the lock files.",
            id="clean",
        ),
        pytest.param(
            [report(GOOD, BAD), report(BAD, UNKNOWN_THERE)],
            HOLES,
            "werkzeug 3.0.0: GHSA-0000, mended in no version yet\n"
            "werkzeug 3.0.0: PYSEC-2023-221, mended in 3.0.1\n"
            "Renew the lock files (make lock) with mended versions.",
            id="holes",
        ),
        pytest.param(
            [report(UNKNOWN_THERE), report(UNKNOWN_THERE)],
            UNKNOWN,
            "The advisory source could not be reached: nothing was checked.",
            id="a mirror without advisories",
        ),
        pytest.param(
            ["", "Traceback (most recent call last):"],
            UNKNOWN,
            "The advisory source could not be reached: nothing was checked.",
            id="no network",
        ),
        pytest.param(
            [report(GOOD, UNKNOWN_THERE), report(GOOD)],
            UNKNOWN,
            "Not everything was checked; no answer for: click.",
            id="a gap",
        ),
        pytest.param(
            [report(GOOD), ""],
            UNKNOWN,
            "Not everything was checked; no answer for: a file.",
            id="one file unread",
        ),
    ],
)
def test_only_what_was_looked_up_is_called_clean(reports: list[str], code: int, told: str) -> None:
    assert verdict(map(read, reports)) == (code, told)


def test_a_second_service_is_asked_where_the_first_knows_nothing() -> None:
    reports = {"pypi": report(UNKNOWN_THERE), "osv": report(BAD)}

    finding = best("requirements.txt", lambda _, source: reports[source])

    assert finding == read(report(BAD))


@pytest.mark.parametrize("file", LOCK_FILES)
def test_every_entry_of_a_lock_file_is_an_exact_version_with_its_hashes(file: str) -> None:
    text = (ROOT / file).read_text("utf-8").replace("\\\n", " ")

    entries = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

    entry = re.compile(r"[\w.\[\],-]+==[\w.!+]+( ; [^#@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert len(entries) > 10
    assert [each for each in entries if not entry.fullmatch(each)] == []


def test_packages_are_installed_by_their_hashes_only() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    installs = [line for line in makefile.splitlines() if "pip install" in line]

    assert installs != []
    assert all("--require-hashes" in line for line in installs)
