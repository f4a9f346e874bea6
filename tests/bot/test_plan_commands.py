"""Plans in the terminal: doubts answered, changes confirmed, and refusals that leave nothing."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from messages_th.plan_drafts import NoDraft, NotInForce, no_draft, not_in_force
from messages_th.plan_sheets import SheetColumn
from store import agencies, plans
from store.database import Engine, transaction
from store.models import OutboxMessage, PlanDraftRow, Topic
from store.types import ActivityDraft, DraftState, FiscalYear, PartyKind, Window
from tests.bot.command_line import Run, as_json, refusal, runner, sentence
from tests.factories import SAMPLES, YEAR
from tests.handlers.pdf_maker import page, pdf, table
from tests.stage import Stage

CHIANG_MAI = ("--province", "เชียงใหม่", "--fiscal-year", "2567")
NEXT_YEAR = (*CHIANG_MAI[:3], "2568")
LAMPHUN = ("--province", "ลำพูน", "--fiscal-year", "2568")
IMPORT_LAMPHUN = ("import-plan", str(SAMPLES / "lamphun-2568.txt"), *LAMPHUN)
GRAVE_ROWS = ("4", "5", "7.2", "7.3", "7.4", "7.5")
MOVE = ("--set", "17 window=๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗")
FEBRUARY = ("--set", "๓ window=กุมภาพันธ์ ๒๕๖๗")


@pytest.fixture
def run(engine: Engine) -> Run:
    """Run a command on an empty database of the test's own."""
    return runner(address(engine))


@pytest.fixture
def run_there(stage: Stage) -> Run:
    """Run a command on Chiang Mai's database, its plan of 2567 in force."""
    return runner(address(stage.engine))


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def in_force(
    engine: Engine, province: str = "เชียงใหม่", year: FiscalYear = YEAR
) -> dict[str, ActivityDraft]:
    """Return a province's plan as it is in force, by number; empty where there is none."""
    with transaction(engine) as session:
        province_id = agencies.province_id(session, province)
        plan = province_id and plans.plan_in_force(session, province_id, year)
        rows = plans.drafts_in_force(session, plan[0]).values() if plan else ()
        return {row.number: row for row in rows}


def nothing_is_kept(engine: Engine) -> bool:
    with transaction(engine) as session:
        return not agencies.provinces(session) and not session.scalar(
            select(func.count()).select_from(PlanDraftRow)
        )


def accepting(*numbers: str) -> tuple[str, ...]:
    return tuple(part for number in numbers for part in ("--accept", number))


def rework(path: Path, work: Callable[[dict[str, str]], object]) -> None:
    """Let a coordinator work on every row of a draft's file."""
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        work(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(SheetColumn))
        writer.writeheader()
        writer.writerows(rows)


def tick(row: dict[str, str]) -> None:
    row[SheetColumn.CHECKED] = "ใช่"


def test_a_plan_with_grave_doubts_is_refused_with_a_list_and_leaves_nothing(
    run: Run, engine: Engine
) -> None:
    result = run(*IMPORT_LAMPHUN, typed="y\n")

    said = sentence(result)
    grave = [line for line in result.stdout.splitlines() if line.startswith("! ข้อ")]
    assert ", ".join(GRAVE_ROWS) in said
    assert all(option in said for option in ("--set", "--drop", "--accept", "--write-draft"))
    assert len(grave) == 7
    assert nothing_is_kept(engine)


def test_doubts_answered_by_flags_let_a_plan_in(run: Run, engine: Engine) -> None:
    result = run(
        *IMPORT_LAMPHUN,
        *("--set", "7.2 responsible=อปท. ทุกแห่ง, สนจ."),
        *("--set", "๗.๕ window=๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๘"),
        *("--drop", "ข้อ 7.3"),
        *accepting("4", "5", "7", "7.4", "7.5"),
        typed="y\n",
    )

    plan = in_force(engine, "ลำพูน", FiscalYear(2568))
    assert (result.exit_code, result.stderr) == (0, "")
    assert [party.kind for party in plan["7.2"].parties] == [
        PartyKind.EVERY_LOCAL,
        PartyKind.PROVINCIAL_OFFICE,
    ]
    assert plan["7.2"].responsible_text.endswith("จำนวน ๓๓ หน่วยงาน")
    assert plan["7.5"].window == Window(date(2025, 6, 20), date(2025, 7, 4))
    assert "7.3" not in plan


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_a_plan_that_is_not_confirmed_leaves_nothing(run: Run, engine: Engine, typed: str) -> None:
    run(*IMPORT_LAMPHUN, *accepting("all"), typed=typed)

    assert nothing_is_kept(engine)


