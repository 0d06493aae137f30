"""The pretend phone of the test page, put together from the line's own parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sms_service.factory.doors import sms_webhook
from sms_service.factory.line import Line
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder

if TYPE_CHECKING:
    from sms_service.service.trying import TryLine
    from sms_service.webhooks.simulated_phone import SimulatedPhone

__all__ = ["try_line"]

_ANY_ACCOUNT = "AC" + 32 * "0"


def try_line(line: Line) -> TryLine:
    """Give a phone that texts the line through the same code, with a memory of its own and no row left behind."""
    from sms_service.service.trying import TryLine
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_phone import SimulatedPhone

    settings = line.settings

    def new_phone() -> SimulatedPhone:
        recorder = InMemoryRecorder()
        story = replace(line.messaging, hot_state=InMemoryHotState(), recorder=recorder, erasure=recorder)
        return SimulatedPhone(
            sms_webhook(settings, story, line.log),
            public_url=settings.public_url,
            token=settings.auth_tokens[0],
            account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
            to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
            last_event=recorder.newest,
        )

    return TryLine(line.releases, new_phone)
