"""A plan: draft → difference from what is in force → confirmed, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from handlers.plan_import import content, corrections
from handlers.plan_import.diff import Change, PlanDiff, said
from handlers.record import enter_plan
from handlers.rules.plan_matching import OTHER_NUMBER_LIKENESS, match
from messages_th import offices
from store import agencies, notices, plans, told
from store.database import Session
from store.types import (
    ActivityDraft,
    ActivityId,
    Agency,
    AgencyId,
    FiscalYear,
    NoticeKind,
    PartyKind,
    PersonId,
    PlanDraft,
    PlanId,
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
    stayed = [each for each in kept if each.before.window == each.after.window]
    changed = tuple(each for each in stayed if said(each.before) != said(each.after))
    removed = tuple(
        Change(each, before, before) for each, before in known.items() if each not in matched
    )
    taken = set(map(id, matched.values()))
    new = [each for each in draft.activities if id(each) not in taken]
    revived = _revived(session, in_force[0], new) if in_force else ()
    cancelled = {each.activity_id: _cancelled(session, each) for each in (*moved, *removed)}
    named = _named(session, province, draft)
    return PlanDiff(
        added=tuple(row for row in new if all(row is not each.after for each in revived)),
        revived=revived,
        moved=moved,
        changed=changed,
        removed=removed,
        unchanged=tuple(each.after.number for each in stayed if each not in changed),
        cancelled=sum(cancelled.values()),
        rescheduled=sum(cancelled[each.activity_id] for each in moved if each.after.window),
        told=_agencies_told(session, province, (*moved, *changed, *revived), removed, named),
        unresolved=tuple(text for text, bearer in named.items() if bearer is None),
    )


def confirm(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    draft: PlanDraft,
    *,
    now: datetime,
    base_version: int | None = None,
    person: PersonId | None = None,
) -> PlanDiff | None:
    """Put the draft in force with all that follows, and return what it changed; reports stay.

    Rows, version and every agency's duties; notices of old dates are cancelled, and whoever was
    told one gets a correction.  None, and nothing is changed, when another version than
    `base_version` is in force by now.  A draft that changes nothing makes no new version, so that
    undoing takes back the last change that was one; agencies that came since get their duties.
    The record tells of a new version; `person` is None where an operator did it.
    """
    plan, version = plans.lock_plan(session, province, fiscal_year)
    if base_version not in (None, version):
        return None
    # A sender that records what it said has all of it recorded by now, or waits until all is done.
    plans.lock_activities(session, plan)
    diff = compare(session, province, fiscal_year, draft)
    kept = None
    if version == 0 or _changes_anything(session, plan, diff, draft):
        version += 1
        _write_rows(session, plan, version, draft, diff, now)
        kept = content.draft_json(_with_ids(session, plan, draft))
        plans.keep_version(session, plan, version, draft.title, kept, now)
    everybody = agencies.agencies_by_every_name(session, province)
    named = offices.bearers(plans.printed_names(session, province), everybody)
    plans.name_agencies(session, province, named)
    plans.spread_duties(session, province)

    opening_moved = [each.activity_id for each in diff.moved if _only_opening_moved(each)]
    notices.close_stale(session, plan, opening_moved)
    corrections.queue_for_plan(session, plan, version, at=now)
    if kept is not None:
        enter_plan(session, province, fiscal_year, (plan, version), kept, person=person, at=now)
    return diff


def plan_as_draft(session: Session, province: ProvinceId, fiscal_year: FiscalYear) -> PlanDraft:
    """Return the plan in force as a draft without doubts.

    Raises:
        sqlalchemy.exc.NoResultFound: when none is in force.
    """
    plan, _ = plans.lock_plan(session, province, fiscal_year)
    rows = plans.drafts_in_force(session, plan)
    return PlanDraft(plans.plan_title(session, plan), tuple(rows.values()))


def _changes_anything(session: Session, plan: PlanId, diff: PlanDiff, draft: PlanDraft) -> bool:
    if diff.added or diff.revived or diff.moved or diff.changed or diff.removed:
        return True
    in_force = [row.number for row in plans.drafts_in_force(session, plan).values()]
    drafted = [row.number for row in draft.activities]
    return (plans.plan_title(session, plan), in_force) != (draft.title, drafted)


def _with_ids(session: Session, plan: PlanId, draft: PlanDraft) -> PlanDraft:
    """Return what a version keeps: the rows say which they are, for when it is gone back to."""
    ids: dict[str, ActivityId | None] = {}
    for activity_id, row in plans.drafts_in_force(session, plan).items():
        # A number that two rows bear tells neither of them.
        ids[row.number] = None if row.number in ids else activity_id
    rows = tuple(replace(row, activity_id=ids.get(row.number)) for row in draft.activities)
    return replace(draft, activities=rows)


def _write_rows(
    session: Session, plan: PlanId, version: int, draft: PlanDraft, diff: PlanDiff, now: datetime
) -> None:
    positions = {each.number: place for place, each in enumerate(draft.activities, start=1)}
    for activity in diff.added:
        position = positions[activity.number]
        plans.add_activity(session, plan, activity, position=position, version=version)
    for change in (*diff.moved, *diff.changed, *diff.revived):
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


def _revived(session: Session, plan: PlanId, new: Sequence[ActivityDraft]) -> tuple[Change, ...]:
    """Return the new rows that were in force once: what came back keeps its reports.

    A number alone proves nothing here, so the title has to be all but the same.
    """
    known = plans.drafts_removed(session, plan) if new else {}
    found = match(known, new, same_number_likeness=OTHER_NUMBER_LIKENESS)
    return tuple(Change(each, known[each], after) for each, after in found.items())


def _only_opening_moved(change: Change) -> bool:
    before, after = change.before.window, change.after.window
    return before is not None and after is not None and before.last == after.last


def _cancelled(session: Session, change: Change) -> int:
    kinds = [NoticeKind.OPENS] if _only_opening_moved(change) else list(NoticeKind)
    return notices.waiting_of_activity(session, change.activity_id, kinds)


def _agencies_told(
    session: Session,
    province: ProvinceId | None,
    standing: Sequence[Change],
    removed: Sequence[Change],
    named: Mapping[str, AgencyId | None],
) -> tuple[Agency, ...]:
    """Return the agencies that were told another last day than the draft means for them.

    For one that a row no longer asks, it means none.
    """
    if province is None:
        return ()
    rows = {each.activity_id: each.after for each in standing}
    days = told.days_told(session, [*rows, *(each.activity_id for each in removed)])
    return tuple(
        agency
        for agency in agencies.agencies(session, province)
        if any(
            day != _last_day(agency, rows.get(activity), named)
            for activity, day in days.get(agency.agency_id, ())
        )
    )


def _last_day(
    agency: Agency, row: ActivityDraft | None, named: Mapping[str, AgencyId | None]
) -> date | None:
    """Return the last day that a row sets an agency, or None."""
    if row is None or row.window is None:
        return None
    is_asked = any(
        agency.kind in plans.AGENCIES_OF_PARTY.get(party.kind, ())
        or (party.kind is PartyKind.NAMED and named[party.text] == agency.agency_id)
        for party in row.parties
    )
    return row.window.last if is_asked else None


def _named(
    session: Session, province: ProvinceId | None, draft: PlanDraft
) -> dict[str, AgencyId | None]:
    """Return who bears each name printed as responsible, None where that is not beyond doubt."""
    printed = dict.fromkeys(
        party.text
        for activity in draft.activities
        for party in activity.parties
        if party.kind is PartyKind.NAMED
    )
    everybody = agencies.agencies_by_every_name(session, province) if province and printed else []
    known = offices.bearers(printed, everybody)
    return {text: known.get(text) for text in printed}
