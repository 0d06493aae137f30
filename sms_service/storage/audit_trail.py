"""The audit trail: who did what with the data, without a word about a child."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Connection, insert
from sqlalchemy.exc import SQLAlchemyError

from sms_service.service.retention_ports import AuditFailed
from sms_service.storage.database import Database
from sms_service.storage.event_text import plain
from sms_service.storage.tables import audit_entry


def add(connection: Connection, action: str, actor: str, at: dt.datetime, detail: str) -> None:
    """Write an entry in the transaction of what it speaks of."""
    entry = {"entry_id": uuid.uuid4().hex, "at": at, "actor": plain(actor), "action": action, "detail": plain(detail)}
    connection.execute(insert(audit_entry), entry)


class SqlAuditTrail:
    """The :class:`~sms_service.service.retention_ports.AuditTrail` for what has no transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, action: str, actor: str, at: dt.datetime, detail: str) -> None:
        """Write an entry. May raise ``sqlalchemy.exc.SQLAlchemyError``."""
        with self._database.write() as connection:
            add(connection, action, actor, at, detail)


class ToldAuditTrail(SqlAuditTrail):
    """The same for pages: what fails is an error with a sentence, and what was to be noted does not happen."""

    def note(self, action: str, actor: str, at: dt.datetime, detail: str) -> None:
        """Write an entry.

        Raises:
            AuditFailed: When it cannot be written.
        """
        try:
            super().note(action, actor, at, detail)
        except SQLAlchemyError as error:
            raise AuditFailed(
                "This is only shown when it can be written down who looked, and that fails now."
            ) from error
