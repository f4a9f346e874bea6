"""What who taps a button of somebody else's hears: a word in private, as the group reads along.

Who can be written to gets one push a day, and the group nothing.  Others get the group's general
line, once an hour for all of them.
"""

from datetime import timedelta

from handlers.refusals import note
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th.parts import Text, to_json
from store import outbox, people
from store.models import Topic
from store.types import DutyFacts, Person

ONE_LINE_EVERY = timedelta(hours=1)
"""How often all together hear something in the group."""


def not_theirs(turn: Turn, duty: DutyFacts | None) -> Answer:
    """Tell who tapped in a group that it is not theirs; without a duty, of no plan of the group."""
    note("tapped_by_another")
    said = _said(turn, duty)
    if turn.person is not None and people.is_reachable(turn.session, turn.person.person_id):
        _hint(turn, turn.person, said)
        return []
    group = turn.event.source.group_id
    speaks = people.may_hint(turn.session, group, at=turn.now, every=ONE_LINE_EVERY)
    return [said] if speaks else []


def _said(turn: Turn, duty: DutyFacts | None) -> Text:
    if turn.person is None or (duty is not None and not turn.posts):
        return problems.NOT_REGISTERED_HERE
    return problems.BUTTON_STALE if duty is None else problems.other_agency(duty.agency)


def _hint(turn: Turn, person: Person, said: Text) -> None:
    outbox.add_message(
        turn.session,
        key=f"hint:{person.person_id}:{turn.today.isoformat()}",
        topic=Topic.HINT,
        line_to=person.line_user_id,
        person_id=person.person_id,
        parts=to_json([said]),
        at=turn.now,
    )
