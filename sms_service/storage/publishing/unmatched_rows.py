"""Deleting messages that were not understood: by days, and when somebody asks to be forgotten."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, exists, select

from sms_service.storage.publishing.tables import unmatched_message
from sms_service.storage.tables import erasure


def delete_erased(connection: Connection) -> int:
    """Delete what is kept of people who asked to be forgotten; give how many."""
    asked = exists().where(erasure.c.pseudonym == unmatched_message.c.pseudonym, unmatched_message.c.at <= erasure.c.at)
    return connection.execute(delete(unmatched_message).where(asked)).rowcount


def delete_older_than(connection: Connection, moment: dt.datetime, most: int) -> int:
    """Delete messages from before a moment; give how many."""
    name, at = unmatched_message.c.unmatched_id, unmatched_message.c.at
    old = select(name).where(at < moment).order_by(at).limit(most)
    return connection.execute(delete(unmatched_message).where(name.in_(old))).rowcount
