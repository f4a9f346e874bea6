"""Posts that move and end, with all that hangs on them, in the transaction that moves them.

What is on its way to who held a post is dropped or becomes the successor's; what is worded at the
moment of sending asks the posts then, and finds nothing to say to the leaver.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.codes import digest, new_code
from handlers.record import enter_ended_post, enter_moved_post, enter_offered_post
from handlers.turn import Turn
from messages_th import answers
from messages_th.phrases import agency_label
from store import agencies, outbox, people, post_messages, told
from store import posts as kept
from store.database import Session
from store.models import Topic
from store.types import AgencyKind, HeldPost, Invited, PersonId, Post, PostId, Role

SECRETARIAT = (AgencyKind.PROVINCIAL_OFFICE, AgencyKind.WORKING_GROUP)
"""A coordinator also answers for these: สนจ. is the working group's secretariat (domain 1)."""
HANDOVER_LASTS = timedelta(days=14)


def place(session: Session, of: Post | Invited) -> str:
    """Return the name of the agency, district or province that a post or code is of."""
    if of.role in (Role.OFFICER, Role.EXECUTIVE) and of.agency_id is not None:
        return agency_label(agencies.agency(session, of.agency_id))
    if of.role is Role.DISTRICT and of.district_id is not None:
        return answers.district_label(agencies.district_name(session, of.district_id))
    return answers.province_label(agencies.province_name(session, of.province_id))


def handover_code(
    session: Session, held: HeldPost, *, by: PersonId, now: datetime
) -> tuple[str, datetime]:
    """Make the one code that hands a post over; return it with the instant from which it is void.

    An earlier one of the same post is void at once.  `by` is who asks for it: the holder, or a
    coordinator.
    """
    kept.void_handovers(session, held.post_id, at=now)
    post, code, expires_at = held.post, new_code(), now + HANDOVER_LASTS
    invited = Invited(post.role, post.province_id, post.district_id, post.agency_id, held.post_id)
    people.add_invitation(session, digest(code), invited, expires_at=expires_at)
    enter_offered_post(session, by, held, at=now)
    return code, expires_at


def is_own_handover(turn: Turn, invited: Invited) -> bool:
    """Whether who brings the code of a handover is the very person that holds the post."""
    if invited.of_post_id is None or turn.person is None:
        return False
    held = kept.held(turn.session, invited.of_post_id, at=turn.now)
    return held is not None and held.person_id == turn.person.person_id


def move(session: Session, post: PostId, successor: PersonId, *, at: datetime) -> bool:
    """Let the successor hold a post from that instant on in the leaver's place.

    False, with nothing moved, when it has ended meanwhile.
    """
    held = kept.held(session, post, at=at)
    beside = [] if held is None else _beside(session, held, at)
    if held is None or not kept.end(session, post, at=at):
        return False
    moved = [held, *(each for each in beside if _end(session, each, at))]
    for each in moved:
        people.give_post(session, successor, each.post, at=at)
    _hand_on(session, moved, successor, at)
    for each in moved:
        enter_moved_post(session, successor, each.post, leaver=each.person_id, at=at)
    return True


def end(session: Session, held: HeldPost, *, by: PersonId, at: datetime) -> bool:
    """Let a post end without a successor; False when it had ended already."""
    beside = _beside(session, held, at)
    if not kept.end(session, held.post_id, at=at):
        return False
    ended = [held, *(each for each in beside if _end(session, each, at))]
    for each in ended:
        _drop(session, each, at)
    for each in ended:
        enter_ended_post(session, by, each.post, leaver=each.person_id, at=at)
    return True


def end_all(session: Session, held: Sequence[HeldPost], *, at: datetime) -> list[HeldPost]:
    """Let all of these posts end; return those that had not, which are still to be entered."""
    ended = [each for each in held if _end(session, each, at)]
    for each in ended:
        _drop(session, each, at)
    return ended


