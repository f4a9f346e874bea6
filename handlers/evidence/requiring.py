"""The plan's owner says which steps are done only with something to show for it."""

from handlers.record import enter_evidence_rule
from handlers.rules.access import Action, provinces_of
from handlers.rules.progress import newest
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import evidence as say
from messages_th import problems
from messages_th.parts import Text
from messages_th.reporting import receipt
from messages_th.words import Command, Understood
from store import evidence, plans


def require(turn: Turn, asked: Understood) -> Answer:
    """Set whether a step, or every step of an activity, needs evidence; the past stays as it is."""
    provinces = provinces_of(turn.posts, Action.REQUIRE_EVIDENCE)
    if turn.in_group:
        return [say.RULE_IN_PRIVATE]
    if not provinces or turn.person is None:
        return [problems.ONLY_COORDINATOR]
    if len(asked.activities) != 1:
        return [say.NUMBER_MISSING]
    (number,) = asked.activities
    province, is_needed = provinces[-1], asked.command is Command.REQUIRE_EVIDENCE
    activity = newest(plans.activities(turn.session, province), number, today=turn.today)
    steps = {} if activity is None else plans.steps(turn.session, activity.activity_id)
    meant = [step for place, step in steps.items() if asked.step in (None, place)]
    if not meant:
        return [Text(problems.no_such_number(number))]
    changed = [step for step in meant if evidence.require(turn.session, step, is_needed=is_needed)]
    if not changed:
        return [say.rule_was_so(number, is_needed=is_needed)]
    entered = [
        enter_evidence_rule(
            turn.session,
            province,
            step,
            number,
            is_needed=is_needed,
            person=turn.person.person_id,
            at=turn.now,
        )
        for step in changed
    ]
    line = say.rule_set(number, asked.step, is_needed=is_needed)
    return [Text(f"{line}\n{receipt(min(entered), max(entered), turn.now.astimezone(BANGKOK))}")]
