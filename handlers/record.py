"""What is entered in the record of each act: ids and digests, never a name or what was said."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store import record
from store.database import Session
from store.types import (
    Act,
    DutyFacts,
    DutyState,
    FiscalYear,
    HeldPost,
    Invited,
    KeptAnswer,
    KeptEvidence,
    KeptReport,
    KeptReview,
    PersonId,
    PlanId,
    Post,
    ProvinceId,
    Role,
    StepId,
)


def enter_report(
    session: Session, duty: DutyFacts, report: KeptReport, *, by: Role, act: Act | None = None
) -> int:
    """Enter that a duty was reported on, or a report taken back or judged, by whom in which role.

    The act follows from state and role where none is given.  Returns the entry's number.
    """
    return record.append(
        session,
        duty.agency.province_id,
        act or _act(report, by),
        person=report.person_id,
        duty=duty.duty_id,
        details=_details(report, by),
        at=report.at,
    )


def _details(report: KeptReport, by: Role) -> dict[str, Any]:
    details = {
        "report": report.report_id,
        "state": report.state,
        "reason": report.reason_digest,
        "agency": report.agency_id,
        "by": by,
        "event": report.webhook_event_id,
    }
    given = {"figure": report.figure, "link": report.link_digest}
    return details | {name: each for name, each in given.items() if each}


def _act(report: KeptReport, by: Role) -> Act:
    if by is Role.EXECUTIVE:
        return Act.APPROVED if report.state == DutyState.DONE else Act.RETURNED
    return Act.TAKEN_BACK if report.state == DutyState.OPEN else Act.REPORTED


def enter_review(session: Session, duty: DutyFacts, review: KeptReview, *, by: Role) -> int:
    """Enter that somebody reviewed a report, in which role; return the entry's number."""
    return record.append(
        session,
        duty.agency.province_id,
        Act.REVIEWED,
        person=review.person_id,
        duty=duty.duty_id,
        details={"review": review.review_id, "report": review.report_id, "by": by},
        at=review.at,
    )


def enter_answer(session: Session, duty: DutyFacts, answer: KeptAnswer) -> int:
    """Enter that a coordinator answered to who is stuck; return the entry's number."""
    return record.append(
        session,
        duty.agency.province_id,
        Act.ANSWERED,
        person=answer.person_id,
        duty=duty.duty_id,
        details={
            "answer": answer.answer_id,
            "report": answer.report_id,
            "text": answer.digest,
            "by": Role.COORDINATOR,
        },
        at=answer.at,
    )


def enter_setting(
    session: Session,
    province: ProvinceId,
    person: PersonId | None,
    setting: str,
    *,
    value: bool,
    at: datetime,
) -> int:
    """Enter that a province changed a setting; nobody's where an operator did it."""
    details = {"setting": setting, "value": value}
    return record.append(
        session, province, Act.SETTING_CHANGED, person=person, details=details, at=at
    )


def enter_evidence(session: Session, duty: DutyFacts, given: KeptEvidence, *, by: Role) -> int:
    """Enter that evidence was given for a duty; return the entry's number."""
    details = {
        "evidence": given.evidence_id,
        "kind": given.kind,
        "sha256": given.sha256,
        "agency": given.agency_id,
        "by": by,
    }
    return record.append(
        session,
        duty.agency.province_id,
        Act.EVIDENCE_GIVEN,
        person=given.person_id,
        duty=given.duty_id,
        details=details,
        at=given.at,
    )


def enter_withdrawal(
    session: Session,
    province: ProvinceId,
    given: KeptEvidence,
    *,
    person: PersonId,
    by: Role,
    at: datetime,
) -> int:
    """Enter that evidence was withdrawn, as its sender unsent the message."""
    details = {
        "evidence": given.evidence_id,
        "sha256": given.sha256,
        "agency": given.agency_id,
        "by": by,
    }
    return record.append(
        session,
        province,
        Act.EVIDENCE_WITHDRAWN,
        person=person,
        duty=given.duty_id,
        details=details,
        at=at,
    )


