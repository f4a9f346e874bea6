"""What people do in LINE: follow, join, write, send, edit, unsend; tapping is in `taps`.

Each act changes the world and returns the ids of the webhook events it makes, which is none in
a group where the bot is not.  The world's lock is held by the caller.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from typing import Any

from bot.emulator.events import (
    media_content,
    new_event,
    source_of,
    sticker_content,
    text_content,
)
from bot.emulator.state import Content, Group, Json, Person, Post, World

MIMETYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/m4a",
    "file": "application/octet-stream",
}
QUOTABLE_MEDIA = frozenset({"image", "video"})


class ActError(Exception):
    """A person cannot do this in LINE.  The message says why; fix the call and send it again."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Done:
    """What came of an act: its webhook events, and what else to tell the caller."""

    event_ids: list[str]
    told: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Who acts and where: in a group, or in the 1:1 chat when `group` is None."""

    person: Person
    group: Group | None

    @property
    def chat(self) -> str:
        """The id of the chat."""
        return self.group.group_id if self.group else self.person.user_id

    @property
    def is_heard(self) -> bool:
        """Whether the bot is there, so that LINE tells it."""
        return self.group is None or self.group.has_bot


def place(world: World, user_id: str, group_id: str | None) -> Place:
    """Return where a person acts.

    Raises:
        ActError: when there is no such person or group, when the person is not in the group,
            or has blocked the bot and so cannot write to it.
    """
    known = person(world, user_id)
    if group_id is None:
        if known.has_blocked:
            raise ActError(f"{user_id} has blocked the bot and cannot write to it")
        return Place(known, None)
    chosen = group(world, group_id)
    if user_id not in chosen.members:
        raise ActError(f"{user_id} is not in the group {group_id}")
    return Place(known, chosen)


def person(world: World, user_id: str) -> Person:
    """Return a person by id, or raise an ActError."""
    if user_id not in world.people:
        raise ActError(f"there is no person {user_id}", 404)
    return world.people[user_id]


def group(world: World, group_id: str) -> Group:
    """Return a group by id, or raise an ActError."""
    if group_id not in world.groups:
        raise ActError(f"there is no group {group_id}", 404)
    return world.groups[group_id]


def follow(world: World, user_id: str) -> Done:
    """Add the bot as a friend, or unblock it."""
    who = person(world, user_id)
    content = {"isUnblocked": who.has_blocked}
    who.is_friend, who.has_blocked = True, False
    return Done([new_event(world, "follow", source_of(who, None), follow=content)])


def unfollow(world: World, user_id: str) -> Done:
    """Block the bot."""
    who = person(world, user_id)
    who.has_blocked = True
    return Done([new_event(world, "unfollow", source_of(who, None))])


def join(world: World, group_id: str) -> Done:
    """Invite the bot into a group."""
    where = group(world, group_id)
    where.has_bot = True
    return Done([new_event(world, "join", source_of(None, where))])


def leave(world: World, group_id: str) -> Done:
    """Remove the bot from a group."""
    where = group(world, group_id)
    where.has_bot = False
    return Done([new_event(world, "leave", source_of(None, where))])


def member_joined(world: World, group_id: str, user_id: str) -> Done:
    """Let a person into a group."""
    who, where = person(world, user_id), group(world, group_id)
    if user_id in where.members:
        raise ActError(f"{user_id} is in the group {group_id} already")
    where.members.append(user_id)
    return _membership(world, where, "memberJoined", joined={"members": [source_of(who, None)]})


def member_left(world: World, group_id: str, user_id: str) -> Done:
    """Let a person leave a group."""
    chosen = place(world, user_id, group_id)
    where = group(world, group_id)
    where.members.remove(user_id)
    members = [source_of(chosen.person, None)]
    return _membership(world, where, "memberLeft", left={"members": members})


def write(world: World, where: Place, kind: str, text: str, **more: Any) -> Post:
    """Put a person's message into a chat without telling the bot; `more` as in `Post`."""
    if where.group is None:
        where.person.wrote_at = world.instant()
    return world.add_post(where.chat, where.person.user_id, kind, text, **more)


def say(
    world: World, where: Place, text: str, *, mentions_bot: bool = False, quoted: str | None = None
) -> Done:
    """Write a text; with `mentions_bot` it begins with the bot's name unless that is in it."""
    name = "@" + world.options.bot_name
    if mentions_bot and name not in text:
        text = f"{name} {text}"
    post = write(world, where, "text", text, quote_token=world.ids.quote_token())
    return _told(world, where, post, text_content(world, post, quoted=quoted))


def send_sticker(world: World, where: Place) -> Done:
    """Send a sticker."""
    post = write(world, where, "sticker", "[sticker]", quote_token=world.ids.quote_token())
    return _told(world, where, post, sticker_content(post))


def send_media(
    world: World,
    where: Place,
    kind: str,
    base64: str,
    *,
    file_name: str,
    image_set: Json | None,
    quoted: str | None = None,
) -> Done:
    """Send a picture, video, audio or file, whose bytes the bot can then download."""
    try:
        data = b64decode(base64, validate=True)
    except (Base64Error, ValueError):
        raise ActError("contentBase64 is not Base64") from None
    content = Content(data, MIMETYPES[kind], world.options.content_pending_calls)
    token = world.ids.quote_token() if kind in QUOTABLE_MEDIA else ""
    post = write(world, where, kind, f"[{kind}] {file_name}", content=content, quote_token=token)
    content_of = media_content(post, file_name, image_set) | (
        {} if quoted is None else {"quotedMessageId": quoted}
    )
    return _told(world, where, post, content_of)


def unsend(world: World, message_id: str) -> Done:
    """Take a message back; its content is gone for the bot."""
    post = _own_post(world, message_id)
    post.is_unsent = True
    where = _place_of(world, post)
    if not where.is_heard:
        return Done([])
    source = source_of(where.person, where.group)
    return Done([new_event(world, "unsend", source, unsend={"messageId": message_id})])


def edit(world: World, message_id: str, text: str) -> Done:
    """Change the text of a message, which LINE allows in groups only."""
    post = _own_post(world, message_id)
    if post.chat not in world.groups or post.kind != "text":
        raise ActError("only texts in groups can be edited")
    post.text, post.is_edited, post.quote_token = text, True, world.ids.quote_token()
    where = _place_of(world, post)
    if not where.is_heard:
        return Done([])
    source = source_of(where.person, where.group)
    content = text_content(world, post)
    return Done([new_event(world, "messageEdited", source, message=content)])


def _told(world: World, where: Place, post: Post, content: Json) -> Done:
    told = {"messageId": post.message_id}
    if not where.is_heard:
        return Done([], told)
    source = source_of(where.person, where.group)
    return Done([new_event(world, "message", source, message=content)], told)


def _membership(world: World, where: Group, kind: str, **content: Any) -> Done:
    if not where.has_bot:
        return Done([])
    return Done([new_event(world, kind, source_of(None, where), **content)])


def _own_post(world: World, message_id: str) -> Post:
    post = world.posts.get(message_id)
    if post is None or not post.sender or post.is_unsent:
        raise ActError(f"no person has sent a message {message_id}", 404)
    return post


def _place_of(world: World, post: Post) -> Place:
    where = world.groups.get(post.chat)
    return Place(world.people[post.sender], where)
