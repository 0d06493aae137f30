"""Deleting phones of staff when they ask to be forgotten."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists

from sms_service.storage.publishing.tables import trying_phone
from sms_service.storage.tables import erasure


def delete_erased(connection: Connection) -> int:
    """Delete the phones of people who asked to be forgotten; give how many."""
    asked = exists().where(erasure.c.pseudonym == trying_phone.c.pseudonym, trying_phone.c.at <= erasure.c.at)
    return connection.execute(delete(trying_phone).where(asked)).rowcount
