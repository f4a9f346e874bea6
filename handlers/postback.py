"""Codec of button data: versioned, short (LINE: 300 at most), and never believed.

A button stays tappable for months, so it names the duty and the revision of its activity, or the
draft and its revision; who tapped, whether they may and how that stands now is looked up when it
comes back.
"""

from collections.abc import Callable
from dataclasses import dataclass

from store.types import (
    ActTap,
    DraftId,
    DutyFacts,
    DutyId,
    DutyState,
    EvidenceKind,
    JoinRequestId,
    PlanTap,
)

VERSION = "1"
PLAN = "plan"
APPROVE, RETURN = "approve", "return"
EVIDENCE = "evidence"
JOIN, ADMIT, REFUSE = "join", "admit", "refuse"
REPORTABLE = (DutyState.DONE, DutyState.DOING, DutyState.STUCK, DutyState.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class DutyButton:
    """A button that brings one duty to a state, as of one revision of its activity."""

    state: DutyState
    duty_id: DutyId
    revision: int


@dataclass(frozen=True, slots=True)
class PlanButton:
    """A button of a draft that waits, as of one revision of it.

    `number` is a page, a year (BE), a province's id or the place of a choice; else 0.
    """

    tap: PlanTap
    draft_id: DraftId
    revision: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalButton:
    """A button of an executive's that judges one report, and no later one, on a duty."""

    approves: bool
    duty_id: DutyId
    report_id: int


@dataclass(frozen=True, slots=True)
class ActButton:
    """A button about one report, and no later one, on a duty: reviewed, opened again, answered."""

    tap: ActTap
    duty_id: DutyId
    report_id: int


@dataclass(frozen=True, slots=True)
class EvidenceButton:
    """A button that says for which duty the photo or file of an earlier message is.

    `message_id` is LINE's, under which the bytes are fetched; `suffix` the end of the file's name.
    """

    duty_id: DutyId
    kind: EvidenceKind
    message_id: str
    suffix: str


@dataclass(frozen=True, slots=True)
class JoinButton:
    """A button of a coordinator's that lets in who asked to join, or refuses."""

    admits: bool
    request_id: JoinRequestId


AnyButton = DutyButton | PlanButton | ApprovalButton | ActButton | EvidenceButton | JoinButton


def act_data(tap: ActTap, duty: DutyFacts) -> str:
    """Return the data of a button about the report that stands on a duty."""
    return encode(ActButton(tap, duty.duty_id, duty.report_id or 0))


def join_data(request: JoinRequestId) -> Callable[[bool], str]:
    """Return what gives the data of the buttons that let in and refuse."""
    return lambda admits: encode(JoinButton(admits, request))


def approval_data(duty: DutyId, report: int) -> Callable[[bool], str]:
    """Return what gives the data of the buttons that approve and return a report."""
    return lambda approves: encode(ApprovalButton(approves, duty, report))


def evidence_data(duty: DutyId, kind: EvidenceKind, message_id: str, suffix: str) -> str:
    """Return the data of the button that says for which duty a photo or file is."""
    return encode(EvidenceButton(duty, kind, message_id, suffix))


def plan_data(draft: DraftId, revision: int) -> Callable[[PlanTap, int], str]:
    """Return what gives the data of the buttons of a draft as it stands."""
    return lambda tap, number: encode(PlanButton(tap, draft, revision, number))


def button_data(duty: DutyFacts, state: DutyState) -> str:
    """Return the data of the button that brings this duty, as it stands, to that state."""
    return encode(DutyButton(state, duty.duty_id, duty.activity.revision))


def encode(button: AnyButton) -> str:
    """Return the data string of a button."""
    if isinstance(button, ApprovalButton):
        tap = APPROVE if button.approves else RETURN
        return f"{VERSION}:{tap}:{button.duty_id}:{button.report_id}"
    if isinstance(button, ActButton):
        return f"{VERSION}:{button.tap}:{button.duty_id}:{button.report_id}"
    if isinstance(button, EvidenceButton):
        named = f"{button.kind}:{button.message_id}:{button.suffix}"
        return f"{VERSION}:{EVIDENCE}:{button.duty_id}:{named}"
    if isinstance(button, JoinButton):
        return f"{VERSION}:{JOIN}:{ADMIT if button.admits else REFUSE}:{button.request_id}"
    if isinstance(button, PlanButton):
        return f"{VERSION}:{PLAN}:{button.tap}:{button.draft_id}:{button.revision}:{button.number}"
    return f"{VERSION}:{button.state}:{button.duty_id}:{button.revision}"


def decode(data: str) -> AnyButton | None:
    """Read a data string; None when no version of the bot wrote it."""
    match data.split(":"):
        case [version, kind, tap, *numbers] if (version, kind) == (VERSION, PLAN):
            if tap in list(PlanTap) and len(numbers) == 3 and all(map(_is_number, numbers)):
                draft, revision, number = map(int, numbers)
                return PlanButton(PlanTap(tap), DraftId(draft), revision, number)
        case [version, tap, duty, report] if version == VERSION and tap in (APPROVE, RETURN):
            if _is_number(duty) and _is_number(report):
                return ApprovalButton(tap == APPROVE, DutyId(int(duty)), int(report))
        case [version, tap, duty, report] if version == VERSION and tap in list(ActTap):
            if _is_number(duty) and _is_number(report):
                return ActButton(ActTap(tap), DutyId(int(duty)), int(report))
        case [version, tap, duty, kind, message, suffix] if (version, tap) == (VERSION, EVIDENCE):
            if _is_number(duty) and kind in list(EvidenceKind) and _is_message_id(message):
                return EvidenceButton(DutyId(int(duty)), EvidenceKind(kind), message, suffix)
        case [version, kind, tap, request] if (version, kind) == (VERSION, JOIN):
            if tap in (ADMIT, REFUSE) and _is_number(request):
                return JoinButton(tap == ADMIT, JoinRequestId(int(request)))
        case [version, state, duty, revision] if version == VERSION and state in REPORTABLE:
            if _is_number(duty) and _is_number(revision):
                return DutyButton(DutyState(state), DutyId(int(duty)), int(revision))
    return None


def _is_message_id(text: str) -> bool:
    # It becomes part of an address: digits, as LINE's are, cannot lead elsewhere.
    return text.isascii() and text.isdigit() and len(text) <= 30


def _is_number(text: str) -> bool:
    # Nine digits stay inside the integers of both databases.
    return text.isascii() and text.isdigit() and len(text) <= 9
