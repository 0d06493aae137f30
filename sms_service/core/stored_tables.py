"""How the data register speaks of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """One table.

    Attributes:
        store: Where it lies.
        name: Of the table.
        purpose: Why there is such a table.
        days: How long a row is kept; None: for good.
        until: Said instead of the days, where a row goes earlier or by another rule.
        columns: What each column is for.
    """

    store: str
    name: str
    purpose: str
    days: int | None
    columns: Mapping[str, str]
    until: str = ""

    @property
    def kept(self) -> str:
        """How long, in words."""
        days = "without limit" if self.days is None else f"{self.days} days"
        return f"{self.until}, at most {days}" if self.until else days


SQL: Final = "SQL database"
