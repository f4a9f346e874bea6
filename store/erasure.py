"""Queries: all that is kept of a person, taken away; what the agency did stays.

The person remains as a number, so that the record still verifies: reports keep state, figure and
time, and lose the words.
"""

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from store.code_tries import digest_of
from store.duties import take_turns
from store.models import (
    ChatMember,
    Duty,
    EvidenceWait,
    InboxEvent,
    JoinRequest,
    OutboxMessage,
    OutboxNotice,
    PersonRow,
    PrivacyNotice,
    QueueState,
    Quiet,
    Report,
    StuckAnswer,
    Told,
    Topic,
)
from store.outbox import UNDER_WAY
from store.post_messages import cancel_drafts, stop_downloads
from store.types import PersonId, StepId

ERASED = "erased"


def wait_for_others(session: Session, person: PersonId) -> None:
    """Wait for whoever is at work on what is kept of a person, and let nobody begin.

    It comes before anything is read or touched: who is let in, or reports, at the same time leaves
    a post or a message that nobody would erase any more.  Steps come first, as with a report.
    """
    own = select(Report.duty_id).where(Report.person_id == person)
    steps = session.scalars(select(Duty.step_id).where(Duty.id.in_(own)).distinct())
    take_turns(session, [StepId(each) for each in steps])
    requests = select(JoinRequest.id).where(JoinRequest.person_id == person)
    session.execute(requests.order_by(JoinRequest.id).with_for_update())
    # Whoever adds a row about the person holds the person's row until the commit.
    session.execute(select(PersonRow.id).where(PersonRow.id == person).with_for_update())


def erase_person(session: Session, person: PersonId, *, at: datetime) -> None:
    """Take away what was kept of a person by their number; their posts have ended before.

    Their LINE user id is known to nobody afterwards: who comes back is another person.
    """
    _erase_words(session, person, at)
    for rows in (
        delete(Told).where(Told.person_id == person),
        delete(EvidenceWait).where(EvidenceWait.person_id == person),
        delete(JoinRequest).where(JoinRequest.person_id == person),
    ):
        session.execute(rows)
    cancel_drafts(session, person, None, at=at)
    stop_downloads(session, person, at=at)
    session.execute(
        update(PersonRow)
        .where(PersonRow.id == person)
        .values(
            line_user_id=f"{ERASED}:{person}",
            display_name="",
            is_reachable=False,
            erased_at=at,
        )
    )


def erase_line_user(
    session: Session, line_user_id: str, person: PersonId | None, *, event: str, at: datetime
) -> None:
    """Take away every trace of a LINE user: memberships, digests, events, messages.

    How often they tried codes in this hour stays, by a digest, until the hour is forgotten: else
    whoever guesses would begin anew with each request to be erased.  `event` is the webhook event
    that asks for it and is being worked.  What waits for the user is dropped; of what was sent,
    keys and figures stay.
    """
    for rows in (
        delete(ChatMember).where(ChatMember.who == digest_of(line_user_id)),
        delete(PrivacyNotice).where(PrivacyNotice.who == digest_of(line_user_id)),
    ):
        session.execute(rows)
    _forget_events(session, line_user_id, event)
    _forget_messages(session, line_user_id, person, at)


def _forget_events(session: Session, line_user_id: str, event: str) -> None:
    is_finished = InboxEvent.state.in_((QueueState.DONE, QueueState.PARKED))
    is_present = InboxEvent.webhook_event_id == event
    session.execute(
        update(InboxEvent)
        .where(
            or_(is_finished, is_present),
            # What others wrote may name the user, too.
            or_(
                InboxEvent.chat_key == line_user_id,
                InboxEvent.body.contains(line_user_id, autoescape=True),
            ),
        )
        .values(body=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(InboxEvent)
        .where(or_(is_finished, is_present), InboxEvent.chat_key == line_user_id)
        .values(chat_key="")
        .execution_options(synchronize_session=False)
    )


def _forget_messages(
    session: Session, line_user_id: str, person: PersonId | None, at: datetime
) -> None:
    is_theirs = or_(
        OutboxMessage.line_to == line_user_id,
        OutboxMessage.chat_key == line_user_id,
        # Of nobody known: of no person, not of all messages that name none.
        *([] if person is None else [OutboxMessage.person_id == person]),
    )
    waiting = select(OutboxMessage.id).where(is_theirs, OutboxMessage.state.in_(UNDER_WAY))
    dropped = session.scalars(waiting.order_by(OutboxMessage.id).with_for_update()).all()
    # Whoever answers for the agencies now is told in their place.
    session.execute(
        delete(OutboxNotice)
        .where(OutboxNotice.outbox_id.in_(dropped))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(dropped))
        .values(state=QueueState.DROPPED, outcome=ERASED, finished_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OutboxMessage)
        .where(is_theirs)
        .values(line_to="", chat_key="", reply_token=None, parts=None)
        .execution_options(synchronize_session=False)
    )


def _erase_words(session: Session, person: PersonId, at: datetime) -> None:
    """Empty what the person wrote as a reason or an answer, with the salts of its digests."""
    newest = select(func.max(Report.id)).group_by(Report.duty_id)
    session.execute(
        update(Duty)
        .where(
            Duty.id.in_(
                select(Report.duty_id).where(Report.person_id == person, Report.id.in_(newest))
            )
        )
        .values(reason="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Report)
        .where(Report.person_id == person)
        .values(reason="", salt="")
        .execution_options(synchronize_session=False)
    )
    # How long it is quiet is the province's; why it is, the person wrote.
    session.execute(update(Quiet).where(Quiet.person_id == person).values(reason="", salt=""))
    answers = select(StuckAnswer.id).where(StuckAnswer.person_id == person)
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.topic == Topic.STUCK_ANSWER,
            OutboxMessage.about_id.in_(answers),
            OutboxMessage.state.in_(UNDER_WAY),
        )
        .values(state=QueueState.DROPPED, outcome=ERASED, finished_at=at, parts=None)
        .execution_options(synchronize_session=False)
    )
    _forget_parked(session, person)
    session.execute(
        update(StuckAnswer)
        .where(StuckAnswer.person_id == person)
        .values(answer="", salt="")
        .execution_options(synchronize_session=False)
    )


def _forget_parked(session: Session, person: PersonId) -> None:
    """Empty what is parked for others that has the person's answer or name in it."""
    answers = select(StuckAnswer.id).where(StuckAnswer.person_id == person)
    requests = select(JoinRequest.id).where(JoinRequest.person_id == person)
    for topic, about in ((Topic.STUCK_ANSWER, answers), (Topic.JOIN, requests)):
        session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.topic == topic,
                OutboxMessage.about_id.in_(about),
                OutboxMessage.state == QueueState.PARKED,
            )
            .values(parts=None)
            .execution_options(synchronize_session=False)
        )
