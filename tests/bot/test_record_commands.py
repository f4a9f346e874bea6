"""The commands of the record: what they print, what they refuse, what an export holds."""

import csv
import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.__main__ import main
from store import agencies, record
from store.database import Engine, transaction
from store.types import Seal
from tests.databases import Databases, SqliteFiles
from tests.store.record_rows import MIDDLE, YEAR, alter

DELETED = f"DELETE FROM record_entry WHERE {MIDDLE}"


@pytest.fixture
def year(databases: Databases) -> Engine:
    """Chiang Mai and Lamphun after some acts."""
    return databases.fresh(YEAR)


def run(engine: Engine, *arguments: str) -> Result:
    url = engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(main, arguments, env={"DATABASE_URL": url}, prog_name="bot")


def seal(engine: Engine) -> Seal:
    with transaction(engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        return record.seal(session, province)


def test_a_whole_record_is_told_with_its_seal(year: Engine) -> None:
    result = run(year, "verify-record")

    end = seal(year)
    assert result.exit_code == 0, result.output
    assert f"เชียงใหม่: {end.number} entries, whole. Seal {end.number}:{end.digest}" in result.stdout
    assert "ลำพูน: 3 entries, whole." in result.stdout


def test_all_provinces_are_told_as_json(year: Engine) -> None:
    result = run(year, "verify-record", "--json")

    end = seal(year)
    found = {each["province"]: each for each in json.loads(result.stdout)["provinces"]}
    assert found["เชียงใหม่"] == {
        "province": "เชียงใหม่",
        "entries": end.number,
        "seal": f"{end.number}:{end.digest}",
        "faults": [],
    }


def test_a_fault_is_told_in_a_sentence_and_ends_with_1(year: Engine) -> None:
    alter(year, DELETED)

    result = run(year, "verify-record")

    assert result.exit_code == 1
    assert result.stderr == "เชียงใหม่: entries are missing from number 4 on.\n"
    assert "ลำพูน: 3 entries, whole." in result.stdout


def test_a_fault_is_told_as_json_too(year: Engine) -> None:
    alter(year, DELETED)

    result = run(year, "verify-record", "--province", "chiangmai", "--json")

    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["provinces"]
    assert found["faults"] == [{"fault": "missing", "number": 4, "row": ""}]


def test_many_faults_are_counted_and_the_first_told(year: Engine) -> None:
    alter(year, "UPDATE record_entry SET act = 'x' WHERE province_id = 1")

    result = run(year, "verify-record", "--province", "chiangmai")

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 11
    assert result.stderr.endswith("(--json lists all).\n")


@pytest.mark.parametrize("digits", [12, 64])
def test_a_noted_seal_is_met_until_the_end_is_cut_off(year: Engine, digits: int) -> None:
    noted = seal(year)
    asked = ("--province", "chiangmai", "--seal", f"{noted.number}:{noted.digest[:digits]}")

    whole = run(year, "verify-record", *asked)
    alter(year, f"DELETE FROM record_entry WHERE province_id = 1 AND number = {noted.number}")
    cut = run(year, "verify-record", *asked)

    assert whole.exit_code == 0, whole.output
    assert cut.exit_code == 1
    assert "its end was cut off" in cut.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("verify-record", "--seal", "1:a1b2c3d4e5f6"), id="of no province"),
        pytest.param(("verify-record", "--province", "chiangmai", "--seal", "x"), id="no seal"),
        pytest.param(("verify-record", "--province", "chiangmai", "--seal", "1:a"), id="short"),
        pytest.param(("export-record", "--province", "chiangmai"), id="no file"),
    ],
)
def test_wrong_usage_ends_with_2(year: Engine, arguments: tuple[str, ...]) -> None:
    assert run(year, *arguments).exit_code == 2


def test_an_export_holds_every_entry_for_people_and_for_computing_anew(
    year: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "record.csv"

    result = run(year, "export-record", str(file), "--province", "chiangmai")

    end = seal(year)
    head, *rows, last = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert result.exit_code == 0, result.output
    assert f"{end.number}:{end.digest}" in result.stdout
    assert last == ["seal", f"{end.number}:{end.digest}"]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [row[0] for row in rows] == [str(number) for number in range(1, end.number + 1)]
    assert rows[-1][2:5] == ["ยกเลิกรายงาน", "อบต.ดอนแก้ว", "ข้อ ๓"]
    assert rows[-1][5:7] == ["ผู้ประสานงานจังหวัด แทน อบต.ดอนแก้ว", "taken_back"]
    assert rows[-1][head.index("previous")] == rows[-2][head.index("digest")]


def test_an_export_names_nobody(year: Engine, tmp_path: Path) -> None:
    file = tmp_path / "record.csv"

    run(year, "export-record", str(file), "--province", "chiangmai")

    with year.begin() as connection:
        ids = connection.execute(text("SELECT line_user_id FROM person")).scalars().all()
    said = file.read_text("utf-8-sig")
    assert not any(each in said for each in [*ids, "เข้าระบบไม่ได้"])


def test_an_export_never_overwrites_a_file(year: Engine, tmp_path: Path) -> None:
    file = tmp_path / "record.csv"
    file.write_text("mine")

    result = run(year, "export-record", str(file), "--province", "chiangmai")

    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert file.read_text() == "mine"


def test_an_export_of_an_unknown_province_leaves_no_file(year: Engine, tmp_path: Path) -> None:
    file = tmp_path / "record.csv"

    result = run(year, "export-record", str(file), "--province", "krabi")

    assert result.exit_code == 1
    assert not file.exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_an_export_is_a_formula(year: Engine, tmp_path: Path, start: str) -> None:
    file = tmp_path / "record.csv"
    alter(year, f"UPDATE record_entry SET details = '{start}1+1' WHERE {MIDDLE}")

    run(year, "export-record", str(file), "--province", "chiangmai")

    cells = [cell for row in csv.reader(file.read_text("utf-8-sig").splitlines()) for cell in row]
    assert f"'{start}1+1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_verifying_waits_for_nobody_who_writes(sqlite: SqliteFiles) -> None:
    year = sqlite.fresh(YEAR)

    with year.begin() as connection:
        connection.execute(text("UPDATE stop SET until_at = NULL"))
        result = run(year, "verify-record")

    assert result.exit_code == 0, result.output
