"""The hot state in a SQLite file: nothing to install, shared by the worker processes of one host.

One connection a process, used in turns: SQLite lets one write at a time anyway, and threads that wait here wait fairly,
while SQLite's own waiting is sleeping and trying again. When the file cannot be used, a message is treated as a first
one, as far as this process does not remember better (:mod:`.recent_answers`), and nobody tries for two seconds.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sms_service.core.conversation import Conversation
from sms_service.service.ports import Claim
from sms_service.storage import hot_state_rows as rows
from sms_service.storage.circuit_breaker import CircuitBreaker, CircuitOpen
from sms_service.storage.hot_state_file import FileBusy, HotStateFile, describe_failure
from sms_service.storage.per_process import PerProcess
from sms_service.storage.recent_answers import RecentAnswers

T = TypeVar("T")

TURN_SECONDS: Final = 0.15
"""How long a thread waits for the others of its process."""
CLEAN_EVERY: Final = 50
"""Settled messages between two cleanings."""
LOOKED_AT_ONCE: Final = 300
"""Rows looked at by one cleaning: three times as many as come in between two, so the file stays below one and a half
times what has to be kept."""

_BROKEN: Final = (sqlite3.Error, OSError, FileBusy)
FAILURES: Final = (*_BROKEN, ValueError, ArithmeticError, CircuitOpen)
"""What using the file may raise; ValueError and ArithmeticError for values that cannot be stored."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What each process has for itself."""

    file: HotStateFile
    breaker: CircuitBreaker
    turn: threading.Lock = field(default_factory=threading.Lock)
    recent: RecentAnswers = field(default_factory=RecentAnswers)


class SqliteHotState:
    """Keeps seen messages and conversations in a file.

    Args:
        path: The file.
        clock: Seconds that never run backwards, for the circuit.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._own = PerProcess(lambda: _Own(HotStateFile(path), CircuitBreaker(clock=clock)))
        self._settled = 0
        self._cleaned_to = rows.BEGINNING

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """See the port. The file not to be used: what this process remembers."""
        recent = self._own.get().recent
        try:
            claim = self._ask(lambda connection: rows.claim(connection, message_id, sender, now))
        except FAILURES:
            return recent.claim(message_id, sender, now)
        if claim.answer is None:
            # Answered while the file could not be used, or the file was replaced since.
            answer = recent.answer(message_id, now)
            return Claim(answer, claim.conversation, claim.messages_in_30_seconds)
        return claim

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        """See the port. The file not to be used: the first of this process wins."""
        recent = self._own.get().recent
        answer = recent.answer(message_id, now) or answer  # already sent while the store was away: that is the answer
        try:
            counts = self._ask(
                lambda connection: rows.settle(connection, message_id, sender, answer, conversation, now)
            )
        except FAILURES:
            return recent.settle(message_id, sender, answer, conversation, now)
        recent.keep(message_id, counts, now)
        self._settled += 1
        if self._settled % CLEAN_EVERY == 0:
            self._clean(now)
        return counts

    def forget(self, sender: str) -> None:
        """See the port. The file not to be used: what it holds is gone by itself after hours."""
        self._own.get().recent.forget(sender)
        try:
            self._ask(lambda connection: rows.forget(connection, sender))
        except FAILURES:
            return

    def check(self) -> str | None:
        """See the port: writes a little to find out. Also tells of damage that was mended lately.

        Cleans, too: whoever looks at a line's health now and then keeps the file small where few people text.
        """
        try:
            self._ask(rows.write_a_little)
        except FAILURES as error:
            return describe_failure(error)
        self._clean(time.time())
        return self._own.get().file.tell_of_damage()

    def purge(self, now: float) -> int:
        """Remove all that is past its time and give the number of rows; for a line where nobody writes for days."""
        self._cleaned_to = rows.BEGINNING
        removed = self._clean(now)
        while self._cleaned_to != rows.BEGINNING:
            removed += self._clean(now)
        return removed

    def close(self) -> None:
        """Close this process's connection."""
        own = self._own.get()
        with own.turn:
            own.file.close()

    def _clean(self, now: float) -> int:
        try:
            self._own.get().file.drop_leftovers()
            removed, self._cleaned_to = self._ask(
                lambda connection: rows.remove_old(connection, now, self._cleaned_to, LOOKED_AT_ONCE)
            )
        except FAILURES:
            self._cleaned_to = rows.BEGINNING  # comes again soon
            return 0
        return removed

    def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        own = self._own.get()
        own.breaker.admit()
        if not own.turn.acquire(timeout=TURN_SECONDS):
            # Too many threads for this machine at this moment, most likely: no reason for the others not to try.
            raise FileBusy("The hot state's file is too slow: threads wait for each other.")
        try:
            answer = own.file.ask(question)
        except _BROKEN as error:
            own.breaker.failed(describe_failure(error))
            raise
        finally:
            own.turn.release()
        own.breaker.succeeded()
        return answer
