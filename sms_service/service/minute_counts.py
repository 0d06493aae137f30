"""Things that are counted and become a row a minute, so that whoever causes them cannot fill the disk."""

from __future__ import annotations

import atexit
import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final

WINDOW_SECONDS: Final = 60.0
MOST_NAMES: Final = 1_000
"""Counted in one window; what comes beyond them is not."""


class MinuteCounts:
    """Counts by name. Safe to share between threads.

    Args:
        write: Makes a row of a name, its count and the moment of the window's beginning. Must not raise.
        clock: Gives the moment, aware.
        window_seconds: How long is counted before it is written.
    """

    def __init__(
        self,
        write: Callable[[str, int, dt.datetime], None],
        clock: Callable[[], dt.datetime],
        *,
        window_seconds: float = WINDOW_SECONDS,
    ) -> None:
        self._write = write
        self._clock = clock
        self._window_seconds = window_seconds
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._since: dt.datetime | None = None

    def count(self, name: str) -> None:
        """Count one."""
        with self._lock:
            if name in self._counts or len(self._counts) < MOST_NAMES:
                self._counts[name] += 1
            if self._since is not None:
                return
            self._since = self._clock()
        try:
            timer = threading.Timer(self._window_seconds, self.flush)
            timer.daemon = True
            timer.start()
            atexit.register(self.flush)
        except RuntimeError:  # no thread to be had, or the process is ending: then at once
            self.flush()

    def flush(self) -> None:
        """Write what has been counted. Never raises."""
        with self._lock:
            counts, since = self._counts, self._since
            self._counts, self._since = Counter(), None
        atexit.unregister(self.flush)
        for name, count in counts.items():
            self._write(name, count, since or self._clock())
