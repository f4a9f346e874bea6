"""A message is taken back: what came by it as evidence goes, and what is kept of its words."""

from handlers.record import enter_withdrawal
from handlers.turn import Answer, Turn, Unsent
from store import agencies, evidence, record
from store.types import Act, KeptEvidence, Role


def unsent(turn: Turn, what: Unsent) -> Answer:
    """Withdraw the evidence that came by the message; the duty stands as it was confirmed.

    LINE asks that an unsent message can neither be seen nor used; it is nothing to be answered.
    """
    if not what.message_id:
        return []
    session, at = turn.session, min(turn.event.at, turn.now)
    chat = turn.event.source.group_id or turn.event.source.user_id
    evidence.forget_message(session, chat, what.message_id)
    withdrawn = [
        each
        for each in evidence.sent_by(session, what.message_id)
        if evidence.withdraw(session, each.evidence_id, at=at)
    ]
    for each in withdrawn:
        if each.stored_as:
            turn.files.remove(each.stored_as)
    roles = {each: _given_as(turn, each) for each in withdrawn}
    owners = {each: agencies.agency(session, each.agency_id) for each in withdrawn}
    # The record last, and of several provinces always in one order.
    for each in sorted(withdrawn, key=lambda each: owners[each].province_id):
        owner = owners[each]
        enter_withdrawal(
            session,
            owner.province_id,
            each,
            person=each.person_id if turn.person is None else turn.person.person_id,
            by=roles[each],
            at=at,
        )
    return []


def _given_as(turn: Turn, kept: KeptEvidence) -> Role:
    """Return as what the sender gave the evidence, who may hold no post any more."""
    given = record.facts_of(
        turn.session, Act.EVIDENCE_GIVEN, kept.duty_id, evidence=kept.evidence_id
    )
    return Role(given.get("by", Role.OFFICER))
