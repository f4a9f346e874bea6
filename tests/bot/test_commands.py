"""The command line: exit codes, JSON alone on standard output, one sentence for every refusal."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.clock import read_instant
from bot.presence import at_work
from messages_th import cli_texts
from store.database import open_database
from tests.bot.command_line import Run, as_json, environment, refusal, runner
from tests.bot.queue_rows import execute, keep, queue, said
from tests.handlers.pdf_maker import pdf
from tests.handlers.test_plan_files_readers import OLD_OFFICE

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "handlers" / "plan_files" / "samples"
PLAN, AGENCIES = str(SAMPLES / "chiangmai-2567.txt"), str(SAMPLES / "agencies-chiangmai.csv")
IMPORT_PLAN = ("import-plan", PLAN, "--province", "เชียงใหม่", "--fiscal-year", "2567")
TICK = ("tick", "--at", "2024-01-24T09:00")
NOW = read_instant("2024-01-24T09:00")
TOKEN = {"LINE_CHANNEL_ACCESS_TOKEN": "token"}
BOTH = TOKEN | {"LINE_CHANNEL_SECRET": "secret"}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command with no settings but those named, on a database file of the test's own."""
    return runner(database_in(tmp_path))


@pytest.fixture
def province(chiang_mai_file: Path, tmp_path: Path) -> Path:
    """Put Chiang Mai, its agencies and its plan into the test's database."""
    return Path(shutil.copy(chiang_mai_file, tmp_path / "bot.sqlite3"))


def database_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'bot.sqlite3'}"


def test_read_plan_prints_the_plan_as_json(run: Run) -> None:
    plan = as_json(run("read-plan", PLAN, "--json"))

    assert len(plan["activities"]) == 18
    assert plan["activities"][2]["printed_number"] == "๓"
    assert plan["activities"][2]["window"] == {
        "text": "๑ - ๓๑ มกราคม ๒๕๖๗",
        "first": "2024-01-01",
        "last": "2024-01-31",
    }


def test_read_plan_prints_a_line_per_activity(run: Run) -> None:
    result = run("read-plan", PLAN)

    assert result.exit_code == 0
    assert "\n11. " in result.stdout
    assert "2024-01-01 - 2024-03-31" in result.stdout


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("๑ - ๓๑ มกราคม ๒๕๖๗", {"first": "2024-01-01", "last": "2024-01-31"}),
        ("ภายในเดือนมีนาคม ๒๕๖๗", {"first": None, "last": "2024-03-31"}),
    ],
)
def test_when_prints_first_and_last_day(run: Run, text: str, expected: dict[str, Any]) -> None:
    assert as_json(run("when", text, "--json")) == expected


def test_understand_says_what_a_message_is_taken_for(run: Run) -> None:
    found = as_json(run("understand", "เสร็จ ๓,๕", "--json"))

    assert found["command"] == "report"
    assert found["activities"] == ["3", "5"]


def test_understand_says_what_would_be_changed_in_a_plan(run: Run) -> None:
    found = as_json(run("understand", "เลื่อนข้อ ๑๗ เป็น ๕ ก.ค. ๖๗", "--json"))

    assert (found["command"], found["activities"]) == ("move_activity", ["17"])
    assert (found["field"], found["text"]) == ("window", "๕ ก.ค. ๖๗")


def test_understand_says_when_the_bot_stays_silent(run: Run) -> None:
    found = as_json(run("understand", "กินข้าวกันไหม", "--group", "--json"))

    assert found["command"] is None
    assert run("understand", "กินข้าวกันไหม", "--group").stdout == "-\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("read-plan", PLAN), id="read-plan"),
        pytest.param(("when", "๑ - ๓๑ มกราคม ๒๕๖๗"), id="when"),
        pytest.param(("understand", "สถานะ"), id="understand"),
        pytest.param(("--help",), id="help"),
    ],
)
def test_commands_that_only_read_need_no_settings_and_touch_no_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run(*arguments, DATABASE_URL="nonsense", PORT="nonsense")

    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_agencies_and_plan_come_in_and_a_second_time_change_nothing(run: Run) -> None:
    agencies = ("import-agencies", AGENCIES, "--province", "เชียงใหม่", "--json")

    first, second = as_json(run(*agencies)), as_json(run(*agencies))
    plan, again = (as_json(run(*IMPORT_PLAN, "--yes", "--json")) for _ in range(2))

    assert (len(first["added"]), first["problems"]) == (211, [])
    assert (second["added"], len(second["unchanged"])) == ([], 211)
    assert len(plan["added"]) == 18
    assert (again["added"], len(again["unchanged"])) == ([], 18)


