"""Queries: what was sent to prove a duty (หลักฐาน), and for which duty the next file is."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from store.database import insert_new
from store.models import (
    AgencyRow,
    Duty,
    Evidence,
    EvidenceWait,
    InboxEvent,
    Notice,
    OutboxMessage,
    OutboxNotice,
    QueueState,
    Report,
    Step,
)
from store.types import (
    AgencyId,
    Awaited,
    DutyId,
    EvidenceId,
    EvidenceKind,
    KeptEvidence,
    NewEvidence,
    PersonId,
    ProvinceId,
    StepId,
)

EVENT_KEY = "event:"
"""What the key of an answer begins with, before the webhook event's id (`bot.inbox`)."""
QUOTED_FOR = timedelta(days=90)
"""How old a message of ours may be that somebody quotes."""


def add(
    session: Session, duty: DutyId, person: PersonId, given: NewEvidence, *, at: datetime
) -> KeptEvidence | None:
    """Keep a piece of evidence; None where that message has given it to this duty already.

    Whoever calls has the duty's step to himself (`duties.take_turns`).
    """
    same = select(Evidence.id).where(
        Evidence.duty_id == duty, Evidence.line_message_id == given.line_message_id
    )
    if given.line_message_id and session.scalar(same) is not None:
        return None
    row = Evidence(
        duty_id=duty,
        person_id=person,
        kind=given.kind,
        stored_as=given.stored_as or None,
        media_type=given.media_type,
        size=given.size,
        sha256=given.sha256 or sha256(given.link.encode()).hexdigest(),
        link=given.link,
        line_message_id=given.line_message_id,
        given_at=at,
    )
    session.add(row)
    session.flush()
    agency = session.execute(select(Duty.agency_id).where(Duty.id == duty)).scalar_one()
    return _kept(row, AgencyId(agency))


def counts(session: Session, duties: Collection[DutyId]) -> dict[DutyId, int]:
    """Return how many pieces of evidence each duty has; those without are not in it."""
    rows = session.execute(
        select(Evidence.duty_id, func.count(Evidence.id))
        .where(Evidence.duty_id.in_(duties), Evidence.withdrawn_at.is_(None))
        .group_by(Evidence.duty_id)
    )
    return {DutyId(duty): count for duty, count in rows}


def of_duties(session: Session, duties: Collection[DutyId], *, most: int) -> list[KeptEvidence]:
    """Return the newest pieces of evidence of those duties that were not withdrawn."""
    rows = session.execute(
        select(Evidence, Duty.agency_id)
        .join(Duty, Evidence.duty_id == Duty.id)
        .where(Evidence.duty_id.in_(duties), Evidence.withdrawn_at.is_(None))
        .order_by(Evidence.id.desc())
        .limit(most)
    )
    return [_kept(row, AgencyId(agency)) for row, agency in rows]


def piece(session: Session, evidence: EvidenceId) -> KeptEvidence | None:
    """Return one piece of evidence, withdrawn or not."""
    found = session.execute(
        select(Evidence, Duty.agency_id)
        .join(Duty, Evidence.duty_id == Duty.id)
        .where(Evidence.id == evidence)
    ).one_or_none()
    return None if found is None else _kept(found[0], AgencyId(found[1]))


def of_province(session: Session, province: ProvinceId) -> Iterator[KeptEvidence]:
    """Yield all evidence of a province's agencies, withdrawn or not, the oldest first."""
    rows = session.execute(
        select(Evidence, Duty.agency_id)
        .join(Duty, Evidence.duty_id == Duty.id)
        .join(AgencyRow, Duty.agency_id == AgencyRow.id)
        .where(AgencyRow.province_id == province)
        .order_by(Evidence.id),
        execution_options={"yield_per": 1000},
    )
    for row, agency in rows:
        yield _kept(row, AgencyId(agency))


def sent_by(session: Session, line_message_id: str) -> list[KeptEvidence]:
    """Return the evidence that came by that message and was not withdrawn."""
    rows = session.execute(
        select(Evidence, Duty.agency_id)
        .join(Duty, Evidence.duty_id == Duty.id)
        .where(Evidence.line_message_id == line_message_id, Evidence.withdrawn_at.is_(None))
        .order_by(Evidence.id)
    )
    return [_kept(row, AgencyId(agency)) for row, agency in rows]


def withdraw(session: Session, evidence: EvidenceId, *, at: datetime) -> bool:
    """Forget file and link of a piece of evidence; False when somebody was faster."""
    withdrawn = session.scalar(
        update(Evidence)
        .where(Evidence.id == evidence, Evidence.withdrawn_at.is_(None))
        .values(stored_as=None, link="", withdrawn_at=at)
        .returning(Evidence.id)
    )
    return withdrawn is not None


