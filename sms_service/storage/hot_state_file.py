"""The SQLite file of the hot state: opened, made, and when it is damaged set aside and made anew.

What it holds is worth hours, so a fresh start is always better than a repair. Whoever has a file open that was removed
goes on writing to nowhere, so the file is looked at before every use. Writers wait for each other, readers for nobody
(WAL, https://sqlite.org/wal.html). The folder must be on a disk of this host, not a network share (same page).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from sms_service.core.errors import LineError
from sms_service.storage import hot_state_rows as rows
from sms_service.storage.patient_sqlite import PatientConnection, primary_code

T = TypeVar("T")

_OPENING_SECONDS: Final = 0.1
"""How long to wait for another process that opens or mends the file."""
_KEEP_LEFTOVERS_SECONDS: Final = 48 * 3600
_TELL_OF_DAMAGE_SECONDS: Final = 3600

_APPLICATION_ID: Final = 0x534D5348

# https://sqlite.org/rescode.html; SQLITE_ERROR means a table or column of ours is missing, for our SQL never changes.
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
_SENTENCES: Final = {
    sqlite3.SQLITE_BUSY: "The hot state's file is locked by another program.",
    sqlite3.SQLITE_LOCKED: "The hot state's file is locked by another program.",
    sqlite3.SQLITE_FULL: "The disk of VAR_DIR is full.",
    sqlite3.SQLITE_READONLY: "The hot state's file in VAR_DIR cannot be written: check permissions and the disk.",
    sqlite3.SQLITE_CANTOPEN: "The hot state's file in VAR_DIR cannot be opened: is the folder there and writable?",
    sqlite3.SQLITE_IOERR: "The disk of VAR_DIR reports errors or is full.",
}


class FileBusy(LineError):
    """Another thread or process has held the file for too long."""

    code = "hot_state_busy"
    retry_helps = True


class HotStateFile:
    """One connection to the file, for one process; callers take turns.

    Args:
        path: The file; its folder is made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = os.fspath(path)  # a Path is turned into it anew, slowly, each time it is looked at
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._is_damaged = False

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Give what ``question`` finds; a damaged file is replaced and the question put again.

        Raises:
            sqlite3.Error: The file cannot be used now; :func:`describe_failure` says why.
            OSError: Same.
            FileBusy: Same.
        """
        for is_last_try in (False, True):
            try:
                return question(self._open_connection())
            except sqlite3.Error as error:
                if primary_code(error) in _DAMAGED:
                    self._is_damaged = True
                elif primary_code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}:
                    self.close()
                if is_last_try or not self._is_damaged:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Close the connection; the next question opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is not None and self._is_the_same_file() and not self._is_damaged:
            return self._connection
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _one_at_a_time(self._path.with_suffix(".lock")):
            # As long as the old file is open, no new one can have its identity.
            if self._is_damaged and _identity_of(self._path) == self._identity:
                self._set_aside()
            self._is_damaged = False
            self.close()
            try:
                self._connection = self._connect()
            except sqlite3.Error as error:
                if primary_code(error) not in _DAMAGED:
                    raise
                self._set_aside()
                self._connection = self._connect()
            self._identity = _identity_of(self._path)
        return self._connection

    def _is_the_same_file(self) -> bool:
        try:
            found = os.stat(self._name)  # noqa: PTH116 - before every use; Path's own takes twice as long
        except OSError:
            return False
        if (found.st_dev, found.st_ino) != self._identity:
            return False
        if found.st_size == 0:
            # In WAL a file of ours is never empty; closing it would even write old pages into it.
            self._is_damaged = True
            return False
        return True

    def _connect(self) -> sqlite3.Connection:
        with contextlib.suppress(FileExistsError):
            # Only when missing: closing a file that this process has open elsewhere would drop its locks
            # (sqlite.org/howtocorrupt, "POSIX advisory locks canceled").
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=0,
            factory=PatientConnection,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # No fsync: a child never waits for a slow disk, and what a power cut may spoil is made anew. Measured with
            # NORMAL: every hundredth call waits 3-4 ms for the checkpoint's fsync, without an upper bound.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA journal_size_limit = {4 * 1024 * 1024}")
            _make_schema(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self) -> None:
        """Move a damaged file away, its journal first, to where it can be looked at for two days; only one is kept."""
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._path.replace(self.damaged_path)
            os.utime(self.damaged_path)

    @property
    def damaged_path(self) -> Path:
        """Where a damaged file is set aside."""
        return self._path.with_suffix(".damaged")

    def tell_of_damage(self) -> str | None:
        """Give a sentence when a file was set aside in the last hour."""
        age_seconds = _age_seconds(self.damaged_path)
        if age_seconds is None or age_seconds > _TELL_OF_DAMAGE_SECONDS:
            return None
        return "The hot state's file was damaged, set aside, and made anew in the last hour: check the disk of VAR_DIR."

    def drop_leftovers(self) -> None:
        """Remove what was set aside and files of other formats, days after their last use: all hold pseudonyms."""
        if (_age_seconds(self.damaged_path) or 0.0) > _KEEP_LEFTOVERS_SECONDS:
            self.damaged_path.unlink(missing_ok=True)
        of_any_format = self._path.parent.glob(f"{self._path.name.partition('.')[0]}.*")
        of_others = [path for path in of_any_format if not path.name.startswith(f"{self._path.stem}.")]
        # The journal beside a file may be younger than the file.
        if all((_age_seconds(path) or 0.0) > _KEEP_LEFTOVERS_SECONDS for path in of_others):
            for path in of_others:
                path.unlink(missing_ok=True)


def describe_failure(error: BaseException) -> str:
    """Give the sentence for operators for what using the file raised."""
    if isinstance(error, LineError):
        return error.sentence
    if isinstance(error, sqlite3.Error):
        return _SENTENCES.get(primary_code(error), "The hot state's file in VAR_DIR cannot be used.")
    return "The folder VAR_DIR cannot be written: check that it exists, its permissions, and the disk."


def _make_schema(connection: sqlite3.Connection) -> None:
    if _is_ours(connection):
        return
    if connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
        raise _not_ours()
    marks = (f"PRAGMA application_id = {_APPLICATION_ID}", f"PRAGMA user_version = {rows.FORMAT}")
    connection.executescript(";".join(("BEGIN IMMEDIATE", *rows.SCHEMA, *marks, "COMMIT")))


def _is_ours(connection: sqlite3.Connection) -> bool:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    return bool(application == _APPLICATION_ID and version == rows.FORMAT)


def _not_ours() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("another program's file, or of another version")
    error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    return error


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _age_seconds(path: Path) -> float | None:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return None


@contextlib.contextmanager
def _one_at_a_time(lock_path: Path) -> Iterator[None]:
    """Keep other processes from opening or mending the file meanwhile."""
    give_up_at = time.monotonic() + _OPENING_SECONDS
    with lock_path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    raise FileBusy("The hot state's file is being opened by another process.") from None
                time.sleep(0.005)
        yield
