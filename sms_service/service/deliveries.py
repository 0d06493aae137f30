"""The story of a delivery report: written down, and nothing else. The provider waits for no answer in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sms_service.core.events import Event
from sms_service.service.ports import EventRecorder, LineLog


@dataclass(frozen=True, kw_only=True)
class DeliveryService:
    """Writes delivery reports down."""

    recorder: EventRecorder
    log: LineLog

    def note(self, event: Event) -> None:
        """Record a report and write its line. Never raises."""
        try:
            kept = self.recorder.record(event)
        except Exception as error:  # noqa: BLE001 - the line below still tells of it
            self.log.trouble("outbox_failed", error=error, message_id=event.message_id)
            kept = False
        self.log.event(event if kept else replace(event, degraded=(*event.degraded, "outbox")))
