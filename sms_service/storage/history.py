"""The history in SQL: the table ``audit_entry``, all of it. Triggers keep it as it is on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select

from sms_service.core.history import LONGEST_DETAIL, HistoryEntry, HistoryPage, HistoryPosition, HistoryQuery
from sms_service.storage.event_text import LONGEST_TEXT
from sms_service.storage.publishing.link import SqlLink, storable
from sms_service.storage.tables import audit_entry


def add(connection: Connection, entry: HistoryEntry) -> None:
    """Write an entry in the transaction of what it speaks of."""
    values: dict[str, Any] = {
        "entry_id": entry.entry_id,
        "at": entry.at,
        "actor": storable(entry.actor, LONGEST_TEXT),
        "actor_id": storable(entry.actor_id, LONGEST_TEXT),
        "action": storable(entry.action, LONGEST_TEXT),
        "subject": storable(entry.subject, LONGEST_TEXT),
        "detail": storable(entry.detail, LONGEST_DETAIL),
    }
    connection.execute(insert(audit_entry), values)


class SqlHistory:
    """The :class:`~sms_service.service.history_ports.HistoryStore`."""

    def __init__(self, link: SqlLink) -> None:
        self._link = link

    def add(self, entry: HistoryEntry) -> None:
        """Keep an entry."""
        with self._link.write() as connection:
            add(connection, entry)

    def search(self, query: HistoryQuery, after: HistoryPosition | None, most: int) -> HistoryPage:
        """Give entries that fit, newest first."""
        conditions = _conditions(query)
        at, entry_id = audit_entry.c.at, audit_entry.c.entry_id
        if after is not None:
            conditions.append(or_(at < after.at, and_(at == after.at, entry_id < after.entry_id)))
        found = select(audit_entry).where(*conditions).order_by(at.desc(), entry_id.desc()).limit(most + 1)
        with self._link.read() as connection:
            entries = [HistoryEntry(**row) for row in connection.execute(found).mappings()]
        page = tuple(entries[:most])
        older = HistoryPosition(page[-1].at, page[-1].entry_id) if len(entries) > most else None
        return HistoryPage(page, older)


def _conditions(query: HistoryQuery) -> list[ColumnElement[bool]]:
    columns = audit_entry.c
    everything = func.lower(columns.actor + " " + columns.action + " " + columns.subject + " " + columns.detail)
    conditions: list[ColumnElement[bool]] = []
    for word in storable(query.words, LONGEST_TEXT).casefold().split():
        conditions.append(everything.contains(word, autoescape=True))
    for column, wanted in (
        (columns.actor_id, query.actor_id),
        (columns.action, query.action),
        (columns.subject, query.subject),
    ):
        if wanted:
            conditions.append(column == storable(wanted, LONGEST_TEXT))
    if query.since is not None:
        conditions.append(columns.at >= query.since)
    if query.until is not None:
        conditions.append(columns.at < query.until)
    return conditions
