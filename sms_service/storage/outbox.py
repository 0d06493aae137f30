"""The outbox: where an event is safe before the message is answered. One INSERT, about 25 microseconds.

``record`` never raises and waits at most twice :attr:`OutboxLimits.wait_seconds`: for our own threads, then for other
processes. Threads that come together share one transaction, and repeats of one event the first one's fate: however slow
the disk is, a process tells of an event once. What cannot be written in time (disk full, read-only, damaged, locked,
file gone) is given back as not kept, so that the caller writes it to the log line; it also stays in memory, bounded,
and is written as soon as the file takes it. So nothing has to be restarted, and a short fault costs nothing.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sms_service.core.events import Event
from sms_service.service.ports import Recorded
from sms_service.storage.event_text import plain, to_json
from sms_service.storage.outbox_writer import Letter, OutboxLimits, OutboxWriter
from sms_service.storage.per_process import PerProcess
from sms_service.storage.steps import Step, no_step

_MOST_AT_ONCE: Final = 100
_MOST_IN_MEMORY: Final = 5_000
_MOST_RECENT: Final = 1_000
"""Event ids that this process knows without asking the file: repeats come within seconds."""
_ALARM_SECONDS: Final = 900.0
"""How long ``check`` speaks of a dropped event."""

_FULL: Final = "the disk or the outbox is full"
_REASONS: Final = {
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": "the file is locked",
    "SQLITE_LOCKED": "the file is locked",
    "SQLITE_READONLY": "the file or its folder is read-only",
    "SQLITE_IOERR": "the disk reports errors",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_NOTADB": "the file is damaged",
    "SQLITE_CANTOPEN": "the file is missing or cannot be opened (`python -m sms_service migrate` makes a missing one)",
}
_NO_OUTBOX: Final = "the file is damaged or no outbox"


@dataclass(slots=True)
class _Entry:
    """One event that somebody waits for; ``kept`` is None until it is decided."""

    letter: Letter
    kept: Recorded | None = None


@dataclass(slots=True)
class _Door:
    """One process's way in. Whoever has the lock writes what all threads have put into ``waiting``."""

    writer: OutboxWriter
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[_Entry] = field(default_factory=deque)
    recent: OrderedDict[str, _Entry | Recorded] = field(default_factory=OrderedDict)
    """The events that came last, by id, oldest first: what became of each, and before that who waits for it."""
    late: dict[str, Letter] = field(default_factory=dict)
    """What the file did not take, by event id, oldest first."""


