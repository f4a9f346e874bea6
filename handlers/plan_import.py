"""A plan: draft → difference from what is in force → confirmed, all in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.rules.plan_matching import match
from messages_th import offices, plan_problems
from store import agencies, notices, plans
from store.database import Session
from store.types import (
    ActivityDraft,
    ActivityId,
    Doubt,
    FiscalYear,
    PartyKind,
    PlanDraft,
    ProvinceId,
)


@dataclass(frozen=True, slots=True)
class Change:
    """An activity in force and what the draft makes of it."""

    activity_id: ActivityId
    before: ActivityDraft
    after: ActivityDraft


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What a draft changes, rows matched by `rules.plan_matching`.

    `moved` have another window (whatever else changed), `changed` another text, step or party.
    `cancelled` counts the planned notices that will not be sent, as what they speak of moved or
    is gone; `rescheduled` those of them whose activity will be reminded of at its new dates.
    `unresolved` are the names printed as responsible that no agency of the province bears beyond
    doubt: nobody has a duty by them.
    """

    added: tuple[ActivityDraft, ...]
    moved: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    unchanged: tuple[str, ...]
    cancelled: int
    rescheduled: int
    unresolved: tuple[str, ...]


def compare(
    session: Session, province: ProvinceId | None, fiscal_year: FiscalYear, draft: PlanDraft
) -> PlanDiff:
    """Return what the draft would change; nothing is written.

    `province` is None where nothing was imported for it yet.
    """
    in_force = province and plans.plan_in_force(session, province, fiscal_year)
    known = plans.drafts_in_force(session, in_force[0]) if in_force else {}
    matched = match(known, draft.activities)
    kept = [Change(each, known[each], after) for each, after in matched.items()]
    moved = tuple(each for each in kept if each.before.window != each.after.window)
    stayed = [each for each in kept if each not in moved]
    changed = tuple(each for each in stayed if _content(each.before) != _content(each.after))
    removed = tuple(
        Change(each, before, before) for each, before in known.items() if each not in matched
    )
    return PlanDiff(
        added=tuple(each for each in draft.activities if each not in matched.values()),
        moved=moved,
        changed=changed,
        removed=removed,
        unchanged=tuple(each.after.number for each in stayed if each not in changed),
        cancelled=_waiting(session, (*moved, *removed)),
        rescheduled=_waiting(session, (each for each in moved if each.after.window)),
        unresolved=_unresolved(session, province, draft),
    )


def confirm(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    draft: PlanDraft,
    *,
    now: datetime,
) -> None:
    """Put the draft in force: rows, version and every agency's duties; reports stay.

    Notices that are planned for an old date are not cancelled here: each is asked again when it
    is sent, and finds its deadline gone.
    """
    diff = compare(session, province, fiscal_year, draft)
    plan, version = plans.keep_plan(session, province, fiscal_year, draft.title)
    plans.keep_version(session, plan, version, draft_json(draft), now)
    positions = {each.number: place for place, each in enumerate(draft.activities, start=1)}
    for activity in diff.added:
        plans.add_activity(
            session,
            plan,
            activity,
            position=positions[activity.number],
            version=version,
        )
    for change in (*diff.moved, *diff.changed):
        plans.change_activity(
            session,
            change.activity_id,
            change.after,
            position=positions[change.after.number],
            version=version,
        )
    for change in diff.removed:
        plans.remove_activity(session, change.activity_id, now)
    plans.place_activities(session, plan, positions)
    everybody = agencies.agencies(session, province)
    named = offices.bearers(plans.printed_names(session, province), everybody)
    plans.name_agencies(session, province, named)
    plans.spread_duties(session, province)


def draft_json(draft: PlanDraft) -> dict[str, Any]:
    """Return a draft as plain values: dates are ISO, or null where none was printed or read."""
    return {
        "title": draft.title,
        "activities": [_activity_json(activity) for activity in draft.activities],
        "doubts": _doubts_json(draft.doubts),
    }


def diff_json(diff: PlanDiff) -> dict[str, Any]:
    """Return a difference as plain values; lists name the activities by number."""
    return {
        "added": [_row_json(activity) for activity in diff.added],
        "moved": [
            {
                **_row_json(change.after),
                "from": _window_json(change.before),
                "to": _window_json(change.after),
            }
            for change in diff.moved
        ],
        "changed": [
            {**_row_json(change.after), "was": _row_json(change.before)} for change in diff.changed
        ],
        "removed": [_row_json(change.before) for change in diff.removed],
        "unchanged": list(diff.unchanged),
        "notices": {
            "cancelled": diff.cancelled,
            "rescheduled": diff.rescheduled,
            # Nobody is written to about a moved date yet.
            "corrections": 0,
        },
        "unresolved": list(diff.unresolved),
    }


def _unresolved(session: Session, province: ProvinceId | None, draft: PlanDraft) -> tuple[str, ...]:
    printed = dict.fromkeys(
        party.text
        for activity in draft.activities
        for party in activity.parties
        if party.kind is PartyKind.NAMED
    )
    everybody = agencies.agencies(session, province) if province and printed else []
    known = offices.bearers(printed, everybody)
    return tuple(text for text in printed if text not in known)


def _content(activity: ActivityDraft) -> tuple[object, ...]:
    return (
        activity.printed_number,
        activity.title,
        activity.steps,
        activity.window_text,
        activity.parties,
        activity.responsible_text,
    )


def _waiting(session: Session, changes: Iterable[Change]) -> int:
    return sum(notices.waiting_of_activity(session, each.activity_id) for each in changes)


def _activity_json(activity: ActivityDraft) -> dict[str, Any]:
    return {
        "number": activity.number,
        "printed_number": activity.printed_number,
        "title": activity.title,
        "steps": [{"title": step.title, "actor": step.actor} for step in activity.steps],
        "window": _window_json(activity),
        "responsible": {
            "text": activity.responsible_text,
            "parties": [{"kind": party.kind, "text": party.text} for party in activity.parties],
        },
        "doubts": _doubts_json(activity.doubts),
    }


def _window_json(activity: ActivityDraft) -> dict[str, str | None]:
    window = activity.window
    return {
        "text": activity.window_text,
        "first": window.first.isoformat() if window and window.first else None,
        "last": window.last.isoformat() if window else None,
    }


def _row_json(activity: ActivityDraft) -> dict[str, str]:
    return {"number": activity.number, "title": activity.title}


def _doubts_json(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    return [
        {
            "code": doubt.code,
            "row": doubt.row,
            "printed": doubt.printed,
            "question": plan_problems.doubt(doubt),
        }
        for doubt in doubts
    ]