def test_a_likely_new_name_is_told_and_taken_once_decided(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "raised.csv"
    text = Path(AGENCIES).read_text("utf-8")
    file.write_text(
        text.replace("องค์การบริหารส่วนตำบลดอนแก้ว", "เทศบาลเมืองดอนแก้ว").replace(
            "เทศบาลเมืองดอนแก้ว,องค์การบริหารส่วนตำบล", "เทศบาลเมืองดอนแก้ว,เทศบาลเมือง"
        ),
        "utf-8",
    )
    run("import-agencies", AGENCIES, "--province", "เชียงใหม่")
    raised = ("import-agencies", str(file), "--province", "เชียงใหม่")
    decided = (*raised, "--renamed", "อบต.ดอนแก้ว=ทม.ดอนแก้ว")

    told = run(*raised)
    asked, done, again = (as_json(run(*each, "--json")) for each in (raised, decided, decided))

    assert "ไม่อยู่ในไฟล์ 1 แห่ง ยังคงไว้ตามเดิม: อบต.ดอนแก้ว\n" in told.stdout
    assert "เทศบาลเมืองดอนแก้ว: น่าจะเป็น “องค์การบริหารส่วนตำบลดอนแก้ว”" in told.stderr
    assert asked["missing"] == ["องค์การบริหารส่วนตำบลดอนแก้ว"]
    assert [each["name"] for each in asked["problems"]] == ["เทศบาลเมืองดอนแก้ว"]
    assert done["renamed"] == [{"from": "องค์การบริหารส่วนตำบลดอนแก้ว", "to": "เทศบาลเมืองดอนแก้ว"}]
    assert (done["problems"], done["missing"]) == ([], [])
    assert (again["changed"], again["renamed"], len(again["unchanged"])) == ([], [], 211)
    found = as_json(run("find-agency", "อบต.ดอนแก้ว", "--province", "เชียงใหม่", "--json"))
    assert found["match"] == "เทศบาลเมืองดอนแก้ว"


def test_an_agency_that_is_no_more_is_closed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "fewer.csv"
    rows = Path(AGENCIES).read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(row for row in rows if "เทศบาลตำบลแม่แรม" not in row), "utf-8")
    run("import-agencies", AGENCIES, "--province", "เชียงใหม่")
    arguments = ("import-agencies", str(file), "--province", "เชียงใหม่", "--close", "ทต.แม่แรม")

    closed, told = as_json(run(*arguments, "--json")), run(*arguments)
    found = as_json(run("find-agency", "ทต.แม่แรม", "--province", "เชียงใหม่", "--json"))
    refused = refusal(run("import-agencies", AGENCIES, *arguments[2:]))

    assert (closed["closed"], closed["missing"]) == (["เทศบาลตำบลแม่แรม"], [])
    assert "ยุบเลิก 1 แห่ง งานที่ค้างไม่ต้องทำแล้ว: เทศบาลตำบลแม่แรม\n" in told.stdout
    assert found["match"] is None
    assert "“เทศบาลตำบลแม่แรม” ยังอยู่ในไฟล์นี้" in refused


def test_a_decision_that_fits_no_row_is_refused(run: Run) -> None:
    arguments = ("import-agencies", AGENCIES, "--province", "เชียงใหม่")

    refused = refusal(run(*arguments, "--new", "ทต.ดาวอังคาร"))
    no_pair = run(*arguments, "--renamed", "ทต.แม่แรม")

    assert "“เทศบาลตำบลดาวอังคาร”" in refused
    assert no_pair.exit_code == 2


