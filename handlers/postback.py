"""Codec of button data: versioned, short (LINE: 300 at most), and never believed.

A button stays tappable for months, so it names the duty and the revision of its activity; who
tapped, whether they may and how the duty stands is looked up when it comes back.
"""

from dataclasses import dataclass

from store.types import DutyFacts, DutyId, DutyState

VERSION = "1"
REPORTABLE = (DutyState.DONE, DutyState.DOING, DutyState.STUCK)


@dataclass(frozen=True, slots=True)
class DutyButton:
    """A button that brings one duty to a state, as of one revision of its activity."""

    state: DutyState
    duty_id: DutyId
    revision: int


def button_data(duty: DutyFacts, state: DutyState) -> str:
    """Return the data of the button that brings this duty, as it stands, to that state."""
    return encode(DutyButton(state, duty.duty_id, duty.activity.revision))


def encode(button: DutyButton) -> str:
    """Return the data string of a button."""
    return f"{VERSION}:{button.state}:{button.duty_id}:{button.revision}"


def decode(data: str) -> DutyButton | None:
    """Read a data string; None when no version of the bot wrote it."""
    match data.split(":"):
        case [version, state, duty, revision] if version == VERSION and state in REPORTABLE:
            if _is_number(duty) and _is_number(revision):
                return DutyButton(DutyState(state), DutyId(int(duty)), int(revision))
    return None


def _is_number(text: str) -> bool:
    # Nine digits stay inside the integers of both databases.
    return text.isascii() and text.isdigit() and len(text) <= 9
