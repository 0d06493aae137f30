"""One history: acts of accounts and operators name people as those of editors do, and acts are found by their kind.

Until now the acts of accounts, of operators and of commands were written without the name of who acted, and in words of
their own. What is rewritten says the same as before. On the way back it stays as it is; the earlier version shows
it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RENAMED = {
    # what was stored: what is stored now, and what it was done to
    "look at sender": ("looked_at", ""),
    "export": ("exported", ""),
    "test alert": ("alerts_tested", ""),
    "forget": ("erased", "rows about one person"),
    "hold": ("held", "rows about one person"),
    "purge": ("purged", ""),
    "provider_copy_delete": ("provider_copy_deleted", ""),
}
LONGEST = 160


def upgrade() -> None:
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "at"])
    entry = sa.table("audit_entry", *map(sa.column, ("actor", "actor_id", "action", "subject", "detail")))
    account = sa.table("staff_account", *map(sa.column, ("person_id", "name")))
    released = sa.and_(entry.c.action == "hold", entry.c.detail.like("%released"))
    with _history_open():
        op.execute(sa.update(entry).where(released).values(action="hold_released", subject="rows about one person"))
        for old, (new, subject) in RENAMED.items():
            op.execute(sa.update(entry).where(entry.c.action == old).values(action=new, subject=subject))
        for person_id, name in op.get_bind().execute(sa.select(account.c.person_id, account.c.name)).all():
            about = sa.and_(entry.c.subject == "", entry.c.detail.startswith(person_id, autoescape=True))
            rest = sa.func.trim(sa.func.substr(entry.c.detail, len(person_id) + 1))
            op.execute(sa.update(entry).where(about).values(subject=name[:LONGEST], detail=rest))
            mine = sa.and_(entry.c.actor == person_id, entry.c.actor_id == "")
            op.execute(sa.update(entry).where(mine).values(actor=name[:LONGEST], actor_id=person_id))


def downgrade() -> None:
    op.drop_index("ix_audit_entry_action", "audit_entry")


@contextmanager
def _history_open() -> Iterator[None]:
    """Take the trigger away that keeps the history as it is, within the transaction of this migration."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays")
        yield
        op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stays")
        return
    made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_entry_stays'")
    trigger = connection.execute(made).scalar_one()
    op.execute("DROP TRIGGER audit_entry_stays")
    yield
    connection.exec_driver_sql(trigger)
