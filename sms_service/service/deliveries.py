"""The story of a delivery report: written down, and nothing else. The provider waits for no answer in it."""

from __future__ import annotations

from dataclasses import dataclass

from sms_service.core.events import Event
from sms_service.service.message_events import record_and_tell
from sms_service.service.ports import EventRecorder, LineLog


@dataclass(frozen=True, kw_only=True)
class DeliveryService:
    """Writes delivery reports down."""

    recorder: EventRecorder
    log: LineLog

    def note(self, event: Event) -> None:
        """Record a report and write its line. Never raises."""
        record_and_tell(event, self.recorder, self.log)
