"""Run by Alembic for every command: uses the connection, and the transaction, that :mod:`..migrate` hands over."""

from __future__ import annotations

from alembic import context

import sms_service.storage.publishing.tables  # noqa: F401 - its tables belong to the metadata too
from sms_service.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot change a column in place
)
with context.begin_transaction():
    context.run_migrations()
