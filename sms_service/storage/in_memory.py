"""Adapters that keep everything in this process: for tests, and for a process that has nothing else.

They keep the contracts of ``service.ports`` for one process; the contract tests run against them too.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Any, Final

from sms_service.core.conversation import Conversation
from sms_service.core.events import Event
from sms_service.service.ports import Claim, Recorded

_KEPT_ANSWERS: Final = 20_000
_KEPT_SENDERS: Final = 20_000
_WINDOW_SECONDS: Final = 30.0


class InMemoryHotState:
    """The hot state as two bounded dictionaries; the oldest entries go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()
        self._arrivals: OrderedDict[str, dict[str, float]] = OrderedDict()

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """Tell what is known of a message and its sender."""
        with self._lock:
            seen = self._arrivals.pop(sender, {})
            seen = {key: at for key, at in seen.items() if abs(now - at) < _WINDOW_SECONDS}
            seen.setdefault(message_id, now)
            self._arrivals[sender] = seen
            _shorten(self._arrivals, _KEPT_SENDERS)
            conversation = self._conversations.get(sender, Conversation())
            return Claim(self._answers.get(message_id), conversation, len(seen))

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:  # noqa: ARG002 - nothing here ages by the clock
        """Keep the first answer to a message; give the one that counts."""
        with self._lock:
            kept = self._answers.get(message_id)
            if kept is not None:
                return kept
            self._answers[message_id] = answer
            self._conversations.pop(sender, None)
            self._conversations[sender] = conversation
            _shorten(self._answers, _KEPT_ANSWERS)
            _shorten(self._conversations, _KEPT_SENDERS)
            return answer

    def forget(self, sender: str) -> None:
        """Erase what is remembered of a sender."""
        with self._lock:
            self._conversations.pop(sender, None)

    def check(self) -> str | None:
        """Say that it works: there is nothing that could not."""
        return None


class InMemoryRecorder:
    """Keeps the newest events, one for each event id, and erases pseudonyms from them."""

    def __init__(self, most: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._events: OrderedDict[str, Event] = OrderedDict()
        self._most = most
        self.forgotten: deque[tuple[str, ...]] = deque(maxlen=100)

    @property
    def events(self) -> list[Event]:
        """What was recorded, oldest first."""
        with self._lock:
            return list(self._events.values())

    def newest(self) -> Event | None:
        """Give the event recorded last, or None."""
        with self._lock:
            return next(reversed(self._events.values()), None)

    def record(self, event: Event) -> Recorded:
        """Keep an event; the same id again changes nothing."""
        with self._lock:
            if event.event_id in self._events:
                return Recorded.KNOWN
            self._events[event.event_id] = event
            _shorten(self._events, self._most)
        return Recorded.NEW

    def forget(self, pseudonyms: tuple[str, ...]) -> int:
        """Drop the events of these pseudonyms."""
        with self._lock:
            self.forgotten.append(pseudonyms)
            gone = [key for key, event in self._events.items() if event.pseudonym in pseudonyms]
            for key in gone:
                del self._events[key]
            return len(gone)


def _shorten(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