def forget_message(session: Session, chat: str, line_message_id: str) -> None:
    """Empty what is kept of a message in the inbox.

    An event that still waits keeps its body, as it cannot be worked without.
    """
    holds_it = InboxEvent.body.contains(f'"id":"{line_message_id}"', autoescape=True)
    session.execute(
        update(InboxEvent)
        .where(
            InboxEvent.chat_key == chat,
            InboxEvent.kind == "message",
            InboxEvent.state != QueueState.WAITING,
            holds_it,
        )
        .values(body=None)
        .execution_options(synchronize_session=False)
    )


def wait_for(session: Session, person: PersonId, wait: Awaited, *, until: datetime) -> None:
    """Let the next photo or file of a person be for that duty, until that instant (exclusive)."""
    said = {"then_done": wait.then_done, "figure": wait.figure, "until_at": until}
    insert = insert_new(session, EvidenceWait).values(
        person_id=person, duty_id=wait.duty_id, **said
    )
    key = ["person_id", "duty_id"]
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=said))


def wait_for_only(
    session: Session, person: PersonId, duty: DutyId, *, at: datetime, until: datetime
) -> None:
    """Let it be for that duty and no other; whether it is then done stays as it was."""
    before = awaited(session, person, at=at).get(duty, Awaited(duty))
    session.execute(delete(EvidenceWait).where(EvidenceWait.person_id == person))
    wait_for(session, person, before, until=until)


def awaited(session: Session, person: PersonId, *, at: datetime) -> dict[DutyId, Awaited]:
    """Return for which duties the next file of a person is, the newest first."""
    rows = session.scalars(
        select(EvidenceWait)
        .where(EvidenceWait.person_id == person, EvidenceWait.until_at > at)
        .order_by(EvidenceWait.until_at.desc(), EvidenceWait.id)
        .execution_options(populate_existing=True)
    )
    return {
        DutyId(row.duty_id): Awaited(DutyId(row.duty_id), row.then_done, row.figure) for row in rows
    }


def stop_waiting(session: Session, *, before: datetime) -> int:
    """Forget for which duties files were awaited before that instant; return how many."""
    gone = delete(EvidenceWait).where(EvidenceWait.until_at <= before).returning(EvidenceWait.id)
    return len(session.execute(gone).all())


def require(session: Session, step: StepId, *, is_needed: bool) -> bool:
    """Say whether a step is done only with evidence; False when that was so already."""
    changed = session.scalar(
        update(Step)
        .where(Step.id == step, Step.needs_evidence.is_not(is_needed))
        .values(needs_evidence=is_needed)
        .returning(Step.id)
    )
    return changed is not None


def quoted_duties(
    session: Session, chat: str, line_message_id: str, *, at: datetime
) -> list[DutyId] | None:
    """Return the duties that a message of ours in that chat tells of; None where it is not ours.

    Those are what an answer has recorded, and the notices that a reminder carries.
    """
    rows = session.execute(
        select(OutboxMessage.id, OutboxMessage.key, OutboxMessage.sent_message_ids)
        .where(
            OutboxMessage.chat_key == chat,
            OutboxMessage.created_at > at - QUOTED_FOR,
            cast(OutboxMessage.sent_message_ids, Text).contains(line_message_id, autoescape=True),
        )
        .order_by(OutboxMessage.id.desc())
    )
    found = next((row for row in rows if line_message_id in row.sent_message_ids), None)
    if found is None:
        return None
    event = found.key.removeprefix(EVENT_KEY) if found.key.startswith(EVENT_KEY) else ""
    reported = select(Report.duty_id).where(Report.webhook_event_id == event)
    noticed = (
        select(Notice.duty_id)
        .join(OutboxNotice, OutboxNotice.notice_id == Notice.id)
        .where(OutboxNotice.outbox_id == found.id)
    )
    ids = select(Duty.id).where(or_(Duty.id.in_(reported), Duty.id.in_(noticed)))
    return [DutyId(each) for each in session.scalars(ids.order_by(Duty.id))]


def _kept(row: Evidence, agency: AgencyId) -> KeptEvidence:
    return KeptEvidence(
        EvidenceId(row.id),
        DutyId(row.duty_id),
        agency,
        PersonId(row.person_id),
        EvidenceKind(row.kind),
        row.stored_as or "",
        row.media_type,
        row.size,
        row.sha256,
        row.link,
        row.given_at,
        row.withdrawn_at,
    )
