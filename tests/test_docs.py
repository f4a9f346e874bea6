"""The documents say what the program does: settings, commands, log actions, tables, files."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.__main__ import COMMANDS
from bot.outbox import ALARMS
from bot.schedule import JOBS
from bot.settings import SETTINGS
from messages_th.words import Command, understand
from store.models import Base

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/bench.md",
    "docs/emulator.md",
    "docs/operate.md",
    "docs/plans.md",
    "docs/reminders.md",
    "docs/threats.md",
)
WHAT_PEOPLE_WRITE = "พิมพ์อะไรได้บ้าง · What people can write"
BY_NAME = {command.name: command for command in COMMANDS}
OURS = re.compile(r"`((?:bot|docs|handlers|messages_th|store|tests)/[\w/.]*)`")
PLAN_COMMANDS = {
    Command.MOVE_ACTIVITY,
    Command.EDIT_ACTIVITY,
    Command.UNDO_PLAN,
    Command.COPY_PLAN,
    Command.PLAN_DRAFT,
    Command.PLAN_DOUBTS,
    Command.CONFIRM_PLAN,
    Command.CANCEL_PLAN,
}
COMPUTED = {
    "ALARMS[trouble]": set(ALARMS.values()),
    "job.name": {job.name for job in JOBS},
    "action": set[str](),  # the parameter of `_told`, whose calls are looked at
}
"""Log actions that are no plain strings where they are logged, by their source."""


def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def section(path: str, title: str) -> str:
    """Return what stands in a document under "## title", up to the next one."""
    return text_of(path).split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(markdown: str) -> list[str]:
    """Return what stands in backticks in the first column of a document's tables."""
    cells = [line.split("|")[1] for line in markdown.splitlines() if line.startswith("|")]
    return [name for cell in cells for name in re.findall("`([^`]+)`", cell)]


def command_lines() -> list[tuple[str, str]]:
    """Every line of our command line in a document or the Procfile, with where it stands."""
    return [
        (path, line)
        for path in (*DOCUMENTS, "Procfile")
        for line in re.findall(r"python -m bot ([a-z][^`\n]*)", text_of(path))
    ]


def logged_actions(tree: ast.AST) -> Iterator[str]:
    """Every value that an `extra={"action": …}` of the module can have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_told" and node.args:
            yield from constants(node.args[0])
        if not (isinstance(node, ast.keyword) and node.arg == "extra"):
            continue
        assert isinstance(node.value, ast.Dict), "write extra as a dict, so that it can be read"
        for key, value in zip(node.value.keys, node.value.values, strict=True):
            if key is not None and ast.literal_eval(key) == "action":
                yield from constants(value)


def constants(value: ast.expr) -> set[str]:
    if isinstance(value, ast.IfExp):
        return constants(value.body) | constants(value.orelse)
    if isinstance(value, ast.Constant):
        return {str(value.value)}
    return COMPUTED[ast.unparse(value)]


def test_the_example_holds_every_setting_with_its_default() -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", text_of(".env.example"), re.M))

    assert given == {setting.name: setting.default for setting in SETTINGS}


def test_every_setting_is_explained_to_the_operator() -> None:
    explained = first_cells(section("docs/operate.md", "Settings"))

    assert explained == [setting.name for setting in SETTINGS]


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    named = {cell.split()[0] for cell in first_cells(section("README.md", "Commands"))}

    assert named == set(BY_NAME)


@pytest.mark.parametrize(("path", "line"), command_lines())
def test_a_command_line_of_the_documents_is_understood(path: str, line: str) -> None:
    name, *arguments = shlex.split(line, comments=True)

    try:
        BY_NAME[name].make_context(name, arguments).close()
    except click.UsageError as error:
        pytest.fail(f"{path}: {error.format_message()}")


def test_the_procfile_releases_serves_and_works() -> None:
    processes = [line.partition(":")[0] for line in text_of("Procfile").splitlines()]

    assert processes == ["release", "web", "worker"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_make_targets_that_a_document_names_exist(path: str) -> None:
    targets = re.findall(r"^([\w./-]+):", text_of("Makefile"), re.M)

    named = re.findall(r"^ +make ([\w./-]+)|`make ([\w./-]+)`", text_of(path), re.M)

    assert {one or other for one, other in named} <= set(targets)


def test_every_log_action_is_explained_and_no_other() -> None:
    ours = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    modules = [p for p in ours if "emulator" not in p.parts]

    logged = {each for p in modules for each in logged_actions(ast.parse(p.read_text("utf-8")))}

    assert set(first_cells(section("docs/operate.md", "Log"))) == logged


def test_every_table_is_described_and_no_other() -> None:
    described = first_cells(section("docs/architecture.md", "Tables"))

    assert sorted(described) == sorted(Base.metadata.tables)


@pytest.mark.parametrize("text", first_cells(section("README.md", WHAT_PEOPLE_WRITE)))
def test_what_the_readme_lets_people_write_is_understood_in_a_group(text: str) -> None:
    assert understand(text, in_group=True) is not None


@pytest.mark.parametrize("text", first_cells(section("docs/plans.md", "In the chat")))
def test_what_coordinators_may_type_is_understood_as_a_change_of_the_plan(text: str) -> None:
    understood = understand(text, in_group=False)

    assert understood is not None
    assert understood.command in PLAN_COMMANDS


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_and_files_that_a_document_names_exist(path: str) -> None:
    text = text_of(path)
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]

    named = [(ROOT / path).parent / link for link in links]
    named += [ROOT / file for file in OURS.findall(text)]

    assert [str(each) for each in named if not each.exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_link_to_a_heading_finds_it(path: str) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text_of(path)):
        linked = (ROOT / path).parent / target if target else ROOT / path
        headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.M)

        assert anchor in [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
