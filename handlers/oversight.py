"""Questions of district and province: how far the agencies of the area are, and who is late."""

from collections.abc import Sequence
from datetime import date

from handlers.naming import named_in
from handlers.rules.access import visible_area
from handlers.rules.progress import current_activities, newest
from handlers.turn import Answer, Turn
from messages_th import answers, problems
from messages_th.parts import Text
from messages_th.phrases import agency_label
from messages_th.words import Understood
from store import agencies, duties, evidence, people, plans
from store.types import (
    ActivityFacts,
    Agency,
    Count,
    DistrictId,
    ProvinceId,
)

MOST_LATE_LISTS = 3
"""Activities of which "ใครยังไม่ส่ง" without a number lists the agencies."""


def area_status(turn: Turn, asked: Understood) -> Answer:
    """Answer how far the asker's district or province is, or one agency in it."""
    area = visible_area(turn.posts)
    if area is None:
        return [problems.ONLY_AREA]
    province, district = area
    if asked.district:
        wanted = agencies.districts(turn.session, province).get(asked.district)
        if wanted is None or district not in (None, wanted):
            return [problems.district_unknown(asked.district)]
        district = wanted
    if asked.agency:
        return [_agency_status(turn, asked.agency, province, district)]
    counts = duties.counts_by_activity(turn.session, province, district)
    begun = [
        activity
        for activity in _activities(turn, province)
        if activity.activity_id in counts
        and activity.window is not None
        and (activity.window.first or turn.today) <= turn.today
    ]
    everybody = _agencies_in(turn, province, district)
    reachable = people.reachable_agencies(turn.session, province, at=turn.now)
    joined = Count(sum(each.agency_id in reachable for each in everybody), len(everybody))
    lines = [(activity, counts[activity.activity_id]) for activity in begun]
    return [answers.area_status(_area_name(turn, province, district), lines, joined, turn.today)]


def who_is_late(turn: Turn, asked: Understood) -> Answer:
    """Answer who in the asker's district or province has not finished an activity, by district."""
    area = visible_area(turn.posts)
    if area is None:
        return [problems.ONLY_AREA]
    province, district = area
    activities = _activities(turn, province)
    counts = duties.counts_by_activity(turn.session, province, district)
    unfinished = [a for a in activities if _is_unfinished(counts.get(a.activity_id))]
    wanted = (
        _activities_asked(activities, asked.activities, turn.today)
        if asked.activities
        else _ended(unfinished, turn.today)
    )
    if not wanted:
        if asked.activities:
            return [Text(problems.no_such_number(asked.activities[0]))]
        return [answers.nobody_late(_area_name(turn, province, district))]
    said: Answer = []
    for activity in wanted[:MOST_LATE_LISTS]:
        left = duties.unfinished_of_activities(turn.session, [activity.activity_id], district)
        count = counts.get(activity.activity_id, Count(0, 0))
        said.append(answers.who_is_late(activity, count, left, names=not turn.in_group))
    return said


def _activities(turn: Turn, province: ProvinceId) -> list[ActivityFacts]:
    return current_activities(plans.activities(turn.session, province), today=turn.today)


def _agencies_in(turn: Turn, province: ProvinceId, district: DistrictId | None) -> list[Agency]:
    everybody = agencies.agencies(turn.session, province)
    if district is None:
        return everybody
    name = agencies.district_name(turn.session, district)
    return [agency for agency in everybody if agency.district == name]


def _agency_status(
    turn: Turn, text: str, province: ProvinceId, district: DistrictId | None
) -> Text:
    match = named_in(turn, text, [province])
    visible = {agency.agency_id for agency in _agencies_in(turn, province, district)}
    if match.agency is None or match.agency.agency_id not in visible:
        likely = [each.agency for each in match.candidates if each.agency.agency_id in visible]
        return answers.which_agency(text, [agency_label(agency) for agency in likely])
    found = duties.duties_of_agencies(turn.session, [match.agency.agency_id])
    pieces = evidence.counts(turn.session, [duty.duty_id for duty in found])
    return Text(answers.status(match.agency, found, turn.today, pieces))


def _area_name(turn: Turn, province: ProvinceId, district: DistrictId | None) -> str:
    if district is not None:
        return answers.district_label(agencies.district_name(turn.session, district))
    return answers.province_label(agencies.province_name(turn.session, province))


def _activities_asked(
    activities: Sequence[ActivityFacts], numbers: Sequence[str], today: date
) -> list[ActivityFacts]:
    return [a for n in numbers if (a := newest(activities, n, today=today)) is not None]


def _is_unfinished(count: Count | None) -> bool:
    return count is not None and count.finished < count.total


def _ended(activities: Sequence[ActivityFacts], today: date) -> list[ActivityFacts]:
    """Return those whose window is over, the last ended first."""
    ended = [a for a in activities if a.window is not None and a.window.last < today]
    return sorted(ended, key=lambda a: a.window.last if a.window else today, reverse=True)
