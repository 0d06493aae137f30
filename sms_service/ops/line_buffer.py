"""Log lines are written by a thread of their own, many at once: no answer waits for whoever reads them.

What a line tells of a message stands in the outbox before it is written here: a process that is killed loses the lines
of the last moment, never a row. A process that ends writes what it has.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections import deque
from multiprocessing.util import Finalize
from typing import Final, TextIO

_GATHER_SECONDS: Final = 0.05
"""How long lines are gathered; a line is at most this late."""

_MOST_LINES: Final = 10_000
"""About 4 MB. So many wait only where nobody reads standard output; then the oldest go, and their number is told."""


class LineBuffer:
    """A text stream whose lines are written a moment later. Safe to share between threads; a fork begins an empty one.

    Args:
        stream: Where to; standard output unless told otherwise.
        most: How many lines may wait.
    """

    def __init__(self, stream: TextIO | None = None, *, most: int = _MOST_LINES) -> None:
        self._stream = stream or sys.stdout
        self._most = most
        self._begin()
        os.register_at_fork(after_in_child=self._begin)  # the lines are the parent's, and no thread comes along

    def _begin(self) -> None:
        self._waiting: deque[str] = deque(maxlen=self._most)
        self._dropped = 0
        self._writing = threading.Lock()
        self._starting = threading.Lock()
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def write(self, line: str) -> int:
        """Take a line. Never waits, never raises."""
        if len(self._waiting) == self._most:
            self._dropped += 1
        self._waiting.append(line)
        return len(line)

    def flush(self) -> None:
        """See that what waits is written soon. Never waits, never raises."""
        if self._thread is None:
            self._start()
        if not self._wanted.is_set():
            self._wanted.set()

    def write_now(self) -> None:
        """Write what waits. What cannot be written is lost: there is nobody left to tell."""
        with self._writing:
            self._wanted.clear()
            dropped, self._dropped = self._dropped, 0
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if dropped:
                told = {"count": dropped, "event": "log_lines_dropped", "level": "error"}
                lines.append(json.dumps(told) + "\n")
            with contextlib.suppress(Exception):
                self._stream.write("".join(lines))
                self._stream.flush()

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None:
                return
            thread = threading.Thread(target=self._write_for_ever, name="log-lines", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no thread to be had, or the process is ending: then at once
                self.write_now()
                return
            self._thread = thread
            # Unlike ``atexit`` this runs in the workers of a web server, too, which multiprocessing starts and ends.
            Finalize(None, self.write_now, exitpriority=0)

    def _write_for_ever(self) -> None:
        while True:
            self._wanted.wait()
            time.sleep(_GATHER_SECONDS)
            self.write_now()
