"""Queries: persons and their posts, invitations, groups and who is in them.

What LINE tells of a person or group may arrive late or be tried again later: it is kept with the
instant LINE stamped it with, and an older event never overrules a newer one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from store.code_tries import digest_of
from store.database import insert_new
from store.models import Chat, ChatMember, Invitation, PersonRow, PostRow
from store.types import (
    AgencyId,
    DistrictId,
    Invited,
    Person,
    PersonId,
    Post,
    PostId,
    ProvinceId,
    Role,
)


def person(session: Session, line_user_id: str, *, at: datetime) -> Person | None:
    """Return the person behind a LINE user id with the posts held at that instant, or None."""
    row = session.scalar(select(PersonRow).where(PersonRow.line_user_id == line_user_id))
    if row is None:
        return None
    return Person(PersonId(row.id), row.line_user_id, posts(session, PersonId(row.id), at=at))


def posts(session: Session, person_id: PersonId, *, at: datetime) -> tuple[Post, ...]:
    """Return the posts that a person holds at that instant, the oldest first."""
    rows = session.scalars(
        select(PostRow).where(PostRow.person_id == person_id, held_at(at)).order_by(PostRow.id)
    )
    return tuple(post_of(row) for row in rows)


def keep_person(session: Session, line_user_id: str, *, at: datetime) -> PersonId:
    """Return the person behind a LINE user id, made when new, and reachable: it has just written.

    LINE delivers pushes to friends and, for seven days, to who wrote in 1:1 (push reference).
    """
    session.execute(
        insert_new(session, PersonRow)
        .values(
            line_user_id=line_user_id,
            is_reachable=True,
            reachable_changed_at=at,
            first_seen_at=at,
        )
        .on_conflict_do_nothing()
    )
    found = select(PersonRow.id).where(PersonRow.line_user_id == line_user_id)
    return PersonId(session.execute(found).scalar_one())


def set_reachable(
    session: Session, person_id: PersonId, *, is_reachable: bool, at: datetime
) -> None:
    """Remember whether the person can be written to in 1:1, as an event of that chat told then."""
    session.execute(
        update(PersonRow)
        .where(PersonRow.id == person_id, PersonRow.reachable_changed_at <= at)
        .values(is_reachable=is_reachable, reachable_changed_at=at)
    )


def is_reachable(session: Session, person_id: PersonId) -> bool:
    """Return whether the person can be written to in 1:1."""
    found = select(PersonRow.is_reachable).where(PersonRow.id == person_id)
    return session.execute(found).scalar_one()


def line_user_id(session: Session, person_id: PersonId) -> str:
    """Return the LINE user id of a person, to be written to."""
    found = select(PersonRow.line_user_id).where(PersonRow.id == person_id)
    return session.execute(found).scalar_one()


def give_post(session: Session, person_id: PersonId, post: Post, *, at: datetime) -> bool:
    """Let a person hold a post from that instant on; False when it is held already."""
    same = select(PostRow.id).where(
        PostRow.person_id == person_id,
        PostRow.role == post.role,
        PostRow.province_id == post.province_id,
        PostRow.district_id.is_not_distinct_from(post.district_id),
        PostRow.agency_id.is_not_distinct_from(post.agency_id),
        _has_not_ended(at),
    )
    if session.scalar(same) is not None:
        return False
    session.add(
        PostRow(
            person_id=person_id,
            role=post.role,
            province_id=post.province_id,
            district_id=post.district_id,
            agency_id=post.agency_id,
            from_at=at,
            until_at=None,
        )
    )
    session.flush()
    return True


def coordinators(
    session: Session, province: ProvinceId, *, since: datetime, at: datetime
) -> list[tuple[PersonId, str]]:
    """Return who has coordinated the province since then and can be written to, with LINE ids."""
    return _coordinators(session, province, PostRow.from_at < since, _has_not_ended(at))


def coordinators_now(
    session: Session, province: ProvinceId, *, at: datetime
) -> list[tuple[PersonId, str]]:
    """Return who coordinates the province and can be written to, with LINE user ids."""
    return _coordinators(session, province, held_at(at))


def has_post(session: Session, agency: AgencyId, role: Role, *, at: datetime) -> bool:
    """Return whether somebody holds such a post of the agency."""
    found = select(PostRow.id).where(PostRow.agency_id == agency, PostRow.role == role, held_at(at))
    return session.scalar(found.limit(1)) is not None


def reachable_of(
    session: Session, agency: AgencyId, role: Role, *, at: datetime
) -> list[tuple[PersonId, str]]:
    """Return who holds such a post of the agency and can be written to, with LINE user ids."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.line_user_id)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .where(
            PostRow.agency_id == agency,
            PostRow.role == role,
            PersonRow.is_reachable.is_(True),
            held_at(at),
        )
        .order_by(PersonRow.id)
        .distinct()
    )
    return [(PersonId(each), line_user_id) for each, line_user_id in rows]


