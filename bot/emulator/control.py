"""The control calls that set and read the stand-in's world; those that act are in `play`.

Everything under /stand-in/ is for tests, scripts and the page, not part of LINE.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from bot.emulator.acts import ActError, group, person
from bot.emulator.asked import Asked
from bot.emulator.clock import line_month
from bot.emulator.faults import ANY_ENDPOINT, GIVE_UP_AFTER_MS, Fault, FaultKind
from bot.emulator.state import Group, Json, Person, World, since
from bot.emulator.transcript import transcript

PREFIX = "/stand-in"


def setting(world: World) -> Blueprint:
    """Return the routes that set up the world and read from it."""
    routes = Blueprint("setting", __name__, url_prefix=PREFIX)
    _add_makers(routes, world)
    _add_switches(routes, world)
    _add_readers(routes, world)
    return routes


def asked() -> Asked:
    """Return the values of the call being answered."""
    return Asked(request.get_data())


def _add_makers(routes: Blueprint, world: World) -> None:
    @routes.post("/people")
    def people() -> Json:
        values = asked()
        with world.lock:
            user_id = values.maybe("userId", str) or world.ids.user()
            _refuse_taken(user_id, world.people)
            world.people[user_id] = Person(
                user_id,
                values.text("displayName"),
                is_friend=values.given("friend", bool, default=True),
                consents=values.given("consents", bool, default=True),
            )
        return {"userId": user_id}

    @routes.post("/groups")
    def groups() -> Json:
        values = asked()
        with world.lock:
            group_id = values.maybe("groupId", str) or world.ids.group()
            _refuse_taken(group_id, world.groups)
            members = list(dict.fromkeys(values.given("members", list, default=[])))
            for user_id in members:
                person(world, user_id)
            inside = values.given("botInside", bool, default=True)
            world.groups[group_id] = Group(group_id, values.text("name"), members, inside)
        return {"groupId": group_id}


def _refuse_taken(new_id: str, known: dict[str, Any]) -> None:
    if new_id in known:
        raise ActError(f"{new_id} exists already", 409)


def _add_switches(routes: Blueprint, world: World) -> None:
    @routes.post("/clock")
    def clock() -> Json:
        values = asked()
        with world.lock:
            if values.has("forwardSeconds"):
                world.clock.move(values.given("forwardSeconds", int, default=0))
            else:
                world.clock.stop_at(values.instant("now"))
            return {"now": world.instant().isoformat(), "clockStopped": world.clock.is_stopped}

    @routes.post("/faults")
    def faults() -> Json:
        fault = _fault(asked())
        with world.lock:
            world.faults.append(fault)
            return {"faults": [each.to_json() for each in world.faults]}

    @routes.post("/options")
    def options() -> Json:
        values = asked()
        with world.lock:
            for name, _ in values.items():
                if name not in asdict(world.options):
                    raise ActError(f"there is no option {name}")
                kind = type(getattr(world.options, name))
                setattr(
                    world.options,
                    name,
                    values.given(name, kind, default=getattr(world.options, name)),
                )
            return asdict(world.options)

    @routes.post("/quota")
    def quota() -> Json:
        values = asked()
        with world.lock:
            if values.has("limit"):
                world.quota_limit = values.maybe("limit", int)
            if values.has("used"):
                world.used[line_month(world.instant())] = values.given("used", int, default=0)
            return {"limit": world.quota_limit, "used": world.used_this_month()}

    @routes.post("/bot")
    def bot() -> Json:
        values = asked()
        url = values.text("url") if values.anything("url") is not None else None
        with world.lock:
            world.bot_url = url or ""
        return {"url": url}

    @routes.post("/reset")
    def reset() -> Json:
        with world.lock:
            world.clear()
            return world.summary()


def _fault(values: Asked) -> Fault:
    kinds = [str(kind) for kind in FaultKind]
    if values.text("kind") not in kinds:
        raise ActError(f"kind must be one of {', '.join(kinds)}")
    endpoints = _line_endpoints()
    if values.text("endpoint") not in endpoints:
        raise ActError(f"endpoint must be one of {', '.join(endpoints)}")
    times = values.given("times", int, default=1)
    if times < 1:
        raise ActError("times must be 1 or more")
    ms = values.given("ms", int, default=GIVE_UP_AFTER_MS)
    return Fault(values.text("endpoint"), FaultKind(values.text("kind")), times, ms)


def _add_readers(routes: Blueprint, world: World) -> None:
    @routes.get("/state")
    def state() -> Json:
        with world.lock:
            return world.summary()

    @routes.get("/ledger")
    def ledger() -> Json:
        with world.lock:
            return {"entries": since([sent.to_json() for sent in world.ledger], _since())}

    @routes.get("/calls")
    def calls() -> Json:
        with world.lock:
            return {"entries": since(world.calls, _since())}

    @routes.get("/deliveries")
    def deliveries() -> Json:
        with world.lock:
            return {"entries": since(world.deliveries, _since())}

    @routes.get("/transcript")
    def read_transcript() -> Response:
        chat = request.args.get("chat", "")
        with world.lock:
            if chat not in world.people:
                group(world, chat)
            entries = transcript(world, chat, with_messages="messages" in request.args)
        return jsonify(entries)


def _line_endpoints() -> list[str]:
    names = (name.partition("line.")[2] for name in current_app.view_functions)
    return [ANY_ENDPOINT, *sorted(filter(None, names))]


def _since() -> int:
    """Return the number after which entries are wanted, from the query `since`."""
    return request.args.get("since", 0, type=int)
