"""The coordinators' digest: one a week, on its first working day (สรุปประจำสัปดาห์)."""

from collections.abc import Sequence
from datetime import date, datetime, time

from handlers.decisions import Decision, DoNotSend, SendLater, SendNow
from handlers.rhythm import rhythm_of, rhythms
from handlers.rules.progress import current_activities
from handlers.rules.workdays import BANGKOK, ONE_DAY, Calendar, week_of
from messages_th.digests import ActivityProgress, DigestFacts, digest
from messages_th.parts import from_json
from store import agencies, duties, outbox, people, plans, post_messages, record
from store.database import Session
from store.models import Topic
from store.types import ActivityFacts, Agency, AgencyId, Count, Post, ProvinceId, Role


def plan_digests(session: Session, *, now: datetime, calendar: Calendar) -> int:
    """Queue this week's digest for every coordinator who has none yet; return how many.

    It is due from the week's first working day on, in office hours; a service that slept over
    Monday makes up for it on Tuesday.  Who becomes coordinator later gets the next week's.  It is
    made into words when it is sent.
    """
    monday, _ = week_of(now.astimezone(BANGKOK).date())
    queued = 0
    for province, rhythm in rhythms(session, calendar).items():
        if not rhythm.is_office_time(now) or not plans.activities(session, province):
            continue
        first_day = rhythm.calendar.next_working_day_on_or_after(monday)
        day_after = datetime.combine(first_day + ONE_DAY, time.min, BANGKOK)
        for person, line_user_id in people.coordinators(session, province, since=day_after, at=now):
            queued += outbox.add_message(
                session,
                key=f"digest:{province}:{person}:{monday.isoformat()}",
                topic=Topic.DIGEST,
                line_to=line_user_id,
                person_id=person,
                province_id=province,
                parts=None,
                at=now,
            )
    return queued


def compose(
    session: Session, message: outbox.Message, *, now: datetime, calendar: Calendar
) -> Decision:
    """Ask again, at the moment of sending, whether a digest is still of its week; word it now."""
    if week_of(message.created_at.astimezone(BANGKOK).date()) != week_of(
        now.astimezone(BANGKOK).date()
    ):
        return DoNotSend("too_late")
    if message.person_id is not None and not any(
        _coordinates(post, message.province_id)
        for post in people.posts(session, message.person_id, at=now)
    ):
        return DoNotSend(post_messages.ENDED)
    if message.province_id is None:
        return SendNow(from_json(message.parts or []))  # queued by an older version, with its words
    rhythm = rhythm_of(session, message.province_id, calendar)
    if not rhythm.is_office_time(now):
        return SendLater(rhythm.next_office_instant(now))
    today = now.astimezone(BANGKOK).date()
    return SendNow([digest(_facts(session, message.province_id, today, now), today)])


def _coordinates(post: Post, province: ProvinceId | None) -> bool:
    return post.role is Role.COORDINATOR and province in (None, post.province_id)


def _facts(session: Session, province: ProvinceId, today: date, now: datetime) -> DigestFacts:
    monday, sunday = week_of(today)
    counts = duties.counts_by_activity(session, province)
    current = current_activities(plans.activities(session, province), today=today)
    dated = [
        (activity.window, activity)
        for activity in current
        if activity.window is not None and activity.activity_id in counts
    ]
    everybody = agencies.agencies(session, province)
    reachable = people.reachable_agencies(session, province, at=now)

    def progress(
        activities: Sequence[ActivityFacts], *, names: bool
    ) -> tuple[ActivityProgress, ...]:
        return tuple(
            ActivityProgress(
                activity,
                counts[activity.activity_id],
                _unfinished(session, activity, reachable) if names else (),
            )
            for activity in activities
            if counts[activity.activity_id].finished < counts[activity.activity_id].total
        )

    waiting = [
        (duty.changed_at or now).astimezone(BANGKOK).date()
        for duty in duties.waiting_for_approval(session, province)
        if duty.activity in current
    ]
    late = sorted(
        ((w.last, a) for w, a in dated if w.last < today), key=lambda each: each[0], reverse=True
    )
    return DigestFacts(
        province=agencies.province_name(session, province),
        overdue=progress([a for _, a in late], names=True),
        stuck=tuple(
            duty for duty in duties.stuck_in_province(session, province) if duty.activity in current
        ),
        ending=progress([a for w, a in dated if today <= w.last <= sunday], names=True),
        opening=tuple(
            a for w, a in dated if w.first and monday <= w.first <= sunday and w.last > sunday
        ),
        waiting=len(waiting),
        waiting_since=min(waiting, default=None),
        running=progress(
            [a for w, a in dated if w.last > sunday and (w.first or monday) < monday],
            names=False,
        ),
        joined=Count(len(reachable), len(everybody)),
        seal=record.seal(session, province),
    )


def _unfinished(
    session: Session, activity: ActivityFacts, reachable: set[AgencyId]
) -> tuple[Agency, ...]:
    found = duties.unfinished_of_activities(session, [activity.activity_id])
    bodies = list({duty.agency.agency_id: duty.agency for duty in found}.values())
    # Those who were reminded and did not answer come before those who never joined.
    return tuple(sorted(bodies, key=lambda agency: agency.agency_id not in reachable))
