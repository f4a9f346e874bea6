"""What many tests stand on: empty tables, and the province of Chiang Mai as its files say.

Both exist on SQLite and on PostgreSQL, so a test that asks for them runs twice.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handlers import agency_import
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes
from store import schema
from store.database import Engine, transaction
from store.types import FiscalYear
from tests.databases import (
    Databases,
    PostgresqlDatabases,
    SqliteFiles,
    Template,
    remove_server,
    server_url,
)
from tests.stage import FILES, Stage

SAMPLES = Path("handlers/plan_files/samples")
SERVER_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the run's PostgreSQL, which starts when the first test asks for it."""
    is_xdist_process = hasattr(config, "workerinput")
    config.stash[SERVER_FOLDER] = Path(
        config.workerinput["server_folder"]
        if is_xdist_process
        else tempfile.mkdtemp(prefix="ita-pg-")
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the folder to the processes that pytest-xdist starts."""
    node.workerinput["server_folder"] = str(node.config.stash[SERVER_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server at the end of the run, however it went, and remove what lies about."""
    shutil.rmtree(FILES, ignore_errors=True)
    if not hasattr(config, "workerinput"):
        remove_server(config.stash[SERVER_FOLDER])


def put_chiang_mai(engine: Engine) -> None:
    """Store Chiang Mai's agencies and its plan of 2567."""
    directory = (SAMPLES / "agencies-chiangmai.csv").read_bytes()
    plan = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    rows, problems = agency_import.read_directory("agencies.csv", directory, province="เชียงใหม่")
    year = FiscalYear(2567)
    with transaction(engine) as session:
        agency_import.import_agencies(session, "เชียงใหม่", rows, problems)
        province = agency_import.keep_province(session, "เชียงใหม่")
        draft = read_plan("plan.txt", plan, fiscal_year=year)
        changes.confirm(session, province, year, draft, now=datetime(2023, 12, 1, tzinfo=UTC))


EMPTY = Template("empty", None, schema.upgrade)
CHIANG_MAI = Template("chiang_mai", EMPTY, put_chiang_mai)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteFiles]:
    """The SQLite files of this process of the tests."""
    files = SqliteFiles(tmp_path_factory.mktemp("sqlite"))
    yield files
    files.close()


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgresqlDatabases]:
    """The PostgreSQL databases of this process of the tests."""
    folder = request.config.stash[SERVER_FOLDER]
    process = getattr(request.config, "workerinput", {}).get("workerid", "only")
    databases = PostgresqlDatabases(server_url(folder), f"{folder.name}-{process}-")
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """The databases of each kind in turn."""
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def engine(databases: Databases) -> Engine:
    """An empty database of the test's own."""
    return databases.fresh(EMPTY)


@pytest.fixture
def stage(databases: Databases) -> Stage:
    """Chiang Mai on Wednesday 3 January 2567, 09:00, with nobody registered."""
    return Stage(databases.fresh(CHIANG_MAI))


@pytest.fixture(scope="session")
def empty_file(sqlite: SqliteFiles) -> Path:
    """A SQLite file with the tables and nothing in them, to be copied."""
    return sqlite.path(sqlite.made(EMPTY))


@pytest.fixture(scope="session")
def chiang_mai_file(sqlite: SqliteFiles) -> Path:
    """A SQLite file with Chiang Mai's agencies and its plan of 2567, to be copied."""
    return sqlite.path(sqlite.made(CHIANG_MAI))
