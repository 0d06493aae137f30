"""The stories of deletion: what is old goes, who asks is forgotten, what a safeguarding case needs stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core.events import Event
from sms_service.core.people import without_account
from sms_service.service.history import History
from sms_service.service.ports import HotState
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.retention_ports import AgeingStore, Erased, PersonRecords

BATCH: Final = 1000
"""Rows deleted in one transaction: short enough that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: rows deleted by store, and rows unlinked because an earlier erasure says so."""

    deleted: Mapping[str, int]
    unlinked: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting a person did.

    Attributes:
        erased: In the message log.
        message_ids: Of the messages that were theirs, for erasing them at the provider too.
    """

    erased: Erased
    message_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RetentionService:
    """Deletes, forgets and holds. What a store raises goes on to the caller; every story can simply be run again."""

    stores: Sequence[AgeingStore]
    people: PersonRecords
    history: History
    pseudonyms: Pseudonyms
    hot_state: HotState
    clock: Callable[[], dt.datetime]

    def purge(self, actor: str) -> Purged:
        """Delete every row that has outlived its days, in small transactions: stopped half-way, the next run goes on.

        Erasures are said again first, so that a purge is what has to run after a restore.
        """
        now = self.clock()
        unlinked = self.people.erase_again()
        deleted = {store.name: self._purge(store, now) for store in self.stores}
        told = ", ".join(f"{name} {count}" for name, count in deleted.items() if count)
        if told or unlinked:
            self.history.note(
                without_account(actor), "purged", "", f"deleted: {told or 'nothing'}; unlinked: {unlinked}"
            )
        return Purged(deleted, unlinked)

    def forget(self, number: str, actor: str) -> Forgotten:
        """Forget a person by their number, under every key that is still live."""
        pseudonyms = self.pseudonyms.all(number)
        rows = self.people.rows_of(pseudonyms)
        for pseudonym in pseudonyms:
            self.hot_state.forget(pseudonym)
        erased = self.people.erase(pseudonyms, self.clock(), actor)
        return Forgotten(erased, tuple(dict.fromkeys(row.message_id for row in rows if row.message_id is not None)))

    def everything_about(self, number: str, actor: str) -> tuple[Event, ...]:
        """Give every row about a person. That somebody looked is in the history."""
        rows = self.people.rows_of(self.pseudonyms.all(number))
        self.history.note(without_account(actor), "exported", "rows about one person", f"rows given out: {len(rows)}")
        return rows

    def hold(self, number: str, actor: str) -> str:
        """Keep a person's rows from deletion; give the id of the hold."""
        return self.people.place_hold(self.pseudonyms.all(number), self.clock(), actor)

    def release(self, number: str, actor: str) -> str | None:
        """End a hold and do what it stopped; give its id, or None when there was none."""
        hold_id = self.people.release_hold(self.pseudonyms.all(number), self.clock(), actor)
        if hold_id is not None:
            self.people.erase_again()
        return hold_id

    @staticmethod
    def _purge(store: AgeingStore, now: dt.datetime) -> int:
        before = now - dt.timedelta(days=store.days)
        total = 0
        while deleted := store.delete_older_than(before, BATCH):
            total += deleted
        return total
