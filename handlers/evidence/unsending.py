"""A message is taken back: what came by it as evidence goes, and what is kept of its words."""

from handlers.record import enter_withdrawal
from handlers.rules.access import acts_as
from handlers.turn import Answer, Turn, Unsent
from store import agencies, evidence


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
    owners = {each: agencies.agency(session, each.agency_id) for each in withdrawn}
    # The record last, and of several provinces always in one order.
    for each in sorted(withdrawn, key=lambda each: owners[each].province_id):
        owner = owners[each]
        enter_withdrawal(
            session,
            owner.province_id,
            each,
            person=each.person_id if turn.person is None else turn.person.person_id,
            by=acts_as(turn.posts, owner),
            at=at,
        )
    return []
