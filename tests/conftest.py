"""What many tests stand on: empty tables, and the province of Chiang Mai as its files say."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from handlers import agency_import, plan_import
from handlers.plan_files.table import read_plan
from store import schema
from store.database import Engine, open_database, transaction
from store.types import FiscalYear
from tests.stage import Stage

SAMPLES = Path("handlers/plan_files/samples")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"
    engine = open_database(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def chiang_mai_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with Chiang Mai's agencies and its plan of 2567, to be copied."""
    path = tmp_path_factory.mktemp("chiangmai") / "chiangmai.sqlite3"
    shutil.copy(empty_file, path)
    directory = (SAMPLES / "agencies-chiangmai.csv").read_bytes()
    plan = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    rows, problems = agency_import.read_directory("agencies.csv", directory, province="เชียงใหม่")
    year = FiscalYear(2567)
    engine = open_database(f"sqlite:///{path}")
    with transaction(engine) as session:
        agency_import.import_agencies(session, "เชียงใหม่", rows, problems)
        province = agency_import.keep_province(session, "เชียงใหม่")
        draft = read_plan("plan.txt", plan, fiscal_year=year)
        plan_import.confirm(session, province, year, draft, now=datetime(2023, 12, 1, tzinfo=UTC))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests, as each engine compiles every statement anew."""
    path = tmp_path_factory.mktemp("here") / "bot.sqlite3"
    engine = open_database(f"sqlite:///{path}")
    # No test cuts the power: waiting for the disk would take a third of the time.
    event.listen(engine, "connect", lambda each, _: each.execute("PRAGMA synchronous=OFF"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_file: Path, shared_engine: Engine) -> Engine:
    """An empty database of the test's own."""
    return filled(shared_engine, empty_file)


@pytest.fixture
def stage(chiang_mai_file: Path, shared_engine: Engine) -> Stage:
    """Chiang Mai on Wednesday 3 January 2567, 09:00, with nobody registered."""
    return Stage(filled(shared_engine, chiang_mai_file))


def filled(engine: Engine, template: Path) -> Engine:
    """Return the engine on a copy of that file; closing it first leaves no log beside."""
    engine.dispose()
    shutil.copy(template, str(engine.url.database))
    return engine
