"""A plan: draft → difference from what is in force → confirmed, all in one transaction."""

from collections.abc import Iterable
from datetime import datetime

from handlers.plan_import import content
from handlers.plan_import.diff import Change, PlanDiff
from handlers.rules.plan_matching import match
from messages_th import offices
from store import agencies, notices, plans
from store.database import Session
from store.types import (
    ActivityDraft,
    FiscalYear,
    PartyKind,
    PlanDraft,
    ProvinceId,
)


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
    plans.keep_version(session, plan, version, content.draft_json(draft), now)
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
