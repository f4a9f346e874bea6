"""The house rules that a machine can check, and proof that each of them catches an offence.

`docs/architecture.md` says why they are; `offences` reads one module of the four packages.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent

PACKAGES = ("store", "messages_th", "handlers", "bot")
"""Each imports only those before it."""

ONLY: dict[str, tuple[str, ...]] = {
    "store.types": (),
    "store.migrations.versions": (),
    "messages_th": ("messages_th", "store.types"),
    "handlers.rules": ("handlers.rules", "store.types"),
    "handlers.postback": ("store.types",),
    "handlers.plan_files": ("handlers.plan_files", "messages_th", "store.types"),
    "bot.emulator": ("bot.emulator",),
}
"""All that these import of ours."""

FOR_EVERY_FEATURE = (
    "handlers.turn",
    "handlers.postback",
    "handlers.codes",
    "handlers.decisions",
    "handlers.downloads",
    "handlers.naming",
    "handlers.rhythm",
    "handlers.holiday_calendar",
    "handlers.meant",
    "handlers.hints",
    "handlers.refusals",
    "handlers.needs",
    "handlers.posts",
    "handlers.record",
    "handlers.recording",
    "handlers.rules",
)
KNOWS_EVERY_FEATURE = "handlers.dispatch"
READ_PLAN_FILES = (
    "handlers.plan_files",
    "handlers.plan_import",
    "handlers.agency_import",
    "bot.commands",
    "bot.demo.sample",
)

CLOCK = ("bot/clock.py", "bot/emulator/*")
FENCES: dict[str, tuple[str, ...]] = {
    "linebot": ("bot/line_*.py",),
    "flask": ("bot/*",),
    "sqlalchemy": ("store/*",),
    "apscheduler": ("bot/schedule.py",),
    **dict.fromkeys(
        ("socket", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp"),
        ("bot/*",),
    ),
    "os.environ": ("bot/settings.py", "bot/emulator/*"),
    "os.getenv": ("bot/settings.py", "bot/emulator/*"),
    "datetime.datetime.now": CLOCK,
    "datetime.datetime.utcnow": CLOCK,
    "datetime.datetime.today": CLOCK,
    "datetime.date.today": CLOCK,
    "time.time": CLOCK,
    "time.time_ns": CLOCK,
    "time.localtime": CLOCK,
    "time.gmtime": CLOCK,
    "time.monotonic": ("bot/*",),
    "time.monotonic_ns": ("bot/*",),
    "time.perf_counter": ("bot/*",),
    "time.perf_counter_ns": ("bot/*",),
    "sqlalchemy.func.now": (),
    "sqlalchemy.func.current_timestamp": (),
}
"""What may be used only in these files."""

ROOT_FILES = (
    "Procfile",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "pyproject.toml",
    "requirements*.txt",
)
ROOT_NAMES = (*PACKAGES, *ROOT_FILES, "tests", "docs", ".*")

IGNORED = tuple((ROOT / ".gitignore").read_text("utf-8").splitlines())

THAI = re.compile("[\u0e00-\u0e7f]")
INDEX_ADDRESS = re.compile(
    r"https?://[^\s/]*(?:pypi|pythonhosted|devpi|npmjs|registry)"
    r"|https?://\S*/simple\b"
    r"|index[-_]url",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its path below the root, its dotted name, its syntax tree."""

    path: PurePosixPath
    name: str
    tree: ast.Module


def parse(path: PurePosixPath, source: str) -> Module:
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    return Module(path, name, ast.parse(source))


def offences(module: Module) -> list[str]:
    """What breaks a rule in this module, each as one line "path:line what"."""
    found = [*wrong_imports(module), *over_fences(module), *stray_thai(module)]
    if module.path.name == "__init__.py":
        found += [(1, "is not empty")] if module.tree.body else []
    elif ast.get_docstring(module.tree) is None:
        found += [(1, "has no docstring")]
    return [f"{module.path}:{line} {what}" for line, what in sorted(set(found))]


