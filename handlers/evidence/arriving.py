"""What a message brings as evidence: for which duty, and what its bytes are.

Whether bytes are wanted is asked before they are fetched, in a transaction of its own, and again
when the event is worked; they are judged and on disk before that one begins.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath

from handlers.postback import EvidenceButton, decode, evidence_data
from handlers.rules.access import Action, may_do
from handlers.rules.evidence import (
    MOST_OF_A_DUTY,
    SUFFIXES,
    Unfit,
    judge_content,
    judge_unread,
    may_give,
)
from handlers.turn import (
    Brought,
    Event,
    Files,
    FileSent,
    PhotoSent,
    Pressed,
    Received,
    Turn,
    Wanted,
)
from store import duties, evidence
from store.types import DutyFacts, DutyId, EvidenceKind

Sent = PhotoSent | FileSent
KNOWN_SUFFIXES = {each for suffixes in SUFFIXES.values() for each in suffixes}


def may_bring(event: Event) -> bool:
    """Whether an event may bring evidence at all, by what is known without the database."""
    what = event.happening
    if isinstance(what, Pressed):
        return isinstance(decode(what.data), EvidenceButton)
    return isinstance(what, Sent)


def concerns(turn: Turn) -> bool:
    """Whether a photo or file is for a duty, whatever becomes of it."""
    what = turn.event.happening
    return isinstance(what, Sent) and bool(duties_meant(turn, what.quoted))


def wanted(turn: Turn) -> Wanted | None:
    """Return what of the event has to be fetched as evidence, or None."""
    what = turn.event.happening
    if isinstance(what, Pressed):
        button = decode(what.data)
        duty = asked_of(turn, button) if isinstance(button, EvidenceButton) else None
        if not isinstance(button, EvidenceButton) or duty is None or not takes_more(turn, duty):
            return None
        return Wanted(what, button.message_id, is_evidence=True)
    if not isinstance(what, Sent) or unread(what) is not None:
        return None
    meant = duties_meant(turn, what.quoted)
    if len(meant) != 1 or not takes_more(turn, meant[0]):
        return None
    return Wanted(what, what.message_id, is_evidence=True)


def fetched(sent: Brought, content: bytes, files: Files) -> Brought:
    """Return what was sent with what its bytes are; what is fit lies on disk then.

    Raises:
        OSError: when it cannot be kept.
    """
    media_type = judge_content(_name_of(sent), content)
    if isinstance(media_type, Unfit):
        return replace(sent, taken=media_type)
    digest = sha256(content).hexdigest()
    return replace(sent, taken=Received(files.put(content), media_type, len(content), digest))


def unread(sent: Sent) -> Unfit | None:
    """Return why a photo or file is refused unread, or None."""
    name, size = (sent.name, sent.size) if isinstance(sent, FileSent) else ("", 0)
    return judge_unread(name, size) or (None if sent.message_id else Unfit.GONE)


def duties_meant(turn: Turn, quoted: str) -> list[DutyFacts]:
    """Return the duties for which the sender gives evidence: of what is quoted, or awaited."""
    if turn.person is None:
        return []
    chat = turn.event.source.group_id or turn.event.source.user_id
    if quoted:
        told = evidence.quoted_duties(turn.session, chat, quoted, at=turn.event.at)
        if told:
            return _may_be_given(turn, told)
    if turn.in_group:
        return []
    awaited = evidence.awaited(turn.session, turn.person.person_id, at=turn.event.at)
    # What was asked for by the bot itself comes before what may be added to a report.
    asked_for = [duty for duty, wait in awaited.items() if wait.then_done]
    return _may_be_given(turn, asked_for if len(asked_for) == 1 else list(awaited))


def asked_of(turn: Turn, button: EvidenceButton) -> DutyFacts | None:
    """Return the duty of a button that says what a photo or file is for, if it may be given."""
    return next(iter(_may_be_given(turn, [button.duty_id])), None)


def may_give_any(turn: Turn) -> bool:
    """Whether the sender is somebody who gives evidence at all."""
    return any(may_do(post.role, Action.GIVE_EVIDENCE) for post in turn.posts)


def takes_more(turn: Turn, duty: DutyFacts) -> bool:
    """Whether a duty has room for another piece of evidence."""
    found = evidence.counts(turn.session, [duty.duty_id])
    return found.get(duty.duty_id, 0) < MOST_OF_A_DUTY


def kind_of(sent: Sent) -> EvidenceKind:
    """Return what kind of evidence was sent."""
    return EvidenceKind.PHOTO if isinstance(sent, PhotoSent) else EvidenceKind.FILE


def button_of(sent: Sent, duty: DutyFacts) -> str:
    """Return the data of the button that says for which duty a photo or file is."""
    suffix = PurePath(_name_of(sent)).suffix.lower()
    suffix = suffix if suffix in KNOWN_SUFFIXES else ""
    return evidence_data(duty.duty_id, kind_of(sent), sent.message_id, suffix)


def _name_of(sent: Brought) -> str:
    if isinstance(sent, FileSent):
        return sent.name
    button = decode(sent.data) if isinstance(sent, Pressed) else None
    return f"it{button.suffix}" if isinstance(button, EvidenceButton) and button.suffix else ""


def _may_be_given(turn: Turn, ids: Sequence[DutyId]) -> list[DutyFacts]:
    found = (duties.duty(turn.session, each) for each in ids)
    return [
        duty
        for duty in found
        if duty is not None
        and turn.counts_here(duty.activity.province_id)
        and may_give(duty, turn.posts)
    ]
