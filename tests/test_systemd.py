"""The unit files: their command lines are ours, their settings known, their shell lines tried."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.__main__ import COMMANDS
from bot.settings import with_environment
from store.copy_files import examine

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "docs" / "systemd").iterdir())
SERVICES = [each for each in UNITS if each.suffix == ".service"]
LASTING = [each for each in SERVICES if "backup" not in each.name]
BY_NAME = {command.name: command for command in COMMANDS}
BACKUPS = "/var/backups/ita-bot"
SECTIONS = {"Unit", "Service", "Timer", "Install"}


def settings(unit: Path) -> dict[str, str]:
    """Return what a unit sets, each line once, and check that every line can be understood."""
    found: dict[str, str] = {}
    for line in unit.read_text("utf-8").splitlines():
        if not line or line.startswith("#") or line.strip("[]") in SECTIONS:
            continue
        name, sign, value = line.partition("=")
        assert sign, f"{unit.name}: {line}"
        assert re.fullmatch("[A-Z][A-Za-z]+", name), f"{unit.name}: {line}"
        assert name not in found, f"{unit.name}: {name} twice"
        found[name] = value
    return found


def shell_line(unit: Path, name: str) -> str:
    """Return what the shell of a setting is given, as systemd hands it over."""
    shell, option, line = shlex.split(settings(unit)[name])
    assert (shell, option) == ("/bin/sh", "-c")
    return line.replace("%%", "%").replace("$$", "$")


def words_of(unit: Path) -> list[str]:
    words = shlex.split(settings(unit)["ExecStart"])
    return shlex.split(shell_line(unit, "ExecStart")) if words[0] == "/bin/sh" else words


@pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)
def test_what_a_unit_starts_is_understood(unit: Path) -> None:
    words = words_of(unit)
    name, *arguments = words[words.index("bot") + 1 :]

    assert words[words.index("bot") - 2].endswith(".venv/bin/python")
    try:
        BY_NAME[name].make_context(name, arguments).close()
    except click.UsageError as error:
        pytest.fail(f"{unit.name}: {error.format_message()}")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)
def test_a_unit_runs_as_its_own_user_and_writes_only_where_it_must(unit: Path) -> None:
    found = settings(unit)

    assert found["User"] == "ita-bot"
    assert found["NoNewPrivileges"] == "yes"
    assert found["ProtectSystem"] == "strict"
    assert found["StateDirectory"] == "ita-bot"
    assert found["UMask"] == "0077"


@pytest.mark.parametrize("unit", LASTING, ids=lambda each: each.name)
def test_a_process_is_ended_in_order_and_started_again_for_ever(unit: Path) -> None:
    found = settings(unit)

    assert (found["KillSignal"], found["TimeoutStopSec"]) == ("SIGTERM", "15")
    assert (found["Restart"], found["StartLimitIntervalSec"]) == ("always", "0")


def test_there_is_a_unit_for_each_way_of_deploying() -> None:
    commands = {words_of(each)[words_of(each).index("bot") + 1] for each in SERVICES}

    assert commands == {"run", "web", "work", "backup"}
    assert "ita-bot-backup.timer" in {each.name for each in UNITS}


def test_the_nightly_backup_makes_a_file_and_keeps_the_last_fourteen(
    chiang_mai_file: Path, tmp_path: Path
) -> None:
    unit = ROOT / "docs" / "systemd" / "ita-bot-backup.service"
    kept = [f"2024-01-{day:02}-023000.sqlite3" for day in range(1, 16)]
    for name in ("1999-01-01-023000.sqlite3.part", *kept):
        (tmp_path / name).touch()
    database = shutil.copy(chiang_mai_file, tmp_path / "bot.db")

    for name in ("ExecStart", "ExecStartPost"):
        line = shell_line(unit, name).replace(BACKUPS, str(tmp_path))
        subprocess.run(
            ["/bin/sh", "-c", line.replace(".venv/bin/python", shlex.quote(sys.executable))],
            cwd=ROOT,
            env=with_environment({"DATABASE_URL": f"sqlite:///{database}"}),
            check=True,
            timeout=60,
        )

    left = sorted(each.name for each in tmp_path.glob("*.sqlite3*"))
    assert left[:-1] == kept[2:]
    assert examine(tmp_path / left[-1]).rows["agency"] > 0
