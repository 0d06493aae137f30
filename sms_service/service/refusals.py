"""Refused requests are counted: a row for all of one kind in a minute, so that strangers cannot fill the disk."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Callable

from sms_service.core.events import Event, EventKind
from sms_service.service.minute_counts import WINDOW_SECONDS, MinuteCounts
from sms_service.service.ports import EventRecorder, LineLog


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
        self._counts = MinuteCounts(self._write, clock, window_seconds=window_seconds)

    def event(self, event: Event) -> None:
        """Write one line about something that happened to a message."""
        self._log.event(event)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write one line about something that went wrong."""
        self._log.trouble(code, error=error, message_id=message_id)

    def refusal(self, code: str) -> None:
        """Write one line about a refused request, and count it."""
        self._log.refusal(code)
        self._counts.count(code)

    def flush(self) -> None:
        """Make rows of what has been counted. Never raises."""
        self._counts.flush()

    def _write(self, code: str, count: int, since: dt.datetime) -> None:
        event = Event(
            event_id=f"refusal:{os.getpid()}-{uuid.uuid4().hex[:12]}:{code}",
            kind=EventKind.REFUSAL,
            at=since,
            refusal=code,
            count=count,
        )
        try:
            self._recorder.record(event)
        except Exception as error:  # noqa: BLE001 - the lines are written; a count is not worth more
            self._log.trouble("outbox_failed", error=error)