def test_names_that_no_agency_bears_are_told(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text(
        "ที่,กิจกรรม,ระยะเวลา,ผู้รับผิดชอบ\n1,ลงทะเบียน,1 - 31 มกราคม 2567,อบต.ดอนแก้ว\n", "utf-8"
    )
    arguments = ("import-plan", str(plan), "--province", "เชียงใหม่", "--fiscal-year", "2567")

    before = as_json(run(*arguments, "--json"))
    in_words = run(*arguments, "--yes").stdout
    run("import-agencies", AGENCIES, "--province", "เชียงใหม่")
    after = as_json(run(*arguments, "--json"))

    assert before["unresolved"] == ["อบต.ดอนแก้ว"]
    assert "ยังไม่มีผู้รับงาน" in in_words
    assert "(import-agencies): อบต.ดอนแก้ว\n" in in_words
    assert after["unresolved"] == []


def test_a_plan_that_is_not_confirmed_is_not_in_force(run: Run) -> None:
    shown = run(*IMPORT_PLAN, typed="n\n")
    not_asked = as_json(run(*IMPORT_PLAN, "--json"))
    given_up = run(*IMPORT_PLAN, typed="")

    later = as_json(run(*IMPORT_PLAN, "--json"))

    assert (shown.exit_code, given_up.exit_code) == (0, 1)
    assert len(not_asked["added"]) == len(later["added"]) == 18


@pytest.mark.usefixtures("province")
def test_find_agency_prints_the_match_or_none(run: Run) -> None:
    sure = as_json(run("find-agency", "ทต.แม่แรม", "--province", "chiangmai", "--json"))
    unsure = as_json(run("find-agency", "สันทราย", "--province", "เชียงใหม่", "--json"))

    assert sure["match"] == "เทศบาลตำบลแม่แรม"
    assert unsure["match"] is None
    assert {"name", "district", "score"} == set(unsure["candidates"][0])


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    "whom",
    [
        pytest.param(("--role", "officer", "--agency", "ทต.แม่แรม"), id="officer"),
        pytest.param(("--role", "district", "--district", "แม่ริม"), id="district officer"),
        pytest.param(("--role", "coordinator"), id="coordinator"),
        pytest.param(("--role", "group"), id="a group"),
    ],
)
def test_invite_prints_a_code_and_until_when_it_counts(run: Run, whom: tuple[str, ...]) -> None:
    at = ("--at", "2024-01-03T09:00")

    invited = as_json(run("invite", "--province", "เชียงใหม่", *whom, *at, "--json"))

    assert invited["code"]
    assert invited["expires_at"] == "2024-01-17T02:00:00+00:00"


@pytest.mark.usefixtures("province")
def test_people_counts_who_has_joined_for_each_agency(run: Run) -> None:
    [first, *others] = as_json(run("people", "--province", "เชียงใหม่", "--json"))["agencies"]

    assert first == {
        "agency": "สำนักงานจังหวัดเชียงใหม่",
        "district": "",
        "officers": 0,
        "executives": 0,
        "reachable": 0,
        "outside_group": 0,
    }
    assert len(others) == 213
    assert (
        "เทศบาลตำบลแม่แรม\tofficers 0\treachable 0" in run("people", "--province", "เชียงใหม่").stdout
    )


@pytest.mark.usefixtures("province")
def test_a_round_prints_what_it_did_and_the_next_one_nothing(run: Run) -> None:
    first, second = (as_json(run(*TICK, "--json", **TOKEN)) for _ in range(2))

    assert first["reminders_planned"] > 0
    assert set(second.values()) == {0}
    assert "reminders_planned 0\n" in run(*TICK, **TOKEN).stdout


