"""Replies and pushes each by an index of their own: neither is looked through for the other."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IS_REPLY_UNDER_WAY = sa.text("state IN ('waiting', 'sending') AND reply_token IS NOT NULL")
IS_PUSH_UNDER_WAY = sa.text("state IN ('waiting', 'sending') AND reply_token IS NULL")


def upgrade() -> None:
    _index("ix_outbox_message_next_reply", IS_REPLY_UNDER_WAY)
    _index("ix_outbox_message_next_push", IS_PUSH_UNDER_WAY)
    op.drop_index("ix_outbox_message_next", "outbox_message")


def _index(name: str, where: sa.TextClause) -> None:
    columns = ["next_at", "id"]
    op.create_index(name, "outbox_message", columns, sqlite_where=where, postgresql_where=where)
