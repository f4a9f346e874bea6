"""What an officer's message asks of the bot, if anything.  Pure.

In a group only a message that *is* a command is understood, chatter never; to the bot itself
("@bot ..." or 1:1) near-miss wording is understood too.
"""

import re

from messages_th.act_commands import act_command, private_act_command
from messages_th.approval_commands import approval_command
from messages_th.commands import Command, Message, Understood, exact
from messages_th.digits import to_arabic_digits
from messages_th.evidence_commands import evidence_command, near_evidence_command
from messages_th.joining_commands import joining_command
from messages_th.leaving_commands import joined_command, leaving_command
from messages_th.near_commands import near
from messages_th.plan_commands import near_plan_command, plan_command
from messages_th.reminder_commands import reminder_command
from messages_th.spelling import one_line

__all__ = ["Command", "Understood", "understand"]

LONGEST = 1000
"""Characters; a longer message is never a command."""

_EMOJI = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff\U000e0020-\U000e007f"
_EDGE = re.compile(rf"^[\s!.…~*_\"'“”•{_EMOJI}]+|[\s!.…~*_\"'“”{_EMOJI}ๆ]+$")
_POLITE = re.compile(
    # คะ and นะ also end words and places: สถานะ, อบต.แม่คะ, ทต.แม่นะ, ทต.เมืองนะ.
    r"(?:ค่ะ|(?<!มะ)(?<!ตั้ง)ค่า|ครับผม|ครับ|คร้าบ|คับ|ค๊ะ|จ้า|จ้ะ|จ๊ะ|ขอรับ|นะฮะ|น่ะ"
    r"|(?<!แม่)(?<!เมือง)คะ|(?<!สถา)(?<!แม่)(?<!เมือง)นะ|ขอบคุณ(?:มาก)?)$"
)
_ENDS_WITH_LINK = re.compile(r"://\S+\s*$")
_BEHIND_LINK = re.compile(rf"[\s!.…{_EMOJI}]+$")


def understand(text: str, *, in_group: bool, guesses: bool = True) -> Understood | None:
    """Return what the message asks of the bot, or None when the bot has to stay silent.

    `text` is without the mention; a message that mentions the bot counts as not `in_group`.
    Without `guesses` only what is a command beyond doubt is understood, in 1:1 too.
    """
    if len(text) > 2 * LONGEST:
        return None
    shown = _without_politeness(one_line(text))
    if not shown or len(shown) > LONGEST:
        return None
    message = Message(shown, to_arabic_digits(shown))
    understood = (
        exact(message)
        or act_command(message)
        or plan_command(message)
        or evidence_command(message)
        or joined_command(message)
    )
    if understood is None and not in_group:
        understood = (
            reminder_command(message)
            or approval_command(message)
            or private_act_command(message)
            or joining_command(message)
            or leaving_command(message)
        )
        if understood is None and guesses:
            understood = (
                near_evidence_command(message) or near_plan_command(message) or near(message)
            )
    return understood


def _without_politeness(text: str) -> str:
    """Return the text without ค่ะ, ครับ, นะคะ, thanks, emoji and full stops at its ends.

    A link may well end with "_" or "~", which stay there.
    """
    before = ""
    while before != text:
        edge = _BEHIND_LINK if _ENDS_WITH_LINK.search(text) else _EDGE
        before, text = text, _POLITE.sub("", edge.sub("", text))
    return text