def test_migrate_makes_the_tables_and_may_be_repeated(run: Run, tmp_path: Path) -> None:
    first, second = run("migrate"), run("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (tmp_path / "bot.sqlite3").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("read-plan",), id="read-plan"),
        pytest.param(
            ("import-plan", "--province", "เชียงใหม่", "--fiscal-year", "2567", "--yes"),
            id="import-plan",
        ),
        pytest.param(
            ("import-plan", "--province", "เชียงใหม่", "--fiscal-year", "2567", "--draft"),
            id="import-plan --draft",
        ),
        pytest.param(("import-agencies", "--province", "เชียงใหม่"), id="import-agencies"),
    ],
)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("plan.xlsx", b"PK\x03\x04 not really", id="broken workbook"),
        pytest.param("plan.txt", b"", id="empty"),
        pytest.param("plan.txt", b"\x00\xff\x81" * 99, id="no text"),
        pytest.param("plan.pdf", b"%PDF-1.7", id="broken PDF"),
        pytest.param("plan.pdf", pdf(b"", has_picture=True), id="a scan"),
        pytest.param("plan.jpg", b"\xff\xd8\xff\xe0 not a picture", id="a picture"),
        pytest.param("plan.doc", OLD_OFFICE + "WordDocument".encode("utf-16-le"), id="old Word"),
        pytest.param("plan.xlsx", OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), id="locked"),
        pytest.param("plan.txt", b"1\t2\n" * 5_001, id="too long"),
        pytest.param("plan.csv", "กขค\n".encode(), id="no table"),
        pytest.param(None, b"", id="no file"),
        pytest.param(".", b"", id="a folder"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_loaded(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], name: str | None, content: bytes
) -> None:
    file = tmp_path / (name or "missing.txt")
    if name not in (None, "."):
        file.write_bytes(content)

    said = refusal(run(*arguments, str(file), "--json"))

    assert file.name in said
    assert not (tmp_path / "bot.sqlite3").exists()


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("when", "เมื่อไรก็ได้"), "", id="no window"),
        pytest.param(
            ("when", "มกราคม ๒๕๗๗", "--fiscal-year", "2567"), "ห่างจากปีงบประมาณ", id="far year"
        ),
        pytest.param(
            ("find-agency", "ทต.แม่แรม", "--province", "แอตแลนติส"), "แอตแลนติส", id="no province"
        ),
        pytest.param(
            ("find-agency", "ทต.แม่แรม", "--province", "ลำพูน"),
            "import-agencies",
            id="empty province",
        ),
        pytest.param(
            (*IMPORT_PLAN[:3], "Atlantis", *IMPORT_PLAN[4:]), "Atlantis", id="plan of no province"
        ),
        pytest.param(
            ("import-agencies", AGENCIES, "--province", "Atlantis"),
            "Atlantis",
            id="agencies of none",
        ),
        pytest.param(
            ("import-agencies", PLAN, "--province", "เชียงใหม่"),
            "chiangmai-2567.txt",
            id="no directory",
        ),
        pytest.param(
            ("invite", "--province", "เชียงใหม่", "--role", "officer", "--agency", "สันทราย"),
            "สันทราย",
            id="agency unsure",
        ),
        pytest.param(
            ("invite", "--province", "เชียงใหม่", "--role", "officer", "--agency", "ดาวอังคาร"),
            "ดาวอังคาร",
            id="no such agency",
        ),
        pytest.param(
            ("invite", "--province", "เชียงใหม่", "--role", "district", "--district", "ดาวอังคาร"),
            "ดาวอังคาร",
            id="no such district",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    run: Run, arguments: tuple[str, ...], expected: str
) -> None:
    said = refusal(run(*arguments, "--json"))

    assert said
    assert expected in said
    assert "Unexpected" not in said


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        pytest.param(("run",), {"LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"}, id="run"),
        pytest.param(("web",), {"LINE_CHANNEL_SECRET"}, id="web"),
        pytest.param(("work",), {"LINE_CHANNEL_ACCESS_TOKEN"}, id="work"),
        pytest.param(TICK, {"LINE_CHANNEL_ACCESS_TOKEN"}, id="tick"),
    ],
)
def test_missing_settings_are_all_named_at_once(
    run: Run, tmp_path: Path, command: tuple[str, ...], missing: set[str]
) -> None:
    said = refusal(run(*command, PORT="nonsense"))

    assert {name for name in ("PORT", *BOTH) if name in said} == missing | {"PORT"}
    assert list(tmp_path.iterdir()) == []