class Outbox:
    """The :class:`~sms_service.service.ports.EventRecorder` of this line. Shared by threads, safe across forks.

    Args:
        path: Of the file.
        limits: How much it takes.
        on_open: Called when a process has opened the file, such as to start the drain there.
        step: Called at ``outbox.inserting`` and ``outbox.inserted``.
    """

    def __init__(
        self,
        path: Path,
        limits: OutboxLimits | None = None,
        *,
        on_open: Callable[[], None] = lambda: None,
        step: Step = no_step,
    ) -> None:
        self._limits = limits or OutboxLimits()
        self._doors = PerProcess(lambda: _Door(OutboxWriter(path, self._limits, on_open=on_open, step=step)))
        self._trouble = ""
        self._dropped = 0
        self._dropped_at = float("-inf")

    @property
    def dropped(self) -> int:
        """How many events this process has only written to the log since it started."""
        return self._dropped

    @property
    def in_memory(self) -> int:
        """How many events this process would still like to write."""
        return len(self._doors.get().late)

    def record(self, event: Event) -> Recorded:
        """Keep an event; not kept when it is not in the file yet, or will never be."""
        door = self._doors.get()
        try:
            event_id = plain(event.event_id)
            if event_id in door.recent:
                return self._await_first(door, event_id)
            entry = _Entry(Letter(event_id, to_json(event)))
        except Exception as error:  # noqa: BLE001 - whatever it is, a child is waiting for the answer
            return self._drop(f"an event could not be written down ({type(error).__name__})")
        if len(door.waiting) >= _MOST_IN_MEMORY:
            return self._drop("a write hangs")
        if door.recent.setdefault(event_id, entry) is not entry:
            return self._await_first(door, event_id)
        door.waiting.append(entry)
        if len(door.recent) > _MOST_RECENT:
            door.recent.popitem(last=False)
        self._write_until(door, lambda: entry.kept is not None)
        # Without the lock: whoever has it may have written this one already, or will.
        return Recorded.NOT_KEPT if entry.kept is None else entry.kept

    def flush(self) -> None:
        """Try again to write what is only in memory. The drain calls this now and then."""
        door = self._doors.get()
        if (door.late or door.waiting) and door.lock.acquire(timeout=self._limits.wait_seconds):
            try:
                self._write_waiting(door)
            finally:
                door.lock.release()

    def check(self) -> str | None:
        """Say what is wrong with keeping events; None when none is in memory only, and none was dropped of late."""
        if time.monotonic() - self._dropped_at < _ALARM_SECONDS:
            return f"{self._dropped} events are only in the log, because {self._trouble}."
        if self.in_memory:
            return f"{self.in_memory} events wait in memory, because {self._trouble}."
        return None

    def close(self) -> None:
        """Close the file; the next event opens it again."""
        door = self._doors.get()
        with door.lock:
            door.writer.close()

    def _await_first(self, door: _Door, event_id: str) -> Recorded:
        """Wait for the write of a parallel repeat, which came first. Whatever becomes of it, its caller tells of it."""
        self._write_until(door, lambda: isinstance(door.recent.get(event_id), Recorded))
        return Recorded.KNOWN

    def _write_until(self, door: _Door, is_decided: Callable[[], bool]) -> None:
        if not is_decided() and door.lock.acquire(timeout=self._limits.wait_seconds):
            try:
                while door.waiting and not is_decided():
                    self._write_waiting(door)
            finally:
                door.lock.release()

    def _write_waiting(self, door: _Door) -> None:
        entries = [door.waiting.popleft() for _ in range(min(len(door.waiting), _MOST_AT_ONCE))]
        letters = [entry.letter for entry in entries]
        written = self._write(door, letters)
        for entry, recorded in zip(entries, written, strict=True):
            entry.kept = recorded or self._keep_for_later(door, entry.letter)
            if entry.letter.event_id in door.recent:
                door.recent[entry.letter.event_id] = entry.kept
        if door.late and all(written):
            self._write_late(door)

    def _write_late(self, door: _Door) -> None:
        letters = list(islice(door.late.values(), _MOST_AT_ONCE))
        for letter, recorded in zip(letters, self._write(door, letters), strict=True):
            if recorded:
                del door.late[letter.event_id]

    def _write(self, door: _Door, letters: list[Letter]) -> list[Recorded]:
        if not letters:
            return []
        try:
            kept = door.writer.write(letters)
        except Exception as error:  # noqa: BLE001 - same
            self._trouble = _reason(error)
            return [Recorded.NOT_KEPT] * len(letters)
        if not all(kept):
            self._trouble = _FULL
        return kept

    def _keep_for_later(self, door: _Door, letter: Letter) -> Recorded:
        if letter.event_id in door.late:
            return Recorded.KNOWN
        if len(door.late) == _MOST_IN_MEMORY:
            self._drop(self._trouble)  # the oldest leaves
            del door.late[next(iter(door.late))]
        door.late[letter.event_id] = letter
        return Recorded.NOT_KEPT

    def _drop(self, reason: str) -> Recorded:
        self._trouble = reason
        self._dropped += 1
        self._dropped_at = time.monotonic()
        return Recorded.NOT_KEPT


def _reason(error: Exception) -> str:
    if not isinstance(error, sqlite3.Error):
        return f"it could not be written ({type(error).__name__})"
    name = str(getattr(error, "sqlite_errorname", ""))
    return next((words for code, words in _REASONS.items() if name.startswith(code)), _NO_OUTBOX)
