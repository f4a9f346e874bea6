"""When a province reminds, shown and changed by its coordinator (ตั้งค่าการเตือน, วันหยุด)."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.holiday_calendar import government_holidays, working_calendar
from handlers.record import enter_reminders
from handlers.rhythm import rhythm_of
from handlers.rules.access import Action, provinces_of
from handlers.rules.policies import (
    LIMITS,
    Refused,
    judge_day,
    last_day_to_set,
    with_days,
    with_hours,
)
from handlers.rules.workdays import BANGKOK
from handlers.turn import Answer, Turn
from messages_th import problems
from messages_th import quiet as say_quiet
from messages_th import reminder_settings as say
from messages_th.days_ahead import read_day, read_hours, read_numbers_of_days
from messages_th.parts import Text
from messages_th.reporting import receipt
from messages_th.words import Understood
from store import agencies, policies, quiet
from store.types import Act, KeptDay, PersonId, ProvinceId, ReminderPolicy, ReminderSetting

MOST_QUIET = 5
"""What is quiet now, as lines of one answer."""
LISTED = timedelta(days=200)


def settings(turn: Turn, asked: Understood) -> Answer:
    """Show when the province reminds, or change a number of it."""
    found = _coordinated(turn)
    if not isinstance(found, tuple):
        return found
    province, person = found
    if asked.setting is None and not asked.text:
        return [_shown(turn, province, policies.policy_of(turn.session, province))]
    before = policies.policy_of(turn.session, province, to_change=True)
    policy = _read(asked, before)
    if isinstance(policy, Text):
        return [policy]
    policies.keep_policy(turn.session, province, policy)
    details = {"setting": asked.setting, "policy": policies.differences(policy)}
    entered = _entered(turn, province, person, details)
    return [_shown(turn, province, policy, asked.setting, entered)]


def holidays(turn: Turn, asked: Understood) -> Answer:
    """Show which days off come, or add or drop one."""
    found = _coordinated(turn)
    if not isinstance(found, tuple):
        return found
    province, person = found
    if asked.setting is None:
        return [_coming(turn, province)]
    read = read_day(asked.text, turn.today)
    if read is None:
        return [say.ASK_DAY]
    day, name = read
    is_day_off = asked.setting is ReminderSetting.ADD_DAY
    calendar = rhythm_of(turn.session, province, working_calendar(day)).calendar
    refusal = judge_day(day, turn.today, calendar, is_day_off=is_day_off)
    if refusal is not None:
        return [say.day_refused(day, refusal, turn.today, last_day_to_set(turn.today))]
    policies.keep_day(turn.session, province, KeptDay(day, is_day_off, name))
    details = {"day": day.isoformat(), "is_day_off": is_day_off}
    entered = _entered(turn, province, person, details)
    return [say.day_set(day, name, is_day_off=is_day_off, receipt=entered)]


def _coordinated(turn: Turn) -> tuple[ProvinceId, PersonId] | Answer:
    if turn.in_group:
        return [say.IN_PRIVATE]
    provinces = provinces_of(turn.posts, Action.SET_REMINDERS)
    if not provinces or turn.person is None:
        return [problems.ONLY_COORDINATOR]
    return provinces[-1], turn.person.person_id


def _read(asked: Understood, before: ReminderPolicy) -> ReminderPolicy | Text:
    """Return the policy as it is asked for, or what is wrong with that."""
    setting = asked.setting
    if setting is None:
        return say.not_understood(None, before)
    if setting is ReminderSetting.HOURS:
        hours = read_hours(asked.text)
        policy = None if hours is None else with_hours(before, *hours)
    else:
        days = read_numbers_of_days(asked.text)
        policy = None if days is None else with_days(before, setting, days)
    if policy is None:
        return say.not_understood(setting, before)
    if isinstance(policy, Refused):
        return say.refused(setting, policy.why, LIMITS.get(setting, (0, 0)), policy.nearest)
    return policy


def _shown(
    turn: Turn,
    province: ProvinceId,
    policy: ReminderPolicy,
    changed: ReminderSetting | None = None,
    entered: str = "",
) -> Text:
    now_quiet = quiet.active(turn.session, province, turn.today)
    lines = [
        say_quiet.in_force(
            None if each.agency_id is None else agencies.agency(turn.session, each.agency_id),
            each.until_on,
            each.reason,
        )
        for each in now_quiet[:MOST_QUIET]
    ]
    name = agencies.province_name(turn.session, province)
    return say.shown(name, policy, lines, changed=changed, receipt=entered)


def _coming(turn: Turn, province: ProvinceId) -> Text:
    until = turn.today + LISTED
    kept = {each.day: each for each in policies.kept_days(turn.session, province)}
    usual = government_holidays(range(turn.today.year, until.year + 1))
    off = usual | {day: each.name for day, each in kept.items() if each.is_day_off}
    working = {day: usual.get(day, "") for day, each in kept.items() if not each.is_day_off}
    coming = [
        (day, name)
        for day, name in sorted(off.items())
        if turn.today <= day <= until and day not in working and day.weekday() < 5
    ]
    return say.holidays(coming, [each for each in sorted(working.items()) if each[0] >= turn.today])


def _entered(
    turn: Turn, province: ProvinceId, person: PersonId, details: Mapping[str, object]
) -> str:
    at = min(turn.event.at, turn.now)
    number = enter_reminders(turn.session, province, Act.POLICY_CHANGED, person, details, at=at)
    return receipt(number, number, at.astimezone(BANGKOK))