NEEDS_DATABASE = [
    pytest.param(("migrate",), id="migrate"),
    pytest.param(IMPORT_PLAN, id="import-plan"),
    pytest.param(("import-agencies", AGENCIES, "--province", "เชียงใหม่"), id="import-agencies"),
    pytest.param(("find-agency", "ทต.แม่แรม", "--province", "เชียงใหม่"), id="find-agency"),
    pytest.param(("invite", "--province", "เชียงใหม่", "--role", "group"), id="invite"),
    pytest.param(TICK, id="tick"),
    pytest.param(("run",), id="run"),
    pytest.param(("web",), id="web"),
    pytest.param(("work",), id="work"),
]


@pytest.mark.parametrize("command", NEEDS_DATABASE)
def test_a_database_of_a_newer_version_is_refused(
    run: Run, province: Path, command: tuple[str, ...]
) -> None:
    engine = open_database(f"sqlite:///{province}")
    execute(engine, "UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    assert refusal(run(*command, **BOTH)) == cli_texts.DATABASE_NEWER


@pytest.mark.parametrize("command", NEEDS_DATABASE)
def test_a_file_that_is_no_database_is_refused(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "bot.sqlite3").write_bytes(b"this is no database at all" * 100)

    assert "DATABASE_URL" in refusal(run(*command, **BOTH))


def test_a_database_that_cannot_be_reached_is_refused(run: Run, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/no/such/folder/bot.sqlite3"

    assert "DATABASE_URL" in refusal(run("migrate", DATABASE_URL=address))


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_spool_that_cannot_be_written_is_told_before_anything_is_served(
    run: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    said = refusal(run(command, **BOTH, PORT=port, SPOOL_DIR=str(tmp_path / "file" / "spool")))

    assert said.startswith("SPOOL_DIR: the folder ")
    assert said.endswith("set it to one that can.")


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_in_use_is_refused(run: Run, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = refusal(run(command, **BOTH, PORT=port))

    assert f"Port {port} is in use" in said


def test_the_demonstration_on_a_port_in_use_says_how_to_choose_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ended = subprocess.run(
            [sys.executable, "-m", "bot", "demo", "--port", port],
            cwd=ROOT,
            env={**os.environ, **environment(database_in(tmp_path))},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be listened on (")
    assert ended.stderr.endswith(": choose another one with --port.\n")
    assert ended.stderr.count("\n") == 1


@pytest.fixture
def with_parked(run: Run, tmp_path: Path) -> None:
    """Put one parked message and one parked event into the test's database."""
    run("migrate")
    engine = open_database(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    queue(engine, "m", at=NOW)
    keep(engine, said("e", "ช่วยเหลือ", NOW), at=NOW)
    execute(engine, "UPDATE outbox_message SET state = 'parked', outcome = 'refused: 400'")
    execute(engine, "UPDATE inbox_event SET state = 'parked', outcome = 'ValueError'")
    engine.dispose()


@pytest.mark.usefixtures("with_parked")
def test_what_is_parked_is_listed_retried_and_dropped(run: Run) -> None:
    listed = as_json(run("parked", "--json"))["parked"]
    told = run("parked").stdout
    moved = as_json(run("parked", "--retry", "message-1", "--drop", "event-1", "--json"))
    left = run("parked").stdout

    assert [(each["row"], each["why"]) for each in listed] == [
        ("event-1", "ValueError"),
        ("message-1", "refused: 400"),
    ]
    assert told.count("\n") == 2
    assert moved == {"retried": ["message-1"], "dropped": ["event-1"]}
    assert left == f"{cli_texts.NOTHING_PARKED}\n"


@pytest.mark.usefixtures("with_parked")
@pytest.mark.parametrize("option", ["--retry", "--drop"])
def test_all_that_is_parked_may_be_named_at_once(run: Run, option: str) -> None:
    ended = run("parked", option, "all")

    assert ended.exit_code == 0
    assert ended.stdout.count("\n") == 2
    assert run("parked").stdout == f"{cli_texts.NOTHING_PARKED}\n"


@pytest.mark.usefixtures("with_parked")
def test_a_row_that_is_not_parked_is_named_and_nothing_changes(run: Run) -> None:
    said = refusal(run("parked", "--retry", "message-1", "--retry", "message-9"))

    assert said == cli_texts.not_parked(["message-9"])
    assert len(as_json(run("parked", "--json"))["parked"]) == 2


@pytest.mark.usefixtures("with_parked")
def test_an_event_that_has_lost_its_text_is_left_by_retrying_all(run: Run, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    execute(engine, "UPDATE inbox_event SET body = NULL")
    engine.dispose()

    one = refusal(run("parked", "--retry", "event-1"))
    everything = as_json(run("parked", "--retry", "all", "--json"))

    assert one == cli_texts.parked_without_text("event-1")
    assert everything == {"retried": ["message-1"], "dropped": []}


@pytest.mark.usefixtures("with_parked")
@pytest.mark.parametrize(
    ("retry", "drop"),
    [("event-1", "event-1"), ("event-1", "all"), ("all", "event-1"), ("all", "all")],
)
def test_a_row_is_not_both_retried_and_dropped(run: Run, retry: str, drop: str) -> None:
    ended = run("parked", "--retry", retry, "--drop", drop)

    assert ended.exit_code == 2
    assert len(as_json(run("parked", "--json"))["parked"]) == 2


def test_a_round_may_be_done_beside_a_worker(run: Run, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'bot.sqlite3'}")

    with at_work(engine, lambda: None):
        ended = run(*TICK, **BOTH)

    engine.dispose()
    assert (ended.exit_code, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("no-such-command",), id="no such command"),
        pytest.param(("when",), id="argument missing"),
        pytest.param(("import-plan", PLAN, "--province", "เชียงใหม่"), id="option missing"),
        pytest.param((*IMPORT_PLAN[:-1], "2024"), id="fiscal year in CE"),
        pytest.param(("tick", "--at", "tomorrow"), id="no instant"),
        pytest.param(("invite", "--province", "เชียงใหม่", "--role", "king"), id="no such role"),
        pytest.param(
            ("invite", "--province", "เชียงใหม่", "--role", "officer"), id="officer of nothing"
        ),
        pytest.param(
            ("invite", "--province", "เชียงใหม่", "--role", "district"), id="district of nothing"
        ),
    ],
)
@pytest.mark.usefixtures("province")
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, **TOKEN)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_an_unforeseen_problem_is_told_in_one_sentence_and_shown_on_request(
    run: Run, province: Path
) -> None:
    # A lock that cannot be made is nothing that the program reckons with.
    Path(f"{province}.worker-lock").mkdir()

    said = refusal(run(*TICK, **TOKEN))
    shown = run("--debug", *TICK, **TOKEN)

    assert "--debug" in said
    assert isinstance(shown.exception, IsADirectoryError)


def process(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a real process in a plain C locale."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"} | environment(database_in(folder), **env),
        capture_output=True,
        timeout=30,
    )


def test_a_process_prints_utf_8_in_any_locale(tmp_path: Path) -> None:
    done = process(tmp_path, "understand", "เสร็จ ๓ ทต.แม่แรม", "--json")

    assert (done.returncode, done.stderr) == (0, b"")
    assert "แม่แรม" in json.loads(done.stdout.decode("utf-8"))["agency"]


def test_a_process_without_settings_ends_with_1_and_a_sentence(tmp_path: Path) -> None:
    done = process(tmp_path, "run")

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"Settings: LINE_CHANNEL_SECRET is missing")
    assert done.stderr.count(b"\n") == 1
