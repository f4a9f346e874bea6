"""Reports: a duty brought to another state by a button or a typed line, once (รายงานผล)."""

from collections.abc import Callable, Sequence

from handlers.hints import not_theirs
from handlers.meant import agencies_meant, duties_meant, not_found
from handlers.postback import DutyButton, button_data
from handlers.recording import Line, one_text, report, take_back
from handlers.refusals import note
from handlers.rules.access import Action, may_at
from handlers.rules.links import public_link
from handlers.rules.progress import NOTHING_REPORTED
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import reporting as say
from messages_th.parts import Text
from messages_th.report_extras import in_words
from messages_th.words import Understood
from store import duties
from store.types import AT_REST, AgencyId, DutyFacts, DutyState


def pressed(turn: Turn, button: DutyButton) -> Answer:
    """Record what a button of a card or a quick reply reports, for the duty it was made for."""
    duty = duties.duty(turn.session, button.duty_id)
    if duty is None or not turn.counts_here(duty.activity.province_id):
        if turn.in_group and turn.event.source.user_id and not turn.posts:
            return not_theirs(turn, None)
        note("button_stale")
        return [problems.BUTTON_STALE if turn.person else problems.NOT_REGISTERED]
    if not turn.event.source.user_id:
        if button.revision != duty.activity.revision:
            return [problems.changed_since(duty, turn.today)]
        return [say.confirm_by_message(duty, button.state)]
    if turn.in_group and not may_at(turn.posts, Action.REPORT, duty.agency):
        return not_theirs(turn, duty)

    duties.take_turns(turn.session, [duty.step_id])
    said = report(turn, duty, button.state, reason="", revision=button.revision)
    return [said] if isinstance(said, Text) else one_text(turn, [said])


def typed(turn: Turn, asked: Understood) -> Answer:
    """Record what a typed line reports ("เสร็จ ๓,๕"), for the sender's own agencies.

    A district officer names the agency on whose behalf it is ("เสร็จ ๑๑ อบต.แม่แรม").
    """
    if not asked.activities or asked.state is None:
        return [problems.NUMBER_MISSING]
    if problem := _problem(asked):
        note("unreadable_extras")
        return [problem]
    agency_ids = agencies_meant(turn, asked, Action.REPORT)
    if isinstance(agency_ids, Text):
        return [agency_ids]
    return _each_number(turn, asked, agency_ids, _typed_number)


def _problem(asked: Understood) -> Text | None:
    """Return what is wrong with the number or link that came with a report."""
    if asked.figure is None:
        return problems.FIGURE_UNREADABLE
    if (asked.figure or asked.link) and len(asked.activities) > 1:
        return problems.ONE_AT_A_TIME
    if asked.link and public_link(asked.link) is None:
        return problems.LINK_REFUSED
    return None


def undo(turn: Turn, asked: Understood) -> Answer:
    """Take back a report: the agency its own within a day, a coordinator any agency's."""
    if not asked.activities:
        return [problems.NUMBER_MISSING]
    agency_ids = agencies_meant(turn, asked, Action.UNDO)
    if isinstance(agency_ids, Text):
        return [agency_ids]
    return _each_number(turn, asked, agency_ids, _undo_number)


def _each_number(
    turn: Turn,
    asked: Understood,
    agency_ids: Sequence[AgencyId],
    work: Callable[[Turn, Understood, str, Sequence[DutyFacts]], Line | Text],
) -> Answer:
    """Work every number that was typed, then ask back about the first that is not clear.

    One question at a time: LINE shows the quick replies of the last message alone.
    """
    meant = duties_meant(turn, asked, agency_ids)
    lines: list[Line] = []
    questions: dict[str, Text] = {}
    for number, found in meant.items():
        said = work(turn, asked, number, found)
        if isinstance(said, Text):
            questions[number] = said
        else:
            lines.append(said)
    first, *others = questions or [""]
    if others:
        lines.append(say.not_yet(others))
    return [*one_text(turn, lines), *([questions[first]] if questions else [])]


def _typed_number(
    turn: Turn, asked: Understood, number: str, found: Sequence[DutyFacts]
) -> Line | Text:
    left = [duty for duty in found if duty.state not in AT_REST] or found[:1]
    if not left or asked.state is None:
        return not_found(turn, number)
    if len(left) > 1:
        # A reason is not said again where others read along: it is asked for in the next step.
        reason = "" if turn.in_group else asked.reason
        more = reason or in_words(asked.figure or "", asked.link)
        return say.ask_which(left, asked.state, more, button_data)
    return report(
        turn,
        left[0],
        asked.state,
        reason=asked.reason,
        revision=None,
        figure=asked.figure or "",
        link=public_link(asked.link) or "",
    )


def _undo_number(turn: Turn, _: Understood, number: str, found: Sequence[DutyFacts]) -> Line | Text:
    reported = [duty for duty in found if duty.state not in NOTHING_REPORTED] or found[:1]
    if not reported:
        return not_found(turn, number)
    if len(reported) > 1:
        return say.ask_which(reported, DutyState.OPEN, "", button_data)
    return take_back(turn, reported[0])