def agencies_with(
    session: Session, province: ProvinceId, role: Role, *, at: datetime
) -> set[AgencyId]:
    """Return the agencies of the province of which somebody holds such a post."""
    found = select(PostRow.agency_id).where(
        PostRow.province_id == province,
        PostRow.role == role,
        PostRow.agency_id.is_not(None),
        held_at(at),
    )
    return {AgencyId(each) for each in session.scalars(found) if each is not None}


def reachable_agencies(session: Session, province: ProvinceId, *, at: datetime) -> set[AgencyId]:
    """Return the agencies of the province of which an officer can be written to in 1:1."""
    return {
        AgencyId(each)
        for each in session.scalars(
            select(PostRow.agency_id)
            .join(PersonRow, PostRow.person_id == PersonRow.id)
            .where(
                PostRow.province_id == province,
                PostRow.agency_id.is_not(None),
                PersonRow.is_reachable.is_(True),
                is_officer_at(at),
            )
        )
        if each is not None
    }


def add_invitation(
    session: Session, code_digest: str, invited: Invited, *, expires_at: datetime
) -> None:
    """Keep a one-time code's digest and what it is good for until `expires_at` (exclusive)."""
    session.add(
        Invitation(
            code_digest=code_digest,
            role=invited.role,
            province_id=invited.province_id,
            district_id=invited.district_id,
            agency_id=invited.agency_id,
            expires_at=expires_at,
            used_at=None,
            of_post_id=invited.of_post_id,
        )
    )
    session.flush()


