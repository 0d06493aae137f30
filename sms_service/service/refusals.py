"""Refused requests are counted: a row for all of one kind in a minute, so that strangers cannot fill the disk."""

from __future__ import annotations

import atexit
import datetime as dt
import os
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Final

from sms_service.core.events import Event, EventKind
from sms_service.service.ports import EventRecorder, LineLog

WINDOW_SECONDS: Final = 60.0


class CountedRefusals:
    """The :class:`~sms_service.service.ports.LineLog` that also counts what it is told of refusals.

    Args:
        log: Gets every line.
        recorder: Gets a row a minute for each kind of refusal.
        clock: Gives the moment, aware.
        window_seconds: How long refusals are gathered before they become a row.
    """

    def __init__(
        self,
        log: LineLog,
        recorder: EventRecorder,
        clock: Callable[[], dt.datetime],
        *,
        window_seconds: float = WINDOW_SECONDS,
    ) -> None:
        self._log = log
        self._recorder = recorder
        self._clock = clock
        self._window_seconds = window_seconds
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._since: dt.datetime | None = None

    def event(self, event: Event) -> None:
        """Write one line about something that happened to a message."""
        self._log.event(event)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write one line about something that went wrong."""
        self._log.trouble(code, error=error, message_id=message_id)

    def refusal(self, code: str) -> None:
        """Write one line about a refused request, and count it."""
        self._log.refusal(code)
        with self._lock:
            self._counts[code] += 1
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
        """Make rows of what has been counted. Never raises."""
        with self._lock:
            counts, since = self._counts, self._since
            self._counts, self._since = Counter(), None
        atexit.unregister(self.flush)
        for code, count in counts.items():
            event = Event(
                event_id=f"refusal:{os.getpid()}-{uuid.uuid4().hex[:12]}:{code}",
                kind=EventKind.REFUSAL,
                at=since or self._clock(),
                refusal=code,
                count=count,
            )
            try:
                self._recorder.record(event)
            except Exception as error:  # noqa: BLE001 - the lines are written; a count is not worth more
                self._log.trouble("outbox_failed", error=error)
