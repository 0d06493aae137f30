"""What operators need: indexes to look rows up by, hourly counts, refused requests, the worker's memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.String(160)
MOMENT = sa.DateTime(timezone=True)
FOUND_BY = ("pseudonym", "outcome", "stage", "reply", "channel", "delivery_status", "error_code", "refusal")


def upgrade() -> None:
    op.add_column("message_log", sa.Column("count", sa.Integer(), nullable=False, server_default="1"))
    for column in ("seen_url", "signed_url", "url_fault"):
        op.add_column("message_log", sa.Column(column, TEXT))
    for column in ("pseudonym", "outcome"):
        op.drop_index(f"ix_message_log_{column}", "message_log")
    for column in FOUND_BY:
        said = sa.column(column).is_not(None)
        op.create_index(
            f"ix_message_log_{column}_at", "message_log", [column, "at"], sqlite_where=said, postgresql_where=said
        )
    op.create_table(
        "hourly_count",
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("measure", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "measure", "name", name="pk_hourly_count"),
    )
    op.create_table(
        "worker_lease",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker_lease"),
    )
    op.create_table(
        "job_run",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("trouble", TEXT),
        sa.Column("good_at", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_run"),
    )
    op.create_table(
        "alert_state",
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("sentence", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("rule", name="pk_alert_state"),
    )


def downgrade() -> None:
    for table in ("alert_state", "job_run", "worker_lease", "hourly_count"):
        op.drop_table(table)
    for column in FOUND_BY:
        op.drop_index(f"ix_message_log_{column}_at", "message_log")
    for column in ("pseudonym", "outcome"):
        op.create_index(f"ix_message_log_{column}", "message_log", [column])
    for column in ("url_fault", "signed_url", "seen_url", "count"):
        op.drop_column("message_log", column)
