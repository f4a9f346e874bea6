"""Persons, posts, codes, groups: what is held when, and used once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from store import agencies, people
from store.code_tries import digest_of
from store.database import Engine, Session, transaction
from store.models import Chat, ChatMember, PostRow
from store.types import AgencyId, Invited, Post, ProvinceId, Role
from tests.factories import NOON, put_province

LATER = NOON + timedelta(days=1)


def officer(session: Session, province: ProvinceId) -> Post:
    agency = agencies.agencies(session, province)[0]
    return Post(Role.OFFICER, province, None, agency.agency_id)


def test_a_person_is_kept_once(engine: Engine) -> None:
    with transaction(engine) as session:
        first = people.keep_person(session, "U1", at=NOON)

        assert people.keep_person(session, "U1", at=LATER) == first
        assert people.person(session, "U2", at=NOON) is None


def test_a_post_is_held_from_its_first_instant(engine: Engine) -> None:
    with transaction(engine) as session:
        post = officer(session, put_province(session))
        person = people.keep_person(session, "U1", at=NOON)

        people.give_post(session, person, post, at=NOON)

        before = NOON - timedelta(microseconds=1)
        assert people.posts(session, person, at=before) == ()
        assert people.posts(session, person, at=NOON) == (post,)


def test_a_post_is_held_until_its_end_and_may_be_given_again(engine: Engine) -> None:
    with transaction(engine) as session:
        post = officer(session, put_province(session))
        person = people.keep_person(session, "U1", at=NOON)
        people.give_post(session, person, post, at=NOON)
        session.execute(update(PostRow).values(until_at=LATER))

        people.give_post(session, person, post, at=LATER)

        last = LATER - timedelta(microseconds=1)
        assert people.posts(session, person, at=last) == (post,)
        assert people.posts(session, person, at=LATER) == (post,)
        assert session.scalar(select(func.count(PostRow.id))) == 2


def test_the_same_post_is_not_doubled(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        person = people.keep_person(session, "U1", at=NOON)
        posts = (officer(session, province), Post(Role.COORDINATOR, province, None, None))

        for post in (*posts, *posts):
            people.give_post(session, person, post, at=NOON)

        assert people.posts(session, person, at=NOON) == posts


def test_a_code_is_used_once_and_before_it_expires(engine: Engine) -> None:
    with transaction(engine) as session:
        invited = Invited(Role.COORDINATOR, put_province(session))
        people.add_invitation(session, "digest", invited, expires_at=LATER)
        last = LATER - timedelta(microseconds=1)

        assert people.invitation(session, "digest", at=last) == invited
        assert people.invitation(session, "digest", at=LATER) is None
        assert people.use_invitation(session, "digest", at=LATER) is False
        assert people.use_invitation(session, "digest", at=last) is True
        assert people.use_invitation(session, "digest", at=last) is False
        assert people.invitation(session, "digest", at=last) is None
        assert people.use_invitation(session, "another", at=last) is False


def test_a_code_says_what_it_is_good_for(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        district = agencies.districts(session, province)["แม่ริม"]
        agency = AgencyId(agencies.agencies(session, province)[0].agency_id)
        given = {
            "a": Invited(None, province),
            "b": Invited(Role.DISTRICT, province, district),
            "c": Invited(Role.OFFICER, province, None, agency),
        }
        for digest, invited in given.items():
            people.add_invitation(session, digest, invited, expires_at=LATER)

        found = {digest: people.invitation(session, digest, at=NOON) for digest in given}

        assert found == given


def test_coordinators_are_found_of_the_province_since_then_and_reachable(engine: Engine) -> None:
    with transaction(engine) as session:
        here, there = put_province(session), put_province(session, "ลำพูน")
        for name, province, at in (
            ("old", here, NOON),
            ("new", here, LATER),
            ("blocked", here, NOON),
            ("neighbour", there, NOON),
        ):
            person = people.keep_person(session, name, at=NOON)
            people.give_post(session, person, Post(Role.COORDINATOR, province, None, None), at=at)
            people.set_reachable(session, person, is_reachable=name != "blocked", at=NOON)
        colleague = people.keep_person(session, "officer", at=NOON)
        people.give_post(session, colleague, officer(session, here), at=NOON)

        found = people.coordinators(session, here, since=LATER, at=LATER)

        assert [name for _, name in found] == ["old"]


def test_an_agency_is_reachable_by_anybody_of_its_officers(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        post = officer(session, province)
        one, two = (people.keep_person(session, name, at=NOON) for name in ("U1", "U2"))
        for each in (one, two):
            people.give_post(session, each, post, at=NOON)

        people.set_reachable(session, one, is_reachable=False, at=NOON)
        with_one_left = people.reachable_agencies(session, province, at=NOON)
        people.set_reachable(session, two, is_reachable=False, at=NOON)

        assert with_one_left == {post.agency_id}
        assert people.reachable_agencies(session, province, at=NOON) == set()
        assert people.is_reachable(session, two) is False


@pytest.mark.parametrize("newer", [True, False])
def test_what_was_heard_last_of_a_person_counts(engine: Engine, newer: bool) -> None:  # noqa: FBT001
    with transaction(engine) as session:
        person = people.keep_person(session, "U1", at=NOON)

        people.set_reachable(session, person, is_reachable=newer, at=LATER)
        people.set_reachable(session, person, is_reachable=not newer, at=NOON)

        assert people.is_reachable(session, person) is newer


def test_an_event_of_before_a_person_was_first_seen_does_not_count(engine: Engine) -> None:
    with transaction(engine) as session:
        person = people.keep_person(session, "U1", at=LATER)

        people.set_reachable(session, person, is_reachable=False, at=NOON)

        assert people.is_reachable(session, person) is True


@pytest.mark.parametrize("knows_bot", [True, False])
def test_a_group_is_bound_and_let_go(engine: Engine, knows_bot: bool) -> None:  # noqa: FBT001
    with transaction(engine) as session:
        province = put_province(session)
        if knows_bot:
            people.set_bot_inside(session, "C1", is_inside=True, at=NOON)

        people.bind_chat(session, "C1", province, at=NOON)
        bound = people.chat_province(session, "C1")
        people.set_bot_inside(session, "C1", is_inside=False, at=LATER)

        assert bound == province
        assert people.chat_province(session, "C1") is None
        assert session.execute(select(Chat.is_bot_inside, Chat.bound_at)).one() == (False, None)


def test_the_bot_joining_again_does_not_bind_a_group(engine: Engine) -> None:
    with transaction(engine) as session:
        people.set_bot_inside(session, "C1", is_inside=True, at=NOON)

        assert people.chat_province(session, "C1") is None
        assert people.chat_province(session, "C2") is None


def test_a_joining_bot_leaves_the_binding_as_it_is(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        people.bind_chat(session, "C1", province, at=NOON)

        people.set_bot_inside(session, "C1", is_inside=True, at=LATER)

        assert people.chat_province(session, "C1") == province


def test_leaving_before_the_binding_does_not_undo_it(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        is_bound = people.bind_chat(session, "C1", province, at=LATER)

        people.set_bot_inside(session, "C1", is_inside=False, at=NOON)

        assert is_bound is True
        assert people.chat_province(session, "C1") == province
        assert session.execute(select(Chat.is_bot_inside)).scalar_one() is True


def test_a_group_that_the_bot_has_left_since_is_not_bound(engine: Engine) -> None:
    with transaction(engine) as session:
        province = put_province(session)
        people.set_bot_inside(session, "C1", is_inside=False, at=LATER)

        is_bound = people.bind_chat(session, "C1", province, at=NOON)

        assert is_bound is False
        assert people.chat_province(session, "C1") is None


def test_a_leaving_heard_of_after_the_next_joining_still_undoes_the_binding(engine: Engine) -> None:
    with transaction(engine) as session:
        people.bind_chat(session, "C1", put_province(session), at=NOON)
        people.set_bot_inside(session, "C1", is_inside=True, at=LATER)

        people.set_bot_inside(session, "C1", is_inside=False, at=NOON + timedelta(hours=1))

        assert people.chat_province(session, "C1") is None
        assert session.execute(select(Chat.is_bot_inside)).scalar_one() is True


def test_the_bot_inside_is_what_was_heard_last(engine: Engine) -> None:
    with transaction(engine) as session:
        people.set_bot_inside(session, "C1", is_inside=False, at=LATER)

        people.set_bot_inside(session, "C1", is_inside=True, at=NOON)

        assert session.execute(select(Chat.is_bot_inside)).scalar_one() is False


@pytest.mark.parametrize("newer", [True, False])
def test_the_roster_is_what_was_heard_last(engine: Engine, newer: bool) -> None:  # noqa: FBT001
    with transaction(engine) as session:
        people.set_members(session, "C1", ["U1"], are_inside=newer, at=LATER)

        people.set_members(session, "C1", ["U1"], are_inside=not newer, at=NOON)

        assert session.execute(select(ChatMember.is_inside)).scalar_one() is newer


def test_the_roster_remembers_who_is_in_a_group_now(engine: Engine) -> None:
    with transaction(engine) as session:
        people.set_members(session, "C1", ["U1", "U2"], are_inside=True, at=NOON)
        people.set_members(session, "C1", ["U2"], are_inside=False, at=LATER)
        people.set_members(session, "C2", ["U2"], are_inside=True, at=LATER)

        rows = session.execute(
            select(Chat.line_chat_id, ChatMember.who, ChatMember.is_inside)
            .join(Chat, ChatMember.chat_id == Chat.id)
            .order_by(ChatMember.id)
        ).all()

    assert [tuple(row) for row in rows] == [
        ("C1", digest_of("U1"), True),
        ("C1", digest_of("U2"), False),
        ("C2", digest_of("U2"), True),
    ]
