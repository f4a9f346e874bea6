"""LINE's calls about the channel: quota, counts, contents people sent, the bot, its webhook."""

from datetime import datetime

from flask import Blueprint, Response, request

from bot.emulator.api import NOT_FOUND, answered, json_body
from bot.emulator.clock import line_day
from bot.emulator.sending import Answer, bad_request, refused
from bot.emulator.shapes import shaped, uri
from bot.emulator.state import Json, Post, World
from bot.emulator.webhooks import Webhooks

WEBHOOK_URL = uri(500, "http", "https")
NO_WEBHOOK = refused("Webhook endpoint not found", 404)


def add_numbers(routes: Blueprint, world: World) -> None:
    """Add the calls about the quota and what was sent."""

    @routes.get("/message/quota")
    def quota() -> Response:
        with world.lock:
            limit = world.quota_limit
        body: Json = {"type": "none"} if limit is None else {"type": "limited", "value": limit}
        return answered(Answer(200, body))

    @routes.get("/message/quota/consumption")
    def consumption() -> Response:
        with world.lock:
            return answered(Answer(200, {"totalUsage": world.used_this_month()}))

    @routes.get("/message/delivery/<any(reply, push, multicast):kind>")
    def delivery(kind: str) -> Response:
        day = request.args.get("date", "")
        try:
            datetime.strptime(day, "%Y%m%d")  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            return answered(refused("The value for the 'date' parameter is invalid"))
        with world.lock:
            return answered(Answer(200, _delivered(world, kind, day)))


def add_contents(routes: Blueprint, world: World) -> None:
    """Add the calls for the bytes of pictures and files; LINE serves them on another host."""

    @routes.get("/message/<message_id>/content")
    @routes.get("/message/<message_id>/content/preview", endpoint="content_preview")
    def content(message_id: str) -> Response:
        with world.lock:
            post = world.posts.get(message_id)
            if post is None or post.content is None:
                return answered(NOT_FOUND)
            if post.is_unsent:
                return answered(refused("Gone", 410))
            if post.content.pending:
                post.content.pending -= 1
                return answered(Answer(202, {}))
            return Response(post.content.data, mimetype=post.content.mimetype)

    @routes.get("/message/<message_id>/content/transcoding")
    def transcoding(message_id: str) -> Response:
        with world.lock:
            post = world.posts.get(message_id)
            if post is None or post.content is None:
                return answered(NOT_FOUND)
            return answered(Answer(200, {"status": _preparation(post)}))


def add_channel(routes: Blueprint, world: World, webhooks: Webhooks) -> None:
    """Add the calls about the bot itself and the address of its webhook."""

    @routes.get("/info")
    def info() -> Response:
        with world.lock:
            body: Json = {
                "userId": world.bot_user_id,
                "basicId": "@standin",
                "displayName": world.options.bot_name,
                "chatMode": "chat" if world.options.chat_on else "bot",
                "markAsReadMode": "manual" if world.options.chat_on else "auto",
            }
        return answered(Answer(200, body))

    @routes.get("/channel/webhook/endpoint")
    def webhook_endpoint() -> Response:
        with world.lock:
            url, active = world.bot_url, world.options.use_webhook
        return answered(Answer(200, {"endpoint": url, "active": active}) if url else NO_WEBHOOK)

    @routes.put("/channel/webhook/endpoint")
    def set_webhook_endpoint() -> Response:
        body = json_body()
        found = list(shaped({"endpoint": WEBHOOK_URL})(body, ""))
        if found:
            return answered(bad_request(found))
        with world.lock:
            world.bot_url = body["endpoint"]
        return answered(Answer(200, {}))

    @routes.post("/channel/webhook/test")
    def webhook_test() -> Response:
        body = json_body() or {}
        found = list(shaped({}, {"endpoint": WEBHOOK_URL})(body, ""))
        if found:
            return answered(bad_request(found))
        with world.lock:
            url = body.get("endpoint") or world.bot_url
        return answered(Answer(200, _tested(world, webhooks, url)) if url else NO_WEBHOOK)


def _delivered(world: World, kind: str, day: str) -> Json:
    """Return LINE's count of a day, which is there from the next day on."""
    if day >= line_day(world.instant()):
        return {"status": "unready"}
    counts = [
        len(sent.delivered_to)
        for sent in world.ledger
        if sent.endpoint == kind and line_day(sent.at) == day
    ]
    return {"status": "ready", "success": sum(counts)}


def _preparation(post: Post) -> str:
    if post.is_unsent or post.content is None:
        return "failed"
    return "processing" if post.content.pending else "succeeded"


def _tested(world: World, webhooks: Webhooks, url: str) -> Json:
    with world.lock:
        at = world.instant()
    status, reason = webhooks.test(url)
    return {
        "success": reason is None,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "statusCode": status,
        "reason": (reason or "ok").upper(),
        "detail": str(status),
    }