def uses(module: Module) -> Iterator[tuple[int, str]]:
    """Every imported or dotted name, written out in full, with its line.

    The names bound by imports are followed: after `import datetime as dt`, `dt.date.today`
    is "datetime.date.today".
    """
    bound: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                bound[alias.asname or top] = alias.name if alias.asname else top
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                bound[alias.asname or alias.name] = full
                yield node.lineno, full
    attributes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    inner = {id(node.value) for node in attributes}
    for node in attributes:
        if id(node) not in inner and (dotted := in_full(node, bound)):
            yield node.lineno, dotted


def in_full(node: ast.expr, bound: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return bound.get(node.id)
    if isinstance(node, ast.Attribute) and (owner := in_full(node.value, bound)):
        return f"{owner}.{node.attr}"
    return None


def within(name: str, *prefixes: str) -> bool:
    return any(f"{name}.".startswith(f"{prefix}.") for prefix in prefixes)


def wrong_imports(module: Module) -> Iterator[tuple[int, str]]:
    for line, target in uses(module):
        if within(target, *PACKAGES) and (why := import_offence(module.name, target)):
            yield line, f"imports {target}: {why}"


def import_offence(importer: str, target: str) -> str | None:
    """Why `importer` may not import `target`, both of ours, or None when it may."""
    own_package, package = importer.partition(".")[0], target.partition(".")[0]
    if PACKAGES.index(package) > PACKAGES.index(own_package):
        return "points left"
    for part, allowed in ONLY.items():
        if within(importer, part) and not within(target, *allowed):
            return f"{part} imports of ours only {allowed}"
    if within(target, "handlers.plan_files"):
        return None if within(importer, *READ_PLAN_FILES) else "plan files are for the imports"
    if own_package == package == "handlers" and importer != KNOWS_EVERY_FEATURE:
        own_feature = ".".join(importer.split(".")[:2])
        return None if within(target, own_feature, *FOR_EVERY_FEATURE) else "another feature"
    return None


def over_fences(module: Module) -> Iterator[tuple[int, str]]:
    for line, used in uses(module):
        for name, files in FENCES.items():
            if within(used, name) and not any(fnmatch(str(module.path), each) for each in files):
                yield line, f"uses {name}"


def stray_thai(module: Module) -> Iterator[tuple[int, str]]:
    """Thai letters in strings, those of f-strings too; a string that stands alone documents."""
    if within(module.name, "messages_th"):
        return
    alone = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Constant) or id(node) in alone:
            continue
        if isinstance(node.value, str) and THAI.search(node.value):
            yield node.lineno, "has Thai letters in a string"


def project_files(folder: Path = ROOT) -> Iterator[PurePosixPath]:
    """The files of the project below its root, without what .gitignore names."""
    for entry in sorted(folder.iterdir()):
        path = PurePosixPath(entry.relative_to(ROOT))
        if path.name == ".git" or is_ignored(path):
            continue
        if entry.is_dir():
            yield from project_files(entry)
        else:
            yield path


def is_ignored(path: PurePosixPath) -> bool:
    """Whether a line of .gitignore names this path, from the root ("/demo/") or anywhere."""
    return any(
        fnmatch(str(path) if line.startswith("/") else path.name, line.strip("/"))
        for line in IGNORED
    )


def is_allowed_at_root(path: PurePosixPath) -> bool:
    return any(fnmatch(path.parts[0], name) for name in ROOT_NAMES)


def text_of(path: PurePosixPath) -> str:
    return (ROOT / path).read_text("utf-8", errors="replace")


def test_the_four_packages_keep_the_rules() -> None:
    paths = [path for path in project_files() if path.suffix == ".py" and path.parts[0] in PACKAGES]

    found = [each for path in paths for each in offences(parse(path, text_of(path)))]

    assert found == []
    assert {path.parts[0] for path in paths} == set(PACKAGES)


def test_every_init_file_is_empty() -> None:
    inits = [path for path in project_files() if path.name == "__init__.py"]

    filled = [str(path) for path in inits if text_of(path)]

    assert filled == []


def test_the_root_holds_only_known_names() -> None:
    strangers = {path.parts[0] for path in project_files() if not is_allowed_at_root(path)}

    assert strangers == set()


def test_no_file_names_a_package_index() -> None:
    naming = [str(path) for path in project_files() if INDEX_ADDRESS.search(text_of(path))]

    assert naming == []


