"""Turns between processes of one host: whoever holds the lock works, the others need not do the same work again.

Only an economy: what the turn is for must be right without it. So where the lock file cannot be used, or its holder has
been silent for too long (a stopped process, a server that does not answer), the turn is taken all the same.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PATIENCE_SECONDS: Final = 20.0


class TurnLock:
    """A lock file; the system frees it when its holder dies. One object for one thread.

    Args:
        path: Of the lock file, made when missing.
        patience_seconds: How long somebody else's turn may last before it is no longer respected.
    """

    def __init__(self, path: Path, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._path = path
        self._patience_seconds = patience_seconds
        self._last_turn = time.monotonic()

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Say whether it is our turn, for as long as the block lasts."""
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            yield True
            return
        try:
            ours = self._try(descriptor) or time.monotonic() - self._last_turn > self._patience_seconds
            yield ours
            if ours:
                self._last_turn = time.monotonic()
        finally:
            os.close(descriptor)

    @staticmethod
    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
