"""Notices: each once for ever, on a message to everybody whom it concerns, with a last reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from store import agencies, duties, notices, outbox, people, plans
from store.database import Engine, Session, transaction
from store.models import Notice, OutboxMessage, QueueState, Topic
from store.types import ActivityId, DutyState, NoticeKind, OutboxId, PersonId, Post, Reason, Role
from tests.factories import JANUARY, NOON, duty_of, make_draft, put_plan, put_province

MAE_RAEM, WIANG_FANG = "เทศบาลตำบลแม่แรม", "เทศบาลตำบลเวียงฝาง"
TODAY = date(2024, 1, 3)


@pytest.fixture
def small(engine: Engine) -> Engine:
    """Two agencies with one duty each."""
    with transaction(engine) as session:
        put_plan(session, put_province(session), make_draft("3"))
    return engine


def activity(session: Session) -> ActivityId:
    return plans.activities_with_window(session)[0].activity_id


def planned(
    session: Session,
    kind: NoticeKind = NoticeKind.BEFORE,
    days: int = 7,
    last_on: date = JANUARY.last,
) -> int:
    what = notices.Spread(activity(session), kind, days, last_on)
    return notices.plan_notices(session, [what], today=TODAY, at=NOON)


def join(session: Session, name: str, agency: str = MAE_RAEM) -> PersonId:
    person = people.keep_person(session, name, at=NOON)
    found = duty_of(session, agency).agency
    post = Post(Role.OFFICER, found.province_id, None, found.agency_id)
    people.give_post(session, person, post, at=NOON)
    return person


def message_to(session: Session, person: PersonId) -> OutboxId:
    key = f"reminder:{person}"
    outbox.add_message(
        session,
        key=key,
        topic=Topic.REMINDER,
        line_to="U",
        person_id=person,
        parts=None,
        at=NOON,
    )
    found = select(OutboxMessage.id).where(OutboxMessage.key == key)
    return OutboxId(session.execute(found).scalar_one())


def outcomes(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.outcome).order_by(Notice.id)))


def test_a_notice_is_planned_once_for_ever(small: Engine) -> None:
    with transaction(small) as session:
        first, again = planned(session), planned(session)
        notices.close_without_contact(session, "no_contact", at=NOON)

        assert (first, again, planned(session)) == (2, 0, 0)


def test_another_offset_or_deadline_is_another_notice(small: Engine) -> None:
    with transaction(small) as session:
        planned(session)

        assert planned(session, days=3) == 2
        assert planned(session, NoticeKind.OVERDUE, 7) == 2
        assert planned(session, last_on=date(2024, 2, 1)) == 2


def test_who_has_done_it_or_cannot_be_reached_gets_the_reason_at_once(small: Engine) -> None:
    with transaction(small) as session:
        duty = duty_of(session, MAE_RAEM)
        duties.move_duty(session, duty, DutyState.DONE, reason="", at=NOON)

        assert planned(session) == 2
        assert sorted(outcomes(session)) == [Reason.DONE, Reason.NO_CONTACT]


def test_what_was_done_and_is_not_any_more_is_on_its_way_again(small: Engine) -> None:
    with transaction(small) as session:
        join(session, "U1")
        duty = duty_of(session, MAE_RAEM)
        duties.move_duty(session, duty, DutyState.DONE, reason="", at=NOON)
        planned(session)
        done = duty_of(session, MAE_RAEM)
        duties.move_duty(session, done, DutyState.OPEN, reason="", at=NOON)

        assert (planned(session), planned(session)) == (1, 0)
        assert sorted(outcomes(session)) == ["", Reason.NO_CONTACT]


def test_what_led_up_to_an_offset_is_closed_where_nothing_was_decided(small: Engine) -> None:
    with transaction(small) as session:
        join(session, "U1")
        planned(session)
        known = notices.Spread(activity(session), NoticeKind.BEFORE, 7, JANUARY.last)
        opened = notices.Spread(
            activity(session), NoticeKind.OPENS, 0, JANUARY.last, Reason.CAUGHT_UP
        )

        before = notices.undecided(session, [known, opened])
        notices.close_unplanned(session, before, today=TODAY)

        assert (before, notices.undecided(session, [known, opened])) == ([opened], [])
        assert sorted(outcomes(session)) == [
            "",
            Reason.CAUGHT_UP,
            Reason.CAUGHT_UP,
            Reason.NO_CONTACT,
        ]


def test_a_duty_out_of_force_is_not_planned_for(small: Engine) -> None:
    with transaction(small) as session:
        gone = activity(session)
        put_plan(session, agencies.provinces(session)[0], make_draft("5", "ประชุมคณะทำงาน"))

        what = notices.Spread(gone, NoticeKind.OPENS, 0, JANUARY.last)

        assert notices.plan_notices(session, [what], today=TODAY, at=NOON) == 0


def test_who_cannot_be_written_to_is_no_reader(small: Engine) -> None:
    with transaction(small) as session:
        person = join(session, "U1")
        planned(session)
        reachable = notices.readers_waiting(session, at=NOON)
        people.set_reachable(session, person, is_reachable=False, at=NOON)

        assert reachable == [(person, "U1")]
        assert notices.readers_waiting(session, at=NOON) == []
        assert notices.close_without_contact(session, "no_contact", at=NOON) == 1


def test_a_notice_goes_on_the_message_of_each_whom_it_concerns(small: Engine) -> None:
    with transaction(small) as session:
        one, two = join(session, "U1"), join(session, "U2")
        planned(session)
        messages = [message_to(session, person) for person in (one, two)]

        notices.carry(session, at=NOON)

        carried = [notices.carried(session, each) for each in messages]
        assert [[(n.kind, n.days, n.last_on) for n in each] for each in carried] == [
            [("before", 7, JANUARY.last)]
        ] * 2
        assert carried[0] == carried[1]
        assert notices.readers_waiting(session, at=NOON) == []


def test_a_message_that_was_tried_takes_no_more_notices(small: Engine) -> None:
    with transaction(small) as session:
        message = message_to(session, join(session, "U1"))
        planned(session)
        (taken,) = outbox.next_due(session, at=NOON, replies=0, pushes=1)
        lease = NOON + timedelta(seconds=15)
        outbox.begin_tries(session, [(taken.read(), [])], at=NOON, leased_until=lease)

        notices.carry(session, at=NOON)

        assert notices.carried(session, message) == []


def test_the_first_outcome_stays(small: Engine) -> None:
    with transaction(small) as session:
        join(session, "U1")
        join(session, "U2", WIANG_FANG)
        planned(session)
        ids = list(session.scalars(select(Notice.id)))

        notices.close_open(session, ids[:1], Reason.SENT)
        notices.close_open(session, ids, "done")

        assert outcomes(session) == ["sent", "done"]


def test_what_a_colleague_still_gets_is_not_abandoned(small: Engine) -> None:
    with transaction(small) as session:
        one, two = join(session, "U1"), join(session, "U2")
        planned(session)
        first, second = message_to(session, one), message_to(session, two)
        notices.carry(session, at=NOON)

        notices.close_abandoned(session, first, "no_contact")
        while_a_colleague_gets_it = notices.waiting_of_activity(
            session, activity(session), list(NoticeKind)
        )
        outbox.close(session, first, QueueState.DROPPED, "no_contact", at=NOON)
        notices.close_abandoned(session, second, "no_contact")

        assert while_a_colleague_gets_it == 1
        assert outcomes(session) == ["no_contact", "no_contact"]


def test_notices_on_their_way_are_counted_by_activity(small: Engine) -> None:
    with transaction(small) as session:
        join(session, "U1")
        join(session, "U2", WIANG_FANG)
        planned(session)
        planned(session, days=3)
        notices.close_open(
            session, [session.execute(select(func.min(Notice.id))).scalar_one()], "x"
        )

        assert notices.waiting_of_activity(session, activity(session), list(NoticeKind)) == 3
