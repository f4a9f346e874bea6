"""Reads the rows of the two queues, and puts rows in, for the tests of the bot's loops."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.line_in import split_batch
from messages_th.parts import Part, Text, to_json
from store import inbox, outbox
from store.database import Engine, Session, transaction
from store.inbox import NewEvent
from store.models import InboxEvent, OutboxMessage, Stop, Topic

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
USER = "U" + "1" * 32
GROUP = "C" + "a" * 32


def signature(body: bytes, secret: str = SECRET) -> str:
    """Return what LINE would put into X-Line-Signature."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def said(event_id: str, words: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """Return the event of a text said in 1:1 at that instant."""
    return {
        "type": "message",
        "webhookEventId": event_id,
        "timestamp": int(at.timestamp() * 1000),
        "mode": "active",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": USER},
        "replyToken": f"token-{event_id}",
        "message": {"type": "text", "id": "1", "quoteToken": "q", "text": words},
        **changes,
    }


def keep_events(session: Session, new: Sequence[NewEvent]) -> int:
    """Keep events within a transaction, as `InboxDoor` does outside of any; return how many new."""
    connection = session.connection()
    insert = inbox.INSERT[connection.dialect.name]
    return sum(
        connection.exec_driver_sql(insert, (batch,)).rowcount for batch in inbox.to_batches(new)
    )


def keep(engine: Engine, *events: dict[str, Any], at: datetime) -> int:
    """Keep events as the webhook would; return how many were new."""
    new, _ = split_batch(json.dumps({"events": events}).encode(), received_at=at)
    with transaction(engine) as session:
        return keep_events(session, new)


def queue(
    engine: Engine,
    key: str,
    *,
    at: datetime,
    reply_token: str | None = None,
    line_to: str = USER,
    topic: Topic = Topic.ANSWER,
    parts: Sequence[Part] = (Text("สวัสดี"),),
) -> None:
    """Queue one message, in a chat of its own."""
    with transaction(engine) as session:
        outbox.add_message(
            session,
            key=key,
            topic=topic,
            line_to=line_to,
            reply_token=reply_token,
            chat_key=key,
            parts=to_json(parts),
            at=at,
        )


def events(engine: Engine) -> list[InboxEvent]:
    """Return all events, in the order in which they were kept."""
    with transaction(engine) as session:
        return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


def messages(engine: Engine) -> list[OutboxMessage]:
    """Return all messages, in the order in which they were queued."""
    with transaction(engine) as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def message(engine: Engine, key: str) -> OutboxMessage:
    """Return the message of that key."""
    (found,) = (each for each in messages(engine) if each.key == key)
    return found


def stops(engine: Engine) -> set[str]:
    """Return the reasons for which sending stands still."""
    with transaction(engine) as session:
        return set(session.scalars(select(Stop.kind)))


def execute(engine: Engine, statement: str) -> None:
    """Run one SQL statement, for what no code of ours would do."""
    with transaction(engine) as session:
        session.connection().exec_driver_sql(statement)
