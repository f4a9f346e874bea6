"""A chat as a person sees it: texts, cards, buttons, and quick replies while they last."""

from bot.emulator.reading import buttons, marked
from bot.emulator.state import Json, Post, World

BOT = "bot"


def transcript(world: World, chat: str, *, with_messages: bool = False) -> list[Json]:
    """Return the messages of a chat, oldest first; unsent ones are gone.

    Only the newest message shows quick replies, until one is tapped.  `with_messages` adds the
    objects as the bot sent them, each action numbered by `index`, for a page that draws them.
    """
    shown = world.visible(chat)
    entries = [_entry(world, post, is_newest=post is shown[-1]) for post in shown]
    if with_messages:
        for entry, post in zip(entries, shown, strict=True):
            entry["message"] = marked(post.message) if post.message else None
    return entries


def _entry(world: World, post: Post, *, is_newest: bool) -> Json:
    found = buttons(post.message) if post.message else []
    has_quick = is_newest and not post.is_quick_tapped
    return {
        "at": post.at.isoformat(),
        "from": world.people[post.sender].name if post.sender else BOT,
        "userId": post.sender or None,
        "text": post.text,
        "kind": post.kind,
        "messageId": post.message_id,
        "edited": post.is_edited,
        "buttons": [button.to_json() for button in found if not button.is_quick_reply],
        "quickReplies": [
            button.to_json() for button in found if button.is_quick_reply and has_quick
        ],
    }
