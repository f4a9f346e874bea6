"""Many workers: rings, heartbeats, indexes of what is under way; where a message belongs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IS_WAITING = sa.text("state = 'waiting'")
IS_UNDER_WAY = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    op.create_table(
        "job_ring",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_ring")),
        sa.UniqueConstraint("name", name=op.f("uq_job_ring_name")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("name", name=op.f("uq_worker_name")),
    )
    op.add_column("inbox_event", sa.Column("finished_at", sa.DateTime(timezone=True)))
    op.add_column(
        "inbox_event",
        sa.Column("outcome", sa.String(), nullable=False, server_default=sa.text("''")),
    )
    with op.batch_alter_table("outbox_message") as table:
        table.add_column(sa.Column("province_id", sa.Integer()))
        table.add_column(
            sa.Column("chat_key", sa.String(), nullable=False, server_default=sa.text("''"))
        )
        table.create_foreign_key(
            "fk_outbox_message_province_id", "province", ["province_id"], ["id"]
        )

    _index("ix_inbox_event_next", "inbox_event", ["sent_at", "id"], IS_WAITING)
    _index("ix_inbox_event_of_chat", "inbox_event", ["chat_key", "sent_at", "id"], IS_WAITING)
    _index("ix_outbox_message_next", "outbox_message", ["next_at", "id"], IS_UNDER_WAY)
    _index("ix_outbox_message_of_chat", "outbox_message", ["chat_key", "id"], IS_UNDER_WAY)
    op.drop_index("ix_inbox_event_waiting", "inbox_event")
    op.drop_index("ix_outbox_message_waiting", "outbox_message")


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
