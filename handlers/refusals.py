"""Every refusal is a line of the log with its reason, and never with words, names or ids."""

import logging

log = logging.getLogger(__name__)


def note(reason: str) -> None:
    """Note why nothing was changed, by the name that the reason has in the program."""
    log.info("refused", extra={"action": "act_refused", "reason": reason})
