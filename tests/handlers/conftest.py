"""A town where people have joined: registering them again for every test would take too long."""

import itertools

import pytest

from store.database import Engine
from store.types import Role
from tests.conftest import CHIANG_MAI
from tests.databases import Databases, Template
from tests.factories import add_lamphun, code_in
from tests.stage import Stage

MAE_RAEM = "เทศบาลตำบลแม่แรม"
DON_KAEO = "องค์การบริหารส่วนตำบลดอนแก้ว"


def put_town(engine: Engine) -> None:
    """Let people join Chiang Mai, and bind the group."""
    stage = Stage(engine)
    stage.officer("นภา", MAE_RAEM)
    stage.officer("วิชัย", DON_KAEO)
    stage.coordinator("สมศรี")
    stage.join("ดา", stage.code(Role.DISTRICT, district="แม่ริม"))
    stage.bound_group("สมศรี")


def put_neighbour(engine: Engine) -> None:
    """Let Lamphun come onto the town's installation."""
    stage = Stage(engine, numbers=itertools.count(100))
    add_lamphun(stage)
    stage.join("ลำ", code_in(stage, "ลำพูน", Role.COORDINATOR))
    stage.join("เมือง", code_in(stage, "ลำพูน", Role.OFFICER, "เทศบาลเมืองลำพูน"))


TOWN = Template("town", CHIANG_MAI, put_town)
BORDER = Template("border", TOWN, put_neighbour)


@pytest.fixture
def town(databases: Databases) -> Stage:
    """Chiang Mai on Wednesday 3 January 2567, 09:00, the group bound to it.

    นภา is officer of ทต.แม่แรม, วิชัย of อบต.ดอนแก้ว (both อ.แม่ริม), ดา looks after อ.แม่ริม and
    สมศรี coordinates the province.
    """
    # The events that brought them here have used up the first numbers.
    return Stage(databases.fresh(TOWN), numbers=itertools.count(100))


@pytest.fixture
def border(databases: Databases) -> Stage:
    """The town, and Lamphun with a plan of the very same numbers on the same database.

    ลำ coordinates Lamphun, เมือง is officer of ทม.ลำพูน.
    """
    return Stage(databases.fresh(BORDER), numbers=itertools.count(200))
