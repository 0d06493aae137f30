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

from sms_service.core.conversation import FORGET_AFTER_SECONDS, Conversation
from sms_service.service.ports import Claim
from sms_service.storage import hot_state_values as values
from sms_service.storage.circuit_breaker import CircuitBreaker, CircuitOpen
from sms_service.storage.hot_state_file import FileBusy, HotStateFile, describe_failure
from sms_service.storage.per_process import PerProcess
from sms_service.storage.recent_answers import RecentAnswers

T = TypeVar("T")

TURN_SECONDS: Final = 0.15
"""How long a thread waits for the others of its process."""
CLEAN_EVERY: Final = 50
"""Settled messages between two cleanings."""
_CLEANED_AT_ONCE: Final = 150
"""Rows of each kind: more than come in between two cleanings, so that the file does not grow."""

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

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """See the port. The file not to be used: what this process remembers."""
        recent = self._own.get().recent
        try:
            claim = self._ask(lambda connection: _claim(connection, message_id, sender, now))
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
            counts = self._ask(lambda connection: _settle(connection, message_id, sender, answer, conversation, now))
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
            self._ask(lambda connection: _forget(connection, sender))
        except FAILURES:
            return

    def check(self) -> str | None:
        """See the port: writes a little to find out. Also tells of damage that was mended lately."""
        try:
            self._ask(_write_a_little)
        except FAILURES as error:
            return describe_failure(error)
        return self._own.get().file.tell_of_damage()

    def purge(self, now: float) -> int:
        """Remove all that is past its time and give the number of rows; for a line where nobody writes for days."""
        removed, last = 0, 1
        while last:
            last = self._clean(now)
            removed += last
        return removed

    def close(self) -> None:
        """Close this process's connection."""
        own = self._own.get()
        with own.turn:
            own.file.close()

    def _clean(self, now: float) -> int:
        try:
            self._own.get().file.drop_old_damaged_file()
            return self._ask(lambda connection: _remove_old(connection, now))
        except FAILURES:
            return 0  # comes again soon

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


# Every write is one statement of its own, no BEGIN ... COMMIT around several: the file is then locked only inside
# SQLite, for some 30 microseconds, and never while Python waits for its interpreter lock.


def _claim(connection: sqlite3.Connection, message_id: str, sender: str, now: float) -> Claim:
    # A reader waits for nobody: a repeat is answered even while another program holds the file.
    answer = _stored_answer(connection, message_id, now)
    if answer is not None:
        return Claim(answer)
    conversation = _stored_conversation(connection, sender, now)
    window = (now - values.COUNTED_SECONDS, now + values.COUNTED_SECONDS)
    connection.execute(
        "INSERT INTO arrivals VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at WHERE at NOT BETWEEN ? AND ?",
        (sender, message_id, now, *window),
    )
    counted = connection.execute(
        "SELECT count(*) FROM arrivals WHERE sender = ? AND at BETWEEN ? AND ?", (sender, *window)
    )
    return Claim(None, conversation, counted.fetchone()[0])


def _settle(
    connection: sqlite3.Connection, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float
) -> bytes:
    wins = connection.execute(
        f"INSERT INTO answers VALUES (?, ?, ?)"  # noqa: S608 - our own condition
        f" ON CONFLICT DO UPDATE SET at = excluded.at, answer = excluded.answer WHERE NOT ({_USABLE})",
        (message_id, now, answer, *_usable(now)),
    ).rowcount
    if not wins:
        first = _stored_answer(connection, message_id, now)
        return answer if first is None else first
    # Killed between the two, we lose one step of the conversation, never an answer.
    connection.execute(
        "INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?)",
        (sender, now, values.keep_conversation_seconds(conversation), conversation.to_json()),
    )
    return answer


_USABLE: Final = "at BETWEEN ? AND ? AND typeof(answer) = 'blob' AND length(answer) <= ?"


def _usable(now: float) -> tuple[float, float, int]:
    return now - values.KEEP_ANSWER_SECONDS, now + values.KEEP_ANSWER_SECONDS, values.LARGEST_ANSWER_BYTES


def _stored_answer(connection: sqlite3.Connection, message_id: str, now: float) -> bytes | None:
    row = connection.execute(
        f"SELECT answer FROM answers WHERE message_id = ? AND {_USABLE}",  # noqa: S608 - our own condition
        (message_id, *_usable(now)),
    ).fetchone()
    return None if row is None else bytes(row[0])


def _stored_conversation(connection: sqlite3.Connection, sender: str, now: float) -> Conversation:
    row = connection.execute(
        "SELECT conversation, ? BETWEEN at - keep_seconds AND at + keep_seconds FROM conversations"
        " WHERE sender = ? AND typeof(conversation) = 'text' AND length(conversation) <= ?",
        (now, sender, values.LARGEST_CONVERSATION_BYTES),
    ).fetchone()
    if row is None:
        return Conversation()
    stored, is_fresh = row
    if not is_fresh:
        # At once, lest a clock that is put back revives it.
        connection.execute("DELETE FROM conversations WHERE sender = ?", (sender,))
        return Conversation()
    return values.read_conversation(stored)


def _forget(connection: sqlite3.Connection, sender: str) -> None:
    connection.execute("DELETE FROM conversations WHERE sender = ?", (sender,))
    connection.execute("DELETE FROM arrivals WHERE sender = ?", (sender,))


def _write_a_little(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT OR REPLACE INTO arrivals VALUES ('check', 'check', 0)")
    connection.execute("DELETE FROM arrivals WHERE sender = 'check'")


def _remove_old(connection: sqlite3.Connection, now: float) -> int:
    """Remove a bounded number of rows past their time, or further ahead than a clock that was put back explains."""
    removed = 0
    for table, key, keep_seconds in (
        ("answers", "message_id", values.KEEP_ANSWER_SECONDS),
        ("arrivals", "sender, message_id", values.COUNTED_SECONDS),
        ("conversations", "sender", values.KEEP_OPT_OUT_SECONDS),
    ):
        removed += connection.execute(
            f"DELETE FROM {table} WHERE ({key}) IN"  # noqa: S608 - names from the lines above
            f" (SELECT {key} FROM {table} WHERE at < ? OR at > ? LIMIT ?)",
            (now - keep_seconds, now + keep_seconds, _CLEANED_AT_ONCE),
        ).rowcount
    # Conversations without a STOP go earlier.
    removed += connection.execute(
        "DELETE FROM conversations WHERE sender IN (SELECT sender FROM conversations"
        " WHERE at < ? AND at + keep_seconds < ? LIMIT ?)",
        (now - FORGET_AFTER_SECONDS, now, _CLEANED_AT_ONCE),
    ).rowcount
    return removed
