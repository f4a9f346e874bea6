"""Evidence is given: a photo, a file, or a link in words; kept once, and told in one line."""

from functools import partial

from handlers.evidence import arriving
from handlers.evidence.arriving import Sent
from handlers.meant import agencies_meant, duties_meant, not_found
from handlers.postback import EvidenceButton
from handlers.record import enter_evidence
from handlers.recording import Line, Recorded, one_text, report
from handlers.refusals import note
from handlers.rules.access import Action, acts_as, plan_provinces
from handlers.rules.evidence import MOST_OF_A_DUTY, WAITS, Unfit
from handlers.rules.links import public_link
from handlers.turn import Answer, Pressed, Received, TextSaid, Turn
from messages_th import evidence as say
from messages_th import problems
from messages_th.parts import Text
from messages_th.words import Understood
from store import duties, evidence
from store.types import AT_REST, Awaited, DutyFacts, DutyState, EvidenceKind, NewEvidence, Role

UNFIT = {
    Unfit.UNKNOWN_TYPE: say.UNKNOWN_TYPE,
    Unfit.MISNAMED: say.MISNAMED,
    Unfit.TOO_LARGE: say.TOO_LARGE,
    Unfit.GONE: say.GONE,
    Unfit.NOT_FETCHED: say.NOT_FETCHED,
}


def sent(turn: Turn, what: Sent) -> Answer | None:
    """Take a photo or file for evidence; None where it is for something else, or for nothing."""
    meant = arriving.duties_meant(turn, what.quoted)
    if not meant:
        may_be_plan = bool(plan_provinces(turn.posts))
        is_unsaid = not turn.in_group and arriving.may_give_any(turn) and not may_be_plan
        return [say.HOW] if is_unsaid else None
    unfit = arriving.unread(what)
    if unfit is not None:
        return [_unfit(unfit)]
    if len(meant) > 1:
        return [say.ask_which(meant, lambda duty: arriving.button_of(what, duty))]
    return _taken(turn, meant[0], arriving.kind_of(what), what.message_id, what.taken)


def pressed(turn: Turn, button: EvidenceButton, press: Pressed) -> Answer:
    """Take the photo or file of an earlier message for the duty that a button names."""
    if turn.person is None:
        return [problems.SENDER_UNKNOWN if turn.in_group else problems.NOT_REGISTERED]
    duty = arriving.asked_of(turn, button)
    if duty is None:
        note("button_stale")
        return _let_go(turn, press.taken, problems.BUTTON_STALE)
    return _taken(turn, duty, button.kind, button.message_id, press.taken)


def typed(turn: Turn, asked: Understood) -> Answer:
    """Take a link for evidence, or let the next photo or file be for the duty that is named."""
    said = turn.event.happening
    quoted, message_id = (said.quoted, said.message_id) if isinstance(said, TextSaid) else ("", "")
    found = _meant(turn, asked) if asked.activities else arriving.duties_meant(turn, quoted)
    if isinstance(found, Text):
        return [found]
    if not found:
        return [say.NUMBER_MISSING]
    if len(found) > 1:
        return [say.ask_which_typed(found, asked.text)]
    if not asked.text:
        return _awaited(turn, found[0])
    link = public_link(asked.text)
    if link is None:
        note("link_refused")
        return [say.LINK_REFUSED]
    return _kept(turn, found[0], NewEvidence(EvidenceKind.LINK, message_id, link=link))


def _meant(turn: Turn, asked: Understood) -> list[DutyFacts] | Text:
    if len(asked.activities) > 1:
        return say.NUMBER_MISSING
    agency_ids = agencies_meant(turn, asked, Action.GIVE_EVIDENCE)
    if isinstance(agency_ids, Text):
        return agency_ids
    ((number, found),) = duties_meant(turn, asked, agency_ids).items()
    return found or Text(not_found(turn, number))


def _awaited(turn: Turn, duty: DutyFacts) -> Answer:
    if turn.person is not None:
        at = turn.event.at
        person, until = turn.person.person_id, at + WAITS
        evidence.wait_for_only(turn.session, person, duty.duty_id, at=at, until=until)
    return [say.send_it(duty, in_group=turn.in_group)]


def _taken(
    turn: Turn,
    duty: DutyFacts,
    kind: EvidenceKind,
    message_id: str,
    taken: Received | Unfit | None,
) -> Answer:
    if not isinstance(taken, Received):
        if taken is None and not arriving.takes_more(turn, duty):
            return [_enough(duty)]
        # Unread where the right came after the event: what is sent again will be read.
        return [_unfit(taken or Unfit.NOT_FETCHED)]
    given = NewEvidence(
        kind, message_id, taken.stored_as, taken.media_type, taken.size, taken.sha256
    )
    return _kept(turn, duty, given)


def _kept(turn: Turn, duty: DutyFacts, given: NewEvidence) -> Answer:
    """Keep it, and bring the duty to done where it waited for nothing else; one receipt."""
    if turn.person is None:
        return []
    session, person = turn.session, turn.person.person_id
    duties.take_turns(session, [duty.step_id])
    if not arriving.takes_more(turn, duty):
        return _let_go(turn, given, _enough(duty))
    # As with a report, what counts is when it was sent.
    at = min(turn.event.at, turn.now)
    kept = evidence.add(session, duty.duty_id, person, given, at=at)
    if kept is None:
        return _let_go(turn, given, say.already_kept(duty))
    count = evidence.counts(session, [duty.duty_id])[duty.duty_id]
    by = acts_as(turn.posts, duty.agency)
    enter = partial(enter_evidence, session, duty, kept, by=by)
    line = say.kept(duty, kept.kind, count, on_behalf=by is Role.DISTRICT)
    given_line = Recorded(line, duty.agency.province_id, kept.at, enter)
    return _in_order(turn, given_line, _then_done(turn, duty))


def _then_done(turn: Turn, duty: DutyFacts) -> Line | Text | None:
    """Report the duty as done where its sender said so before, and only the evidence missed."""
    if turn.person is None:
        return None
    person, at = turn.person.person_id, turn.event.at
    wait = evidence.awaited(turn.session, person, at=at).get(duty.duty_id)
    if wait is None:
        return None
    # Others of the same album follow.
    evidence.wait_for(turn.session, person, Awaited(duty.duty_id), until=at + WAITS)
    fresh = duties.duty(turn.session, duty.duty_id)
    if not wait.then_done or fresh is None or fresh.state in AT_REST:
        return None
    return report(turn, fresh, DutyState.DONE, reason="", revision=None, figure=wait.figure)


def _in_order(turn: Turn, kept: Recorded, done: Line | Text | None) -> Answer:
    if isinstance(done, Text):
        return [*one_text(turn, [kept]), done]
    return one_text(turn, [kept] if done is None else [kept, done])


def _unfit(why: Unfit) -> Text:
    note(why)
    return UNFIT[why]


def _enough(duty: DutyFacts) -> Text:
    note("evidence_enough")
    return say.has_enough(duty, MOST_OF_A_DUTY)


def _let_go(turn: Turn, given: NewEvidence | Received | Unfit | None, said: Text) -> Answer:
    if isinstance(given, NewEvidence | Received) and given.stored_as:
        turn.files.remove(given.stored_as)
    return [said]
