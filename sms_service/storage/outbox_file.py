"""The outbox's file: SQLite in WAL mode, made once by ``migrate``, and only ever opened afterwards.

A missing file is never made anew by the way: it may mean that the disk is not mounted, and events in it would be
forgotten without a word. ``synchronous=NORMAL`` in WAL mode: what is committed survives the death of the process at
once, and the loss of power from the next checkpoint on (sqlite.org/wal.html).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

SHAPE: Final = 1
"""``user_version`` of the file. An empty or foreign file has another one."""

_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS set_aside (event_id TEXT PRIMARY KEY, body TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS erasure (pseudonym TEXT PRIMARY KEY, at REAL NOT NULL, applied INTEGER NOT NULL DEFAULT 0);
PRAGMA user_version = {SHAPE};
COMMIT;
"""

_PAGES_WITHOUT_CHECKPOINT: Final = 10_000
"""The drain makes checkpoints, because they wait for the disk; a recorder only where no drain has run for 40 MB."""

_WAL_BYTES_KEPT: Final = 16 * 1024 * 1024


def create_outbox(path: Path) -> bool:
    """Make the file when it is missing; True when it was. What is there is left alone.

    Raises:
        sqlite3.Error: When it cannot be made, or something else is there.
        OSError: When the folder cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        made = True
    except FileExistsError:
        made = False
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        if made or _is_empty(connection):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
        _refuse_others(connection)
    finally:
        connection.close()
    return made


def open_outbox(path: Path, *, wait_seconds: float, most_bytes: int | None = None) -> sqlite3.Connection:
    """Open the file; every statement is a transaction of its own unless one is begun.

    Args:
        path: Of the file.
        wait_seconds: How long to wait for another process's lock.
        most_bytes: Above this the file does not grow: an insert then says SQLITE_FULL.

    Raises:
        sqlite3.Error: When it is missing, damaged or no outbox.
    """
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        _refuse_others(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_WITHOUT_CHECKPOINT}")
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES_KEPT}")
        connection.execute("PRAGMA secure_delete = FAST")
        if most_bytes is not None:
            page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {max(1, most_bytes // page_bytes)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()


def _refuse_others(connection: sqlite3.Connection) -> None:
    shape = connection.execute("PRAGMA user_version").fetchone()[0]
    if shape != SHAPE:
        raise sqlite3.DatabaseError(f"not an outbox (shape {shape})")
