"""The town of the handlers' tests."""

import itertools

import pytest

from tests.databases import Databases
from tests.handlers.conftest import TOWN
from tests.stage import Stage


@pytest.fixture
def town(databases: Databases) -> Stage:
    """Chiang Mai with its people, as the handlers' tests have it; วิชัย has nothing left to do."""
    return Stage(databases.fresh(TOWN), numbers=itertools.count(100))
