"""The list of all checks, in the order in which they are told."""

from bot.doctor import house_checks as house
from bot.doctor import line_checks as line
from bot.doctor import switch_checks as switches
from bot.doctor import webhook_checks as webhook
from bot.doctor.facts import Check, Facts, Verdict

CHECKS = (
    house.settings,
    house.channel_secret,
    line.line_reached,
    line.access_token,
    webhook.webhook_address,
    webhook.use_webhook,
    webhook.webhook_test,
    switches.redelivery,
    switches.group_joining,
    switches.auto_reply,
    switches.chat_mode,
    line.clock,
    line.quota,
    house.database,
    house.disk,
    house.worker,
    house.sending,
    house.parked,
    house.last_event,
)
"""Each takes all facts and returns its check, whatever is not known."""


def diagnose(facts: Facts) -> tuple[Check, ...]:
    """Judge the facts, each check for itself."""
    return tuple(check(facts) for check in CHECKS)


def failing(checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Return the names of the checks that fail."""
    return tuple(check.name for check in checks if check.verdict is Verdict.FAIL)
