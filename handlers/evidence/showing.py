"""Evidence is shown: to who may see the agency, in 1:1, by links that are theirs alone."""

from datetime import datetime

from handlers.naming import named_in
from handlers.rules.access import Action, may_at, own_agencies
from handlers.rules.evidence import SUFFIXES
from handlers.rules.progress import of_number
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, KeptFile, Turn
from messages_th import answers, problems
from messages_th import evidence as say
from messages_th.parts import Open, Text
from messages_th.phrases import agency_label
from messages_th.words import Understood
from store import agencies, duties, evidence, people
from store.database import Session
from store.types import AgencyId, DutyFacts, EvidenceId, Fetch, KeptEvidence, PersonId

MOST_SHOWN = 10


def show(turn: Turn, asked: Understood) -> Answer:
    """List the newest evidence of an agency's activity, each piece with a button that opens it."""
    if turn.in_group:
        return [say.SHOWN_IN_PRIVATE]
    if len(asked.activities) != 1 or turn.person is None:
        return [say.SHOW_NUMBER_MISSING]
    seen = _agencies(turn, asked)
    if isinstance(seen, Text):
        return [seen]
    (number,) = asked.activities
    found = [
        duty
        for duty in of_number(
            duties.duties_of_agencies(turn.session, seen), number, today=turn.today
        )
        if asked.step in (None, duty.step_number)
    ]
    if not found:
        return [Text(problems.no_such_number(number))]
    by_id = {duty.duty_id: duty for duty in found}
    total = sum(evidence.counts(turn.session, by_id).values())
    if not total:
        return [say.nothing(found)]
    reader = turn.person.person_id
    rows = [
        _row(each, by_id[each.duty_id], reader)
        for each in evidence.of_duties(turn.session, by_id, most=MOST_SHOWN)
    ]
    return [say.shown(found, rows, total)]


def kept_file(session: Session, row_id: int, person: PersonId, *, now: datetime) -> KeptFile | None:
    """Return a piece of evidence as a file, if its reader may see it at that instant.

    What it is saved as says nothing but its number and its type.
    """
    found = evidence.piece(session, EvidenceId(row_id))
    if found is None or not found.stored_as or found.media_type not in SUFFIXES:
        return None
    agency = agencies.agency(session, found.agency_id)
    if not may_at(people.posts(session, person, at=now), Action.SEE_EVIDENCE, agency):
        return None
    name = f"evidence-{found.evidence_id}{SUFFIXES[found.media_type][0]}"
    return KeptFile(found.stored_as, name, found.media_type)


def _agencies(turn: Turn, asked: Understood) -> list[AgencyId] | Text:
    """Return the agency that is named, or the asker's own; what may not be seen is not found."""
    if not asked.agency:
        own = own_agencies(turn.posts, Action.SEE_EVIDENCE)
        return own or say.AGENCY_MISSING
    match = named_in(turn, asked.agency, {post.province_id for post in turn.posts})
    if match.agency is not None and may_at(turn.posts, Action.SEE_EVIDENCE, match.agency):
        return [match.agency.agency_id]
    likely = [
        agency_label(each.agency)
        for each in match.candidates
        if may_at(turn.posts, Action.SEE_EVIDENCE, each.agency)
    ]
    return answers.which_agency(asked.agency, likely)


def _row(kept: KeptEvidence, duty: DutyFacts, reader: PersonId) -> say.Shown:
    button = Open(say.OPEN, Fetch.EVIDENCE, kept.evidence_id, reader) if kept.stored_as else None
    return say.Shown(kept, kept.at.astimezone(BANGKOK), duty, button)
