"""Drafts of plans that wait for answers; what each person was told last, for corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHAT_WAS_TOLD = """
INSERT INTO told (person_id, agency_id, activity_id, last_on, told_at)
SELECT outbox_message.person_id, duty.agency_id, step.activity_id,
       max(notice.last_on), max(outbox_message.finished_at)
FROM outbox_message
JOIN outbox_notice ON outbox_notice.outbox_id = outbox_message.id
JOIN notice ON notice.id = outbox_notice.notice_id
JOIN duty ON duty.id = notice.duty_id
JOIN step ON step.id = duty.step_id
JOIN activity ON activity.id = step.activity_id
WHERE outbox_message.state = 'done' AND outbox_message.person_id IS NOT NULL
  AND notice.outcome = 'sent' AND outbox_message.finished_at IS NOT NULL
GROUP BY outbox_message.person_id, duty.agency_id, step.activity_id, activity.last_on
HAVING max(notice.last_on) = activity.last_on
"""
"""What was told and is still true: of a date that moved under the release before nobody is to hear
months later."""


def upgrade() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("became_version", sa.Integer()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_draft_person_id")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_plan_draft_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft")),
    )
    op.create_index(op.f("ix_plan_draft_person_id"), "plan_draft", ["person_id"])
    op.create_table(
        "told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.Column("is_unsaid", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("before_on", sa.Date()),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        *_to_others("told", "person", "agency", "activity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint(
            "person_id",
            "agency_id",
            "activity_id",
            name=op.f("uq_told_person_id_agency_id_activity_id"),
        ),
    )
    op.create_index(op.f("ix_told_activity_id"), "told", ["activity_id"])
    op.create_table(
        "outbox_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_message.id"], name=op.f("fk_outbox_correction_outbox_id")
        ),
        *_to_others("outbox_correction", "agency", "activity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_correction")),
        sa.UniqueConstraint(
            "outbox_id",
            "agency_id",
            "activity_id",
            name=op.f("uq_outbox_correction_outbox_id_agency_id_activity_id"),
        ),
    )
    op.execute(WHAT_WAS_TOLD)


def _to_others(table: str, *others: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_{table}_{other}_id")
        )
        for other in others
    ]
