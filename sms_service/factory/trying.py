"""The pretend phones of the test page and of the simulator, put together from the line's own parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sms_service.factory.doors import sms_webhook
from sms_service.factory.line import Line
from sms_service.service.flood import Flood
from sms_service.service.messaging import MessagingService
from sms_service.service.unmatched_ports import NothingKept
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder

if TYPE_CHECKING:
    from sms_service.service.release import CurrentRelease
    from sms_service.service.simulator import SimulatedClock, Simulator
    from sms_service.service.trying import TryLine
    from sms_service.service.trying_calls import NewCall, TryCall
    from sms_service.webhooks.signed_request import SignedRequest
    from sms_service.webhooks.simulated_phone import SimulatedPhone

__all__ = ["simulator", "try_call", "try_line"]

_ANY_ACCOUNT = "AC" + 32 * "0"


def try_line(line: Line) -> TryLine:
    """Give a phone that texts the line through the same code, with a memory of its own and no row left behind."""
    from sms_service.service.trying import TryLine

    return TryLine(line.releases, lambda: _phone(line))


def try_call(line: Line) -> TryCall:
    """Give a telephone that rings the line through the same code; nobody is rung, and texts come to this page only."""
    from sms_service.service.trying_calls import TryCall

    return TryCall(lambda: _call(line))


def simulator(line: Line) -> Simulator:
    """Give what texts and rings any book at any moment, through the line's own code, and leaves nothing behind."""
    from sms_service.service.simulator import Simulator, TroublesOnly

    log = TroublesOnly(line.log)

    def other_line(releases: CurrentRelease, clock: SimulatedClock) -> Line:
        story = replace(line.messaging, releases=releases, clock=clock, log=log)
        return replace(line, releases=releases, log=log, messaging=story)

    return Simulator(
        new_phone=lambda releases, clock: _phone(other_line(releases, clock)),
        new_call=lambda releases, clock: _call(other_line(releases, clock)),
    )


def _phone(line: Line) -> SimulatedPhone:
    """Give a phone that has never texted before."""
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_phone import SimulatedPhone

    settings, recorder = line.settings, InMemoryRecorder()
    return SimulatedPhone(
        sms_webhook(settings, _leaving_nothing(line, recorder), line.log),
        public_url=settings.public_url,
        token=settings.auth_tokens[0],
        account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
        to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
        last_event=recorder.newest,
    )


def _call(line: Line) -> NewCall:
    """Give a caller who has not rung yet."""
    from sms_service.factory.calls import call_service, voice_webhook
    from sms_service.service.trying_calls import NewCall
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_call import SimulatedCall
    from sms_service.webhooks.simulated_phone import SAMPLE_SENDER

    settings, recorder, texts = line.settings, InMemoryRecorder(), _TextsOnThePage()
    line = replace(line, messaging=_leaving_nothing(line, recorder))
    webhook = voice_webhook(line, call_service(line, texts))

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


def _leaving_nothing(line: Line, recorder: InMemoryRecorder) -> MessagingService:
    """Give the line's own story with a memory that goes with the page."""
    return replace(
        line.messaging,
        hot_state=InMemoryHotState(),
        recorder=recorder,
        erasure=recorder,
        unmatched=NothingKept(),
        flood=Flood(),
    )


class _TextsOnThePage:
    """Takes what would be texted to the caller, and sends nothing."""

    available = True

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:  # noqa: ARG002 - a port's shape
        self.sent.append(text)
        return True
