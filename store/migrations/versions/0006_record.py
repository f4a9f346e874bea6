"""The record: append-only and chained, with every report that is there already."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000

REPORTS = """
SELECT agency.province_id, report.reported_at, report.state, report.person_id, report.duty_id,
       report.id, duty.agency_id, report.webhook_event_id
FROM report
JOIN duty ON duty.id = report.duty_id
JOIN agency ON agency.id = duty.agency_id
ORDER BY report.id
"""


def upgrade() -> None:
    op.add_column(
        "report", sa.Column("salt", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    entry = op.create_table(
        "record_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("duty_id", sa.Integer()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_record_entry_duty_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_record_entry_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_record_entry_province_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entry")),
        sa.UniqueConstraint(
            "province_id", "number", name=op.f("uq_record_entry_province_id_number")
        ),
    )
    op.create_index(op.f("ix_record_entry_duty_id"), "record_entry", ["duty_id"])
    rows: list[dict[str, Any]] = []
    for row in _entries():
        rows.append(row)
        if len(rows) == ROWS_AT_ONCE:
            op.bulk_insert(entry, rows)
            rows = []
    op.bulk_insert(entry, rows)


def _entries() -> Iterator[dict[str, Any]]:
    """Yield the entries of what the release before knew, each province's chained by itself."""
    ends: dict[int, tuple[int, str]] = {}
    columns = {"reported_at": sa.DateTime(timezone=True)}
    for row in op.get_bind().execute(sa.text(REPORTS).columns(**columns)).all():
        number, previous = ends.get(row.province_id, (0, ""))
        at = row.reported_at
        entry = {
            "province_id": row.province_id,
            "number": number + 1,
            "at": at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
            "act": "taken_back" if row.state == "open" else "reported",
            "person_id": row.person_id,
            "duty_id": row.duty_id,
            "details": _text(
                {
                    "report": row.id,
                    "state": row.state,
                    "agency": row.agency_id,
                    "event": row.webhook_event_id,
                    "by_upgrade": True,  # entered now, not when it was reported
                }
            ),
            "previous": previous,
        }
        entry["digest"] = _digest(entry)
        ends[row.province_id] = (number + 1, entry["digest"])
        yield entry


def _digest(entry: dict[str, Any]) -> str:
    at: datetime = entry["at"]
    said = [
        entry["province_id"],
        entry["number"],
        at.isoformat(timespec="microseconds"),
        entry["act"],
        entry["person_id"],
        entry["duty_id"],
        entry["details"],
        entry["previous"],
    ]
    return sha256(_text(said).encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
