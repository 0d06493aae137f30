"""One process's pen for the outbox: opens the file, writes events, notices when the file is another one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from sms_service.service.ports import Recorded
from sms_service.storage.outbox_file import open_outbox
from sms_service.storage.steps import Step, no_step

_INSERT: Final = "INSERT INTO event (event_id, body) VALUES (?, ?) ON CONFLICT (event_id) DO NOTHING"

_PASSING: Final = frozenset({"SQLITE_BUSY", "SQLITE_FULL"})
"""Nothing is wrong with the connection then, and to close it would make a checkpoint, which waits for the disk."""


@dataclass(frozen=True, slots=True)
class OutboxLimits:
    """How much the outbox takes.

    Attributes:
        most_rows: Waiting events; a few more where several processes write at once.
        most_bytes: Size of the file; the journal beside it comes on top, normally below 16 MB.
        wait_seconds: Longest wait for a lock.
    """

    most_rows: int = 200_000
    most_bytes: int = 200 * 1024 * 1024
    wait_seconds: float = 0.045


class Letter(NamedTuple):
    """One event as it goes into the file."""

    event_id: str
    body: str


class OutboxWriter:
    """Writes into the file; for one thread at a time.

    Args:
        path: Of the file.
        limits: How much it takes.
        on_open: Called when the file has been opened.
        step: Called at ``outbox.inserting`` and ``outbox.inserted``.
    """

    def __init__(
        self, path: Path, limits: OutboxLimits, *, on_open: Callable[[], None] = lambda: None, step: Step = no_step
    ) -> None:
        self._path = path
        self._name = os.fspath(path)  # a Path is turned into it anew, slowly, each time it is looked at
        self._limits = limits
        self._on_open = on_open
        self._step = step
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._bytes_seen = 0
        self._newest = self._room_until = 0
        """Rows are added at one end and taken from the other, so two numbers tell whether there is room."""

    def write(self, letters: Sequence[Letter]) -> list[Recorded]:
        """Write all of them in one transaction; give for each what became of it: not kept where there is no room.

        Raises:
            sqlite3.Error: When none could be written.
        """
        try:
            connection = self._open()
            self._step("outbox.inserting")
            kept = self._insert(connection, letters)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") not in _PASSING:
                self.close()
            raise
        self._step("outbox.inserted")
        return kept

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _insert(self, connection: sqlite3.Connection, letters: Sequence[Letter]) -> list[Recorded]:
        if len(letters) == 1:
            return [self._insert_one(connection, letters[0])]
        connection.execute("BEGIN IMMEDIATE")
        try:
            kept = [self._insert_one(connection, letter) for letter in letters]
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return kept

    def _insert_one(self, connection: sqlite3.Connection, letter: Letter) -> Recorded:
        if self._newest >= self._room_until and not self._has_room(connection):
            known = connection.execute("SELECT 1 FROM event WHERE event_id = ?", (letter.event_id,)).fetchall()
            return Recorded.KNOWN if known else Recorded.NOT_KEPT
        cursor = connection.execute(_INSERT, letter)
        if cursor.rowcount != 1:
            return Recorded.KNOWN
        newest = cursor.lastrowid or 0
        if newest < self._newest:
            self._room_until = 0  # the outbox was empty, and counts from the beginning again
        self._newest = newest
        return Recorded.NEW

    def _has_room(self, connection: sqlite3.Connection) -> bool:
        # Two questions in one: asked for both at once, SQLite goes through all rows.
        ends = "SELECT (SELECT min(seq) FROM event), (SELECT max(seq) FROM event)"
        oldest, newest = connection.execute(ends).fetchone()
        self._newest, self._room_until = newest or 0, (oldest or 1) - 1 + self._limits.most_rows
        return self._newest < self._room_until

    def _open(self) -> sqlite3.Connection:
        """Give what is open, as long as it is the file of that name and has not been cut short."""
        if self._connection is not None:
            with suppress(OSError):
                found = os.stat(self._name)  # noqa: PTH116 - half the time of Path.stat, for every message
                if (found.st_dev, found.st_ino) == self._file and found.st_size >= self._bytes_seen:
                    return self._connection
            self.close()
        limits = self._limits
        connection = open_outbox(self._path, wait_seconds=limits.wait_seconds, most_bytes=limits.most_bytes)
        self._connection = connection
        self._newest = self._room_until = 0
        found = self._path.stat()
        self._file, self._bytes_seen = (found.st_dev, found.st_ino), found.st_size
        with suppress(Exception):
            self._on_open()
        return connection
