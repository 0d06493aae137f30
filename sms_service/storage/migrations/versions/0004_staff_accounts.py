"""Accounts of staff: who they are, how they prove it, their sessions, and what slows guessing down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.String(160)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "staff_account",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("totp_secret", sa.String(500)),
        sa.Column("totp_counter", sa.BigInteger()),
        sa.Column("passkey_handle", TEXT),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("logged_in_at", MOMENT),
        sa.PrimaryKeyConstraint("person_id", name="pk_staff_account"),
        sa.UniqueConstraint("email", name="uq_staff_account_email"),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("code_hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name="pk_staff_recovery_code"),
    )
    op.create_table(
        "staff_passkey",
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", TEXT, nullable=False),
        sa.Column("device_type", TEXT, nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("credential_id", name="pk_staff_passkey"),
    )
    op.create_index("ix_staff_passkey_person_id", "staff_passkey", ["person_id"])
    op.create_table(
        "staff_link",
        sa.Column("link_hash", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("person_id", TEXT),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("link_hash", name="pk_staff_link"),
    )
    op.create_index("ix_staff_link_person_id", "staff_link", ["person_id"])
    op.create_table(
        "staff_session",
        sa.Column("session_hash", TEXT, nullable=False),
        sa.Column("person_id", TEXT),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_person_id", "staff_session", ["person_id"])
    op.create_index("ix_staff_session_seen_at", "staff_session", ["seen_at"])
    op.create_table(
        "login_attempt",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_since", "login_attempt", ["since"])


def downgrade() -> None:
    for table in (
        "login_attempt",
        "staff_session",
        "staff_link",
        "staff_passkey",
        "staff_recovery_code",
        "staff_account",
    ):
        op.drop_table(table)
