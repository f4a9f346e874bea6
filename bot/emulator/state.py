"""The stand-in's world: people, groups, chats, reply tokens, quota, and what was sent.

Instants are UTC.  A chat is named by the group's id, or by the person's id for the 1:1 chat
with the bot.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from bot.emulator.clock import Clock, line_month
from bot.emulator.faults import Fault
from bot.emulator.ids import Ids

Json = dict[str, Any]

REPLY_SECONDS = 60
"""A reply token dies this many seconds after the webhook that carried it; exclusive."""
REDELIVERED_TOKEN_LIFE = timedelta(minutes=20)
"""A redelivery revives the token of an event at most this old; inclusive."""
REACHABLE_AFTER_WRITING = timedelta(days=7)
"""Who wrote in 1:1 within this time can be sent to without being a friend; exclusive."""
RETRY_KEY_LIFE = timedelta(hours=24)
"""Exclusive: afterwards the same key counts as new."""
REMEMBERED = 10_000
"""How many API calls and webhook deliveries are kept for reading."""


@dataclass(slots=True)
class Person:
    """A LINE user.  Without consent, no webhook tells the user id in a group."""

    user_id: str
    name: str
    is_friend: bool = True
    has_blocked: bool = False
    consents: bool = True
    wrote_at: datetime | None = None

    def is_reachable(self, at: datetime) -> bool:
        """Whether a 1:1 message sent now would arrive; otherwise LINE drops it silently."""
        wrote_lately = self.wrote_at is not None and at - self.wrote_at < REACHABLE_AFTER_WRITING
        return not self.has_blocked and (self.is_friend or wrote_lately)


@dataclass(slots=True)
class Group:
    """A group chat; `members` are user ids, the bot not among them."""

    group_id: str
    name: str
    members: list[str]
    has_bot: bool


@dataclass(slots=True)
class Content:
    """The bytes of a picture or file; LINE answers 202 to the next `pending` requests for them."""

    data: bytes
    mimetype: str
    pending: int


@dataclass(slots=True)
class Post:
    """One message in a chat; `sender` is a user id, or "" for the bot.

    `text` is what a person reads; `message` the message object as the bot sent it.  Its quick
    replies are gone once one of them was tapped.
    """

    message_id: str
    chat: str
    sender: str
    at: datetime
    kind: str
    text: str
    quote_token: str = ""
    message: Json = field(default_factory=dict)
    content: Content | None = None
    is_unsent: bool = False
    is_edited: bool = False
    is_quick_tapped: bool = False


@dataclass(slots=True)
class ReplyToken:
    """The right to answer one event in one chat, once."""

    chat: str
    event_at: datetime
    carried_at: datetime | None = None
    is_used: bool = False

    def is_usable(self, at: datetime) -> bool:
        """Whether a reply with it is accepted at this moment."""
        if self.is_used or self.carried_at is None:
            return False
        return (at - self.carried_at).total_seconds() < REPLY_SECONDS

    def carry(self, at: datetime) -> None:
        """Note that a webhook carries it now, for the first time or again."""
        if self.carried_at is None or at - self.event_at <= REDELIVERED_TOKEN_LIFE:
            self.carried_at = at


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted send; `billed` is in messages of the monthly quota."""

    seq: int
    at: datetime
    endpoint: str
    to: str | list[str]
    chat: str | None
    messages: list[Json]
    retry_key: str | None
    request_id: str
    billed: int
    delivered_to: list[str]
    sent_messages: list[Json]
    status: int = 200

    def to_json(self) -> Json:
        """Return the ledger's entry."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "endpoint": self.endpoint,
            "to": self.to,
            "chat": self.chat,
            "messages": self.messages,
            "retryKey": self.retry_key,
            "requestId": self.request_id,
            "billed": self.billed,
            "deliveredTo": self.delivered_to,
            "status": self.status,
        }


@dataclass(slots=True)
class Options:
    """Switches of the stand-in; see docs/emulator.md."""

    bot_name: str = "Bot"
    postback_user_id_in_groups: bool = True
    webhook_timeout_seconds: float = 2.0
    content_pending_calls: int = 0
    members_ids_allowed: bool = False
    use_webhook: bool = True
    chat_on: bool = False


class World:
    """Everything the stand-in knows.  Whoever reads or changes it holds `lock`."""

    def __init__(self, bot_url: str) -> None:
        self.lock = RLock()
        self.bot_url = bot_url
        self.clock = Clock()
        self.clear()

    def clear(self) -> None:
        """Forget everything but the bot's address ("": none); the real time runs again."""
        self.clock.stop_at(None)
        self.ids = Ids()
        self.bot_user_id = self.ids.user()
        self.options = Options()
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.posts: dict[str, Post] = {}
        self.chats: dict[str, list[Post]] = {}
        self.tokens: dict[str, ReplyToken] = {}
        self.events: dict[str, Json] = {}
        self.queue: list[str] = []
        self.retry_keys: dict[str, Sent] = {}
        self.ledger: list[Sent] = []
        self.calls: deque[Json] = deque(maxlen=REMEMBERED)
        self.deliveries: deque[Json] = deque(maxlen=REMEMBERED)
        self.call_count = 0
        self.delivery_count = 0
        self.faults: list[Fault] = []
        self.quota_limit: int | None = None
        self.used: Counter[str] = Counter()

    def instant(self) -> datetime:
        """Return the moment it is for the stand-in."""
        return self.clock.instant()

    def used_this_month(self) -> int:
        """Return the messages counted against the quota in LINE's present month."""
        return self.used[line_month(self.instant())]

    def bill(self, messages: int) -> None:
        """Count messages against the quota of LINE's present month."""
        self.used[line_month(self.instant())] += messages

    def chat_members(self, chat: str) -> list[str]:
        """Return the user ids of those who see a chat; empty when it does not exist."""
        if chat in self.groups:
            return list(self.groups[chat].members)
        return [chat] if chat in self.people else []

    def reached(self, chat: str) -> list[str]:
        """Return the user ids that a message sent by the bot now arrives at."""
        if chat in self.groups:
            return list(self.groups[chat].members) if self.groups[chat].has_bot else []
        person = self.people.get(chat)
        return [chat] if person is not None and person.is_reachable(self.instant()) else []

    def add_post(self, chat: str, sender: str, kind: str, text: str, **more: Any) -> Post:
        """Put a message into a chat and return it; `more` are further fields of `Post`."""
        post = Post(self.ids.message(), chat, sender, self.instant(), kind, text, **more)
        self.posts[post.message_id] = post
        self.chats.setdefault(chat, []).append(post)
        return post

    def visible(self, chat: str) -> list[Post]:
        """Return the messages of a chat that were not unsent, oldest first."""
        return [post for post in self.chats.get(chat, []) if not post.is_unsent]

    def knows_quote_token(self, chat: str, token: str) -> bool:
        """Whether a message of this chat can be quoted with this token."""
        return any(post.quote_token == token for post in self.chats.get(chat, []))

    def summary(self) -> Json:
        """Return the state for people to look at: who, where, switches, clock and quota."""
        return {
            "now": self.instant().isoformat(),
            "clockStopped": self.clock.is_stopped,
            "botUserId": self.bot_user_id,
            "botUrl": self.bot_url,
            "people": [_person_json(person) for person in self.people.values()],
            "groups": [_group_json(group) for group in self.groups.values()],
            "options": asdict(self.options),
            "quota": {"limit": self.quota_limit, "used": self.used_this_month()},
            "faults": [fault.to_json() for fault in self.faults],
            "queued": list(self.queue),
        }


def since(entries: Iterable[Json], seq: int) -> list[Json]:
    """Return the entries whose number is greater than `seq`."""
    return [entry for entry in entries if entry["seq"] > seq]


def _person_json(person: Person) -> Json:
    return {
        "userId": person.user_id,
        "displayName": person.name,
        "friend": person.is_friend,
        "blocked": person.has_blocked,
        "consents": person.consents,
    }


def _group_json(group: Group) -> Json:
    return {
        "groupId": group.group_id,
        "name": group.name,
        "members": group.members,
        "botInside": group.has_bot,
    }
