"""LINE's decision on a reply, push or multicast: refuse it, or deliver, count and record it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.emulator import limits
from bot.emulator.faults import MONTHLY_LIMIT
from bot.emulator.reading import mentioned, mentions_anybody, text_of
from bot.emulator.shapes import Problem, listed, matching, problem, string
from bot.emulator.state import RETRY_KEY_LIFE, Json, Post, Sent, World

QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})
MULTICAST_MOST = 500
USER_ID = matching("U[0-9a-f]{32}", "Must be a user ID")
RECEIVER = matching("[UCR][0-9a-f]{32}", "Must be the ID of a user, group or room")


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answers to a call."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """One sending call as it came in."""

    endpoint: str
    body: Any
    request_id: str
    retry_key: str | None = None


def bad_request(found: list[Problem]) -> Answer:
    """Return LINE's answer to a body with these problems."""
    message = f"The request body has {len(found)} error(s)"
    return Answer(400, {"message": message, "details": found})


def refused(message: str, status: int = 400) -> Answer:
    """Return an answer that holds nothing but a message."""
    return Answer(status, {"message": message})


def reply(world: World, request: Request) -> Answer:
    """Answer the event that the reply token came with, free of charge."""
    found = _problems(request.body, {"replyToken": string(1000)}, "notificationDisabled")
    if found:
        return bad_request(found)
    token = world.tokens.get(request.body["replyToken"])
    if token is None or not token.is_usable(world.instant()):
        return refused("Invalid reply token")
    if token.chat in world.groups and not world.groups[token.chat].has_bot:
        return refused("Failed to send messages")
    misplaced = _misplaced(world, token.chat, request.body["messages"])
    if misplaced:
        return bad_request(misplaced)
    token.is_used = True
    return _deliver(world, request, token.chat, billed=0)


def push(world: World, request: Request) -> Answer:
    """Send to one person or group at any time; costs one message per member."""
    repeated = _repeated(world, request)
    if repeated is not None:
        return repeated
    found = _problems(
        request.body, {"to": RECEIVER}, "notificationDisabled", "customAggregationUnits"
    )
    if found:
        return bad_request(found)
    to = request.body["to"]
    if not _may_receive(world, to):
        return refused("Failed to send messages")
    misplaced = _misplaced(world, to, request.body["messages"])
    if misplaced:
        return bad_request(misplaced)
    cost = len(world.reached(to))
    if _exceeds_quota(world, cost):
        return refused(MONTHLY_LIMIT, 429)
    return _deliver(world, request, to, billed=cost)


def multicast(world: World, request: Request) -> Answer:
    """Send to several people, never groups; who cannot be reached is passed over silently."""
    repeated = _repeated(world, request)
    if repeated is not None:
        return repeated
    receivers = listed(USER_ID, 1, MULTICAST_MOST)
    found = _problems(
        request.body, {"to": receivers}, "notificationDisabled", "customAggregationUnits"
    )
    if found:
        return bad_request(found)
    misplaced = _misplaced(world, "", request.body["messages"])
    if misplaced:
        return bad_request(misplaced)
    reached = [each for to in dict.fromkeys(request.body["to"]) for each in world.reached(to)]
    if _exceeds_quota(world, len(reached)):
        return refused(MONTHLY_LIMIT, 429)
    for user_id in reached:
        _post(world, user_id, request.body["messages"])
    _record(world, request, None, reached, [], billed=len(reached))
    return Answer(200, {})


def validate(body: Any) -> Answer:
    """Check message objects without sending them."""
    found = _problems(body, {})
    return bad_request(found) if found else Answer(200, {})


def _problems(body: Any, others: dict[str, Any], *optional: str) -> list[Problem]:
    found = limits.request_problems(body, others, *optional)
    messages = body.get("messages") if isinstance(body, dict) else None
    return found + (limits.problems(messages) if messages is not None else [])


def _repeated(world: World, request: Request) -> Answer | None:
    """Answer a retry key that is malformed or was accepted already; None goes on."""
    if request.retry_key is None:
        return None
    try:
        UUID(request.retry_key)
    except ValueError:
        return refused("Invalid retry key")
    earlier = world.retry_keys.get(request.retry_key)
    if earlier is None or world.instant() - earlier.at >= RETRY_KEY_LIFE:
        return None
    body: Json = {"message": "The retry key is already accepted"}
    if earlier.sent_messages:
        body["sentMessages"] = earlier.sent_messages
    return Answer(409, body, {"x-line-accepted-request-id": earlier.request_id})


def _may_receive(world: World, to: str) -> bool:
    """Whether LINE takes a push to this id at all, whether or not it then arrives."""
    return to in world.people or (to in world.groups and world.groups[to].has_bot)


def _misplaced(world: World, chat: str, messages: list[Json]) -> list[Problem]:
    """Return what is wrong with messages in this chat only: mentions and quotes."""
    members = world.groups[chat].members if chat in world.groups else []
    found = []
    for index, message in enumerate(messages):
        path = f"messages[{index}]"
        if mentions_anybody(message) and chat not in world.groups:
            found.append(problem(f"{path}.substitution", "Mentions are for groups only"))
        elif not set(mentioned(message).values()) <= set(members):
            found.append(problem(f"{path}.substitution", "Mentioned user is not in the group"))
        token = message.get("quoteToken")
        if token is not None and not world.knows_quote_token(chat, token):
            found.append(problem(f"{path}.quoteToken", "Invalid quote token"))
    return found


def _exceeds_quota(world: World, cost: int) -> bool:
    return world.quota_limit is not None and world.used_this_month() + cost > world.quota_limit


def _deliver(world: World, request: Request, chat: str, *, billed: int) -> Answer:
    reached = world.reached(chat)
    messages = request.body["messages"]
    posts = _post(world, chat, messages) if reached else []
    sent = [_sent_message(post.message_id, post.quote_token) for post in posts]
    if not reached:
        # Dropped without a word: the caller gets ids as if the messages had arrived.
        sent = [
            _sent_message(world.ids.message(), _quote_token(world, message)) for message in messages
        ]
    _record(world, request, chat, reached, sent, billed=billed)
    return Answer(200, {"sentMessages": sent})


def _post(world: World, chat: str, messages: list[Json]) -> list[Post]:
    names = {person.user_id: person.name for person in world.people.values()}
    return [
        world.add_post(
            chat,
            "",
            message["type"],
            text_of(message, names),
            message=message,
            quote_token=_quote_token(world, message),
        )
        for message in messages
    ]


def _quote_token(world: World, message: Json) -> str:
    return world.ids.quote_token() if message["type"] in QUOTABLE else ""


def _sent_message(message_id: str, quote_token: str) -> Json:
    return {"id": message_id, **({"quoteToken": quote_token} if quote_token else {})}


def _record(
    world: World,
    request: Request,
    chat: str | None,
    reached: list[str],
    sent: list[Json],
    *,
    billed: int,
) -> None:
    entry = Sent(
        seq=len(world.ledger) + 1,
        at=world.instant(),
        endpoint=request.endpoint,
        to=request.body.get("to", chat),
        chat=chat,
        messages=request.body["messages"],
        retry_key=request.retry_key,
        request_id=request.request_id,
        billed=billed,
        delivered_to=reached,
        sent_messages=sent,
    )
    world.ledger.append(entry)
    world.bill(billed)
    if request.retry_key is not None:
        world.retry_keys[request.retry_key] = entry
