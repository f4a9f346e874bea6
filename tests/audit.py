"""Known holes in what the lock files name: `python -m tests.audit`.

Exit code 0 means that every package was looked up and none has a known hole, 1 that one has, 2
that something could not be looked up: no answer is not a good answer.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK_FILES = ("requirements.txt", "requirements-dev.txt")
SOURCES = ("pypi", "osv")
"""Services that pip-audit can ask, the first one first; another only where it had no answer."""

CLEAN, HOLES, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one lock file: packages looked up, packages not, holes one a line."""

    looked_up: int
    not_looked_up: tuple[str, ...]
    holes: tuple[str, ...]


def read(report: str) -> Finding | None:
    """Understand pip-audit's JSON; None when it is none, as when no service answered."""
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, TypeError, KeyError):
        return None
    skipped = tuple(each["name"] for each in packages if "vulns" not in each)
    holes = tuple(
        f"{each['name']} {each['version']}: {hole['id']}, mended in"
        f" {', '.join(hole['fix_versions']) or 'no version yet'}"
        for each in packages
        for hole in each.get("vulns", ())
    )
    return Finding(len(packages) - len(skipped), skipped, holes)


def verdict(findings: Iterable[Finding | None]) -> tuple[int, str]:
    """Return the exit code and what to tell, for all lock files together."""
    found = list(findings)
    known = [each for each in found if each is not None]
    holes = sorted({hole for each in known for hole in each.holes})
    looked_up = sum(each.looked_up for each in known)
    missed = sorted({name for each in known for name in each.not_looked_up})
    if holes:
        return HOLES, "\n".join([*holes, "Renew the lock files (make lock) with mended versions."])
    if not looked_up:
        return UNKNOWN, "The advisory source could not be reached: nothing was checked."
    if missed or len(known) < len(found):
        return (
            UNKNOWN,
            f"Not everything was checked; no answer for: {', '.join(missed) or 'a file'}.",
        )
    return CLEAN, f"No known holes in {looked_up} entries of the lock files."


def ask(lock_file: str, source: str) -> str:
    """Return pip-audit's report on a lock file, whose every entry must have a hash."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--vulnerability-service", source]
    done = subprocess.run(
        [*command, *options, "--requirement", lock_file],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout


def best(lock_file: str, asked: Callable[[str, str], str] = ask) -> Finding | None:
    """Return what the first service knows that knows all; else what the first one knows."""
    findings = []
    for source in SOURCES:
        finding = read(asked(lock_file, source))
        if finding is not None and not finding.not_looked_up:
            return finding
        findings.append(finding)
    return next((each for each in findings if each is not None), None)


def main() -> int:
    """Audit both lock files; tell and return the exit code."""
    code, told = verdict([best(each) for each in LOCK_FILES])
    (sys.stdout if code == CLEAN else sys.stderr).write(f"{told}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