def enter_own_ends(session: Session, ended: Sequence[HeldPost], *, at: datetime) -> None:
    """Enter in the record that the holders of these posts ended them; it comes last."""
    for each in sorted(ended, key=lambda one: one.post.province_id):
        enter_ended_post(session, each.person_id, each.post, leaver=each.person_id, at=at)


def offices(session: Session, held: list[HeldPost]) -> list[HeldPost]:
    """Return the posts that can be left each alone: the secretariat's go with a coordinator's."""
    coordinated = {each.post.province_id for each in held if each.post.role is Role.COORDINATOR}
    along = {
        agency.agency_id
        for province in coordinated
        for agency in agencies.agencies_of_kinds(session, province, SECRETARIAT)
    }
    return [
        each
        for each in held
        if each.post.role is not Role.OFFICER or each.post.agency_id not in along
    ]


def _beside(session: Session, held: HeldPost, at: datetime) -> list[HeldPost]:
    """Return the secretariat's posts that go along with a coordinator's."""
    if held.post.role is not Role.COORDINATOR:
        return []
    mine = [
        each
        for each in kept.held_by(session, held.person_id, at=at)
        if each.post.province_id == held.post.province_id
    ]
    stays = offices(session, [held, *mine])
    return [each for each in mine if each not in stays]


def _end(session: Session, held: HeldPost, at: datetime) -> bool:
    return kept.end(session, held.post_id, at=at)


def _hand_on(session: Session, moved: list[HeldPost], successor: PersonId, at: datetime) -> None:
    """Let what is on its way to the leaver be the successor's."""
    leaver, suffix = moved[0].person_id, f"post:{moved[0].post_id}"
    line_user_id = people.line_user_id(session, successor)
    post_messages.queue_again(session, leaver, successor, suffix=suffix, at=at)
    for each in moved:
        agency, role = each.post.agency_id, each.post.role
        if role is Role.OFFICER and agency is not None:
            notices = post_messages.unload_agency(session, leaver, agency)
            key = f"reminder:{successor}:post:{each.post_id}"
            post_messages.load(session, successor, notices, key=key, at=at)
            post_messages.move_told(session, leaver, successor, agency)
        if role is Role.COORDINATOR:
            province = each.post.province_id
            post_messages.queue_digest_again(session, province, leaver, successor, at=at)
            outbox.add_message(
                session,
                key=f"stuck:{suffix}:{successor}",
                topic=Topic.STUCK,
                line_to=line_user_id,
                person_id=successor,
                province_id=province,
                parts=None,
                at=at,
            )
        _drop(session, each, at)
    to = [(successor, line_user_id)]
    if told.owed_to(session, successor, at=at):
        outbox.add_messages(session, to, key=f"correction:{suffix}", topic=Topic.CORRECTION, at=at)
    # What the leaver has read already waits for the successor as well; where nothing waits, the
    # message is dropped when it is looked at.
    for role, topic in ((Role.EXECUTIVE, Topic.APPROVAL), (Role.OFFICER, Topic.RETURNED)):
        if moved[0].post.role is role:
            outbox.add_messages(session, to, key=f"{topic}:{suffix}", topic=topic, at=at)


def _drop(session: Session, held: HeldPost, at: datetime) -> None:
    """Drop what is on its way to the leaver for the post and has its words already."""
    leaver, agency = held.person_id, held.post.agency_id
    post_messages.drop_answers(session, leaver, outcome=post_messages.ENDED, at=at)
    if agency is not None:
        if held.post.role is Role.OFFICER:
            post_messages.unload_agency(session, leaver, agency)
            post_messages.forget_told(session, leaver, agency)
        post_messages.stop_waiting_for_evidence(session, leaver, agency)
    if held.post.role is Role.COORDINATOR:
        # A coordinator may have one for anybody's post, another coordinator's too.
        kept.void_handovers_in(session, held.post.province_id, at=at)
        post_messages.cancel_drafts(session, leaver, held.post.province_id, at=at)
        post_messages.stop_downloads(session, leaver, at=at)