def test_the_operators_word_takes_all_doubts_as_read(run: Run, engine: Engine) -> None:
    diff = as_json(run(*IMPORT_LAMPHUN, "--yes", "--json"))

    assert len(diff["added"]) == len(in_force(engine, "ลำพูน", FiscalYear(2568))) == 12
    assert diff["in_force"] is True
    assert {doubt["row"] for doubt in diff["doubts"]} >= set(GRAVE_ROWS)


def test_json_without_a_word_only_shows(run: Run, engine: Engine) -> None:
    diff = as_json(run(*IMPORT_LAMPHUN, "--json"))

    assert (len(diff["added"]), diff["in_force"]) == (12, False)
    assert nothing_is_kept(engine)


def test_the_draft_that_came_into_force_is_kept_with_its_answers(run: Run, engine: Engine) -> None:
    run(*IMPORT_LAMPHUN, *accepting("4"), "--yes")

    with transaction(engine) as session:
        kept = session.scalars(select(PlanDraftRow)).one()
        assert (kept.state, kept.person_id, kept.became_version) == (DraftState.CONFIRMED, None, 1)
        assert {each["answer"] for each in kept.answers} == {"as_read"}
        assert len(kept.answers) == 24


def test_a_second_import_asks_only_what_is_new(run: Run) -> None:
    run(*IMPORT_LAMPHUN, "--yes")

    diff = as_json(run(*IMPORT_LAMPHUN, "--json"))

    asked = {doubt["code"] for doubt in diff["doubts"]}
    assert not asked & {"responsible_unnamed", "open_start"}
    assert len(diff["unchanged"]) == 12


