"""Phones of staff that may try a draft for some hours; their numbers are not kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.String(160)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "trying_phone",
        sa.Column("phone_id", TEXT, nullable=False),
        sa.Column("pseudonym", TEXT, nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("person_name", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("phone_id", name="pk_trying_phone"),
        sa.UniqueConstraint("pseudonym", name="uq_trying_phone_pseudonym"),
    )


def downgrade() -> None:
    op.drop_table("trying_phone")
