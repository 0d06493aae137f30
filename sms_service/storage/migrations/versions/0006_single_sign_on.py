"""Accounts know whom an identity provider vouches for, so that an address that went to somebody else opens nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_account", sa.Column("sign_on_subject", sa.String(64)))
    op.create_index("ix_staff_account_sign_on_subject", "staff_account", ["sign_on_subject"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_staff_account_sign_on_subject", "staff_account")
    op.drop_column("staff_account", "sign_on_subject")