def test_every_setting_has_its_line_in_the_example() -> None:
    # Imported here so that settings that do not load leave the other rules on guard.
    from bot.settings import SETTINGS

    named = re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", text_of(PurePosixPath(".env.example")), re.M)

    missing = {setting.name for setting in SETTINGS} - set(named)
    assert missing == set()


DOCSTRING = '"""A module."""\n'


@pytest.mark.parametrize(
    ("importer", "target", "why"),
    [
        pytest.param("store.plans", "handlers.turn", "points left", id="store looks up"),
        pytest.param("messages_th.dates", "handlers", "points left", id="words look up"),
        pytest.param("handlers.turn", "bot.clock.now", "points left", id="handlers look up"),
        pytest.param("store.types", "store.models", "only", id="nouns know tables"),
        pytest.param("store.migrations.versions.0001_a", "store.types", "only", id="migration"),
        pytest.param("messages_th.dates", "store.plans", "only", id="words read the store"),
        pytest.param("handlers.rules.access", "messages_th.words", "only", id="a rule speaks"),
        pytest.param("handlers.rules.access", "handlers.turn", "only", id="a rule takes turns"),
        pytest.param("handlers.postback", "store.plans", "only", id="a codec reads the store"),
        pytest.param("handlers.plan_files.table", "store.plans", "only", id="files and store"),
        pytest.param("bot.emulator.server", "store.types", "only", id="the emulator cheats"),
        pytest.param("bot.emulator.server", "bot.settings", "only", id="and inside bot"),
        pytest.param("handlers.digests", "handlers.reminders", "feature", id="two features"),
        pytest.param("handlers.digests", "handlers", "feature", id="all features at once"),
        pytest.param("handlers.turn", "handlers.dispatch", "feature", id="turn and dispatch"),
        pytest.param("handlers.digests", "handlers.plan_files", "plan files", id="files"),
        pytest.param("bot.app", "handlers.plan_files.table", "plan files", id="files in bot"),
        pytest.param("handlers.dispatch", "handlers.reminders", "fine", id="dispatch knows all"),
        pytest.param("handlers.digests", "handlers.turn.Turn", "fine", id="a feature its turn"),
        pytest.param("handlers.digests", "handlers.rules.access", "fine", id="a feature a rule"),
        pytest.param("handlers.digests", "handlers.postback", "fine", id="a feature a codec"),
        pytest.param("handlers.digests.weekly", "handlers.digests.daily", "fine", id="a folder"),
        pytest.param("handlers.digests", "store.plans", "fine", id="a feature the store"),
        pytest.param("handlers.plan_import", "handlers.plan_files", "fine", id="plan_import"),
        pytest.param(
            "handlers.plan_files.table", "messages_th.dates", "fine", id="files and words"
        ),
        pytest.param("handlers.rules.reminders", "handlers.rules.workdays", "fine", id="two rules"),
        pytest.param("bot.commands.texts", "handlers.plan_files.table", "fine", id="read-plan"),
        pytest.param("bot.emulator.server", "bot.emulator.chat", "fine", id="inside the emulator"),
    ],
)
def test_imports_point_right_and_features_stand_alone(importer: str, target: str, why: str) -> None:
    found = import_offence(importer, target) or "fine"

    assert why in found


