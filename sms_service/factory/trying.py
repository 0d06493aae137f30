"""The pretend phones of the test page, put together from the line's own parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sms_service.factory.doors import sms_webhook
from sms_service.factory.line import Line
from sms_service.service.messaging import MessagingService
from sms_service.service.unmatched_ports import NothingKept
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder

if TYPE_CHECKING:
    from sms_service.service.trying import TryLine
    from sms_service.service.trying_calls import TryCall
    from sms_service.webhooks.signed_request import SignedRequest
    from sms_service.webhooks.simulated_phone import SimulatedPhone

__all__ = ["try_call", "try_line"]

_ANY_ACCOUNT = "AC" + 32 * "0"


def try_line(line: Line) -> TryLine:
    """Give a phone that texts the line through the same code, with a memory of its own and no row left behind."""
    from sms_service.service.trying import TryLine
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_phone import SimulatedPhone

    settings = line.settings

    def new_phone() -> SimulatedPhone:
        recorder = InMemoryRecorder()
        story = _leaving_nothing(line, recorder)
        return SimulatedPhone(
            sms_webhook(settings, story, line.log),
            public_url=settings.public_url,
            token=settings.auth_tokens[0],
            account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
            to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
            last_event=recorder.newest,
        )

    return TryLine(line.releases, new_phone)


def try_call(line: Line) -> TryCall:
    """Give a telephone that rings the line through the same code; nobody is rung, and texts come to this page only."""
    from sms_service.factory.calls import call_service, voice_webhook
    from sms_service.service.trying_calls import NewCall, TryCall
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_call import SimulatedCall
    from sms_service.webhooks.simulated_phone import SAMPLE_SENDER

    settings = line.settings

    def new_call() -> NewCall:
        recorder, texts = InMemoryRecorder(), _TextsOnThePage()
        story = _leaving_nothing(line, recorder)
        webhook = voice_webhook(line, call_service(replace(line, messaging=story), texts))

        def send(request: SignedRequest) -> bytes:
            address = urlsplit(request.url)
            path = f"{address.path}?{address.query}" if address.query else address.path
            return webhook.handle(request.raw_body, request.signature, path).body

        caller = SimulatedCall(
            send,
            public_url=settings.public_url,
            token=settings.auth_tokens[0],
            account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
            caller=SAMPLE_SENDER,
            to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
        )
        return NewCall(caller, lambda: tuple(texts.sent), recorder.newest)

    return TryCall(new_call)


def _leaving_nothing(line: Line, recorder: InMemoryRecorder) -> MessagingService:
    """Give the line's own story with a memory that goes with the page."""
    return replace(
        line.messaging,
        hot_state=InMemoryHotState(),
        recorder=recorder,
        erasure=recorder,
        unmatched=NothingKept(),
    )


class _TextsOnThePage:
    """Takes what would be texted to the caller, and sends nothing."""

    available = True

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:  # noqa: ARG002 - a port's shape
        self.sent.append(text)
        return True
