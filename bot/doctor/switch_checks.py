"""Judges LINE's switches: most of them no call can read, but our own tables may prove one."""

from bot.doctor.facts import Check, Facts, Verdict
from bot.doctor.wording import MANAGER, MESSAGING_API, not_told

FEATURES = f"{MESSAGING_API}, LINE Official Account features"
NO_CALL = "LINE has no call to read it"


def redelivery(facts: Facts) -> Check:
    """Whether LINE sends again what came while the bot was down; no call reads the switch."""
    kept = facts.database.kept
    if kept and kept.redelivered:
        found = f"on not long ago: {kept.redelivered} kept event(s) came by redelivery"
        return Check("redelivery", Verdict.OK, found)
    return Check(
        "redelivery",
        Verdict.BY_EYE,
        NO_CALL + ("; no event kept of late came by redelivery" if kept else ""),
        f"{MESSAGING_API}, Webhook settings: Webhook redelivery on.",
    )


def group_joining(facts: Facts) -> Check:
    """Whether the bot can be invited into groups; no call reads the switch."""
    kept = facts.database.kept
    if kept and (kept.groups_bound or kept.times_joined):
        found = (
            f"in use: {kept.groups_bound} group(s) bound, {kept.times_joined} invitation(s) kept"
        )
        return Check("group_joining", Verdict.OK, found)
    return Check(
        "group_joining",
        Verdict.BY_EYE,
        NO_CALL + ("; the bot was not invited into a group yet" if kept else ""),
        f"{FEATURES}: Allow bot to join group chats, Edit, allow.",
    )


def auto_reply(_facts: Facts) -> Check:
    """Whether LINE itself greets and answers beside the bot; no call reads the switches."""
    return Check(
        "auto_reply",
        Verdict.BY_EYE,
        NO_CALL,
        f"{FEATURES}: Greeting messages and Auto-reply messages, Edit; both off in the"
        f" {MANAGER}, Response settings.",
    )


def chat_mode(facts: Facts) -> Check:
    """Whether people answer in the bot's chats by hand."""
    name, heard = "chat_mode", facts.account.bot
    if heard.status != 200:
        return not_told(name, heard)
    mode = heard.body.get("chatMode")
    if mode == "bot":
        return Check(name, Verdict.OK, "Chat is off")
    if mode == "chat":
        do = f"{MANAGER}, Response settings: Chat off, unless somebody answers there by hand."
        return Check(name, Verdict.WARN, "Chat is on: people may answer beside the bot", do)
    return Check(name, Verdict.WARN, "LINE tells no known chat mode", f"Look in the {MANAGER}.")
