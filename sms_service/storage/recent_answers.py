"""The last resort of a process: what it answered lately, and who wrote how often, when the hot state cannot be asked.

It knows nothing of other workers, so it only softens an outage: a repeat that reaches the same worker still gets the
same bytes, and a flood or a loop towards one worker is still limited.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, Generic, TypeVar

from sms_service.core.conversation import LOOP_WINDOW_SECONDS, Conversation
from sms_service.service.ports import Claim
from sms_service.storage.hot_state_values import COUNTED_SECONDS, MOST_COUNTED

KEEP_SECONDS: Final = LOOP_WINDOW_SECONDS
MOST_ENTRIES: Final = 10_000
_MOST_CLEANED_AT_ONCE: Final = 4

V = TypeVar("V")


class RecentAnswers:
    """Answers of this process by message id, and traffic and conversation of senders during an outage; in memory only.

    Args:
        most_entries: Of answers, and of senders; the longest untouched goes first.
    """

    def __init__(self, most_entries: int = MOST_ENTRIES) -> None:
        self._lock = threading.Lock()
        self._answers: _ShortMemory[bytes] = _ShortMemory(most_entries)
        self._arrivals: _ShortMemory[dict[str, float]] = _ShortMemory(most_entries)
        self._conversations: _ShortMemory[Conversation] = _ShortMemory(most_entries)

    def answer(self, message_id: str, now: float) -> bytes | None:
        """Give what this process answered to a message in the last minutes."""
        with self._lock:
            return self._answers.get(message_id, now)

    def keep(self, message_id: str, answer: bytes, now: float) -> None:
        """Remember the answer that counts."""
        with self._lock:
            self._answers.put(message_id, answer, now)

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """Stand in for the hot state's claim, as far as one process can."""
        with self._lock:
            known = self._arrivals.get(sender, now) or {}
            arrivals = {seen: at for seen, at in known.items() if abs(now - at) < COUNTED_SECONDS}
            if len(arrivals) < MOST_COUNTED:
                arrivals.setdefault(message_id, now)
            self._arrivals.put(sender, arrivals, now)
            return Claim(
                answer=self._answers.get(message_id, now),
                conversation=self._conversations.get(sender, now) or Conversation(),
                messages_in_30_seconds=len(arrivals),
                degraded=True,
            )

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        """Stand in for the hot state's settle: the first of this process wins."""
        with self._lock:
            known = self._answers.get(message_id, now)
            if known is not None:
                return known
            self._answers.put(message_id, answer, now)
            self._conversations.put(sender, conversation, now)
            return answer

    def forget(self, sender: str) -> None:
        """Erase what is remembered about a sender."""
        with self._lock:
            self._arrivals.drop(sender)
            self._conversations.drop(sender)


class _ShortMemory(Generic[V]):
    """Values by key, for some minutes, and only so many."""

    def __init__(self, most_entries: int) -> None:
        self._most_entries = most_entries
        self._entries: OrderedDict[str, tuple[float, V]] = OrderedDict()

    def get(self, key: str, now: float) -> V | None:
        entry = self._entries.get(key)
        return entry[1] if entry is not None and _is_fresh(entry[0], now) else None

    def put(self, key: str, value: V, now: float) -> None:
        self._entries[key] = (now, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._most_entries:
            self._entries.popitem(last=False)
        for _ in range(_MOST_CLEANED_AT_ONCE):
            oldest = next(iter(self._entries))
            if _is_fresh(self._entries[oldest][0], now):
                break
            del self._entries[oldest]

    def drop(self, key: str) -> None:
        self._entries.pop(key, None)


def _is_fresh(at: float, now: float) -> bool:
    """Tell whether it is not old; after a clock jumped, whether it is no further away than it may be old."""
    return abs(now - at) <= KEEP_SECONDS
