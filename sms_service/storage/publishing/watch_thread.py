"""The thread that looks for a newer release, one in each process. It may hang in SQL for as long as it likes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sms_service.service.ports import LineLog
from sms_service.storage.per_process import PerProcess

PAUSE_SECONDS: Final = 0.5
"""A look asks SQL two short questions. The rest of the five seconds within which a release is live everywhere is for
reading it, on a machine that may be busy with other things."""
LONGEST_PAUSE_SECONDS: Final = 15.0
_ALARM_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Running:
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)
    looked: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    failing_since: float | None = None
    failure: str = ""


class WatchThread:
    """Calls ``look`` twice a second until it is stopped.

    Args:
        look: May raise.
        log: Gets one line when looking begins to fail and one when it works again.
        pause_seconds: Between two looks.
    """

    def __init__(self, look: Callable[[], object], log: LineLog, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._look = look
        self._log = log
        self._pause_seconds = pause_seconds
        self._processes = PerProcess(_Running)

    def ensure_running(self, wait_seconds: float = 0.0) -> None:
        """Start the thread unless it runs in this process; wait a little for its first look."""
        running = self._processes.get()
        with running.lock:
            if running.stopping.is_set():
                return
            if running.thread is None or not running.thread.is_alive():
                running.thread = threading.Thread(target=self._run, args=(running,), name="watch-releases", daemon=True)
                running.thread.start()
        running.looked.wait(wait_seconds)

    def stop(self) -> None:
        """Stop looking."""
        running = self._processes.get()
        running.stopping.set()
        if running.thread is not None:
            running.thread.join(self._pause_seconds + 1)

    def check(self) -> str | None:
        """Give None while releases can be looked for, otherwise one sentence."""
        running = self._processes.get()
        if running.failing_since is None or time.monotonic() - running.failing_since < _ALARM_SECONDS:
            return None
        minutes = (time.monotonic() - running.failing_since) / 60
        return f"For {minutes:.0f} minutes no newer reply book could be looked for ({running.failure})."

    def _run(self, running: _Running) -> None:
        pause = 0.0
        while not running.stopping.wait(pause):
            try:
                self._look()
                pause = self._pause_seconds
                if running.failing_since is not None:
                    running.failing_since = None
                    self._log.trouble("release_watch_works_again")
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever breaks; it is the way back
                pause = min(LONGEST_PAUSE_SECONDS, max(self._pause_seconds, pause * 2))
                running.failure = type(error).__name__
                if running.failing_since is None:
                    running.failing_since = time.monotonic()
                    self._log.trouble("release_watch_failed", error=error)
            finally:
                running.looked.set()
