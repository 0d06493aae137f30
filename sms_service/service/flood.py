"""Is this process being flooded? Counts the messages of senders who have just texted, of all of them together.

Only known repeats count: ten thousand people who text once each are ten thousand people, not a flood. Counted in each
web process for itself, so that it needs no store and goes on when they are down.
"""

from __future__ import annotations

import threading
from collections import deque

from sms_service.core.decisions import MOST_REPEATS_IN_30_SECONDS

_WINDOW_SECONDS = 30


class Flood:
    """Counts. Shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._repeats: deque[float] = deque(maxlen=MOST_REPEATS_IN_30_SECONDS + 1)

    def note(self, messages_in_30_seconds: int, now: float) -> bool:
        """Count a message, and say whether there are too many.

        Args:
            messages_in_30_seconds: Of its sender, this one included.
            now: Unix seconds. A clock that is put back ends a flood rather than making one.
        """
        with self._lock:
            if messages_in_30_seconds > 1:
                self._repeats.append(now)
            full = len(self._repeats) == self._repeats.maxlen
            return full and 0 <= now - self._repeats[0] <= _WINDOW_SECONDS
