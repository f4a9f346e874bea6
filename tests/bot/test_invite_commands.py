"""The commands that let people in: invite and invite-all, with links, pictures and the list."""

from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from messages_th import cli_texts
from store import agencies, record
from store.database import open_database, transaction
from store.types import Act, Role
from tests.bot.command_line import Run, as_json, refusal, runner
from tests.stage import Stage

MAE_RIM = ("--province", "chiangmai", "--district", "แม่ริม")
BOT = {"LINE_BOT_ID": "@abc1234"}


@pytest.fixture
def house(tmp_path: Path, chiang_mai_file: Path) -> Path:
    """A copy of Chiang Mai's database, to be used by commands."""
    copy = tmp_path / "bot.sqlite3"
    copy.write_bytes(chiang_mai_file.read_bytes())
    return copy


@pytest.fixture
def run(house: Path) -> Run:
    return runner(f"sqlite:///{house}")


def issued(house: Path) -> list[int]:
    """Return how many codes each entry of the record tells of."""
    engine = open_database(f"sqlite:///{house}")
    with transaction(engine) as session:
        found = list(record.entries(session, agencies.provinces(session)[0]))
    engine.dispose()
    return [each.facts["codes"] for each in found if each.act == Act.INVITED]


@pytest.mark.parametrize("role", Role)
def test_a_code_of_every_role_comes_with_a_link_and_a_picture(
    run: Run, house: Path, tmp_path: Path, role: Role
) -> None:
    of = {Role.DISTRICT: ("--district", "แม่ริม")} | dict.fromkeys(
        (Role.OFFICER, Role.EXECUTIVE), ("--agency", "ทต.แม่แรม")
    )
    asked = ("invite", "--province", "chiangmai", "--role", role.value, *of.get(role, ()), "--json")

    bare = as_json(run(*asked))
    told = as_json(run(*asked, "--qr", str(tmp_path / "code.png"), **BOT))

    assert bare["link"] is None
    assert told["link"] == f"https://line.me/R/oaMessage/%40abc1234/?{told['code']}"
    assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")
    assert issued(house) == [1, 1]


def test_a_picture_that_cannot_be_leaves_no_code(run: Run, house: Path, tmp_path: Path) -> None:
    (tmp_path / "there.png").write_bytes(b"mine")
    invite = ("invite", "--province", "chiangmai", "--role", "viewer", "--qr")

    without_id = refusal(run(*invite, str(tmp_path / "new.png")))
    there = refusal(run(*invite, str(tmp_path / "there.png"), **BOT))

    assert without_id == cli_texts.QR_NEEDS_BOT_ID
    assert "there.png is there already" in there
    assert (tmp_path / "there.png").read_bytes() == b"mine"
    assert issued(house) == []


def test_a_list_holds_a_code_for_each_agency_of_a_district_that_has_nobody(
    run: Run, house: Path, tmp_path: Path
) -> None:
    first, again = tmp_path / "codes.xlsx", tmp_path / "again.xlsx"
    told = as_json(run("invite-all", *MAE_RIM, "--out", str(first), "--json", **BOT))
    sheet = CalamineWorkbook.from_filelike(BytesIO(first.read_bytes())).get_sheet_by_index(0)
    rows = sheet.to_python()[3:]
    stage = Stage(open_database(f"sqlite:///{house}"))
    joined = stage.join("นภา", str(rows[0][2]))
    stage.engine.dispose()

    left = as_json(run("invite-all", *MAE_RIM, "--out", str(again), "--json"))
    there = refusal(run("invite-all", *MAE_RIM, "--out", str(first), "--all"))

    assert told["codes"] == len(rows) == 11
    assert {row[0] for row in rows} == {"แม่ริม"}
    assert joined[0].startswith("✅ ลงทะเบียนแล้ว: ผู้รับผิดชอบของ")
    assert left["codes"] == 10
    assert "is there already" in there
    assert issued(house) == [11, 10]
