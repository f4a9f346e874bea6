"""Drafts that wait: kept, answered, and put in force or cancelled (`docs/plans.md`)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.plan_import import changes, content, edits
from handlers.plan_import.diff import PlanDiff
from handlers.plan_import.edits import Edit
from handlers.plan_import.next_year import shifted
from messages_th.plan_drafts import NoDraft, NotInForce
from store import plan_drafts, plans
from store.database import Session
from store.plan_drafts import KeptDraft
from store.types import (
    Doubt,
    DraftId,
    DraftOrigin,
    DraftState,
    FiscalYear,
    PersonId,
    PlanDraft,
    ProvinceId,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that waits, with what it says as it stands."""

    kept: KeptDraft
    draft: PlanDraft

    @property
    def questions(self) -> list[Doubt]:
        """The doubts that nobody has answered."""
        return edits.questions(self.draft)


def wait(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    draft: PlanDraft,
    *,
    origin: DraftOrigin,
    person: PersonId | None,
    now: datetime,
    remembers: bool = True,
) -> Waiting:
    """Let a draft wait for answers; whatever else that person had open is superseded.

    What the same printed cells of a file were answered when they came into force is not asked
    again, unless the draft `remembers` nothing, as it was answered already.
    """
    in_force = plans.plan_in_force(session, province, fiscal_year)
    if in_force and remembers and origin is DraftOrigin.FILE:
        draft = edits.remembering(plans.drafts_in_force(session, in_force[0]), draft)
    kept = plan_drafts.keep_draft(
        session,
        province=province,
        fiscal_year=fiscal_year,
        person=person,
        origin=origin,
        base_version=in_force[1] if in_force else 0,
        content=content.draft_json(draft),
        at=now,
    )
    return Waiting(kept, draft)


def of_edit(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    edit: Edit,
    *,
    person: PersonId | None,
    now: datetime,
) -> Waiting | NoDraft:
    """Let the plan in force, with one row edited, wait to be confirmed ("เลื่อนข้อ ๑๗ เป็น ...").

    Raises:
        EditError: when the edit cannot be made.
    """
    in_force = plans.plan_in_force(session, province, fiscal_year)
    if in_force is None:
        return NoDraft.NO_PLAN
    draft = edits.edited(
        changes.plan_as_draft(session, province, fiscal_year),
        edit,
        fiscal_year=fiscal_year,
        keeps_print=False,
    )
    return wait(
        session,
        province,
        fiscal_year,
        draft,
        origin=DraftOrigin.EDIT,
        person=person,
        now=now,
    )


def of_undo(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    *,
    person: PersonId | None,
    now: datetime,
) -> Waiting | NoDraft:
    """Let the version before the one in force wait to be confirmed.

    Undone once more it is the version that was undone: nothing is ever lost.
    """
    in_force = plans.plan_in_force(session, province, fiscal_year)
    if in_force is None:
        return NoDraft.NO_PLAN
    before = plans.version_content(session, in_force[0], in_force[1] - 1)
    if before is None:
        return NoDraft.NO_EARLIER_VERSION
    draft = content.draft_from_json(before)
    answered = edits.accepted(draft, edits.questions(draft))
    return wait(
        session,
        province,
        fiscal_year,
        answered,
        origin=DraftOrigin.UNDO,
        person=person,
        now=now,
    )


def of_next_year(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    *,
    person: PersonId | None,
    now: datetime,
) -> Waiting | NoDraft:
    """Let that year's plan wait as a draft of the next year's, every date to be checked."""
    if plans.plan_in_force(session, province, fiscal_year) is None:
        return NoDraft.NO_PLAN_TO_COPY
    next_year = FiscalYear(fiscal_year + 1)
    return wait(
        session,
        province,
        next_year,
        shifted(changes.plan_as_draft(session, province, fiscal_year), into=next_year),
        origin=DraftOrigin.NEXT_YEAR,
        person=person,
        now=now,
    )


def waiting(session: Session, draft: DraftId) -> Waiting | None:
    """Return a draft that can still be answered, locked; None when it is closed or unknown."""
    return _open(plan_drafts.read_draft(session, draft))


def waiting_of(session: Session, person: PersonId) -> Waiting | None:
    """Return the draft that a person has open, locked, or None."""
    return _open(plan_drafts.open_draft_of(session, person))


def accept(session: Session, held: Waiting, doubts: Collection[Doubt], *, now: datetime) -> Waiting:
    """Answer doubts with "as it was read"."""
    answers = [
        {"code": each.code, "row": each.row, "printed": each.printed, "answer": "as_read"}
        for each in held.questions
        if each in doubts
    ]
    return _changed(session, held, edits.accepted(held.draft, doubts), answers, now)


def edit(session: Session, held: Waiting, said: Edit, *, now: datetime) -> Waiting:
    """Change a row of a waiting draft; doubts about that field are answered by it.

    Raises:
        EditError: when the edit cannot be made; nothing has changed.
    """
    # Only what a file printed is kept beside the answer: a date moved along was printed nowhere.
    keeps_print = held.kept.origin is DraftOrigin.FILE
    draft = edits.edited(
        held.draft, said, fiscal_year=held.kept.fiscal_year, keeps_print=keeps_print
    )
    answers = [{"row": said.number, "field": said.field, "answer": said.text}]
    return _changed(session, held, draft, answers, now)


def difference(session: Session, held: Waiting) -> PlanDiff:
    """Return what putting the draft in force would change, and what follows from it."""
    return changes.compare(session, held.kept.province_id, held.kept.fiscal_year, held.draft)


def put_in_force(session: Session, held: Waiting, *, now: datetime) -> PlanDiff | NotInForce:
    """Put an answered draft in force with all that follows, or say why not."""
    kept = held.kept
    if kept.state is not DraftState.OPEN:
        return NotInForce.CLOSED
    if held.questions:
        return NotInForce.UNANSWERED
    if not held.draft.activities:
        return NotInForce.EMPTY
    done = changes.confirm(
        session,
        kept.province_id,
        kept.fiscal_year,
        held.draft,
        now=now,
        base_version=kept.base_version,
        person=kept.person_id,
    )
    if done is None:
        return NotInForce.CHANGED_SINCE
    in_force = plans.plan_in_force(session, kept.province_id, kept.fiscal_year)
    version = in_force and in_force[1]
    plan_drafts.close_draft(
        session, kept.draft_id, DraftState.CONFIRMED, at=now, became_version=version
    )
    return done


def cancel(session: Session, held: Waiting, *, now: datetime) -> None:
    """Give a draft up; what is in force stays as it is."""
    plan_drafts.close_draft(session, held.kept.draft_id, DraftState.CANCELLED, at=now)


def _open(kept: KeptDraft | None) -> Waiting | None:
    if kept is None or kept.state is not DraftState.OPEN:
        return None
    return Waiting(kept, content.draft_from_json(kept.content))


def _changed(
    session: Session,
    held: Waiting,
    draft: PlanDraft,
    answers: list[dict[str, Any]],
    now: datetime,
) -> Waiting:
    kept = plan_drafts.change_draft(
        session,
        held.kept.draft_id,
        content.draft_json(draft),
        [{**each, "at": now.isoformat()} for each in answers],
    )
    return replace(held, kept=kept, draft=draft)
