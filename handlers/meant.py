"""Which agencies and duties a typed line means, of those that its sender may act on."""

from collections.abc import Sequence

from handlers.naming import named_in
from handlers.refusals import note
from handlers.rules.access import Action, may_at, may_do, may_reopen, own_agencies
from handlers.rules.progress import of_number
from handlers.turn import Turn
from messages_th import problems
from messages_th.parts import Text
from messages_th.words import Understood
from store import duties, plans
from store.types import AgencyId, DutyFacts, DutyId, PersonId


def agencies_meant(turn: Turn, asked: Understood, action: Action) -> list[AgencyId] | Text:
    """Return the sender's own agencies, or the one named, if that may be acted for."""
    if asked.agency:
        meant = named_in(turn, asked.agency, {post.province_id for post in turn.posts}).agency
        if meant is None or not (
            may_at(turn.posts, action, meant)
            or (action is Action.UNDO and may_reopen(turn.posts, meant.province_id))
        ):
            note("agency_not_yours")
            return problems.agency_not_yours(asked.agency)
        return [meant.agency_id]
    own = own_agencies(turn.posts, action)
    if own:
        return own
    # Who may act for others has to say for which one.
    actions = (action, Action.REOPEN) if action is Action.UNDO else (action,)
    for_others = any(may_do(post.role, each) for post in turn.posts for each in actions)
    return problems.AGENCY_MISSING if for_others else problems.ONLY_OFFICERS_REPORT


def duties_meant(
    turn: Turn, asked: Understood, agency_ids: Sequence[AgencyId]
) -> dict[str, list[DutyFacts]]:
    """Return by each number that was typed the duties of those agencies, each number once.

    They are the caller's alone until the transaction ends, all steps at once and before the
    record: nobody may wait for a step who has the record.
    """
    own = duties.duties_of_agencies(turn.session, agency_ids)
    meant = {
        number: [
            duty
            for duty in of_number(own, number, today=turn.today)
            if asked.step in (None, duty.step_number)
        ]
        for number in dict.fromkeys(asked.activities)
    }
    duties.take_turns(turn.session, {duty.step_id for found in meant.values() for duty in found})
    return meant


def duty_pressed(turn: Turn, duty_id: DutyId) -> tuple[PersonId, DutyFacts] | Text:
    """Return who pressed a button and the duty it was made for, or why it means nothing here."""
    duty = duties.duty(turn.session, duty_id)
    if duty is None or turn.person is None or not turn.counts_here(duty.activity.province_id):
        note("button_stale")
        return problems.BUTTON_STALE if turn.person else problems.NOT_REGISTERED
    return turn.person.person_id, duty


def not_found(turn: Turn, number: str) -> str:
    """Say why a number means no duty: it is another agency's, or nobody's."""
    province = turn.province_id
    known = [] if province is None else plans.activities(turn.session, province)
    if any(activity.number == number for activity in known):
        return problems.not_your_number(number)
    return problems.no_such_number(number)
