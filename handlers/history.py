"""History: who did what when, from the record (ประวัติ); roles and agencies, never persons."""

from handlers.naming import named_in
from handlers.rules.access import visible_area
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import answers, problems
from messages_th import record as say
from messages_th.phrases import agency_label
from messages_th.words import Understood
from store import agencies, record
from store.types import ABOUT_DUTIES, Act, Agency, ProvinceId

MOST = 10
"""Entries of one answer."""
OF_PROVINCE = (
    *ABOUT_DUTIES,
    Act.EVIDENCE_RULE,
    Act.PLAN_IN_FORCE,
    Act.GROUP_BOUND,
    Act.SETTING_CHANGED,
)
"""For the group that a coordinator reads with; who joined is told in 1:1 alone."""


def history(turn: Turn, asked: Understood) -> Answer:
    """Answer with the newest entries about an activity, an agency, or all that the asker sees."""
    province = _province(turn)
    if province is None:
        return [problems.NO_AGENCY]
    visible = _visible(turn, province)
    named = None
    if asked.agency:
        match = named_in(turn, asked.agency, [province])
        named = match.agency if match.agency in visible else None
        if named is None:
            likely = [
                agency_label(each.agency) for each in match.candidates if each.agency in visible
            ]
            return [answers.which_agency(asked.agency, likely)]
    if not visible:
        return [problems.NO_AGENCY]
    number = asked.activities[0] if asked.activities else None
    is_all = named is None and number is None and _sees_all(turn, province)
    told = record.newest(
        turn.session,
        province,
        agencies=None if is_all else [each.agency_id for each in ([named] if named else visible)],
        number=number,
        acts=_acts(turn, is_all=is_all),
        most=MOST,
    )
    if not told:
        return [say.NOTHING]
    title = say.title(number or "", "" if named is None else agency_label(named))
    return [say.history(title, [(each, each.entry.at.astimezone(BANGKOK)) for each in told])]


def _province(turn: Turn) -> ProvinceId | None:
    area = visible_area(turn.posts)
    return turn.province_id if area is None else area[0]


def _visible(turn: Turn, province: ProvinceId) -> list[Agency]:
    """Return the agencies whose history the asker may see: own ones, those looked after."""
    area = visible_area(turn.posts)
    everybody = agencies.agencies(turn.session, province)
    district = None
    if area is not None and area[1] is not None:
        district = agencies.district_name(turn.session, area[1])
    return [
        each
        for each in everybody
        if each.agency_id in turn.agency_ids
        or (area is not None and district in (None, each.district))
    ]


def _sees_all(turn: Turn, province: ProvinceId) -> bool:
    return visible_area(turn.posts) == (province, None)


def _acts(turn: Turn, *, is_all: bool) -> tuple[Act, ...]:
    if not is_all:
        return ABOUT_DUTIES
    return OF_PROVINCE if turn.in_group else tuple(Act)
