"""What a handler is given and what it gives back: event values in, parts of a reply out."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from handlers.rules.access import Action, own_agencies
from handlers.rules.evidence import Unfit
from messages_th.parts import Part
from messages_th.plan_problems import FileProblem
from store.database import Session
from store.types import Agency, AgencyId, Person, PlanDraft, Post, ProvinceId, Role


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event comes from.

    `user_id` is "" where LINE does not name the sender, as it may in groups; `group_id` is ""
    in a 1:1 chat, and holds the room id of an old multi-person chat.
    """

    user_id: str
    group_id: str


@dataclass(frozen=True, slots=True)
class CodesWanted:
    """A list of codes that is asked for, one for each agency, to be made before the answer.

    `province` is the province's name.
    """

    province_id: ProvinceId
    province: str
    role: Role
    agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class CodesMade:
    """A list of fresh codes: for each agency the digest of its code, and the file that holds all.

    It takes seconds and is made with no transaction open; nothing of it counts before it is kept.
    """

    province_id: ProvinceId
    role: Role
    digests: tuple[tuple[AgencyId, str], ...]
    workbook: bytes


@dataclass(frozen=True, slots=True)
class TextSaid:
    """A text message; `text` is without the mention of the bot where there was one.

    `message_id` is LINE's, and `quoted` that of the message which it quotes, "" for none.
    `codes` are those that it asked for, made beforehand; None where it asks for none.
    """

    text: str
    mentions_bot: bool
    message_id: str = ""
    quoted: str = ""
    codes: CodesMade | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What the bytes of a photo or file are; they lie in the folder of files as `stored_as`.

    `size` in bytes.
    """

    stored_as: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file; its bytes lie with LINE under `message_id`, "" where LINE gave none that is one.

    `read` is the plan that it holds or why none can be read, `taken` what it is as evidence or
    why it is none; both None while nobody has looked.  `quoted` as with a text.
    """

    message_id: str
    name: str
    size: int
    read: PlanDraft | FileProblem | None = None
    quoted: str = ""
    taken: Received | Unfit | None = None


@dataclass(frozen=True, slots=True)
class PhotoSent:
    """A photo; `message_id`, `quoted` and `taken` as with a file."""

    message_id: str = ""
    quoted: str = ""
    taken: Received | Unfit | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A postback: a button of the bot's own was tapped, now or months after it was sent.

    `taken` is the photo or file that the button names, as with a file.
    """

    data: str
    taken: Received | Unfit | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """A person took a message back (ยกเลิกการส่ง)."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Followed:
    """The person added the bot as a friend, or unblocked it."""


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class BotJoined:
    """The bot was invited into a group; LINE does not say by whom."""


@dataclass(frozen=True, slots=True)
class BotLeft:
    """The bot was removed from a group."""


@dataclass(frozen=True, slots=True)
class MembersJoined:
    """Users came into a group of the bot's."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembersLeft:
    """Users left a group of the bot's."""

    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """Anything the bot has no use for: stickers, films, kinds of event that are yet to come."""


Brought = FileSent | PhotoSent | Pressed
"""What may have bytes with LINE, be it of an earlier message."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What has to be fetched before its event is worked, and under which message LINE has it.

    It is for a duty if `is_evidence`, else for a plan.
    """

    brought: Brought
    message_id: str
    is_evidence: bool

    def unread(self, problem: FileProblem, unfit: Unfit) -> Brought:
        """Return it with why there are no bytes: one of the two, by what it is for."""
        if isinstance(self.brought, FileSent) and not self.is_evidence:
            return replace(self.brought, read=problem)
        return replace(self.brought, taken=unfit)


Happening = (
    TextSaid
    | FileSent
    | PhotoSent
    | Pressed
    | Unsent
    | Followed
    | Unfollowed
    | BotJoined
    | BotLeft
    | MembersJoined
    | MembersLeft
    | OtherEvent
)


@dataclass(frozen=True, slots=True)
class Event:
    """One webhook event, with `at` its own instant (UTC) as LINE stamped it."""

    webhook_event_id: str
    source: Source
    reply_token: str
    at: datetime
    happening: Happening


class Files(Protocol):
    """Where a handler puts files, and has them removed, for as long as its transaction holds."""

    def put(self, content: bytes) -> str:
        """Keep a file and return the random name it lies under.

        Raises:
            OSError: when it cannot be kept.
        """

    def remove(self, name: str) -> None:
        """Have a file removed once the transaction is committed."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file to be handed out: where it lies, what it is saved as (ASCII), its media type."""

    stored_as: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Turn:
    """All that a handler may know of the moment: who asks, where, and what day it is.

    `now` is UTC, `today` the Bangkok date.  `province_id` is the group's in a group; in 1:1 it is
    that of the person's newest post, None for a stranger.  `bot_id` is our own basic id in LINE
    ("@abc1234"), "" where it is not known.
    """

    session: Session
    event: Event
    now: datetime
    today: date
    person: Person | None
    province_id: ProvinceId | None
    files: Files
    bot_id: str

    @property
    def in_group(self) -> bool:
        """Whether others can read the answer."""
        return bool(self.event.source.group_id)

    @property
    def posts(self) -> tuple[Post, ...]:
        """The sender's posts that count here: in a group those in its province, in 1:1 all."""
        if self.person is None:
            return ()
        if not self.in_group:
            return self.person.posts
        return tuple(post for post in self.person.posts if post.province_id == self.province_id)

    def counts_here(self, province: ProvinceId) -> bool:
        """Whether something of that province may be dealt with in this chat.

        In a group it must be the group's own province, as others read along.  In 1:1 one of the
        sender's posts must be in it; a stranger's chat is of no province and so of any.
        """
        if self.in_group:
            return province == self.province_id
        return self.person is None or any(post.province_id == province for post in self.posts)

    @property
    def agency_ids(self) -> list[AgencyId]:
        """The agencies that are the sender's own here, each once."""
        return own_agencies(self.posts, Action.SEE_OWN)


Answer = list[Part]
"""Parts of one reply, at most five (LINE: messages per request); empty for silence."""