def enter_evidence_rule(
    session: Session,
    province: ProvinceId,
    step: StepId,
    number: str,
    *,
    is_needed: bool,
    person: PersonId,
    at: datetime,
) -> int:
    """Enter that a step of the activity of that number needs evidence now, or none any more."""
    details = {"step": step, "number": number, "needs_evidence": is_needed}
    return record.append(
        session, province, Act.EVIDENCE_RULE, person=person, details=details, at=at
    )


def enter_reminders(
    session: Session,
    province: ProvinceId,
    act: Act,
    person: PersonId,
    details: Mapping[str, Any],
    *,
    at: datetime,
) -> int:
    """Enter that somebody decided when the province reminds, or whom not; return the number."""
    return record.append(session, province, act, person=person, details=details, at=at)


def enter_plan(
    session: Session,
    province: ProvinceId,
    fiscal_year: FiscalYear,
    version: tuple[PlanId, int],
    content: object,
    *,
    person: PersonId | None,
    at: datetime,
) -> int:
    """Enter that a version of a plan was put in force; nobody's where an operator did it."""
    plan, number = version
    details = {
        "plan": plan,
        "fiscal_year": fiscal_year,
        "version": number,
        "content": record.content_digest(content),
    }
    return record.append(
        session, province, Act.PLAN_IN_FORCE, person=person, details=details, at=at
    )


def enter_post(
    session: Session,
    person: PersonId,
    post: Post,
    *,
    at: datetime,
    admitted_by: PersonId | None = None,
) -> int:
    """Enter that somebody was given a post, where they asked for it also who let them in."""
    details = _area(post)
    if admitted_by is not None:
        details["admitted_by"] = admitted_by
    return record.append(
        session, post.province_id, Act.POST_GIVEN, person=person, details=details, at=at
    )


def enter_moved_post(
    session: Session, person: PersonId, post: Post, *, leaver: PersonId, at: datetime
) -> int:
    """Enter that somebody took over a post, and from whom."""
    details = {**_area(post), "from": leaver}
    return record.append(
        session, post.province_id, Act.POST_MOVED, person=person, details=details, at=at
    )


def enter_offered_post(session: Session, person: PersonId, held: HeldPost, *, at: datetime) -> int:
    """Enter that a code was made to hand somebody's post over, and by whom; never the code."""
    details = {**_area(held.post), "of": held.person_id}
    return record.append(
        session, held.post.province_id, Act.POST_OFFERED, person=person, details=details, at=at
    )


def enter_ended_post(
    session: Session, person: PersonId, post: Post, *, leaver: PersonId, at: datetime
) -> int:
    """Enter whose post was ended, and by whom: by the leaver, or by a coordinator."""
    details = {**_area(post), "of": leaver}
    return record.append(
        session, post.province_id, Act.POST_ENDED, person=person, details=details, at=at
    )


def _area(post: Post) -> dict[str, object]:
    return {"role": post.role, "district": post.district_id, "agency": post.agency_id}


def enter_group(
    session: Session, province: ProvinceId, person: PersonId, chat: int, *, at: datetime
) -> int:
    """Enter that a coordinator bound a group to the province."""
    return record.append(
        session, province, Act.GROUP_BOUND, person=person, details={"chat": chat}, at=at
    )


def enter_codes(
    session: Session, invited: Invited, count: int, *, person: PersonId | None, at: datetime
) -> int:
    """Enter how many codes were issued and for what, never a code; nobody's by an operator.

    A list for many agencies is one entry, of none of them.
    """
    details = {
        "role": invited.role,
        "district": invited.district_id,
        "agency": invited.agency_id,
        "codes": count,
    }
    return record.append(
        session, invited.province_id, Act.INVITED, person=person, details=details, at=at
    )
