"""Queries: who is told that somebody is stuck, and what they answered (ติดปัญหา)."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from store import outbox, people
from store.duties import SALT_BYTES, salted_digest
from store.models import AgencyRow, Duty, OutboxMessage, QueueState, Report, StuckAnswer, Topic
from store.types import DutyFacts, DutyId, KeptAnswer, PersonId, ProvinceId


def tell_coordinators(session: Session, province: ProvinceId, report: int, *, at: datetime) -> int:
    """Queue a card about a report for every coordinator who can be written to; return how many.

    Where one waits that no try was made of, it will say this one as well: it tells all from the
    oldest report on that it is about.
    """
    queued = 0
    by_now = at + timedelta.resolution
    for person, line_user_id in people.coordinators(session, province, since=by_now, at=at):
        if _joins(session, province, person, report):
            continue
        queued += outbox.add_message(
            session,
            key=f"stuck:{report}:{person}",
            topic=Topic.STUCK,
            line_to=line_user_id,
            person_id=person,
            province_id=province,
            about_id=report,
            parts=None,
            at=at,
        )
    return queued


def _joins(session: Session, province: ProvinceId, person: PersonId, report: int) -> bool:
    # One that a sender has in hand is passed over: it may be worded already.
    waiting = (
        select(OutboxMessage.id, OutboxMessage.about_id)
        .where(
            OutboxMessage.person_id == person,
            OutboxMessage.province_id == province,
            OutboxMessage.topic == Topic.STUCK,
            OutboxMessage.state == QueueState.WAITING,
            OutboxMessage.attempts == 0,
        )
        .order_by(OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(waiting).one_or_none()
    if found is None:
        return False
    message, about = found
    first = min(report, about or report)
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message).values(about_id=first))
    return True


def answered(session: Session, reports: Collection[int]) -> dict[int, datetime]:
    """Return which of those reports were answered, and when last."""
    rows = session.execute(
        select(StuckAnswer.report_id, func.max(StuckAnswer.id))
        .where(StuckAnswer.report_id.in_(reports))
        .group_by(StuckAnswer.report_id)
    )
    newest = {answer: report for report, answer in rows}
    found = session.execute(
        select(StuckAnswer.id, StuckAnswer.answered_at).where(StuckAnswer.id.in_(newest))
    )
    return {newest[answer]: at for answer, at in found}


def add_answer(
    session: Session, duty: DutyFacts, report: int, person: PersonId, text: str, *, at: datetime
) -> KeptAnswer:
    """Keep for ever what was answered to a report on a duty."""
    row = StuckAnswer(
        report_id=report,
        person_id=person,
        answer=text,
        salt=token_hex(SALT_BYTES),
        answered_at=at,
    )
    session.add(row)
    session.flush()
    return _kept(row, duty.duty_id)


def answer(session: Session, answer_id: int) -> KeptAnswer | None:
    """Return an answer, or None where there is none."""
    found = session.execute(_answers().where(StuckAnswer.id == answer_id)).one_or_none()
    return None if found is None else _kept(found[0], DutyId(found[1]))


def answers(session: Session, province: ProvinceId) -> Iterator[KeptAnswer]:
    """Yield every answer to a report on a duty of the province."""
    wanted = _answers().join(AgencyRow, Duty.agency_id == AgencyRow.id)
    rows = session.execute(wanted.where(AgencyRow.province_id == province).order_by(StuckAnswer.id))
    for row, duty in rows:
        yield _kept(row, DutyId(duty))


def _answers() -> Select[StuckAnswer, int]:
    return (
        select(StuckAnswer, Report.duty_id)
        .join(Report, StuckAnswer.report_id == Report.id)
        .join(Duty, Report.duty_id == Duty.id)
    )


def _kept(row: StuckAnswer, duty: DutyId) -> KeptAnswer:
    is_erased = not (row.salt or row.answer)
    return KeptAnswer(
        row.id,
        row.report_id,
        duty,
        PersonId(row.person_id),
        row.answer,
        None if is_erased else salted_digest(row.salt, row.answer),
        row.answered_at,
    )
