"""The control calls that let people act, and the bot hear of it.

Each answers {"delivered": {"status", "ms", "reason"} or null, "webhookEventIds": [...]} and what
else the act tells.  The delivery has happened when the answer comes, unless "deliver" is false:
then the events wait for a call of `deliver`.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from bot.emulator import acts, taps
from bot.emulator.acts import ActError, Done, Place
from bot.emulator.asked import Asked
from bot.emulator.control import PREFIX, asked
from bot.emulator.events import common_fields
from bot.emulator.state import Json, World
from bot.emulator.webhooks import NOT_SIGNED, SIGNED, SIGNED_WRONG, Webhooks

Act = Callable[[World, Asked], Done]


def playing(world: World, webhooks: Webhooks) -> Blueprint:
    """Return the routes by which people act in the world."""
    routes = Blueprint("playing", __name__, url_prefix=PREFIX)
    for path, act in ACTS.items():
        routes.add_url_rule(f"/{path}", path, _performing(world, webhooks, act), methods=["POST"])
    _add_deliveries(routes, world, webhooks)
    return routes


def _performing(world: World, webhooks: Webhooks, act: Act) -> Callable[[], Json]:
    def view() -> Json:
        values = asked()
        with world.lock:
            done = act(world, values)
            waits = not values.given("deliver", bool, default=True)
            if waits:
                world.queue.extend(done.event_ids)
        delivered = None if waits or not done.event_ids else webhooks.deliver(done.event_ids)
        return {"delivered": delivered, "webhookEventIds": done.event_ids, **done.told}

    return view


def _place(world: World, values: Asked) -> Place:
    return acts.place(world, values.text("userId"), values.maybe("groupId", str))


def _say(world: World, values: Asked) -> Done:
    return acts.say(
        world,
        _place(world, values),
        values.text("text"),
        mentions_bot=values.given("mentionBot", bool, default=False),
        quoted=values.maybe("quotedMessageId", str),
    )


def _send(world: World, values: Asked) -> Done:
    where, kind = _place(world, values), values.text("kind")
    if kind == "sticker":
        return acts.send_sticker(world, where)
    if kind not in acts.MIMETYPES:
        raise ActError(f"kind must be one of sticker, {', '.join(acts.MIMETYPES)}")
    return acts.send_media(
        world,
        where,
        kind,
        values.given("contentBase64", str, default=""),
        file_name=values.given("fileName", str, default=""),
        image_set=values.maybe("imageSet", dict),
        quoted=values.maybe("quotedMessageId", str),
    )


def _tap(world: World, values: Asked) -> Done:
    names = ("messageId", "label", "data", "near", "index")
    wanted: Json = {name: values.anything(name) for name in names if values.has(name)}
    if not {"label", "data", "index"} & wanted.keys():
        raise ActError("label, data or index must say what to tap")
    return taps.tap(world, _place(world, values), wanted, values.maybe("params", dict))


ACTS: dict[str, Act] = {
    "follow": lambda world, values: acts.follow(world, values.text("userId")),
    "unfollow": lambda world, values: acts.unfollow(world, values.text("userId")),
    "join": lambda world, values: acts.join(world, values.text("groupId")),
    "leave": lambda world, values: acts.leave(world, values.text("groupId")),
    "member-joined": lambda world, values: acts.member_joined(
        world, values.text("groupId"), values.text("userId")
    ),
    "member-left": lambda world, values: acts.member_left(
        world, values.text("groupId"), values.text("userId")
    ),
    "say": _say,
    "send": _send,
    "tap": _tap,
    "unsend": lambda world, values: acts.unsend(world, values.text("messageId")),
    "edit": lambda world, values: acts.edit(world, values.text("messageId"), values.text("text")),
}


def _add_deliveries(routes: Blueprint, world: World, webhooks: Webhooks) -> None:
    @routes.post("/deliver")
    def deliver() -> Json:
        with world.lock:
            bodies = _bodies(world, asked())
            sent = {event_id for body in bodies for event_id in body}
            world.queue[:] = [event_id for event_id in world.queue if event_id not in sent]
        return {"delivered": [webhooks.deliver(body) for body in bodies], "webhookEventIds": bodies}

    @routes.post("/redeliver")
    def redeliver() -> Json:
        values = asked()
        with world.lock:
            newest = next(reversed(world.events), "")
            event_id = _known(world, values.given("webhookEventId", str, default=newest))
        again = values.given("isRedelivery", bool, default=True)
        result = webhooks.redeliver(event_id, is_redelivery=again)
        return {"delivered": result, "webhookEventIds": [event_id]}

    @routes.post("/raw")
    def raw() -> Json:
        values = asked()
        sign = _signature_kind(values)
        body = values.maybe("body", str)
        with world.lock:
            events = [
                _raw_event(webhooks, world, values, each)
                for each in values.given("events", list, default=[])
            ]
        results = [
            webhooks.deliver_events(events, sign)
            if body is None
            else webhooks.deliver_bytes(body.encode(), sign)
            for _ in range(values.given("times", int, default=1))
        ]
        return {"delivered": results, "events": events}


def _bodies(world: World, values: Asked) -> list[list[str]]:
    """Return the event ids of each body: all that wait in one, unless `order` says otherwise."""
    order = values.given("order", list, default=list(world.queue))
    if any(isinstance(each, list) for each in order):
        bodies = [each if isinstance(each, list) else [each] for each in order]
    else:
        bodies = [order]
    return [[_known(world, event_id) for event_id in body] for body in bodies]


def _known(world: World, event_id: Any) -> str:
    if event_id not in world.events:
        raise ActError(f"there is no event {event_id}", 404)
    return str(event_id)


def _signature_kind(values: Asked) -> str | None:
    given = values.anything("signature") if values.has("signature") else SIGNED
    if given not in (SIGNED, SIGNED_WRONG, NOT_SIGNED):
        raise ActError('signature must be "right", "wrong" or null')
    return None if given is None else str(given)


def _raw_event(webhooks: Webhooks, world: World, values: Asked, given: Any) -> Any:
    """Return an event as given; an id stands for the known event, `fill` adds common fields."""
    if isinstance(given, str) and given in world.events:
        return webhooks.carried(given)
    if isinstance(given, dict) and values.given("fill", bool, default=False):
        return {**common_fields(world), **given}
    return given
