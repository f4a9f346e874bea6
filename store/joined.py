"""Queries: who has joined for each agency, and who of them can be reached."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.agencies import agencies
from store.code_tries import digest_of
from store.models import Chat, ChatMember, PersonRow, PostRow
from store.people import held_at
from store.types import Joined, ProvinceId, Role


def joined(session: Session, province: ProvinceId, *, at: datetime) -> list[Joined]:
    """Return of every agency of the province, but the closed ones, who has joined for it."""
    rows = session.execute(
        select(
            PostRow.agency_id,
            PostRow.role,
            PersonRow.is_reachable,
            PersonRow.line_user_id,
        )
        .join(PersonRow, PostRow.person_id == PersonRow.id)
        .where(PostRow.province_id == province, PostRow.agency_id.is_not(None), held_at(at))
    )
    outside = _outside(session, province)
    found: defaultdict[int, list[tuple[str, bool, bool]]] = defaultdict(list)
    for agency_id, role, is_reachable, line_user_id in rows:
        is_outside = digest_of(line_user_id) in outside
        found[agency_id or 0].append((role, is_reachable, is_outside))
    counted = []
    for agency in agencies(session, province):
        people = found[agency.agency_id]
        officers = [each for each in people if each[0] == Role.OFFICER]
        counted.append(
            Joined(
                agency,
                officers=len(officers),
                executives=sum(role == Role.EXECUTIVE for role, _, _ in people),
                reachable=sum(is_reachable for _, is_reachable, _ in officers),
                outside=sum(is_outside for _, _, is_outside in officers),
            )
        )
    return counted


def _outside(session: Session, province: ProvinceId) -> set[str]:
    """Return the digests of who has left the province's groups and is in none of them."""
    rows = session.execute(
        select(ChatMember.who, ChatMember.is_inside)
        .join(Chat, ChatMember.chat_id == Chat.id)
        .where(Chat.province_id == province)
    ).all()
    return {who for who, _ in rows} - {who for who, is_inside in rows if is_inside}
