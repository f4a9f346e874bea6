"""Guessing codes: tries are counted before anything is compared, for each person and for all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers import registration
from handlers.registration import MOST_TRIES, MOST_TRIES_OF_ALL
from messages_th import problems
from store import code_tries
from store.database import Engine, transaction
from store.models import CodeTry
from store.types import Role
from tests.factories import NOON
from tests.scenarios.guesses import looked_at
from tests.stage import Stage, user_id

MAE_RAEM = "เทศบาลตำบลแม่แรม"
TOO_OFTEN = problems.CODES_TRIED_TOO_OFTEN.text
UNKNOWN = problems.CODE_UNKNOWN.text


def guess(stage: Stage, name: str, number: int, group: str = "") -> list[str]:
    return stage.say(name, f"ลงทะเบียน A{number:03}-B{number:03}", group)


def rows(stage: Stage) -> int:
    with transaction(stage.engine) as session:
        return session.execute(select(func.count(CodeTry.id))).scalar_one()


def test_one_tries_ten_codes_an_hour(stage: Stage) -> None:
    stage.follow("แดง")

    said = [guess(stage, "แดง", number) for number in range(MOST_TRIES + 2)]

    assert said == [[UNKNOWN]] * MOST_TRIES + [[TOO_OFTEN]] * 2


def test_who_has_their_data_deleted_has_no_more_tries(stage: Stage) -> None:
    stage.follow("แดง")
    for number in range(MOST_TRIES):
        guess(stage, "แดง", number)

    stage.say("แดง", "ลบข้อมูลของฉัน")
    stage.follow("แดง")
    again = guess(stage, "แดง", MOST_TRIES)
    stage.later(hours=2)
    with transaction(stage.engine) as session:
        registration.forget(session, now=stage.now)

    assert again == [TOO_OFTEN]
    assert rows(stage) == 0


def test_a_right_code_beyond_the_limit_is_not_used_up(stage: Stage) -> None:
    code = stage.code(Role.OFFICER, MAE_RAEM)
    stage.follow("แดง")
    for number in range(MOST_TRIES):
        guess(stage, "แดง", number)

    refused = stage.say("แดง", code)
    stage.later(hours=1)

    assert refused == [TOO_OFTEN]
    assert "ทต.แม่แรม" in stage.say("แดง", code)[0]


def test_what_one_tries_too_often_shuts_out_nobody_else(stage: Stage) -> None:
    stage.follow("แดง")
    for number in range(MOST_TRIES + 5):
        guess(stage, "แดง", number)

    assert "ทต.แม่แรม" in stage.join("นภา", stage.code(Role.OFFICER, MAE_RAEM))[0]


def test_guesses_in_a_group_where_nobody_is_named_count_for_the_group(stage: Stage) -> None:
    group = "C" + "b" * 32

    said = [guess(stage, "", number, group) for number in range(MOST_TRIES + 1)]

    assert said[-1] == [TOO_OFTEN]
    assert TOO_OFTEN not in said[-2]


def test_of_guesses_by_many_only_the_first_ten_of_each_are_looked_at(engine: Engine) -> None:
    assert looked_at(engine, guesses=300, people=12, at=NOON) == 12 * MOST_TRIES


def test_beyond_the_limit_of_all_nobody_is_let_in_and_an_alarm_is_raised(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(stage.engine) as session:
        for _ in range(MOST_TRIES_OF_ALL):
            code_tries.count_try(session, code_tries.EVERYBODY, at=stage.now)

    said = [stage.join(name, stage.code(Role.OFFICER, MAE_RAEM)) for name in ("นภา", "มานี")]

    assert said == [[TOO_OFTEN], [TOO_OFTEN]]
    alarms = [r for r in caplog.records if getattr(r, "action", "") == "alarm_code_guessing"]
    assert len(alarms) == 1


def test_tries_at_the_same_time_are_all_counted(engine: Engine) -> None:
    def one(_: int) -> int:
        with transaction(engine) as session:
            return code_tries.count_try(session, user_id("แดง"), at=NOON)

    with ThreadPoolExecutor(8) as pool:
        counted = sorted(pool.map(one, range(40)))

    assert counted == list(range(1, 41))


def test_who_tried_is_kept_as_a_digest_and_for_no_longer_than_needed(stage: Stage) -> None:
    stage.follow("แดง")
    guess(stage, "แดง", 1)
    with transaction(stage.engine) as session:
        kept = session.scalars(select(CodeTry.who)).all()
    during = rows(stage)

    with transaction(stage.engine) as session:
        registration.forget(session, now=stage.now + timedelta(hours=2))

    assert user_id("แดง") not in kept
    assert (during, rows(stage)) == (2, 0)
