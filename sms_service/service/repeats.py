"""The provider asks again: what it asks for again gets the same bytes, and its story says how often.

A message has one row, whatever is repeated. Repeats are counted beside it, a row a minute for each message, so that
somebody who plays a captured request for ever cannot fill the disk.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Protocol

from sms_service.core.events import Event, EventKind
from sms_service.service.minute_counts import WINDOW_SECONDS, MinuteCounts
from sms_service.service.ports import EventRecorder, LineLog


class Repeats(Protocol):
    """Is told of repeats. Never raises, and never waits for a store."""

    def note(self, message_id: str) -> None:
        """Note that a message, or a step of a call, was asked for again and got what it had got before."""
        ...


class NotCounted:
    """Forgets them: for a line that is only tried out."""

    def note(self, message_id: str) -> None:
        """Do nothing."""


class CountedRepeats:
    """Counts them.

    Args:
        log: For what goes wrong.
        recorder: Gets a row a minute for each message.
        clock: Gives the moment, aware.
        window_seconds: How long repeats are gathered before they become a row.
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

    def note(self, message_id: str) -> None:
        """Count one."""
        self._counts.count(message_id)

    def flush(self) -> None:
        """Make rows of what has been counted. Never raises."""
        self._counts.flush()

    def _write(self, message_id: str, count: int, since: dt.datetime) -> None:
        event_id = f"repeat:{message_id}:{uuid.uuid4().hex[:12]}"
        event = Event(event_id=event_id, kind=EventKind.REPEAT, at=since, message_id=message_id, count=count)
        try:
            self._recorder.record(event)
        except Exception as error:  # noqa: BLE001 - the message is answered; a count is not worth more
            self._log.trouble("outbox_failed", error=error, message_id=message_id)
