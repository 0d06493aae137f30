"""Message log, daily counts, erasures, holds and audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.String(160)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "message_log",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("message_id", TEXT),
        sa.Column("channel", TEXT),
        sa.Column("pseudonym", TEXT),
        sa.Column("key_id", TEXT),
        sa.Column("outcome", TEXT),
        sa.Column("stage", TEXT),
        sa.Column("reply", TEXT),
        sa.Column("part", TEXT),
        sa.Column("language", TEXT),
        sa.Column("release", sa.Integer()),
        sa.Column("segments", sa.Integer()),
        sa.Column("score", sa.Float()),
        sa.Column("runner_up", TEXT),
        sa.Column("without_guessing", TEXT),
        sa.Column("danger_likely", sa.Boolean(), nullable=False),
        sa.Column("media_count", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Float()),
        sa.Column("degraded", TEXT, nullable=False),
        sa.Column("delivery_status", TEXT),
        sa.Column("error_code", sa.Integer()),
        sa.Column("refusal", TEXT),
        sa.PrimaryKeyConstraint("event_id", name="pk_message_log"),
    )
    op.create_index("ix_message_log_at_event_id", "message_log", ["at", "event_id"])
    op.create_index("ix_message_log_pseudonym", "message_log", ["pseudonym"])
    op.create_index("ix_message_log_message_id", "message_log", ["message_id"])
    op.create_index("ix_message_log_outcome", "message_log", ["outcome"])
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("reply", TEXT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "channel", "outcome", "reply", name="pk_daily_count"),
    )
    op.create_table(
        "erasure",
        sa.Column("pseudonym", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name="pk_erasure"),
    )
    op.create_table(
        "hold",
        sa.Column("pseudonym", TEXT, nullable=False),
        sa.Column("hold_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pseudonym", name="pk_hold"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "entry_id"])


def downgrade() -> None:
    for table in ("audit_entry", "hold", "erasure", "daily_count", "message_log"):
        op.drop_table(table)
