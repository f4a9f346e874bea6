"""Queries: who has joined for each agency, and who of them can be reached."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from store.agencies import agencies
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
            _is_member(province, is_inside=False) & ~_is_member(province, is_inside=True),
        )
        .join(PersonRow, PostRow.person_id == PersonRow.id)
        .where(PostRow.province_id == province, PostRow.agency_id.is_not(None), held_at(at))
    )
    found: defaultdict[int, list[tuple[str, bool, bool]]] = defaultdict(list)
    for agency_id, role, is_reachable, is_outside in rows:
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


def _is_member(province: ProvinceId, *, is_inside: bool) -> ColumnElement[bool]:
    """Return the condition that a group of the province has a person inside, or outside."""
    return exists().where(
        ChatMember.line_user_id == PersonRow.line_user_id,
        ChatMember.chat_id == Chat.id,
        Chat.province_id == province,
        ChatMember.is_inside.is_(is_inside),
    )
