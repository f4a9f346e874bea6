"""LINE's calls about people and groups."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

from flask import Blueprint, Response

from bot.emulator import acts
from bot.emulator.api import NOT_FOUND, answered, json_body
from bot.emulator.sending import USER_ID, Answer, bad_request, refused
from bot.emulator.shapes import Problem, number, problem, shaped
from bot.emulator.state import Group, World
from bot.emulator.webhooks import Webhooks


def add_people(routes: Blueprint, world: World) -> None:
    """Add the calls about one person."""

    @routes.get("/profile/<user_id>")
    def profile(user_id: str) -> Response:
        with world.lock:
            person = world.people.get(user_id)
            if person is None or person.has_blocked:
                return answered(NOT_FOUND)
            if not person.is_friend and person.wrote_at is None:
                return answered(NOT_FOUND)
            return answered(Answer(200, {"userId": user_id, "displayName": person.name}))

    @routes.post("/chat/loading/start")
    def loading() -> Response:
        found = list(
            shaped({"chatId": USER_ID}, {"loadingSeconds": _five_by_five})(json_body(), "")
        )
        return answered(bad_request(found) if found else Answer(202, {}))


def add_groups(routes: Blueprint, world: World, webhooks: Webhooks) -> None:
    """Add the calls about a group, which LINE answers only while the bot is inside."""

    @routes.get("/group/<group_id>/summary")
    def group_summary(group_id: str) -> Response:
        with world.lock:
            group = _inside(world, group_id)
            if group is None:
                return answered(NOT_FOUND)
            return answered(Answer(200, {"groupId": group_id, "groupName": group.name}))

    @routes.get("/group/<group_id>/members/count")
    def group_members_count(group_id: str) -> Response:
        with world.lock:
            group = _inside(world, group_id)
            if group is None:
                return answered(NOT_FOUND)
            return answered(Answer(200, {"count": len(group.members)}))

    @routes.get("/group/<group_id>/member/<user_id>")
    def group_member(group_id: str, user_id: str) -> Response:
        with world.lock:
            group = _inside(world, group_id)
            if group is None or user_id not in group.members:
                return answered(NOT_FOUND)
            name = world.people[user_id].name
            return answered(Answer(200, {"userId": user_id, "displayName": name}))

    @routes.get("/group/<group_id>/members/ids")
    def group_members_ids(group_id: str) -> Response:
        with world.lock:
            if not world.options.members_ids_allowed:
                return answered(
                    refused("Access to this API is not available for your account", 403)
                )
            group = _inside(world, group_id)
            if group is None:
                return answered(NOT_FOUND)
            return answered(Answer(200, {"memberIds": group.members}))

    @routes.post("/group/<group_id>/leave")
    def group_leave(group_id: str) -> Response:
        with world.lock:
            if _inside(world, group_id) is None:
                return answered(NOT_FOUND)
            event_ids = acts.leave(world, group_id).event_ids
        # The event is sent beside the answer: the bot may wait for this answer first.
        Thread(target=webhooks.deliver, args=(event_ids,), daemon=True).start()
        return answered(Answer(200, {}))


def _inside(world: World, group_id: str) -> Group | None:
    group = world.groups.get(group_id)
    return group if group is not None and group.has_bot else None


def _five_by_five(value: Any, path: str) -> Iterator[Problem]:
    yield from number(5, 60)(value, path)
    if isinstance(value, int) and value % 5:
        yield problem(path, "Must be a multiple of 5")
