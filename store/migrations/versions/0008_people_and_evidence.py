"""People who ask to join, hand over and leave; evidence, reviews and answers to who is stuck."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EMPTY = sa.text("''")


def upgrade() -> None:
    for table, column in (
        ("province", _flag("one_person_may_approve")),
        ("step", _flag("needs_evidence")),
        ("report", sa.Column("figure", sa.String(), nullable=False, server_default=EMPTY)),
        ("report", sa.Column("link", sa.Text(), nullable=False, server_default=EMPTY)),
        ("person", sa.Column("display_name", sa.String(), nullable=False, server_default=EMPTY)),
        ("person", sa.Column("erased_at", sa.DateTime(timezone=True))),
        ("chat", sa.Column("hinted_at", sa.DateTime(timezone=True))),
        ("outbox_message", sa.Column("about_id", sa.Integer())),
    ):
        op.add_column(table, column)
    # SQLite adds no foreign key to a table that is there, so the table is made anew.
    with op.batch_alter_table("invitation") as invitation:
        invitation.add_column(sa.Column("of_post_id", sa.Integer()))
        invitation.create_foreign_key(
            op.f("fk_invitation_of_post_id"), "post", ["of_post_id"], ["id"]
        )
    _digest_members()
    _make(
        "review",
        _to("report"),
        _to("person"),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        unique=("report_id",),
    )
    _make(
        "stuck_answer",
        _to("report"),
        _to("person"),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        indexes=("report_id",),
    )
    _make(
        "evidence",
        _to("duty"),
        _to("person"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stored_as", sa.String()),
        sa.Column("media_type", sa.String(), nullable=False, server_default=EMPTY),
        sa.Column("size", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("sha256", sa.String(), nullable=False, server_default=EMPTY),
        sa.Column("link", sa.Text(), nullable=False, server_default=EMPTY),
        sa.Column("line_message_id", sa.String(), nullable=False, server_default=EMPTY),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        unique=("stored_as",),
        indexes=("duty_id", "line_message_id"),
    )
    _make(
        "evidence_wait",
        _to("person"),
        _to("duty"),
        sa.Column("then_done", sa.Boolean(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False, server_default=EMPTY),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        unique=("person_id", "duty_id"),
        indexes=("duty_id",),
    )
    _make(
        "privacy_notice",
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        unique=("who",),
    )
    _make(
        "join_request",
        _to("person"),
        _to("province"),
        _to("agency"),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Integer()),
        sa.Column("outcome", sa.String(), nullable=False, server_default=EMPTY),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_join_request_decided_by_id")
        ),
        indexes=("person_id", "agency_id"),
    )
    _make(
        "download",
        _to("person"),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        unique=("stored_as",),
    )


def _digest_members() -> None:
    """Keep of who is in a group a digest of the LINE user id, and the id no more."""
    with op.batch_alter_table("chat_member") as members:
        members.drop_constraint(op.f("uq_chat_member_chat_id_line_user_id"), type_="unique")
        members.alter_column("line_user_id", new_column_name="who")
    # On SQLite only the table that is made next knows the new name.
    with op.batch_alter_table("chat_member") as members:
        members.create_unique_constraint(op.f("uq_chat_member_chat_id_who"), ["chat_id", "who"])
    connection = op.get_bind()
    members_of = connection.execute(sa.text("SELECT id, who FROM chat_member")).all()
    digests = [{"id": row, "who": sha256(who.encode()).hexdigest()} for row, who in members_of]
    if digests:
        connection.execute(sa.text("UPDATE chat_member SET who = :who WHERE id = :id"), digests)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _to(table: str) -> tuple[sa.Column[int], str]:
    """Return the column that names a row of another table, and that table."""
    return sa.Column(f"{table}_id", sa.Integer(), nullable=False), table


def _make(
    table: str,
    *parts: sa.schema.SchemaItem | tuple[sa.Column[int], str],
    unique: tuple[str, ...] = (),
    indexes: tuple[str, ...] = (),
) -> None:
    """Make a table with an id; constraints bear the names of the models' convention."""
    columns: list[sa.schema.SchemaItem] = [sa.Column("id", sa.Integer(), nullable=False)]
    for part in parts:
        if isinstance(part, tuple):
            column, to = part
            name = op.f(f"fk_{table}_{column.name}")
            columns += [column, sa.ForeignKeyConstraint([column.name], [f"{to}.id"], name=name)]
        else:
            columns.append(part)
    columns.append(sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    if unique:
        columns.append(sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")))
    op.create_table(table, *columns)
    for column_name in indexes:
        op.create_index(op.f(f"ix_{table}_{column_name}"), table, [column_name])
