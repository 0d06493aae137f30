"""What the history needs from its store."""

from __future__ import annotations

from typing import Protocol

from sms_service.core.history import HistoryEntry, HistoryPage, HistoryPosition, HistoryQuery


class HistoryStore(Protocol):
    """Keeps entries; nothing in it can be changed. Every call may raise :class:`~sms_service.core.errors.LineError`."""

    def add(self, entry: HistoryEntry) -> None:
        """Keep an entry."""
        ...

    def search(self, query: HistoryQuery, after: HistoryPosition | None, most: int) -> HistoryPage:
        """Give entries that fit, newest first, from behind a position on."""
        ...
