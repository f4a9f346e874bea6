"""A record of real acts in two provinces, and what may be done to its rows."""

import itertools

from sqlalchemy import text

from store.database import Engine
from store.types import Role
from tests.databases import Template
from tests.factories import add_lamphun, code_in
from tests.handlers.conftest import TOWN
from tests.stage import GROUP, Stage

MIDDLE = "province_id = 1 AND number = 4"
"""An entry of Chiang Mai."""


def put_year(engine: Engine) -> None:
    """Let people of two provinces report, take back, and be stuck."""
    stage = Stage(engine, numbers=itertools.count(100))
    add_lamphun(stage)
    stage.join("เมือง", code_in(stage, "ลำพูน", Role.OFFICER, "เทศบาลเมืองลำพูน"))
    stage.say("เมือง", "เสร็จ ๓")
    stage.say("นภา", "เสร็จ ๓,๕")
    stage.say("วิชัย", "ติดปัญหา ๓ เข้าระบบไม่ได้", GROUP)
    stage.say("นภา", "ยกเลิก ๕")
    stage.say("สมศรี", "ยกเลิก ๓ อบต.ดอนแก้ว")


def alter(engine: Engine, *statements: str) -> None:
    """Do what somebody with the database's password can do."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


YEAR = Template("year_of_acts", TOWN, put_year)
