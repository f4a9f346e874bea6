"""Drafts of a plan: kept, answered, put in force; undone; small changes; nothing half done."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from handlers.plan_files.table import read_plan
from handlers.plan_import import changes, content, drafts, edits
from handlers.plan_import.diff import PlanDiff
from handlers.plan_import.edits import Edit, EditError, Field
from messages_th.plan_drafts import EditProblem, NoDraft, NotInForce
from store import agencies, people, plan_drafts
from store.database import Session, transaction
from store.models import Activity, PlanDraftRow
from store.types import (
    Doubt,
    DoubtCode,
    DraftOrigin,
    DutyState,
    FiscalYear,
    PartyKind,
    PlanDraft,
    ProvinceId,
    Window,
)
from tests.factories import NOON, SAMPLES, YEAR, make_draft, make_plan, replan, state_of
from tests.stage import Stage, user_id

FEBRUARY = Window(date(2024, 2, 1), date(2024, 2, 29))
DON_KAEO = "องค์การบริหารส่วนตำบลดอนแก้ว"
UNREADABLE = Doubt(DoubtCode.WINDOW_UNREADABLE, "3", "เร็ว ๆ นี้")
UNNAMED = Doubt(DoubtCode.RESPONSIBLE_UNNAMED, "3", "หน่วยงานที่เกี่ยวข้อง")


def province_of(session: Session) -> ProvinceId:
    found = agencies.province_id(session, "เชียงใหม่")
    assert found is not None
    return found


def doubtful() -> PlanDraft:
    row = replace(
        make_draft("3", party=PartyKind.UNNAMED, party_text=UNNAMED.printed),
        window=None,
        window_text=UNREADABLE.printed,
        doubts=(UNREADABLE, UNNAMED),
    )
    return make_plan(row, make_draft("4", title="จัดทำแผน"))


def kept(session: Session, draft: PlanDraft) -> drafts.Waiting:
    return drafts.wait(
        session,
        province_of(session),
        YEAR,
        draft,
        origin=DraftOrigin.FILE,
        person=None,
        now=NOON,
    )


def in_force(stage: Stage) -> PlanDraft:
    with transaction(stage.engine) as session:
        return changes.plan_as_draft(session, province_of(session), YEAR)


def edited(draft: PlanDraft, number: str, field: Field, text: str = "") -> PlanDraft:
    return edits.edited(draft, Edit(number, field, text), fiscal_year=YEAR, keeps_print=True)


def undone(stage: Stage) -> PlanDiff | NotInForce:
    with transaction(stage.engine) as session:
        held = drafts.of_undo(session, province_of(session), YEAR, person=None, now=NOON)
        assert isinstance(held, drafts.Waiting)
        return drafts.put_in_force(session, held, now=NOON)


def test_a_draft_changes_nothing_before_every_doubt_is_answered(stage: Stage) -> None:
    before = in_force(stage)

    with transaction(stage.engine) as session:
        refused = drafts.put_in_force(session, kept(session, doubtful()), now=NOON)

    assert refused is NotInForce.UNANSWERED
    assert in_force(stage) == before


def test_an_answered_draft_is_put_in_force_with_the_answers(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = kept(session, doubtful())
        held = drafts.edit(session, held, Edit("3", Field.WINDOW, "กุมภาพันธ์ ๒๕๖๗"), now=NOON)
        held = drafts.edit(session, held, Edit("3", Field.RESPONSIBLE, "อปท. ทุกแห่ง"), now=NOON)
        done = drafts.put_in_force(session, held, now=NOON)

    assert isinstance(done, PlanDiff)
    row = in_force(stage).activities[0]
    assert (row.window, row.parties[0].kind) == (FEBRUARY, PartyKind.EVERY_LOCAL)
    assert (row.window_text, row.responsible_text) == (UNREADABLE.printed, UNNAMED.printed)
    with transaction(stage.engine) as session:
        answers = session.scalars(select(PlanDraftRow.answers)).one()
    assert [(each["field"], each["answer"]) for each in answers] == [
        ("window", "กุมภาพันธ์ ๒๕๖๗"),
        ("responsible", "อปท. ทุกแห่ง"),
    ]


def test_what_was_answered_of_the_same_print_is_not_asked_again(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = kept(session, doubtful())
        held = drafts.edit(session, held, Edit("3", Field.WINDOW, "กุมภาพันธ์ ๒๕๖๗"), now=NOON)
        held = drafts.edit(session, held, Edit("3", Field.RESPONSIBLE, "อปท. ทุกแห่ง"), now=NOON)
        drafts.put_in_force(session, held, now=NOON)

        again = kept(session, doubtful())
        diff = drafts.difference(session, again)

    assert again.questions == []
    assert content.diff_json(diff)["unchanged"] == ["3", "4"]


def test_of_two_rows_with_one_number_each_is_answered_as_it_was(stage: Stage) -> None:
    first = replace(make_draft("3", "อบรมเจ้าหน้าที่", FEBRUARY), window_text="ตามกำหนด")
    second = replace(make_draft("3", "ประชุมคณะทำงานระดับอำเภอ"), window_text="ตามกำหนด")
    replan(stage, first, second)
    again = [replace(row, window=None, doubts=(UNREADABLE,)) for row in (first, second)]

    with transaction(stage.engine) as session:
        held = kept(session, make_plan(*again))

    assert [row.window for row in held.draft.activities] == [first.window, second.window]


def test_a_draft_that_stays_as_read_is_accepted_doubt_by_doubt(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = drafts.accept(session, kept(session, doubtful()), [UNREADABLE], now=NOON)

        assert held.questions == [UNNAMED]
        assert held.kept.revision == 2


def test_a_draft_made_before_another_change_is_not_put_in_force(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = kept(session, make_plan(make_draft("3", window=FEBRUARY)))
    replan(stage, make_draft("9", title="จัดประชุม"))

    with transaction(stage.engine) as session:
        found = drafts.waiting(session, held.kept.draft_id)
        assert found is not None
        refused = drafts.put_in_force(session, found, now=NOON)

    assert refused is NotInForce.CHANGED_SINCE
    assert [row.number for row in in_force(stage).activities] == ["9"]


def test_a_draft_is_put_in_force_once(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = kept(session, make_plan(make_draft("3", window=FEBRUARY)))
        drafts.put_in_force(session, held, now=NOON)

        assert drafts.waiting(session, held.kept.draft_id) is None
        row = plan_drafts.read_draft(session, held.kept.draft_id)
        assert row is not None
        assert drafts.put_in_force(session, replace(held, kept=row), now=NOON) is NotInForce.CLOSED


def test_a_cancelled_draft_is_gone_and_the_plan_as_it_was(stage: Stage) -> None:
    before = in_force(stage)
    with transaction(stage.engine) as session:
        held = kept(session, doubtful())
        drafts.cancel(session, held, now=NOON)

        assert drafts.waiting(session, held.kept.draft_id) is None
    assert in_force(stage) == before


def test_a_second_draft_of_the_same_person_supersedes_the_first(town: Stage) -> None:
    with transaction(town.engine) as session:
        person = people.keep_person(session, user_id("สมศรี"), at=NOON)
        first, second = (
            drafts.wait(
                session,
                province_of(session),
                YEAR,
                make_plan(make_draft(number)),
                origin=DraftOrigin.FILE,
                person=person,
                now=NOON,
            )
            for number in ("3", "4")
        )

        assert drafts.waiting(session, first.kept.draft_id) is None
        assert drafts.waiting_of(session, person) == second


def test_one_row_is_moved_without_a_file(stage: Stage) -> None:
    said = Edit("17", Field.WINDOW, "๒๐ มิถุนายน - ๔ กรกฎาคม ๒๕๖๗")
    with transaction(stage.engine) as session:
        held = drafts.of_edit(session, province_of(session), YEAR, said, person=None, now=NOON)
        assert isinstance(held, drafts.Waiting)
        diff = content.diff_json(drafts.difference(session, held))
        drafts.put_in_force(session, held, now=NOON)

    assert [(each["number"], each["to"]["text"]) for each in diff["moved"]] == [("17", said.text)]
    assert len(diff["unchanged"]) == 17
    row = next(each for each in in_force(stage).activities if each.number == "17")
    assert row.window == Window(date(2024, 6, 20), date(2024, 7, 4))
    assert row.window_text == said.text


def test_the_last_change_is_undone_and_done_again(stage: Stage) -> None:
    before = in_force(stage)
    replan(stage, make_draft("3", window=FEBRUARY), make_draft("30", title="จัดประชุมใหญ่"))
    after = in_force(stage)

    undone(stage)
    first = in_force(stage)
    undone(stage)

    assert first == before
    assert in_force(stage) == after


def test_a_row_that_was_dropped_and_comes_back_keeps_its_reports(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("4", title="จัดทำแผน"))
    town.say("วิชัย", "เสร็จ ๓")
    replan(town, make_draft("4", title="จัดทำแผน"))

    undone(town)

    assert state_of(town, DON_KAEO) is DutyState.DONE
    with transaction(town.engine) as session:
        rows = session.scalars(select(Activity.number).where(Activity.removed_at.is_(None))).all()
    assert sorted(rows) == ["3", "4"]


def test_a_row_that_is_renamed_by_name_stays_the_same_activity(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("4", title="จัดทำแผน"))
    town.say("วิชัย", "เสร็จ ๓")
    said = Edit("3", Field.TITLE, "อบรมผู้บริหารทุกระดับ")
    with transaction(town.engine) as session:
        held = drafts.of_edit(session, province_of(session), YEAR, said, person=None, now=NOON)
        assert isinstance(held, drafts.Waiting)
        done = drafts.put_in_force(session, held, now=NOON)
    renamed = state_of(town, DON_KAEO)

    undone(town)

    assert isinstance(done, PlanDiff)
    assert (len(done.changed), len(done.added), len(done.removed)) == (1, 0, 0)
    assert renamed is DutyState.DONE
    assert state_of(town, DON_KAEO) is DutyState.DONE
    assert in_force(town).activities[0].title == make_draft().title


def test_the_same_plan_again_is_no_change_that_could_be_undone(stage: Stage) -> None:
    replan(stage, make_draft("3"))
    replan(stage, make_draft("3", window=FEBRUARY))
    replan(stage, make_draft("3", window=FEBRUARY))

    undone(stage)

    assert in_force(stage).activities == (make_draft("3"),)


def test_another_activity_under_a_dropped_ones_number_is_a_new_one(town: Stage) -> None:
    replan(town, make_draft("3"), make_draft("4", title="จัดทำแผน"))
    town.say("วิชัย", "เสร็จ ๓")
    replan(town, make_draft("4", title="จัดทำแผน"))

    replan(town, make_draft("3", title="อบรมผู้บริหาร"), make_draft("4", title="จัดทำแผน"))

    assert state_of(town, DON_KAEO) is DutyState.OPEN


def test_a_plan_that_never_changed_has_nothing_to_undo(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        first = drafts.of_undo(session, province_of(session), YEAR, person=None, now=NOON)
        other = drafts.of_undo(
            session, province_of(session), FiscalYear(2570), person=None, now=NOON
        )

    assert (first, other) == (NoDraft.NO_EARLIER_VERSION, NoDraft.NO_PLAN)


def test_next_year_is_a_draft_of_its_own_plan(stage: Stage) -> None:
    with transaction(stage.engine) as session:
        held = drafts.of_next_year(session, province_of(session), YEAR, person=None, now=NOON)
        assert isinstance(held, drafts.Waiting)
        refused = drafts.put_in_force(session, held, now=NOON)
        held = drafts.accept(session, held, held.questions, now=NOON)
        done = drafts.put_in_force(session, held, now=NOON)

    assert refused is NotInForce.UNANSWERED
    assert isinstance(done, PlanDiff)
    assert (held.kept.fiscal_year, len(done.added)) == (2568, 18)
    row = next(each for each in held.draft.activities if each.number == "11")
    assert row.window == Window(date(2025, 1, 1), date(2025, 3, 31))


@pytest.mark.parametrize(
    ("number", "field", "text", "problem"),
    [
        pytest.param("99", Field.TITLE, "ก", EditProblem.NO_SUCH_NUMBER, id="no such row"),
        pytest.param("3", Field.NUMBER, "แปด", EditProblem.NUMBER_UNREADABLE, id="no number"),
        pytest.param("3", Field.NUMBER, "๔", EditProblem.NUMBER_TAKEN, id="number of another"),
        pytest.param("3", Field.TITLE, "  ", EditProblem.TITLE_EMPTY, id="no title"),
        pytest.param(
            "3", Field.WINDOW, "๓๐ กุมภาพันธ์ ๒๕๖๗", EditProblem.WINDOW_REFUSED, id="no such day"
        ),
        pytest.param("3", Field.WINDOW, "เร็ว ๆ นี้", EditProblem.WINDOW_REFUSED, id="no date"),
        pytest.param(
            "3", Field.RESPONSIBLE, "ใครก็ได้", EditProblem.RESPONSIBLE_REFUSED, id="nobody"
        ),
        pytest.param("3", Field.RESPONSIBLE, "", EditProblem.RESPONSIBLE_REFUSED, id="empty"),
    ],
)
def test_an_edit_that_means_nothing_is_refused(
    number: str, field: Field, text: str, problem: EditProblem
) -> None:
    with pytest.raises(EditError) as refused:
        edited(doubtful(), number, field, text)

    assert refused.value.problem is problem


def test_a_year_far_from_the_plans_is_doubted_of_an_edit_as_of_any_row() -> None:
    found = edited(doubtful(), "4", Field.WINDOW, "มกราคม ๒๕๗๕")

    assert [each.code for each in found.activities[1].doubts] == [
        DoubtCode.WINDOW_FAR_FROM_FISCAL_YEAR
    ]


def test_rows_are_renumbered_renamed_and_dropped() -> None:
    draft = edited(doubtful(), "3", Field.NUMBER, "๘")
    draft = edited(draft, "8", Field.TITLE, "อบรม")
    draft = edited(draft, "4", Field.DROP)

    [row] = draft.activities
    assert (row.number, row.title, row.steps[0].title) == ("8", "อบรม", "อบรม")
    assert {each.row for each in row.doubts} == {"8"}


def test_a_draft_comes_back_from_its_json_as_it_was() -> None:
    for sample in sorted(SAMPLES.glob("*-25*.txt")):
        draft = read_plan(sample.name, sample.read_bytes())

        assert content.draft_from_json(content.draft_json(draft)) == draft