def void_invitations(session: Session, invited: Invited, *, but_newest: int, at: datetime) -> int:
    """Void from that instant on what is good for the same, but for the newest; return how many.

    Codes that hand a post over are others.
    """
    good_for_the_same = and_(
        Invitation.role == invited.role,
        Invitation.province_id == invited.province_id,
        Invitation.district_id.is_not_distinct_from(invited.district_id),
        Invitation.agency_id.is_not_distinct_from(invited.agency_id),
        Invitation.of_post_id.is_(None),
        Invitation.used_at.is_(None),
        Invitation.expires_at > at,
    )
    newest = select(Invitation.id).where(good_for_the_same).order_by(Invitation.id.desc())
    voided = session.scalars(
        update(Invitation)
        .where(good_for_the_same, Invitation.id.not_in(newest.limit(but_newest)))
        .values(expires_at=at)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return len(voided.all())


def use_invitation(session: Session, code_digest: str, *, at: datetime) -> bool:
    """Use up a code, once: False when it is unknown, expired or was used before."""
    used = session.scalar(
        update(Invitation)
        .where(
            Invitation.code_digest == code_digest,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
        )
        .values(used_at=at)
        .returning(Invitation.id)
    )
    return used is not None


def invitation(session: Session, code_digest: str, *, at: datetime) -> Invited | None:
    """Return what an unused code is good for, or None when it is good for nothing any more."""
    row = session.scalar(
        select(Invitation).where(
            Invitation.code_digest == code_digest,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
        )
    )
    if row is None:
        return None
    return Invited(
        None if row.role is None else Role(row.role),
        ProvinceId(row.province_id),
        None if row.district_id is None else DistrictId(row.district_id),
        None if row.agency_id is None else AgencyId(row.agency_id),
        None if row.of_post_id is None else PostId(row.of_post_id),
    )


def why_void(session: Session, code_digest: str) -> str:
    """Return why a code is good for nothing: it is unknown, was used, or is expired or voided."""
    used_at = select(Invitation.used_at).where(Invitation.code_digest == code_digest)
    row = session.execute(used_at).one_or_none()
    if row is None:
        return "unknown"
    return "expired" if row.used_at is None else "used"


def set_bot_inside(session: Session, line_chat_id: str, *, is_inside: bool, at: datetime) -> None:
    """Remember that the bot joined or left a group; leaving undoes a binding of before."""
    _set_chat(session, line_chat_id, {"is_bot_inside": is_inside, "changed_at": at})
    if is_inside:
        return
    # Also where the bot has been invited again since: that is to be bound anew.
    session.execute(
        update(Chat)
        .where(Chat.line_chat_id == line_chat_id, Chat.bound_at <= at)
        .values(province_id=None, bound_at=None)
    )


def bind_chat(session: Session, line_chat_id: str, province: ProvinceId, *, at: datetime) -> bool:
    """Bind a group to a province; what is said there is that province's from now on.

    False when the bot has left or joined the group since that instant: nothing is bound then.
    """
    values = {"is_bot_inside": True, "changed_at": at, "province_id": province, "bound_at": at}
    return _set_chat(session, line_chat_id, values)


def chat_province(session: Session, line_chat_id: str) -> ProvinceId | None:
    """Return the province a group is bound to, or None."""
    found = session.scalar(select(Chat.province_id).where(Chat.line_chat_id == line_chat_id))
    return None if found is None else ProvinceId(found)


def may_hint(session: Session, line_chat_id: str, *, at: datetime, every: timedelta) -> bool:
    """Return whether a hint may be said in the group now: once in that time, whoever asks."""
    wins = session.scalar(
        update(Chat)
        .where(
            Chat.line_chat_id == line_chat_id,
            or_(Chat.hinted_at.is_(None), Chat.hinted_at <= at - every),
        )
        .values(hinted_at=at)
        .returning(Chat.id)
    )
    return wins is not None


def chat_number(session: Session, line_chat_id: str) -> int:
    """Return the number that a group has here, which says nothing of it elsewhere."""
    return session.execute(select(Chat.id).where(Chat.line_chat_id == line_chat_id)).scalar_one()


def set_members(
    session: Session,
    line_chat_id: str,
    line_user_ids: Sequence[str],
    *,
    are_inside: bool,
    at: datetime,
) -> None:
    """Remember who joined or left a group at that instant, by digests of LINE user ids only."""
    chat = session.scalar(select(Chat.id).where(Chat.line_chat_id == line_chat_id))
    if chat is None:
        set_bot_inside(session, line_chat_id, is_inside=True, at=at)
        chat = session.scalar(select(Chat.id).where(Chat.line_chat_id == line_chat_id))
    values = {"is_inside": are_inside, "changed_at": at}
    for each in line_user_ids:
        session.execute(
            insert_new(session, ChatMember)
            .values(chat_id=chat, who=digest_of(each), **values)
            .on_conflict_do_update(
                index_elements=["chat_id", "who"],
                set_=values,
                where=ChatMember.changed_at <= at,
            )
        )


def _coordinators(
    session: Session, province: ProvinceId, *held: ColumnElement[bool]
) -> list[tuple[PersonId, str]]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.line_user_id)
        .join(PostRow, PostRow.person_id == PersonRow.id)
        .where(
            PostRow.role == Role.COORDINATOR,
            PostRow.province_id == province,
            PersonRow.is_reachable.is_(True),
            *held,
        )
        .order_by(PersonRow.id)
        .distinct()
    )
    return [(PersonId(each), line_user_id) for each, line_user_id in rows]


def _set_chat(session: Session, line_chat_id: str, values: dict[str, Any]) -> bool:
    """Set columns of a group, made when new; False when it has changed since `changed_at`."""
    changed = session.scalar(
        insert_new(session, Chat)
        .values(line_chat_id=line_chat_id, **values)
        .on_conflict_do_update(
            index_elements=["line_chat_id"],
            set_=values,
            where=Chat.changed_at <= values["changed_at"],
        )
        .returning(Chat.id)
    )
    return changed is not None


def held_at(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a post is held at that instant."""
    return and_(PostRow.from_at <= at, _has_not_ended(at))


def is_officer_at(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a post is held then and is an officer's: those are reminded."""
    return and_(PostRow.role == Role.OFFICER, held_at(at))


def _has_not_ended(at: datetime) -> ColumnElement[bool]:
    return or_(PostRow.until_at.is_(None), PostRow.until_at > at)


def post_of(row: PostRow) -> Post:
    """Return what the row of a post says."""
    return Post(
        Role(row.role),
        ProvinceId(row.province_id),
        None if row.district_id is None else DistrictId(row.district_id),
        None if row.agency_id is None else AgencyId(row.agency_id),
    )
