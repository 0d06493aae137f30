"""The thread that drains the outbox beside the web server. It may hang in SQL for as long as it likes.

One in each process, started on first use there. It opens the database itself, so that a process that only answers
messages does not load SQLAlchemy before its first request, and so that nothing is shared across a fork.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from sms_service.service.ports import LineLog
from sms_service.storage.per_process import PerProcess

PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 15.0
_PAUSE_BETWEEN_BATCHES_SECONDS: Final = 0.005
_LAST_DRAIN_SECONDS: Final = 3.0
_ALARM_SECONDS: Final = 60.0


class Turn(Protocol):
    """What a turn tells."""

    @property
    def more(self) -> bool:
        """Whether more waits."""
        ...


class Drains(Protocol):
    """What the thread runs."""

    def turn(self) -> Turn:
        """Move one batch; may raise."""
        ...

    def close(self) -> None:
        """Close everything."""
        ...


@dataclass(slots=True)
class _Running:
    """One process's thread."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    failing_since: float | None = None
    failure: str = ""


class DrainThread:
    """Runs a drain until it is stopped.

    Args:
        open_drain: Makes the drain, inside the thread; may raise, and is then called again later.
        log: Gets one line when draining begins to fail and one when it works again.
        pause_seconds: Between two looks into the outbox.
    """

    def __init__(self, open_drain: Callable[[], Drains], log: LineLog, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._open_drain = open_drain
        self._log = log
        self._pause_seconds = pause_seconds
        self._processes = PerProcess(_Running)

    def ensure_running(self) -> None:
        """Start the thread unless it runs in this process already, or has been stopped."""
        running = self._processes.get()
        with running.lock:
            if running.stopping.is_set() or (running.thread is not None and running.thread.is_alive()):
                return
            running.thread = threading.Thread(target=self._run, args=(running,), name="outbox-drain", daemon=True)
            running.thread.start()
            atexit.register(self.stop)

    def stop(self, timeout_seconds: float = _LAST_DRAIN_SECONDS) -> None:
        """Drain once more and stop; what cannot be moved in time stays in the outbox for the next start."""
        running = self._processes.get()
        running.stopping.set()
        atexit.unregister(self.stop)
        if running.thread is not None:
            running.thread.join(timeout_seconds)

    def check(self) -> str | None:
        """Give None while events reach SQL, otherwise one sentence."""
        running = self._processes.get()
        if running.failing_since is None:
            return None
        seconds = time.monotonic() - running.failing_since
        if seconds < _ALARM_SECONDS:
            return None
        return f"For {seconds / 60:.0f} minutes no event has reached SQL ({running.failure}); they wait in the outbox."

    def _run(self, running: _Running) -> None:
        drain: Drains | None = None
        pause = 0.0  # what an earlier process left behind goes first
        while not running.stopping.wait(pause):
            try:
                drain = drain or self._open_drain()
                more = drain.turn().more
                pause = _PAUSE_BETWEEN_BATCHES_SECONDS if more else self._pause_seconds
                self._works(running)
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever breaks; it is the way back
                pause = min(LONGEST_PAUSE_SECONDS, max(self._pause_seconds, pause * 2))
                self._fails(running, error)
        if drain is not None:
            with suppress(Exception):
                _drain_once_more(drain)
            with suppress(Exception):
                drain.close()

    def _works(self, running: _Running) -> None:
        if running.failing_since is not None:
            running.failing_since = None
            self._log.trouble("drain_works_again")

    def _fails(self, running: _Running, error: Exception) -> None:
        running.failure = type(getattr(error, "orig", None) or error).__name__
        if running.failing_since is None:
            running.failing_since = time.monotonic()
            self._log.trouble("drain_failed", error=error)


def _drain_once_more(drain: Drains) -> None:
    until = time.monotonic() + _LAST_DRAIN_SECONDS
    while drain.turn().more and time.monotonic() < until:
        pass
