"""Questions of an agency about its own part: what is due, how far it is, what the plan says."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.naming import own_agency
from handlers.postback import button_data
from handlers.rules.access import (
    Action,
    may_do,
    own_agencies,
    plan_provinces,
    provinces_of,
    visible_area,
)
from handlers.rules.progress import current_duties, due_list, newest, overdue
from handlers.rules.workdays import fiscal_year_of, month_of, week_of
from handlers.turn import Answer, Turn
from messages_th import answers, problems
from messages_th.cards import duty_card
from messages_th.parts import Text
from messages_th.phrases import period_label
from messages_th.words import Understood
from store import agencies, duties, evidence, plans
from store.types import (
    Agency,
    AgencyKind,
    Count,
    DutyFacts,
)


def due(turn: Turn, asked: Understood) -> Answer:
    """Answer what the asker's own agencies have to do in a period."""
    if not turn.agency_ids:
        return _without_agency(turn)
    own = _own_duties(turn)
    period = asked.period or "week"
    first, last = period_days(period, turn.today)
    found = due_list(own, today=turn.today, first=first, last=last).duties
    if found:
        return _card(period_label(period), found, turn)
    following = next(iter(_following(own, last)), None)
    return [answers.nothing_due(period_label(period), _own_agencies(turn), following)]


def late(turn: Turn, _: Understood) -> Answer:
    """Answer what of the asker's own agencies is overdue."""
    if not turn.agency_ids:
        return _without_agency(turn)
    own = _own_duties(turn)
    found = overdue(own, today=turn.today)
    if found:
        return _card(answers.OVERDUE, found, turn)
    return [answers.nothing_overdue(_own_agencies(turn))]


def my_status(turn: Turn, asked: Understood) -> Answer:
    """Answer how far the asker's own agencies are, or the one of them that is named."""
    own = _own_duties(turn)
    if asked.agency:
        named = own_agency(turn, asked.agency)
        if named is None:
            return [problems.ONLY_AREA]
        own = [duty for duty in own if duty.agency == named]
    if not own:
        return _without_agency(turn)
    pieces = evidence.counts(turn.session, [duty.duty_id for duty in own])
    texts = [
        answers.status(agency, [duty for duty in own if duty.agency == agency], turn.today, pieces)
        for agency in {duty.agency.agency_id: duty.agency for duty in own}.values()
    ]
    return [Text("\n\n".join(texts), choices=answers.HELP_MENU)]


def activity(turn: Turn, asked: Understood) -> Answer:
    """Show an activity as the plan prints it, and the asker's own part of it."""
    if turn.province_id is None or not asked.activities:
        return [problems.NUMBER_MISSING]
    number = asked.activities[0]
    known = plans.activities(turn.session, turn.province_id)
    found = newest(known, number, today=turn.today)
    if found is None:
        return [Text(problems.no_such_number(number))]
    window_text, responsible_text = plans.activity_printed(turn.session, found.activity_id)
    count = duties.counts_by_activity(turn.session, turn.province_id).get(
        found.activity_id, Count(0, 0)
    )
    own = [duty for duty in _own_duties(turn) if duty.activity == found]
    details = Text(
        "\n".join(
            each
            for each in (
                answers.activity_details(found, window_text, responsible_text, count, turn.today),
                answers.own_part(own, with_links=not turn.in_group),
            )
            if each
        )
    )
    mine = due_list(
        own,
        today=turn.today,
        first=turn.today,
        last=date.max,
    ).duties
    return [details, *_card(answers.YOUR_PART, mine, turn)] if mine else [details]


def contact(turn: Turn, _: Understood) -> Answer:
    """Say whom to turn to in the province."""
    if turn.province_id is None:
        return [problems.NOT_REGISTERED]
    offices = agencies.agencies_of_kinds(
        turn.session, turn.province_id, [AgencyKind.PROVINCIAL_OFFICE]
    )
    province = agencies.province_name(turn.session, turn.province_id)
    return [answers.contact(province, ", ".join(office.name for office in offices))]


def show_help(turn: Turn, _: Understood) -> Answer:
    """Show what can be asked for; to who has no post, in 1:1, how to come in."""
    if not turn.posts and not turn.in_group:
        return [answers.HELP_NEWCOMER]
    # In a group no plan is changed and nothing approved, so it is not spoken of there.
    changes_plan = not turn.in_group and bool(plan_provinces(turn.posts))
    approves = not turn.in_group and bool(own_agencies(turn.posts, Action.APPROVE))
    sees_area = visible_area(turn.posts) is not None
    private = [] if turn.in_group else turn.posts
    return [
        answers.help_text(
            # Who asks in a group may be nobody known; what is meant there is reporting.
            reports=turn.in_group or any(may_do(each.role, Action.REPORT) for each in turn.posts),
            sees_area=sees_area,
            approves=approves,
            changes_plan=changes_plan,
            sees_stuck=visible_area(private, Action.SEE_STUCK) is not None,
            reviews=bool(provinces_of(private, Action.REVIEW)),
            answers=bool(provinces_of(private, Action.ANSWER)),
            sees_joined=visible_area(turn.posts, Action.SEE_JOINED) is not None,
            may_leave=not turn.in_group and bool(turn.posts),
        )
    ]


def period_days(period: str, today: date) -> tuple[date, date]:
    """Return the first and last day (inclusive) of a period asked for by name.

    A month's number ("1" to "12") means that month of the present fiscal year.
    """
    if period == "today":
        return today, today
    if period == "tomorrow":
        return today + timedelta(days=1), today + timedelta(days=1)
    if period == "week":
        return week_of(today)
    if period == "next_week":
        return week_of(today + timedelta(days=7))
    if period == "month":
        return month_of(today)
    if period == "next_month":
        return month_of(month_of(today)[1] + timedelta(days=1))
    month = int(period)
    ends_in = fiscal_year_of(today) - 543
    return month_of(date(ends_in - 1 if month >= 10 else ends_in, month, 1))


def _without_agency(turn: Turn) -> Answer:
    """Answer a district officer, whose agencies report themselves, and who has no agency at all."""
    sees_area = visible_area(turn.posts) is not None
    return [problems.ONLY_SEES_AREA if sees_area else problems.NO_AGENCY]


def _card(title: str, found: Sequence[DutyFacts], turn: Turn) -> Answer:
    whose = list({duty.agency.agency_id: duty.agency for duty in found}.values())
    heading = answers.due_title(title, whose, len(found))
    # An executive sees what is due and does not report it.
    reports = bool(own_agencies(turn.posts, Action.REPORT))
    data = button_data if reports else None
    return [duty_card(heading, heading, found, turn.today, data)]


def _following(own: Sequence[DutyFacts], after: date) -> list[DutyFacts]:
    later = due_list(own, today=after, first=after, last=date.max).ending
    starts = [(w.first or w.last, duty) for duty in later if (w := duty.activity.window)]
    return [duty for _, duty in sorted(starts, key=lambda each: each[0])]


def _own_duties(turn: Turn) -> list[DutyFacts]:
    found = duties.duties_of_agencies(turn.session, turn.agency_ids)
    return current_duties(found, today=turn.today)


def _own_agencies(turn: Turn) -> list[Agency]:
    return [agencies.agency(turn.session, each) for each in turn.agency_ids]
