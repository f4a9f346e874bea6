"""The command doctor against the stand-in: one healthy installation, and many sick ones."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.clock import system_clock
from bot.settings import SETTINGS
from store import workers
from store.database import open_database, transaction
from tests.bot.emulator_stage import SECRET, TOKEN, Stage, open_stage
from tests.bot.queue_rows import execute, keep, said

NAMES = {
    "settings",
    "channel_secret",
    "line_reached",
    "access_token",
    "webhook_address",
    "use_webhook",
    "webhook_test",
    "redelivery",
    "group_joining",
    "auto_reply",
    "chat_mode",
    "clock",
    "quota",
    "database",
    "disk",
    "worker",
    "sending",
    "parked",
    "last_event",
}
"""Kept stable: others may read the JSON."""

Doctor = Callable[..., Result]


@pytest.fixture(scope="module")
def one_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def line(one_stage: Stage) -> Stage:
    """LINE as a stand-in whose clock is right, and a bot that answers its webhook with 200."""
    one_stage.control("reset")
    one_stage.bot.status = 200
    one_stage.bot.seconds = 0.0
    return one_stage


@pytest.fixture
def file(empty_file: Path, tmp_path: Path) -> Path:
    """A database on which a worker runs."""
    copy = Path(shutil.copy(empty_file, tmp_path / "bot.sqlite3"))
    engine = open_database(f"sqlite:///{copy}")
    with transaction(engine) as session:
        workers.beat(session, "worker", at=system_clock())
    engine.dispose()
    return copy


@pytest.fixture
def doctor(line: Stage, file: Path) -> Doctor:
    """Run the doctor on a healthy installation but for the settings named."""
    public_url = str(line.read("state")["botUrl"]).removesuffix("/callback")

    def run(*arguments: str, **env: str) -> Result:
        healthy = {
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_API_HOST": line.stand_in.url,
            "PUBLIC_URL": public_url,
            "DATABASE_URL": f"sqlite:///{file}",
        }
        chosen = dict.fromkeys((each.name for each in SETTINGS), "") | healthy | env
        return CliRunner().invoke(main, ("doctor", *arguments), env=chosen, prog_name="bot")

    return run


def checks(result: Result) -> dict[str, dict[str, str]]:
    assert isinstance(result.exception, SystemExit | None)
    assert result.stdout.count("\n") == 1
    told = json.loads(result.stdout)
    assert set(told) == {"checks"}
    return {each["name"]: each for each in told["checks"]}


def failures(result: Result) -> set[str]:
    """Return what fails, having looked that the exit code and the one sentence agree."""
    failed = {name for name, each in checks(result).items() if each["verdict"] == "fail"}
    assert result.exit_code == (1 if failed else 0)
    assert result.stderr.count("\n") == (1 if failed else 0)
    assert all(name in result.stderr for name in failed)
    return failed


def test_a_healthy_installation_fails_in_nothing(doctor: Doctor, file: Path) -> None:
    keep(open_database(f"sqlite:///{file}"), said("1", "สวัสดี", system_clock()), at=system_clock())

    result = doctor("--json")

    assert failures(result) == set()
    verdicts = {name: each["verdict"] for name, each in checks(result).items()}
    by_eye = {"redelivery", "group_joining", "auto_reply"}
    assert {name for name, verdict in verdicts.items() if verdict == "by_eye"} == by_eye
    assert set(verdicts.values()) == {"ok", "by_eye"}


def test_the_json_holds_every_check_with_name_verdict_finding_and_what_to_do(
    doctor: Doctor,
) -> None:
    told = checks(doctor("--json"))

    assert set(told) == NAMES
    assert {tuple(each) for each in told.values()} == {("name", "verdict", "found", "do")}


def test_in_words_each_check_has_a_line_and_what_to_do_below(doctor: Doctor, line: Stage) -> None:
    line.control("options", use_webhook=False)

    result = doctor()

    lines = result.stdout.splitlines()
    at = next(number for number, each in enumerate(lines) if each.startswith("fail    use_webhook"))
    assert lines[at + 1].strip().startswith("-> LINE Developers console")
    assert {each.split()[1] for each in lines if not each.startswith(" ")} == NAMES
    assert result.exit_code == 1
    assert result.stderr == "1 of 19 checks fail: use_webhook; what to do stands with each.\n"


def test_evidence_of_our_own_answers_what_line_has_no_call_for(doctor: Doctor, file: Path) -> None:
    now = system_clock()
    again = said("1", "สวัสดี", now, deliveryContext={"isRedelivery": True})
    joined = said("2", "", now, type="join")
    keep(open_database(f"sqlite:///{file}"), again, joined, at=now)

    told = checks(doctor("--json"))

    assert told["redelivery"]["verdict"] == "ok"
    assert told["group_joining"]["verdict"] == "ok"


@pytest.mark.parametrize(
    ("control", "body", "failed"),
    [
        pytest.param("options", {"use_webhook": False}, "use_webhook", id="webhook off"),
        pytest.param("bot", {"url": None}, "webhook_address", id="no address"),
        pytest.param("quota", {"limit": 300, "used": 300}, "quota", id="quota used up"),
        pytest.param("clock", {"forwardSeconds": 90}, "clock", id="clock behind"),
        pytest.param("clock", {"forwardSeconds": -90}, "clock", id="clock ahead"),
    ],
)
def test_what_is_wrong_at_line_is_the_one_failure(
    doctor: Doctor, line: Stage, control: str, body: dict[str, Any], failed: str
) -> None:
    address = line.read("state")["botUrl"]
    line.control(control, **body)

    result = doctor("--json")

    line.control("bot", url=address)
    assert failures(result) == {failed}


@pytest.mark.parametrize(
    ("control", "body", "warned"),
    [
        pytest.param("quota", {"limit": 300, "used": 250}, "quota", id="quota nearly used up"),
        pytest.param("options", {"chat_on": True}, "chat_mode", id="chat on"),
        pytest.param("clock", {"forwardSeconds": 20}, "clock", id="clock a little behind"),
        pytest.param(
            "faults", {"endpoint": "webhook_test", "kind": "429"}, "webhook_test", id="asked often"
        ),
    ],
)
def test_what_may_become_wrong_at_line_is_a_warning(
    doctor: Doctor, line: Stage, control: str, body: dict[str, Any], warned: str
) -> None:
    line.control(control, **body)

    result = doctor("--json")

    assert failures(result) == set()
    assert checks(result)[warned]["verdict"] == "warn"


@pytest.mark.parametrize("status", [401, 404, 502])
def test_a_webhook_that_does_not_answer_200_fails(doctor: Doctor, line: Stage, status: int) -> None:
    line.bot.status = status

    result = doctor("--json")

    assert failures(result) == {"webhook_test"}
    assert str(status) in checks(result)["webhook_test"]["found"]


def test_a_webhook_that_is_too_slow_fails(doctor: Doctor, line: Stage) -> None:
    line.control("options", webhook_timeout_seconds=0.05)
    line.bot.seconds = 0.3

    result = doctor("--json")

    assert failures(result) == {"webhook_test"}
    assert "REQUEST_TIMEOUT" in checks(result)["webhook_test"]["found"]


def test_a_webhook_that_line_does_not_reach_fails(doctor: Doctor, line: Stage) -> None:
    address = line.read("state")["botUrl"]
    line.control("bot", url="http://127.0.0.1:9/callback")

    result = doctor("--json", PUBLIC_URL="http://127.0.0.1:9/")

    line.control("bot", url=address)
    assert failures(result) == {"webhook_test"}
    assert "COULD_NOT_CONNECT" in checks(result)["webhook_test"]["found"]


@pytest.mark.parametrize(
    ("setting", "value", "failed"),
    [
        ("LINE_CHANNEL_ACCESS_TOKEN", "another", {"access_token"}),
        ("LINE_CHANNEL_ACCESS_TOKEN", "", {"settings"}),
        ("LINE_CHANNEL_ACCESS_TOKEN", "two words", {"settings"}),
        ("LINE_CHANNEL_SECRET", "", {"settings"}),
        ("LINE_CHANNEL_SECRET", "short", set()),
        ("LINE_API_HOST", "http://127.0.0.1:9", {"line_reached"}),
        ("LINE_API_HOST", "http://127.0.0.1:99999", {"line_reached"}),
        ("LINE_API_HOST", "nonsense", {"settings"}),
        ("PUBLIC_URL", "https://other.example", {"webhook_address"}),
        ("PUBLIC_URL", "", set()),
        ("DATABASE_URL", "nonsense", {"settings", "database"}),
        ("DATABASE_URL", "sqlite:////no/such/folder/bot.sqlite3", {"database"}),
        ("DATABASE_URL", "sqlite:///bot.sqlite3?nonsense=1", {"database"}),
        ("DATABASE_URL", "postgresql://bot:hush@127.0.0.1:9/bot", {"database"}),
    ],
)
def test_what_is_wrong_here_fails_alone_and_the_rest_is_looked_at(
    doctor: Doctor,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    failed: set[str],
) -> None:
    monkeypatch.chdir(file.parent)

    result = doctor("--json", **{setting: value})

    assert failures(result) == failed
    assert set(checks(result)) == NAMES


def test_everything_away_at_once_is_still_told(doctor: Doctor) -> None:
    away = {"LINE_API_HOST": "http://127.0.0.1:9", "DATABASE_URL": "postgresql://127.0.0.1:9/bot"}

    result = doctor("--json", **away)

    assert failures(result) == {"line_reached", "database"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
        ("DELETE FROM alembic_version", "python -m bot migrate"),
    ],
)
def test_a_database_of_another_version_fails(
    doctor: Doctor, file: Path, statement: str, said: str
) -> None:
    execute(open_database(f"sqlite:///{file}"), statement)

    result = doctor("--json")

    assert failures(result) == {"database"}
    assert said in "".join(checks(result)["database"].values())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(None, "no such file", id="none"),
        pytest.param(b"", "not at this program's version", id="empty"),
        pytest.param(b"this is no database" * 9, "no SQLite database", id="another file"),
    ],
)
def test_a_file_that_is_no_database_fails_and_is_left_as_it_is(
    doctor: Doctor, file: Path, content: bytes | None, found: str
) -> None:
    file.unlink()
    if content is not None:
        file.write_bytes(content)

    result = doctor("--json")

    assert failures(result) == {"database"}
    assert found in checks(result)["database"]["found"]
    assert [each.read_bytes() for each in file.parent.iterdir()] == [content] * file.exists()


def test_stops_and_what_is_parked_are_told(doctor: Doctor, file: Path) -> None:
    engine = open_database(f"sqlite:///{file}")
    long_ago = system_clock() - timedelta(days=9)
    keep(engine, said("1", "สวัสดี", long_ago), at=long_ago)
    execute(engine, "UPDATE inbox_event SET state = 'parked'")
    execute(engine, "INSERT INTO stop (kind) VALUES ('token')")
    execute(engine, "DELETE FROM worker")

    result = doctor("--json")

    told = checks(result)
    assert failures(result) == {"sending", "worker"}
    assert (told["parked"]["verdict"], told["last_event"]["verdict"]) == ("warn", "warn")


def test_nothing_is_sent_and_nothing_is_changed(doctor: Doctor, line: Stage, file: Path) -> None:
    before = file.read_bytes()

    doctor()

    asked = {(each["method"], each["path"]): each["body"] for each in line.read("calls")["entries"]}
    assert asked == {
        ("GET", "/v2/bot/info"): None,
        ("GET", "/v2/bot/channel/webhook/endpoint"): None,
        ("POST", "/v2/bot/channel/webhook/test"): {},
        ("GET", "/v2/bot/message/quota"): None,
        ("GET", "/v2/bot/message/quota/consumption"): None,
    }
    assert line.read("ledger")["entries"] == []
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="healthy"),
        pytest.param({"LINE_CHANNEL_ACCESS_TOKEN": "a-hush-token"}, id="token refused"),
        pytest.param({"LINE_CHANNEL_SECRET": "hush"}, id="odd secret"),
        pytest.param({"PUBLIC_URL": "https://me:hush@ita.example"}, id="odd public address"),
        pytest.param({"LINE_API_HOST": "http://me:hush@127.0.0.1:9"}, id="LINE away"),
        pytest.param({"DATABASE_URL": "postgresql://me:hush@127.0.0.1:9/b"}, id="database away"),
        pytest.param({"DATABASE_URL": "mysql://me:hush@db/b"}, id="no database of ours"),
    ],
)
def test_no_secret_and_no_whole_id_is_told(
    doctor: Doctor, line: Stage, wrong: dict[str, str]
) -> None:
    told = [
        (result.stdout + result.stderr) for result in (doctor(**wrong), doctor("--json", **wrong))
    ]

    for secret in (SECRET, TOKEN, "hush", line.read("state")["botUserId"], "@standin"):
        assert [secret in each for each in told] == [False, False]