@pytest.mark.parametrize(
    ("path", "source", "offence"),
    [
        pytest.param("store/a.py", "import bot.app", "2 imports bot.app", id="import"),
        pytest.param("store/a.py", "from bot import app", "imports bot.app", id="from"),
        pytest.param("store/a.py", "def f():\n    import bot", "3 imports bot", id="in a function"),
        pytest.param(
            "handlers/a.py", "import handlers.turn\nhandlers.b.c()", "3 imports", id="by attribute"
        ),
        pytest.param("bot/app.py", "from linebot.v3 import messaging", "linebot", id="linebot"),
        pytest.param("handlers/a.py", "from flask import request", "flask", id="flask"),
        pytest.param("bot/app.py", "import sqlalchemy.orm as orm", "sqlalchemy", id="sqlalchemy"),
        pytest.param("bot/a.py", "import apscheduler", "apscheduler", id="apscheduler"),
        pytest.param(
            "handlers/a.py", "from urllib.request import urlopen", "urllib.request", id="a fetch"
        ),
        pytest.param("bot/a.py", "import os\nos.environ['A']", "os.environ", id="environ"),
        pytest.param("bot/a.py", "from os import environ", "os.environ", id="environ by name"),
        pytest.param("bot/a.py", "import os\nos.getenv('A')", "os.getenv", id="getenv"),
        pytest.param(
            "bot/a.py", "from datetime import datetime\ndatetime.now()", "3 uses", id="now"
        ),
        pytest.param(
            "store/a.py", "import datetime as dt\nx = dt.datetime.utcnow", "utcnow", id="handed on"
        ),
        pytest.param("bot/a.py", "from datetime import date\ndate.today()", "today", id="today"),
        pytest.param("bot/a.py", "from time import time", "time.time", id="time"),
        pytest.param("handlers/a.py", "import time\ntime.monotonic()", "monotonic", id="timer"),
        pytest.param(
            "store/a.py", "from sqlalchemy import func\nfunc.now()", "func.now", id="now in SQL"
        ),
        pytest.param("handlers/a.py", "word = 'เสร็จ'", "Thai", id="a Thai word"),
        pytest.param("handlers/a.py", "word = f'{1} ข้อ'", "Thai", id="a Thai f-string"),
        pytest.param("bot/a.py", r"word = '\u0e01'", "Thai", id="a Thai letter by its code"),
        pytest.param("bot/__init__.py", "", "not empty", id="a filled package"),
    ],
)
def test_an_offence_is_caught(path: str, source: str, offence: str) -> None:
    found = offences(parse(PurePosixPath(path), DOCSTRING + source))

    assert len(found) == 1
    assert offence in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param("handlers/a.py", "import handlers.turn\nhandlers.turn.f()", id="the turn"),
        pytest.param("bot/line_out.py", "import linebot", id="LINE's file"),
        pytest.param("bot/outbox.py", "import time\ntime.monotonic()", id="a duration"),
        pytest.param(
            "bot/clock.py", "from datetime import datetime\ndatetime.now()", id="the clock"
        ),
        pytest.param("bot/emulator/a.py", "import time, bot.emulator.b\ntime.time()", id="LINE's"),
        pytest.param("handlers/a.py", "def f(turn):\n    turn.now, turn.today()", id="given time"),
        pytest.param("store/a.py", "class A:\n    B = 1\n    '''เสร็จ'''", id="Thai documents"),
        pytest.param("messages_th/a.py", "DONE = 'เสร็จ'", id="Thai where it belongs"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    found = offences(parse(PurePosixPath(path), DOCSTRING + source))

    assert found == []


def test_a_module_without_a_docstring_is_caught_and_an_empty_package_is_not() -> None:
    bare = parse(PurePosixPath("bot/app.py"), "x = 1")
    empty = parse(PurePosixPath("bot/__init__.py"), "")

    assert offences(bare) == ["bot/app.py:1 has no docstring"]
    assert offences(empty) == []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("README.md", True),
        (".env.example", True),
        ("requirements-dev.txt", True),
        ("bot/app.py", True),
        ("notes.md", False),
        ("scripts/run.py", False),
    ],
)
def test_a_stranger_at_the_root_is_told(*, path: str, allowed: bool) -> None:
    assert is_allowed_at_root(PurePosixPath(path)) is allowed


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        (".venv", True),
        ("bot/__pycache__", True),
        ("demo", True),
        ("bot/demo", False),
        ("bot/app.py", False),
    ],
)
def test_what_git_ignores_is_not_read(*, path: str, ignored: bool) -> None:
    assert is_ignored(PurePosixPath(path)) is ignored


@pytest.mark.parametrize(
    ("text", "is_index"),
    [
        # In two pieces, so that this file does not name one itself.
        ("https://" + "files.pythonhosted.org/x", True),
        ("http://" + "10.0.0.1:3141/root/simple/", True),
        ("--extra-index" + "-url=x", True),
        ("https://github.com/pypi/warehouse", False),
        ("flask==3.1.3 --hash=sha256:00", False),
    ],
)
def test_an_index_address_is_told_from_other_text(*, text: str, is_index: bool) -> None:
    assert bool(INDEX_ADDRESS.search(text)) is is_index
