"""Where to click in LINE's consoles, and what is said of what LINE did not tell."""

from bot.doctor.facts import Check, Heard, Silence, Verdict

CHANNEL = "LINE Developers console, the channel"
BASIC_SETTINGS = f"{CHANNEL}, tab Basic settings"
MESSAGING_API = f"{CHANNEL}, tab Messaging API"
MANAGER = "LINE Official Account Manager"


def not_told(name: str, heard: Heard) -> Check:
    """Return what is said of something that LINE did not tell."""
    if heard.silence is Silence.NOT_ASKED:
        return Check(name, Verdict.WARN, "not known: LINE was not asked", "See settings.")
    if heard.silence:
        return Check(name, Verdict.WARN, "not known: LINE did not answer", "See line_reached.")
    if heard.status == 401:
        return Check(name, Verdict.WARN, "not known: no valid token", "See access_token.")
    again = "Run doctor again in a minute; if it stays so, look at LINE's status page."
    return Check(name, Verdict.WARN, f"not known: LINE answered {heard.status}", again)
