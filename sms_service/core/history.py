"""The history of what people did: one entry an act, never changed, given out as CSV that no spreadsheet executes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_DETAIL: Final = 2000
"""Characters of an entry's detail; what is longer is cut."""

CSV_HEADINGS: Final = ("when (UTC)", "who", "person id", "what", "about", "detail")

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\N{FULLWIDTH EQUALS SIGN}")
"""OWASP, CSV Injection; and ASVS 5.0.0, 1.2.10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One act.

    Attributes:
        entry_id: Its own.
        at: When, aware.
        actor: Name of the person or program, as it was then.
        actor_id: The person's id; empty for a program.
        action: What was done, a short stable word such as ``published`` or ``looked_at``.
        subject: What it was done to, such as ``release 5`` or ``draft 12``; may be empty.
        detail: More, in words. Nothing about a child.
    """

    entry_id: str
    at: dt.datetime
    actor: str
    actor_id: str = ""
    action: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """What is looked for; what is empty does not matter.

    Attributes:
        words: Each must stand somewhere in the entry, in small letters or capitals.
        actor_id: By this person.
        action: This act.
        subject: About exactly this.
        since: Not earlier.
        until: Earlier.
    """

    words: str = ""
    actor_id: str = ""
    action: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryPosition:
    """Where a page of the history ended: the next begins with what is older."""

    at: dt.datetime
    entry_id: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the history, newest first; ``older`` is None on the last."""

    entries: tuple[HistoryEntry, ...]
    older: HistoryPosition | None


def as_csv(entries: Iterable[HistoryEntry]) -> Iterator[str]:
    """Give the lines of a CSV file (RFC 4180, each with its line end), headings first."""
    yield _line(CSV_HEADINGS)
    for entry in entries:
        when = entry.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        yield _line((when, entry.actor, entry.actor_id, entry.action, entry.subject, entry.detail))


def csv_cell(text: str) -> str:
    """Give a text as a quoted cell that a spreadsheet shows and never computes."""
    if text.lstrip(" ").startswith(_STARTS_A_FORMULA):
        text = f"'{text}"
    text = text.replace("\0", "").replace('"', '""')
    return f'"{text}"'


def _line(cells: Iterable[str]) -> str:
    return ",".join(csv_cell(cell) for cell in cells) + "\r\n"
