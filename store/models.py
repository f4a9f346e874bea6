"""Tables.  Facts are rows; what is derived is asked for in the query modules.

Instants are `UtcDateTime`; dates are Bangkok dates.  Constraints are named by a convention, as
SQLite can drop only what has a name.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive times, hands back UTC (SQLite itself forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant in UTC.

        Raises:
            ValueError: when the time has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instant without a zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the instant with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base; enums are plain text columns checked by the code that writes them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - declared so by SQLAlchemy
        datetime: UtcDateTime,
        date: Date,
        str: String,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Province(Base):
    """จังหวัด: the border that nothing crosses.

    `one_person_may_approve` is the province's own choice on the two-step rule: whether who
    reported may approve it as well, where an agency has one person for both.  `policy` holds the
    numbers by which it reminds where they differ from the defaults, read by `store.policies`.
    """

    __tablename__ = "province"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    one_person_may_approve: Mapped[bool] = mapped_column(server_default=false())
    policy: Mapped[dict[str, Any] | None]


class Holiday(Base):
    """วันหยุด that a province added, or took away (not `is_day_off`) from the usual ones."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("province_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    day: Mapped[date]
    is_day_off: Mapped[bool]
    name: Mapped[str]


class District(Base):
    """อำเภอ, its name without the word."""

    __tablename__ = "district"
    __table_args__ = (UniqueConstraint("province_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    name: Mapped[str]


class AgencyRow(Base):
    """หน่วยงาน, by its full official name; kind is an `AgencyKind`.

    One that is no more stays, with `closed_at`, as reports hang on it.
    """

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("province_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    closed_at: Mapped[datetime | None]


class FormerName(Base):
    """ชื่อเดิม: what an agency was called and its kind then, as old plans still print it."""

    __tablename__ = "former_name"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    kind: Mapped[str]


class Plan(Base):
    """แผน of one province and fiscal year (BE); `version` counts what was put in force."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("province_id", "fiscal_year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    fiscal_year: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class PlanVersion(Base):
    """What a version of a plan said, as read, kept for ever."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    in_force_at: Mapped[datetime]


class PlanDraftRow(Base):
    """ร่างแผน that waits for answers and for somebody to confirm it (`docs/plans.md`).

    `person_id` is empty where an operator made it in the terminal.  `base_version` is the version
    in force when it was made, 0 for none: another one since, and it cannot be confirmed.
    `revision` grows with every answer, so that an old button is told from a new one.  `answers`
    says what was asked and answered, `became_version` what it was put in force as.
    """

    __tablename__ = "plan_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    fiscal_year: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    origin: Mapped[str]
    base_version: Mapped[int]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    answers: Mapped[list[Any]]
    state: Mapped[str]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    became_version: Mapped[int | None]


class Activity(Base):
    """กิจกรรม in force, the printed texts kept beside what was read from them.

    `revision` is the plan's version in which the row last changed.  A row that a newer version
    dropped stays, with `removed_at`, as reports hang on it.
    """

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    number: Mapped[str]
    printed_number: Mapped[str]
    title: Mapped[str] = mapped_column(Text)
    window_text: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    responsible_text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    removed_at: Mapped[datetime | None]


class ActivityParty(Base):
    """ผู้รับผิดชอบ of an activity: a `PartyKind`, or one agency where it was printed by name."""

    __tablename__ = "activity_party"
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    printed: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))


class Step(Base):
    """ขั้นตอน of an activity; `position` counts from 1, `actor` is an `Actor`.

    A step that a newer version of the plan dropped stays, not `is_printed`, as reports hang on it.
    With `needs_evidence` it is done only with something to show for it.
    """

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("activity_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    actor: Mapped[str]
    is_printed: Mapped[bool]
    needs_evidence: Mapped[bool] = mapped_column(server_default=false())


class Duty(Base):
    """One agency's share of one step: what is reported, reminded of and counted.

    `state` is what its reports add up to, kept here so that counting is one query.  A duty that
    the plan no longer asks for stays, not `is_in_force`, with its reports.
    """

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("step_id", "agency_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime | None]
    is_in_force: Mapped[bool]


class Report(Base):
    """รายงานผล, append-only: who moved a duty to which state, when and by which event.

    `salt` is drawn for each report: the record holds the digest of both, so that a reason can be
    proved, and cannot be guessed any more once salt and reason were erased.  `figure` is a number
    in Arabic digits with its unit behind it ("45 ชุด"), `link` an address that somebody gave; both
    are "" where none was.
    """

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    webhook_event_id: Mapped[str]
    salt: Mapped[str] = mapped_column(server_default=text("''"))
    figure: Mapped[str] = mapped_column(server_default=text("''"))
    link: Mapped[str] = mapped_column(Text, server_default=text("''"))


class Review(Base):
    """สอบทานแล้ว, append-only: somebody checked what was reported, and it is locked since.

    It is of one report: as soon as a newer one moves the duty, nothing is locked any more.
    """

    __tablename__ = "review"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime]


class StuckAnswer(Base):
    """What a coordinator answered to a report that something is stuck (ติดปัญหา).

    `salt` as with a report's reason.
    """

    __tablename__ = "stuck_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text)
    salt: Mapped[str]
    answered_at: Mapped[datetime]


class Evidence(Base):
    """หลักฐาน of a duty, append-only: a photo, a file, or a link to where it is published.

    A file lies outside the database, in the folder of files under the random `stored_as`; `sha256`
    and `size` (bytes) are of what LINE gave us, `media_type` is what the bytes are and not what
    anybody called them; of a link, `sha256` is of its letters.  What its sender unsent keeps that
    digest alone, with `withdrawn_at`.  `line_message_id` tells which message it was.
    """

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    stored_as: Mapped[str | None] = mapped_column(unique=True)
    media_type: Mapped[str] = mapped_column(server_default=text("''"))
    size: Mapped[int] = mapped_column(server_default=text("0"))
    sha256: Mapped[str] = mapped_column(server_default=text("''"))
    link: Mapped[str] = mapped_column(Text, server_default=text("''"))
    line_message_id: Mapped[str] = mapped_column(index=True, server_default=text("''"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class EvidenceWait(Base):
    """For which duty the next photo or file of a person is, until `until_at` (exclusive).

    With `then_done` the duty becomes done by it, with the `figure` that was reported: what was
    missing was only the evidence it needs.
    """

    __tablename__ = "evidence_wait"
    __table_args__ = (UniqueConstraint("person_id", "duty_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    then_done: Mapped[bool]
    figure: Mapped[str] = mapped_column(server_default=text("''"))
    until_at: Mapped[datetime]


class RecordEntry(Base):
    """บันทึก, append-only and chained by digests: any change, loss or reordering shows.

    `number` counts from 1 in each province; `act` is an `Act`; `details` is JSON, kept as the very
    text that its digest covers.  What `digest` covers is said in `store.record`.
    """

    __tablename__ = "record_entry"
    __table_args__ = (UniqueConstraint("province_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    act: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"), index=True)
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    digest: Mapped[str]


class PersonRow(Base):
    """A LINE user; `is_reachable` is what the events of the 1:1 chat said last.

    `reachable_changed_at` is the instant of the newest of those events, as LINE stamped it.
    `display_name` is what the person gave when asking to join, "" where a code was enough.  Who
    had their data deleted (`erased_at`) stays as a number: `line_user_id` is then "erased:ID".
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    line_user_id: Mapped[str] = mapped_column(unique=True)
    is_reachable: Mapped[bool]
    reachable_changed_at: Mapped[datetime]
    first_seen_at: Mapped[datetime]
    display_name: Mapped[str] = mapped_column(server_default=text("''"))
    erased_at: Mapped[datetime | None]


class PostRow(Base):
    """ตำแหน่งหน้าที่: a role for a province, district or agency, from (inclusive) until (exclusive)."""

    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time code; only its digest is kept.  Without a role it binds a group.

    With `of_post_id` it hands that post over: whoever uses it holds the post from then on, and
    who held it does no more.
    """

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str | None]
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    of_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))


class PrivacyNotice(Base):
    """ประกาศความเป็นส่วนตัว: to whom it was shown who is not known yet.

    `who` is a digest: nothing of a person is kept before they have read what would be.
    """

    __tablename__ = "privacy_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(unique=True)
    shown_at: Mapped[datetime]


class JoinRequest(Base):
    """Somebody asks to join as officer or executive of an agency; a coordinator decides.

    It waits while `decided_at` is empty, and until the asker has given a name it is shown to
    nobody (`person.display_name`).  `outcome` is a `JoinOutcome`.
    """

    __tablename__ = "join_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    role: Mapped[str]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(server_default=text("''"))


class Download(Base):
    """A file that was made for one person to fetch, until `expires_at` (exclusive), then removed.

    It lies in the folder of files under the random `stored_as`; `name` is what it is saved as.
    """

    __tablename__ = "download"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stored_as: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    expires_at: Mapped[datetime]


class CodeTry(Base):
    """How often a code was tried in a clock hour: by one person, or by all (`who` is "").

    `who` is a digest, as a stranger's LINE user id is not kept before they have joined.
    """

    __tablename__ = "code_try"
    __table_args__ = (UniqueConstraint("who", "hour_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    hour_at: Mapped[datetime]
    tries: Mapped[int]


class Chat(Base):
    """A LINE group or room the bot was invited to; `province_id` once it is bound.

    `changed_at` is the instant of the newest event that told of it, as LINE stamped it, `hinted_at`
    when it was last said there how to join: once an hour at most.
    """

    __tablename__ = "chat"
    id: Mapped[int] = mapped_column(primary_key=True)
    line_chat_id: Mapped[str] = mapped_column(unique=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
    bound_at: Mapped[datetime | None]
    is_bot_inside: Mapped[bool]
    changed_at: Mapped[datetime]
    hinted_at: Mapped[datetime | None]


class ChatMember(Base):
    """Who joined and left a group; `changed_at` as LINE stamped it.

    `who` is a digest, as most members of a group have not read what would be kept of them.
    """

    __tablename__ = "chat_member"
    __table_args__ = (UniqueConstraint("chat_id", "who"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chat.id"))
    who: Mapped[str]
    is_inside: Mapped[bool]
    changed_at: Mapped[datetime]


class QueueState(StrEnum):
    """Where a row of the inbox or outbox stands."""

    WAITING = "waiting"
    SENDING = "sending"
    """Outbox only: a try has begun and may have reached LINE; it is leased until `next_at`."""
    DONE = "done"
    DROPPED = "dropped"
    """Decided against, with the reason in `outcome`."""
    PARKED = "parked"
    """Given up after errors; an operator looks at it."""


IS_WAITING = text("state = 'waiting'")
IS_UNDER_WAY = text("state IN ('waiting', 'sending')")
IS_REPLY_UNDER_WAY = text("state IN ('waiting', 'sending') AND reply_token IS NOT NULL")
IS_PUSH_UNDER_WAY = text("state IN ('waiting', 'sending') AND reply_token IS NULL")
"""Conditions of partial indexes: the queues stay small beside what they have done.  The queries
that they serve name these states as constants, as no planner can prove it of a parameter."""


class InboxEvent(Base):
    """A webhook event, kept once; `body` is LINE's JSON in ASCII and goes as soon as it may.

    `next_at` is empty until a try failed, `finished_at` until it was worked; `outcome` names the
    error of the last failure.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (
        Index(
            "ix_inbox_event_next",
            "sent_at",
            "id",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
        Index(
            "ix_inbox_event_of_chat",
            "chat_key",
            "sent_at",
            "id",
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_event_id: Mapped[str] = mapped_column(unique=True)
    chat_key: Mapped[str]
    kind: Mapped[str]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    body: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(server_default=text("''"))


class Topic(StrEnum):
    """What an outgoing message is about, which decides how it is made and whether it may wait."""

    ANSWER = "answer"
    REMINDER = "reminder"
    DIGEST = "digest"
    CORRECTION = "correction"
    """A date that was told and is no longer true"""
    APPROVAL = "approval"
    """What waits for an executive"""
    RETURNED = "returned"
    """What an executive sent back, for the officers"""
    STUCK = "stuck"
    """What somebody is stuck with, for the coordinators"""
    STUCK_ANSWER = "stuck_answer"
    """What a coordinator answered, for the officers"""
    JOIN = "join"
    """Who asks to join, for the coordinators; and what they said, for who asked"""
    HINT = "hint"
    """A word in private to who tapped what is not theirs in the group"""


class OutboxMessage(Base):
    """One request to LINE, written in the same transaction as the facts it speaks of.

    With a `reply_token` it is a reply that may fall back to a push to `line_to` ("" = it may
    not).  `key` is unique, so that the same thing is never queued twice.  `parts` is empty until
    the first try where the wording depends on the day it is sent.  `province_id` is the province
    that a digest is about, `about_id` the row that it is about otherwise (a report, a request to
    join: by `topic`), `chat_key` the chat in which it has its place among others.
    `may_have_arrived` is set before each try and cleared by an answer that proves the contrary.

    `next_at` is the first instant at which anybody may take it.  While a try is on its way that is
    the end of its lease: the process that made it has died or lost track by then.  `attempts`
    numbers the tries, so that an outcome which comes late is told from the present try's.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_next_reply",
            "next_at",
            "id",
            sqlite_where=IS_REPLY_UNDER_WAY,
            postgresql_where=IS_REPLY_UNDER_WAY,
        ),
        Index(
            "ix_outbox_message_next_push",
            "next_at",
            "id",
            sqlite_where=IS_PUSH_UNDER_WAY,
            postgresql_where=IS_PUSH_UNDER_WAY,
        ),
        Index(
            "ix_outbox_message_of_chat",
            "chat_key",
            "id",
            sqlite_where=IS_UNDER_WAY,
            postgresql_where=IS_UNDER_WAY,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    topic: Mapped[str]
    line_to: Mapped[str]
    reply_token: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
    about_id: Mapped[int | None]
    chat_key: Mapped[str] = mapped_column(server_default=text("''"))
    parts: Mapped[list[Any] | None]
    retry_key: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    may_have_arrived: Mapped[bool]
    created_at: Mapped[datetime]
    first_try_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str]
    line_request_id: Mapped[str]
    sent_message_ids: Mapped[list[Any]]


class Notice(Base):
    """A reminder of one duty at one offset of one deadline: once for ever, by its unique key.

    `outcome` stays "" while it is on its way, then tells what became of it.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("duty_id", "kind", "days", "last_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"))
    kind: Mapped[str]
    days: Mapped[int]
    last_on: Mapped[date]
    planned_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(index=True)


class Quiet(Base):
    """Why somebody is not reminded until a day (inclusive): a `QuietKind`, append-only.

    A promise is about a duty, a mute about an agency, a pause about the whole province.
    `ended_at` says that it was lifted, or replaced by another, before its day.  `salt` as with a
    report's reason, which is "" of a promise.
    """

    __tablename__ = "quiet"
    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    kind: Mapped[str]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"), index=True)
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OutboxNotice(Base):
    """Which notices a reminder to one person carries."""

    __tablename__ = "outbox_notice"
    __table_args__ = (UniqueConstraint("outbox_id", "notice_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)


class Told(Base):
    """The last day of an activity that a person was told last, for an agency of theirs.

    It is what LINE accepted, so it says whom a moved date has to be corrected for.  `last_on` is
    empty where they were told that nothing is to be done any more; `told_at` is the instant the
    words were made.  A reminder names the new date without a word of its having moved: then the
    date before is kept in `before_on`, and `is_unsaid` is true, until a correction says so.
    """

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("person_id", "agency_id", "activity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    last_on: Mapped[date | None]
    is_unsaid: Mapped[bool] = mapped_column(server_default=false())
    before_on: Mapped[date | None]
    told_at: Mapped[datetime]


class OutboxCorrection(Base):
    """What a correction says of one activity, as it was worded."""

    __tablename__ = "outbox_correction"
    __table_args__ = (UniqueConstraint("outbox_id", "agency_id", "activity_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    last_on: Mapped[date | None]


class JobRing(Base):
    """Up to which ring a regular job was done, one row a job: of many workers one wins a ring."""

    __tablename__ = "job_ring"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    rung_at: Mapped[datetime]


class WorkerRow(Base):
    """A process that works, by a random name, and when it last said so."""

    __tablename__ = "worker"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class Stop(Base):
    """Why sending stands still: a bad token ("token") or the month's allowance ("month").

    `until_at` is exclusive; empty means until an operator has acted and the worker starts anew.
    """

    __tablename__ = "stop"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(unique=True)
    until_at: Mapped[datetime | None]
