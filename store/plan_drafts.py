"""Queries: drafts of plans that wait for answers and for somebody to confirm them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.models import PlanDraftRow
from store.types import DraftId, DraftOrigin, DraftState, FiscalYear, PersonId, ProvinceId


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as it stands; `content` is JSON of `handlers.plan_import.content`."""

    draft_id: DraftId
    province_id: ProvinceId
    fiscal_year: FiscalYear
    person_id: PersonId | None
    origin: DraftOrigin
    base_version: int
    revision: int
    content: dict[str, Any]
    state: DraftState


def keep_draft(
    session: Session,
    *,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    person: PersonId | None,
    origin: DraftOrigin,
    base_version: int,
    content: dict[str, Any],
    at: datetime,
) -> KeptDraft:
    """Keep a new draft; whatever else that person had open is superseded."""
    if person is not None:
        _close_where(session, DraftState.SUPERSEDED, at, PlanDraftRow.person_id == person)
    row = PlanDraftRow(
        province_id=province,
        fiscal_year=fiscal_year,
        person_id=person,
        origin=origin,
        base_version=base_version,
        revision=1,
        content=content,
        answers=[],
        state=DraftState.OPEN,
        made_at=at,
    )
    session.add(row)
    session.flush()
    return _kept(row)


def read_draft(session: Session, draft: DraftId) -> KeptDraft | None:
    """Return a draft, locked until the transaction ends; None when there is none of that id."""
    row = session.scalar(
        select(PlanDraftRow)
        .where(PlanDraftRow.id == draft)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return None if row is None else _kept(row)


def open_draft_of(session: Session, person: PersonId) -> KeptDraft | None:
    """Return the draft that a person has open, locked until the transaction ends, or None."""
    row = session.scalar(
        select(PlanDraftRow)
        .where(PlanDraftRow.person_id == person, PlanDraftRow.state == DraftState.OPEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return None if row is None else _kept(row)


def change_draft(
    session: Session, draft: DraftId, content: dict[str, Any], answers: Sequence[dict[str, Any]]
) -> KeptDraft:
    """Put other content in a locked draft, and keep beside it what was answered."""
    row = session.get_one(PlanDraftRow, draft)
    row.content = content
    row.answers = [*row.answers, *answers]
    row.revision += 1
    session.flush()
    return _kept(row)


def close_draft(
    session: Session,
    draft: DraftId,
    state: DraftState,
    *,
    at: datetime,
    became_version: int | None = None,
) -> None:
    """End a locked draft, saying as which version it was put in force where it was."""
    _close_where(session, state, at, PlanDraftRow.id == draft, became_version=became_version)


def _close_where(
    session: Session, state: DraftState, at: datetime, *which: Any, **more: int | None
) -> None:
    session.execute(
        update(PlanDraftRow)
        .where(PlanDraftRow.state == DraftState.OPEN, *which)
        .values(state=state, closed_at=at, **more)
    )


def _kept(row: PlanDraftRow) -> KeptDraft:
    return KeptDraft(
        draft_id=DraftId(row.id),
        province_id=ProvinceId(row.province_id),
        fiscal_year=FiscalYear(row.fiscal_year),
        person_id=None if row.person_id is None else PersonId(row.person_id),
        origin=DraftOrigin(row.origin),
        base_version=row.base_version,
        revision=row.revision,
        content=row.content,
        state=DraftState(row.state),
    )
