"""How the outbox stands, for health checks and metrics: nothing here is on the way of an answer."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sms_service.storage.outbox_queue import OutboxQueue

_OLDEST_SECONDS: Final = 120.0
_WAIT_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox stands.

    Attributes:
        waiting: Events on their way to SQL.
        set_aside: Events that SQL refused.
        size_bytes: Of the file.
        oldest_seconds: Age of the oldest that waits; 0 when none does.
    """

    waiting: int
    set_aside: int
    size_bytes: int
    oldest_seconds: float


class OutboxWatch:
    """Looks into the outbox.

    Args:
        path: Of the file.
        clock: Gives Unix seconds.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock

    def state(self) -> OutboxState | None:
        """Give how it stands, or None when it cannot be opened."""
        try:
            with OutboxQueue(self._path, wait_seconds=_WAIT_SECONDS) as queue:
                fill = queue.fill()
        except sqlite3.Error:
            return None
        age = 0.0
        if fill.oldest_body is not None:
            with suppress(ValueError, KeyError, TypeError):
                made = datetime.fromisoformat(json.loads(fill.oldest_body)["at"])
                age = max(0.0, self._clock() - made.timestamp())
        return OutboxState(fill.waiting, fill.set_aside, fill.size_bytes, age)

    def check(self) -> str | None:
        """Give None when events move on, otherwise one sentence for operators."""
        state = self.state()
        if state is None:
            return "The outbox cannot be opened; `python -m sms_service migrate` makes a missing one."
        if state.oldest_seconds > _OLDEST_SECONDS:
            return f"{state.waiting} events wait for SQL, the oldest for {state.oldest_seconds / 60:.0f} minutes."
        if state.set_aside:
            return f"SQL refused {state.set_aside} events; they are set aside in the outbox."
        return None
