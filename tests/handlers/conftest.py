"""A town where people have joined: registering them again for every test would take too long."""

import itertools
import shutil
from pathlib import Path

import pytest

from store.database import Engine, open_database
from store.types import Role
from tests.conftest import filled
from tests.factories import add_lamphun, code_in
from tests.stage import Stage

MAE_RAEM = "เทศบาลตำบลแม่แรม"
DON_KAEO = "องค์การบริหารส่วนตำบลดอนแก้ว"


@pytest.fixture(scope="session")
def town_file(chiang_mai_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with Chiang Mai, its people and the bound group, to be copied."""
    path = tmp_path_factory.mktemp("town") / "town.sqlite3"
    shutil.copy(chiang_mai_file, path)
    stage = Stage(open_database(f"sqlite:///{path}"))
    stage.officer("นภา", MAE_RAEM)
    stage.officer("วิชัย", DON_KAEO)
    stage.coordinator("สมศรี")
    stage.say("ดา", stage.code(Role.DISTRICT, district="แม่ริม"))
    stage.bound_group("สมศรี")
    stage.engine.dispose()
    return path


@pytest.fixture(scope="session")
def border_file(town_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the town and the neighbour province, to be copied."""
    path = tmp_path_factory.mktemp("border") / "border.sqlite3"
    shutil.copy(town_file, path)
    stage = Stage(open_database(f"sqlite:///{path}"), numbers=itertools.count(100))
    add_lamphun(stage)
    stage.say("ลำ", code_in(stage, "ลำพูน", Role.COORDINATOR))
    stage.say("เมือง", code_in(stage, "ลำพูน", Role.OFFICER, "เทศบาลเมืองลำพูน"))
    stage.engine.dispose()
    return path


@pytest.fixture
def town(town_file: Path, shared_engine: Engine) -> Stage:
    """Chiang Mai on Wednesday 3 January 2567, 09:00, the group bound to it.

    นภา is officer of ทต.แม่แรม, วิชัย of อบต.ดอนแก้ว (both อ.แม่ริม), ดา looks after อ.แม่ริม and
    สมศรี coordinates the province.
    """
    # The events that brought them here have used up the first numbers.
    return Stage(filled(shared_engine, town_file), numbers=itertools.count(100))


@pytest.fixture
def border(border_file: Path, shared_engine: Engine) -> Stage:
    """The town, and Lamphun with a plan of the very same numbers on the same database.

    ลำ coordinates Lamphun, เมือง is officer of ทม.ลำพูน.
    """
    return Stage(filled(shared_engine, border_file), numbers=itertools.count(200))
