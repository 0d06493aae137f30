"""The history: who did what to what, written once, found again, given out as CSV."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sms_service.core.history import (
    LONGEST_DETAIL,
    HistoryEntry,
    HistoryPage,
    HistoryPosition,
    HistoryQuery,
    as_csv,
)
from sms_service.core.people import Person
from sms_service.service.history_ports import HistoryStore

PAGE: Final = 50
_EXPORT_PAGE: Final = 500


def new_entry(at: dt.datetime, person: Person, action: str, subject: str = "", detail: str = "") -> HistoryEntry:
    """Make an entry.

    Args:
        at: When, aware.
        person: Who did it.
        action: One of :data:`~sms_service.core.history.ACTS`.
        subject: What it was done to.
        detail: More, in words; what is longer than LONGEST_DETAIL is cut. Nothing about a child.
    """
    return HistoryEntry(
        entry_id=uuid.uuid4().hex,
        at=at,
        actor=person.name,
        actor_id=person.person_id,
        action=action,
        subject=subject,
        detail=detail[:LONGEST_DETAIL],
    )


@dataclass(frozen=True, kw_only=True)
class History:
    """Writes and finds entries."""

    store: HistoryStore
    clock: Callable[[], dt.datetime]

    def entry(self, person: Person, action: str, subject: str = "", detail: str = "") -> HistoryEntry:
        """Make an entry, to be kept in the transaction of what it speaks of."""
        return new_entry(self.clock(), person, action, subject, detail)

    def note(self, person: Person, action: str, subject: str = "", detail: str = "") -> None:
        """Write down what somebody did, such as ``looked_at``. Nothing about a child belongs in it."""
        self.store.add(self.entry(person, action, subject, detail))

    def search(
        self, query: HistoryQuery | None = None, after: HistoryPosition | None = None, most: int = PAGE
    ) -> HistoryPage:
        """Give one page, newest first; ``after`` is the ``older`` of the page before."""
        return self.store.search(query or HistoryQuery(), after, most)

    def export(self, person: Person, query: HistoryQuery | None = None) -> Iterator[str]:
        """Give the lines of a CSV file of everything that fits. That somebody took it out is in the history first."""
        self.note(person, "exported", "history", f"searched for: {query.words}" if query and query.words else "")
        return as_csv(self._all(query or HistoryQuery()))

    def _all(self, query: HistoryQuery) -> Iterator[HistoryEntry]:
        after: HistoryPosition | None = None
        while True:
            page = self.store.search(query, after, _EXPORT_PAGE)
            yield from page.entries
            if page.older is None:
                return
            after = page.older