def test_rows_out_of_a_pdf_are_confirmed_one_by_one(
    run: Run, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "plan.pdf"
    head = ("ลำดับ", "กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ")
    rows = [("๑", "ประชุม", "มกราคม ๒๕๖๗", "สนจ."), ("๒", "อบรม", "มีนาคม ๒๕๖๗", "สนจ.")]
    file.write_bytes(pdf(page(table([head, *rows]), ["แผนปฏิบัติการ"])))
    command = ("import-plan", str(file), *CHIANG_MAI, "--yes")

    said = sentence(run(*command))
    half = refusal(run(*command, "--json", *accepting("1")))
    all_of_it = run(*command, *accepting("1", "2"))

    assert "PDF" in said
    assert "ข้อ 1, 2 " in said
    assert "ข้อ 2 " in half
    assert all_of_it.exit_code == 0
    assert list(in_force(engine)) == ["1", "2"]


def test_a_draft_goes_out_as_a_file_and_comes_back_answered(
    run: Run, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "draft.csv"

    def answer(row: dict[str, str]) -> None:
        tick(row)
        if row[SheetColumn.NUMBER] == "ข้อ ๗.๕":
            row[SheetColumn.LAST] = "4/7/2568"
        if row[SheetColumn.NUMBER] == "ข้อ ๔":
            row[SheetColumn.RESPONSIBLE] = "สนจ."

    written = run(*IMPORT_LAMPHUN, "--write-draft", str(file))
    kept_nothing = nothing_is_kept(engine)
    rework(file, answer)
    result = run("import-plan", "--draft", str(file), *LAMPHUN, typed="y\n")

    plan = in_force(engine, "ลำพูน", FiscalYear(2568))
    assert (written.exit_code, kept_nothing, result.exit_code) == (0, True, 0)
    assert f"import-plan --draft {file}" in written.stdout
    assert "ข้อ 4: responsible = สนจ.\n" in result.stdout
    assert "\n?" not in result.stdout
    assert plan["7.5"].window == Window(date(2025, 6, 6), date(2025, 7, 4))
    assert plan["7.5"].window_text == "๖ – ๑๖ มิถุนายน ๒๕๖๘"
    assert [party.kind for party in plan["4"].parties] == [PartyKind.PROVINCIAL_OFFICE]


def test_a_file_that_is_a_draft_is_known_by_its_headings(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "anything.txt"
    run(*IMPORT_LAMPHUN, "--write-draft", str(file))
    rework(file, tick)

    result = run("import-plan", str(file), *LAMPHUN, "--json")

    assert as_json(result)["doubts"] == []


def test_an_answer_written_into_a_draft_outlives_the_print_that_is_in_force(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "draft.csv"
    run(*IMPORT_LAMPHUN, "--yes")

    run(*IMPORT_LAMPHUN, "--set", "7.5 window=๑ สิงหาคม ๒๕๖๘", "--write-draft", str(file))
    diff = as_json(run("import-plan", "--draft", str(file), *LAMPHUN, "--json"))

    assert [(row["number"], row["to"]["first"]) for row in diff["moved"]] == [("7.5", "2025-08-01")]


def test_a_row_deleted_from_a_draft_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.csv"
    run(*IMPORT_LAMPHUN, "--write-draft", str(file))

    def empty(row: dict[str, str]) -> None:
        if row[SheetColumn.NUMBER] == "ข้อ ๒":
            row.update(dict.fromkeys(row, ""))

    rework(file, empty)
    shown = run("import-plan", str(file), *LAMPHUN, "--yes").stdout

    assert "แถวที่ถูกลบจากไฟล์ร่าง: ข้อ 2\n" in shown


class Meanwhile(io.BytesIO):
    """Somebody who does something else before they answer."""

    def __init__(self, act: Callable[[], object], answer: bytes) -> None:
        super().__init__(answer)
        self._act = act
        self.acts = 0

    def read1(self, size: int | None = -1, /) -> bytes:
        if not self.acts:
            self.acts += 1
            self._act()
        return super().read1(size)


def test_a_plan_that_changed_while_it_was_asked_about_is_not_overwritten(
    stage: Stage, run_there: Run
) -> None:
    answer = Meanwhile(
        lambda: run_there("edit-plan", *CHIANG_MAI, *FEBRUARY, "--yes"), answer=b"y\n"
    )

    said = sentence(run_there("edit-plan", *CHIANG_MAI, *MOVE, typed=answer))

    plan = in_force(stage.engine)
    assert answer.acts == 1
    assert said == not_in_force(NotInForce.CHANGED_SINCE)
    assert plan["3"].window_text == "กุมภาพันธ์ ๒๕๖๗"
    assert plan["17"].window_text == "๖ - ๑๘ มิถุนายน ๒๕๖๗"


def test_a_moved_date_is_shown_old_and_new_with_what_follows(stage: Stage, run_there: Run) -> None:
    stage.officer("แก้ว", "เทศบาลตำบลแม่แรม")
    stage.later(days=21)
    told = stage.tick()

    asked = run_there("edit-plan", *CHIANG_MAI, *FEBRUARY, typed="n\n")
    before = in_force(stage.engine)["3"].window
    done = run_there("edit-plan", *CHIANG_MAI, *FEBRUARY, typed="y\n")

    assert "ข้อ ๓" in told[0][1]
    assert "  ข้อ 3 ลงทะเบียนเข้าสู่ระบบ ITAS: มกราคม ๒๕๖๗ → กุมภาพันธ์ ๒๕๖๗\n" in asked.stdout
    assert "1 หน่วยงานที่เคยได้รับแจ้งวันเดิม: เทศบาลตำบลแม่แรม\n" in asked.stdout
    assert before == Window(date(2024, 1, 1), date(2024, 1, 31))
    assert done.exit_code == 0
    assert in_force(stage.engine)["3"].window == Window(date(2024, 2, 1), date(2024, 2, 29))
    with transaction(stage.engine) as session:
        corrections = select(func.count()).where(OutboxMessage.topic == Topic.CORRECTION)
        assert session.scalar(corrections) == 1


def test_several_rows_change_together(stage: Stage, run_there: Run) -> None:
    diff = as_json(
        run_there(
            "edit-plan",
            *CHIANG_MAI,
            *MOVE,
            *(
                "--set",
                "18 title=ประกาศและเผยแพร่ผลการประเมิน ITA ปี ๒๕๖๗",
                "--drop",
                "16",
                "--yes",
                "--json",
            ),
        )
    )

    plan = in_force(stage.engine)
    assert [each["number"] for each in diff["moved"]] == ["17"]
    assert [each["number"] for each in diff["removed"]] == ["16"]
    assert plan["17"].window_text == "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗"
    assert [each["number"] for each in diff["changed"]] == ["18"]
    assert plan["18"].title == "ประกาศและเผยแพร่ผลการประเมิน ITA ปี ๒๕๖๗"
    assert "16" not in plan


def test_a_change_is_undone_and_done_again_and_every_version_is_listed(
    stage: Stage, run_there: Run
) -> None:
    before = in_force(stage.engine)
    run_there("edit-plan", *CHIANG_MAI, *MOVE, "--yes")
    after = in_force(stage.engine)

    undone = run_there("undo-plan", *CHIANG_MAI, typed="y\n")
    back = in_force(stage.engine)
    run_there("undo-plan", *CHIANG_MAI, "--yes")
    again = in_force(stage.engine)
    versions = as_json(run_there("plan-versions", *CHIANG_MAI, "--json"))["versions"]
    listed = run_there("plan-versions", *CHIANG_MAI).stdout

    assert "๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗ → ๖ – ๑๘ มิถุนายน ๒๕๖๗\n" in undone.stdout
    assert (back, again) == (before, after)
    assert after != before
    assert [(each["version"], each["added"], each["moved"]) for each in versions] == [
        (1, 18, 0),
        (2, 0, 1),
        (3, 0, 1),
        (4, 0, 1),
    ]
    assert {each["activities"] for each in versions} == {18}
    assert versions[0]["in_force_at"] == "2023-12-01T00:00:00+00:00"
    assert listed.startswith("ฉบับที่ 1  ๑ ธ.ค. ๖๖ 07:00 น.  18 ข้อ  เพิ่ม 18 ")


def test_next_years_plan_waits_until_every_date_was_looked_at(stage: Stage, run_there: Run) -> None:
    command = ("copy-plan", *CHIANG_MAI)

    by_word = refusal(run_there(*command, "--yes", "--json"))
    asked = sentence(run_there(*command, typed="y\n"))
    some = refusal(run_there(*command, "--yes", "--json", *accepting("1", "2")))
    nothing = in_force(stage.engine, year=FiscalYear(2568))
    everything = as_json(run_there(*command, "--yes", "--json", *accepting("all")))

    plan = in_force(stage.engine, year=FiscalYear(2568))
    assert "--accept all" in by_word
    assert "ข้อ 1, 2, 3," in asked
    assert "ข้อ 3, 4," in some
    assert (nothing, len(everything["added"]), len(plan)) == ({}, 18, 18)
    assert plan["3"].window == Window(date(2025, 1, 1), date(2025, 1, 31))


def test_next_years_plan_is_checked_in_a_file(stage: Stage, run_there: Run, tmp_path: Path) -> None:
    file = tmp_path / "next.csv"

    def check(row: dict[str, str]) -> None:
        tick(row)
        if row[SheetColumn.NUMBER] == "ข้อ ๑๗":
            row[SheetColumn.WINDOW] = "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๘"

    written = run_there("copy-plan", *CHIANG_MAI, "--write-draft", str(file))
    unticked = refusal(run_there("import-plan", str(file), *NEXT_YEAR, "--yes", "--json"))
    rework(file, check)
    done = run_there("import-plan", "--draft", str(file), *NEXT_YEAR, "--yes")

    plan = in_force(stage.engine, year=FiscalYear(2568))
    assert (written.exit_code, done.exit_code) == (0, 0)
    assert "--accept all" in unticked
    assert plan["17"].window_text == "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๘"
    assert plan["16"].window_text == "มิถุนายน ๒๕๖๘"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("edit-plan", *CHIANG_MAI, "--drop", "99"), "ข้อ ๙๙", id="no such row"),
        pytest.param(
            ("edit-plan", *CHIANG_MAI, *MOVE, "--accept", "99"), "ข้อ ๙๙", id="nothing to accept"
        ),
        pytest.param(
            ("edit-plan", *CHIANG_MAI, "--set", "3 window=๓๐ กุมภาพันธ์ ๒๕๖๗"),
            "ไม่มีจริง",
            id="no such day",
        ),
        pytest.param(
            ("edit-plan", *CHIANG_MAI, "--set", "3 responsible=ใครก็ได้"), "ใครก็ได้", id="nobody"
        ),
        pytest.param(
            ("edit-plan", *CHIANG_MAI, "--set", "3 number=4"), "ข้อ ๔", id="a number twice"
        ),
        pytest.param(
            ("edit-plan", *NEXT_YEAR, *MOVE), no_draft(NoDraft.NO_PLAN), id="edit of no plan"
        ),
        pytest.param(
            ("undo-plan", *CHIANG_MAI), no_draft(NoDraft.NO_EARLIER_VERSION), id="nothing to undo"
        ),
        pytest.param(("undo-plan", *NEXT_YEAR), no_draft(NoDraft.NO_PLAN), id="undo of no plan"),
        pytest.param(
            ("copy-plan", *NEXT_YEAR), no_draft(NoDraft.NO_PLAN_TO_COPY), id="copy of no plan"
        ),
        pytest.param(("plan-versions", *NEXT_YEAR), "ยังไม่มีแผน", id="versions of no plan"),
        pytest.param(("edit-plan", *LAMPHUN, *MOVE), "ลำพูน", id="an empty province"),
        pytest.param(
            ("import-plan", "--draft", str(SAMPLES / "chiangmai-2567.txt"), *CHIANG_MAI),
            "--write-draft",
            id="no draft",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence_and_changes_nothing(
    stage: Stage, run_there: Run, arguments: tuple[str, ...], expected: str
) -> None:
    before = in_force(stage.engine)

    said = refusal(run_there(*arguments, "--json"))

    assert expected in said
    assert in_force(stage.engine) == before


def test_a_plan_is_never_left_without_activities(stage: Stage, run_there: Run) -> None:
    drops = [part for number in range(1, 19) for part in ("--drop", str(number))]

    said = refusal(run_there("edit-plan", *CHIANG_MAI, *drops, "--yes", "--json"))

    assert said == not_in_force(NotInForce.EMPTY)
    assert len(in_force(stage.engine)) == 18


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param(NEXT_YEAR, "ปีงบประมาณ 2567", id="another year"),
        pytest.param(("--province", "ลำพูน", "--fiscal-year", "2567"), "เชียงใหม่", id="province"),
    ],
)
def test_a_draft_of_another_plan_is_refused(
    run: Run, tmp_path: Path, where: tuple[str, ...], expected: str
) -> None:
    file = tmp_path / "draft.csv"
    run("import-plan", str(SAMPLES / "chiangmai-2567.txt"), *CHIANG_MAI, "--write-draft", str(file))

    said = refusal(run("import-plan", str(file), *where, "--yes", "--json"))

    assert said.startswith("draft.csv: ")
    assert expected in said


def test_a_draft_is_never_written_over_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.csv"
    file.write_text("answers")

    there = sentence(run(*IMPORT_LAMPHUN, "--write-draft", str(file)))
    nowhere = sentence(run(*IMPORT_LAMPHUN, "--write-draft", str(tmp_path / "no" / "draft.csv")))

    assert "draft.csv is there already" in there
    assert "cannot be written" in nowhere
    assert file.read_text() == "answers"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("import-plan", *CHIANG_MAI), id="no file"),
        pytest.param((*IMPORT_LAMPHUN, "--draft", "draft.csv"), id="two files"),
        pytest.param((*IMPORT_LAMPHUN, "--write-draft", "d.csv", "--yes"), id="write and confirm"),
        pytest.param(("edit-plan", *CHIANG_MAI), id="no change"),
        pytest.param(("edit-plan", *CHIANG_MAI, "--set", "17 colour=red"), id="no such field"),
        pytest.param(("edit-plan", *CHIANG_MAI, "--set", "window=2567"), id="no number"),
        pytest.param(("edit-plan", *CHIANG_MAI, "--drop", "ทั้งหมด"), id="drop what"),
        pytest.param((*IMPORT_LAMPHUN, "--accept", "ทั้งหมด"), id="accept what"),
        pytest.param(("copy-plan", *CHIANG_MAI[:2]), id="no year"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(
    run: Run, engine: Engine, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr
    assert nothing_is_kept(engine)
