"""The other side of the outbox: what the drain reads, acknowledges and sets aside. One queue for one thread.

Everything here may raise ``sqlite3.Error``; the drain then tries again later. Nothing here is on the way of an answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from sms_service.storage.outbox_file import open_outbox

_WAIT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event that waits, as JSON. A ``seq`` is used again once the outbox was empty, an ``event_id`` never."""

    seq: int
    event_id: str
    body: str


@dataclass(frozen=True, slots=True)
class AskedErasure:
    """A sender who asked to be forgotten, and when (Unix seconds)."""

    pseudonym: str
    at: float


@dataclass(frozen=True, slots=True)
class OutboxFill:
    """How full the outbox is: events waiting, events set aside, bytes of the file, and the time the oldest was made."""

    waiting: int
    set_aside: int
    size_bytes: int
    oldest_body: str | None


class OutboxQueue:
    """An open outbox, as the drain sees it.

    Args:
        path: Of the file.
        wait_seconds: Longest wait for another process's lock.

    Raises:
        sqlite3.Error: When the file cannot be opened; every function may raise it too.
    """

    def __init__(self, path: Path, *, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._path = path
        self._connection = open_outbox(path, wait_seconds=wait_seconds)
        found = path.stat()
        self._file = (found.st_dev, found.st_ino)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def is_current(self) -> bool:
        """Whether the file of that name is still the one that is open."""
        with suppress(OSError):
            found = self._path.stat()
            return (found.st_dev, found.st_ino) == self._file
        return False

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._connection.close()

    # Events ---------------------------------------------------------------------------------------------------------

    def oldest(self, most: int) -> list[Waiting]:
        """Give the events that have waited longest, in the order they came."""
        rows = self._connection.execute("SELECT seq, event_id, body FROM event ORDER BY seq LIMIT ?", (most,))
        return [Waiting(*row) for row in rows.fetchall()]

    def acknowledge(self, moved: Iterable[Waiting]) -> None:
        """Take out what SQL has committed. What another drain has taken out already is no trouble."""
        with self._transaction():
            self._connection.executemany(
                "DELETE FROM event WHERE seq = ? AND event_id = ?", [(one.seq, one.event_id) for one in moved]
            )

    def set_aside(self, refused: Waiting, reason: str) -> None:
        """Take an event that SQL will never take out of the way of the others; it stays in the file."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO set_aside (event_id, body, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (refused.event_id, refused.body, reason),
            )
            self._connection.execute(
                "DELETE FROM event WHERE seq = ? AND event_id = ?", (refused.seq, refused.event_id)
            )

    def put_back(self) -> int:
        """Let everything that was set aside be tried again; give how many that is."""
        with self._transaction():
            put_back = self._connection.execute(
                "INSERT INTO event (event_id, body) SELECT event_id, body FROM set_aside WHERE true "
                "ON CONFLICT DO NOTHING"
            ).rowcount
            self._connection.execute("DELETE FROM set_aside")
        return put_back

    def drop_older_than(self, moment: str, most: int) -> int:
        """Delete events made before a moment (ISO 8601, UTC), wherever they lie; give how many were deleted."""
        dropped = 0
        with self._transaction():
            for table in ("event", "set_aside"):
                dropped += self._connection.execute(
                    f"DELETE FROM {table} WHERE event_id IN (SELECT event_id FROM {table} "  # noqa: S608 - our names
                    "WHERE json_extract(body, '$.at') < ? LIMIT ?)",
                    (moment, most),
                ).rowcount
        return dropped

    # Erasures -------------------------------------------------------------------------------------------------------

    def ask_erasure(self, pseudonyms: Sequence[str], at: float) -> None:
        """Note that these senders want to be forgotten, up to a moment (Unix seconds)."""
        with self._transaction():
            self._connection.executemany(
                "INSERT INTO erasure (pseudonym, at) VALUES (?, ?) "
                "ON CONFLICT (pseudonym) DO UPDATE SET at = max(at, excluded.at), applied = 0",
                [(pseudonym, at) for pseudonym in pseudonyms],
            )

    def asked_erasures(self, *, also_applied: bool = False) -> list[AskedErasure]:
        """Give the erasures that SQL does not have yet, or all that are kept."""
        rows = self._connection.execute("SELECT pseudonym, at FROM erasure WHERE applied = 0 OR ?", (also_applied,))
        return [AskedErasure(*row) for row in rows.fetchall()]

    def mark_applied(self, erasures: Iterable[AskedErasure]) -> None:
        """Note that SQL has them; one that was asked for again meanwhile stays open."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE erasure SET applied = 1 WHERE pseudonym = ? AND at = ?",
                [(one.pseudonym, one.at) for one in erasures],
            )

    def drop_erasures_before(self, at: float) -> int:
        """Forget erasures that every row they could concern has outlived; give how many."""
        return self._connection.execute("DELETE FROM erasure WHERE at < ? AND applied = 1", (at,)).rowcount

    # The file -------------------------------------------------------------------------------------------------------

    def fill(self) -> OutboxFill:
        """Say how full it is."""
        one = self._connection.execute
        oldest = one("SELECT body FROM event ORDER BY seq LIMIT 1").fetchone()
        pages = one("PRAGMA page_count").fetchone()[0] * one("PRAGMA page_size").fetchone()[0]
        waiting, set_aside = one("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM set_aside)").fetchone()
        return OutboxFill(waiting, set_aside, pages, None if oldest is None else oldest[0])

    def checkpoint(self) -> None:
        """Bring the journal into the file; PASSIVE never makes a recorder wait (sqlite.org/pragma.html)."""
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """``BEGIN IMMEDIATE`` … ``COMMIT``, or ``ROLLBACK`` when something was raised."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *exc: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        else:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
