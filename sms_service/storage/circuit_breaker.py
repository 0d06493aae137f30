"""Stops asking something that does not answer, for every thread of the process, and tries again later with one call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from sms_service.core.errors import LineError

OPEN_SECONDS: Final = 2.0
"""How long nobody asks after a failure; full quality is back at most this long after a fault has ended."""


class CircuitOpen(LineError):
    """It failed a moment ago and is not asked again yet; the sentence is that of the failure."""

    code = "circuit_open"
    retry_helps = True


class CircuitBreaker:
    """Closed: everyone may ask. Open: nobody. Half-open: one caller may, and what it meets decides.

    Args:
        open_seconds: How long it stays open.
        clock: Gives seconds that never run backwards; the wall clock may jump.
    """

    def __init__(self, open_seconds: float = OPEN_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = True
        self._next_try_at = 0.0
        self._sentence = ""

    def admit(self) -> None:
        """Let the caller ask now; it then reports :meth:`succeeded` or :meth:`failed`.

        Half-open, this also moves the next try: a caller that never reports back holds nobody up for longer.

        Raises:
            CircuitOpen: It may not.
        """
        if self._closed:
            return
        with self._lock:
            now = self._clock()
            if now < self._next_try_at:
                raise CircuitOpen(self._sentence)
            self._next_try_at = now + self._open_seconds

    def succeeded(self) -> None:
        """Close the circuit."""
        self._closed = True

    def failed(self, sentence: str) -> None:
        """Open the circuit from now on; ``sentence`` tells operators why."""
        with self._lock:
            self._sentence = sentence
            self._next_try_at = self._clock() + self._open_seconds
            self._closed = False
