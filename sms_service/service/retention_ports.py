"""What deletion, erasure and holds need from the stores. Adapters live in ``storage``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.events import Event


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        rows: Rows unlinked from the person.
        held_rows: Rows that stay linked because of a safeguarding hold; they are unlinked when it is released.
    """

    rows: int
    held_rows: int


class AgeingStore(Protocol):
    """A store whose rows are deleted when they are old enough."""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        ...

    @property
    def days(self) -> int:
        """How long a row is kept."""
        ...

    def delete_older_than(self, moment: dt.datetime, most: int) -> int:
        """Delete at most so many rows from before a moment, in one transaction; give how many. May raise."""
        ...


class PersonRecords(Protocol):
    """What is stored about people. Everything may raise, and has then changed nothing in SQL."""

    def rows_of(self, pseudonyms: tuple[str, ...]) -> tuple[Event, ...]:
        """Give every row about a person, oldest first."""
        ...

    def erase(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> Erased:
        """Unlink every row up to a moment, held ones aside, durably: late outboxes and restores included."""
        ...

    def erase_again(self) -> int:
        """Unlink whatever earlier erasures speak of and is linked again, or was held then; give the number of rows."""
        ...

    def place_hold(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> str:
        """Keep a person's rows from deletion; give the id of the hold (the old one when there is one)."""
        ...

    def release_hold(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> str | None:
        """End a hold; give its id, or None when there was none."""
        ...
