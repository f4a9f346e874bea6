"""The versions of a plan: since when each was in force, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.plan_import.content import draft_from_json
from handlers.plan_import.diff import said
from handlers.rules.plan_matching import match
from store import plans
from store.database import Session
from store.types import ActivityId, FiscalYear, PlanDraft, ProvinceId


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a plan and how many of its activities differ from the version before.

    `moved` have another window, whatever else changed; `changed` another text, step or party.
    """

    number: int
    in_force_at: datetime
    activities: int
    added: int
    moved: int
    changed: int
    removed: int


def history(session: Session, province: ProvinceId, fiscal_year: FiscalYear) -> list[Version]:
    """Return every version of a plan, the first one first; none where there is no plan."""
    in_force = plans.plan_in_force(session, province, fiscal_year)
    kept = plans.versions(session, in_force[0]) if in_force else []
    before = PlanDraft("", ())
    found = []
    for number, in_force_at, content in kept:
        draft = draft_from_json(content)
        found.append(_version(number, in_force_at, before, draft))
        before = draft
    return found


def version_json(version: Version) -> dict[str, Any]:
    """Return a version as plain values; the instant is ISO, in UTC."""
    return {
        "version": version.number,
        "in_force_at": version.in_force_at.isoformat(),
        "activities": version.activities,
        "added": version.added,
        "moved": version.moved,
        "changed": version.changed,
        "removed": version.removed,
    }


def _version(number: int, at: datetime, before: PlanDraft, after: PlanDraft) -> Version:
    # A version of an earlier release does not say which activities its rows are.
    known = {
        row.activity_id or ActivityId(-place): row
        for place, row in enumerate(before.activities, start=1)
    }
    matched = match(known, after.activities)
    stayed = [
        (known[each], row) for each, row in matched.items() if known[each].window == row.window
    ]
    return Version(
        number=number,
        in_force_at=at,
        activities=len(after.activities),
        added=len(after.activities) - len(matched),
        moved=len(matched) - len(stayed),
        changed=sum(said(before) != said(row) for before, row in stayed),
        removed=len(known) - len(matched),
    )
